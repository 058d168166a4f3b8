"""Indexing by arrays: take, one_hot."""

from __future__ import annotations

from typing import Any

import numpy as np

from dark_jit import dtypes
from dark_jit.dtypes import DType
from dark_jit.errors import ArgumentError, DTypeError, IndexOutOfRangeError
from dark_jit.graph import origins
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register
from dark_jit.ops.checks import axis_of, integer
from dark_jit.ops.elementwise import add, cast, equal, iota, less, where
from dark_jit.ops.matmul import matmul
from dark_jit.ops.movement import broadcast_to, expand_dims, moveaxis, reshape, transpose


def _infer_take(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    (x, indices), axis = inputs, int(attrs["axis"])
    return (*x.shape[:axis], *indices.shape, *x.shape[axis + 1 :]), x.dtype


def _numpy_take(node: Node, x: Any, indices: Any) -> Any:
    extent = x.shape[node["axis"]]
    wrong = (indices < -extent) | (indices >= extent)
    if wrong.any():
        raise IndexOutOfRangeError(out_of_range(int(indices[wrong].flat[0]), node))
    return np.take(x, indices.astype(np.int64), node["axis"])


def out_of_range(index: int, node: Node) -> str:
    """The message for an index that a take does not have."""
    x, axis = node.inputs[0], node["axis"]
    what = f"index {index} is out of range for axis {axis} with extent {x.shape[axis]} (array of shape {x.shape})"
    return origins.lines(node) + what


def _take_vjp(g: Node, node: Node) -> list[Node | None]:
    """Each taken element's gradient goes back to its place: one_hot(indices)^T @ g, which sums repeated places."""
    (x, indices), axis = node.inputs, node["axis"]
    extent, at = x.shape[axis], indices.ndim
    flat = cast(reshape(indices, (indices.size,)), dtypes.int64)
    chosen = one_hot(where(less(flat, 0), add(flat, extent), flat), extent, x.dtype)
    front = moveaxis(g, tuple(range(axis, axis + at)), tuple(range(at)))
    rows = reshape(front, (indices.size, x.size // extent if extent else 0))
    spread = reshape(matmul(transpose(chosen), rows), (extent, *x.shape[:axis], *x.shape[axis + 1 :]))
    return [moveaxis(spread, 0, axis), None]


TAKE = register(
    Op(
        "take",
        "gather",
        _infer_take,
        _numpy_take,
        _take_vjp,
        "Elements of an axis at integer indices; negative ones count from the end.",
    )
)


def take(x: Node, indices: Node, axis: int = 0) -> Node:
    """The slices of `x` along `axis` at `indices` (any integer dtype and shape). Out of range: IndexOutOfRangeError."""
    if not dtypes.is_integer(indices.dtype):
        raise DTypeError(
            f"take needs integer indices, got {indices.dtype.name}; a bool mask selects with where or mask"
        )
    at = axis_of(axis, x.ndim)
    if x.shape[at] == 0 and indices.size:
        raise IndexOutOfRangeError(f"cannot take from axis {axis} of shape {x.shape}: it is empty")
    return make(TAKE, (x, indices), axis=at)


def one_hot(indices: Node, num_classes: int, dtype: DType = dtypes.float32) -> Node:
    """A last axis of num_classes with 1 at the index and 0 elsewhere; all 0 where the index is out of range."""
    count = integer(num_classes, "num_classes")
    if not dtypes.is_integer(indices.dtype):
        raise DTypeError(f"one_hot needs integer indices, got {indices.dtype.name}")
    if count < 0:
        raise ArgumentError(f"num_classes must not be negative, got {count}")
    shape = (*indices.shape, count)
    classes = broadcast_to(iota(count), shape)
    return cast(equal(broadcast_to(expand_dims(cast(indices, dtypes.int64), -1), shape), classes), dtype)
