"""Why a kernel has its template and its parameters: the numbers by which the selection decided."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dark_jit import dtypes
from dark_jit.lowering import tiles
from dark_jit.lowering.contraction_spec import ContractionSpec
from dark_jit.lowering.kernel import KernelSpec
from dark_jit.lowering.target import Target

SHOWN = 4  # candidates


@dataclass(frozen=True)
class Candidate:
    """A tile that was considered, and the time of all tiles by the cost model of lowering/tiles.py, in cycles."""

    rows: tuple[int, ...]
    vectors: int
    cycles: float
    chosen: bool

    def __str__(self) -> str:
        rows = "x".join(map(str, self.rows)) or "1"
        return f"tile {rows}, {self.vectors} vectors: {self.cycles:,.0f} cycles{' (chosen)' if self.chosen else ''}"


def candidates(spec: KernelSpec, target: Target) -> list[Candidate]:
    """The best tiles for a contraction, best first, one of those that cost the same; nothing for other families, which
    choose without a model.
    """
    if not isinstance(spec, ContractionSpec):
        return []
    space = _space(spec)
    chosen = tiles.Tile(spec.tile, spec.vectors)
    best: dict[float, tiles.Tile] = {}
    for tile in tiles.candidates(space, target):
        best.setdefault(tiles.cost(tile, space)[0], tile)
    ranked = sorted(best.items(), key=lambda found: found[0])[:SHOWN]
    return [Candidate(tile.rows, tile.vectors, cost / 2, tile == chosen) for cost, tile in ranked]


def _space(spec: ContractionSpec) -> tiles.Space:
    """What the tile was chosen for."""
    left, right = (load.access.strides[: len(spec.axes) - 1] for load in (spec.left, spec.right))
    strides = tuple(
        None if stride and extent > 1 else walk for stride, extent, walk in zip(right, spec.axes, left, strict=False)
    )
    itemsize = dtypes.as_dtype(spec.left.dtype).itemsize
    return tiles.Space(spec.axes[:-1], strides, spec.axes[-1], spec.lanes, math.prod(spec.reduced), itemsize)
