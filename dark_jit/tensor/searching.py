"""What is where, and what is there at all. How much that is must be known, so it is computed at once.

The kernels work on arrays of the size of the input, whose beginning is the result: they are compiled once for a shape.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dark_jit import dtypes, ops
from dark_jit.backends.buffer import Buffer
from dark_jit.errors import ShapeError, TraceError
from dark_jit.graph.node import Node
from dark_jit.tensor import movement
from dark_jit.tensor.creation import asarray
from dark_jit.tensor.forcing import buffer_of
from dark_jit.tensor.handle import Handle, apply, where, wrap_buffer
from dark_jit.tensor.mode import mode
from dark_jit.tensor.reduction import Axes, one_of

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor

__all__ = [
    "argwhere",
    "count_nonzero",
    "flatnonzero",
    "nonzero",
    "unique_all",
    "unique_counts",
    "unique_inverse",
    "unique_values",
]


def count_nonzero(
    x: Any, axis: Axes = None, keepdims: bool = False, *, dim: Axes = None, keepdim: bool | None = None
) -> Tensor:
    """How many elements over axes, by default all, are true (not zero); int64."""
    kept = keepdims if keepdim is None else keepdim
    return apply(_count_nonzero, x, axis=one_of(axis, dim, "axis and dim"), keepdims=kept)


def _count_nonzero(x: Node, axis: Axes, keepdims: bool) -> Node:
    return ops.sum_(ops.cast(x, dtypes.bool_), axis, keepdims)


# Places


def nonzero(x: Any) -> tuple[Tensor, ...]:
    """The indices along each axis of the elements that are true (not zero), in C order; int64.

    Computed at once: a TraceError inside a compiled function, unless x is an array. Raises ShapeError for a 0-d array.
    """
    if mode.trace is not None and not isinstance(x, Handle):
        return tuple(asarray(places) for places in np.nonzero(x))
    _refuse_trace("nonzero", "Write dark.where(condition, x, 0), count with dark.count_nonzero, or search outside")
    tensor = asarray(x)
    if not tensor.ndim:
        raise ShapeError("nonzero needs at least one axis; compare a 0-d Tensor with 0")
    return _first(count_nonzero(tensor), [apply(_coordinate, tensor, axis=axis) for axis in range(tensor.ndim)])


def flatnonzero(x: Any) -> Tensor:
    """The places in C order of the elements that are true (not zero); int64. As nonzero."""
    return nonzero(movement.reshape(x, -1))[0]


def argwhere(x: Any) -> Tensor:
    """The indices of each element that is true (not zero), one row for each; int64. As nonzero."""
    return movement.stack(nonzero(x), 1)


def _coordinate(x: Node, axis: int) -> Node:
    """The index along an axis of the first, second, ... element that is true."""
    flat = ops.reshape(ops.cast(x, dtypes.bool_), (x.size,))
    rank = ops.subtract(ops.cumsum(flat, 0), 1)
    places = _gathered(ops.iota(x.size), ops.where(flat, rank, x.size))
    return ops.unravel(places, x.shape)[axis]


def _gathered(values: Node, destinations: Node) -> Node:
    """Value j at place destinations[j]; what goes behind the end is dropped. Places that nothing goes to hold 0."""
    count = values.size
    nothing = ops.constant(0, values.dtype, (count + 1,))
    return ops.slice_(ops.put(nothing, destinations, values), [(0, count, 1)])


def _refuse_trace(name: str, way_out: str) -> None:
    if mode.trace is not None:
        raise TraceError(f"{where()}{name}: how many there are is not known inside a compiled function. {way_out}")


def _first(count: Tensor, values: Sequence[Tensor]) -> tuple[Tensor, ...]:
    """The first elements of vectors; all is computed in one program."""
    size = count.item()
    arrays = [buffer_of(value, "a search").array()[:size] for value in values]
    return tuple(wrap_buffer(Buffer.copy_of(array, array.dtype)) for array in arrays)


# Values


class UniqueAll(NamedTuple):
    """What unique_all finds."""

    values: Tensor
    indices: Tensor
    inverse_indices: Tensor
    counts: Tensor


class UniqueCounts(NamedTuple):
    """What unique_counts finds."""

    values: Tensor
    counts: Tensor


class UniqueInverse(NamedTuple):
    """What unique_inverse finds."""

    values: Tensor
    inverse_indices: Tensor


def unique_all(x: Any) -> UniqueAll:
    """The different values in ascending order, where each occurs first, which of them each element is, and how often
    each occurs. Each NaN is a value of its own. Computed at once: a TraceError inside a compiled function."""
    values, indices, counts, inverse = _unique("unique_all", x, _values, _indices, _counts)
    return UniqueAll(values, indices, inverse, counts)


def unique_counts(x: Any) -> UniqueCounts:
    """The different values in ascending order, and how often each occurs. As unique_all."""
    values, counts, _ = _unique("unique_counts", x, _values, _counts)
    return UniqueCounts(values, counts)


def unique_inverse(x: Any) -> UniqueInverse:
    """The different values in ascending order, and which of them each element is. As unique_all."""
    values, inverse = _unique("unique_inverse", x, _values)
    return UniqueInverse(values, inverse)


def unique_values(x: Any) -> Tensor:
    """The different values in ascending order. As unique_all."""
    values, _ = _unique("unique_values", x, _values)
    return values


def _unique(name: str, x: Any, *wanted: Callable[[Node], Node]) -> tuple[Tensor, ...]:
    """What is wanted of each group of equal values, and the number of each element's group."""
    _refuse_trace(name, "Call it outside, or count with dark.count_nonzero(x == value)")
    tensor = asarray(x)
    found = [apply(function, tensor) for function in wanted]
    inverse = apply(_inverse, tensor)
    return *_first(apply(_number_of_groups, tensor), found), inverse


def _sorted(x: Node) -> tuple[Node, Node, Node, Node]:
    """The elements' order, they in it, whether each is the first of its group, and the number of its group."""
    flat = ops.reshape(x, (x.size,))
    order = ops.argsort(flat)
    ordered = ops.take(flat, order)
    one = min(x.size, 1)
    differs = ops.not_equal(ops.slice_(ordered, [(one, x.size, 1)]), ops.slice_(ordered, [(0, x.size - one, 1)]))
    starts = ops.concatenate([ops.constant(True, dtypes.bool_, (one,)), differs])
    return order, ordered, starts, ops.subtract(ops.cumsum(starts, 0), 1)


def _number_of_groups(x: Node) -> Node:
    return ops.sum_(_sorted(x)[2])


def _values(x: Node) -> Node:
    _, ordered, starts, group = _sorted(x)
    return _gathered(ordered, ops.where(starts, group, x.size))


def _indices(x: Node) -> Node:
    order, _, starts, group = _sorted(x)
    return _gathered(order, ops.where(starts, group, x.size))


def _counts(x: Node) -> Node:
    return ops.scatter_add(ops.constant(1, dtypes.int64, (x.size,)), _sorted(x)[3], 0, (x.size,))


def _inverse(x: Node) -> Node:
    order, _, _, group = _sorted(x)
    return ops.reshape(ops.put(order, order, group), x.shape)
