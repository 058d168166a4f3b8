"""Reverse-mode differentiation: graph in, graph out. Nothing numeric happens here.

Every primitive brings its own rule (Op.vjp), which writes nodes; so gradients of gradients are nothing special.
"""

from __future__ import annotations

from collections.abc import Sequence

from dark_jit.dtypes import is_float
from dark_jit.errors import GradientError
from dark_jit.graph import origins
from dark_jit.graph.graph import topological
from dark_jit.graph.node import Node
from dark_jit.ops.elementwise import add


def gradients(outputs: Sequence[Node], cotangents: Sequence[Node], wrt: Sequence[Node]) -> list[Node | None]:
    """The vector-Jacobian product: for each node of `wrt` the gradient of sum(output * cotangent), None where there is
    none.

    Raises GradientError where the way leads through an operation that has no gradient rule.
    """
    order = topological(outputs)
    relevant = _dependents(order, wrt)
    found: dict[Node, Node] = {}
    for output, cotangent in zip(outputs, cotangents, strict=True):
        _accumulate(found, output, cotangent)
    for node in reversed(order):
        if node in relevant and node in found and any(source in relevant for source in node.inputs):
            _step(node, found, relevant)
    return [found.get(node) for node in wrt]


def _dependents(order: Sequence[Node], wrt: Sequence[Node]) -> set[Node]:
    """The nodes of `wrt` and all nodes that depend on them."""
    relevant = set(wrt)
    for node in order:
        if any(source in relevant for source in node.inputs):
            relevant.add(node)
    return relevant


def _step(node: Node, found: dict[Node, Node], relevant: set[Node]) -> None:
    """Hand a node's gradient on to its inputs."""
    if node.op.vjp is None:
        if is_float(node.dtype):
            raise GradientError(f"{node.op.name} has no gradient; use detach() where none is wanted")
        return
    with origins.under(origins.backward(origins.of(node))):
        for source, gradient in zip(node.inputs, node.op.vjp(found[node], node), strict=True):
            if gradient is not None and source in relevant:
                _accumulate(found, source, gradient)


def _accumulate(found: dict[Node, Node], node: Node, gradient: Node) -> None:
    found[node] = add(found[node], gradient) if node in found else gradient
