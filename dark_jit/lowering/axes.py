"""Merging and reordering the axes of an iteration space, together with everything that is written over them.

Two neighbouring axes of extents n and m are one axis of extent n*m where every access walks them as one: its stride
along the first is m times that along the second. Fewer axes mean longer rows, hence fewer partial vectors and less
index arithmetic. An axis of extent 1 disappears into a neighbour.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from dark_jit.lowering.kernel import Access, Body, Constant, Index, Inside, Load, Step, Store

Groups = tuple[tuple[int, ...], ...]
Range = tuple[int, int]


@dataclass(frozen=True)
class Collapse:
    """How the axes of a space were merged, and the way to rewrite what is written over them.

    `extents` are the old axes, all groups one after another; new axis k is made of the old axes `runs[k]`, a half-open
    range; `groups` holds the new extents, group by group.
    """

    extents: tuple[int, ...]
    runs: tuple[Range, ...]
    groups: Groups

    def access(self, access: Access) -> Access:
        """An access over the old axes (all, or those of the first groups) as one over the new."""
        count = len(access.strides)
        merged = [_merge(access, self.extents, run) for run in self.runs if run[1] <= count]
        strides, ranges = tuple(part.stride for part in merged), tuple(part.valid for part in merged)
        full = all(part.full for part in merged)
        return Access(access.offset, strides, () if full else ranges)

    def body(self, body: Body) -> Body:
        """A body over the old axes as one over the new; positions of its values stay."""
        return rewrite(body, self.access)


def collapse(groups: Groups, bodies: Sequence[Body], accesses: Sequence[Access] = ()) -> Collapse:
    """Merge neighbouring axes within each group wherever the bodies' accesses, and the further ones, allow it.

    `groups` holds the extents of the space by group (parallel axes, reduced axes, ...); axes of different groups never
    merge, and a group that has axes keeps at least one. Accesses, and an Inside's ranges, cover the axes of all groups
    or of the first few.
    """
    steps = [step for body in bodies for step in body.steps]
    stores = [store.access for body in bodies for store in body.stores]
    loads = [step.access for step in steps if isinstance(step, Load | Index)]
    insides = [_ranges_only(step.ranges) for step in steps if isinstance(step, Inside)]
    everything = [*accesses, *stores, *loads, *insides]
    extents = tuple(chain.from_iterable(groups))
    runs: list[Range] = []
    merged: list[tuple[int, ...]] = []
    start = 0
    for group in groups:
        found = _runs(extents, start, start + len(group), everything)
        runs += found
        merged.append(tuple(math.prod(extents[first:last]) for first, last in found))
        start += len(group)
    return Collapse(extents, tuple(runs), tuple(merged))


def reorder(body: Body, order: Sequence[int]) -> Body:
    """The body over permuted axes: new axis k is old axis order[k].

    Accesses that cover only the first axes stay so: the permutation must not mix those with the others.
    """
    return rewrite(body, lambda access: _reordered(access, order[: len(access.strides)]))


def with_axis(body: Body, extent: int) -> Body:
    """The body with one more axis before the others, on which nothing depends."""

    def widened(access: Access) -> Access:
        valid = ((0, extent), *access.valid) if access.valid else ()
        return Access(access.offset, (0, *access.strides), valid)

    return rewrite(body, widened)


def rewrite(
    body: Body,
    access: Callable[[Access], Access] = lambda access: access,
    argument: Callable[[int], int] = lambda argument: argument,
) -> Body:
    """The body with every access and argument number replaced; positions of its values stay.

    An Inside counts as an access that has only ranges.
    """
    steps: list[Step] = []
    for step in body.steps:
        match step:
            case Load():
                steps.append(Load(step.dtype, argument(step.argument), access(step.access)))
            case Index():
                steps.append(Index(access(step.access)))
            case Inside():
                ranges = access(_ranges_only(step.ranges)).valid
                steps.append(Inside(ranges) if ranges else Constant("bool", "True"))
            case _:
                steps.append(step)
    stores = (Store(store.value, argument(store.argument), access(store.access)) for store in body.stores)
    return Body(tuple(steps), tuple(stores))


def _reordered(access: Access, order: Sequence[int]) -> Access:
    valid = tuple(access.valid[axis] for axis in order) if access.valid else ()
    return Access(access.offset, tuple(access.strides[axis] for axis in order), valid)


@dataclass(frozen=True)
class _Axis:
    """One access along one axis: extent, stride and the indices at which it has elements."""

    extent: int
    stride: int
    valid: Range

    @property
    def full(self) -> bool:
        return self.valid[0] <= 0 and self.valid[1] >= self.extent

    def then(self, inner: _Axis) -> _Axis | None:
        """This axis and the next inner one as one axis; None where they are not."""
        walks_on = self.extent == 1 or inner.extent == 1 or self.stride == inner.stride * inner.extent
        if not walks_on or not (inner.full or (self.full and self.extent == 1)):
            return None
        low, high = self.valid
        valid = (low * inner.extent, high * inner.extent) if inner.full else inner.valid
        return _Axis(self.extent * inner.extent, self.stride if inner.extent == 1 else inner.stride, valid)


def _merge(access: Access, extents: Sequence[int], run: Range) -> _Axis:
    """The axes of a run as one; they are known to merge."""
    merged = _axis(access, extents, run[0])
    for position in range(run[0] + 1, run[1]):
        both = merged.then(_axis(access, extents, position))
        assert both is not None
        merged = both
    return merged


def _axis(access: Access, extents: Sequence[int], position: int) -> _Axis:
    valid = access.valid[position] if access.valid else (0, extents[position])
    return _Axis(extents[position], access.strides[position], valid)


def _runs(extents: Sequence[int], start: int, stop: int, accesses: Sequence[Access]) -> list[Range]:
    """The longest runs of mergeable axes in start .. stop, from the left."""
    runs: list[Range] = []
    for position in range(start, stop):
        if runs and _joins(extents, runs[-1], position, accesses):
            runs[-1] = (runs[-1][0], position + 1)
        else:
            runs.append((position, position + 1))
    return runs


def _joins(extents: Sequence[int], run: Range, position: int, accesses: Sequence[Access]) -> bool:
    covering = [access for access in accesses if position < len(access.strides)]
    return all(_merge(a, extents, run).then(_axis(a, extents, position)) is not None for a in covering)


def _ranges_only(ranges: tuple[Range, ...]) -> Access:
    """Ranges as an access that walks nowhere."""
    return Access(0, (0,) * len(ranges), ranges)
