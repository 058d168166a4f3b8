"""What this machine reaches at most, measured: multiply-adds in registers, and copying arrays of several sizes.

The roofline model (Williams, Waterman and Patterson 2009, "Roofline: an insightful visual performance model for
multicore architectures"): a kernel takes at least as long as its arithmetic at the peak, and as long as its bytes at
the bandwidth, that of a copy of as many bytes as the kernel touches: what fits into a cache is held to the cache.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import ClassVar

from dark_jit.backends.llvm.compile import compile_module
from dark_jit.backends.llvm.render import render
from dark_jit.backends.llvm.runtime import External, KernelCall, allocate
from dark_jit.inspection.timing import seconds_of
from dark_jit.lowering.kernel import Access, Argument, Body, ElementwiseSpec, KernelSpec, Load, Store
from dark_jit.lowering.target import Target

CHAINS = 12  # as many sums as hide the latency of an addition, and fit into 16 registers beside the operands
STEPS = 20_000
SIZES = tuple(1 << power for power in range(14, 28, 2))  # bytes read and written by a copy: 16 KiB to 64 MiB


@dataclass(frozen=True)
class FmaSpec(KernelSpec):
    """`chains` independent vectors, `steps` multiply-adds each."""

    template: ClassVar[str] = "roofline/fma"
    dtype: str
    chains: int
    steps: int

    @property
    def flops(self) -> int:
        """Of one worker."""
        return 2 * self.lanes * self.chains * self.steps


@dataclass(frozen=True)
class Roofline:
    """Ceilings for `workers` workers: FLOP/s by dtype; pairs of bytes and bytes/s, the smallest first."""

    workers: int
    peaks: dict[str, float]
    bandwidths: tuple[tuple[int, float], ...]

    def bandwidth(self, nbytes: int) -> float:
        """Bytes/s of a copy that touches so many bytes, or as many as the largest measured one below."""
        reached = [speed for size, speed in self.bandwidths if size <= nbytes]
        return reached[-1] if reached else self.bandwidths[0][1]

    def seconds(self, flops: int, nbytes: int, dtype: str) -> float:
        """The least time for so much work on elements of `dtype`."""
        return max(flops / self.peaks[dtype], nbytes / self.bandwidth(nbytes))

    def bound(self, flops: int, nbytes: int, dtype: str) -> str:
        """What limits such a kernel: 'compute' or 'memory'."""
        return "compute" if flops / self.peaks[dtype] > nbytes / self.bandwidth(nbytes) else "memory"


@functools.cache
def roofline(target: Target, workers: int) -> Roofline:
    """The ceilings of this machine; measured once a process, in about half a second.

    Where several workers copy no faster than one, since it takes time to start them, the ceiling is that of one.
    """
    peaks = {dtype: _peak(target, dtype, workers) for dtype in ("float32", "float64")}
    speeds = [_copy_speed(target, size, workers) for size in SIZES]
    if workers > 1:
        alone = roofline(target, 1).bandwidths
        speeds = [max(speed, single) for speed, (_, single) in zip(speeds, alone, strict=True)]
    return Roofline(workers, peaks, tuple(zip(SIZES, speeds, strict=True)))


def _peak(target: Target, dtype: str, workers: int) -> float:
    lanes = target.lanes(4 if dtype == "float32" else 8)
    kept = Argument(dtype, lanes * CHAINS * workers, written=True)
    spec = FmaSpec((), (Argument(dtype, 2 * lanes), kept), Body(), lanes, dtype, CHAINS, STEPS)
    return workers * spec.flops / _measured(spec, target, workers)


def _copy_speed(target: Target, size: int, workers: int) -> float:
    """Bytes read and written, a second."""
    count = size // 8
    access = Access(0, (1,))
    body = Body((Load("float32", 0, access),), (Store(0, 1, access),))
    arguments = Argument("float32", count), Argument("float32", count, written=True)
    return size / _measured(ElementwiseSpec((count,), arguments, body, target.lanes(4)), target, workers)


def _measured(spec: KernelSpec, target: Target, workers: int) -> float:
    module = compile_module(render(spec, target).text, target.isa)
    memory = [allocate(argument.bytes) for argument in spec.arguments]
    for each in memory:
        each.array("uint8", (each.nbytes,)).fill(0)
    call = KernelCall(module.address("kernel"), (External(0), External(1)), spec.most_workers, True)
    return seconds_of(call, [each.address for each in memory], workers)
