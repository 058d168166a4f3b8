"""Convolutions of 3 x 3 kernels with fewer products: Winograd's F(4 x 4, 3 x 3) and F(2 x 2, 3 x 3).

A tile of 4 x 4 outputs needs 36 products for each pair of channels in place of 144, one of 2 x 2 needs 16 in place of
36: the products of two polynomials' values at as many points as their product has coefficients determine it (Winograd
1980, Arithmetic Complexity of Computations; Lavin and Gray 2015, Fast Algorithms for Convolutional Neural Networks).
With the matrices of `templates/llvm/lib/winograd.ll.j2`,

    out = A^T [sum over c of (G g G^T) * (B^T d B)] A        d: 6 x 6 or 4 x 4 inputs, g: 3 x 3 weights, *: by element

so a layer is a transformation of its weights, one of its inputs, 36 or 16 matrix products, and one of their results,
into which the epilogue is fused. The last three are done for a block of tiles at a time (`_block`).

Large tiles save more products. Small ones lose fewer at the border of an image, and have fewer weights to bring from
memory. Rounding errors are about twice those of the direct sum with large tiles, and half of them with small ones
(docs/accuracy.md).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from dark_jit import dtypes
from dark_jit.lowering import tiles
from dark_jit.lowering.axes import collapse
from dark_jit.lowering.kernel import LINE, Access, Argument, Body, Load
from dark_jit.lowering.panels import Panels, ScratchPanels
from dark_jit.lowering.target import Target

SIDES = (4, 2)  # of a tile of outputs
DIRECT = 0  # in place of a side: the direct sum
MOST_WEIGHTS = 128 << 20  # bytes of transformed weights
ENOUGH_BLOCKS = 2  # for each core
LEAST_PIECE, MOST_TILES = 0.75, 1.06  # of the tiles that there would be without whole images
UNEVEN = 1.12  # times as much as its share a worker may have for them
# What takes how long, in vector products (of which cores do two a cycle):
TRANSFORM = {4: 15, 2: 8}  # by side, a vector of a tile's points, which go to a cache, the second for side 4, and back
SUMS = 6  # to begin and to store a sum
WEIGHTS = 12  # a vector of transformed weights, or of weights packed for the direct sum
FAR = 0.13  # a byte of weights that the second cache has no room for, each time that it is written or read


def points(side: int) -> int:
    """Products that a tile of side x side outputs takes for each pair of channels."""
    return (side + 2) ** 2


@dataclass(frozen=True)
class WinogradWeightsSpec(Panels):
    """Transform weights into panels of `panel` output channels: [panels][points][c][panel], with a vector between.

    They are for tiles of `side` x `side` outputs. axes: (c, o). `source` reads the weights over (c, o, kernel row,
    kernel column); panels are argument 1.
    """

    template: ClassVar[str] = "winograd_weights"
    source: Load
    side: int

    @property
    def points(self) -> int:
        """How many matrices a panel has."""
        return points(self.side)

    @property
    def point_elements(self) -> int:
        """Elements from one of a panel's matrices to the next."""
        return _point_elements(self.axes[0], self.panel, self.lanes)

    @property
    def flops(self) -> int:
        """Of G g G^T."""
        return math.prod(self.axes) * (3 + self.side + 2) * (2 * self.side + 7)


