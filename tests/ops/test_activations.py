"""Activations: their formulas, extremes with gradients, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.errors import ArgumentError, DTypeError
from dark_jit.graph.node import Node
from dark_jit.transforms.autodiff import gradients

from .meaning import means, node, refused, value

X = np.array([-1000.0, -100, -20, -1, -0.5, 0, 0.5, 1, 20, 100, 1000])


def slopes(function: Callable[[Node], Node], x: Any) -> np.ndarray:
    """The gradient of the sum of a function's values."""

    def build(x: Node) -> Node:
        y = function(x)
        (g,) = gradients([y], [ops.constant(1.0, y.dtype, y.shape)], [x])
        assert g is not None
        return g

    return value(build, x)


def logistic(x: np.ndarray) -> np.ndarray:
    """With a small result where x is very negative."""
    small = np.exp(-np.abs(x))
    return np.where(x < 0, small, 1) / (1 + small)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_sigmoid_and_softplus_of_extremes(dtype: str) -> None:
    x = X.astype(dtype)
    exact = logistic(X)
    np.testing.assert_allclose(value(ops.sigmoid, x), exact, rtol=1e-6, atol=1e-40)
    np.testing.assert_allclose(slopes(ops.sigmoid, x), exact * (1 - exact), rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(value(ops.softplus, x), np.logaddexp(0, X), rtol=1e-6, atol=1e-40)
    np.testing.assert_allclose(slopes(ops.softplus, x), exact, rtol=1e-6, atol=1e-40)
    assert value(ops.sigmoid, x).dtype == dtype


def test_slopes_of_slopes() -> None:
    exact = logistic(X)
    second = exact * (1 - exact) * (1 - 2 * exact)
    np.testing.assert_allclose(slopes(lambda x: _first(ops.sigmoid, x), X), second, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(slopes(lambda x: _first(ops.softplus, x), X), exact * (1 - exact), atol=1e-15)


def _first(function: Callable[[Node], Node], x: Node) -> Node:
    y = function(x)
    (g,) = gradients([y], [ops.constant(1.0, y.dtype, y.shape)], [x])
    assert g is not None
    return g


def test_sigmoid_of_integers_is_float32() -> None:
    means(value(ops.sigmoid, np.array([0])), np.array([0.5], np.float32))


def test_leaky_relu() -> None:
    x = np.array([-2.0, 0.0, 3.0, np.nan])
    means(value(lambda x: ops.leaky_relu(x, 0.1), x), np.array([-0.2, 0, 3, np.nan]))
    means(slopes(lambda x: ops.leaky_relu(x, 0.1), x), np.array([0.1, 0.1, 1, 1]))
    refused(lambda: ops.leaky_relu(node(2, dtype="int64")), DTypeError, "int64", "astype")


def test_gelu() -> None:
    x = np.array([-3.0, -1, 0, 0.5, 2])
    means(value(ops.gelu, x), np.array([-0.004049694095, -0.158655253931, 0, 0.345731230627, 1.954499736104]))
    rough = 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))
    means(value(lambda x: ops.gelu(x, "tanh"), x), rough)
    refused(lambda: ops.gelu(node(2), "fast"), ArgumentError, "'none' or 'tanh'", "'fast'")
