"""Contractions on a grid of thread blocks: how a GPU shares the nest of lowering/contraction.py.

    out[axes] = epilogue(sum over reduced of left[axes, reduced] * right[axes, reduced])

Axes are sorted into those of the batch, along which both operands change, rows (left alone) and columns (right alone).
Seen so, every contraction is a batch of matrix products: row m = all indices of the row axes as one number, column n
and term k likewise. A block of threads computes a tile of rows by columns; its operands come in through their index
maps, so a convolution needs no buffer of patches (implicit GEMM).
"""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from dark_jit.lowering import lanes, reduction
from dark_jit.lowering.axes import rewrite
from dark_jit.lowering.contraction_spec import Contraction
from dark_jit.lowering.grid_nest import MatrixNest, sorted_nest
from dark_jit.lowering.grid_packing import BYTES, LAUNCH, Pack, packed
from dark_jit.lowering.grid_tiles import MmaTile, Tile, products_a_cycle, tiles_for
from dark_jit.lowering.kernel import Access, Accumulator, Argument, Body, Load, Store
from dark_jit.lowering.target import Gpu

Walk = Literal["lines", "terms"]

SLICES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)
WORTH_A_SLICE = 256  # terms
PAUSES = 0.2  # of a multiprocessor's time, for each block that it has room for and that is not there


@dataclass(frozen=True)
class Fetch:
    """How a tile of an operand comes from memory: along lines (rows or columns) or terms, `width` elements at once."""

    walk: Walk
    width: int


@dataclass(frozen=True)
class GridContractionSpec(Contraction):
    """A contraction, tiled. The first `batch` of the axes are the batch's, the next `rows` the rows', then columns.

    `chunk`, if not 0: batch axis 0 counts slices of so many terms, the sums of each being a result of its own.
    `lanes` neighbouring columns are stored at once.
    """

    batch: int
    rows: int
    tile: Tile | MmaTile
    fetch_left: Fetch
    fetch_right: Fetch
    chunk: int = 0

    @property
    def batch_axes(self) -> tuple[int, ...]:
        """The extents of the batch."""
        return self.axes[: self.batch]

    @property
    def row_axes(self) -> tuple[int, ...]:
        """The extents that make up the rows."""
        return self.axes[self.batch : self.batch + self.rows]

    @property
    def column_axes(self) -> tuple[int, ...]:
        """The extents that make up the columns."""
        return self.axes[self.batch + self.rows :]

    @property
    def threads(self) -> int:
        """Of a block."""
        return self.tile.threads

    @property
    def resident(self) -> int:
        """Blocks for which a multiprocessor has registers: one of large tiles whose elements are fetched alone, as each
        of them has an address."""
        large = isinstance(self.tile, MmaTile) or self.tile.cell == (8, 8)
        alone = min(self.fetch_left.width, self.fetch_right.width) == 1
        return 1 if large and alone else self.tile.resident

    @property
    def tiles(self) -> int:
        """Blocks of the grid."""
        rows = math.ceil(math.prod(self.row_axes) / self.tile.rows)
        return math.prod(self.batch_axes) * rows * math.ceil(math.prod(self.column_axes) / self.tile.columns)

    @property
    def flops(self) -> int:
        """As Contraction's; a slice has but its own terms."""
        return super().flops // (self.axes[0] if self.chunk else 1)


@dataclass(frozen=True)
class GridGemmSpec(GridContractionSpec):
    """Matrix products."""

    template: ClassVar[str] = "gemm"


@dataclass(frozen=True)
class GridConv2dSpec(GridContractionSpec):
    """A convolution, or a gradient of one: several reduced axes."""

    template: ClassVar[str] = "conv2d"


@dataclass(frozen=True)
class GridGemmMmaSpec(GridContractionSpec):
    """Matrix products on tensor cores."""

    template: ClassVar[str] = "gemm_mma"


@dataclass(frozen=True)
class GridConv2dMmaSpec(GridContractionSpec):
    """A convolution, or a gradient of one, on tensor cores."""

    template: ClassVar[str] = "conv2d_mma"


@dataclass(frozen=True)
class Problem:
    """A contraction; the fields are what contraction.plan is told."""

    axes: tuple[int, ...]
    reduced: tuple[int, ...]
    left: Load
    right: Load
    epilogue: Body
    arguments: tuple[Argument, ...]

    def nest(self) -> MatrixNest:
        """As matrix products."""
        return sorted_nest(self.axes, self.reduced or (1,), self.left, self.right, self.epilogue)


