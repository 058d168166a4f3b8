"""Floats of 16 bits become a format of storage; what a card multiplies as it lies in memory loses its casts."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import dtypes, ops
from dark_jit.backends import reference
from dark_jit.graph import origins
from dark_jit.graph.graph import Graph, graph_input, make_graph
from dark_jit.graph.node import Node
from dark_jit.graph.text import parse, print_graph
from dark_jit.ops import mathematics
from dark_jit.transforms.narrow import narrow
from dark_jit.transforms.passes import run
from dark_jit.transforms.simplify import simplify
from dark_jit.transforms.widen import widen

F16, F32 = dtypes.float16, dtypes.float32
X, Y = (graph_input(number, (32, 32), F16) for number in (0, 1))


def graph(*outputs: Node) -> Graph:
    return make_graph([X, Y], outputs)


def wide(x: Node) -> Node:
    return ops.cast(x, F32)


def test_what_computes_does_so_in_float32() -> None:
    total = ops.sum_(ops.add(X, ops.exp(Y)), 0)
    one = ops.cast(ops.exp(wide(Y)), F16)
    two = ops.cast(ops.add(wide(X), wide(one)), F16)
    assert widen(graph(total)).outputs == (ops.cast(ops.sum_(wide(two), 0), F16),)
    assert widen(graph(ops.less(X, Y))).outputs == (ops.less(wide(X), wide(Y)),)


def test_what_moves_stays() -> None:
    index = ops.cast(ops.iota(3), dtypes.int64)
    kept = graph(
        ops.transpose(X),
        ops.where(ops.cast(ops.iota(32), dtypes.bool_), X, Y),
        ops.take(X, index),
        ops.pad(Y, [(1, 0)] * 2),
    )
    assert [node.dtype for node in widen(kept).nodes if node.op.kind != "elementwise"][:2] == [F16, F16]
    assert not any(node.op.name == "cast" and dtypes.is_half(node.inputs[0].dtype) for node in widen(kept).nodes)


def test_casts_go_before_movement() -> None:
    moved = ops.flip(ops.pad(ops.transpose(X), [(1, 1), (0, 0)]))
    assert widen(graph(ops.exp(moved))).outputs == (
        ops.cast(ops.exp(ops.flip(ops.pad(ops.transpose(wide(X)), [(1, 1), (0, 0)]))), F16),
    )


def test_casts_by_way_of_float32() -> None:
    integers = graph_input(0, (5,), dtypes.int64)
    doubles = graph_input(1, (5,), dtypes.float64)
    found = widen(make_graph([integers, doubles], [ops.cast(integers, F16), ops.cast(doubles, F16)]))
    assert found.outputs == (ops.cast(wide(integers), F16), ops.cast(doubles, F16))
    assert widen(graph(ops.cast(X, dtypes.bool_))).outputs == (ops.cast(wide(X), dtypes.bool_),)


def test_a_graph_without_16_bits_is_itself() -> None:
    x = graph_input(0, (3,), F32)
    assert widen(make_graph([x], [ops.exp(x)])) is make_graph([x], [ops.exp(x)])


def test_text_reads_back() -> None:
    for _, each in run(graph(ops.matmul(X, ops.exp(Y))), halves=True):
        assert parse(print_graph(each)) is each


def test_only_exact_pairs_of_casts_vanish() -> None:
    single = graph_input(0, (3,), F32)
    assert simplify(graph(ops.cast(wide(X), F16))).outputs == (X,)
    assert simplify(graph(ops.cast(ops.cast(X, dtypes.float64), F16))).outputs == (X,)
    rounding = ops.cast(ops.cast(single, F16), F32)
    assert simplify(make_graph([single], [rounding])).outputs == (rounding,)
    cut = ops.cast(ops.cast(single, dtypes.int64), F32)
    assert simplify(make_graph([single], [cut])).outputs == (cut,)


def test_casts_of_inputs_have_the_lines_of_their_readers() -> None:
    with origins.under(origins.here()):
        node = ops.exp(graph_input(0, (7,), F16))
    (output,) = widen(make_graph(node.inputs, [node])).outputs
    cast_of_input = output.inputs[0].inputs[0]
    assert cast_of_input.op.name == "cast"
    assert origins.of(cast_of_input) == origins.of(node)


@pytest.mark.parametrize("transposed", [False, True])
def test_contractions_read_16_bits_through_movement(transposed: bool) -> None:
    def operand(x: Node) -> Node:
        return ops.transpose(x) if transposed else x

    product = ops.matmul(operand(wide(X)), wide(Y))
    (found,) = narrow(graph(product)).outputs
    assert found.op is product.op
    assert (found.dtype, found.inputs) == (F32, (operand(X), Y))


def test_contractions_that_keep_their_casts() -> None:
    single = graph_input(2, (32, 32), F32)
    brain = graph_input(3, (32, 32), dtypes.uint16)
    for product in (
        ops.matmul(wide(X), single),
        ops.matmul(wide(X), ops.exp(wide(Y))),
        ops.matmul(wide(X), wide(brain)),
        ops.matmul(ops.cast(X, dtypes.float64), ops.cast(Y, dtypes.float64)),
    ):
        before = make_graph([X, Y, single, brain], [product])
        assert narrow(before) is before


def test_both_meanings_agree() -> None:
    """A node of 16 bits, and what it is rewritten to, by NumPy."""
    x, y = (np.random.default_rng(seed).standard_normal((32, 32)).astype(np.float16) for seed in (1, 2))
    both = graph(ops.softmax(ops.matmul(X, Y)), ops.sum_(ops.multiply(X, Y)), mathematics.nextafter(X, Y))
    for stage in (both, widen(both), *(each for _, each in run(both, halves=True))):
        for found, wanted in zip(reference.evaluate(stage, [x, y]), reference.evaluate(both, [x, y]), strict=True):
            np.testing.assert_array_equal(found, wanted, strict=True)
