"""Modules: what they hold, their state, their text."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn


class Block(nn.Module):
    def __init__(self) -> None:
        self.inner = nn.ModuleList([nn.Linear(2, 3), nn.Linear(3, 2, bias=False)])
        self.shared = self.inner[0]
        self.scale = dark.Parameter(np.ones(1))
        self.register_buffer("count", dark.zeros(1))

    def forward(self, x: Any) -> Any:
        for layer in self.inner:
            x = layer(x)
        return x * self.scale


def test_what_a_module_holds() -> None:
    block = Block()
    names = [name for name, _ in block.named_parameters()]
    assert names == ["scale", "inner.0.weights", "inner.0.bias", "inner.1.weights"]
    assert len(list(block.parameters())) == 4
    assert next(block.parameters()) is block.scale
    assert [name for name, _ in block.named_buffers()] == ["count"]
    assert [type(module).__name__ for module in block.modules()] == ["Block", "ModuleList", "Linear", "Linear"]
    assert list(block.state_dict()) == [*names, "count"]


def test_modes() -> None:
    block = Block()
    assert block.training
    assert block.eval() is block
    assert not any(module.training for module in block.modules())
    block.train()
    assert all(module.training for module in block.modules())


def test_state_is_saved_and_loaded() -> None:
    block, other = Block(), Block()
    state = block.state_dict()
    block.scale.data = 5.0
    assert state["scale"].item() == 1
    other.load_state_dict(block.state_dict())
    x = np.ones((1, 2), np.float32)
    np.testing.assert_array_equal(other(x).numpy(), block(x).numpy())
    renamed = {name.replace("weights", "weight"): value for name, value in state.items()}
    other.load_state_dict(renamed)
    assert other.scale.item() == 1


def test_loading_what_does_not_fit_changes_nothing() -> None:
    block = Block()
    before = block.inner[0].weights.numpy()
    state: dict[str, Any] = dict(block.state_dict())
    with pytest.raises(dark.ArgumentError, match=r"missing \['scale'\], unexpected \['size'\]"):
        block.load_state_dict({("size" if name == "scale" else name): value for name, value in state.items()})
    state |= {"inner.0.weights": np.zeros((3, 2)), "scale": np.zeros(2)}
    with pytest.raises(dark.ShapeError, match="scale has shape"):
        block.load_state_dict(state)
    np.testing.assert_array_equal(block.inner[0].weights.numpy(), before)
    block.load_state_dict({"scale": np.array([3.0])}, strict=False)
    assert block.scale.item() == 3


def test_weight_is_weights() -> None:
    layer = nn.Linear(2, 3)
    assert layer.weight is layer.weights
    layer.weight = dark.Parameter(np.zeros((3, 2), np.float32))
    assert layer.weights.numpy().sum() == 0
    assert len(list(layer.parameters())) == 2


def test_text() -> None:
    model = nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.Sequential(nn.Flatten(), nn.Linear(4, 2, bias=False)))
    assert repr(model) == (
        "Sequential(\n"
        "  (0): Conv2d(1, 2, kernel_size=3, padding=1)\n"
        "  (1): Sequential(\n"
        "    (0): Flatten()\n"
        "    (1): Linear(4, 2, bias=False)\n"
        "  )\n"
        ")"
    )


def test_lists() -> None:
    layers = nn.ModuleList([nn.ReLU()]).append(nn.Tanh()).extend([nn.Sigmoid()])
    assert (len(layers), type(layers[-1]), len(layers[:2])) == (3, nn.Sigmoid, 2)
    assert len(nn.Sequential([nn.ReLU(), nn.Tanh()])) == 2


def test_initial_values() -> None:
    dark.manual_seed(1)
    first = nn.Conv2d(2, 4, 3)
    dark.manual_seed(1)
    second = nn.Conv2d(2, 4, 3)
    np.testing.assert_array_equal(first.weights.numpy(), second.weights.numpy())
    bound = 1 / np.sqrt(2 * 9)
    assert first.bias is not None
    for parameter in (first.weights, first.bias):
        assert parameter.dtype == np.float32
        assert 0 < np.abs(parameter.numpy()).max() <= bound
    weights = nn.init.xavier_uniform_(dark.Parameter(np.zeros((30, 20))), gain=2.0).numpy()
    assert 0.9 < np.abs(weights).max() / (2 * np.sqrt(6 / 50)) <= 1
    assert nn.init.random_uniform_(dark.Parameter(np.zeros(9)), 2, 3).numpy().min() >= 2
    with pytest.raises(dark.ShapeError, match="two axes"):
        nn.init.xavier_uniform_(dark.Parameter([1.0]))


def test_mistakes() -> None:
    with pytest.raises(NotImplementedError, match="forward"):
        nn.Module()(1)
    with pytest.raises(dark.ArgumentError, match="groups"):
        nn.Conv2d(3, 4, 3, groups=2)
    with pytest.raises(dark.ArgumentError, match="reduction"):
        nn.MSELoss("max")
    with pytest.raises(dark.ShapeError, match="differ in shape"):
        nn.MSELoss()(dark.ones((2, 1)), dark.ones(2))
