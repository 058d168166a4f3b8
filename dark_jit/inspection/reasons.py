"""Why a kernel has its template and its parameters: the numbers by which the selection decided."""

from __future__ import annotations

from dataclasses import dataclass

from dark_jit.lowering import tiles
from dark_jit.lowering.contraction import space_of
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
    space = space_of(spec)
    chosen = tiles.Tile(spec.tile, spec.vectors)
    ranked = tiles.best(space, target, SHOWN)
    return [Candidate(tile.rows, tile.vectors, tiles.cost(tile, space)[0] / 2, tile == chosen) for tile in ranked]
