"""Convolutions of 3 x 3 kernels with fewer products: Winograd's F(4 x 4, 3 x 3).

A tile of 4 x 4 outputs needs 36 products for each pair of channels in place of 144: the products of two polynomials'
values at as many points as their product has coefficients determine it (Winograd 1980, Arithmetic Complexity of
Computations; Lavin and Gray 2015, Fast Algorithms for Convolutional Neural Networks). With the matrices of
`templates/llvm/lib/winograd.ll.j2`,

    out = A^T [sum over c of (G g G^T) * (B^T d B)] A        d: 6 x 6 inputs, g: 3 x 3 weights, *: element by element

so a layer is a transformation of its weights, one of its inputs, 36 matrix products, and one of their results, into
which the epilogue is fused. A block of tiles does the last three while its numbers are in the second cache.

Rounding errors are about twice those of the direct sum (docs/accuracy.md).
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

SIDE = 4  # of a tile of outputs
POINTS = 36  # products that a tile takes for each pair of channels: (SIDE + 2) ** 2
MOST_WEIGHTS = 128 << 20  # bytes: four times what they take as they are
ENOUGH_BLOCKS = 2  # for each core
# What takes how long, in vector products (of which cores do two a cycle):
TRANSFORM = 640  # a vector of a tile's inputs or outputs: its 36 lines go to the second cache and come back
SUMS = 6  # to begin and to store a sum
WEIGHTS = 400  # a vector of weights
FAR = 0.2  # a byte of weights that the second cache has no room for


@dataclass(frozen=True)
class WinogradWeightsSpec(Panels):
    """Transform weights into panels of `panel` output channels: [panels][36][c][panel], with a vector between.

    axes: (c, o). `source` reads the weights over (c, o, kernel row, kernel column); panels are argument 1.
    """

    template: ClassVar[str] = "winograd_weights"
    source: Load

    @property
    def point_elements(self) -> int:
        """Elements from one of a panel's 36 matrices to the next."""
        return _point_elements(self.axes[0], self.panel, self.lanes)

    @property
    def flops(self) -> int:
        """Of G g G^T."""
        return math.prod(self.axes) * (3 + 6) * 15


@dataclass(frozen=True)
class WinogradSpec(ScratchPanels):
    """A convolution. axes: (n, y, x, o). `image` reads inputs over (n, y, x, c), of which there are `channels`.

    A worker computes `block` tiles at a time, one panel of output channels after the other. A register tile of their
    products has `rows` tiles and a panel's vectors; `unroll` divides the channels. `weights` and `scratch` are the
    numbers of arguments: what WinogradWeightsSpec has made, and memory for `slots` workers at once.
    """

    template: ClassVar[str] = "winograd"
    image: Load
    channels: int
    block: int
    rows: int
    unroll: int
    weights: int

    @property
    def grid(self) -> tuple[int, int, int]:
        """How many tiles there are: (n, along y, along x)."""
        images, height, width, _ = self.axes
        return images, math.ceil(height / SIDE), math.ceil(width / SIDE)

    @property
    def tiles(self) -> int:
        """How many tiles there are in all."""
        return math.prod(self.grid)

    @property
    def blocks(self) -> int:
        """How many blocks of tiles there are."""
        return math.ceil(self.tiles / self.block)

    @property
    def row_counts(self) -> tuple[int, ...]:
        """The rows of whole register tiles and of the one at the end of the last block, as far as they occur."""
        rest = self.tiles % self.block % self.rows
        return (self.rows,) * (self.tiles >= self.rows) + (rest,) * (rest > 0)

    @property
    def input_pitch(self) -> int:
        """Elements between the transformed inputs of neighbouring tiles."""
        return _pitch(self.channels, self.lanes)

    @property
    def input_elements(self) -> int:
        """Elements of one of the 36 matrices of transformed inputs."""
        return self.block * self.input_pitch

    @property
    def weights_elements(self) -> int:
        """Elements from one of the 36 matrices of a panel's weights to the next."""
        return _point_elements(self.channels, self.panel, self.lanes)

    @property
    def sum_elements(self) -> int:
        """Elements of one of the 36 matrices of products, of one panel."""
        return self.block * self.panel + self.lanes

    @property
    def slot_elements(self) -> int:
        """Elements of a worker's memory."""
        return POINTS * (self.input_elements + self.sum_elements)

    @property
    def flops(self) -> int:
        """Of the products and of the epilogue; the transforms add about a tenth."""
        return super().flops + 2 * POINTS * self.tiles * self.channels * self.axes[-1]


@dataclass(frozen=True)
class Plan:
    """First `weights`, whose arguments are the convolution's kernels and a scratch buffer, then `main`, which has two
    more than `plan` was given: that buffer, and the workers' memory."""

    weights: WinogradWeightsSpec
    main: WinogradSpec


