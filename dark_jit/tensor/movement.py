"""The same elements at other places: shapes, joins, selections."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dark_jit import dtypes, ops
from dark_jit.errors import ArgumentError, ShapeError
from dark_jit.graph.node import Node
from dark_jit.ops.checks import axis_of, integer
from dark_jit.ops.movement import reshaped_shape
from dark_jit.tensor.handle import Handle, apply, shape_of
from dark_jit.tensor.mode import together
from dark_jit.tensor.reduction import one_of
from dark_jit.tensor.views import can_reshape, is_contiguous, share, view_of, window

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor

Axes = int | Sequence[int] | None


def _extents(shape: tuple[Any, ...]) -> Any:
    """A shape that was given as one sequence or as several ints."""
    return _fixed(shape[0]) if len(shape) == 1 and isinstance(shape[0], Sequence) else shape


def _fixed(axes: Any) -> Any:
    """A list as a tuple: views keep what they were made by."""
    return tuple(axes) if isinstance(axes, list) else axes


def reshape(x: Any, *extents: Any, shape: Any = None, copy: bool | None = None) -> Tensor:
    """The same elements in C order under another shape (a tuple, or several ints; one may be -1). Raises ShapeError.

    A view where NumPy's would be one (the elements have strides in the new shape, as those of every Tensor that is no
    view itself), else a copy. copy=True: always a copy; copy=False: ArgumentError where it cannot be a view.
    """
    given = _extents(extents if shape is None else (shape,))
    if not isinstance(x, Handle) or copy:
        return apply(ops.reshape, x, shape=given)
    wanted = reshaped_shape(shape_of(x), given)
    if copy is False and not can_reshape(x, wanted):
        raise ArgumentError(f"reshape of a view of shape {shape_of(x)} to {wanted} needs a copy, but copy=False")
    with together():
        known = window(x, 0, wanted)
        result = apply(ops.reshape, x, shape=wanted) if known is None else known
        return share(x, result, (ops.reshape, {"shape": wanted})) if can_reshape(x, wanted) else result


view = reshape


def ravel(x: Any) -> Tensor:
    """All elements in C order, in one axis: a view where they lie side by side in that order, else a copy."""
    if isinstance(x, Handle) and not is_contiguous(x):
        return apply(ops.reshape, x, shape=(-1,))
    return reshape(x, -1)


def transpose(x: Any, *order: Any, axes: Any = None) -> Tensor:
    """Permute the axes (a tuple, or several ints), by default reversing them, as NumPy's. Raises ArgumentError."""
    given = order if axes is None else (axes,)
    permuted = None if not given or given == (None,) else _extents(given)
    return view_of(x, ops.transpose, axes=permuted)


permute_dims = transpose


def matrix_transpose(x: Any) -> Tensor:
    """The last two axes exchanged."""
    return view_of(x, _matrix_transpose)


def _matrix_transpose(x: Node) -> Node:
    if x.ndim < 2:
        raise ShapeError(f"matrix_transpose needs at least two axes, got shape {x.shape}")
    return ops.transpose(x, (*range(x.ndim - 2), x.ndim - 1, x.ndim - 2))


def moveaxis(x: Any, source: int | Sequence[int], destination: int | Sequence[int]) -> Tensor:
    """Move axes to new positions; the others keep their order."""
    return view_of(x, ops.moveaxis, source=_fixed(source), destination=_fixed(destination))


def squeeze(x: Any, axis: Axes = None, *, dim: Axes = None) -> Tensor:
    """Drop axes of extent 1, by default all of them. Raises ShapeError for other extents."""
    return view_of(x, ops.squeeze, axis=_fixed(one_of(axis, dim, "axis and dim")))


def expand_dims(x: Any, axis: int | Sequence[int] = 0, *, dim: Axes = None) -> Tensor:
    """Insert axes of extent 1 at the given positions of the result."""
    return view_of(x, ops.expand_dims, axis=_fixed(axis if dim is None else dim))


def broadcast_to(x: Any, shape: Sequence[int]) -> Tensor:
    """Stretch to `shape` by NumPy's rules; a view that cannot be written in place. Raises ShapeError."""
    return view_of(x, ops.broadcast_to, writable=False, shape=_fixed(shape))


def flip(x: Any, axis: Axes = None, *, dim: Axes = None) -> Tensor:
    """Reverse the order of elements along axes, by default all."""
    return view_of(x, ops.flip, axes=_fixed(one_of(axis, dim, "axis and dim")))


def cat(arrays: Sequence[Any], axis: int | None = 0, *, dim: int | None = None) -> Tensor:
    """Join arrays along an axis (None: their elements in C order, in one axis); dtypes promote.

    Raises ShapeError where the other extents differ.
    """
    return apply(_cat, *_several(arrays, "cat"), axis=axis if dim is None else dim)


concatenate = concat = cat


def stack(arrays: Sequence[Any], axis: int = 0, *, dim: int | None = None) -> Tensor:
    """Join arrays of one shape along a new axis; dtypes promote. Raises ShapeError."""
    return apply(_stack, *_several(arrays, "stack"), axis=axis if dim is None else dim)


def _several(arrays: Sequence[Any], name: str) -> list[Any]:
    """The arrays to join; numbers among them are arrays too."""
    found = list(arrays)
    if not found:
        raise ShapeError(f"{name} needs at least one array")
    return [np.asarray(x) if isinstance(x, int | float) else x for x in found]


