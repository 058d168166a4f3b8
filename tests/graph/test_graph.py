"""Graphs: order, identity, canonical form, rewriting; and none of it recurses."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.graph.graph import canonical, graph_input, leaf, make_graph, rewrite, topological
from dark_jit.graph.node import Node
from dark_jit.graph.text import parse, print_graph
from dark_jit.transforms.autodiff import gradients
from dark_jit.transforms.markers import without_markers

from ..concurrency import at_once

F32 = np.dtype("float32")
X = graph_input(0, (4,), F32)
Y = graph_input(1, (4,), F32)


def chain(start: Node, length: int) -> Node:
    for _ in range(length):
        start = ops.negative(start)
    return start


def test_inputs_come_before_users():
    z = ops.add(ops.exp(X), ops.multiply(ops.exp(X), Y))
    order = topological([z, ops.exp(X)])
    assert len(order) == len(set(order)) == 5
    for position, node in enumerate(order):
        assert all(order.index(source) < position for source in node.inputs)


def test_the_order_is_that_of_a_depth_first_walk():
    left, right = ops.exp(X), ops.tanh(Y)
    assert topological([ops.add(left, right)]) == [X, left, Y, right, ops.add(left, right)]


def test_a_walk_can_stop():
    hidden = ops.exp(X)
    assert topological([ops.add(hidden, Y)], stop=lambda node: node is hidden) == [hidden, Y, ops.add(hidden, Y)]


def test_equal_graphs_are_one():
    assert make_graph([X, Y], [ops.add(X, Y)]) is make_graph([X, Y], [ops.add(X, Y)])
    assert make_graph([X, Y], [ops.add(X, Y)]) is not make_graph([X, Y], [ops.add(Y, X)])


def test_threads_make_one_graph():
    outputs = [ops.multiply(X, float(i)) for i in range(300)]
    ready = threading.Barrier(4)

    def make_all():
        made = []
        for output in outputs:
            ready.wait()
            made.append(make_graph([X], [output]))
        return made

    first, *others = at_once(*[make_all] * 4)
    assert all(a is b for other in others for a, b in zip(first, other, strict=True))


def test_unused_inputs_are_nodes_of_the_graph():
    graph = make_graph([X, Y], [ops.exp(Y)])
    assert graph.nodes == (X, Y, ops.exp(Y))
    assert graph.users()[X] == []
    assert repr(graph) == "<Graph: 2 inputs, 1 outputs, 3 nodes>"


def test_users_are_counted_per_use():
    square = ops.multiply(X, X)
    assert make_graph([X], [square]).users()[X] == [square, square]


def test_canonical_numbers_leaves_by_structure():
    """The same structure over other buffers is the same graph; the leaves come in the graph's order."""

    def build(a: Node, b: Node) -> list[Node]:
        return [ops.subtract(b, ops.exp(a)), a]

    a, b = leaf("a", (4,), F32), leaf("b", (4,), F32)
    graph, leaves = canonical(build(a, b))
    assert leaves == [b, a]
    other, others = canonical(build(leaf("p", (4,), F32), leaf("q", (4,), F32)))
    assert other is graph
    assert [each["key"] for each in others] == ["q", "p"]
    assert parse(print_graph(graph)) is graph


def test_canonical_tells_one_leaf_from_two():
    a, b = leaf("a", (4,), F32), leaf("b", (4,), F32)
    assert canonical([ops.add(a, a)])[0] is not canonical([ops.add(a, b)])[0]


def test_rewrite_is_bottom_up_and_pure():
    graph = make_graph([X], [ops.exp(ops.negative(ops.exp(X)))])
    seen: list[str] = []

    def rule(node: Node) -> Node | None:
        seen.append(node.op.name)
        return ops.tanh(node.inputs[0]) if node.op.name == "exp" else None

    assert rewrite(graph, rule) is make_graph([X], [ops.tanh(ops.negative(ops.tanh(X)))])
    assert seen == ["input", "exp", "negative", "exp"]
    assert rewrite(graph, lambda node: None) is graph


@pytest.mark.parametrize("length", [100_000])
def test_a_long_chain_needs_no_recursion(length: int):
    """A hundred thousand nodes: made, walked, printed, parsed, rewritten, differentiated, and freed."""
    start = leaf("start", (4,), F32)
    end = chain(start, length)
    graph, leaves = canonical([end])
    assert leaves == [start]
    assert len(graph.nodes) >= length
    assert parse(print_graph(graph)) is graph
    assert rewrite(graph, lambda node: None) is graph
    assert without_markers(graph.outputs) == list(graph.outputs)
    (gradient,) = gradients(graph.outputs, [graph.outputs[0]], graph.inputs)
    assert len(topological([gradient])) >= length
    del end, graph, gradient
