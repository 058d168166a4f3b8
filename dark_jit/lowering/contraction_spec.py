"""Contractions, as templates are told of them: a space cut into tiles, and the copying of an operand into panels."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from dark_jit.lowering.kernel import KernelSpec, Load

Packing = Literal["none", "before", "within"]
Kind = Literal["body", "edge"]


def indices(extents: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """All indices of a space, in C order."""
    return itertools.product(*(range(extent) for extent in extents))


@dataclass(frozen=True)
class Instance:
    """A kind of tile: those in the body of the space, or at an edge."""

    name: str
    tile: tuple[int, ...]
    vectors: int
    lanes: int
    left_offsets: tuple[int, ...]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.left_offsets)

    @property
    def row_indices(self) -> tuple[tuple[int, ...], ...]:
        """Where each row lies, along each axis but the last, from the first one on."""
        return tuple(indices(self.tile))


@dataclass(frozen=True)
class PanelCopy:
    """Copying a run of k into panels, `lanes` lanes of the last axis at a time.

    Neighbouring lanes lie `lane_step` apart in the source, neighbouring k `k_step` there and `to_step` in the panel.
    `lane_counts` says how many lanes there are in a panel and, where it is another number, in the last one. The run is
    `depth` long.
    """

    dtype: str
    lane_step: int
    k_step: int
    to_step: int
    lanes: int
    lane_counts: tuple[int, ...]
    depth: int

    @property
    def method(self) -> str:
        """How a vector comes about: 'copy' where lanes are neighbours, 'transpose' where the k are, else 'gather'."""
        if self.lane_step == 1:
            return "copy"
        return "transpose" if self.k_step == 1 and self.depth >= self.lanes // 4 else "gather"

    @property
    def tail(self) -> int:
        """How many values of k are left after the last square block."""
        return self.depth % self.lanes

    @property
    def depths(self) -> tuple[int, ...]:
        """The depths of the blocks that are transposed."""
        return (self.lanes,) * (self.depth >= self.lanes) + (self.tail,) * (self.tail > 0)

    @property
    def vector_counts(self) -> tuple[int, ...]:
        """How many lanes there are in the vectors of the panels, largest first."""
        rests = {count % self.lanes for count in self.lane_counts} - {0}
        whole = {self.lanes for count in self.lane_counts if count >= self.lanes}
        return tuple(sorted(whole | rests, reverse=True))


def lane_counts(extent: int, panel: int) -> tuple[int, ...]:
    """The lanes of whole panels, if there are any, and of a last, narrower one."""
    whole, rest = divmod(extent, panel)
    return (panel,) * (whole > 0) + (rest,) * (rest > 0)


@dataclass(frozen=True)
class Contraction(KernelSpec):
    """The sum of products of two loads over the reduced axes; their accesses cover `axes` and then `reduced`."""

    reduced: tuple[int, ...]
    left: Load
    right: Load

    @property
    def flops(self) -> int:
        """Two for each product that is added up, and those of the epilogue."""
        return super().flops + 2 * math.prod(self.axes) * math.prod(self.reduced)


@dataclass(frozen=True)
class ContractionSpec(Contraction):
    """A contraction, tiled for a CPU.

    The accesses of `left` and `right` cover `axes` and then `reduced`. `packing` says whether tiles read right where it
    lies ('none'); or from panels that a PackSpec has filled ('before'; the access then leads to the first lane of a
    panel, whose lanes are neighbours); or from a panel that the worker itself fills, on its stack ('within').

    A tile has tile[a] rows along axis a and `vectors` vectors; at most one axis is cut into tiles that do not divide
    it. A worker computes `block` tiles at a time. `unroll` divides the innermost reduced extent.

    The sum runs in pieces: `chunk` positions of reduced axis number `outer` and all of those inside of it. If there are
    several, the sums rest at `partial` from piece to piece.
    """

    packing: Packing
    tile: tuple[int, ...]
    vectors: int
    block: int
    unroll: int
    outer: int
    chunk: int
    partial: Load | None

    @property
    def straight(self) -> bool:
        """Whether the epilogue is so short that it is written out for each row, rather than as a loop over them."""
        return len(self.epilogue.steps) + len(self.epilogue.stores) <= 3 and self.pieces == 1

    @property
    def empty(self) -> bool:
        """Whether there is nothing to add up; the sums are 0."""
        return 0 in self.reduced

    @property
    def left_steps(self) -> tuple[int, ...]:
        """Left's strides along the reduced axes."""
        return self.left.access.strides[len(self.axes) :]

    @property
    def right_steps(self) -> tuple[int, ...]:
        """Right's strides along the reduced axes, as tiles read it."""
        return (self.panel,) if self.packing == "within" else self.right.access.strides[len(self.axes) :]

    @property
    def loops(self) -> int:
        """How many reduced axes a tile loops over: not the innermost one if it is unrolled as a whole."""
        whole = self.unroll == self.reduced[-1] and not (self.pieces > 1 and self.outer == len(self.reduced) - 1)
        return len(self.reduced) - whole

    @property
    def copy(self) -> PanelCopy:
        """How a panel is filled, if packing is 'within'."""
        *_, lane_step, k_step = self.right.access.strides
        counts = lane_counts(self.axes[-1], self.panel)
        return PanelCopy(self.right.dtype, lane_step, k_step, self.panel, self.lanes, counts, self.reduced[-1])

    @property
    def panel(self) -> int:
        """The lanes of a tile."""
        return self.vectors * self.lanes

    @property
    def panels(self) -> int:
        """How many tiles lie side by side along the last axis."""
        return math.ceil(self.axes[-1] / self.panel)

    @property
    def lane_edge(self) -> int:
        """The lanes of the last panel if it is not full, else 0."""
        return self.axes[-1] % self.panel

    @property
    def tile_counts(self) -> tuple[int, ...]:
        """How many tiles lie along each axis but the last."""
        return tuple(math.ceil(extent / rows) for extent, rows in zip(self.axes, self.tile, strict=False))

    @property
    def edge_axis(self) -> int | None:
        """The axis whose last tile is smaller than the others."""
        cut = [axis for axis, rows in enumerate(self.tile) if self.axes[axis] % rows]
        return cut[0] if cut else None

    @property
    def tiles(self) -> int:
        """How many tiles a panel has."""
        return math.prod(self.tile_counts)

    @property
    def blocks(self) -> int:
        """How many blocks of tiles a panel has."""
        return math.ceil(self.tiles / self.block)

    @property
    def whole_rows(self) -> int:
        """Into how many parts of the first axis the blocks fall, each of whole blocks; 0 where they do not."""
        count, inner = self.tile_counts[0], self.tiles // self.tile_counts[0]
        if self.axes[0] % self.tile[0]:
            return 0
        if self.block % inner == 0 == self.tiles % self.block:
            return self.blocks
        return count if inner % self.block == 0 else 0

    @property
    def piece_counts(self) -> tuple[int, ...]:
        """How many pieces the sum has along each of the reduced axes up to `outer`."""
        if self.empty:
            return (1,)
        return (*self.reduced[: self.outer], math.ceil(self.reduced[self.outer] / self.chunk))

    @property
    def pieces(self) -> int:
        """How many pieces the sum has."""
        return math.prod(self.piece_counts)

    @property
    def row_kinds(self) -> tuple[Kind, ...]:
        """The kinds of tiles along the rows."""
        return ("body",) if self.edge_axis is None else ("body", "edge")

    @property
    def lane_kinds(self) -> tuple[Kind, ...]:
        """The kinds of tiles along the lanes."""
        if not self.lane_edge:
            return ("body",)
        return ("body", "edge") if self.axes[-1] > self.panel else ("edge",)

    @property
    def instances(self) -> tuple[Instance, ...]:
        """All kinds of tiles that occur."""
        return tuple(self.instance(rows, lanes) for rows in self.row_kinds for lanes in self.lane_kinds)

    def instance(self, rows: Kind, lanes: Kind) -> Instance:
        """The kind of tile at the body or the edge of the rows and of the lanes."""
        tile, axis = list(self.tile), self.edge_axis
        if rows == "edge" and axis is not None:
            tile[axis] = self.axes[axis] % tile[axis]
        count = self.lane_edge if lanes == "edge" else self.panel
        vectors = math.ceil(count / self.lanes)
        shape = "x".join(str(extent) for extent in tile if extent > 1) or "1"
        last = count - (vectors - 1) * self.lanes
        name = f"tile_{shape}_by_{vectors}" + (f"_{last}" if last < self.lanes else "")
        offsets = [sum(i * s for i, s in zip(index, self.left.access.strides, strict=False)) for index in indices(tile)]
        return Instance(name, tuple(tile), vectors, last, tuple(offsets))


