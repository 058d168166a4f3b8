"""Sorting: NumPy's meaning, stability, NaN, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.errors import ArgumentError, ShapeError

from .meaning import means, node, refused, value

RNG = np.random.default_rng(0)
FEW = RNG.integers(-3, 4, (3, 4, 9))


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("dtype", ["bool", "int32", "int64", "float32", "float64"])
def test_as_numpys_stable_sort(axis: int, dtype: str) -> None:
    x = FEW.astype(dtype)
    means(value(lambda x: ops.argsort(x, axis), x), np.argsort(x, axis, kind="stable"))
    means(value(lambda x: ops.sort(x, axis), x), np.sort(x, axis))


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_descending_keeps_the_order_of_equal_values(axis: int) -> None:
    means(value(lambda x: ops.argsort(x, axis, True), FEW), np.argsort(-FEW, axis, kind="stable"))
    means(value(lambda x: ops.sort(x, axis, True), FEW), -np.sort(-FEW, axis))


def test_nan_is_the_largest_and_the_zeros_are_equal() -> None:
    x = np.array([0.0, np.nan, -0.0, np.inf, -np.inf, -np.nan, -0.0, 0.0])
    means(value(ops.argsort, x), np.array([4, 0, 2, 6, 7, 3, 1, 5]))
    means(value(lambda x: ops.argsort(x, descending=True), x), np.array([1, 5, 3, 0, 2, 6, 7, 4]))


@pytest.mark.parametrize("largest", [False, True])
def test_topk(largest: bool) -> None:
    order = np.argsort(-FEW if largest else FEW, 1, kind="stable")[:, :3]
    means(value(lambda x: ops.topk(x, 3, 1, largest)[1], FEW), order)
    means(value(lambda x: ops.topk(x, 3, 1, largest)[0], FEW), np.take_along_axis(FEW, order, 1))


@pytest.mark.parametrize("right", [False, True])
@pytest.mark.parametrize("size", [0, 1, 2, 3, 7, 8, 9, 100])
def test_searchsorted(size: int, right: bool) -> None:
    a = np.sort(RNG.integers(-9, 9, size)).astype(float)
    v = np.array([[-100.0, -9, -3, 0], [0.5, 8, 100, np.nan]])
    means(value(lambda a, v: ops.searchsorted(a, v, right), a, v), np.searchsorted(a, v, "right" if right else "left"))


def test_searchsorted_knows_nan() -> None:
    a, v = np.array([0.0, 1, np.nan, np.nan]), np.array([np.nan, np.inf, 1])
    for right in (False, True):
        wanted = np.searchsorted(a, v, "right" if right else "left")
        means(value(lambda a, v: ops.searchsorted(a, v, right), a, v), wanted)  # noqa: B023


def test_empty_axes() -> None:
    means(value(lambda x: ops.sort(x, 1), np.zeros((3, 0))), np.zeros((3, 0)))
    means(value(ops.argsort, np.zeros((0, 3))), np.zeros((0, 3), np.int64))


def test_what_is_refused() -> None:
    x = node(2, 3)
    refused(lambda: ops.sort(x, 2), ArgumentError, "axis 2", "2 axes")
    refused(lambda: ops.argsort(node()), ArgumentError, "0 axes")
    refused(lambda: ops.topk(x, 4), ArgumentError, "k=4", "0 .. 3", "axis 1")
    refused(lambda: ops.topk(x, -1), ArgumentError, "k=-1")
    refused(lambda: ops.topk(x, 1.5), ArgumentError, "k must be an integer")  # type: ignore[arg-type]
    refused(lambda: ops.searchsorted(x, x), ShapeError, "vector", "(2, 3)")
