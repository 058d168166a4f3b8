"""Origins: a side table that rewrites take along, and that never makes equal nodes differ."""

from __future__ import annotations

import gc
import inspect

import numpy as np

from dark_jit import ops
from dark_jit.graph import origins
from dark_jit.graph.graph import canonical, graph_input, leaf, make_graph, rewrite
from dark_jit.graph.origins import Origin, named_scope
from dark_jit.transforms.autodiff import gradients
from dark_jit.transforms.markers import without_markers
from dark_jit.transforms.simplify import simplify

F32 = np.dtype("float32")
FIRST = frozenset([Origin("model.py", 1, "f")])
SECOND = frozenset([Origin("model.py", 2, "f")])


def fresh(seed: int):
    """An input that no other test uses."""
    return graph_input(0, (3, 1000 + seed), F32)


def test_nodes_made_at_two_lines_have_both_origins():
    x = fresh(1)
    with origins.under(FIRST):
        node = ops.exp(x)
    assert origins.of(node) == FIRST
    with origins.under(SECOND):
        again = ops.exp(x)
    assert again is node
    assert origins.of(node) == FIRST | SECOND


def test_without_a_current_origin_nothing_is_recorded():
    assert origins.of(ops.tanh(fresh(2))) == origins.NONE


def test_under_nests():
    x = fresh(3)
    with origins.under(FIRST):
        with origins.under(SECOND):
            inner = ops.sin(x)
        outer = ops.cos(x)
    assert (origins.of(inner), origins.of(outer)) == (SECOND, FIRST)


def test_a_replacement_takes_over_and_adds():
    x = fresh(4)
    with origins.under(FIRST):
        old = ops.negative(ops.negative(ops.exp(x)))
    with origins.under(SECOND):
        new = ops.exp(x)
    (kept,) = simplify(make_graph([x], [old])).outputs
    assert kept is new
    assert origins.of(kept) == FIRST | SECOND


def test_nodes_that_a_rule_makes_belong_to_the_line():
    x = fresh(5)
    with origins.under(FIRST):
        node = ops.sqrt(x)
    graph = rewrite(
        make_graph([x], [node]), lambda node: ops.power(node.inputs[0], 0.5) if node.op.name == "sqrt" else None
    )
    assert all(origins.of(node) == FIRST for node in graph.nodes if node.op.name in ("power", "broadcast_to"))


def test_gradients_belong_to_the_lines_of_their_operations():
    x = fresh(6)
    with origins.under(FIRST):
        y = ops.tanh(x)
    with origins.under(SECOND):
        z = ops.multiply(y, 3.5)
        (gradient,) = gradients([z], [x], [x])
    assert gradient is not None
    assert origins.backward(FIRST) <= origins.of(gradient)
    assert Origin("model.py", 1, "f", backward=True) in origins.of(gradient)


def test_canonical_and_markers_keep_origins():
    x = leaf("some buffer", (3, 1007), F32)
    with origins.under(FIRST):
        y = ops.stop_gradient(ops.exp(x))
    graph, _ = canonical(without_markers([y]))
    assert origins.of(graph.outputs[0]) == FIRST


def test_here_is_the_line_of_the_caller():
    line, found = inspect.currentframe().f_lineno, origins.here()
    (origin,) = found
    assert (origin.file, origin.line, origin.function) == (__file__, line, "test_here_is_the_line_of_the_caller")
    assert str(origin) == f"test_origins.py:{line}"


def test_origins_go_with_their_node():
    x = fresh(8)
    with origins.under(FIRST):
        nodes = [ops.multiply(x, float(i)) for i in range(50)]
    held = len(origins._current.table)
    assert held >= len(nodes)
    del nodes
    gc.collect()
    assert len(origins._current.table) <= held - 50


def test_a_table_apart_knows_one_trace_only():
    x = fresh(9)
    with origins.under(FIRST):
        node = ops.exp(x)
    with origins.apart([node]) as table:
        with origins.under(SECOND):
            again, more = ops.exp(x), ops.tanh(node)
        assert (table[again], origins.of(more)) == (FIRST | SECOND, SECOND)
    assert (origins.of(node), origins.of(more)) == (FIRST, origins.NONE)


def test_scopes_nest_and_are_part_of_an_origin():
    found = []
    with named_scope("net"):
        with named_scope("head"):
            found += origins.here()
        found += origins.here()
    found += origins.here()
    assert [origin.scope for origin in found] == ["net.head", "net", ""]
    assert all(origin.place == str(origin) for origin in found)


def test_a_line_stands_once_in_a_text():
    both = [Origin("model.py", 3, "f", scope="net"), Origin("model.py", 3, "f"), Origin("model.py", 3, "f", True)]
    assert origins.described(both) == ["model.py:3", "model.py:3 (backward)"]
