"""Graphs: some inputs, some outputs, and the nodes between them. Hash-consed like nodes; traversals never recurse."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from weakref import WeakValueDictionary

import numpy as np

from dark_jit.dtypes import DType
from dark_jit.graph import origins
from dark_jit.graph.node import Attrs, Node, Op, Shape, intern_node, rebuild, register
from dark_jit.locks import Lock


def topological(outputs: Iterable[Node], stop: Callable[[Node], bool] | None = None) -> list[Node]:
    """All nodes that the outputs depend on, inputs before users, in a fixed order. Below a node where `stop` holds
    nothing is visited."""
    order: list[Node] = []
    state: dict[Node, bool] = {}
    stack = list(outputs)[::-1]
    while stack:
        node = stack[-1]
        seen = state.get(node)
        if seen is None:
            state[node] = False
            if stop is None or not stop(node):
                stack.extend(source for source in reversed(node.inputs) if source not in state)
        else:
            stack.pop()
            if not seen:
                state[node] = True
                order.append(node)
    return order


def _leaf_infer(_: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    return attrs["shape"], attrs["dtype"]


def _no_value(*_: object) -> np.ndarray:
    raise AssertionError("a leaf has no value of its own")


INPUT = register(Op("input", "leaf", _leaf_infer, _no_value, doc="The n-th input of a graph."))
LEAF = register(
    Op("leaf", "leaf", _leaf_infer, _no_value, doc="A value that lies in a buffer; outside of graphs only.")
)


def graph_input(index: int, shape: Shape, dtype: DType) -> Node:
    """The node of a graph's input number `index`."""
    return intern_node(INPUT, (), (("index", index),), shape, dtype)


def leaf(key: Hashable, shape: Shape, dtype: DType) -> Node:
    """The node of a value that exists already, identified by `key` (a buffer)."""
    return intern_node(LEAF, (), (("key", key),), shape, dtype)


class Graph:
    """`inputs` are input nodes, numbered from 0; `outputs` any nodes. Equal graphs are the same object."""

    inputs: tuple[Node, ...]
    outputs: tuple[Node, ...]
    _nodes: tuple[Node, ...] | None = None  # no functools.cached_property, whose lock a fork may leave taken

    @property
    def nodes(self) -> tuple[Node, ...]:
        """All nodes, inputs first, each after what it reads."""
        if self._nodes is None:
            self._nodes = tuple(topological((*self.inputs, *self.outputs)))
        return self._nodes

    def users(self) -> dict[Node, list[Node]]:
        """For each node the nodes that read it, once per use."""
        users: dict[Node, list[Node]] = {node: [] for node in self.nodes}
        for node in self.nodes:
            for source in node.inputs:
                users[source].append(node)
        return users

    def __str__(self) -> str:
        from dark_jit.graph.text import print_graph  # noqa: PLC0415

        return print_graph(self)

    def __repr__(self) -> str:
        return f"<Graph: {len(self.inputs)} inputs, {len(self.outputs)} outputs, {len(self.nodes)} nodes>"


_graphs: WeakValueDictionary[tuple[tuple[Node, ...], tuple[Node, ...]], Graph] = WeakValueDictionary()
_lock = Lock()


def make_graph(inputs: Sequence[Node], outputs: Sequence[Node]) -> Graph:
    """The one graph with these inputs and outputs."""
    key = (tuple(inputs), tuple(outputs))
    with _lock:
        graph = _graphs.get(key)
        if graph is None:
            graph = Graph()
            graph.inputs, graph.outputs = key
            _graphs[key] = graph
    return graph


def canonical(outputs: Sequence[Node]) -> tuple[Graph, list[Node]]:
    """The graph that computes `outputs` with every leaf replaced by a numbered input, and those leaves in that order.

    The numbering follows the graph alone, so equal structures over other buffers give the same graph.
    """
    leaves: list[Node] = []
    new: dict[Node, Node] = {}
    for node in topological(outputs):
        if node.op is LEAF:
            new[node] = graph_input(len(leaves), node.shape, node.dtype)
            origins.adopt(new[node], (node,))
            leaves.append(node)
        else:
            new[node] = rebuild(node, tuple(new[source] for source in node.inputs))
    inputs = [new[leaf] for leaf in leaves]
    return make_graph(inputs, [new[node] for node in outputs]), leaves


def rewrite(graph: Graph, rule: Callable[[Node], Node | None]) -> Graph:
    """Replace nodes bottom-up: `rule` sees each node over its new inputs and returns the node to use instead, or
    None."""
    new: dict[Node, Node] = {}
    for node in graph.nodes:
        fresh = rebuild(node, tuple(new[source] for source in node.inputs))
        with origins.under(origins.of(node)):
            replaced = rule(fresh)
        if replaced is not None and replaced is not fresh:
            origins.adopt(replaced, (node,))
        new[node] = fresh if replaced is None else replaced
    return make_graph([new[node] for node in graph.inputs], [new[node] for node in graph.outputs])
