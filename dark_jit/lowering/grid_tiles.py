"""The tiles in which a GPU computes contractions, and about how long one takes: a table, and a cost model over it.

Products are made by the ordinary units ("fma") or by the tensor cores, whose operands are tf32 (float32 with 10 bits of
mantissa) or bf16 (with 7). "tf32x3" splits each float32 into the sum of two tf32 and adds up the three larger of the
four products, which keeps float32's accuracy (Ootomo and Yokota, Recovering single precision accuracy from Tensor
Cores, 2022). "halves" are operands that have 16 bits themselves, float16 or bfloat16.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from dark_jit import dtypes
from dark_jit.lowering.target import Gpu

Products = Literal["fma", "tf32x3", "tf32", "bf16", "halves"]


@dataclass(frozen=True)
class Tile:
    """A tile of `rows` x `columns` results, `depth` terms at a time; each thread has `cell` rows and columns of it.

    `speed`: about the part of a multiprocessor's arithmetic that it reaches: large tiles need fewer loads a product.
    `resident`: blocks for which a multiprocessor has registers. `stages` tiles of each operand are in shared memory: 2
    come through registers, more of them in the background.
    """

    rows: int
    columns: int
    depth: int
    cell: tuple[int, int]
    speed: float
    resident: int = 2
    stages: int = 2

    @property
    def threads(self) -> int:
        """Of a block."""
        return self.rows * self.columns // math.prod(self.cell)

    @property
    def neighbours(self) -> int:
        """Columns side by side that a thread has."""
        return self.cell[1]

    @property
    def products(self) -> Products:
        """What makes the products."""
        return "fma"

    @property
    def alone(self) -> bool:
        """Whether there are registers for two operands that come element by element."""
        return True


@dataclass(frozen=True)
class MmaTile:
    """As Tile, by tensor cores: the block's warps are `warps` rows and columns of parts of the tile, and `stages` tiles
    of each operand are in shared memory or on their way there. `alone`: whether there are registers for two operands
    that come element by element."""

    rows: int
    columns: int
    depth: int
    warps: tuple[int, int]
    stages: int
    speed: float
    resident: int
    products: Products
    alone: bool = True

    @property
    def threads(self) -> int:
        """Of a block."""
        return 32 * math.prod(self.warps)

    @property
    def neighbours(self) -> int:
        """Columns side by side that a thread has: two, by the layout of mma.sync."""
        return 2

    @property
    def part(self) -> tuple[int, int]:
        """Rows and columns of a warp."""
        return self.rows // self.warps[0], self.columns // self.warps[1]


# Tiles whose operands come through registers, for cards that have no cp.async: before sm_80. Elements of 8 bytes have
# tiles of their own, as sums of them fill twice the registers.
TILES = (
    Tile(128, 128, 8, (8, 8), 0.66, resident=1),
    Tile(128, 64, 8, (8, 4), 0.6),
    Tile(64, 64, 16, (4, 4), 0.5),
    Tile(128, 32, 16, (8, 2), 0.4),
    Tile(32, 32, 16, (2, 2), 0.25),
)
WIDE_TILES = TILES[2:]

# The same, with operands that come in the background. The speeds of the three large ones were measured on an H200
# (4096 x 4096 @ 4096 x 4096, float32), as were those of MMA_TILES; the others are estimates.
PIPELINED_TILES = (
    Tile(128, 128, 8, (8, 8), 0.66, stages=4),
    Tile(128, 64, 8, (8, 4), 0.67, stages=4),
    Tile(64, 64, 16, (4, 4), 0.56, stages=3),
    Tile(128, 32, 16, (8, 2), 0.4, stages=3),
    Tile(32, 32, 16, (2, 2), 0.25, stages=4),
)
PIPELINED_WIDE_TILES = (
    Tile(64, 64, 8, (4, 4), 0.56, stages=4),
    Tile(128, 32, 8, (8, 2), 0.4, stages=4),
    Tile(32, 32, 16, (2, 2), 0.25, stages=4),
)

# Three stages of 128 x 128 x 16 fill just the 48 KiB that a block may have without asking. The larger the parts of the
# warps, the fewer instructions go with a product; splitting needs the registers (128 x 128 reached 0.64).
MMA_TILES = {
    "tf32x3": (
        MmaTile(128, 64, 16, (2, 2), 3, 0.67, resident=2, products="tf32x3"),
        MmaTile(64, 64, 16, (2, 2), 4, 0.59, resident=3, products="tf32x3"),
    ),
    "tf32": (
        MmaTile(128, 128, 16, (2, 2), 3, 0.58, resident=2, products="tf32", alone=False),
        MmaTile(128, 64, 16, (2, 2), 3, 0.51, resident=2, products="tf32"),
        MmaTile(64, 64, 16, (2, 2), 4, 0.38, resident=3, products="tf32"),
    ),
    "bf16": (  # as estimated: half of the instructions for the same bytes
        MmaTile(128, 128, 16, (2, 2), 3, 0.4, resident=2, products="bf16", alone=False),
        MmaTile(128, 64, 16, (2, 2), 3, 0.35, resident=2, products="bf16"),
        MmaTile(64, 64, 16, (2, 2), 4, 0.26, resident=3, products="bf16"),
    ),
    "halves": (  # as estimated: no instructions that convert, half of the bytes
        MmaTile(128, 128, 32, (2, 2), 3, 0.6, resident=2, products="halves", alone=False),
        MmaTile(128, 64, 32, (2, 2), 3, 0.5, resident=2, products="halves", alone=False),
        MmaTile(64, 64, 32, (2, 2), 4, 0.36, resident=3, products="halves"),
    ),
}

# Products that a multiprocessor makes in a cycle, by architecture: of float32, and of tf32 by mma.sync, of bf16
# twice as many. From NVIDIA's whitepapers (A100, GA102, Ada, H100, Blackwell); of sm_90 and sm_100 half of the tensor
# cores' rate, as the other half needs wgmma and tcgen05. On consumer cards tf32 is no faster than float32, so they take
# it only when they are told to.
PRODUCTS = {
    "sm_80": (64, 512),
    "sm_86": (128, 128),
    "sm_89": (128, 128),
    "sm_90": (128, 512),
    "sm_100": (128, 512),
    "sm_120": (128, 128),
}
UNKNOWN = (128, 0)  # of other architectures nothing is assumed of tensor cores


def multiplies_halves(target: Gpu) -> bool:
    """Whether contractions of floats of 16 bits are for the tensor cores."""
    return _number(target) >= 80 and _rates(target)[1] > 0 and target.precision != "strict"


def tiles_for(dtype: str, target: Gpu) -> tuple[Tile | MmaTile, ...]:
    """The tiles that come into question for products of a dtype, in the precision of the target."""
    if dtypes.is_half(dtypes.as_dtype(dtype)):
        return MMA_TILES["halves"]
    wide = dtypes.as_dtype(dtype).itemsize > 4
    if _number(target) < 80:
        return WIDE_TILES if wide else TILES
    if wide:
        return PIPELINED_WIDE_TILES
    if dtype != "float32" or not _rates(target)[1] or target.precision == "strict":
        return PIPELINED_TILES
    return (*PIPELINED_TILES, *MMA_TILES["tf32x3" if target.precision == "default" else target.precision])


def products_a_cycle(tile: Tile | MmaTile, target: Gpu) -> float:
    """About how many a multiprocessor makes."""
    fma, tf32 = _rates(target)
    rates = {"fma": fma, "tf32x3": tf32 / 3, "tf32": tf32, "bf16": 2 * tf32, "halves": 2 * tf32}
    return tile.speed * rates[tile.products]


def _rates(target: Gpu) -> tuple[int, int]:
    return PRODUCTS.get(f"sm_{_number(target)}", UNKNOWN)


def _number(target: Gpu) -> int:
    """90 of sm_90 and sm_90a."""
    return int(target.arch.removeprefix("sm_").rstrip("af"))
