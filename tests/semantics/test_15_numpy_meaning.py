"""Rule 15: NumPy's meaning in dark.*, PyTorch's in nn.functional, the series' in dark_jit.series."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn, series
from dark_jit.nn import functional as F

rng = np.random.default_rng(0)
X = rng.standard_normal((2, 3, 4))


def test_numpy_wins_in_dark() -> None:
    for found, wanted in (
        (dark.var(X), np.var(X)),
        (dark.std(X, 1), np.std(X, 1)),
        (dark.sum(X, 1), np.sum(X, 1)),
        (dark.transpose(X), np.transpose(X)),
        (dark.transpose(X, (1, 0, 2)), np.transpose(X, (1, 0, 2))),
        (dark.pad(X, ((0, 0), (1, 0), (0, 2))), np.pad(X, ((0, 0), (1, 0), (0, 2)))),
        (dark.mask(X, X > 0), X[X > 0]),
        (dark.round(dark.asarray([0.5, 1.5])), np.round([0.5, 1.5])),
    ):
        np.testing.assert_allclose(found.numpy(), wanted, rtol=1e-12)
        assert found.shape == np.shape(wanted)
    assert [part.shape for part in dark.split(X, 2, 2)] == [(2, 3, 2)] * 2
    assert [part.shape for part in dark.split(X, [1, 3], 2)] == [(2, 3, 1), (2, 3, 2), (2, 3, 1)]


def test_pytorchs_spellings_are_accepted() -> None:
    assert dark.sum(X, dim=1, keepdim=True).shape == (2, 1, 4)
    assert dark.softmax(X, dim=1).numpy().sum(1) == pytest.approx(1)
    assert dark.cat([X, X], dim=2).shape == (2, 3, 8)


def test_the_second_argument_of_max() -> None:
    """A Tensor, an array or a float is elementwise; an int or a tuple is the axis."""
    for name in ("max", "min"):
        reduce: Any = getattr(dark, name)
        elementwise = getattr(np, f"{name}imum")
        np.testing.assert_array_equal(reduce(X, 1).numpy(), getattr(np, name)(X, 1))
        np.testing.assert_array_equal(reduce(X, (0, 2)).numpy(), getattr(np, name)(X, (0, 2)))
        np.testing.assert_array_equal(reduce(X, 1.0).numpy(), elementwise(X, 1.0))
        np.testing.assert_array_equal(reduce(X, -X).numpy(), elementwise(X, -X))
        np.testing.assert_array_equal(reduce(X, dark.asarray(-X)).numpy(), elementwise(X, -X))
        np.testing.assert_array_equal(getattr(series, name)(X, 1).numpy(), elementwise(X, 1))


def test_functional_is_pytorchs() -> None:
    np.testing.assert_array_equal(F.pad(X, (1, 2)).numpy(), np.pad(X, ((0, 0), (0, 0), (1, 2))))
    images, kernels, bias = rng.standard_normal((1, 2, 5, 5)), rng.standard_normal((3, 2, 3, 3)), rng.standard_normal(3)
    found = F.conv2d(images, kernels, bias, 2, 1).numpy()
    np.testing.assert_array_equal(found, dark.conv2d(images, kernels, 2, 1, bias=bias).numpy())
    assert F.one_hot(np.array([1]), 3).dtype == np.int64


@pytest.mark.parametrize(
    ("layer", "weights", "bias"),
    [
        (nn.Linear(3, 4), (4, 3), (1, 4)),
        (nn.Conv2d(2, 4, (3, 2)), (4, 2, 3, 2), (1, 4, 1, 1)),
        (nn.ConvTranspose2d(2, 4, 3), (2, 4, 3, 3), (1, 4, 1, 1)),
        (nn.BatchNorm2d(4), (1, 4, 1, 1), (1, 4, 1, 1)),
    ],
    ids=repr,
)
def test_layers_hold_weights(layer: Any, weights: tuple[int, ...], bias: tuple[int, ...]) -> None:
    assert (layer.weights.shape, layer.bias.shape) == (weights, bias)
    assert layer.weight is layer.weights
    assert [name for name, _ in layer.named_parameters()] == ["weights", "bias"]
    values = rng.standard_normal(weights)
    for name in ("weights", "weight"):
        for shape in (bias, (4,)):
            layer.load_state_dict({name: values, "bias": np.arange(4.0).reshape(shape)}, strict=False)
            np.testing.assert_array_equal(layer.weights.numpy(), values.astype(np.float32))
            np.testing.assert_array_equal(layer.bias.numpy().reshape(4), np.arange(4.0))
            layer.apply(lambda module: nn.init.zeros_(module.weights))