@dataclass(frozen=True)
class WinogradSpec(ScratchPanels):
    """A convolution. axes: (n, y, x, o). `image` reads inputs over (n, y, x, c), of which there are `channels`.

    Tiles have `side` x `side` outputs. Workers share pieces of `piece` tiles: a block of them, or the blocks of some
    images. A worker computes `block` tiles at a time, one panel of output channels after the other. A register tile of
    their products has `rows` tiles and a panel's vectors; `unroll` divides the channels. `weights` and `scratch` are
    the numbers of arguments: what WinogradWeightsSpec has made, and memory for `slots` workers at once.
    """

    template: ClassVar[str] = "winograd"
    image: Load
    channels: int
    side: int
    piece: int
    block: int
    rows: int
    unroll: int
    weights: int

    @property
    def grid(self) -> tuple[int, int, int]:
        """How many tiles there are: (n, along y, along x)."""
        return _grid(self.axes[:3], self.side)

    @property
    def points(self) -> int:
        """How many products a tile takes for each pair of channels."""
        return points(self.side)

    @property
    def tiles(self) -> int:
        """How many tiles there are in all."""
        return math.prod(self.grid)

    @property
    def pieces(self) -> int:
        """How many pieces of work there are."""
        return math.ceil(self.tiles / self.piece)

    @property
    def image_groups(self) -> int:
        """How many groups of images there are, of which each is one piece of work; 0 where pieces cut images."""
        return self.pieces if self.piece % (self.tiles // self.axes[0]) == 0 == self.tiles % self.piece else 0

    @property
    def row_counts(self) -> tuple[int, ...]:
        """The rows of whole register tiles and of the one at the end of the last block, as far as they occur."""
        last = self.tiles % self.piece or self.piece
        rest = last % self.block % self.rows
        return (self.rows,) * (self.tiles >= self.rows) + (rest,) * (rest > 0)

    @property
    def input_pitch(self) -> int:
        """Elements between the transformed inputs of neighbouring tiles."""
        return _pitch(self.channels, self.lanes)

    @property
    def input_elements(self) -> int:
        """Elements of one of the matrices of transformed inputs."""
        return self.block * self.input_pitch

    @property
    def weights_elements(self) -> int:
        """Elements from one of the matrices of a panel's weights to the next."""
        return _point_elements(self.channels, self.panel, self.lanes)

    @property
    def sum_elements(self) -> int:
        """Elements of one of the matrices of products, of one panel."""
        return self.block * self.panel + self.lanes

    @property
    def slot_elements(self) -> int:
        """Elements of a worker's memory."""
        return self.points * (self.input_elements + self.sum_elements)

    @property
    def flops(self) -> int:
        """Of the products and of the epilogue; the transforms add about a tenth."""
        return super().flops + 2 * self.points * self.tiles * self.channels * self.axes[-1]


@dataclass(frozen=True)
class Plan:
    """First `weights`, whose arguments are the convolution's kernels and a scratch buffer, then `main`, which has two
    more than `plan` was given: that buffer, and the workers' memory."""

    weights: WinogradWeightsSpec
    main: WinogradSpec


def choose(
    axes: tuple[int, ...], reduced: tuple[int, ...], image: Load, kernels: Load, target: Target
) -> tuple[int, str]:
    """The side of the tiles by which a convolution is computed, or DIRECT, and why.

    axes, reduced and accesses are those of a nest of conv2d.
    """
    if image.dtype != "float32":
        return DIRECT, "Winograd's method is for float32"
    if not _is_plain(axes, reduced, image, kernels):
        return DIRECT, "Winograd's method is for 3 x 3 kernels, one step at a time, channels last, without groups"
    if target.strict:
        return DIRECT, "precision is strict"
    fitting = [side for side in SIDES if points(side) * reduced[-1] * axes[4] * 4 <= MOST_WEIGHTS]
    if not fitting:
        return DIRECT, f"the weights would take more than {MOST_WEIGHTS} bytes"
    measured = target.answer(question(axes, reduced))
    if measured in (DIRECT, *fitting):
        return measured, "measured"
    costs = {side: _cost(axes, reduced[-1], side, target) for side in fitting}
    side, direct = min(fitting, key=costs.__getitem__), _direct_cost(axes, reduced[-1], target)
    share = f"takes {costs[side] / direct:.2f} of the direct one's time, by the model"
    return side if costs[side] < direct else DIRECT, f"Winograd's F({side} x {side}, 3 x 3) {share}"


def question(axes: tuple[int, ...], reduced: tuple[int, ...]) -> tuple[Any, ...]:
    """What a target may have measured: by which of SIDES or DIRECT such a nest is computed fastest."""
    return "winograd", axes, reduced


def _direct_cost(axes: tuple[int, ...], channels: int, target: Target) -> float:
    """Of the direct sum, in vector products."""
    weights = 9 * channels * math.ceil(axes[4] / target.lanes(4))
    return weights * (math.prod(axes[:4]) + WEIGHTS) + _far(weights, 1, target)


def _cost(axes: tuple[int, ...], channels: int, side: int, target: Target) -> float:
    """Of products and transforms, in vector products."""
    lanes = target.lanes(4)
    shape = _shape((*axes[:3], axes[4]), channels, side, lanes, target)
    (count,), vectors = shape.rows, math.ceil(axes[4] / lanes)
    blocks = math.ceil(count / _block(shape, tiles.choose(shape, target), side, target))
    weights = points(side) * channels * vectors
    products = points(side) * count * (channels + SUMS) * vectors
    transforms = points(side) * count * (math.ceil(channels / lanes) + vectors) * TRANSFORM[side]
    return products + transforms + weights * WEIGHTS + _far(weights, blocks, target)


def _far(weights: int, reads: int, target: Target) -> float:
    """Of the way through memory of those of so many vectors of weights for which half of the second cache has no room:
    the weights are read, the vectors written, and read."""
    return max(0, weights * target.vector_bytes - target.l2_bytes // 2) * (2 + reads) * FAR


def _is_plain(axes: tuple[int, ...], reduced: tuple[int, ...], image: Load, kernels: Load) -> bool:
    if len(axes) != 5 or len(reduced) != 3 or reduced[:2] != (3, 3) or axes[3] != 1 or 0 in (*axes, *reduced):
        return False
    _, y, x, group, o, down, along, c = image.access.strides
    # Along an axis of extent 1 an access stands still.
    steps = all(step == pixel or extent == 1 for step, pixel, extent in ((y, down, axes[1]), (x, along, axes[2])))
    return steps and (group, o) == (0, 0) and (c == 1 or reduced[2] == 1)


def plan(
    axes: tuple[int, ...],
    channels: int,
    side: int,
    left: Load,
    right: Load,
    epilogue: Body,
    arguments: tuple[Argument, ...],
    target: Target,
) -> Plan:
    """How to compute a convolution with 3 x 3 kernels, of stride 1, in float32, by tiles of side x side outputs.

    axes: (n, y, x, 1, o); the accesses of `left` and `right` cover these and (kernel row, kernel column, c), and have
    no `valid`.
    """
    merged = collapse((*((extent,) for extent in axes[:3]), axes[3:]), [epilogue])
    n, *_, y, x, c = left.access.strides
    *_, o, down, along, of_c = right.access.strides
    lanes = target.lanes(dtypes.as_dtype(left.dtype).itemsize)
    shape = _shape((*axes[:3], axes[4]), channels, side, lanes, target)
    tile = tiles.choose(shape, target)
    panel = tile.vectors * lanes
    count = math.ceil(axes[4] / panel) * points(side)
    piece, block = _piece(_grid(axes[:3], side), _block(shape, tile, side, target), tile.rows[0], target)
    panels = Argument(left.dtype, count * _point_elements(channels, panel, lanes))
    main = WinogradSpec(
        axes=(*axes[:3], axes[4]),
        arguments=(*arguments, panels),
        epilogue=merged.body(epilogue),
        lanes=lanes,
        panel=panel,
        image=Load(left.dtype, left.argument, Access(left.access.offset, (n, y, x, c))),
        channels=channels,
        side=side,
        piece=piece,
        block=block,
        rows=tile.rows[0],
        unroll=next(steps for steps in (4, 3, 2, 1) if channels % steps == 0),
        weights=len(arguments),
        scratch=len(arguments) + 1,
        slots=1,
    )
    slots = min(main.pieces, target.cores)
    memory = Argument(left.dtype, slots * main.slot_elements, written=True)
    weights = WinogradWeightsSpec(
        axes=(channels, axes[4]),
        arguments=(
            replace(arguments[right.argument], written=False),
            replace(panels, written=True, streamed=streams(panels, target)),
        ),
        epilogue=Body(),
        lanes=lanes,
        source=Load(right.dtype, 0, Access(right.access.offset, (of_c, o, down, along))),
        panel=panel,
        side=side,
    )
    return Plan(weights, replace(main, arguments=(*main.arguments, memory), slots=slots))


def streams(points: Argument, target: Target) -> bool:
    """Whether what is written to many places in turn goes past the caches: whole lines that would not stay there."""
    return points.bytes > target.far_bytes and target.vector_bytes >= LINE


def _point_elements(channels: int, panel: int, lanes: int) -> int:
    """Elements from one of a panel's matrices of weights to the next: no power of two, for the caches."""
    return channels * panel + lanes


def _grid(axes: tuple[int, ...], side: int) -> tuple[int, int, int]:
    """How many tiles there are of outputs (n, y, x)."""
    images, height, width = axes
    return images, math.ceil(height / side), math.ceil(width / side)


def _shape(axes: tuple[int, ...], channels: int, side: int, lanes: int, target: Target) -> tiles.Space:
    """One of the matrix products: a row for each tile, a column for each output channel."""
    count = math.prod(_grid(axes[:3], side))
    return tiles.Space((count,), (_pitch(channels, lanes),), axes[3], lanes, channels, 4)


def _pitch(channels: int, lanes: int) -> int:
    """Elements between the transformed inputs of neighbouring tiles: room for whole vectors, and no power of two."""
    return (math.ceil(channels / lanes) + 1) * lanes


def _piece(grid: tuple[int, int, int], block: int, rows: int, target: Target) -> tuple[int, int]:
    """The tiles of a piece of work, and of one of its blocks.

    A piece is some whole images, so that other kernels can go together with it (`chains`), if that makes pieces enough
    and few register tiles more, as one ends at the end of a piece; else it is a block.
    """
    images, in_one = grid[0], grid[1] * grid[2]
    for count in (count for count in range(1, images + 1) if images % count == 0):
        piece = count * in_one
        pieces = images // count
        if pieces < ENOUGH_BLOCKS * target.cores:
            break
        if math.ceil(pieces / target.cores) * target.cores > UNEVEN * pieces:
            continue
        if piece >= LEAST_PIECE * block and math.ceil(piece / rows) * rows <= MOST_TILES * piece:
            blocks = math.ceil(piece / block)
            return piece, rows * math.ceil(math.ceil(piece / blocks) / rows)
    return block, block


def _block(shape: tiles.Space, tile: tiles.Tile, side: int, target: Target) -> int:
    """How many tiles are computed at a time: blocks enough for several workers, all about equal.

    Each block reads all weights. Where the second cache has room for these beside a block's own numbers, the block is
    small. Else it fills that cache, or is larger, if less is read and written beyond it so: inputs once a panel and
    sums twice, in place of weights once a block.
    """
    rows, point = tile.rows[0], points(side) * shape.itemsize
    panel = tile.vectors * shape.lanes
    steps, panels = math.ceil(shape.rows[0] / rows), math.ceil(shape.columns / panel)
    inputs, weights = point * _pitch(shape.depth, shape.lanes), point * shape.depth * panels * panel
    most = max(1, steps // (ENOUGH_BLOCKS * target.cores)) if target.cores > 1 else steps

    def pieces(room: int) -> int:
        """How many blocks there are if so many bytes have room for one."""
        return math.ceil(steps / max(1, min(room // (rows * (inputs + point * panel)), most)))

    beside = min(target.l2_bytes // 4, target.l2_bytes * 3 // 4 - weights)
    if beside >= rows * (inputs + point * panel):
        return rows * math.ceil(steps / pieces(beside))
    near, far = pieces(target.l2_bytes * 3 // 4), pieces(target.l3_bytes // (4 * target.cores))
    beyond = shape.rows[0] * panels * (inputs + 2 * point * panel)
    return rows * math.ceil(steps / (far if far * weights + beyond < near * weights else near))
