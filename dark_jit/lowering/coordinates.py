"""Index maps: where an element of a kernel's iteration space lies in the value that it reads.

Every coordinate of a value is an affine function of the iteration space's indices. Movement operations only change
these functions (`through`), so transposing, slicing, flipping, broadcasting, padding and most reshaping cost nothing.
Where a map would stop being affine, `NeedsSplit` asks for a finer iteration space and `NeedsBuffer` for a value in
memory.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dark_jit.graph.node import Node, Shape

Range = tuple[int, int]


@dataclass(frozen=True)
class Affine:
    """constant + sum(coefficient * index of axis); terms are (axis, coefficient), sorted, none 0."""

    constant: int = 0
    terms: tuple[tuple[int, int], ...] = ()

    def __add__(self, other: Affine) -> Affine:
        sums = dict(self.terms)
        for axis, coefficient in other.terms:
            sums[axis] = sums.get(axis, 0) + coefficient
        return Affine(self.constant + other.constant, tuple(sorted((a, c) for a, c in sums.items() if c)))

    def scaled(self, factor: int, plus: int = 0) -> Affine:
        """factor * self + plus."""
        terms = tuple((axis, coefficient * factor) for axis, coefficient in self.terms) if factor else ()
        return Affine(self.constant * factor + plus, terms)

    def bounds(self, ranges: Sequence[Range]) -> Range:
        """The least and the greatest value over half-open ranges of the indices."""
        low = high = self.constant
        for axis, coefficient in self.terms:
            ends = (coefficient * ranges[axis][0], coefficient * (ranges[axis][1] - 1))
            low, high = low + min(ends), high + max(ends)
        return low, high


def index(axis: int, factor: int = 1) -> Affine:
    """The index along an axis, times a factor."""
    return Affine(0, ((axis, factor),) if factor else ())


@dataclass(frozen=True)
class Coordinates:
    """An index map into a value: one Affine for each of its axes.

    `ranges` holds for each axis of the iteration space the half-open range in which the value exists; outside it is 0.
    """

    at: tuple[Affine, ...]
    ranges: tuple[Range, ...]

    @property
    def empty(self) -> bool:
        """Whether the value exists nowhere."""
        return any(low >= high for low, high in self.ranges)


class NeedsSplit(Exception):
    """The iteration axis must become two, the inner one of extent `inner`; else `blocked` must lie in memory."""

    def __init__(self, axis: int, inner: int, blocked: Node) -> None:
        super().__init__(axis, inner)
        self.axis, self.inner, self.blocked = axis, inner, blocked


class NeedsBuffer(Exception):
    """The node must lie in memory, in C order."""

    def __init__(self, node: Node) -> None:
        super().__init__(node)
        self.node = node


def through(node: Node, where: Coordinates) -> Coordinates:
    """The map into the input of a movement operation (concatenate excepted), given the map into its result."""
    return _RULES[node.op.name](node, where)


def _transpose(node: Node, where: Coordinates) -> Coordinates:
    at = [Affine()] * node.ndim
    for axis, coordinate in zip(node["axes"], where.at, strict=True):
        at[axis] = coordinate
    return replace(where, at=tuple(at))


def _broadcast(node: Node, where: Coordinates) -> Coordinates:
    (x,) = node.inputs
    kept = where.at[node.ndim - x.ndim :]
    at = (Affine() if own == 1 else coordinate for own, coordinate in zip(x.shape, kept, strict=True))
    return replace(where, at=tuple(at))


def _slice(node: Node, where: Coordinates) -> Coordinates:
    at = (c.scaled(step, start) for (start, _, step), c in zip(node["ranges"], where.at, strict=True))
    return replace(where, at=tuple(at))


def _flip(node: Node, where: Coordinates) -> Coordinates:
    at = (c.scaled(-1, node.shape[axis] - 1) if axis in node["axes"] else c for axis, c in enumerate(where.at))
    return replace(where, at=tuple(at))


def _pad(node: Node, where: Coordinates) -> Coordinates:
    (x,) = node.inputs
    return _shifted(node, where, tuple(low for low, _ in node["pads"]), x.shape)


def into_part(node: Node, part: Node, start: int, where: Coordinates) -> Coordinates:
    """The map into one input of a concatenation, which begins at `start` of the axis."""
    return _shifted(node, where, tuple(start if axis == node["axis"] else 0 for axis in range(node.ndim)), part.shape)


def _shifted(node: Node, where: Coordinates, by: tuple[int, ...], shape: Shape) -> Coordinates:
    """The map into a value of `shape` that begins at `by` in the node's; it exists nowhere else."""
    ranges = list(where.ranges)
    at = tuple(coordinate.scaled(1, -low) for low, coordinate in zip(by, where.at, strict=True))
    for extent, coordinate in zip(shape, at, strict=True):
        _restrict(node, coordinate, extent, ranges)
    return Coordinates(at, tuple(ranges))