@dataclass(frozen=True)
class GemmSpec(ContractionSpec):
    """A matrix product, or several: at most one reduced axis."""

    template: ClassVar[str] = "gemm"


@dataclass(frozen=True)
class Conv2dSpec(ContractionSpec):
    """A convolution, or a gradient of one: several reduced axes."""

    template: ClassVar[str] = "conv2d"


@dataclass(frozen=True)
class PackSpec(KernelSpec):
    """Copy the right operand into panels of `panel` lanes: [batch...][panels][reduced...][panel].

    What lies behind the last lane is never used. `axes` are (batch..., n); `reduced` come in the order in which the
    source walks them. The arguments are (source, panels); the accesses cover axes and reduced, that of `panels` leads
    to the first lane of a panel.
    """

    template: ClassVar[str] = "pack"
    reduced: tuple[int, ...]
    source: Load
    panels: Load
    panel: int

    @property
    def count(self) -> int:
        """How many panels a batch has."""
        return math.ceil(self.axes[-1] / self.panel)

    @property
    def copy(self) -> PanelCopy:
        """How the innermost run of k gets into a panel."""
        source = self.source.access.strides
        steps = source[len(self.axes) - 1], source[-1], self.panels.access.strides[-1]
        return PanelCopy(
            self.source.dtype, *steps, self.lanes, lane_counts(self.axes[-1], self.panel), self.reduced[-1]
        )


@dataclass(frozen=True)
class Plan:
    """How a contraction is computed: first `pack`, if it is there, then `main`; `reason` says why so.

    Arguments of `main` beyond those that `plan` was given are scratch buffers; pack's second one is the first of them.
    """

    pack: PackSpec | None
    main: GemmSpec | Conv2dSpec
    reason: str
