"""The tutorial series' signatures: kept axes, elementwise max and min, the order of arguments."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import series

rng = np.random.default_rng(0)
X, K = rng.standard_normal((2, 3, 6, 7)), rng.standard_normal((4, 3, 3, 2))

# What the series has by then, in the words of its readers.
ELEMENTWISE = ("abs", "add", "subtract", "mul", "div", "pow", "neg", "exp", "log", "tanh", "sqrt", "max", "min")
REDUCTIONS = ("sum", "mean", "var")
MOVEMENTS = ("transpose", "view", "reshape", "moveaxis", "cat", "mask")
NETWORK = ("matmul", "conv2d", "max_pool2d", "conv_transpose2d", "upsample2d", "dropout")


def test_names() -> None:
    assert {*ELEMENTWISE, *REDUCTIONS, *MOVEMENTS, *NETWORK} <= set(series.__all__)
    assert all(callable(getattr(series, name)) for name in series.__all__)
    assert sorted(series.__all__) == series.__all__


@pytest.mark.parametrize("name", REDUCTIONS)
@pytest.mark.parametrize("axis", [None, 1, (0, 2, 3)])
def test_reductions_keep_their_axes(name: str, axis: Any) -> None:
    found = getattr(series, name)(X, axis)
    np.testing.assert_allclose(found.numpy(), getattr(np, name)(X, axis, keepdims=True), rtol=1e-12)
    assert list(inspect.signature(getattr(series, name)).parameters) == ["x", "axis"]


def test_max_and_min_are_elementwise() -> None:
    np.testing.assert_array_equal(series.max(X, -X).numpy(), np.maximum(X, -X))
    np.testing.assert_array_equal(series.min(X, 0).numpy(), np.minimum(X, 0))
    np.testing.assert_array_equal(series.max(X, 1).numpy(), np.maximum(X, 1))  # an axis, in NumPy's meaning


def test_images() -> None:
    pairs = [
        (series.conv2d(X, K, 2, 1), dark.conv2d(X, K, stride=2, padding=1)),
        (series.conv_transpose2d(X, K[:3], 2, 1), dark.conv_transpose2d(X, K[:3], stride=2, padding=1)),
        (series.max_pool2d(X, 2), dark.max_pool2d(X, 2)),
        (series.max_pool2d(X, 3, 2, 1), dark.max_pool2d(X, 3, 2, 1)),
        (series.upsample2d(X, 2), dark.upsample2d(X, 2, "nearest")),
        (series.corr2d(X, K, 2), dark.conv2d(X, K, 2)),
    ]
    for found, wanted in pairs:
        np.testing.assert_array_equal(found.numpy(), wanted.numpy())
    assert list(inspect.signature(series.conv2d).parameters) == ["x", "k", "stride", "padding"]
    assert series.dilate(X, 2).shape == (2, 3, 11, 13)


def test_a_layer_of_the_series() -> None:
    """Normalisation as the series writes it, with its gradient."""
    p, scale = series.Parameter(X), series.Parameter(np.ones((1, 3, 1, 1)))
    mean, var = series.mean(p, (0, 2, 3)), series.var(p, (0, 2, 3))
    y = series.mul(series.div(series.subtract(p, mean), series.sqrt(series.add(var, 1e-5))), scale)
    series.sum(series.pow(y, 3)).backward()
    q = dark.Parameter(X)
    (dark.batch_norm(q, training=True) ** 3).sum().backward()
    assert p.grad is not None and q.grad is not None and scale.grad is not None
    np.testing.assert_allclose(p.grad.numpy(), q.grad.numpy(), rtol=1e-9, atol=1e-10)
    assert scale.grad.shape == (1, 3, 1, 1)


def test_selection() -> None:
    wanted = X > 1
    np.testing.assert_array_equal(series.mask(X, wanted).numpy(), X[wanted])
    np.testing.assert_array_equal(series.cat([X, X], 1).numpy(), np.concatenate([X, X], 1))
    np.testing.assert_array_equal(series.moveaxis(X, 1, -1).numpy(), np.moveaxis(X, 1, -1))
