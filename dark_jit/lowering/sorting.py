"""The order of values along an axis: a stable argsort, with a fused epilogue.

    out[p, r] = epilogue(the index j that has r indices before it)

Values are compared by integer keys of the same order (NaN the greatest, -0.0 as 0.0; inverted where the order is
descending), so there is one kind of comparison for all dtypes. Short lines are sorted by counting, for each element,
how many come before it; long ones by least-significant-digit radix sort (Knuth, TAOCP 5.2.5), which is stable as well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from dark_jit.lowering.kernel import Argument, Body, KernelSpec, Load
from dark_jit.lowering.lanes import itemsize
from dark_jit.lowering.target import Machine

RANKED = 8  # vectors that a line has at most to be sorted by counting
SLOTS = 64  # lines that are sorted at one time at most, each in a buffer of its own
WIDE = 8  # bytes


@dataclass(frozen=True)
class SortSpec(KernelSpec):
    """axes: those of the lines, then the sorted one, along which vectors run. `load` reads x over the axes."""

    load: Load
    descending: bool

    @property
    def key(self) -> str:
        """The integers that are compared: as wide as the values, or 32 bits for narrower ones."""
        return "int64" if itemsize(self.load.dtype) == WIDE else "int32"


@dataclass(frozen=True)
class RankSortSpec(SortSpec):
    """For each element of a line those before it are counted; a line is in registers."""

    template: ClassVar[str] = "rank_sort"

    @property
    def flops(self) -> int:
        """Two comparisons for each pair of a line, and the epilogue."""
        return super().flops + 2 * math.prod(self.axes) * self.axes[-1]


@dataclass(frozen=True)
class RadixSortSpec(SortSpec):
    """The last argument is scratch: for each of `slots` groups of lines two lists of (key, index)."""

    template: ClassVar[str] = "radix_sort"
    slots: int

    @property
    def digits(self) -> int:
        """Digits of 8 bits that a key has."""
        return itemsize(self.load.dtype)

    @property
    def flops(self) -> int:
        """Counting and moving each element once a digit, and the epilogue."""
        return super().flops + 2 * math.prod(self.axes) * self.digits


def plan(
    axes: tuple[int, ...],
    arguments: tuple[Argument, ...],
    epilogue: Body,
    load: Load,
    descending: bool,
    target: Machine,
) -> tuple[SortSpec, str]:
    """Choose the kernel that sorts along the last axis, and say why; radix sort has scratch as a further argument."""
    wide = itemsize(load.dtype) == WIDE
    lanes = target.lanes(8 if wide else 4)
    extent, lines = axes[-1], math.prod(axes[:-1])
    if extent <= RANKED * lanes or not target.vectors:
        return RankSortSpec(
            axes, arguments, epilogue, lanes, load, descending
        ), "for each element those before it count"
    slots = min(lines, SLOTS)
    scratch = Argument("int64", slots * 2 * extent * (2 if wide else 1), written=True)
    spec = RadixSortSpec(axes, (*arguments, scratch), epilogue, lanes, load, descending, slots)
    return spec, "the line is long: it is distributed digit by digit"