def suits(
    axes: tuple[int, ...], reduced: tuple[int, ...], image: Load, kernels: Load, target: Target
) -> tuple[bool, str]:
    """Whether a convolution is computed so, and why. axes, reduced and accesses are those of a nest of conv2d."""
    if image.dtype != "float32":
        return False, "Winograd's method is for float32"
    if not _is_plain(axes, reduced, image, kernels):
        return False, "Winograd's method is for 3 x 3 kernels, one step at a time, channels last, without groups"
    if target.strict:
        return False, "precision is strict"
    if POINTS * reduced[-1] * axes[4] * 4 > MOST_WEIGHTS:
        return False, f"the weights would take more than {MOST_WEIGHTS} bytes"
    measured = target.answer(question(axes, reduced))
    if measured is not None:
        return bool(measured), "measured"
    direct, ours = _direct_cost(axes, reduced[-1], target), _cost(axes, reduced[-1], target)
    return ours < direct, f"Winograd's method takes {ours / direct:.2f} of the direct one's time, by the model"


def question(axes: tuple[int, ...], reduced: tuple[int, ...]) -> tuple[Any, ...]:
    """What a target may have measured: whether Winograd's method is faster for such a nest."""
    return "winograd", axes, reduced


def _direct_cost(axes: tuple[int, ...], channels: int, target: Target) -> float:
    """Of the direct sum, in vector products."""
    return math.prod(axes[:4]) * 9 * channels * math.ceil(axes[4] / target.lanes(4))


def _cost(axes: tuple[int, ...], channels: int, target: Target) -> float:
    """Of products and transforms, in vector products; and of the weights' way through memory, where it is long."""
    lanes = target.lanes(4)
    shape = _shape((*axes[:3], axes[4]), channels, lanes, target)
    (count,), vectors = shape.rows, math.ceil(axes[4] / lanes)
    tile = tiles.choose(shape, target)
    blocks = math.ceil(count / _block(shape, tile, target))
    weights = POINTS * channels * vectors * target.vector_bytes
    far = weights * (2 + blocks) * FAR if weights > target.l2_bytes // 2 else 0
    transforms = count * (math.ceil(channels / lanes) + vectors) * TRANSFORM + channels * vectors * WEIGHTS
    return count * POINTS * (channels + SUMS) * vectors + transforms + far


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
    left: Load,
    right: Load,
    epilogue: Body,
    arguments: tuple[Argument, ...],
    target: Target,
) -> Plan:
    """How to compute a convolution with 3 x 3 kernels, of stride 1, in float32.

    axes: (n, y, x, 1, o); the accesses of `left` and `right` cover these and (kernel row, kernel column, c), and have
    no `valid`.
    """
    merged = collapse((*((extent,) for extent in axes[:3]), axes[3:]), [epilogue])
    n, *_, y, x, c = left.access.strides
    *_, o, down, along, of_c = right.access.strides
    lanes = target.lanes(dtypes.as_dtype(left.dtype).itemsize)
    shape = _shape((*axes[:3], axes[4]), channels, lanes, target)
    tile = tiles.choose(shape, target)
    panel = tile.vectors * lanes
    panels = Argument(left.dtype, math.ceil(axes[4] / panel) * POINTS * _point_elements(channels, panel, lanes))
    main = WinogradSpec(
        axes=(*axes[:3], axes[4]),
        arguments=(*arguments, panels),
        epilogue=merged.body(epilogue),
        lanes=lanes,
        panel=panel,
        image=Load(left.dtype, left.argument, Access(left.access.offset, (n, y, x, c))),
        channels=channels,
        block=_block(shape, tile, target),
        rows=tile.rows[0],
        unroll=next(steps for steps in (4, 3, 2, 1) if channels % steps == 0),
        weights=len(arguments),
        scratch=len(arguments) + 1,
        slots=1,
    )
    slots = min(main.blocks, target.cores)
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
    )
    return Plan(weights, replace(main, arguments=(*main.arguments, memory), slots=slots))


def streams(points: Argument, target: Target) -> bool:
    """Whether what is written to 36 places in turn goes past the caches: whole lines that would not stay there."""
    return points.bytes > target.far_bytes and target.vector_bytes >= LINE


def _point_elements(channels: int, panel: int, lanes: int) -> int:
    """Elements from one of a panel's matrices of weights to the next: no power of two, for the caches."""
    return channels * panel + lanes


def _shape(axes: tuple[int, ...], channels: int, lanes: int, target: Target) -> tiles.Space:
    """One of the matrix products: a row for each tile, a column for each output channel."""
    images, height, width, kernels = axes
    count = images * math.ceil(height / SIDE) * math.ceil(width / SIDE)
    return tiles.Space((count,), (_pitch(channels, lanes),), kernels, lanes, channels, 4)


def _pitch(channels: int, lanes: int) -> int:
    """Elements between the transformed inputs of neighbouring tiles: room for whole vectors, and no power of two."""
    return (math.ceil(channels / lanes) + 1) * lanes


def _block(shape: tiles.Space, tile: tiles.Tile, target: Target) -> int:
    """As many tiles as the second cache has room for, and blocks enough for several workers; all about equal."""
    rows = tile.rows[0]
    steps = math.ceil(shape.rows[0] / rows)
    tile_bytes = POINTS * shape.itemsize * (_pitch(shape.depth, shape.lanes) + tile.vectors * shape.lanes)
    room = target.l2_bytes * 3 // 4 // (rows * tile_bytes)
    taken = max(1, min(room, steps // (ENOUGH_BLOCKS * target.cores)))
    return rows * math.ceil(steps / math.ceil(steps / taken))
