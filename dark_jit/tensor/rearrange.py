"""The same elements at other places, in new Tensors: rolled, repeated, tiled, cut to triangles, differences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dark_jit import dtypes, ops
from dark_jit.errors import ArgumentError, ShapeError
from dark_jit.graph.node import Node
from dark_jit.ops.checks import axis_of, integer
from dark_jit.ops.movement import broadcast_shapes
from dark_jit.tensor import movement
from dark_jit.tensor.creation import asarray
from dark_jit.tensor.forcing import buffer_of
from dark_jit.tensor.handle import Handle, apply
from dark_jit.tensor.reduction import one_of

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor

__all__ = [
    "broadcast_arrays",
    "diag",
    "diagonal",
    "diff",
    "meshgrid",
    "repeat",
    "roll",
    "swapaxes",
    "tile",
    "trace",
    "tril",
    "triu",
    "unstack",
]

Axes = int | Sequence[int] | None


def roll(x: Any, shift: int | Sequence[int], axis: Axes = None, *, dim: Axes = None) -> Tensor:
    """Elements moved by `shift` places along axes (without any: in C order); what leaves at the end comes in in front.

    One shift for all axes, or one for each. Raises ArgumentError.
    """
    return apply(ops.roll, x, shift=shift, axis=one_of(axis, dim, "axis and dim"))


def repeat(x: Any, repeats: Any, axis: int | None = None, *, dim: int | None = None) -> Tensor:
    """Each slice along an axis several times, one behind the other; without an axis, each element in C order.

    repeats: one number, or one for each slice; a Tensor of them is computed at once, which inside a compiled function
    is a TraceError. Raises ArgumentError, ShapeError.
    """
    at = one_of(axis, dim, "axis and dim")
    if isinstance(repeats, int):
        return apply(_repeat, x, repeats=repeats, axis=at)
    counts = buffer_of(repeats, "repeat").array() if isinstance(repeats, Handle) else np.asarray(repeats)
    if counts.dtype.kind not in "iu" or counts.ndim > 1:
        raise ArgumentError(f"repeats must be an integer or a sequence of integers, got {repeats!r}")
    if counts.size and counts.min() < 0:
        raise ArgumentError(f"repeats must not be negative, got {counts.min()}")
    if counts.size == 1:
        return apply(_repeat, x, repeats=int(counts.reshape(-1)[0]), axis=at)
    return apply(_repeat_each, x, counts.astype(np.int64), total=int(counts.sum()), axis=at)


def _repeat(x: Node, repeats: int, axis: int | None) -> Node:
    return ops.repeat(ops.reshape(x, (x.size,)), repeats, 0) if axis is None else ops.repeat(x, repeats, axis)


def _repeat_each(x: Node, repeats: Node, total: int, axis: int | None) -> Node:
    """Place k of the result is slice j where the counts up to j are the first that exceed k."""
    x, at = (ops.reshape(x, (x.size,)), 0) if axis is None else (x, axis_of(axis, x.ndim))
    if repeats.size != x.shape[at]:
        raise ShapeError(f"repeat needs one number for each of the {x.shape[at]} slices, got {repeats.size}")
    return ops.take(x, ops.searchsorted(ops.cumsum(repeats, 0), ops.iota(total), right=True), at)


def tile(x: Any, repetitions: int | Sequence[int]) -> Tensor:
    """The whole array several times along each axis; missing axes, of either, are put in front.

    Raises ArgumentError.
    """
    return apply(ops.tile, x, repetitions=repetitions if isinstance(repetitions, Sequence) else (repetitions,))


def tril(x: Any, k: int = 0) -> Tensor:
    """The last two axes on and below the k-th diagonal, 0 elsewhere. Raises ShapeError."""
    return apply(ops.tril, x, k=k)


def triu(x: Any, k: int = 0) -> Tensor:
    """The last two axes on and above the k-th diagonal, 0 elsewhere. Raises ShapeError."""
    return apply(ops.triu, x, k=k)


def diagonal(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """The elements whose index along axis2 is that along axis1 plus the offset: a last axis instead of both."""
    return apply(_diagonal, x, offset=offset, axis1=axis1, axis2=axis2)


def _diagonal(x: Node, offset: int, axis1: int, axis2: int) -> Node:
    if x.ndim < 2:
        raise ShapeError(f"diagonal needs at least two axes, got shape {x.shape}")
    first, second = axis_of(axis1, x.ndim), axis_of(axis2, x.ndim)
    if first == second:
        raise ArgumentError(f"diagonal needs two different axes, got {axis1} and {axis2}")
    return ops.diagonal(x, first, second, integer(offset, "offset"))


def trace(x: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Tensor:
    """The sum of a diagonal."""
    return apply(_trace, x, offset=offset, axis1=axis1, axis2=axis2)


def _trace(x: Node, offset: int, axis1: int, axis2: int) -> Node:
    return ops.sum_(_diagonal(x, offset, axis1, axis2), -1)


def diag(x: Any, k: int = 0) -> Tensor:
    """The k-th diagonal of a matrix, or the matrix that has a vector there and 0 elsewhere. Raises ShapeError."""
    return apply(_diag, x, k=k)


def _diag(x: Node, k: int) -> Node:
    offset = integer(k, "k")
    if x.ndim == 2:
        return ops.diagonal(x, 0, 1, offset)
    if x.ndim != 1:
        raise ShapeError(f"diag needs a vector or a matrix, got shape {x.shape}")
    size = x.size + abs(offset)
    rows, columns = ops.reshape(ops.iota(size), (size, 1)), ops.iota(size)
    # In row i, and column i + offset, stands the element with the smaller of the two numbers.
    values = ops.pad(x, [(0, abs(offset))])
    spread = ops.reshape(values, (size, 1)) if offset >= 0 else values
    return ops.where(ops.equal(ops.add(rows, offset), columns), spread, False if x.dtype == dtypes.bool_ else 0)


def diff(
    x: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None, *, dim: int | None = None
) -> Tensor:
    """The n-th differences of neighbours along an axis, after putting `prepend` and `append` around; of bool, whether
    neighbours differ. Numbers stand for slices of them. Raises ArgumentError, ShapeError."""
    return apply(_diff, x, prepend, append, n=n, axis=axis if dim is None else dim)


def _diff(x: Node, prepend: Any, append: Any, n: int, axis: int) -> Node:
    at = axis_of(axis, x.ndim)
    parts = [_slice_like(prepend, x, at), x, _slice_like(append, x, at)]
    return ops.diff(ops.concatenate([part for part in parts if part is not None], at), n, at)


def _slice_like(value: Any, x: Node, axis: int) -> Node | None:
    """An array or a number as something that stands before or behind x along an axis."""
    if value is None:
        return None
    node = ops.cast(value, x.dtype) if isinstance(value, Node) else ops.constant(value, x.dtype)
    return node if node.ndim else ops.broadcast_to(node, [1 if a == axis else n for a, n in enumerate(x.shape)])


def swapaxes(x: Any, axis1: int, axis2: int) -> Tensor:
    """Two axes exchanged."""
    tensor = asarray(x)
    order = list(range(tensor.ndim))
    first, second = axis_of(axis1, tensor.ndim), axis_of(axis2, tensor.ndim)
    order[first], order[second] = second, first
    return movement.transpose(tensor, tuple(order))


def unstack(x: Any, axis: int = 0, *, dim: int | None = None) -> tuple[Tensor, ...]:
    """The slices along an axis, which vanishes."""
    tensor = asarray(x)
    at = axis_of(axis if dim is None else dim, tensor.ndim)
    return tuple(tensor[(*[slice(None)] * at, place)] for place in range(tensor.shape[at]))


def broadcast_arrays(*arrays: Any) -> tuple[Tensor, ...]:
    """The arrays, stretched to their common shape by NumPy's rules. Raises ShapeError."""
    tensors = [asarray(x) for x in arrays]
    shape = broadcast_shapes(*(x.shape for x in tensors)) if tensors else ()
    return tuple(movement.broadcast_to(x, shape) for x in tensors)


def meshgrid(*arrays: Any, indexing: str = "xy") -> tuple[Tensor, ...]:
    """Each vector along an axis of its own of a common grid; with "xy" the first two axes are exchanged.

    Raises ArgumentError for another `indexing`, ShapeError for what is no vector.
    """
    if indexing not in ("xy", "ij"):
        raise ArgumentError(f"meshgrid: indexing must be 'xy' or 'ij', got {indexing!r}")
    tensors = [asarray(x) for x in arrays]
    if any(x.ndim > 1 for x in tensors):
        raise ShapeError(f"meshgrid needs vectors, got shapes {[x.shape for x in tensors]}")
    order = list(range(len(tensors)))
    if indexing == "xy" and len(order) > 1:
        order[:2] = 1, 0
    apart = [movement.reshape(x, [-1 if a == place else 1 for a in order]) for place, x in enumerate(tensors)]
    return broadcast_arrays(*apart)
