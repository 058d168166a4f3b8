"""The gradient of a convolution's 3 x 3 kernels with fewer products: Winograd's F(4 x 4, 3 x 3), transposed.

A layer by Winograd's method is out = A^T [sum over c of (G g G^T) * (B^T d B)] A (`winograd`), so with y for the
gradient of its outputs, the gradient of its kernels is

    G^T [sum over tiles of (A y A^T) * (B^T d B)] G        y: 4 x 4 gradients, d: 6 x 6 inputs of a tile

which takes 36 products for each tile and pair of channels in place of 144. Here the sum is long, and what it sums is
small: first all tiles are transformed, into panels that are read in order; then 36 matrix products add them up, for a
block of input channels and a panel of output channels at a time, whose sums stay in the second cache until they are
transformed back.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, replace
from typing import ClassVar

from dark_jit import dtypes
from dark_jit.lowering import copying, tiles, winograd
from dark_jit.lowering.axes import collapse
from dark_jit.lowering.kernel import Access, Argument, Body, KernelSpec, Load, dense
from dark_jit.lowering.panels import Panels, ScratchPanels
from dark_jit.lowering.target import Target
from dark_jit.lowering.winograd import ENOUGH_BLOCKS, streams

SIDE = 4  # of a tile of outputs
POINTS = winograd.points(SIDE)
MOST_POINTS = 256 << 20  # bytes of all transformed tiles
TRANSFORM = 640  # vector products that it takes to transform a vector of a tile's inputs or gradients
BACK = 500  # to transform a vector of sums into a vector of 9 weights
CHUNK = 256  # tiles that are added up before the next panel is: what a panel has of them stays in the first cache


@dataclass(frozen=True)
class WinogradPointsSpec(Panels):
    """Transform tiles: of the inputs (`side` 6: B^T d B), or of the outputs' gradients (`side` 4: A y A^T).

    axes: (n, tiles down, tiles along, channels). `source` reads over (n, y, x, c), of which there are `extents` y and
    x; tiles begin every 4. Argument 1 is what it makes: [panels][36][pitch][panel], the tiles first.
    """

    template: ClassVar[str] = "winograd_points"
    source: Load
    side: int
    extents: tuple[int, int]

    @property
    def tiles(self) -> int:
        """How many tiles there are."""
        return math.prod(self.axes[:3])

    @property
    def pitch(self) -> int:
        """Tiles from one point to the next."""
        return _pitch(self.tiles)

    @property
    def flops(self) -> int:
        """Of both transforms, in each of which a row of points takes 12 or so."""
        return self.tiles * self.axes[-1] * (self.side + 6) * 12


@dataclass(frozen=True)
class WinogradGradientSpec(ScratchPanels):
    """Add up the products of transformed tiles, and transform the sums into weights.

    axes: kernel row, kernel column and input channel in the order `row`, `column`, `channel`, and output channels.
    `inputs` and `gradients` are the numbers of arguments that WinogradPointsSpec has made of `tiles` tiles, the first
    in panels of a vector. A worker has `block` input channels and a panel of output channels at a time, whose sums lie
    in its part of `scratch`, which `slots` workers share; it adds up `chunk` tiles, for `rows` x `vectors` sums in
    registers, `unroll` of them in a step.
    """

    template: ClassVar[str] = "winograd_gradient"
    row: int
    column: int
    channel: int
    tiles: int
    inputs: int
    gradients: int
    block: int
    chunk: int
    rows: int
    unroll: int

    @property
    def pitch(self) -> int:
        """Tiles from one point to the next."""
        return _pitch(self.tiles)

    @property
    def channels(self) -> int:
        """The input channels."""
        return self.axes[self.channel]

    def index(self, row: str, column: str, channel: str, kernel: str) -> tuple[str, ...]:
        """The operands in the order of the axes."""
        return tuple({self.row: row, self.column: column, self.channel: channel, 3: kernel}[axis] for axis in range(4))

    @property
    def blocks(self) -> int:
        """How many blocks of input channels there are."""
        return math.ceil(self.channels / self.block)

    @property
    def sum_elements(self) -> int:
        """Elements of one of the 36 matrices of sums."""
        return self.block * self.panel + self.lanes

    @property
    def slot_elements(self) -> int:
        """Elements of a worker's memory."""
        return POINTS * self.sum_elements

    @property
    def flops(self) -> int:
        """Of the products and of the epilogue; the transform adds a little."""
        return super().flops + 2 * POINTS * self.tiles * self.channels * self.axes[-1]


