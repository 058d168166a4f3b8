"""How many threads run a kernel: the grid and the block of each family, as its template shares the work."""

from __future__ import annotations

import functools
import math

from dark_jit.lowering.copying import TransposeSpec
from dark_jit.lowering.grid import GridContractionSpec
from dark_jit.lowering.kernel import KernelSpec
from dark_jit.lowering.reduction import ReduceRowsSpec, ReduceSpec
from dark_jit.lowering.target import Gpu

Extents = tuple[int, int, int]
Launch = tuple[Extents, Extents]

THREADS = 256  # of a block that has no other wish
RESIDENT = 8  # blocks of so many threads that a multiprocessor holds at once
SQUARE = 32  # rows and columns that a transposition moves through shared memory at once


@functools.singledispatch
def launch_of(spec: KernelSpec, width: int, target: Gpu) -> Launch:
    """Grid and block of a kernel whose threads take `width` elements each; a thread may take several turns."""
    items = math.prod(spec.axes) // width
    blocks = max(1, min(math.ceil(items / THREADS), target.multiprocessors * RESIDENT))
    return (blocks, 1, 1), (THREADS, 1, 1)


@launch_of.register
def _(spec: ReduceSpec, width: int, target: Gpu) -> Launch:
    """A block for each strip of results."""
    return (spec.items, 1, 1), (spec.lanes, spec.unroll, 1)


@launch_of.register
def _(spec: ReduceRowsSpec, width: int, target: Gpu) -> Launch:
    """A block for each result, or for several where one has few warps. That does not change what a warp adds up."""
    rows = max(1, THREADS // (spec.lanes * spec.unroll))
    return (math.ceil(spec.items / rows), 1, 1), (spec.lanes, spec.unroll, rows)


@launch_of.register
def _(spec: TransposeSpec, width: int, target: Gpu) -> Launch:
    """A block for each square."""
    across = math.ceil(spec.axes[spec.across] / SQUARE) * math.ceil(spec.axes[-1] / SQUARE)
    others = math.prod(spec.axes) // (spec.axes[spec.across] * spec.axes[-1])
    return (across * others, 1, 1), (SQUARE, 8, 1)


@launch_of.register
def _(spec: GridContractionSpec, width: int, target: Gpu) -> Launch:
    """A block for each tile of the result."""
    return (spec.tiles, 1, 1), (spec.threads, 1, 1)
