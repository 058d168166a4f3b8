"""Values that are put together from parts without a copy: each part is computed where it belongs in the whole.

The phases of a convolution of a dilated image (`recognise`) interleave in its result: `interleave`. Images that a
convolution reads side by side, or with zeros around them, are computed there: `bordered`. Neither has a kernel.
Lowering gives the whole a buffer, and each part a window on it, to which the kernel that computes the part writes. For
that a part must belong to one whole only; `own_parts` and `put_between_borders` see to it.
"""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterator, Sequence
from typing import Any

import numpy as np

from dark_jit.dtypes import DType
from dark_jit.graph.graph import Graph, rewrite
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, rebuild, register
from dark_jit.ops.convolution import CONV2D
from dark_jit.ops.elementwise import CAST, constant
from dark_jit.ops.movement import CONCATENATE, PAD

Window = tuple[tuple[slice, ...], Node]
Place = tuple[slice, slice, slice]  # channels, rows, columns
Pads = tuple[tuple[int, int], tuple[int, int]]

LARGE = 1 << 18  # elements from where on a copy takes longer than two further kernels do to start
# What can be computed between zeros, and what may read it there, wherever its elements lie:
_COMPUTED = ("elementwise", "window", "assembly")
_READERS = (*_COMPUTED, "contraction", "reduction", "movement")
_ON_THE_SPOT = ("elementwise", "movement", "assembly")  # what needs no kernel before that of what reads it