@dataclass(frozen=True)
class Step:
    """A kernel before the last; its arguments are that operand (a number) or buffer, and the buffer that it makes."""

    spec: KernelSpec
    source: int | str
    made: str


@dataclass(frozen=True)
class Plan:
    """First `steps`, then `main`, whose arguments after those given are the buffers `scratch`."""

    steps: tuple[Step, ...]
    main: WinogradGradientSpec
    scratch: tuple[str, ...]


@dataclass(frozen=True)
class Layer:
    """The convolution whose kernels' gradient a nest computes: where the nest has its axes, and its extents."""

    row: int
    column: int
    channel: int
    images: int
    height: int
    width: int
    channels: int
    kernels: int

    @property
    def grid(self) -> tuple[int, int, int]:
        """How many tiles of 4 x 4 outputs there are: (n, down, along)."""
        return self.images, math.ceil(self.height / SIDE), math.ceil(self.width / SIDE)

    @property
    def tiles(self) -> int:
        """How many in all."""
        return math.prod(self.grid)


def find(axes: tuple[int, ...], reduced: tuple[int, ...], inputs: Load, gradients: Load) -> Layer | None:
    """The layer, if the nest is such a gradient: a convolution of inputs whose kernels are the gradients."""
    if len(axes) != 5 or len(reduced) != 3 or axes[3] != 1 or 0 in (*axes, *reduced):
        return None
    walk, down, along = inputs.access.strides, *inputs.access.strides[5:7]
    if walk[3:5] != (0, 0) or any(gradients.access.strides[:3]):
        return None
    for row, column, channel in itertools.permutations(range(3)):
        if (axes[row], axes[column]) == (3, 3) and _steps(walk[row], down, reduced[0], walk[column], along, reduced[1]):
            height, width, images = reduced
            return Layer(row, column, channel, images, height, width, axes[channel], axes[4])
    return None


def _steps(row: int, down: int, height: int, column: int, along: int, width: int) -> bool:
    """Whether kernels step as pixels do; along an extent of 1 an access stands still."""
    return (row == down or height == 1) and (column == along or width == 1)


def suits(layer: Layer, dtype: str, target: Target) -> tuple[bool, str]:
    """Whether a gradient is computed so, and why. The layer is the question that a target may have measured."""
    if dtype != "float32":
        return False, "Winograd's method is for float32"
    if target.strict:
        return False, "precision is strict"
    points = POINTS * layer.tiles * (layer.channels + layer.kernels) * 4
    if points > MOST_POINTS:
        return False, f"transformed tiles would take more than {MOST_POINTS} bytes"
    measured = target.answer(layer)
    if measured is not None:
        return bool(measured), "measured"
    direct, ours = _direct_cost(layer, target), _cost(layer, target)
    return ours < direct, f"Winograd's method takes {ours / direct:.2f} of the direct one's time, by the model"


def _direct_cost(layer: Layer, target: Target) -> float:
    """Of the direct sum, in vector products."""
    pixels = layer.images * layer.height * layer.width
    return pixels * 9 * layer.channels * math.ceil(layer.kernels / target.lanes(4))


def _cost(layer: Layer, target: Target) -> float:
    """Of products and transforms, in vector products."""
    lanes = target.lanes(4)
    inputs, gradients = math.ceil(layer.channels / lanes), math.ceil(layer.kernels / lanes)
    products = POINTS * layer.channels * gradients * (layer.tiles + winograd.SUMS)
    return products + layer.tiles * (inputs + gradients) * TRANSFORM + layer.channels * gradients * BACK