def _restrict(node: Node, coordinate: Affine, extent: int, ranges: list[Range]) -> None:
    """Narrow the ranges to where 0 <= coordinate < extent; only a coordinate of one index allows that."""
    least, most = coordinate.bounds(ranges)
    if (least >= 0 and most < extent) or any(low >= high for low, high in ranges):
        return
    if not coordinate.terms:
        ranges[:] = [(0, 0)] * len(ranges)
        return
    if len(coordinate.terms) > 1:
        raise NeedsBuffer(node)
    ((axis, factor),) = coordinate.terms
    ends = (-coordinate.constant, extent - 1 - coordinate.constant)
    first = -(-ends[0] // factor) if factor > 0 else -(-ends[1] // factor)
    last = ends[1] // factor if factor > 0 else ends[0] // factor
    ranges[axis] = (max(ranges[axis][0], first), min(ranges[axis][1], last + 1))


def segments(first: Shape, second: Shape) -> Iterator[tuple[range, range]]:
    """The finest division of two shapes of equal size into neighbouring axes of equal products."""
    i = j = 0
    while i < len(first) or j < len(second):
        start, begin = i, j
        here = there = 1
        if i < len(first):
            here, i = first[i], i + 1
        else:
            there, j = second[j], j + 1
        while here != there:
            if here < there:
                here, i = here * first[i], i + 1
            else:
                there, j = there * second[j], j + 1
        yield range(start, i), range(begin, j)


def reshaped(shape: Shape, old: Shape, where: Coordinates, blocked: Node) -> Coordinates:
    """The map into a value of shape `old` that is read as `shape`. Raises NeedsSplit, or NeedsBuffer(blocked)."""
    at = [Affine()] * len(old)
    if 0 in shape:
        return replace(where, at=tuple(at))
    for new_axes, old_axes in segments(shape, old):
        position, weight = Affine(), 1
        for axis in reversed(new_axes):
            position, weight = position + where.at[axis].scaled(weight), weight * shape[axis]
        for axis in reversed(old_axes):
            if axis == old_axes[0]:
                at[axis] = position
            else:
                position, at[axis] = _divide(position, old[axis], where, blocked)
    return replace(where, at=tuple(at))


def _divide(position: Affine, extent: int, where: Coordinates, blocked: Node) -> tuple[Affine, Affine]:
    """Quotient and remainder by `extent`, as affine functions."""
    whole = tuple((axis, c // extent) for axis, c in position.terms if c % extent == 0)
    rest = tuple((axis, c) for axis, c in position.terms if c % extent)
    quotient, remainder = Affine(position.constant // extent, whole), Affine(position.constant % extent, rest)
    if where.empty:
        return quotient, remainder
    low, high = remainder.bounds(where.ranges)
    if low < 0 or high >= extent:
        _ask_for_split(rest, extent, where, blocked)
    return quotient, remainder


def _ask_for_split(terms: Sequence[tuple[int, int]], extent: int, where: Coordinates, blocked: Node) -> None:
    for axis, coefficient in terms:
        inner = extent // math.gcd(extent, coefficient)
        length = where.ranges[axis][1] - where.ranges[axis][0]
        if inner * abs(coefficient) == extent and where.ranges[axis][0] == 0 and length > inner and length % inner == 0:
            raise NeedsSplit(axis, inner, blocked)
    raise NeedsBuffer(blocked)


def _reshape(node: Node, where: Coordinates) -> Coordinates:
    (x,) = node.inputs
    return reshaped(node.shape, x.shape, where, x)


_RULES = {
    "transpose": _transpose,
    "broadcast_to": _broadcast,
    "slice": _slice,
    "flip": _flip,
    "pad": _pad,
    "reshape": _reshape,
}


def onto(node: Node, where: Coordinates) -> Coordinates | None:
    """The map into the result of a movement operation, given the map into its input; None unless each element of one is
    exactly one of the other."""
    if node.op.name == "transpose":
        return replace(where, at=tuple(where.at[axis] for axis in node["axes"]))
    if node.op.name == "flip":
        return _flip(node, where)
    if node.op.name == "reshape":
        return reshaped(node.inputs[0].shape, node.shape, where, node.inputs[0])
    return None
