"""Each rewrite rule: what it makes of a graph, what it leaves alone, and that no bit of a result changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from dark_jit import ops
from dark_jit.backends import reference
from dark_jit.graph.graph import graph_input
from dark_jit.graph.node import Node
from dark_jit.transforms.simplify import scalar_of, simplify

from ..equivalence.programs import agree, graph_of, inputs_of, numbers, traced
from ..equivalence.strategies import programs

F32, I8 = np.dtype("float32"), np.dtype("int8")
SPECIAL = np.array([0.0, -0.0, 1.5, -2.5, np.inf, -np.inf, np.nan, 1e-40], np.float32).reshape(2, 4)


def same(node: Node, wanted: Node, *arrays: np.ndarray) -> None:
    """Simplified, the node is the wanted one; both have the same bits."""
    nodes = [graph_input(i, array.shape, array.dtype) for i, array in enumerate(arrays)]
    graph = graph_of(nodes, [node])
    (found,) = simplify(graph).outputs
    assert found is wanted, f"{found!r} instead of {wanted!r}"
    before, after = (reference.evaluate(graph_of(nodes, [each]), arrays)[0] for each in (node, wanted))
    assert canonical(before) == canonical(after)


def canonical(array: np.ndarray) -> bytes:
    """Its bits; all NaN are one."""
    return (np.where(np.isnan(array), np.nan, array) if array.dtype.kind == "f" else array).tobytes()


X = graph_input(0, (2, 4), F32)
Y = graph_input(1, (2, 4), F32)
I = graph_input(0, (2, 4), np.dtype("int64"))  # noqa: E741


@pytest.mark.parametrize(
    "node",
    [
        ops.multiply(X, 1.0),
        ops.multiply(1.0, X),
        ops.divide(X, 1.0),
        ops.subtract(X, 0.0),
        ops.add(X, -0.0),
        ops.add(-0.0, X),
        ops.power(X, 1.0),
        ops.negative(ops.negative(X)),
        ops.where(ops.constant(True, np.dtype("bool"), (2, 4)), X, ops.exp(X)),
        ops.where(ops.less(X, 0.0), X, X),
        ops.reshape(ops.reshape(X, (8,)), (2, 4)),
        ops.transpose(ops.transpose(X)),
        ops.flip(ops.flip(X, (0, 1)), (1, 0)),
        ops.negative(ops.multiply(ops.negative(ops.multiply(X, 1.0)), 1.0)),
    ],
)
def test_what_comes_to_nothing(node: Node) -> None:
    same(node, X, SPECIAL)


@pytest.mark.parametrize(
    "node",
    [
        ops.add(X, 0.0),
        ops.add(0.0, X),
        ops.subtract(X, -0.0),
        ops.multiply(X, 0.0),
        ops.subtract(X, X),
        ops.divide(X, X),
        ops.power(X, 0.5),
        ops.power(1.0, X),
        ops.divide(1.0, X),
        ops.maximum(X, X),
    ],
)
def test_what_would_change_a_bit_stays(node: Node) -> None:
    """The sign of zero, NaN, infinities."""
    same(node, node, SPECIAL)


def test_integers_have_one_zero() -> None:
    x = numbers(1, (2, 4), "int64")
    same(ops.add(I, 0), I, x)
    same(ops.subtract(I, 0), I, x)
    same(ops.multiply(I, 1), I, x)
    same(ops.multiply(I, -1), ops.multiply(I, -1), x)


def test_times_minus_one_is_a_negation() -> None:
    x = numbers(1, (2, 4))
    same(ops.multiply(X, -1.0), ops.negative(X), x)
    same(ops.multiply(ops.multiply(-1.0, X), -1.0), X, x)


def test_unchosen_branches_go() -> None:
    no = ops.constant(False, np.dtype("bool"), (2, 4))
    same(ops.where(no, ops.exp(X), ops.add(X, Y)), ops.add(X, Y), SPECIAL, SPECIAL[::-1].copy())


def test_numbers_are_folded() -> None:
    two, half = ops.constant(2.0, F32, (2, 4)), ops.constant(0.1, F32, (2, 4))
    same(ops.exp(ops.multiply(two, half)), ops.constant(float(np.exp(np.float32(2) * np.float32(0.1))), F32, (2, 4)))
    same(ops.cast(ops.less(two, half), np.dtype("int32")), ops.constant(0, np.dtype("int32"), (2, 4)))
    same(ops.divide(two, 0.0), ops.constant(np.inf, F32, (2, 4)))
    same(ops.where(ops.less(half, two), two, half), two)
    same(ops.elementwise.floor_divide(ops.constant(7, np.dtype("int64")), 0), ops.constant(0, np.dtype("int64")))


def test_numbers_that_move_are_numbers() -> None:
    moved = ops.slice_(
        ops.flip(ops.transpose(ops.reshape(ops.constant(3.0, F32, (4, 6)), (3, 8)))), [(0, 8, 3), (1, 2, 1)]
    )
    same(moved, ops.constant(3.0, F32, (3, 1)))
    assert scalar_of(ops.constant(3.0, F32, (4, 6))) == 3.0
    assert scalar_of(ops.constant(3.0, F32)) == 3.0
    assert scalar_of(X) is None
    padded = ops.pad(ops.constant(3.0, F32, (2,)), [(1, 0)])
    same(padded, padded)


def test_movements_of_one_kind_merge() -> None:
    x = numbers(1, (2, 4))
    same(ops.reshape(ops.reshape(X, (8,)), (4, 2)), ops.reshape(X, (4, 2)), x)
    same(ops.broadcast_to(ops.broadcast_to(X, (3, 2, 4)), (5, 3, 2, 4)), ops.broadcast_to(X, (5, 3, 2, 4)), x)
    same(ops.flip(ops.flip(X, 0), 1), ops.flip(X), x)
    same(ops.pad(ops.pad(X, [(1, 0), (0, 2)]), [(0, 3), (1, 1)]), ops.pad(X, [(1, 3), (1, 3)]), x)
    y = graph_input(0, (2, 3, 4), F32)
    twice = ops.transpose(ops.transpose(y, (1, 2, 0)), (0, 2, 1))
    same(twice, ops.transpose(y, (1, 0, 2)), numbers(1, (2, 3, 4)))


@pytest.mark.parametrize(
    "inner, outer",
    [
        ((2, 20, 3), (1, 6, 2)),
        ((0, 1, 2), (0, 1, 2)),
        ((5, 20, 1), (3, 4, 1)),
        ((0, 20, 7), (1, 3, 1)),
        ((1, 9, 2), (2, 2, 1)),
    ],
)
def test_slices_of_slices_merge(inner: tuple[int, int, int], outer: tuple[int, int, int]) -> None:
    array = np.arange(20, dtype=np.float32)
    x = graph_input(0, (20,), F32)
    graph = graph_of([x], [ops.slice_(ops.slice_(x, [inner]), [outer])])
    simple = simplify(graph)
    assert len(simple.nodes) == 2
    assert reference.evaluate(simple, [array])[0].tolist() == array[slice(*inner)][slice(*outer)].tolist()


def test_a_product_is_written_in_the_order_in_which_it_is_wanted() -> None:
    a, b = graph_input(0, (5, 3), F32), graph_input(1, (3, 7), F32)
    (found,) = simplify(graph_of([a, b], [ops.transpose(ops.matmul(a, b))])).outputs
    assert found is ops.matmul(ops.transpose(b), ops.transpose(a))
    batch = graph_input(0, (4, 5, 3), F32), graph_input(1, (4, 3, 7), F32)
    moved = ops.transpose(ops.matmul(*batch), (1, 0, 2))
    assert simplify(graph_of(batch, [moved])).outputs == (moved,)


def test_sums_of_sums_are_one() -> None:
    x = graph_input(0, (2, 3, 4, 5), F32)
    (found,) = simplify(graph_of([x], [ops.sum_(ops.sum_(x, (0, 2)), 1)])).outputs
    assert found is ops.sum_(x, (0, 2, 3))
    mixed = ops.sum_(ops.max_(x, 0), 1)
    assert simplify(graph_of([x], [mixed])).outputs == (mixed,)
    narrow = graph_input(0, (2, 3, 4), I8)
    (found,) = simplify(graph_of([narrow], [ops.sum_(ops.sum_(narrow, 0, dtype=I8), 0, dtype=I8)])).outputs
    assert found is ops.sum_(narrow, (0, 1), dtype=I8)


def test_rules_meet() -> None:
    """One rule's result is another's chance, until nothing changes."""
    chain = ops.transpose(ops.negative(ops.multiply(ops.transpose(X), -1.0)))
    same(chain, X, SPECIAL)


def test_simplified_graphs_stay() -> None:
    graph = graph_of([X, Y], [ops.softmax(ops.add(X, Y))])
    assert simplify(simplify(graph)) is simplify(graph)


@given(drawn=programs())
def test_random_graphs_mean_the_same(drawn) -> None:
    shapes, build = drawn
    graph, values = traced(build, [numbers(i, shape, "float64") for i, shape in enumerate(shapes)])
    simple = simplify(graph)
    assert len(simple.nodes) <= len(graph.nodes) + 2  # a product that is transposed transposes both operands
    agree(reference.evaluate(simple, values), reference.evaluate(graph, values))
    assert inputs_of(values) == list(simple.inputs)