def plan(
    axes: tuple[int, ...],
    layer: Layer,
    left: Load,
    right: Load,
    epilogue: Body,
    arguments: tuple[Argument, ...],
    target: Target,
) -> Plan:
    """How to compute it. The accesses of `left` and `right` cover axes and (y, x, n), and have no `valid`."""
    merged = collapse((*((extent,) for extent in axes[:3]), axes[3:]), [epilogue])
    lanes = target.lanes(dtypes.as_dtype(left.dtype).itemsize)
    rows, vectors = _register_tile(layer, lanes, target)
    down, along, image = left.access.strides[5:]
    of_inputs = (image, down, along, left.access.strides[layer.channel])
    down, along, image = right.access.strides[5:]
    of_gradients = (image, down, along, right.access.strides[4])
    first, inputs = _points(left, of_inputs, layer, 6, lanes, arguments, target)
    second, gradients = _points(right, of_gradients, layer, 4, vectors * lanes, arguments, target)
    unroll = next(steps for steps in (4, 3, 2, 1) if layer.tiles % steps == 0)
    count = len(arguments)
    main = WinogradGradientSpec(
        axes=(*axes[:3], layer.kernels),
        arguments=(*arguments, inputs, gradients),
        epilogue=merged.body(epilogue),
        lanes=lanes,
        panel=vectors * lanes,
        row=layer.row,
        column=layer.column,
        channel=layer.channel,
        tiles=layer.tiles,
        inputs=count,
        gradients=count + 1,
        scratch=count + 2,
        slots=1,
        block=_block(layer, lanes, vectors, target),
        chunk=min(layer.tiles, CHUNK // unroll * unroll),
        rows=rows,
        unroll=unroll,
    )
    slots = min(main.blocks * main.panels, target.cores)
    memory = Argument(left.dtype, slots * main.slot_elements, written=True)
    main = replace(main, arguments=(*main.arguments, memory), slots=slots)
    return Plan((*first, *second), main, (first[-1].made, second[-1].made, "sums"))


def _pitch(tiles: int) -> int:
    """Tiles from one point to the next: one more than there are, lest a tile's points share few sets of the caches."""
    return tiles + 1


def _points(
    load: Load,
    strides: tuple[int, ...],
    layer: Layer,
    side: int,
    panel: int,
    arguments: tuple[Argument, ...],
    target: Target,
) -> tuple[tuple[Step, ...], Argument]:
    """The kernels that transform an operand, which `strides` walk over (n, y, x, c), and what they make."""
    border, name = side - SIDE, "inputs" if side == 6 else "gradients"
    channels = layer.channels if side == 6 else layer.kernels
    extents = (layer.height + border, layer.width + border)
    steps: tuple[Step, ...] = ()
    source: int | str = load.argument
    argument, access = replace(arguments[load.argument], written=False), Access(load.access.offset, strides)
    if strides[-1] != 1 and channels > 1:
        shape, last = (layer.images, *extents, channels), f"{name} channels last"
        spec = copying.laid_out(argument, replace(load, access=access), shape, target)
        steps, source = (Step(spec, source, last),), last
        argument, access = replace(spec.arguments[1], written=False), dense(shape)
    made = Argument(load.dtype, math.ceil(channels / panel) * POINTS * _pitch(layer.tiles) * panel)
    points = WinogradPointsSpec(
        axes=(*layer.grid, channels),
        arguments=(argument, replace(made, written=True, streamed=streams(made, target))),
        epilogue=Body(),
        lanes=target.lanes(4),
        panel=panel,
        source=Load(load.dtype, 0, access),
        side=side,
        extents=extents,
    )
    return (*steps, Step(points, source, name)), made


def _register_tile(layer: Layer, lanes: int, target: Target) -> tuple[int, int]:
    """Input channels and vectors of output channels whose sums are in registers; the rows divide a vector."""
    found = [
        (rows, vectors)
        for rows in (1, 2, 4, 8, 16)
        for vectors in range(1, math.ceil(layer.kernels / lanes) + 1)
        if lanes % rows == 0 and rows * vectors + vectors < target.registers
    ]

    def time(shape: tuple[int, int]) -> float:
        rows, vectors = shape
        blocks = math.ceil(layer.channels / rows)
        kinds = tiles.kinds(math.ceil(layer.kernels / lanes), vectors)
        return blocks * sum(count * tiles.tile_time(rows, kind, layer.tiles, False) for kind, count in kinds)

    return min(found, key=time)


def _block(layer: Layer, lanes: int, vectors: int, target: Target) -> int:
    """As many input channels as half of the second cache has room for, and blocks enough for several workers."""
    steps, panels = math.ceil(layer.channels / lanes), math.ceil(layer.kernels / (vectors * lanes))
    room = target.l2_bytes // 2 // (POINTS * vectors * lanes * lanes * 4)
    wanted = math.ceil(ENOUGH_BLOCKS * target.cores / panels) if target.cores > 1 else 1
    taken = max(1, min(room, steps // wanted))
    return lanes * math.ceil(steps / math.ceil(steps / taken))
