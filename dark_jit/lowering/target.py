"""What lowering may know about a machine. A backend makes the description; nothing in lowering asks elsewhere."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, Self


@dataclass(frozen=True)
class Folding:
    """How a machine likes its reductions.

    accumulators: independent vectors that it folds side by side; strip: at most so many of them along the results;
    uneven: whether those along the reduced axis may have unequal shares of it. `items` pieces of work are enough to
    keep it busy; where there are fewer, a reduction is cut into chunks of about `chunk` elements, at most
    `chunked_items` in all.
    """

    accumulators: int
    strip: int
    uneven: bool
    items: int
    chunk: int
    chunked_items: int


class Machine(Protocol):
    """What all machines tell."""

    @property
    def folding(self) -> Folding:
        """How reductions are cut."""
        ...

    @property
    def vectors(self) -> bool:
        """Whether a kernel computes vectors, along one axis or another; else a thread computes one element."""
        ...

    def lanes(self, itemsize: int) -> int:
        """How many elements of `itemsize` bytes one access to memory handles; at least 1."""
        ...

    def fold_lanes(self, itemsize: int) -> int:
        """How many elements of `itemsize` bytes are folded at once."""
        ...


# Independent vectors, so that additions overlap; a strip of a few hundred bytes in a row is what memory gives best.
_CPU = Folding(accumulators=4, strip=8, uneven=False, items=32, chunk=16384, chunked_items=256)
# The vector is a warp, the vectors side by side are the warps of a block; a block is a piece of work.
_GPU = Folding(accumulators=8, strip=1, uneven=True, items=264, chunk=4096, chunked_items=1056)


@dataclass(frozen=True)
class Measured:
    """What was measured of a machine: answers to questions of lowering that were timed, rather than modelled, as
    (question, answer)."""

    measured: tuple[tuple[Hashable, Any], ...] = field(default=(), kw_only=True)

    def answer(self, question: Hashable) -> Any:
        """What was measured; None where nothing was."""
        return next((answer for asked, answer in self.measured if asked == question), None)

    def answering(self, question: Hashable, answer: Any) -> Self:
        """The same machine with one more answer."""
        others = (pair for pair in self.measured if pair[0] != question)
        return replace(self, measured=(*others, (question, answer)))

    @property
    def modelled(self) -> Self:
        """The same machine without answers; what a kernel's text follows from, besides its spec."""
        return replace(self, measured=())


@dataclass(frozen=True)
class Target(Measured):
    """A CPU: its instruction set, the size and number of its vector registers, its data caches in bytes, its cores.

    strict: whether sums must be sums of the products that an operation names: no Winograd convolution.
    """

    isa: str
    vector_bytes: int
    registers: int
    l1_bytes: int
    l2_bytes: int
    l3_bytes: int
    cores: int = 1
    strict: bool = False

    @property
    def folding(self) -> Folding:
        """For a few cores."""
        return _CPU

    @property
    def far_bytes(self) -> int:
        """Whatever writes so much is not read from the last cache afterwards, of which others have their part too."""
        return self.l3_bytes // 2

    @property
    def vectors(self) -> bool:
        """In registers."""
        return True

    def lanes(self, itemsize: int) -> int:
        """How many elements of `itemsize` bytes one vector register holds; at least 1."""
        return max(1, self.vector_bytes // itemsize)

    def fold_lanes(self, itemsize: int) -> int:
        """A vector register full."""
        return self.lanes(itemsize)


@dataclass(frozen=True)
class Gpu(Measured):
    """A GPU: its architecture (sm_90), its multiprocessors, and what a block of threads may use of one of them.

    precision: how products of float32 may be made, as dark.compile's: "strict" for products of float32 only, "default"
    for any way that is as accurate, "tf32" and "bf16" for products of operands rounded to these.
    """

    arch: str
    multiprocessors: int
    shared_bytes: int = 48 << 10
    registers: int = 65536
    warp: int = 32
    precision: str = "default"

    @property
    def folding(self) -> Folding:
        """For some hundred blocks of warps."""
        return _GPU

    @property
    def vectors(self) -> bool:
        """A lane is a thread."""
        return False

    def lanes(self, itemsize: int) -> int:
        """Elements of an access of 16 bytes, the widest there is; at least 1."""
        return max(1, 16 // itemsize)

    def fold_lanes(self, itemsize: int) -> int:
        """A warp, whatever the element."""
        return self.warp
