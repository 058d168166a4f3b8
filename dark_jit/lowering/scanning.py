"""Scans along an axis, with a fused prologue and epilogue.

    cumsum        out[p, j] = epilogue(s[j]),    s[j] = s[j - 1] + x[p, j]
    cumprod                                      s[j] = s[j - 1] * x[p, j]
    recurrence                                   s[j] = a[p, j] * s[j - 1] + b[p, j]

Two forms. Where vectors run along another axis, each lane gathers one element after another. Where they run along the
scanned axis itself, sums only, the lanes of a vector are summed up in log2(lanes) steps and then added to all that was
before (Hillis and Steele 1986, "Data Parallel Algorithms"). A product must not take the second way: 0 * inf appears in
it where one factor after another gives 0.

Neither depends on the number of workers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from dark_jit.lowering.axes import Collapse, Groups, collapse, reorder, with_axis
from dark_jit.lowering.kernel import Apply, Argument, Body, KernelSpec
from dark_jit.lowering.lanes import lanes as vector_lanes
from dark_jit.lowering.target import Machine

STRIP = 4  # vectors side by side at most


@dataclass(frozen=True)
class ScanSpec(KernelSpec):
    """Vectors along the last axis: `lanes` neighbours at once, `vectors` such vectors side by side.

    Axis `along` is scanned, from its end if `reverse`. The prologue (steps only) runs over the axes, as the epilogue.
    Its values at the positions `values`, of `dtype`, are gathered by `step`: cumsum, cumprod or recurrence.
    """

    template: ClassVar[str] = "scan"
    along: int
    prologue: Body
    values: tuple[int, ...]
    step: str
    reverse: bool
    dtype: str
    vectors: int

    @property
    def flops(self) -> int:
        """Elementwise operations of prologue and epilogue, and what each element's step takes."""
        steps = len(self.values) + sum(isinstance(step, Apply) for step in self.prologue.steps)
        return super().flops + math.prod(self.axes) * steps


@dataclass(frozen=True)
class ScanRowsSpec(ScanSpec):
    """Vectors along the scanned axis, which is the last: running sums."""

    template: ClassVar[str] = "scan_rows"


def plan(
    groups: Groups,
    bodies: tuple[Body, Body],
    values: tuple[int, ...],
    step: str,
    reverse: bool,
    arguments: tuple[Argument, ...],
    target: Machine,
) -> tuple[ScanSpec, str]:
    """Choose the kernel of a scan, and say why it has its form.

    `groups` are the axes before the scanned one, that one, and those behind it; the (prologue, epilogue) run over all.
    """
    before, (extent,), behind = groups
    lanes = vector_lanes(arguments, bodies, target.lanes)
    rest = values, step, reverse, bodies[0].steps[values[-1]].dtype
    if target.vectors and step == "cumsum" and math.prod(behind) == 1:
        merged = collapse((before, (extent, *behind)), bodies)
        if len(merged.groups[1]) == 1:
            axes, (prologue, epilogue) = _together(merged), map(merged.body, bodies)
            rows = ScanRowsSpec(axes, arguments, epilogue, lanes, len(axes) - 1, prologue, *rest, vectors=1)
            return rows, "the scanned axis is the last: sums along the lanes"
    if not behind:  # an axis for the one lane
        order = [*range(1, len(before) + 2), 0]
        behind, bodies = (1,), (reorder(with_axis(bodies[0], 1), order), reorder(with_axis(bodies[1], 1), order))
    merged = collapse((before, (extent,), behind), bodies)
    axes, (prologue, epilogue) = _together(merged), map(merged.body, bodies)
    while lanes > 1 and axes[-1] <= lanes // 2:
        lanes //= 2
    vectors = min(STRIP, math.ceil(axes[-1] / lanes))
    spec = ScanSpec(axes, arguments, epilogue, lanes, len(merged.groups[0]), prologue, *rest, vectors)
    return spec, "vectors run along the last axis" if axes[-1] > 1 else "one element after another, one lane"


def _together(merged: Collapse) -> tuple[int, ...]:
    return tuple(extent for group in merged.groups for extent in group)
