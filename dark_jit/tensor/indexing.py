"""Basic indexing: integers, slices of any step, Ellipsis, None, and one integer array; as functions on nodes.

Writing is the transpose of reading: the gradient rule of a read puts values back to where they came from.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass
from types import EllipsisType
from typing import Any

import numpy as np

from dark_jit import ops
from dark_jit.dtypes import bool_
from dark_jit.errors import DarkError, IndexOutOfRangeError, ShapeError
from dark_jit.graph.graph import leaf
from dark_jit.graph.node import Node, Shape
from dark_jit.tensor.handle import Handle
from dark_jit.transforms.autodiff import gradients


class IndexingError(DarkError, IndexError):
    """An index is of a kind that cannot be used."""


@dataclass(frozen=True)
class Index:
    """What to do with each axis, then with the result; `array` stands for an integer array at axis `at`."""

    ranges: tuple[tuple[int, int, int], ...]
    flips: tuple[int, ...]
    shape: Shape
    at: int | None = None
    array: Any = None


def parse(key: Any, shape: Shape) -> Index:
    """The parts of an index for an array of `shape`. Raises IndexOutOfRangeError or IndexingError."""
    ranges: list[tuple[int, int, int]] = []
    flips: list[int] = []
    result: list[int] = []
    found: tuple[int, Any] | None = None
    for item in _expanded(key, len(shape)):
        axis = len(ranges)
        if item is None:
            result.append(1)
            continue
        extent = shape[axis]
        if isinstance(item, slice):
            span, flipped = _span(item, extent)
            ranges.append(span)
            result.append(len(range(*span)))
            if flipped:
                flips.append(axis)
        elif _is_array(item):
            if found is not None:
                raise IndexingError("only one integer array can index a Tensor at a time; use take twice, or .numpy()")
            found = (len(result), item)
            ranges.append((0, extent, 1))
            result.append(extent)
        else:
            place = _place(item, axis, shape)
            ranges.append((place, place + 1, 1))
    at, array = (None, None) if found is None else found
    return Index(tuple(ranges), tuple(flips), tuple(result), at, array)


def _expanded(key: Any, ndim: int) -> list[Any]:
    """The items of an index, the Ellipsis (or the missing end) written out as full slices."""
    items = list(key) if isinstance(key, tuple) else [key]
    used = sum(1 for item in items if item is not None and not isinstance(item, EllipsisType))
    places = [i for i, item in enumerate(items) if isinstance(item, EllipsisType)]
    if used > ndim or len(places) > 1:
        raise IndexingError(f"index {_text(key)} does not fit an array of {ndim} axes")
    at = places[0] if places else len(items)
    return [*items[:at], *[slice(None)] * (ndim - used), *items[at + 1 :]]


def _text(key: Any) -> str:
    items = key if isinstance(key, tuple) else (key,)
    return "[" + ", ".join("array" if _is_array(item) else repr(item) for item in items) + "]"


def _is_array(item: Any) -> bool:
    return isinstance(item, Handle | np.ndarray | list)


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
            f"{type(item).__name__} cannot index a Tensor; use integers, slices, None, Ellipsis or an integer array"
        ) from None
    extent = shape[axis]
    if not -extent <= place < extent:
        raise IndexOutOfRangeError(
            f"index {place} is out of range for axis {axis} with extent {extent} (array of shape {shape})"
        )
    return place % extent


def read(x: Node, indices: Node | None, index: Index) -> Node:
    """`x[index]`, as a node; `indices` is the node of the index's array, if it has one."""
    part = ops.reshape(ops.flip(ops.slice_(x, index.ranges), index.flips), index.shape)
    return part if indices is None or index.at is None else ops.take(part, indices, index.at)


def write(x: Node, value: Node, index: Index) -> Node:
    """`x` with `value`, broadcast and cast, in place of `x[index]`."""
    place = leaf(object(), x.shape, x.dtype)
    part = read(place, None, index)
    fitting = ops.broadcast_to(_without_leading_ones(ops.cast(value, x.dtype), part.ndim), part.shape)
    if part is place:
        return fitting
    return ops.where(_put(ops.constant(True, bool_, part.shape), place, part), _put(fitting, place, part), x)


def _without_leading_ones(value: Node, ndim: int) -> Node:
    extra = max(0, value.ndim - ndim)
    if any(extent != 1 for extent in value.shape[:extra]):
        raise ShapeError(f"cannot put a value of shape {value.shape} into {ndim} axes")
    return ops.reshape(value, value.shape[extra:])


def _put(value: Node, place: Node, part: Node) -> Node:
    """`value` where `part` was read from `place`, zeros elsewhere. Of `place` only the shape matters."""
    (placed,) = gradients([part], [value], [place])
    assert placed is not None
    return placed