@dataclass(frozen=True)
class Plan:
    """One kernel; or `main` writes the sums of slices to a scratch buffer, its last argument, and `second`, whose first
    argument that is, adds them up and runs the epilogue. `packs` come first: `main` has the buffers that they write
    behind the arguments of the contraction."""

    main: GridContractionSpec
    second: reduction.Plan | None
    reason: str
    packs: tuple[Pack, ...] = ()


def plan(problem: Problem, target: Gpu) -> Plan:
    """Decide how a GPU computes a contraction."""
    nest, given, packs = packed(problem.nest(), problem.arguments, target)
    tile, slices = _choose(nest, target)
    if slices == 1:
        return Plan(_spec(nest, given, tile, 0), None, _described(tile), packs)
    return Plan(*_sliced(nest, problem.arguments, given, tile, slices, target), packs)


def cuts(problem: Problem, target: Gpu, most: int) -> list[Gpu]:
    """Targets that cut this contraction in other ways: those of the least cost by the model, `most` of them."""
    nest, _, _ = packed(problem.nest(), problem.arguments, target)
    return [target.answering(_question(nest), _named(*choice)) for choice in _by_cost(nest, target)[:most]]


def _question(nest: MatrixNest) -> Hashable:
    return "grid", nest.batch, nest.rows, nest.columns, nest.reduced, nest.left, nest.right


def _named(tile: Tile | MmaTile, slices: int) -> tuple[int, int, str, int]:
    return tile.rows, tile.columns, tile.products, slices


def _choose(nest: MatrixNest, target: Gpu) -> tuple[Tile | MmaTile, int]:
    """The tile and the number of slices: those that were measured, else those with the least cost."""
    answer = target.answer(_question(nest))
    choices = _by_cost(nest, target)
    return next((choice for choice in choices if _named(*choice) == answer), choices[0])


