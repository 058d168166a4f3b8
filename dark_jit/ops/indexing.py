"""Indexing by arrays: reading (take, take_along_axis), adding up (scatter_add) and writing (put) at integer indices.

Each comes in two forms. With `indices` of any shape for one axis, whole slices of the array are read or written; with
one index for each element (..._along_axis), single elements. Reading and adding up are each other's gradients. Indices
count from the front, or negative from the end. One that is out of range raises IndexOutOfRangeError when the program
runs.
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
from dark_jit.ops.elementwise import cast, equal, iota, less, where
from dark_jit.ops.movement import broadcast_shapes, broadcast_to, expand_dims, reshape

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


def _places(node: Node, indices: Any, extent: int) -> Any:
    """The indices counted from the front. Raises IndexOutOfRangeError."""
    wrong = (indices < -extent) | (indices >= extent)
    if wrong.any():
        raise out_of_range(node, int(indices[wrong].flat[0]))
    places = indices.astype(np.int64)
    return np.where(places < 0, places + extent, places)


def _refuse_empty(shape: Shape, axis: int, indices: Node) -> None:
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
    return np.take(x, _places(node, indices, x.shape[node["axis"]]), node["axis"])


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
    _refuse_empty(x.shape, at, indices)
    return make(TAKE, (x, indices), axis=at)


def _infer_written(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    return attrs["shape"], inputs[0].dtype


def _numpy_scatter_add(node: Node, updates: Any, indices: Any) -> Any:
    outer, extent, inner = around(node.shape, node["axis"])
    places = _places(node, indices.reshape(-1), extent)
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
    _refuse_empty(shape, at, indices)
    return make(SCATTER_ADD, (updates, indices), axis=at, shape=shape)


def _check_updates(updates: Node, indices: Node, what: str) -> None:
    require_integers(indices, what)
    if updates.dtype == dtypes.bool_:
        raise DTypeError(f"{what} cannot add up bool; use astype first")


# Elements at indices


def _infer_take_along_axis(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[1].shape, inputs[0].dtype


def _numpy_take_along_axis(node: Node, x: Any, indices: Any) -> Any:
    return np.take_along_axis(x, _places(node, indices, x.shape[node["axis"]]), node["axis"])


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
    others = _other_axes(x.shape, indices.shape, at, "take_along_axis")
    indices = broadcast_to(indices, (*others[:at], indices.shape[at], *others[at + 1 :]))
    x = broadcast_to(x, (*others[:at], x.shape[at], *others[at + 1 :]))
    _refuse_empty(x.shape, at, indices)
    return make(TAKE_ALONG_AXIS, (x, indices), axis=at)


def _other_axes(x: Shape, indices: Shape, axis: int, what: str) -> Shape:
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
    np.add.at(sums, *_grid(node, updates, indices, shape))
    return sums.reshape(node.shape)


def _grid(node: Node, updates: Any, indices: Any, shape: Shape) -> tuple[Any, Any]:
    """Where each element goes in an array of `shape`, (outer, extent, inner), and the elements."""
    outer, extent, inner = shape
    places = _places(node, indices, extent).reshape(outer, indices.shape[node["axis"]], inner)
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
    _refuse_empty(shape, at, indices)
    return make(SCATTER_ADD_ALONG_AXIS, (updates, indices), axis=at, shape=shape)


# Writing


def _infer_put(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[0].shape, inputs[0].dtype


def _numpy_put(node: Node, x: Any, indices: Any, values: Any) -> Any:
    outer, extent, inner = around(node.shape, node["axis"])
    written = x.reshape(outer, extent, inner).copy()
    places = _places(node, indices.reshape(-1), extent)
    for j, rows in enumerate(np.moveaxis(values.reshape(outer, places.size, inner), 1, 0)):
        written[:, places[j]] = rows
    return written.reshape(node.shape)


def _put_vjp(g: Node, node: Node) -> list[Node | None]:
    """Places that were written to give their gradient to the value that came last."""
    (x, indices, _), axis = node.inputs, node["axis"]
    writer = make(LAST_WRITER, (indices,), axis=axis, shape=x.shape)
    inner = x.shape[axis + 1 :]
    kept = less(reshape(writer, (writer.size, *(1 for _ in inner))), 0)
    numbers = reshape(iota(indices.size), indices.shape)
    wins = equal(take(writer, indices), numbers)
    return [
        where(kept, g, 0),
        None,
        where(reshape(wins, (*wins.shape, *(1 for _ in inner))), take(g, indices, axis), 0),
    ]


PUT = register(
    Op(
        "put",
        "scatter",
        _infer_put,
        _numpy_put,
        _put_vjp,
        "(x, indices, values): x with the slices of values written at indices of an axis, in order.",
        fault=out_of_range,
    )
)


def put(x: Node, indices: Node, values: Node, axis: int = 0) -> Node:
    """`x` after x[..., indices, ...] = values, at integer indices of an axis: the last of equal ones wins.

    values: cast to x's dtype, and broadcast to the shape of take(x, indices, axis).
    """
    require_integers(indices, "put")
    at = axis_of(axis, x.ndim)
    values = broadcast_to(cast(values, x.dtype), (*x.shape[:at], *indices.shape, *x.shape[at + 1 :]))
    _refuse_empty(x.shape, at, indices)
    return make(PUT, (x, indices, values), axis=at) if values.size else x


def _numpy_put_along_axis(node: Node, x: Any, indices: Any, values: Any) -> Any:
    shape = around(node.shape, node["axis"])
    written = x.reshape(shape).copy()
    (i, places, k), rows = _grid(node, values, indices, shape)
    for j in range(places.shape[1]):
        written[i[:, j], places[:, j], k[:, j]] = rows[:, j]
    return written.reshape(node.shape)


def _put_along_axis_vjp(g: Node, node: Node) -> list[Node | None]:
    (x, indices, _), axis = node.inputs, node["axis"]
    writer = make(LAST_WRITER_ALONG_AXIS, (indices,), axis=axis, shape=x.shape)
    numbers = reshape(iota(indices.shape[axis]), [n if a == axis else 1 for a, n in enumerate(indices.shape)])
    wins = equal(take_along_axis(writer, indices, axis), numbers)
    return [where(less(writer, 0), g, 0), None, where(wins, take_along_axis(g, indices, axis), 0)]


PUT_ALONG_AXIS = register(
    Op(
        "put_along_axis",
        "scatter",
        _infer_put,
        _numpy_put_along_axis,
        _put_along_axis_vjp,
        "(x, indices, values): x with each value written at its index along an axis, in order.",
        fault=out_of_range,
    )
)


def put_along_axis(x: Node, indices: Node, values: Node, axis: int = -1) -> Node:
    """`x` after x[i, indices[i, j, k], k] = values[i, j, k] where `axis` is the middle one: the last j wins.

    indices broadcast to x's shape on the other axes; values are cast to x's dtype and broadcast to the indices' shape.
    """
    require_integers(indices, "put_along_axis")
    at = axis_of(axis, x.ndim)
    if _other_axes(x.shape, indices.shape, at, "put_along_axis") != (*x.shape[:at], 1, *x.shape[at + 1 :]):
        raise ShapeError(f"put_along_axis: indices of shape {indices.shape} reach outside of an array of {x.shape}")
    indices = broadcast_to(indices, (*x.shape[:at], indices.shape[at], *x.shape[at + 1 :]))
    values = broadcast_to(cast(values, x.dtype), indices.shape)
    _refuse_empty(x.shape, at, indices)
    return make(PUT_ALONG_AXIS, (x, indices, values), axis=at) if values.size else x


def _infer_writer(_: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    return (attrs["shape"][attrs["axis"]],), dtypes.int64


def _numpy_last_writer(node: Node, indices: Any) -> Any:
    places = _places(node, indices.reshape(-1), node.shape[0])
    last = np.full(node.shape, -1, np.int64)
    np.maximum.at(last, places, np.arange(places.size))
    return last


LAST_WRITER = register(
    Op(
        "last_writer",
        "scatter",
        _infer_writer,
        _numpy_last_writer,
        doc="For each place of an axis of `shape` the C-order number of the last index that names it; -1 for none.",
        fault=out_of_range,
    )
)


def _infer_writer_along_axis(_: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    return attrs["shape"], dtypes.int64


def _numpy_last_writer_along_axis(node: Node, indices: Any) -> Any:
    shape = around(node.shape, node["axis"])
    count = indices.shape[node["axis"]]
    numbers = np.broadcast_to(np.arange(count)[:, None], (shape[0], count, shape[2]))
    last = np.full(shape, -1, np.int64)
    np.maximum.at(last, *_grid(node, numbers, indices, shape))
    return last.reshape(node.shape)


LAST_WRITER_ALONG_AXIS = register(
    Op(
        "last_writer_along_axis",
        "scatter",
        _infer_writer_along_axis,
        _numpy_last_writer_along_axis,
        doc="For each element of an array of `shape` the number of the last index along an axis that names it; or -1.",
        fault=out_of_range,
    )
)


def one_hot(indices: Node, num_classes: int, dtype: DType = dtypes.float32) -> Node:
    """A last axis of num_classes with 1 at the index and 0 elsewhere; all 0 where the index is out of range."""
    count = integer(num_classes, "num_classes")
    require_integers(indices, "one_hot")
    if count < 0:
        raise ArgumentError(f"num_classes must not be negative, got {count}")
    shape = (*indices.shape, count)
    classes = broadcast_to(iota(count), shape)
    return cast(equal(broadcast_to(expand_dims(cast(indices, dtypes.int64), -1), shape), classes), dtype)
