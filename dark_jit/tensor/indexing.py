"""Indexing as NumPy's: integers, slices of any step, Ellipsis, None, integer arrays, masks; as functions on nodes.

An index is two steps. The basic part (slices, integers, None) is a movement, so it can be a view. Arrays then index
axes of that part: integers gather, and a mask stands for the places where it holds. What is written at arrays is
computed for the whole part, which is then written as a basic index is.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from types import EllipsisType
from typing import TYPE_CHECKING, Any

import numpy as np

from dark_jit import ops
from dark_jit.dtypes import DType, bool_
from dark_jit.errors import DarkError, IndexOutOfRangeError, ShapeError
from dark_jit.graph.node import Node, Shape
from dark_jit.ops.movement import broadcast_shapes
from dark_jit.tensor import creation
from dark_jit.tensor.handle import Handle, apply, dtype_of, shape_of
from dark_jit.tensor.host import host_array
from dark_jit.tensor.masking import known_mask

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor


class IndexingError(DarkError, IndexError):
    """An index is of a kind that cannot be used."""


@dataclass(frozen=True)
class Index:
    """What to do with each axis, then with the result. Of the result, arrays index `axes`; theirs come to stand `at`.

    The axes under a mask are merged into one; under one of no axes there is one of extent 1, as NumPy's.
    """

    ranges: tuple[tuple[int, int, int], ...]
    flips: tuple[int, ...]
    shape: Shape
    axes: tuple[int, ...] = ()
    at: int = 0

    def offset_in(self, shape: Shape) -> int | None:
        """The number of the first element, where those of the basic part lie side by side in C order."""
        if self.flips:
            return None
        offset, size, whole = 0, 1, True
        for (start, stop, step), extent in zip(reversed(self.ranges), reversed(shape), strict=True):
            count = len(range(start, stop, step))
            if count != 1 and (not whole or step != 1):
                return None
            whole = whole and count == extent
            offset += start * size
            size *= extent
        return offset

    @property
    def extents(self) -> tuple[int, ...]:
        """The extents of the axes that arrays index."""
        return tuple(self.shape[axis] for axis in self.axes)

    @property
    def arrays_first(self) -> tuple[int, ...]:
        """The order of the axes where those that arrays index come first."""
        return (*self.axes, *(axis for axis in range(len(self.shape)) if axis not in self.axes))


class Parser:
    """Reads an index for an array of `shape`, item by item. Raises IndexOutOfRangeError or IndexingError."""

    def __init__(self, key: Any, shape: Shape) -> None:
        self.arrays: list[Any] = []  # one for each of the index's axes
        self._shape = shape
        self._ranges: list[tuple[int, int, int]] = []
        self._flips: list[int] = []
        self._result: list[int] = []
        self._axes: list[int] = []
        items = [_as_array(item) if isinstance(item, list) else item for item in _items(key)]
        for item in _expanded(items, len(shape)):
            self._add(item)
        self.index = Index(
            tuple(self._ranges), tuple(self._flips), tuple(self._result), tuple(self._axes), self._place_of(items)
        )

    def _add(self, item: Any) -> None:
        axis = len(self._ranges)
        if item is None:
            self._result.append(1)
        elif isinstance(item, slice):
            span, flipped = _span(item, self._shape[axis])
            self._ranges.append(span)
            self._result.append(len(range(*span)))
            if flipped:
                self._flips.append(axis)
        elif _is_array(item):
            self._add_array(item, self._shape[axis : axis + _axes_of(item)])
        else:
            place = _place(item, axis, self._shape)
            self._ranges.append((place, place + 1, 1))

    def _add_array(self, array: Any, extents: Shape) -> None:
        if is_mask(array) and _shape(array) != extents:
            raise IndexingError(f"a mask of shape {_shape(array)} does not fit axes of the extents {extents}")
        self._axes.append(len(self._result))
        self.arrays.append(array)
        self._ranges.extend((0, extent, 1) for extent in extents)
        self._result.append(math.prod(extents))

    def _place_of(self, items: Sequence[Any]) -> int:
        """Where the arrays' axes stand: where the arrays are, or in front if something stands between them.

        Beside arrays integers count as arrays.
        """
        if not self._axes:
            return 0
        arrays = [i for i, item in enumerate(items) if not (item is None or isinstance(item, slice | EllipsisType))]
        return self._axes[0] if arrays[-1] - arrays[0] < len(arrays) else 0


def _items(key: Any) -> list[Any]:
    return list(key) if isinstance(key, tuple) else [key]


def _as_array(value: list[Any]) -> np.ndarray[Any, Any]:
    array = host_array(value)
    return array.astype(np.int64) if array.size == 0 else array


def _expanded(items: list[Any], ndim: int) -> list[Any]:
    """The items of an index, the Ellipsis (or the missing end) written out as full slices."""
    used = sum(_axes_of(item) for item in items)
    places = [i for i, item in enumerate(items) if isinstance(item, EllipsisType)]
    if used > ndim or len(places) > 1:
        raise IndexingError(f"index {_text(items)} does not fit an array of {ndim} axes")
    at = places[0] if places else len(items)
    return [*items[:at], *[slice(None)] * (ndim - used), *items[at + 1 :]]


def _axes_of(item: Any) -> int:
    """How many axes an item indexes."""
    if item is None or isinstance(item, EllipsisType):
        return 0
    return len(_shape(item)) if _is_array(item) and is_mask(item) else 1


def _text(items: list[Any]) -> str:
    return "[" + ", ".join("array" if _is_array(item) else repr(item) for item in items) + "]"


def _is_array(item: Any) -> bool:
    return isinstance(item, Handle | np.ndarray)


def is_mask(array: Any) -> bool:
    """Whether an array selects by truth, rather than by integers."""
    return (dtype_of(array) if isinstance(array, Handle) else array.dtype) == bool_


def _shape(array: Any) -> Shape:
    return shape_of(array) if isinstance(array, Handle) else array.shape


def _span(item: slice, extent: int) -> tuple[tuple[int, int, int], bool]:
    """A slice as an ascending range, and whether it was descending."""
    try:
        start, stop, step = item.indices(extent)
    except TypeError:
        raise IndexingError(f"slice bounds must be integers, got {item}") from None
    except ValueError:
        raise IndexingError(f"a slice's step must not be 0, got {item}") from None
    count = len(range(start, stop, step))
    if step > 0:
        return (start, max(start, stop), step) if count else (0, 0, 1), False
    return ((start + (count - 1) * step, start + 1, -step), True) if count else ((0, 0, 1), False)


def _place(item: Any, axis: int, shape: Shape) -> int:
    if isinstance(item, bool | np.bool_):
        raise IndexingError("a bool cannot index a Tensor; use dark.where")
    try:
        place = operator.index(item)
    except TypeError:
        raise IndexingError(
            f"{type(item).__name__} cannot index a Tensor; use integers, slices, None, Ellipsis, arrays of integers "
            f"or masks"
        ) from None
    extent = shape[axis]
    if not -extent <= place < extent:
        raise IndexOutOfRangeError(
            f"index {place} is out of range for axis {axis} with extent {extent} (array of shape {shape})"
        )
    return place % extent


# ---- reading ----


def read(x: Node, index: Index) -> Node:
    """The basic part of `x[index]`."""
    return ops.reshape(ops.flip(ops.slice_(x, index.ranges), index.flips), index.shape)


def gathered(x: Tensor, parser: Parser) -> Tensor:
    """`x[key]` where the key has arrays. Masks are computed now."""
    index = parser.index
    return apply(_gather, x, *(_integers(a, n) for a, n in zip(parser.arrays, index.extents, strict=True)), index=index)


def _integers(array: Any, extent: int) -> Any:
    """An array of an index as the operand of a gather; integers that are known are checked now."""
    if is_mask(array):
        return np.flatnonzero(known_mask(array, "x[mask]"))
    if isinstance(array, np.ndarray) and array.dtype.kind in "iu" and array.size:
        for found in (int(array.min()), int(array.max())):
            if not -extent <= found < extent:
                raise IndexOutOfRangeError(f"index {found} is out of range for an axis of extent {extent}")
    return array


def _gather(x: Node, *indices: Node, index: Index) -> Node:
    part = read(x, index)
    if len(indices) == 1:
        (axis,) = index.axes
        return _moved(ops.take(part, indices[0], axis), axis, index.at, indices[0].ndim)
    flat = _flat(indices, index.extents)
    return _moved(ops.take(_rows(part, index), flat, 0), 0, index.at, flat.ndim)


def _moved(x: Node, source: int, target: int, count: int) -> Node:
    """`count` neighbouring axes moved from one place to another."""
    return ops.moveaxis(x, tuple(range(source, source + count)), tuple(range(target, target + count)))


def _rows(part: Node, index: Index) -> Node:
    """The part with the axes that arrays index merged into the first axis."""
    rows = ops.transpose(part, index.arrays_first)
    return ops.reshape(rows, (math.prod(index.extents), *rows.shape[len(index.axes) :]))


def _flat(indices: Sequence[Node], extents: Sequence[int]) -> Node:
    """Integers for several axes as integers for these axes merged. Taking from 0, 1, ... checks each by itself."""
    numbers = [ops.take(ops.iota(extent), array, 0) for array, extent in zip(indices, extents, strict=True)]
    flat = numbers[0]
    for number, extent in zip(numbers[1:], extents[1:], strict=True):
        flat = ops.add(ops.multiply(flat, extent), number)
    return flat


# ---- writing ----


def written(x: Tensor, parser: Parser, value: Any) -> Tensor:
    """What the basic part of `x[key]` is after `x[key] = value`. The value is broadcast and cast, as NumPy's."""
    index, dtype = parser.index, x.dtype
    fitting = value if isinstance(value, Handle | np.ndarray | np.generic) else creation.asarray(value, dtype)
    if not parser.arrays:
        return apply(_fitting, fitting, shape=index.shape, dtype=dtype)
    if len(parser.arrays) == 1 and is_mask(parser.arrays[0]):
        (mask,) = parser.arrays
        at = len(_shape(fitting)) - (len(index.shape) - index.at)  # the value's axis that runs over what it selects
        if at < 0 or _shape(fitting)[at] == 1:
            return apply(_select, x, fitting, mask, index=index)
    arrays = (_integers(a, n) for a, n in zip(parser.arrays, index.extents, strict=True))
    return apply(_put, x, fitting, *arrays, index=index)


