"""Indexing by arrays: reading (take, take_along_axis) and adding up (scatter_add) at integer indices.

Each comes in two forms. With `indices` of any shape for one axis, whole slices of the array are read; with one index
for each element (..._along_axis), single elements. Reading and adding up are each other's gradients. Indices count from
the front, or negative from the end. One that is out of range raises IndexOutOfRangeError when the program runs.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dark_jit import dtypes
from dark_jit.dtypes import DType
from dark_jit.errors import ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError
from dark_jit.graph import origins
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register
from dark_jit.ops.checks import axis_of, integer
from dark_jit.ops.elementwise import cast, equal, iota
from dark_jit.ops.movement import broadcast_shapes, broadcast_to, expand_dims

# What an index means


def require_integers(indices: Node, what: str) -> None:
    """Raise DTypeError unless the indices are of an integer dtype."""
    if not dtypes.is_integer(indices.dtype):
        raise DTypeError(
            f"{what} needs integer indices, got {indices.dtype.name}; a bool mask selects with where or mask"
        )


def out_of_range(node: Node, index: int) -> IndexOutOfRangeError:
    """The error for an index that the array which a node reads, or writes, does not have."""
    indices = node.inputs[0 if node.op.name.startswith("last_writer") else 1]
    index = index if indices.dtype.kind == "i" else index % 2**64
    written = node.op.name.startswith(("scatter_add", "last_writer"))
    shape, axis = node["shape"] if written else node.inputs[0].shape, node["axis"]
    what = f"index {index} is out of range for axis {axis} with extent {shape[axis]} (array of shape {shape})"
    return IndexOutOfRangeError(origins.lines(node) + what)


def places_of(node: Node, indices: Any, extent: int) -> Any:
    """The indices counted from the front. Raises IndexOutOfRangeError."""
    wrong = (indices < -extent) | (indices >= extent)
    if wrong.any():
        raise out_of_range(node, int(indices[wrong].flat[0]))
    places = indices.astype(np.int64)
    return np.where(places < 0, places + extent, places)


def refuse_empty(shape: Shape, axis: int, indices: Node) -> None:
    """Raise IndexOutOfRangeError where an axis has no place that an index could name."""
    if shape[axis] == 0 and indices.size:
        raise IndexOutOfRangeError(f"cannot index axis {axis} of shape {shape}: it is empty")


def around(shape: Shape, axis: int) -> tuple[int, int, int]:
    """A shape as (outer, extent of the axis, inner)."""
    return math.prod(shape[:axis]), shape[axis], math.prod(shape[axis + 1 :])


# Slices at indices


def _infer_take(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    (x, indices), axis = inputs, int(attrs["axis"])
    return (*x.shape[:axis], *indices.shape, *x.shape[axis + 1 :]), x.dtype


def _numpy_take(node: Node, x: Any, indices: Any) -> Any:
    return np.take(x, places_of(node, indices, x.shape[node["axis"]]), node["axis"])


TAKE = register(
    Op(
        "take",
        "gather",
        _infer_take,
        _numpy_take,
        lambda g, node: [scatter_add(g, node.inputs[1], node["axis"], node.inputs[0].shape), None],
        "Elements of an axis at integer indices; negative ones count from the end.",
        fault=out_of_range,
    )
)


def take(x: Node, indices: Node, axis: int = 0) -> Node:
    """The slices of `x` along `axis` at `indices` (integers, any shape, which takes the place of the axis)."""
    require_integers(indices, "take")
    at = axis_of(axis, x.ndim)
    refuse_empty(x.shape, at, indices)
    return make(TAKE, (x, indices), axis=at)


def _infer_written(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    return attrs["shape"], inputs[0].dtype


def _numpy_scatter_add(node: Node, updates: Any, indices: Any) -> Any:
    outer, extent, inner = around(node.shape, node["axis"])
    places = places_of(node, indices.reshape(-1), extent)
    sums = np.zeros((outer, extent, inner), node.dtype)
    np.add.at(np.moveaxis(sums, 1, 0), places, np.moveaxis(updates.reshape(outer, places.size, inner), 1, 0))
    return sums.reshape(node.shape)


SCATTER_ADD = register(
    Op(
        "scatter_add",
        "scatter",
        _infer_written,
        _numpy_scatter_add,
        lambda g, node: [take(g, node.inputs[1], node["axis"]), None],
        "(updates, indices): an array of `shape` with the slices of updates added up at indices of an axis, in order.",
        fault=out_of_range,
    )
)


def scatter_add(updates: Node, indices: Node, axis: int, shape: Shape) -> Node:
    """Zeros of `shape` to which slice number j of `updates` is added at indices[j] of an axis, for one j after another.

    updates: of the shape of take(zeros, indices, axis). Raises ShapeError, DTypeError.
    """
    _check_updates(updates, indices, "scatter_add")
    at = axis_of(axis, len(shape))
    expected = (*shape[:at], *indices.shape, *shape[at + 1 :])
    if updates.shape != expected:
        raise ShapeError(f"scatter_add: updates of shape {updates.shape}; indices {indices.shape} ask for {expected}")
    refuse_empty(shape, at, indices)
    return make(SCATTER_ADD, (updates, indices), axis=at, shape=shape)


def _check_updates(updates: Node, indices: Node, what: str) -> None:
    require_integers(indices, what)
    if updates.dtype == dtypes.bool_:
        raise DTypeError(f"{what} cannot add up bool; use astype first")


# Elements at indices


def _infer_take_along_axis(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[1].shape, inputs[0].dtype


def _numpy_take_along_axis(node: Node, x: Any, indices: Any) -> Any:
    return np.take_along_axis(x, places_of(node, indices, x.shape[node["axis"]]), node["axis"])


TAKE_ALONG_AXIS = register(
    Op(
        "take_along_axis",
        "gather",
        _infer_take_along_axis,
        _numpy_take_along_axis,
        lambda g, node: [scatter_add_along_axis(g, node.inputs[1], node["axis"], node.inputs[0].shape), None],
        "(x, indices): for each index the element there along an axis of x; the other extents are equal.",
        fault=out_of_range,
    )
)


def take_along_axis(x: Node, indices: Node, axis: int = -1) -> Node:
    """out[i, j, k] = x[i, indices[i, j, k], k] where `axis` is the middle one; the other axes broadcast.

    Raises ShapeError, DTypeError.
    """
    require_integers(indices, "take_along_axis")
    at = axis_of(axis, x.ndim)
    others = other_axes(x.shape, indices.shape, at, "take_along_axis")
    indices = broadcast_to(indices, (*others[:at], indices.shape[at], *others[at + 1 :]))
    x = broadcast_to(x, (*others[:at], x.shape[at], *others[at + 1 :]))
    refuse_empty(x.shape, at, indices)
    return make(TAKE_ALONG_AXIS, (x, indices), axis=at)


def other_axes(x: Shape, indices: Shape, axis: int, what: str) -> Shape:
    """The common shape of an array and its indices, where `axis` counts as 1."""
    if len(x) != len(indices):
        raise ShapeError(f"{what} needs indices of as many axes as the array, got shapes {indices} and {x}")
    bare = [(*shape[:axis], 1, *shape[axis + 1 :]) for shape in (x, indices)]
    try:
        return broadcast_shapes(*bare)
    except ShapeError:
        raise ShapeError(f"{what}: indices of shape {indices} do not fit {x}; all but axis {axis} broadcast") from None


def _numpy_scatter_add_along_axis(node: Node, updates: Any, indices: Any) -> Any:
    shape = around(node.shape, node["axis"])
    sums = np.zeros(shape, node.dtype)
    np.add.at(sums, *grid_of(node, updates, indices, shape))
    return sums.reshape(node.shape)


def grid_of(node: Node, updates: Any, indices: Any, shape: Shape) -> tuple[Any, Any]:
    """Where each element goes in an array of `shape`, (outer, extent, inner), and the elements."""
    outer, extent, inner = shape
    places = places_of(node, indices, extent).reshape(outer, indices.shape[node["axis"]], inner)
    i, _, k = np.indices(places.shape)
    return (i, places, k), updates.reshape(places.shape)


SCATTER_ADD_ALONG_AXIS = register(
    Op(
        "scatter_add_along_axis",
        "scatter",
        _infer_written,
        _numpy_scatter_add_along_axis,
        lambda g, node: [take_along_axis(g, node.inputs[1], node["axis"]), None],
        "(updates, indices): an array of `shape` with each update added at its index along an axis, in order.",
        fault=out_of_range,
    )
)


def scatter_add_along_axis(updates: Node, indices: Node, axis: int, shape: Shape) -> Node:
    """Zeros of `shape`, then out[i, indices[i, j, k], k] += updates[i, j, k] for one j after another.

    updates and indices are of one shape, which is that of the result but for `axis`. Raises ShapeError, DTypeError.
    """
    _check_updates(updates, indices, "scatter_add_along_axis")
    at = axis_of(axis, len(shape))
    expected = (*shape[:at], *indices.shape[at : at + 1], *shape[at + 1 :])
    if not updates.shape == indices.shape == expected:
        raise ShapeError(
            f"scatter_add_along_axis: updates {updates.shape} and indices {indices.shape} must be of one shape, which "
            f"is that of the result, {shape}, but for axis {at}"
        )
    refuse_empty(shape, at, indices)
    return make(SCATTER_ADD_ALONG_AXIS, (updates, indices), axis=at, shape=shape)


def one_hot(indices: Node, num_classes: int, dtype: DType = dtypes.float32) -> Node:
    """A last axis of num_classes with 1 at the index and 0 elsewhere; all 0 where the index is out of range."""
    count = integer(num_classes, "num_classes")
    require_integers(indices, "one_hot")
    if count < 0:
        raise ArgumentError(f"num_classes must not be negative, got {count}")
    shape = (*indices.shape, count)
    classes = broadcast_to(iota(count), shape)
    return cast(equal(broadcast_to(expand_dims(cast(indices, dtypes.int64), -1), shape), classes), dtype)
