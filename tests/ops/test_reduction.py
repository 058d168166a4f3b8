"""Reductions: NumPy's meaning, and what has none."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.errors import ArgumentError, DTypeError, ShapeError

from .meaning import means, node, refused, value

A = np.random.default_rng(1).normal(size=(3, 4, 5))
AXES = [None, 0, -1, (0, 2), (2, 0), (0, 1, 2)]


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", AXES)
def test_as_numpy(axis: int | tuple[int, ...] | None, keepdims: bool) -> None:
    pairs = [
        (ops.sum_, np.sum),
        (ops.max_, np.max),
        (ops.min_, np.min),
        (ops.mean, np.mean),
        (ops.var, np.var),
        (ops.std, np.std),
        (ops.prod, np.prod),
    ]
    for ours, theirs in pairs:
        means(value(lambda x: ours(x, axis, keepdims), A), theirs(A, axis, keepdims=keepdims))  # noqa: B023
    for ours, theirs in ((ops.any_, np.any), (ops.all_, np.all)):
        means(value(lambda x: ours(x, axis, keepdims), A > 0.5), theirs(A > 0.5, axis, keepdims=keepdims))  # noqa: B023


def test_integers_and_bools() -> None:
    ints = np.array([[1, -2], [3, 2**31 - 1]], np.int32)
    means(value(ops.sum_, ints), np.sum(ints, dtype=np.int64))
    means(value(ops.sum_, ints > 0), np.int64(3))
    means(value(lambda x: ops.max_(x, 0), ints), ints.max(0))
    means(value(lambda x: ops.min_(x, 0), ints > 0), (ints > 0).min(0))
    means(value(lambda x: ops.prod(x, 0), ints), np.prod(ints, 0, dtype=np.int64))
    means(value(lambda x: ops.prod(x, 0), ints > 0), np.prod(ints > 0, 0))
    means(value(ops.mean, np.array([1, 2], np.int64)), np.float32(1.5))
    means(value(ops.any_, ints), np.True_)


def test_no_axes_and_no_elements() -> None:
    means(value(lambda x: ops.sum_(x, ()), A), A)
    means(value(ops.sum_, np.zeros((0, 3))), np.float64(0))
    means(value(lambda x: ops.prod(x, 0), np.zeros((0, 3))), np.ones(3))
    means(value(lambda x: ops.max_(x, 1), np.zeros((0, 3))), np.zeros(0))
    means(value(ops.all_, np.zeros(0)), np.True_)
    means(value(ops.any_, np.zeros(0)), np.False_)
    assert np.isnan(value(ops.mean, np.zeros(0)))
    assert np.isnan(value(lambda x: ops.var(x, ddof=1), np.ones(1)))


@pytest.mark.parametrize("keepdims", [False, True])
@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize("dtype", ["bool", "int32", "float64"])
def test_the_first_of_equal_extrema(dtype: str, axis: int | None, keepdims: bool) -> None:
    x = np.random.default_rng(2).integers(-2, 3, (3, 4, 5)).astype(dtype)
    for ours, theirs in ((ops.argmax, np.argmax), (ops.argmin, np.argmin)):
        means(value(lambda x: ours(x, axis, keepdims), x), theirs(x, axis, keepdims=keepdims))  # noqa: B023


def test_nan_is_an_extremum() -> None:
    x = np.array([[1, np.nan, 3, np.nan], [-np.inf, -np.inf, -np.inf, -np.inf], [np.inf, 0, np.inf, 0]])
    for ours, theirs in ((ops.argmax, np.argmax), (ops.argmin, np.argmin)):
        for axis in (None, 0, 1):
            means(value(lambda x: ours(x, axis), x), theirs(x, axis))  # noqa: B023


def test_ddof() -> None:
    means(value(lambda x: ops.var(x, 1, ddof=1), A), A.var(1, ddof=1))


X = node(2, 3, 4)


@pytest.mark.parametrize(
    "reduce", [ops.sum_, ops.max_, ops.min_, ops.mean, ops.var, ops.std, ops.any_, ops.all_, ops.prod]
)
def test_wrong_axes_are_refused(reduce) -> None:
    refused(lambda: reduce(X, 3), ArgumentError, "axis 3", "3 axes")
    refused(lambda: reduce(X, -4), ArgumentError, "axis -4")
    refused(lambda: reduce(X, (0, -3)), ArgumentError, "(0, -3)", "twice")
    refused(lambda: reduce(X, 1.0), ArgumentError, "integer", "1.0")
    refused(lambda: reduce(node(), 0), ArgumentError, "0 axes")


def test_the_maximum_of_nothing_is_refused() -> None:
    for reduce in (ops.max_, ops.min_, ops.argmax, ops.argmin):
        refused(lambda: reduce(node(0, 3), 0), ShapeError, "(0, 3)", "empty")  # noqa: B023
        refused(lambda: reduce(node(2, 0)), ShapeError, "(2, 0)", "empty")  # noqa: B023


def test_softmax_and_its_logarithm() -> None:
    x = np.array([[1000.0, -1000, 3], [0, 0, 0]])
    shifted = np.exp(x - x.max(1, keepdims=True))
    means(value(ops.softmax, x), shifted / shifted.sum(1, keepdims=True))
    means(value(ops.log_softmax, x), x - x.max(1, keepdims=True) - np.log(shifted.sum(1, keepdims=True)))
    refused(lambda: ops.softmax(node(3, dtype="int32")), DTypeError, "softmax", "int32", "astype")
    refused(lambda: ops.log_softmax(X, 3), ArgumentError, "axis 3")
    refused(lambda: ops.softmax(node()), ArgumentError, "0 axes")
