"""Writing at integer indices, in order: of equal indices the last one wins. What an index means: ops/indexing.py.

The gradient goes to whoever wrote last, whose number a kernel of its own finds (last_writer).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dark_jit import dtypes
from dark_jit.dtypes import DType
from dark_jit.errors import ShapeError
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register
from dark_jit.ops.checks import axis_of
from dark_jit.ops.elementwise import cast, equal, iota, less, where
from dark_jit.ops.indexing import (
    around,
    grid_of,
    other_axes,
    out_of_range,
    places_of,
    refuse_empty,
    require_integers,
    take,
    take_along_axis,
)
from dark_jit.ops.movement import broadcast_to, reshape


def _infer_put(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[0].shape, inputs[0].dtype


def _numpy_put(node: Node, x: Any, indices: Any, values: Any) -> Any:
    outer, extent, inner = around(node.shape, node["axis"])
    written = x.reshape(outer, extent, inner).copy()
    places = places_of(node, indices.reshape(-1), extent)
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
    refuse_empty(x.shape, at, indices)
    return make(PUT, (x, indices, values), axis=at) if values.size else x


def _numpy_put_along_axis(node: Node, x: Any, indices: Any, values: Any) -> Any:
    shape = around(node.shape, node["axis"])
    written = x.reshape(shape).copy()
    (i, places, k), rows = grid_of(node, values, indices, shape)
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
    if other_axes(x.shape, indices.shape, at, "put_along_axis") != (*x.shape[:at], 1, *x.shape[at + 1 :]):
        raise ShapeError(f"put_along_axis: indices of shape {indices.shape} reach outside of an array of {x.shape}")
    indices = broadcast_to(indices, (*x.shape[:at], indices.shape[at], *x.shape[at + 1 :]))
    values = broadcast_to(cast(values, x.dtype), indices.shape)
    refuse_empty(x.shape, at, indices)
    return make(PUT_ALONG_AXIS, (x, indices, values), axis=at) if values.size else x


def _infer_writer(_: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    return (attrs["shape"][attrs["axis"]],), dtypes.int64


def _numpy_last_writer(node: Node, indices: Any) -> Any:
    places = places_of(node, indices.reshape(-1), node.shape[0])
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
    np.maximum.at(last, *grid_of(node, numbers, indices, shape))
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
