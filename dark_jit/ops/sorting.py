"""Sorting. argsort is primitive, and stable; everything else gathers by it, and so has its gradient.

NaN counts as the largest value, as it does for max and argmax: it comes last, or first where the order is descending
(as in PyTorch). Equal values keep their order in both directions.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dark_jit import dtypes
from dark_jit.dtypes import DType
from dark_jit.errors import ArgumentError, ShapeError
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register
from dark_jit.ops.checks import axis_of, integer
from dark_jit.ops.elementwise import add, constant, less, less_equal, lift, logical_and, logical_or, not_equal, where
from dark_jit.ops.indexing import take, take_along_axis
from dark_jit.ops.movement import moveaxis, slice_


def _infer_argsort(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[0].shape, dtypes.int64


def _numpy_argsort(node: Node, x: Any) -> Any:
    if not node["descending"]:
        return np.argsort(x, -1, kind="stable")
    return x.shape[-1] - 1 - np.flip(np.argsort(np.flip(x, -1), -1, kind="stable"), -1)


ARGSORT = register(
    Op("argsort", "sort", _infer_argsort, _numpy_argsort, doc="The places of the last axis in the order of its values.")
)


def argsort(x: Node, axis: int = -1, descending: bool = False) -> Node:
    """The places along an axis in ascending (descending) order of the values there; int64. Equal values keep theirs."""
    at = axis_of(axis, x.ndim)
    return moveaxis(make(ARGSORT, (moveaxis(x, at, -1),), descending=bool(descending)), -1, at)


def sort(x: Node, axis: int = -1, descending: bool = False) -> Node:
    """The values along an axis in ascending (descending) order; NaN is the largest."""
    return take_along_axis(x, argsort(x, axis, descending), axis)


def topk(x: Node, k: int, axis: int = -1, largest: bool = True) -> tuple[Node, Node]:
    """The k largest (smallest) values along an axis in their order, and their places, int64. Raises ArgumentError."""
    at, count = axis_of(axis, x.ndim), integer(k, "k")
    if not 0 <= count <= x.shape[at]:
        raise ArgumentError(f"topk: k={count} is not in 0 .. {x.shape[at]}, the extent of axis {at} of shape {x.shape}")
    order = argsort(x, at, descending=largest)
    places = slice_(order, [(0, count if a == at else n, 1) for a, n in enumerate(x.shape)])
    return take_along_axis(x, places, at), places


def searchsorted(x1: Node, x2: Node, right: bool = False) -> Node:
    """Where the values x2 go in the sorted vector x1, before equal ones or (right) behind them; int64, x2's shape.

    A binary search of ceil(log2(n + 1)) steps for all values at once. Raises ShapeError.
    """
    if x1.ndim != 1:
        raise ShapeError(f"searchsorted needs a sorted vector, got shape {x1.shape}")
    dtype = dtypes.promote(x1.dtype, x2.dtype)
    extent, found = x1.size, constant(0, dtypes.int64, x2.shape)
    values = lift((x2, constant(0, dtype)))[0]
    for bit in reversed(range(extent.bit_length())):
        further = add(found, 1 << bit)
        # The element before the place that is tried; where there is no such place the first one stands in.
        there = less_equal(further, extent)
        element = lift((take(x1, where(there, add(further, -1), 0)), constant(0, dtype)))[0]
        passed = _not_above(element, values) if right else _below(element, values)
        found = where(logical_and(there, passed), further, found)
    return found


def _below(x: Node, y: Node) -> Node:
    """x < y, where NaN is the largest."""
    if not dtypes.is_float(x.dtype):
        return less(x, y)
    return logical_or(less(x, y), logical_and(not_equal(y, y), less_equal(x, x)))


def _not_above(x: Node, y: Node) -> Node:
    """x <= y, where NaN is the largest and equal to itself."""
    if not dtypes.is_float(x.dtype):
        return less_equal(x, y)
    return logical_or(less_equal(x, y), not_equal(y, y))
