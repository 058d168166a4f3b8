"""Reading an array at indices that are known only when the kernel runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dark_jit.lowering.kernel import Argument, KernelSpec, Load

STATUS = Argument("int64", 4, written=True)


@dataclass(frozen=True)
class IndexedSpec(KernelSpec):
    """A kernel that reads an index and checks it.

    Indices, of any integer dtype, are in the range -`extent` .. `extent` - 1; negative ones count from the end. One
    that is out of range is recorded in the last argument, the status (int64[4], written), unless something is there
    already: 1 + `node`, the index, 0, 0.
    """

    index: Load
    extent: int
    node: int


@dataclass(frozen=True)
class TakeSpec(IndexedSpec):
    """out[p] = epilogue(data[p, index[p]]).

    `data` reads over (*axes, `extent`), `index` over the axes. Place 0 stands in for an index out of range. Neither
    load has valid ranges. Where vectors run along the last axis, the index does not depend on it.
    """

    template: ClassVar[str] = "take"
    data: Load


@dataclass(frozen=True)
class GatherSpec(TakeSpec):
    """The same where each lane of a vector has an index of its own."""

    template: ClassVar[str] = "gather"
