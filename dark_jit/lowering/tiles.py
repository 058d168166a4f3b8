"""How large a tile of a contraction is: how many rows and vectors of sums stay in registers at once.

The sums of R rows and V vectors, V vectors of the right operand and one broadcast element of the left one must fit into
the registers. Of the shapes that do, the one is taken that needs the least time for the space at hand, by a small
model: see `tile_time`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dark_jit.lowering.target import Target

PAGE = 4096  # addresses that are equal modulo this compete for the same lines of the first cache


@dataclass(frozen=True)
class Tile:
    """Rows along each axis but the last, and vectors of the last axis."""

    rows: tuple[int, ...]
    vectors: int


@dataclass(frozen=True)
class Space:
    """What is to be cut into tiles.

    `rows` are the extents of the axes before the last, `strides` the distance of neighbours along them in the left
    operand in elements, or None where the right operand changes along the axis, so that rows cannot lie along it. The
    last axis has `columns` elements, `lanes` of them in a vector; the sum has `depth` terms of `itemsize` bytes.
    """

    rows: tuple[int, ...]
    strides: tuple[int | None, ...]
    columns: int
    lanes: int
    depth: int
    itemsize: int


def choose(space: Space, target: Target) -> Tile:
    """The tile that takes the least time."""
    return min(candidates(space, target), key=lambda tile: cost(tile, space))


def best(space: Space, target: Target, most: int) -> list[Tile]:
    """The `most` tiles that take the least time, fastest first, one of those that take the same."""
    found: dict[float, Tile] = {}
    for tile in sorted(candidates(space, target), key=lambda tile: cost(tile, space)):
        found.setdefault(cost(tile, space)[0], tile)
    return list(found.values())[:most]


def candidates(space: Space, target: Target) -> list[Tile]:
    """The tiles whose sums and operands fit into the registers."""
    free = [axis for axis, stride in enumerate(space.strides) if stride is not None]
    most = target.registers - 2
    return [
        Tile(rows, vectors)
        for rows in row_shapes(space.rows, free, most)
        for vectors in range(1, min(most, math.ceil(space.columns / space.lanes)) + 1)
        if math.prod(rows) * vectors + vectors < target.registers and not crowded(rows, space, target)
    ]


def row_shapes(extents: Sequence[int], free: Sequence[int], most: int) -> Iterator[tuple[int, ...]]:
    """Rows along one axis; or, where that makes few, along several of which all but the first are taken whole."""
    ones = (1,) * len(extents)
    yield ones
    for position, axis in enumerate(free):
        whole = list(ones)
        for inner in free[position + 1 :]:
            whole[inner] = extents[inner]
        for shape in {ones, tuple(whole)}:
            for count in range(1, extents[axis] + 1):
                rows = (*shape[:axis], count, *shape[axis + 1 :])
                if math.prod(rows) > most:
                    break
                yield rows


def crowded(rows: Sequence[int], space: Space, target: Target) -> bool:
    """Whether the rows' elements of the left operand drive each other out of the first cache.

    Rows that lie a multiple of a large power of two apart share a few sets of it.
    """
    ways = max(1, target.l1_bytes // PAGE)
    for count, stride in zip(rows, space.strides, strict=True):
        if count > 1 and stride:
            places = PAGE // math.gcd(PAGE, stride * space.itemsize)
            if math.ceil(count / places) > ways:
                return True
    return False


def cost(tile: Tile, space: Space) -> tuple[float, int]:
    """The time of all tiles, a little more for rows along outer axes; then how many kinds of tiles there are."""
    along = (kinds(extent, rows) for extent, rows in zip(space.rows, tile.rows, strict=True))
    row_kinds = list(itertools.product(*along))
    lane_kinds = kinds(math.ceil(space.columns / space.lanes), tile.vectors)
    apart = all(stride != 1 for rows, stride in zip(tile.rows, space.strides, strict=True) if rows > 1)
    total = 0.0
    for kind in row_kinds:
        rows, times = math.prod(size for size, _ in kind), math.prod(count for _, count in kind)
        total += times * sum(count * tile_time(rows, vectors, space.depth, apart) for vectors, count in lane_kinds)
    outside = sum(len(space.rows) - axis for axis, rows in enumerate(tile.rows) if rows > 1)
    return total * (1 + 0.01 * outside), len(row_kinds) * len(lane_kinds)


def kinds(extent: int, size: int) -> list[tuple[int, int]]:
    """The sizes of the pieces that an extent is cut into, and how many there are of each."""
    whole, rest = divmod(extent, size)
    return [(size, whole)] * (whole > 0) + [(rest, 1)] * (rest > 0)


def tile_time(rows: int, vectors: int, depth: int, apart: bool) -> float:
    """Time of a tile in half cycles.

    Two multiply-adds and two loads start in a cycle; a sum can be added to every fourth cycle, so fewer than eight of
    them wait for one another. Loads overlap with the arithmetic, though not wholly, and rows that lie `apart` in memory
    need a cache line each. At the end each sum is stored.
    """
    step = max(rows * vectors, rows + vectors, 8) + (0.12 if apart else 0.04) * rows + 0.2 * vectors
    return depth * step + 3 * rows * vectors + 60