def _infer_interleave(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    _, columns = attrs["grid"]
    height = sum(part.shape[-2] for part in inputs[::columns])
    width = sum(part.shape[-1] for part in inputs[:columns])
    return (*inputs[0].shape[:-2], height, width), inputs[0].dtype


def _assembled(node: Node, *parts: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    whole = np.empty(node.shape, node.dtype)
    for (where, _), part in zip(windows(node), parts, strict=True):
        whole[where] = part
    return whole


def _infer_bordered(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    images = inputs[: attrs["images"]]
    *leading, _, height, width = images[0].shape
    rows, columns = map(sum, attrs["pads"])
    return (*leading, sum(image.shape[-3] for image in images), height + rows, width + columns), images[0].dtype


def _infer_same(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[0].shape, inputs[0].dtype


INTERLEAVE = register(
    Op("interleave", "assembly", _infer_interleave, _assembled, doc="Part (i, j) of the grid is [..., i::m, j::n].")
)
BORDERED = register(
    Op("bordered", "assembly", _infer_bordered, _assembled, doc="Images, their channels in a row, between zeros.")
)
PLACED = register(Op("placed", "elementwise", _infer_same, lambda _, x: x, doc="The same value, once more, as a part."))


def interleave(parts: Sequence[Node], grid: tuple[int, int]) -> Node:
    """The value whose part number i * grid[1] + j is [..., i::grid[0], j::grid[1]] of it."""
    return parts[0] if grid == (1, 1) else make(INTERLEAVE, tuple(parts), grid=grid)


def windows(whole: Node) -> Iterator[Window]:
    """The parts of an assembled value, each with its place in the whole."""
    places = _grid(whole) if whole.op is INTERLEAVE else _side_by_side(whole)
    leading = (slice(None),) * (whole.ndim - 3)
    for place, part in zip(places, whole.inputs, strict=True):
        yield (*leading, *place), part


def _grid(whole: Node) -> Iterator[Place]:
    """Where the parts of an interleaved value lie."""
    rows, columns = whole["grid"]
    for i, j in itertools.product(range(rows), range(columns)):
        yield slice(None), slice(i, None, rows), slice(j, None, columns)


def _side_by_side(whole: Node) -> Iterator[Place]:
    """Where images lie, and then the zeros around them."""
    channels = 0
    for image in whole.inputs[: whole["images"]]:
        yield slice(channels, channels + image.shape[-3]), *_inside(whole.shape, whole["pads"])
        channels += image.shape[-3]
    for rows, columns in _borders(whole.shape, whole["pads"]):
        yield slice(None), rows, columns


def _inside(shape: Shape, pads: Pads) -> tuple[slice, slice]:
    """The rows and columns of images."""
    rows, columns = (slice(low, extent - high) for (low, high), extent in zip(pads, shape[-2:], strict=True))
    return rows, columns


def _borders(shape: Shape, pads: Pads) -> list[tuple[slice, slice]]:
    """The rows and columns of zeros around images: whole rows, and what is left of columns."""
    rows, _ = _inside(shape, pads)
    return [
        *((strip, slice(None)) for strip in _strips(pads[0], shape[-2])),
        *((rows, strip) for strip in _strips(pads[1], shape[-1])),
    ]


def _strips(pad: tuple[int, int], extent: int) -> list[slice]:
    """The first and the last indices; where these are one each, they are evenly spaced."""
    low, high = pad
    if (low, high) == (1, 1):
        return [slice(0, None, extent - 1)]
    return [slice(0, low)] * (low > 0) + [slice(extent - high, None)] * (high > 0)


def own_parts(graph: Graph) -> Graph:
    """Give each assembled value parts that nothing else reads: convolutions, or others once more."""
    users, outputs, numbers = graph.users(), set(graph.outputs), itertools.count()

    def is_own(part: Node) -> bool:
        return part.op is CONV2D and len(users[part]) == 1 and part not in outputs

    wholes = (node for node in graph.nodes if node.op is INTERLEAVE)

    def rule(node: Node) -> Node | None:
        if node.op is not INTERLEAVE:
            return None
        pairs = zip(node.inputs, next(wholes).inputs, strict=True)  # users are known of the parts as they were
        return rebuild(
            node, tuple(new if is_own(old) else make(PLACED, (new,), number=next(numbers)) for new, old in pairs)
        )

    return rewrite(graph, rule)


def put_between_borders(graph: Graph) -> Graph:
    """Compute large images that convolutions read side by side, or with zeros around them, where these read them,
    rather than copy them there.

    Not those that lie somewhere already: inputs and outputs of the graph, and parts.
    """
    users, numbers = graph.users(), itertools.count(sum(node.op is PLACED for node in graph.nodes))
    taken = {part for node in graph.nodes if node.op.kind == "assembly" for part in node.inputs} | set(graph.outputs)
    found: set[Node] = set()
    for node in graph.nodes:
        if _is_bordered(node, users[node]) and node not in taken:
            images = _images(node)
            if all(_is_free(image, users[image], taken) for image in images) and _are_apart(images):
                found.add(node)
                taken.update(images)
    old = iter(graph.nodes)  # `rewrite` takes them in this order

    def rule(node: Node) -> Node | None:
        return _bordered(node, numbers) if next(old) in found else None

    return rewrite(graph, rule) if found else graph


def _is_bordered(node: Node, users: Sequence[Node]) -> bool:
    """Whether a node is large, images side by side or with zeros around them (nothing else pads), and read by a
    convolution."""
    if node.ndim != 4 or node.size < LARGE or not any(user.op is CONV2D and user.inputs[0] is node for user in users):
        return False
    return _joins_channels(node) or (node.op is PAD and not any(map(any, node["pads"][:2])))


def _joins_channels(node: Node) -> bool:
    return node.op is CONCATENATE and node["axis"] == 1


def _images(node: Node) -> tuple[Node, ...]:
    """The images that lie in such a node."""
    (inner,) = node.inputs if node.op is PAD else (node,)
    return inner.inputs if _joins_channels(inner) else (inner,)


def _is_free(image: Node, users: Sequence[Node], taken: Container[Node]) -> bool:
    """Whether an image can lie anywhere: a kernel computes it, and what reads it can read what is not side by side.

    Floats of 16 bits are read as they are where a machine can do that (`narrow`), so what widens them is left alone.
    """
    readable = all(user.op.kind in _READERS and user.op.name != "reshape" for user in users)
    computed = image.op is CONV2D or (image.op.kind in _COMPUTED and image.op not in (CAST, PLACED))
    return readable and computed and image not in taken


def _are_apart(images: Sequence[Node]) -> bool:
    """Whether no kernel that computes one reads another: it cannot read what it writes a part of."""
    if len(set(images)) < len(images):
        return False
    return len(images) == 1 or not any(_read_for(image) & set(images) for image in images)


def _read_for(image: Node) -> set[Node]:
    """What the kernel of an image may read: all on the ways to it on which at most one value needs a kernel of its own,
    the image's among them."""
    found: set[Node] = set()
    stack = [(source, image.op.kind not in _ON_THE_SPOT) for source in image.inputs]
    seen = set(stack)
    while stack:
        node, behind = stack.pop()
        found.add(node)
        heavy = node.op.kind not in _ON_THE_SPOT
        ways = [] if heavy and behind else [(source, heavy or behind) for source in node.inputs]
        stack += (way for way in ways if way not in seen)
        seen.update(ways)
    return found


def _bordered(node: Node, numbers: Iterator[int]) -> Node:
    pads = node["pads"][2:] if node.op is PAD else ((0, 0), (0, 0))
    images = _images(node)
    zeros = [
        make(PLACED, (constant(0.0, node.dtype, _extents(node.shape, place)),), number=next(numbers))
        for place in _borders(node.shape, pads)
    ]
    return make(BORDERED, (*images, *zeros), images=len(images), pads=pads)


def _extents(shape: Shape, place: tuple[slice, slice]) -> Shape:
    """Those of a window."""
    inside = (len(range(*along.indices(extent))) for along, extent in zip(place, shape[-2:], strict=True))
    return (*shape[:-2], *inside)
