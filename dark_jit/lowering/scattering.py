"""Adding up, or writing, at indices that are known only when the kernel runs.

    scatter        out = base, or 0; then for one j after another, all i and k:
                   out[i, index[i, j, k], k] += values[i, j, k]        (step "add")
                   out[i, index[i, j, k], k]  = values[i, j, k]        (step "write")
    last_writer    out[i, h, k] = the last j with index[i, j, k] = h; -1 where there is none

Each element of out belongs to one worker, who looks at all indices that may name it, in order. So nothing is written by
two, and no bit depends on the number of workers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

from dark_jit.lowering.gathering import STATUS, IndexedSpec
from dark_jit.lowering.kernel import Argument, Body, Load
from dark_jit.lowering.lanes import itemsize
from dark_jit.lowering.target import Machine

STRIP = 4  # vectors of k that are one piece of work at least
ITEMS = 8  # pieces that are enough for workers to share


@dataclass(frozen=True)
class LastWriterSpec(IndexedSpec):
    """axes: (i, h, k), those of `out`, which is C-contiguous; h < `extent`; there are `count` j.

    `index` reads over (i, j, k). Workers own columns (i, and at most `strip` neighbouring k) or, where those are few,
    rows (a range of h): then strip is 0. `lanes` elements of out are filled at once, along k, or along h if k is 1.
    """

    template: ClassVar[str] = "last_writer"
    count: int
    out: Load
    strip: int


@dataclass(frozen=True)
class ScatterSpec(LastWriterSpec):
    """Element by element; `values` reads over (i, j, k), `base`, if there is one, over the axes."""

    template: ClassVar[str] = "scatter"
    step: Literal["add", "write"]
    values: Load
    base: Load | None

    @property
    def flops(self) -> int:
        """One addition for each value that is added."""
        outer, _, inner = self.axes
        return outer * self.count * inner if self.step == "add" else 0


@dataclass(frozen=True)
class ScatterSlicesSpec(ScatterSpec):
    """The same where the index does not depend on k: whole slices, `lanes` of their elements at once."""

    template: ClassVar[str] = "scatter_slices"


def plan(
    axes: tuple[int, ...],
    count: int,
    arguments: tuple[Argument, ...],
    out: Load,
    index: Load,
    values: Load | None,
    base: Load | None,
    target: Machine,
) -> LastWriterSpec:
    """The kernel that writes `values` over `base`, adds them up where there is no base, or without them notes the last
    writers; the status becomes an argument."""
    outer, extent, inner = axes
    lanes = target.lanes(itemsize(out.dtype))
    while lanes > 1 and (inner if inner > 1 else extent) <= lanes // 2:
        lanes //= 2
    strip = STRIP * lanes
    if outer * math.ceil(inner / strip) < ITEMS:
        strip = 0
    common = (axes, (*arguments, STATUS), Body(), lanes, index, extent, 0, count, out, strip)
    if values is None:
        return LastWriterSpec(*common)
    slices = target.vectors and inner > 1 and index.access.strides[-1] == 0
    step: Literal["add", "write"] = "add" if base is None else "write"
    return (ScatterSlicesSpec if slices else ScatterSpec)(*common, step, values, base)
