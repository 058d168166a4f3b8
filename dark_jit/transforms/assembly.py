"""Values that are put together from parts without a copy: each part is computed where it belongs in the whole.

The phases of a convolution of a dilated image (`recognise`) interleave in its result: `interleave`. An image that a
convolution reads with zeros around it is computed between them: `bordered`. Neither has a kernel. Lowering gives the
whole a buffer, and each part a window on it, to which the kernel that computes the part writes. For that a part must
belong to one whole only; `own_parts` and `put_between_borders` see to it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from dark_jit.dtypes import DType
from dark_jit.graph.graph import Graph, rewrite
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, rebuild, register
from dark_jit.ops.convolution import CONV2D
from dark_jit.ops.elementwise import constant
from dark_jit.ops.movement import PAD

Window = tuple[tuple[slice, ...], Node]
Pads = tuple[tuple[int, int], tuple[int, int]]

LARGE = 1 << 18  # elements from where on a copy takes longer than two further kernels do to start
# What can be computed between zeros, and what may read it there, wherever its elements lie:
_COMPUTED = ("elementwise", "contraction", "window")
_READERS = (*_COMPUTED, "reduction", "movement")


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
    *leading, height, width = inputs[0].shape
    rows, columns = map(sum, attrs["pads"])
    return (*leading, height + rows, width + columns), inputs[0].dtype


def _infer_same(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[0].shape, inputs[0].dtype


INTERLEAVE = register(
    Op("interleave", "assembly", _infer_interleave, _assembled, doc="Part (i, j) of the grid is [..., i::m, j::n].")
)
BORDERED = register(
    Op("bordered", "assembly", _infer_bordered, _assembled, doc="The first part, an image, between the others, zeros.")
)
PLACED = register(Op("placed", "elementwise", _infer_same, lambda _, x: x, doc="The same value, once more, as a part."))


def interleave(parts: Sequence[Node], grid: tuple[int, int]) -> Node:
    """The value whose part number i * grid[1] + j is [..., i::grid[0], j::grid[1]] of it."""
    return parts[0] if grid == (1, 1) else make(INTERLEAVE, tuple(parts), grid=grid)


def windows(whole: Node) -> Iterator[Window]:
    """The parts of an assembled value, each with its place in the whole."""
    places = _grid(whole) if whole.op is INTERLEAVE else _borders(whole.shape, whole["pads"])
    leading = (slice(None),) * (whole.ndim - 2)
    for place, part in zip(places, whole.inputs, strict=True):
        yield (*leading, *place), part


def _grid(whole: Node) -> list[tuple[slice, slice]]:
    """Where the parts of an interleaved value lie."""
    rows, columns = whole["grid"]
    places = itertools.product(range(rows), range(columns))
    return [(slice(i, None, rows), slice(j, None, columns)) for i, j in places]


def _borders(shape: Shape, pads: Pads) -> list[tuple[slice, slice]]:
    """Where the image lies that has zeros around it, and where these do: whole rows, and what is left of columns."""
    rows, columns = (slice(low, extent - high) for (low, high), extent in zip(pads, shape[-2:], strict=True))
    return [
        (rows, columns),
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
    """Compute large images that convolutions read with zeros around them between these, rather than copy them there.

    Not those that lie somewhere already: inputs and outputs of the graph, and parts.
    """
    users, outputs, numbers = graph.users(), set(graph.outputs), itertools.count()
    taken = {part for node in graph.nodes if node.op is INTERLEAVE for part in node.inputs}
    found: set[Node] = set()
    for node in graph.nodes:
        if _is_bordered(node, users[node]) and node not in outputs:
            (image,) = node.inputs
            readable = all(_reads_anywhere(user) for user in users[image])
            if image.op.kind in _COMPUTED and image.op is not PLACED and readable and image not in outputs | taken:
                found.add(node)
                taken.add(image)
    old = iter(graph.nodes)  # `rewrite` takes them in this order

    def rule(node: Node) -> Node | None:
        return _bordered(node, numbers) if next(old) in found else None

    return rewrite(graph, rule) if found else graph


def _is_bordered(node: Node, users: Sequence[Node]) -> bool:
    """Whether a node is a large image with zeros around it, which a convolution reads."""
    if node.op is not PAD or node.ndim != 4 or node.size < LARGE or any(map(any, node["pads"][:2])):
        return False
    return any(user.op is CONV2D and user.inputs[0] is node for user in users)


def _reads_anywhere(user: Node) -> bool:
    """Whether an operation can read an operand whose elements do not lie side by side."""
    return user.op.kind in _READERS and user.op.name != "reshape"


def _bordered(padded: Node, numbers: Iterator[int]) -> Node:
    (image,), pads = padded.inputs, padded["pads"][2:]
    zeros = [
        make(PLACED, (constant(0.0, image.dtype, _extents(padded.shape, place)),), number=next(numbers))
        for place in _borders(padded.shape, pads)[1:]
    ]
    return make(BORDERED, (image, *zeros), pads=pads)


def _extents(shape: Shape, place: tuple[slice, slice]) -> Shape:
    """Those of a window."""
    inside = (len(range(*along.indices(extent))) for along, extent in zip(place, shape[-2:], strict=True))
    return (*shape[:-2], *inside)
