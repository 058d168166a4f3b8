"""Layers and losses against PyTorch's: values and gradients, in float64."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn, optim

torch = pytest.importorskip("torch")

rng = np.random.default_rng(0)

LAYERS: list[tuple[nn.Module, Any, tuple[int, ...]]] = [
    (nn.Linear(3, 4), torch.nn.Linear(3, 4), (5, 3)),
    (nn.Linear(3, 4, bias=False), torch.nn.Linear(3, 4, bias=False), (2, 5, 3)),
    (nn.Linear(3, 4), torch.nn.Linear(3, 4), (3,)),
    (nn.Conv2d(2, 4, (3, 2), 2, 1), torch.nn.Conv2d(2, 4, (3, 2), 2, 1), (2, 2, 6, 5)),
    (
        nn.Conv2d(4, 4, 3, dilation=2, groups=2, bias=False),
        torch.nn.Conv2d(4, 4, 3, dilation=2, groups=2, bias=False),
        (1, 4, 7, 7),
    ),
    (nn.MaxPool2d(2), torch.nn.MaxPool2d(2), (2, 2, 5, 4)),
    (nn.MaxPool2d(3, 1, 1), torch.nn.MaxPool2d(3, 1, 1), (2, 2, 5, 4)),
    (nn.Flatten(), torch.nn.Flatten(), (2, 3, 4)),
    (nn.ReLU(), torch.nn.ReLU(), (3, 4)),
    (nn.LeakyReLU(0.1), torch.nn.LeakyReLU(0.1), (3, 4)),
    (nn.Sigmoid(), torch.nn.Sigmoid(), (3, 4)),
    (nn.Tanh(), torch.nn.Tanh(), (3, 4)),
    (nn.GELU(), torch.nn.GELU(), (3, 4)),
    (nn.Softmax(1), torch.nn.Softmax(1), (3, 4)),
]


@pytest.mark.parametrize(("ours", "theirs", "shape"), LAYERS, ids=[repr(row[0]) for row in LAYERS])
def test_layers(ours: nn.Module, theirs: Any, shape: tuple[int, ...]) -> None:
    theirs = theirs.double()
    theirs.zero_grad()
    for name, parameter in theirs.named_parameters():
        setattr(ours, name, dark.Parameter(parameter.detach().numpy().reshape(getattr(ours, name).shape)))
    array = rng.standard_normal(shape)
    x, t = dark.Parameter(array), torch.tensor(array, requires_grad=True)
    y, wanted = ours(x), theirs(t)
    weights = rng.standard_normal(tuple(wanted.shape))
    (y * weights).sum().backward()
    (wanted * torch.tensor(weights)).sum().backward()
    pairs = [(x, t), *((getattr(ours, name), parameter) for name, parameter in theirs.named_parameters())]
    np.testing.assert_allclose(y.numpy(), wanted.detach().numpy(), rtol=1e-12, atol=1e-14)
    for mine, other in pairs:
        assert mine.grad is not None
        np.testing.assert_allclose(mine.grad.numpy().reshape(other.shape), other.grad.numpy(), rtol=1e-10, atol=1e-13)


INDICES = np.array([0, 2, 1, 2])
LOSSES: list[tuple[str, nn.Module, Any, np.ndarray]] = [
    ("mse", nn.MSELoss(), torch.nn.MSELoss(), rng.standard_normal((4, 3))),
    ("mse sum", nn.MSELoss("sum"), torch.nn.MSELoss(reduction="sum"), rng.standard_normal((4, 3))),
    ("bce", nn.BCEWithLogitsLoss(), torch.nn.BCEWithLogitsLoss(), (rng.random((4, 3)) > 0.5).astype(float)),
    ("bce sum", nn.BCEWithLogitsLoss("sum"), torch.nn.BCEWithLogitsLoss(reduction="sum"), rng.random((4, 3))),
    ("cross entropy", nn.CrossEntropyLoss(), torch.nn.CrossEntropyLoss(), INDICES),
    ("cross entropy, one-hot", nn.CrossEntropyLoss(), torch.nn.CrossEntropyLoss(), np.eye(3)[INDICES]),
]


@pytest.mark.parametrize(("name", "ours", "theirs", "target"), LOSSES, ids=[row[0] for row in LOSSES])
def test_losses(name: str, ours: nn.Module, theirs: Any, target: np.ndarray) -> None:
    logits = rng.standard_normal((4, 3)) * 3
    logits[0, 0] = 0.0
    x, t = dark.Parameter(logits), torch.tensor(logits, requires_grad=True)
    loss, wanted = ours(x, target), theirs(t, torch.tensor(target))
    loss.backward()
    wanted.backward()
    assert loss.item() == pytest.approx(wanted.item(), rel=1e-12)
    assert x.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), t.grad.numpy(), rtol=1e-10, atol=1e-14)


def test_losses_of_each_element_and_integer_one_hot() -> None:
    x = rng.standard_normal((4, 3))
    assert nn.MSELoss("none")(x, x + 1).numpy().shape == (4, 3)
    one_hot = np.eye(3, dtype=np.int64)[INDICES]
    assert (
        nn.CrossEntropyLoss()(dark.asarray(x), one_hot).item() == nn.CrossEntropyLoss()(dark.asarray(x), INDICES).item()
    )


def test_losses_do_not_overflow() -> None:
    big = dark.asarray([[1e4, -1e4]])
    assert np.isfinite(nn.BCEWithLogitsLoss()(big, np.array([[0.0, 1.0]], np.float32)).item())
    assert np.isfinite(nn.CrossEntropyLoss()(big, np.array([1])).item())


def small_model() -> nn.Module:
    return nn.Sequential(nn.Conv2d(1, 3, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(12, 3))


def test_a_small_network_trains_as_pytorch_does() -> None:
    """Ten steps of Adam in float64: compiled, lazy and PyTorch agree to 1e-10."""
    reference = torch.nn.Sequential(
        torch.nn.Conv2d(1, 3, 3, padding=1),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(12, 3),
    ).double()
    state = {name: value.detach().numpy() for name, value in reference.state_dict().items()}
    images, labels = rng.random((6, 1, 4, 4)), rng.integers(0, 3, 6)
    criterion = nn.CrossEntropyLoss()
    runs = []
    dark.set_default_dtype(np.float64)
    try:
        models = [small_model(), small_model()]
    finally:
        dark.set_default_dtype(np.float32)
    for model, compiled in zip(models, (False, True), strict=True):
        model.load_state_dict(state)
        optimizer = optim.Adam(model.parameters(), lr=0.01)

        def step(x: Any, y: Any, model: Any = model, optimizer: Any = optimizer) -> Any:
            loss = criterion(model(x), y)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            return loss

        run = dark.compile(step) if compiled else step
        runs.append([run(images, labels).item() for _ in range(10)])
    adam = torch.optim.Adam(reference.parameters(), lr=0.01)
    wanted = []
    for _ in range(10):
        adam.zero_grad()
        loss = torch.nn.functional.cross_entropy(reference(torch.tensor(images)), torch.tensor(labels))
        loss.backward()
        adam.step()
        wanted.append(loss.item())
    for found in runs:
        np.testing.assert_allclose(found, wanted, rtol=1e-10)
    for model in models:
        for ours, theirs in zip(model.parameters(), reference.parameters(), strict=True):
            np.testing.assert_allclose(
                ours.numpy().reshape(theirs.shape), theirs.detach().numpy(), rtol=1e-9, atol=1e-12
            )
