"""Convolutions of dilated, padded, cropped and flipped operands become convolutions that never meet an inserted zero.

Autodiff writes the gradients of conv2d with dilate, flip, pad and transpose, as one reads them in a textbook. Here the
chain of such operations on each operand is folded into one index map for each spatial axis (`AxisMap`), and the maps
decide:

- a dilated kernel is a kernel with larger dilation; padding of the kernel shifts the window;
- a dilated image falls apart into phases: the outputs whose windows meet the image at the same residue use the same
  subset of the taps. Each phase is a plain convolution of the undilated image with a part of the kernel; the phases
  interleave;
- what is left is padding or cropping of the image: one bordered copy, shared by all convolutions that want the same.

After this pass no convolution pads, and none reads a dilated value.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from dark_jit.graph.graph import Graph, rewrite
from dark_jit.graph.node import Node, make
from dark_jit.ops import movement
from dark_jit.ops.convolution import CONV2D
from dark_jit.ops.elementwise import constant
from dark_jit.transforms.assembly import interleave

NO_PADDING = ((0, 0), (0, 0))


@dataclass(frozen=True)
class AxisMap:
    """Along one axis the element `start <= b < stop` of the base stands at `low + step * (b - start)`, or, flipped, at
    `low + step * (stop - 1 - b)`; all else is 0. `extent` is that of the base."""

    extent: int
    start: int
    stop: int
    low: int = 0
    step: int = 1
    flipped: bool = False

    def through_pad(self, before: int, extent: int) -> AxisMap:
        """The base was a padding (`before` zeros in front) of another of the given extent."""
        start, stop = max(self.start - before, 0), min(self.stop - before, extent)
        return self._narrowed(extent, start, stop, before)

    def through_slice(self, first: int, extent: int) -> AxisMap:
        """The base was the part from `first` on of another."""
        return AxisMap(extent, self.start + first, self.stop + first, self.low, self.step, self.flipped)

    def through_flip(self) -> AxisMap:
        """The base was another in reversed order."""
        start, stop = self.extent - self.stop, self.extent - self.start
        return AxisMap(self.extent, start, stop, self.low, self.step, not self.flipped)

    def through_dilate(self, stride: int, extent: int) -> AxisMap:
        """The base was another, spread apart."""
        start, stop = -(-self.start // stride), (self.stop - 1) // stride + 1
        gap = self.stop - 1 - (stop - 1) * stride if self.flipped else start * stride - self.start
        return AxisMap(extent, start, max(start, stop), self.low + self.step * gap, self.step * stride, self.flipped)

    def _narrowed(self, extent: int, start: int, stop: int, moved: int) -> AxisMap:
        cut = self.stop - moved - stop if self.flipped else start - (self.start - moved)
        return AxisMap(extent, start, max(start, stop), self.low + self.step * cut, self.step, self.flipped)


@dataclass(frozen=True)
class Operand:
    """An operand of a convolution: `rebuild` applied to the base, with an index map for each spatial axis."""

    base: Node
    maps: tuple[AxisMap, AxisMap]
    rebuild: tuple[Callable[[Node], Node], ...]

    def with_base(self, base: Node) -> Node:
        """The operations on the leading axes, applied to another base."""
        for operation in reversed(self.rebuild):
            base = operation(base)
        return base


def peel(operand: Node) -> Operand:
    """Take off the movements that act on the last two axes only, or leave them alone."""
    maps = [AxisMap(n, 0, n) for n in operand.shape[-2:]]
    leading: list[Callable[[Node], Node]] = []
    node = operand
    while node.op.kind == "movement" and len(node.inputs) == 1 and node.inputs[0].ndim >= 2:
        found = _spatial(node, maps)
        if found is not None:
            maps = found
        elif (operation := _leading(node)) is not None:
            leading.append(operation)
        else:
            break
        node = node.inputs[0]
    return Operand(node, (maps[0], maps[1]), tuple(leading))


def _spatial(node: Node, maps: list[AxisMap]) -> list[AxisMap] | None:
    (x,) = node.inputs
    first = node.ndim - 2
    pairs = [(0, first), (1, first + 1)]
    match node.op.name:
        case "pad" if not any(map(any, node["pads"][:first])):
            return [maps[i].through_pad(node["pads"][axis][0], x.shape[axis]) for i, axis in pairs]
        case "slice" if all(r == (0, n, 1) for r, n in zip(node["ranges"][:first], x.shape, strict=False)):
            if any(node["ranges"][axis][2] != 1 for _, axis in pairs):
                return None
            return [maps[i].through_slice(node["ranges"][axis][0], x.shape[axis]) for i, axis in pairs]
        case "flip" if all(axis >= first for axis in node["axes"]):
            return [maps[i].through_flip() if axis in node["axes"] else maps[i] for i, axis in pairs]
        case "dilate":
            return [maps[i].through_dilate(node["stride"][i], x.shape[axis]) for i, axis in pairs]
    return None


def _leading(node: Node) -> Callable[[Node], Node] | None:
    """The operation as one that can be applied to a base of other spatial extents, if it leaves the last two axes
    alone."""
    (x,) = node.inputs
    if node.op.name == "transpose" and node["axes"][-2:] == (x.ndim - 2, x.ndim - 1):
        axes = node["axes"]
        return lambda base: movement.transpose(base, axes)
    if node.op.name == "reshape" and node.ndim >= 2 and node.shape[-2:] == x.shape[-2:]:
        if math.prod(node.shape[:-2]) != math.prod(x.shape[:-2]):
            return None
        shape = node.shape[:-2]
        return lambda base: movement.reshape(base, (*shape, *base.shape[-2:]))
    return None


@dataclass(frozen=True)
class AxisPlan:
    """One spatial axis of the convolution over the bases:
    output y reads image element (y * stride + tap * dilation - low) / spread, where that is a whole number in range."""

    outputs: int
    taps: int
    stride: int
    dilation: int
    low: int
    spread: int

    @property
    def phases(self) -> int:
        """Outputs that far apart meet the image at the same residue."""
        return self.spread // math.gcd(self.stride, self.spread)

    @property
    def touched(self) -> int:
        """The extent of image that all windows together cover (spread 1)."""
        return (self.outputs - 1) * self.stride + (self.taps - 1) * self.dilation + 1

    def phase(self, number: int) -> tuple[range, AxisPlan]:
        """The taps that outputs number, number + phases, ... use, and the undilated convolution that they make."""
        every = self.spread // math.gcd(self.dilation, self.spread)
        offset = number * self.stride - self.low
        first = next((t for t in range(every) if (offset + t * self.dilation) % self.spread == 0), self.taps)
        taps = range(min(first, self.taps), self.taps, every)
        low = -((offset + first * self.dilation) // self.spread)
        stride, dilation = self.phases * self.stride // self.spread, every * self.dilation // self.spread
        return taps, AxisPlan(len(range(number, self.outputs, self.phases)), len(taps), stride, dilation, low, 1)


def _plan(node: Node, image: AxisMap, kernel: AxisMap, i: int) -> AxisPlan:
    stride, dilation = node["stride"][i], node["dilation"][i]
    low = node["padding"][i][0] - kernel.low * dilation + image.low
    return AxisPlan(node.shape[2 + i], kernel.stop - kernel.start, stride, dilation * kernel.step, low, image.step)


def _cut(base: Node, maps: tuple[AxisMap, AxisMap]) -> Node:
    """The part of the base that occurs, flipped where the map says so."""
    part = _part(base, *((m.start, m.stop, 1) for m in maps))
    return movement.flip(part, tuple(base.ndim - 2 + i for i in range(2) if maps[i].flipped))


def convolution(node: Node) -> Node | None:
    """A convolution over the bases of its operands, without padding and without inserted zeros."""
    if node.op is not CONV2D:
        return None
    image, kernel = peel(node.inputs[0]), peel(node.inputs[1])
    plans = tuple(_plan(node, image.maps[i], kernel.maps[i], i) for i in range(2))
    parts = _cut(image.base, image.maps), _cut(kernel.base, kernel.maps)
    result = _by_phases(node, (image, kernel), parts, (plans[0], plans[1]))
    return None if result is node else result


def _by_phases(
    node: Node, operands: tuple[Operand, Operand], parts: tuple[Node, Node], plans: tuple[AxisPlan, AxisPlan]
) -> Node:
    borders = tuple(_border(plan, extent) for plan, extent in zip(plans, parts[0].shape[-2:], strict=True))
    image = _crop_or_pad(parts[0], list(borders))
    grid = plans[0].phases, plans[1].phases
    phases = ((plans[0].phase(i), plans[1].phase(j)) for i in range(grid[0]) for j in range(grid[1]))
    lows = borders[0][0], borders[1][0]
    return interleave([_one_phase(node, operands, (image, parts[1]), phase, lows) for phase in phases], grid)


def _border(plan: AxisPlan, extent: int) -> tuple[int, int]:
    """How much the image must be padded (negative: may be cropped) for all phases together."""
    every = map(plan.phase, range(plan.phases))
    phases = [phase for taps, phase in every if taps and phase.outputs] or [plan.phase(0)[1]]
    return max(phase.low for phase in phases), max(phase.touched - phase.low for phase in phases) - extent


def _one_phase(
    node: Node,
    operands: tuple[Operand, Operand],
    parts: tuple[Node, Node],
    phases: tuple[tuple[range, AxisPlan], tuple[range, AxisPlan]],
    border: tuple[int, int],
) -> Node:
    """The convolution of the bordered image with the taps of one phase."""
    (rows, tall), (columns, wide) = phases
    if not (rows and columns and tall.outputs and wide.outputs):
        return constant(0, node.dtype, (*node.shape[:2], tall.outputs, wide.outputs))
    image, kernel = parts
    taps = _part(kernel, *((r.start, r.stop, r.step) for r in (rows, columns)))
    windows = (
        (low - plan.low, low - plan.low + plan.touched, 1) for low, plan in zip(border, (tall, wide), strict=True)
    )
    return make(
        CONV2D,
        (operands[0].with_base(_part(image, *windows)), operands[1].with_base(taps)),
        stride=(tall.stride, wide.stride),
        padding=NO_PADDING,
        dilation=(tall.dilation, wide.dilation),
        groups=node["groups"],
    )


def _part(x: Node, *ranges: tuple[int, int, int]) -> Node:
    """A slice of the last two axes."""
    return movement.slice_(x, (*((0, n, 1) for n in x.shape[:-2]), *ranges))


def _crop_or_pad(image: Node, pads: list[tuple[int, int]]) -> Node:
    """As movement.crop_or_pad on the last two axes, also where more is cropped than there is."""
    if any(low < -n or low + high < -n or high < -n for (low, high), n in zip(pads, image.shape[-2:], strict=True)):
        wide = [(max(low, 0), max(high, 0)) for low, high in pads]
        image, pads = _crop_or_pad(image, wide), [(min(low, 0), min(high, 0)) for low, high in pads]
    return movement.crop_or_pad(image, (*((0, 0),) * (image.ndim - 2), *pads))


def cropped_convolution(graph: Graph) -> Graph:
    """A slice of a convolution that nothing else reads is a convolution with fewer outputs."""
    users, kept = graph.users(), set(graph.outputs)

    def rule(node: Node) -> Node | None:
        if node.op.name != "slice" or node.inputs[0].op is not CONV2D or 0 in node.shape:
            return None
        (conv,) = node.inputs
        if conv in kept or len(users.get(conv, ())) != 1 or node.shape[:2] != conv.shape[:2]:
            return None
        return _sliced(node, conv)

    return rewrite(graph, rule)


def _sliced(node: Node, conv: Node) -> Node:
    x, k = conv.inputs
    stride, pads = [], []
    for i, (start, _, step) in enumerate(node["ranges"][2:]):
        low = conv["padding"][i][0] - start * conv["stride"][i]
        plan = AxisPlan(node.shape[2 + i], k.shape[2 + i], conv["stride"][i] * step, conv["dilation"][i], low, 1)
        stride.append(plan.stride)
        pads.append((low, plan.touched - low - x.shape[2 + i]))
    attrs = {"padding": NO_PADDING, "dilation": conv["dilation"], "groups": conv["groups"]}
    return make(CONV2D, (_crop_or_pad(x, pads), k), stride=tuple(stride), **attrs)


def standalone_dilation(node: Node) -> Node | None:
    """A dilation that no convolution reads: zeros behind each element, and the last ones cut off."""
    if node.op.name != "dilate":
        return None
    x, first = node.inputs[0], node.ndim - 2
    for axis, stride in zip((first, first + 1), node["stride"], strict=True):
        x = movement.spread(x, axis, stride)
    return x


def recognise(graph: Graph) -> Graph:
    """Apply all rewrites to the whole graph."""
    return rewrite(rewrite(cropped_convolution(graph), convolution), standalone_dilation)
