"""Adding up, or writing, at indices that are known only when the kernel runs.

    scatter_add    out[i, h, k] = the sum of updates[i, j, k] over the j with index[i, j, k] = h, one after another
    last_writer    out[i, h, k] = the last j with index[i, j, k] = h; -1 where there is none

Each element of out belongs to one worker, who looks at all indices that may name it, in order. So nothing is written by
two, and no bit depends on the number of workers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from dark_jit.lowering.gathering import STATUS, IndexedSpec
from dark_jit.lowering.kernel import Argument, Body, Load
from dark_jit.lowering.target import Target

STRIP = 4  # vectors of k that are one piece of work at least
ITEMS = 8  # pieces that are enough for workers to share


@dataclass(frozen=True)
class ScatterSpec(IndexedSpec):
    """axes: (i, h, k), those of `out`, which is C-contiguous; h < `extent`; there are `count` j.

    `index` reads over (i, j, k). Workers own columns (i, and at most `strip` neighbouring k) or, where those are few,
    rows (a range of h): then strip is 0. `lanes` elements are filled with the neutral value at once.
    """

    count: int
    out: Load
    strip: int


@dataclass(frozen=True)
class LastWriterSpec(ScatterSpec):
    """The number of the last index that names a place."""

    template: ClassVar[str] = "last_writer"


@dataclass(frozen=True)
class ScatterAddSpec(ScatterSpec):
    """The sum of the updates for a place, element by element; `updates` reads over (i, j, k)."""

    template: ClassVar[str] = "scatter_add"
    updates: Load

    @property
    def flops(self) -> int:
        """One addition for each update."""
        outer, _, inner = self.axes
        return outer * self.count * inner


@dataclass(frozen=True)
class ScatterAddSlicesSpec(ScatterAddSpec):
    """The same where the index does not depend on k: whole slices, `lanes` of their elements at once."""

    template: ClassVar[str] = "scatter_add_slices"


def plan(
    axes: tuple[int, ...],
    count: int,
    arguments: tuple[Argument, ...],
    index: Load,
    updates: Load | None,
    out: Load,
    target: Target,
) -> ScatterSpec:
    """The kernel that adds `updates` up in `out`, or writes the last writers there; the status becomes an argument."""
    outer, extent, inner = axes
    lanes = target.lanes(8 if out.dtype in ("int64", "uint64", "float64") else 4)
    while lanes > 1 and inner <= lanes // 2:
        lanes //= 2
    strip = STRIP * lanes
    if outer * math.ceil(inner / strip) < ITEMS:
        strip = 0
    common = (axes, (*arguments, STATUS), Body(), lanes, index, extent, 0, count, out, strip)
    if updates is None:
        return LastWriterSpec(*common)
    slices = inner > 1 and index.access.strides[-1] == 0
    return (ScatterAddSlicesSpec if slices else ScatterAddSpec)(*common, updates)
