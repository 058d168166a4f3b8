"""The same elements at other places, composed of movement: rolled, repeated, tiled, cut to triangles, differences."""

from __future__ import annotations

import math
from collections.abc import Sequence

from dark_jit import dtypes
from dark_jit.errors import ArgumentError, ShapeError
from dark_jit.graph.node import Node
from dark_jit.ops.checks import axis_of, integer
from dark_jit.ops.elementwise import add, floor_divide, iota, less, not_equal, remainder, subtract, where
from dark_jit.ops.movement import broadcast_to, concatenate, expand_dims, reshape, slice_


def part(x: Node, axis: int, start: int, stop: int) -> Node:
    """The places start .. stop of an axis."""
    return slice_(x, [(start, stop, 1) if a == axis else (0, n, 1) for a, n in enumerate(x.shape)])


def roll(x: Node, shift: int | Sequence[int], axis: int | Sequence[int] | None = None) -> Node:
    """Elements moved by `shift` places along axes, those that leave at the end coming in at the start.

    Without an axis, in C order. Raises ArgumentError where there is not one shift, or one for each axis.
    """
    if axis is None:
        return reshape(roll(reshape(x, (x.size,)), shift, 0), x.shape)
    axes = list(axis) if isinstance(axis, Sequence) else [axis]
    shifts = list(shift) if isinstance(shift, Sequence) else [shift]
    if len(shifts) == 1:
        shifts *= len(axes)
    if len(shifts) != len(axes):
        raise ArgumentError(f"roll needs one shift, or one for each axis, got shift {shift} and axis {axis}")
    for at, by in zip(axes, shifts, strict=True):
        x = _rolled(x, axis_of(at, x.ndim), integer(by, "shift"))
    return x


def _rolled(x: Node, axis: int, shift: int) -> Node:
    extent = x.shape[axis]
    cut = -shift % extent if extent else 0
    return concatenate([part(x, axis, cut, extent), part(x, axis, 0, cut)], axis) if cut else x


def repeat(x: Node, repeats: int, axis: int) -> Node:
    """Each slice along an axis `repeats` times, one behind the other. Raises ArgumentError for a negative number."""
    count, at = integer(repeats, "repeats"), axis_of(axis, x.ndim)
    if count < 0:
        raise ArgumentError(f"repeats must not be negative, got {repeats}")
    if count == 1:
        return x
    wide = (*x.shape[: at + 1], count, *x.shape[at + 1 :])
    return reshape(broadcast_to(expand_dims(x, at + 1), wide), (*x.shape[:at], x.shape[at] * count, *x.shape[at + 1 :]))


def tile(x: Node, repetitions: Sequence[int]) -> Node:
    """The whole array several times along each axis; missing axes, of either, are put in front."""
    counts = [integer(count, "a repetition") for count in repetitions]
    if any(count < 0 for count in counts):
        raise ArgumentError(f"repetitions must not be negative, got {tuple(repetitions)}")
    ndim = max(x.ndim, len(counts))
    counts, shape = [1] * (ndim - len(counts)) + counts, [1] * (ndim - x.ndim) + list(x.shape)
    if set(counts) <= {1}:
        return reshape(x, shape)
    apart = [extent for pair in zip([1] * ndim, shape, strict=True) for extent in pair]
    wide = [extent for pair in zip(counts, shape, strict=True) for extent in pair]
    return reshape(broadcast_to(reshape(x, apart), wide), [n * m for n, m in zip(counts, shape, strict=True)])


def tril(x: Node, k: int = 0) -> Node:
    """The last two axes on and below the k-th diagonal, 0 elsewhere. Raises ShapeError."""
    return where(_above(x, k, "tril"), _nothing(x), x)


def triu(x: Node, k: int = 0) -> Node:
    """The last two axes on and above the k-th diagonal, 0 elsewhere. Raises ShapeError."""
    return where(_above(x, integer(k, "k") - 1, "triu"), x, _nothing(x))


def _nothing(x: Node) -> float | int | bool:
    return False if x.dtype == dtypes.bool_ else 0


def _above(x: Node, k: int, name: str) -> Node:
    """Whether an element of the last two axes is above the k-th diagonal."""
    if x.ndim < 2:
        raise ShapeError(f"{name} needs at least two axes, got shape {x.shape}")
    rows, columns = reshape(iota(x.shape[-2]), (x.shape[-2], 1)), iota(x.shape[-1])
    return less(add(rows, integer(k, "k")), columns)


def diff(x: Node, n: int = 1, axis: int = -1) -> Node:
    """The n-th differences of neighbours along an axis, which gets shorter by n. Of bool: whether neighbours differ."""
    count, at = integer(n, "n"), axis_of(axis, x.ndim)
    if count < 0:
        raise ArgumentError(f"diff needs n >= 0, got {n}")
    for _ in range(min(count, x.shape[at])):
        extent = x.shape[at]
        later, earlier = part(x, at, 1, extent), part(x, at, 0, extent - 1)
        x = not_equal(later, earlier) if x.dtype == dtypes.bool_ else subtract(later, earlier)
    return x


def unravel(places: Node, shape: Sequence[int]) -> list[Node]:
    """The coordinates of C-order places in an array of this shape."""
    steps = [max(1, math.prod(shape[axis + 1 :])) for axis in range(len(shape))]
    return [remainder(floor_divide(places, step), max(1, extent)) for step, extent in zip(steps, shape, strict=True)]
