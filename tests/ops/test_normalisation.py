"""batch_norm and layer_norm: the formula, gradients of gradients, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.errors import DTypeError, ShapeError
from dark_jit.graph.node import Node
from dark_jit.ops.elementwise import add, divide, multiply, sqrt, subtract
from dark_jit.ops.reduction import mean, var
from dark_jit.transforms.autodiff import gradients

from .meaning import means, node, refused, value

rng = np.random.default_rng(0)
X, G, B = rng.normal(size=(3, 4, 2, 5)), rng.normal(size=4), rng.normal(size=4)


def normal(x: np.ndarray, axes: tuple[int, ...], eps: float = 1e-5) -> np.ndarray:
    return (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + eps)


def along(channels: np.ndarray) -> np.ndarray:
    return channels[:, None, None]


def test_batch_norm() -> None:
    wanted = normal(X, (0, 2, 3))
    means(value(ops.batch_norm, X), wanted)
    means(value(ops.batch_norm, X, G, B), wanted * along(G) + along(B))
    means(value(ops.batch_norm, X, along(G)[None], along(B)[None]), wanted * along(G) + along(B))
    means(value(ops.batch_norm, X[:, :, 0, 0]), normal(X[:, :, 0, 0], (0,)))
    means(value(lambda x: ops.batch_norm(x, eps=0.5), X), normal(X, (0, 2, 3), 0.5))
    assert value(ops.batch_norm, X.astype("float32"), G).dtype == np.float64


def test_batch_norm_with_given_statistics() -> None:
    centre, variance = rng.normal(size=4), rng.random(4)
    wanted = (X - along(centre)) / np.sqrt(along(variance) + 1e-5)
    means(value(ops.batch_norm_with, X, centre, variance), wanted)
    means(value(ops.batch_norm_with, X, centre, variance, G, B), wanted * along(G) + along(B))
    means(value(ops.batch_norm_with, X[:1, :, :1, :1], centre, variance), wanted[:1, :, :1, :1])


def test_layer_norm() -> None:
    weight, bias = rng.normal(size=(2, 5)), rng.normal(size=(2, 5))
    means(value(lambda x: ops.layer_norm(x, 5), X), normal(X, (3,)))
    means(value(lambda x, w, b: ops.layer_norm(x, (2, 5), w, b), X, weight, bias), normal(X, (2, 3)) * weight + bias)
    means(value(lambda x: ops.layer_norm(x, [3, 4, 2, 5]), X), normal(X, (0, 1, 2, 3)))
    means(value(lambda x: ops.layer_norm(x, 1), np.ones((2, 1))), np.zeros((2, 1)))


def test_empty_batches() -> None:
    assert value(ops.batch_norm, np.zeros((0, 4, 2, 2))).shape == (0, 4, 2, 2)
    assert value(ops.batch_norm, np.zeros((3, 0, 2, 2))).shape == (3, 0, 2, 2)
    assert value(lambda x: ops.layer_norm(x, 3), np.zeros((0, 3))).shape == (0, 3)


def plain(x: Node, axes: tuple[int, ...]) -> Node:
    """The same, without a gradient rule of its own."""
    spread = sqrt(add(var(x, axes, keepdims=True), 1e-5))
    return divide(subtract(x, mean(x, axes, keepdims=True)), spread)


def _both_gradients(function: Callable[[Node], Node], x: Node, w: Node) -> Node:
    """The gradient of the sum of squares of the gradient: a rule must be differentiable itself."""
    (first,) = gradients([function(x)], [w], [x])
    assert first is not None
    (second,) = gradients([ops.sum_(multiply(first, first))], [ops.constant(1.0, x.dtype)], [x])
    assert second is not None
    return ops.stack([first, second])


@pytest.mark.parametrize("axes", [(0, 2, 3), (3,)])
def test_rules_are_those_of_the_single_steps(axes: tuple[int, ...]) -> None:
    ours: Any = ops.batch_norm if 0 in axes else lambda x: ops.layer_norm(x, 5)
    w = rng.normal(size=X.shape)
    found = value(lambda x, w: _both_gradients(ours, x, w), X, w)
    wanted = value(lambda x, w: _both_gradients(lambda x: plain(x, axes), x, w), X, w)
    np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-11)


IMAGE = node(2, 3, 4, 5)


def test_what_is_refused() -> None:
    one = node(1, 3, 1, 1)
    refused(lambda: ops.batch_norm(one), ShapeError, "more than one value", "(1, 3, 1, 1)", "eval()")
    refused(lambda: ops.batch_norm(node(3)), ShapeError, "(N, C, ...)", "(3,)")
    refused(lambda: ops.batch_norm(node(2, 3, dtype="int32")), DTypeError, "int32")
    refused(lambda: ops.batch_norm(IMAGE, node(4)), ShapeError, "weight (4,)", "3 channels", "(1, 3, 1, 1)")
    refused(lambda: ops.batch_norm(IMAGE, None, node(3, 1, 3)), ShapeError, "bias (3, 1, 3)")
    refused(lambda: ops.batch_norm_with(IMAGE, node(2), node(3)), ShapeError, "running_mean (2,)")
    refused(lambda: ops.batch_norm_with(IMAGE, node(3), node(5)), ShapeError, "running_var (5,)")
    refused(lambda: ops.layer_norm(IMAGE, 4), ShapeError, "(2, 3, 4, 5)", "(4,)")
    refused(lambda: ops.layer_norm(IMAGE, ()), ShapeError, "()")
    refused(lambda: ops.layer_norm(IMAGE, (1, 2, 3, 4, 5)), ShapeError, "(1, 2, 3, 4, 5)")
    refused(lambda: ops.layer_norm(IMAGE, 5, node(4)), ShapeError, "weight (4,)", "(5,)")
    refused(lambda: ops.layer_norm(node(2, dtype="int32"), 2), DTypeError, "int32")
