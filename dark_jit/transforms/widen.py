"""Floats of 16 bits are computed with in float32: what reads them is given casts, what makes them is cast back.

After this pass 16 bits are a format of storage: only casts from and to float32 (and from float64), and what moves
elements, know them. Rounding stays where the graph says it is: a result is rounded once.

A cast goes before the movement of what it reads, for there it does not come between a convolution and the padding,
flips and dilation that `recognise` folds into it.
"""

from __future__ import annotations

from dark_jit.dtypes import float32, float64, is_half
from dark_jit.graph import origins
from dark_jit.graph.graph import Graph, make_graph
from dark_jit.graph.node import Node, rebuild
from dark_jit.ops.elementwise import CAST, cast
from dark_jit.ops.half import is_computed, wide_node


def widen(graph: Graph) -> Graph:
    """The graph without arithmetic of 16-bit floats; itself where it has none."""
    if not any(is_half(node.dtype) for node in graph.nodes):
        return graph
    new: dict[Node, Node] = {}
    wide: dict[Node, Node] = {}  # the same values in float32, of nodes of 16 bits
    for node in graph.nodes:
        with origins.under(origins.of(node)):
            new[node] = _rewritten(node, new, wide)
            if is_half(node.dtype):
                wide[node] = _widened(node, new, wide)
        for made in (new[node], wide.get(node)):
            if made is not None and made is not node:
                origins.adopt(made, (node,))
    return make_graph([new[node] for node in graph.inputs], [new[node] for node in graph.outputs])


def _rewritten(node: Node, new: dict[Node, Node], wide: dict[Node, Node]) -> Node:
    """The node over its new inputs."""
    if node.op is CAST:
        return _recast(node, new, wide)
    if not is_computed(node):
        return rebuild(node, tuple(new[source] for source in node.inputs))
    result = wide_node(node, tuple(_operand(source, node, wide) or new[source] for source in node.inputs))
    origins.adopt(result, (node,))
    return cast(result, node.dtype)


def _recast(node: Node, new: dict[Node, Node], wide: dict[Node, Node]) -> Node:
    """A cast by way of float32. float64 is rounded once."""
    (source,) = node.inputs
    if is_half(source.dtype):
        return cast(_operand(source, node, wide) or source, node.dtype)
    if is_half(node.dtype) and source.dtype != float64:
        return cast(cast(new[source], float32), node.dtype)
    return rebuild(node, (new[source],))


def _widened(node: Node, new: dict[Node, Node], wide: dict[Node, Node]) -> Node:
    """The values of a node of 16 bits in float32."""
    if node.op.kind != "movement":
        return cast(new[node], float32)
    return wide_node(node, tuple(_operand(source, node, wide) or source for source in node.inputs))


def _operand(source: Node, node: Node, wide: dict[Node, Node]) -> Node | None:
    """What a node reads in the place of a source of 16 bits. An input of the graph is cast on its readers' behalf."""
    found = wide.get(source)
    if found is not None and source.op.kind == "leaf":
        origins.adopt(found, (node,))
    return found
