"""What only differentiation looks at is gone before a graph is compiled."""

from __future__ import annotations

import numpy as np

from dark_jit import ops
from dark_jit.graph.graph import graph_input, topological
from dark_jit.transforms.markers import without_markers

F32 = np.dtype("float32")
X = graph_input(0, (3,), F32)
Y = graph_input(1, (3,), F32)


def test_markers_vanish() -> None:
    marked = ops.add(ops.stop_gradient(ops.exp(X)), ops.stop_gradient(ops.stop_gradient(Y)))
    assert without_markers([marked, ops.stop_gradient(X)]) == [ops.add(ops.exp(X), Y), X]


def test_what_a_rule_needs_vanishes_with_it() -> None:
    expensive = ops.tanh(ops.sin(Y))
    marked = ops.custom_vjp(ops.exp(X), [expensive], lambda g: [g])
    (left,) = without_markers([ops.multiply(marked, 2.0)])
    assert left is ops.multiply(ops.exp(X), 2.0)
    assert Y not in topological([left])


def test_what_a_value_needs_too_stays() -> None:
    shared = ops.tanh(Y)
    marked = ops.custom_vjp(ops.exp(X), [shared], lambda g: [g])
    assert without_markers([ops.add(marked, shared)]) == [ops.add(ops.exp(X), shared)]


def test_graphs_without_markers_stay() -> None:
    node = ops.softmax(ops.add(X, Y))
    (plain,) = without_markers([node])
    assert without_markers([plain]) == [plain]
    assert all(each.op.kind != "marker" for each in topological([plain]))
