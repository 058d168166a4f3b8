"""Graphs as text, and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from dark_jit import ops
from dark_jit.graph import origins
from dark_jit.graph.graph import graph_input, make_graph
from dark_jit.graph.origins import Origin
from dark_jit.graph.text import parse, print_graph

from ..equivalence.programs import numbers, traced
from ..equivalence.strategies import programs

F32 = np.dtype("float32")
X = graph_input(0, (2, 3), F32)
Y = graph_input(1, (3,), F32)


def test_the_text_of_a_graph():
    graph = make_graph([X, Y], [ops.multiply(ops.add(X, Y), 0.5), Y])
    assert (
        print_graph(graph)
        == str(graph)
        == (
            "graph(%0: float32[2,3], %1: float32[3]) {\n"
            "  %2: float32[2,3] = broadcast_to(%1) shape=(2, 3)\n"
            "  %3: float32[2,3] = add(%0, %2)\n"
            "  %4: float32[] = constant() dtype='float32' value='0.5'\n"
            "  %5: float32[2,3] = broadcast_to(%4) shape=(2, 3)\n"
            "  %6: float32[2,3] = multiply(%3, %5)\n"
            "  return %6, %1\n"
            "}\n"
        )
    )


@pytest.mark.parametrize("value", [0.0, -0.0, 1e-45, 3.4e38, float("inf"), -float("inf"), float("nan"), 0.1, -7])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_every_number_reads_back(value: float, dtype: str):
    graph = make_graph([], [ops.constant(value, np.dtype(dtype), (2,))])
    assert parse(print_graph(graph)) is graph


def test_other_dtypes_and_attributes_read_back():
    image = graph_input(0, (1, 2, 5, 6), F32)
    kernel = graph_input(1, (2, 1, 2, 3), F32)
    index = graph_input(2, (), np.dtype("int32"))
    outputs = [
        ops.conv2d(image, kernel, stride=(1, 2), padding=(0, 1), dilation=2, groups=2),
        ops.max_pool2d(image, (2, 3), 1, (1, 0)),
        ops.take(ops.cast(image, np.dtype("int64")), index, 3),
        ops.constant(True, np.dtype("bool")),
        ops.constant(-(2**40), np.dtype("int64")),
        ops.pad(ops.flip(image, 1), [(0, 0), (1, 2), (0, 0), (3, 0)]),
        ops.iota(7),
        ops.max_(image),
    ]
    graph = make_graph([image, kernel, index], outputs)
    assert parse(print_graph(graph)) is graph
    assert parse(print_graph(graph, origins.of)) is graph


def test_graphs_without_inputs_or_outputs_read_back():
    for graph in (make_graph([], []), make_graph([X], []), make_graph([X], [X, X])):
        assert parse(print_graph(graph)) is graph


def test_origins_stand_behind_the_lines():
    with origins.under(
        frozenset([Origin("/home/someone/model.py", 35, "forward"), Origin("a.py", 2, "f", backward=True)])
    ):
        node = ops.sin(ops.multiply(X, 1.375))
    text = print_graph(make_graph([X], [node]), origins.of)
    assert "sin(%3)  # model.py:35, a.py:2 (backward)" in text
    assert "#" not in print_graph(make_graph([X], [node]))


@given(drawn=programs())
def test_random_graphs_and_their_gradients_read_back(drawn):
    shapes, build = drawn
    traced(build, [numbers(i, shape) for i, shape in enumerate(shapes)])  # checks it


@pytest.mark.parametrize(
    "text, message",
    [
        ("graph() {", "no return line"),
        ("graph(%0: float32[2]) {\n  exp of %0\n  return %0\n}", "not a statement: exp of %0"),
        ("", "no return line"),
    ],
)
def test_other_text_is_refused(text: str, message: str):
    with pytest.raises(ValueError, match=message):
        parse(text)
