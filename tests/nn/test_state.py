"""state_dict and load_state_dict: names, shapes, PyTorch's state; and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn


class Tied(nn.Module):
    """Two layers with the same weights."""

    def __init__(self) -> None:
        self.encoder = nn.Linear(2, 3, bias=False)
        self.decoder = nn.Linear(2, 3)
        self.decoder.weight = self.encoder.weight
        self.norm = nn.BatchNorm2d(3)


def test_state_is_saved_and_loaded() -> None:
    model, other = Tied(), Tied()
    state = model.state_dict()
    assert list(state) == [
        "encoder.weights",
        "decoder.bias",
        "norm.weights",
        "norm.bias",
        "norm.running_mean",
        "norm.running_var",
    ]
    model.encoder.weights.data = 5.0
    assert state["encoder.weights"].numpy().max() < 5
    assert not any(value.requires_grad for value in state.values())
    assert other.load_state_dict(model.state_dict()) == ([], [])
    assert (other.decoder.weights.numpy() == 5).all()
    assert other.encoder.weights.requires_grad


def test_shared_parameters_are_loaded_by_any_name() -> None:
    model = Tied()
    state = dict(model.state_dict())
    state["decoder.weight"] = np.full((3, 2), 7.0)
    del state["encoder.weights"]
    model.load_state_dict(state)
    assert (model.encoder.weights.numpy() == 7).all()


def test_pytorchs_state() -> None:
    torch = pytest.importorskip("torch")
    theirs = torch.nn.Sequential(
        torch.nn.Conv2d(1, 2, 3),
        torch.nn.BatchNorm2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(8, 3),
        torch.nn.LayerNorm(3),
    )
    ours = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 3), nn.LayerNorm(3))
    x = np.random.default_rng(0).standard_normal((5, 1, 4, 4)).astype("float32")
    theirs(torch.tensor(x))  # moves the running statistics
    ours.load_state_dict(theirs.state_dict())
    wanted = theirs.eval()(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(ours.eval()(x).numpy(), wanted, rtol=1e-4, atol=1e-5)


def test_values_may_be_lists_and_are_cast() -> None:
    layer = nn.Linear(2, 1)
    layer.load_state_dict({"weights": [[1, 2]], "bias": np.array([3.0])})
    assert layer.weights.dtype == np.float32
    assert layer(np.ones((1, 2), np.float32)).item() == 6


def refused(model: nn.Module, state: dict[str, Any], error: type[Exception], message: str) -> None:
    """Loading raises, and changes nothing."""
    before = {name: value.numpy() for name, value in model.state_dict().items()}
    with pytest.raises(error, match=message):
        model.load_state_dict(state)
    for name, value in model.state_dict().items():
        np.testing.assert_array_equal(value.numpy(), before[name])


def test_names_that_do_not_fit() -> None:
    model = Tied()
    state: dict[str, Any] = {f"{name}x" if name.endswith("mean") else name: v for name, v in model.state_dict().items()}
    message = r"Tied: missing \['norm.running_mean'\], unexpected \['norm.running_meanx'\]; strict=False"
    refused(model, state, dark.ArgumentError, message)
    found = model.load_state_dict({"norm.bias": np.full(3, 2.0), "other": 1}, strict=False)
    assert found.unexpected_keys == ["other"]
    assert "decoder.bias" in found.missing_keys
    assert (model.norm.bias.numpy() == 2).all()  # type: ignore[union-attr]


def test_shapes_that_do_not_fit() -> None:
    layer = nn.Conv2d(1, 4, 3)
    state: dict[str, Any] = {"weights": np.zeros((4, 3, 3)), "bias": np.zeros((4, 1))}
    message = r"weights has shape \(4, 1, 3, 3\), the given value has \(4, 3, 3\); bias has shape \(1, 4, 1, 1\)"
    refused(layer, state, dark.ShapeError, message)
    # As many elements, but other axes: not the same weights.
    refused(nn.Linear(1, 4, bias=False), {"weights": np.zeros((1, 4))}, dark.ShapeError, r"\(4, 1\).*\(1, 4\)")
    refused(nn.Linear(1, 1, bias=False), {"weights": "text"}, dark.DarkError, "str|text|shape")
