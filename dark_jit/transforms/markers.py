"""Remove the nodes that only differentiation looks at."""

from __future__ import annotations

from collections.abc import Sequence

from dark_jit.graph.graph import topological
from dark_jit.graph.node import Node, rebuild


def without_markers(outputs: Sequence[Node]) -> list[Node]:
    """The same values without stop_gradient and custom_vjp nodes; what only a gradient rule needed is gone too."""
    new: dict[Node, Node] = {}
    for node in _values(outputs):
        if node.op.kind == "marker":
            new[node] = new[node.inputs[0]]
        else:
            new[node] = rebuild(node, tuple(new[source] for source in node.inputs))
    return [new[node] for node in outputs]


def _values(outputs: Sequence[Node]) -> list[Node]:
    """Topological order over the inputs that values depend on: of a marker only the first."""
    needed: set[Node] = set()
    stack = list(outputs)
    while stack:
        node = stack.pop()
        if node not in needed:
            needed.add(node)
            stack.extend(node.inputs[:1] if node.op.kind == "marker" else node.inputs)
    return [node for node in topological(outputs) if node in needed]
