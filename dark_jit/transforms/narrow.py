"""Contractions of floats of 16 bits that read them as they are: for machines that multiply them so, and add up float32.

    matmul(cast(x), cast(y)), of float16 to float32, becomes a matmul of x and y whose result is float32

Products of two such numbers are exact in float32, so this loses nothing. The last pass, as it makes nodes that no
operation in `ops` does: the operands' dtype is not the result's.
"""

from __future__ import annotations

from dark_jit.dtypes import float32, is_half
from dark_jit.graph import origins
from dark_jit.graph.graph import Graph, rewrite
from dark_jit.graph.node import Node, intern_node
from dark_jit.ops.elementwise import CAST

LEAST = 16  # rows and columns: of fewer, most of a tile would stay empty


def narrow(graph: Graph) -> Graph:
    """The graph with such contractions."""
    if not any(node.op is CAST and is_half(node.inputs[0].dtype) for node in graph.nodes):
        return graph
    return rewrite(graph, _narrowed)


def _narrowed(node: Node) -> Node | None:
    if node.op.kind != "contraction" or node.dtype != float32 or min(_rows_and_columns(node)) < LEAST:
        return None
    left, right = (_without_cast(source) for source in node.inputs)
    if left is None or right is None or left.dtype != right.dtype:
        return None
    return intern_node(node.op, (left, right), node.attrs, node.shape, node.dtype)


def _rows_and_columns(node: Node) -> tuple[int, int]:
    """Of the matrix product as which a contraction is computed."""
    if node.op.name == "matmul":
        return node.shape[-2], node.shape[-1]
    return node.size // max(1, node.shape[1]), node.shape[1] // node["groups"]


def _without_cast(node: Node) -> Node | None:
    """The values in 16 bits, where they were cast from these, and moved; else None."""
    moves = []
    while node.op.kind == "movement" and len(node.inputs) == 1:
        moves.append(node)
        node = node.inputs[0]
    if node.op is not CAST or not is_half(node.inputs[0].dtype):
        return None
    found = node.inputs[0]
    for move in reversed(moves):
        found = intern_node(move.op, (found,), move.attrs, move.shape, found.dtype)
        origins.adopt(found, (move,))
    return found