def _by_cost(nest: MatrixNest, target: Gpu) -> list[tuple[Tile | MmaTile, int]]:
    """Tiles and numbers of slices, beginning with those with which the busiest multiprocessor is done first."""
    most = max(1, nest.terms // WORTH_A_SLICE)
    tiles = [tile for tile in tiles_for(nest.left.dtype, target) if _suits(nest, tile)]
    choices = [(tile, slices) for tile in tiles for slices in SLICES if slices <= most]
    return sorted(choices, key=lambda choice: _cycles(nest, choice[0], choice[1], target))


def _suits(nest: MatrixNest, tile: Tile | MmaTile) -> bool:
    """Whether a tile has registers for the addresses of what is fetched."""
    return tile.alone or max(fetch.width for fetch in _fetches(nest, tile)) > 1


def _cycles(nest: MatrixNest, tile: Tile | MmaTile, slices: int, target: Gpu) -> float:
    """About how many cycles a contraction takes: tiles after tiles, and the second pass over the sums of slices."""
    rows, columns = math.prod(nest.rows), math.prod(nest.columns)
    blocks = slices * math.prod(nest.batch) * math.ceil(rows / tile.rows) * math.ceil(columns / tile.columns)
    turns = _turns(blocks, tile.resident, target.multiprocessors)
    main = turns * tile.rows * tile.columns * math.ceil(nest.terms / slices) / products_a_cycle(tile, target)
    if slices == 1:
        return main
    return main + LAUNCH + 2 * slices * math.prod(nest.axes) * lanes.itemsize(nest.sums) / BYTES


def _turns(blocks: int, resident: int, multiprocessors: int) -> float:
    """How many blocks the busiest multiprocessor computes. The last ones count for more, if fewer are there at once
    than it has room for: nobody fills their pauses."""
    full, rest = divmod(blocks, multiprocessors * resident)
    last = math.ceil(rest / multiprocessors)
    return full * resident + last / (1 - PAUSES * (resident - last))


def _sliced(
    nest: MatrixNest,
    given: tuple[Argument, ...],
    arguments: tuple[Argument, ...],
    tile: Tile | MmaTile,
    slices: int,
    target: Gpu,
) -> tuple[GridContractionSpec, reduction.Plan, str]:
    """The sums of slices and their sum, which knows of no copies: it has the arguments that were given."""
    chunk = math.ceil(math.ceil(nest.terms / slices) / tile.depth) * tile.depth
    slices = math.ceil(nest.terms / chunk)
    dtype, size = nest.sums, math.prod(nest.axes)
    inner = tuple(math.prod(nest.axes[axis + 1 :]) for axis in range(len(nest.axes)))
    left, right = (
        replace(load, access=replace(load.access, strides=(0, *load.access.strides)))
        for load in (nest.left, nest.right)
    )
    reading = tuple(replace(argument, written=False) for argument in arguments)
    store = Store(0, len(reading), Access(0, (size, *inner)))
    sums = replace(
        nest, batch=(slices, *nest.batch), left=left, right=right, epilogue=Body((Accumulator(dtype),), (store,))
    )
    scratch = Argument(dtype, slices * size, written=True)
    main = _spec(sums, (*reading, scratch), tile, chunk)
    together = reduction.plan(
        nest.axes,
        (slices,),
        Body((Load(dtype, 0, Access(0, (*inner, size))),)),
        0,
        "sum",
        _shifted(nest.epilogue),
        (replace(scratch, written=False), *given),
        target,
    )
    return main, together, f"{slices} slices of {chunk} terms, in {_described(tile)}"


def _described(tile: Tile | MmaTile) -> str:
    by = "" if tile.products == "fma" else f", {tile.products} on tensor cores"
    return f"tiles of {tile.rows} x {tile.columns}{by}"


def _shifted(body: Body) -> Body:
    """The body behind one more argument."""
    return rewrite(body, argument=lambda argument: argument + 1)


_FAMILIES: dict[tuple[bool, bool], type[GridContractionSpec]] = {  # by (tensor cores, one axis of terms)
    (False, True): GridGemmSpec,
    (False, False): GridConv2dSpec,
    (True, True): GridGemmMmaSpec,
    (True, False): GridConv2dMmaSpec,
}


def _spec(nest: MatrixNest, arguments: tuple[Argument, ...], tile: Tile | MmaTile, chunk: int) -> GridContractionSpec:
    family = _FAMILIES[isinstance(tile, MmaTile), len(nest.reduced) == 1]
    fetch_left, fetch_right = _fetches(nest, tile)
    return family(
        axes=nest.axes,
        arguments=arguments,
        epilogue=nest.epilogue,
        lanes=min(16 // lanes.itemsize(nest.sums), tile.neighbours),
        reduced=nest.reduced,
        left=nest.left,
        right=nest.right,
        batch=len(nest.batch),
        rows=len(nest.rows),
        tile=tile,
        fetch_left=fetch_left,
        fetch_right=fetch_right,
        chunk=chunk,
    )


def _fetches(nest: MatrixNest, tile: Tile | MmaTile) -> tuple[Fetch, Fetch]:
    extents = (*nest.axes, *nest.reduced)
    row = len(nest.batch) + len(nest.rows) - 1 if nest.rows else -1
    return _fetch(nest.left, extents, row, tile), _fetch(nest.right, extents, len(nest.axes) - 1, tile)


def _fetch(load: Load, extents: tuple[int, ...], line: int, tile: Tile | MmaTile) -> Fetch:
    """Along whichever axis neighbours lie side by side, 16 bytes at once where all of them begin at a multiple; of 16
    bits also 8 and 4 bytes.

    The ordinary units want lines side by side in shared memory: copies in the background that walk along terms, and so
    transpose, move single elements.
    """
    strides, terms = load.access.strides, len(extents) - 1
    along = line if line >= 0 and strides[line] == 1 and (strides[terms] != 1 or extents[terms] == 1) else terms
    others = [stride for axis, stride in enumerate(strides) if axis != along and extents[axis] > 1]
    even = math.gcd(load.access.offset, extents[along], *others)
    walk: Walk = "terms" if along == terms else "lines"
    transposed = isinstance(tile, Tile) and tile.stages > 2 and walk == "terms"
    if strides[along] != 1 or transposed:
        return Fetch(walk, 1)
    widths = _WIDTHS.get(lanes.itemsize(load.dtype), (1,))
    return Fetch(walk, next(width for width in widths if even % width == 0))


_WIDTHS = {2: (8, 4, 2, 1), 4: (4, 1), 8: (2, 1)}  # by the bytes of an element
