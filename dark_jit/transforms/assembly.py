"""Values that are put together from parts without a copy: each part is computed where it belongs in the whole.

The phases of a convolution of a dilated image (`recognise`) interleave in its result. `interleave` says so; it has no
kernel. Lowering gives the whole a buffer, and each part a window on it, to which the kernel that computes the part
writes. For that a part must belong to one whole only; `own_parts` sees to it.
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

Window = tuple[tuple[slice, ...], Node]


def _infer_interleave(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    _, columns = attrs["grid"]
    height = sum(part.shape[-2] for part in inputs[::columns])
    width = sum(part.shape[-1] for part in inputs[:columns])
    return (*inputs[0].shape[:-2], height, width), inputs[0].dtype


def _interleaved(node: Node, *parts: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    whole = np.empty(node.shape, node.dtype)
    for (where, _), part in zip(windows(node), parts, strict=True):
        whole[where] = part
    return whole


def _infer_same(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[0].shape, inputs[0].dtype


INTERLEAVE = register(
    Op("interleave", "assembly", _infer_interleave, _interleaved, doc="Part (i, j) of the grid is [..., i::m, j::n].")
)
PLACED = register(Op("placed", "elementwise", _infer_same, lambda _, x: x, doc="The same value, once more, as a part."))


def interleave(parts: Sequence[Node], grid: tuple[int, int]) -> Node:
    """The value whose part number i * grid[1] + j is [..., i::grid[0], j::grid[1]] of it."""
    return parts[0] if grid == (1, 1) else make(INTERLEAVE, tuple(parts), grid=grid)


def windows(whole: Node) -> Iterator[Window]:
    """The parts of an assembled value, each with its place in the whole."""
    rows, columns = whole["grid"]
    leading = (slice(None),) * (whole.ndim - 2)
    places = itertools.product(range(rows), range(columns))
    for (i, j), part in zip(places, whole.inputs, strict=True):
        yield (*leading, slice(i, None, rows), slice(j, None, columns)), part


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
