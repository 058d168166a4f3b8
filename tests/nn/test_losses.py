"""Losses of extreme logits, in float32; labels that are no class."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn, optim

torch = pytest.importorskip("torch")

EXTREMES = np.array([[1000.0, -1000, 0], [-1000, 1000, 999], [88, -104, 17]], np.float32)


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("BCEWithLogitsLoss", np.array([[1, 0, 1], [1, 0, 0.5], [1, 0, 1]], np.float32)),
        ("CrossEntropyLoss", np.array([1, 1, 0])),
        ("CrossEntropyLoss", np.eye(3, dtype=np.float32)[[0, 0, 2]]),
    ],
)
def test_extremes(name: str, target: np.ndarray) -> None:
    x, t = dark.Parameter(EXTREMES), torch.tensor(EXTREMES, requires_grad=True)
    loss, wanted = (
        getattr(nn, name)("none")(x, target),
        getattr(torch.nn, name)(reduction="none")(t, torch.tensor(target)),
    )
    loss.sum().backward()
    wanted.sum().backward()
    np.testing.assert_allclose(loss.numpy(), wanted.detach().numpy(), rtol=1e-6, atol=1e-30)
    assert x.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), t.grad.numpy(), rtol=1e-5, atol=1e-7)


def test_one_hot_of_integers_is_as_good_as_indices() -> None:
    labels = np.array([2, 0, 1])
    criterion = nn.CrossEntropyLoss()
    assert criterion(EXTREMES, np.eye(3, dtype=np.int64)[labels]).item() == criterion(EXTREMES, labels).item()


def test_a_wrong_label_leaves_the_state() -> None:
    layer, criterion = nn.Linear(3, 4), nn.CrossEntropyLoss()
    optimizer = optim.SGD(layer.parameters(), 0.1)

    @dark.compile
    def step(x: Any, labels: Any) -> Any:
        loss = criterion(layer(x), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    step(EXTREMES, np.array([0, 1, 3])).item()
    before = layer.weights.numpy()
    for label in (4, -1):
        with pytest.raises(dark.IndexOutOfRangeError, match=f"label {label} is out of range for 4 classes.*0 to 3"):
            step(EXTREMES, np.array([0, label, 3])).item()
        with pytest.raises(dark.IndexOutOfRangeError, match=f"label {label} is out of range"):
            criterion(layer(EXTREMES), np.array([0, label, 3])).item()
    np.testing.assert_array_equal(layer.weights.numpy(), before)
    assert step.cache_info().programs == 1


def test_options_of_extremes() -> None:
    """Weights that are 0, smoothing and ignored labels lose nothing at logits of +-1000."""
    weight = np.array([0.0, 1, 0.5], np.float32)
    options: dict[str, Any] = {"ignore_index": 1, "label_smoothing": 0.1}
    x, t = dark.Parameter(EXTREMES), torch.tensor(EXTREMES, requires_grad=True)
    loss = nn.CrossEntropyLoss(weight=weight.astype(np.float64), **options)(x, np.array([2, 1, 2]))
    wanted = torch.nn.CrossEntropyLoss(torch.tensor(weight), **options)(t, torch.tensor([2, 1, 2]))
    loss.backward(), wanted.backward()
    assert loss.dtype == np.float32
    np.testing.assert_allclose(loss.numpy(), wanted.detach().numpy(), rtol=1e-6)
    assert x.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), t.grad.numpy(), rtol=1e-5, atol=1e-7)


def test_weights_are_buffers() -> None:
    assert list(nn.BCEWithLogitsLoss(pos_weight=[2.0]).state_dict()) == ["pos_weight"]
    assert not nn.CrossEntropyLoss().state_dict()


def test_mistakes() -> None:
    labels = np.array([0, 1, 2])
    for make, error, message in (
        (lambda: nn.CrossEntropyLoss(weight=[1.0, 2.0])(EXTREMES, labels), dark.ShapeError, r"\(3,\) for logits"),
        (lambda: nn.CrossEntropyLoss(label_smoothing=2.0)(EXTREMES, labels), dark.ArgumentError, "label_smoothing"),
        (lambda: nn.CrossEntropyLoss(ignore_index=0)(EXTREMES, EXTREMES), dark.ArgumentError, "not for probabilities"),
        (lambda: nn.BCEWithLogitsLoss(weight=np.ones((2, 3, 3)))(EXTREMES, EXTREMES), dark.ShapeError, "weight does"),
    ):
        with pytest.raises(error, match=message):
            make()
    with pytest.raises(dark.IndexOutOfRangeError, match="ignore_index=-100 leaves such places out"):
        nn.CrossEntropyLoss()(EXTREMES, np.array([0, -100, 1])).item()
