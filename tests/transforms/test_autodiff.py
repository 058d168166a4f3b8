"""Every gradient rule against central differences in float64, and what happens at kinks, ties and dead ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.backends import reference
from dark_jit.errors import GradientError
from dark_jit.graph.graph import Graph, graph_input, make_graph
from dark_jit.graph.node import OPS, Node, make
from dark_jit.transforms.autodiff import gradients
from dark_jit.transforms.markers import without_markers

from ..equivalence.programs import graph_of, inputs_of, numbers

F64 = np.dtype("float64")
EPSILON = 1e-6

Array = np.ndarray[Any, Any]
Case = tuple[Callable[..., Node | Sequence[Node]], list[Array]]


def normal(*shapes: tuple[int, ...]) -> list[Array]:
    return [numbers(i, shape, "float64") for i, shape in enumerate(shapes)]


def positive(*shapes: tuple[int, ...]) -> list[Array]:
    return [np.abs(x) + 0.3 for x in normal(*shapes)]


def apart(*shape: int) -> list[Array]:
    """Different numbers, none near a half or a whole one, none near another."""
    count = int(np.prod(shape))
    return [(np.random.default_rng(1).permutation(count).reshape(shape) - count / 2 + 0.3) * 0.7]


def with_zeros(*shape: int) -> Array:
    """Normally distributed numbers, of which some are 0."""
    x = numbers(3, shape, "float64")
    x.reshape(-1)[::4] = 0
    return x


INDICES = np.array([[0, 2, -1], [1, 1, 1]])
X = (3, 4)

CASES: dict[str, Case] = {
    **{
        name: (getattr(ops, name), normal(X))
        for name in ("negative", "exp", "tanh", "sin", "cos", "erf", "gelu", "sigmoid")
    },
    **{name: (getattr(ops, name), apart(*X)) for name in ("abs_", "sign", "floor", "ceil", "rint", "relu")},
    **{name: (getattr(ops, name), positive(X)) for name in ("sqrt", "log")},
    **{name: (getattr(ops, name), normal(X, X)) for name in ("add", "subtract", "multiply", "maximum", "minimum")},
    "divide": (ops.divide, positive(X, X)),
    "power": (ops.power, positive(X, X)),
    "power of a number": (lambda x: [ops.power(x, 3), ops.power(x, -2.0), ops.power(x, 0)], normal(X)),
    "remainder": (ops.remainder, [3 * positive(X)[0], positive(X, X)[1]]),
    "broadcasting": (lambda x, y: ops.multiply(ops.add(x, y), x), normal((3, 1), (2, 1, 4))),
    "where": (lambda x, y: ops.where(ops.less(x, 0.1), ops.multiply(x, y), ops.exp(y)), normal(X, X)),
    "cast": (lambda x: ops.cast(ops.cast(x, F64), F64), normal(X)),
    "reshape": (lambda x: ops.exp(ops.reshape(x, (2, 6))), normal(X)),
    "transpose": (lambda x: ops.exp(ops.transpose(x, (2, 0, 1))), normal((2, 3, 4))),
    "broadcast_to": (lambda x: ops.exp(ops.broadcast_to(x, (2, 3, 4))), normal((3, 1))),
    "slice": (lambda x: ops.exp(ops.slice_(x, [(1, 7, 2), (0, 5, 3)])), normal((8, 5))),
    "empty slice": (lambda x: [ops.slice_(x, [(1, 1, 1), (0, 4, 2)]), x], normal(X)),
    "pad": (lambda x: ops.exp(ops.pad(x, [(1, 2), (0, 3)])), normal(X)),
    "flip": (lambda x: ops.exp(ops.flip(x, 1)), normal(X)),
    "concatenate": (lambda x, y: ops.exp(ops.concatenate([x, y, x], 1)), normal((3, 2), (3, 1))),
    "stack": (lambda x, y: ops.exp(ops.stack([x, y], 1)), normal(X, X)),
    "moveaxis": (lambda x: ops.exp(ops.moveaxis(x, 0, -1)), normal((2, 3, 4))),
    "dilate": (lambda x: ops.exp(ops.dilate(x, (2, 3))), normal((2, 3, 4))),
    "sum": (lambda x: [ops.sum_(ops.exp(x), 1), ops.sum_(x), ops.sum_(x, 0, keepdims=True)], normal(X)),
    "mean": (lambda x: [ops.mean(ops.exp(x), 1), ops.mean(x)], normal(X)),
    "var": (lambda x: [ops.var(x, 1), ops.std(x, 0, ddof=1)], normal(X)),
    "max": (lambda x: [ops.max_(x, 0), ops.max_(x, (0, 1)), ops.min_(x, 1, keepdims=True)], apart(*X)),
    "prod": (lambda x: [ops.prod(x, 1), ops.prod(x, (0, 1)), ops.prod(x, 0, keepdims=True)], [with_zeros(*X)]),
    "prod of inner axes": (lambda x: ops.prod(x, (0, 2)), normal((2, 3, 2))),
    "cumsum": (lambda x: [ops.cumsum(ops.exp(x), 0), ops.cumsum(ops.exp(x), 1, reverse=True)], normal(X)),
    "cumprod": (lambda x: [ops.cumprod(x, 0), ops.cumprod(x, 1, reverse=True)], [with_zeros(*X)]),
    "recurrence": (
        lambda a, b: [ops.recurrence(a, b, 1), ops.recurrence(a, b, 0, reverse=True)],
        [with_zeros(*X), *normal(X)],
    ),
    "matmul": (ops.matmul, normal((3, 4), (4, 2))),
    "batched matmul": (ops.matmul, normal((2, 1, 3, 4), (3, 4, 2))),
    "matrix and vector": (ops.matmul, normal((3, 4), (4,))),
    "vectors": (ops.matmul, normal((4,), (4,))),
    "conv2d": (
        lambda x, k, b: ops.conv2d(x, k, (2, 1), (1, 3), bias=b, dilation=(1, 2), groups=2),
        normal((2, 4, 6, 5), (6, 2, 3, 2), (6,)),
    ),
    "corr2d": (lambda x, k: ops.corr2d(x, k, 3), normal((1, 2, 7, 8), (3, 2, 2, 2))),
    "max_pool2d": (lambda x: ops.max_pool2d(x, 3, 2, 1), apart(2, 2, 6, 5)),
    "max_pool2d_select": (
        lambda x, v: make(OPS["max_pool2d_select"], (v, x), **WINDOWS),
        [*apart(1, 2, 5, 6), *normal((1, 2, 5, 6))],
    ),
    "max_pool2d_scatter": (
        lambda x, g: make(OPS["max_pool2d_scatter"], (g, x), **WINDOWS),
        [*apart(1, 2, 5, 6), *normal((1, 2, 4, 3))],
    ),
    "take": (lambda x, i: [ops.exp(ops.take(x, i)), ops.take(x, i, 1)], [*normal((3, 4)), INDICES]),
    "take_along_axis": (
        lambda x, i: [ops.exp(ops.take_along_axis(x, i)), ops.take_along_axis(ops.exp(x), i, 0)],
        [*normal(X), np.array([[0, -1, 2, 0], [1, 1, 1, 1], [2, 0, 0, -2]])],
    ),
    "scatter_add": (lambda u, i: ops.exp(ops.scatter_add(u, i, 1, (3, 4))), [*normal((3, 2, 3)), INDICES]),
    "scatter_add_along_axis": (
        lambda u, i: ops.exp(ops.scatter_add_along_axis(u, i, 1, (2, 4))),
        [*normal((2, 3)), np.array([[0, 0, 3], [-1, 2, -1]])],
    ),
    "put": (lambda x, i, v: ops.exp(ops.put(x, i, v, 1)), [*normal(X), INDICES, *normal((3, 2, 3))]),
    "put_along_axis": (
        lambda x, i, v: ops.exp(ops.put_along_axis(x, i, v)),
        [*normal(X), np.array([[0, 0], [3, 1], [-1, 3]]), *normal((3, 2))],
    ),
    "softmax": (lambda x: [ops.softmax(x), ops.log_softmax(x, 0)], normal(X)),
    "cross_entropy of classes": (ops.cross_entropy, [*normal(X), np.array([1, 3, 0])]),
    "cross_entropy of probabilities": (ops.cross_entropy, [*normal(X), positive(X)[0]]),
    "a shared node": (lambda x: ops.multiply(ops.multiply(x, x), ops.add(x, ops.exp(x))), normal(X)),
    "a scalar": (lambda x: ops.tanh(ops.multiply(x, x)), normal(())),
    "nothing": (ops.exp, normal((0, 3))),
    "a rule of the user": (
        lambda x: ops.custom_vjp(ops.exp(x), [x], lambda g: [ops.multiply(g, ops.exp(x))]),
        normal(X),
    ),
}
WINDOWS = {"window": (2, 3), "stride": (1, 2), "padding": (0, 1)}


def assert_gradients(build: Callable[..., Any], arrays: Sequence[Array]) -> None:
    """The gradients of sum(output * cotangent) agree with central differences; where there is none, these are 0."""
    nodes = inputs_of(arrays)
    result = build(*nodes)
    outputs = [result] if isinstance(result, Node) else list(result)
    cotangents = [graph_input(len(nodes) + i, y.shape, y.dtype) for i, y in enumerate(outputs)]
    values = [*arrays, *(numbers(7 + i, y.shape, "float64") for i, y in enumerate(outputs))]
    wrt = [node for node in nodes if node.dtype.kind == "f"]
    found = gradients(outputs, cotangents, wrt)
    forward = graph_of(
        [*nodes, *cotangents], [ops.sum_(ops.multiply(y, c)) for y, c in zip(outputs, cotangents, strict=True)]
    )
    backward = graph_of(forward.inputs, [g for g in found if g is not None])
    results = iter(reference.evaluate(backward, values))
    for node, gradient in zip(wrt, found, strict=True):
        wanted = _difference(forward, values, node["index"])
        exact = np.zeros(node.shape) if gradient is None else next(results)
        np.testing.assert_allclose(exact, wanted, rtol=2e-6, atol=4e-7 * max(1.0, np.abs(wanted).max(initial=0)))


def _difference(graph: Graph, values: Sequence[Array], which: int) -> Array:
    gradient = np.zeros_like(values[which])
    for place in np.ndindex(gradient.shape):
        ends = []
        for step in (EPSILON, -EPSILON):
            moved = [array.copy() for array in values]
            moved[which][place] += step
            ends.append(sum(float(y) for y in reference.evaluate(graph, moved)))
        gradient[place] = (ends[0] - ends[1]) / (2 * EPSILON)
    return gradient


@pytest.mark.parametrize("name", CASES)
def test_gradients_against_differences(name: str) -> None:
    assert_gradients(*CASES[name])


# Where the second derivative is 0 or jumps there is nothing to compare.
SECOND = [name for name in CASES if name not in ("nothing", "max", "var", "a rule of the user")]


@pytest.mark.parametrize("name", SECOND)
def test_gradients_of_gradients_against_differences(name: str) -> None:
    build, arrays = CASES[name]

    def first(*nodes: Node) -> list[Node]:
        result = build(*nodes)
        outputs = [result] if isinstance(result, Node) else list(result)
        weights = [ops.constant(0.5 + i, y.dtype, y.shape) for i, y in enumerate(outputs)]
        found = gradients(outputs, weights, [node for node in nodes if node.dtype.kind == "f"])
        # Squares of the gradients: what is constant in them matters, too.
        return [ops.multiply(g, g) for g in found if g is not None]

    assert_gradients(first, arrays)


def test_every_operation_with_a_gradient_is_checked() -> None:
    seen: set[str] = set()
    for build, arrays in CASES.values():
        result = build(*inputs_of(arrays))
        outputs = [result] if isinstance(result, Node) else result
        seen |= {node.op.name for node in make_graph([], outputs).nodes}
    ours = [op for op in OPS.values() if op.kind != "marker" and not op.name.startswith("test_")]
    rules = {op.name for op in ours if op.vjp is not None}
    assert rules - seen <= {"cast"}, "add a case to CASES"


# What autodiff does with graphs


X1 = graph_input(0, (3,), F64)
Y1 = graph_input(1, (3,), F64)
ONES = ops.constant(1.0, F64, (3,))


def value_of(node: Node, *arrays: Any) -> Any:
    graph = make_graph([X1, Y1][: len(arrays)], without_markers([node]))
    return reference.evaluate(graph, [np.asarray(array, F64) for array in arrays])[0]


def gradient_of(node: Node, wrt: Node = X1) -> Node:
    (found,) = gradients([node], [ops.constant(1.0, F64, node.shape)], [wrt])
    assert found is not None
    return found


def test_nothing_numeric_happens() -> None:
    assert gradient_of(ops.multiply(X1, 3.0)) is ops.multiply(ONES, ops.constant(3.0, F64, (3,)))


def test_an_output_is_its_own_cotangent() -> None:
    assert gradients([X1], [Y1], [X1]) == [Y1]


def test_where_there_is_no_way_there_is_none() -> None:
    assert gradients([ops.exp(X1)], [ONES], [X1, Y1])[1] is None
    assert gradients([ops.exp(ops.stop_gradient(X1))], [ONES], [X1]) == [None]
    assert gradients([ops.multiply(X1, ops.stop_gradient(X1))], [ONES], [X1]) == [
        ops.multiply(ONES, ops.stop_gradient(X1))
    ]


def test_comparisons_and_integers_end_the_way() -> None:
    counted = ops.cast(ops.sum_(ops.less(X1, 0.0)), F64)
    assert gradients([counted], [ops.constant(1.0, F64)], [X1]) == [None]
    rounded = ops.cast(ops.cast(X1, np.dtype("int64")), F64)
    assert gradients([rounded], [ONES], [X1]) == [None]


def test_several_outputs_add_up() -> None:
    outputs = [ops.exp(X1), ops.multiply(X1, Y1), X1]
    (found,) = gradients(outputs, [ONES, ONES, ONES], [X1])
    x, y = np.array([0.1, -2.0, 3.0]), np.array([5.0, 6.0, 7.0])
    np.testing.assert_allclose(value_of(found, x, y), np.exp(x) + y + 1)


def test_intermediate_nodes_have_gradients_too() -> None:
    middle = ops.exp(X1)
    found = gradients([ops.multiply(middle, middle)], [ONES], [middle, X1, middle])
    assert found[0] is found[2]
    np.testing.assert_allclose(value_of(found[0], [0.0, 1, 2]), 2 * np.exp([0.0, 1, 2]))
    np.testing.assert_allclose(value_of(found[1], [0.0, 1, 2]), 2 * np.exp([0.0, 2, 4]))


def test_gradients_have_the_shape_and_dtype_of_what_they_belong_to() -> None:
    x, y = graph_input(0, (3, 1), np.dtype("float32")), graph_input(1, (2, 1, 4), F64)
    z = ops.multiply(x, y)
    found = gradients([z], [z], [x, y])
    assert [(g.shape, g.dtype) for g in found if g is not None] == [(x.shape, x.dtype), (y.shape, y.dtype)]


def test_an_operation_without_a_rule_says_so() -> None:
    with pytest.raises(GradientError, match=r"floor_divide has no gradient; use detach\(\)"):
        gradient_of(ops.floor_divide(X1, 2.0))
    assert gradients([ops.multiply(ops.stop_gradient(ops.floor_divide(X1, 2.0)), Y1)], [ONES], [X1]) == [None]


def test_a_rule_of_the_user_is_checked() -> None:
    wrong_number = ops.custom_vjp(ops.exp(X1), [X1], lambda g: [g, g])
    with pytest.raises(GradientError, match="backward returned 2 gradients for 1 inputs"):
        gradient_of(wrong_number)
    wrong_shape = ops.custom_vjp(ops.exp(X1), [X1], lambda g: [ops.sum_(g)])
    with pytest.raises(GradientError, match=r"shape \(\) for an input of \(3,\)"):
        gradient_of(wrong_shape)
    none = ops.custom_vjp(ops.exp(X1), [X1, Y1], lambda g: [None, g])
    assert gradients([none], [ONES], [X1, Y1]) == [None, ONES]


# Kinks and ties have PyTorch's gradients


@pytest.mark.parametrize(
    "name, at_zero", [("relu", 0.0), ("abs_", 0.0), ("sign", 0.0), ("floor", 0.0), ("sqrt", np.inf), ("tanh", 1.0)]
)
def test_kinks(name: str, at_zero: float) -> None:
    assert value_of(gradient_of(getattr(ops, name)(X1)), [0.0] * 3).tolist() == [at_zero] * 3


def test_ties_of_two_operands_are_halved() -> None:
    x, y = [1.0, 2, 3], [1.0, 3, 2]
    for op, expected in ((ops.maximum, [0.5, 0, 1]), (ops.minimum, [0.5, 1, 0])):
        assert value_of(gradient_of(op(X1, Y1)), x, y).tolist() == expected
        assert value_of(gradient_of(op(X1, Y1), Y1), x, y).tolist() == [1 - e for e in expected]


def test_ties_of_a_reduction_are_shared() -> None:
    assert value_of(gradient_of(ops.max_(X1)), [2.0, 1, 2]).tolist() == [0.5, 0, 0.5]
    assert value_of(gradient_of(ops.min_(X1)), [1.0, 1, 1]).tolist() == pytest.approx([1 / 3] * 3)


def test_powers_at_zero() -> None:
    squared = gradient_of(ops.power(X1, 2.0))
    assert value_of(squared, [0.0, 1, -3]).tolist() == [0, 2, -6]
    assert value_of(gradient_of(ops.power(X1, 0.0)), [0.0, 1, -3]).tolist() == [0, 0, 0]
    by_exponent = gradient_of(ops.power(X1, Y1), Y1)
    assert value_of(by_exponent, [0.0, 1, 2], [2.0, 5, 3]).tolist() == pytest.approx([0, 0, 8 * np.log(2)])


def test_an_unchosen_branch_adds_nothing() -> None:
    """where(x > 0, sqrt(x), 0) has gradient 0 below 0 only if the unchosen branch is finite there; NaN goes through."""
    safe = ops.where(ops.less(0.0, X1), ops.sqrt(ops.where(ops.less(0.0, X1), X1, 1.0)), 0.0)
    assert value_of(gradient_of(safe), [4.0, -1, 0]).tolist() == [0.25, 0, 0]
