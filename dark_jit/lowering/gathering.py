"""Taking slices of an array at indices that are known only when the kernel runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dark_jit.lowering.kernel import KernelSpec, Load


@dataclass(frozen=True)
class TakeSpec(KernelSpec):
    """out[i, j, k] = epilogue(data[i, index[i, j], k]) over axes (outer i, index j, inner k).

    `data` reads data[i, h, k], over (outer, h < `extent`, inner). `index` reads the index, of any integer dtype, over
    the axes; it does not depend on the last. Negative indices count from the end. One that is out of range is recorded
    in the last argument, the status (int64[4], written), unless something is there already: 1 + `node`, the index, 0,
    0; slice 0 stands in for it. Neither load has valid ranges.
    """

    template: ClassVar[str] = "take"
    data: Load
    extent: int
    index: Load
    node: int