def _cat(*xs: Node, axis: int | None) -> Node:
    if axis is None:
        return ops.concatenate(_promoted([ops.reshape(x, (x.size,)) for x in xs]), 0)
    return ops.concatenate(_promoted(xs), axis)


def _stack(*xs: Node, axis: int) -> Node:
    if len({x.shape for x in xs}) > 1:
        raise ShapeError(f"stack needs arrays of one shape, got {[x.shape for x in xs]}")
    return ops.stack(_promoted(xs), axis)


def _promoted(xs: Sequence[Node]) -> list[Node]:
    dtype = xs[0].dtype
    for x in xs[1:]:
        dtype = dtypes.promote(dtype, x.dtype)
    return [ops.cast(x, dtype) for x in xs]


def split(x: Any, indices_or_sections: int | Sequence[int], axis: int = 0, *, dim: int | None = None) -> list[Tensor]:
    """Cut along an axis: into so many equal parts, or before the given indices, as NumPy's. Raises ShapeError."""
    tensor = x if isinstance(x, Handle) else apply(_same, x)
    shape = shape_of(tensor)
    at = axis_of(axis if dim is None else dim, len(shape))
    cuts = _cuts(indices_or_sections, shape[at], at, shape)
    return [view_of(tensor, _part, axis=at, start=a, stop=b) for a, b in itertools.pairwise(cuts)]


def _same(x: Node) -> Node:
    return x


def _cuts(wanted: int | Sequence[int], extent: int, axis: int, shape: tuple[int, ...]) -> list[int]:
    if isinstance(wanted, Sequence):
        return [0, *(slice(0, integer(cut, "an index")).indices(extent)[1] for cut in wanted), extent]
    sections = integer(wanted, "sections")
    if sections < 1 or extent % sections:
        raise ShapeError(f"cannot split axis {axis} of shape {shape} into {sections} equal parts")
    return list(range(0, extent + 1, extent // sections)) if extent else [0] * (sections + 1)


def _part(x: Node, axis: int, start: int, stop: int) -> Node:
    return ops.slice_(x, [(start, stop, 1) if i == axis else (0, n, 1) for i, n in enumerate(x.shape)])


def pad(x: Any, pad_width: Any, mode: str = "constant", *, constant_values: float = 0) -> Tensor:
    """Put elements around: an int, one (before, after) for all axes, or one for each, as NumPy's.

    mode: "constant" puts constant_values; "edge", "reflect", "symmetric" and "wrap" put the array's own elements.
    Raises ArgumentError for other modes, for negative widths, and where there are not enough elements.
    """
    return apply(_pad, x, pad_width=pad_width, mode=mode, value=constant_values)


def _pad(x: Node, pad_width: Any, mode: str, value: float) -> Node:
    try:
        widths = np.broadcast_to(np.asarray(pad_width), (x.ndim, 2))
    except ValueError:
        raise ArgumentError(
            f"pad_width {pad_width} does not fit {x.ndim} axes; give (before, after) for each"
        ) from None
    if widths.dtype.kind not in "iu":
        raise ArgumentError(f"pad_width must be integers, got {pad_width}")
    pads = [(int(low), int(high)) for low, high in widths]
    if mode != "constant":
        return ops.pad_with(x, pads, mode)
    padded = ops.pad(x, pads)
    if value == 0 or padded is x:
        return padded
    return ops.where(ops.pad(ops.constant(True, dtypes.bool_, x.shape), pads), padded, ops.constant(value, x.dtype))


def take(x: Any, indices: Any, axis: int | None = None, *, dim: int | None = None) -> Tensor:
    """The slices along an axis at integer indices of any shape; without an axis, elements in C order.

    Raises IndexOutOfRangeError, DTypeError.
    """
    return apply(_take, x, index_operand(indices), axis=one_of(axis, dim, "axis and dim"))


def index_operand(indices: Any) -> Any:
    """Indices as an operand: an empty list is one of integers."""
    if isinstance(indices, int):
        return np.asarray(indices, np.int64)
    return np.zeros(0, np.int64) if isinstance(indices, list) and not indices else indices


def _take(x: Node, indices: Node, axis: int | None) -> Node:
    return ops.take(ops.reshape(x, (x.size,)), indices, 0) if axis is None else ops.take(x, indices, axis)


def take_along_axis(x: Any, indices: Any, axis: int | None = -1, *, dim: int | None = None) -> Tensor:
    """The element at each index along an axis: out[i, j] = x[i, indices[i, j]] for the last axis of two.

    All other axes broadcast; without an axis, x counts as flat. Raises ShapeError, IndexOutOfRangeError, DTypeError.
    """
    return apply(_take_along_axis, x, index_operand(indices), axis=axis if dim is None else dim)


def _take_along_axis(x: Node, indices: Node, axis: int | None) -> Node:
    return ops.take_along_axis(ops.reshape(x, (x.size,)) if axis is None else x, indices, 0 if axis is None else axis)


def one_hot(indices: Any, num_classes: int, dtype: Any = None) -> Tensor:
    """A last axis of `num_classes` with 1 at the index, 0 elsewhere; of the default dtype unless given. Out of range:
    all 0."""
    wanted = dtypes.default_float() if dtype is None else dtypes.as_dtype(dtype)
    return apply(ops.one_hot, indices, num_classes=num_classes, dtype=wanted)