def _fitting(value: Node, shape: Shape, dtype: DType) -> Node:
    """`value` cast, and broadcast to `shape`; more axes than that may have the extent 1 in front."""
    extra = max(0, value.ndim - len(shape))
    if any(extent != 1 for extent in value.shape[:extra]):
        raise ShapeError(f"cannot put a value of shape {value.shape} into {len(shape)} axes")
    return ops.broadcast_to(ops.reshape(ops.cast(value, dtype), value.shape[extra:]), shape)


def _select(x: Node, value: Node, mask: Node, index: Index) -> Node:
    """The part with `value` where the mask holds: no element's value says where another one goes."""
    part, (axis,) = read(x, index), index.axes
    rest = [extent for i, extent in enumerate(part.shape) if i != axis]
    one = _fitting(value, (*rest[: index.at], 1, *rest[index.at :]), x.dtype)
    condition = ops.reshape(mask, [part.shape[axis] if i == axis else 1 for i in range(part.ndim)])
    return ops.where(condition, _moved(one, index.at, axis, 1), part)


def _put(x: Node, value: Node, *indices: Node, index: Index) -> Node:
    """The part with the elements of `value` at integers; where these repeat, the last one counts."""
    part, shape = read(x, index), broadcast_shapes(*(array.shape for array in indices))
    rest = [extent for axis, extent in enumerate(part.shape) if axis not in index.axes]
    wide = _fitting(value, (*rest[: index.at], *shape, *rest[index.at :]), x.dtype)
    if 0 in wide.shape:
        return part
    if len(indices) == 1:
        (axis,) = index.axes
        return ops.put(part, indices[0], _moved(wide, index.at, axis, len(shape)), axis)
    rows = ops.put(_rows(part, index), _flat(indices, index.extents), _moved(wide, index.at, 0, len(shape)))
    order = index.arrays_first
    split = ops.reshape(rows, [part.shape[axis] for axis in order])
    return ops.transpose(split, [order.index(axis) for axis in range(part.ndim)])
