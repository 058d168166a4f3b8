"""The interpreter that all else is held to: it runs any graph, quietly, and checks what each operation promises."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.reference import ReferenceBackend, evaluate
from dark_jit.graph.graph import graph_input, make_graph
from dark_jit.graph.node import Op, make
from dark_jit.ops import elementwise

F32 = np.dtype("float32")
X = graph_input(0, (2, 3), F32)
Y = graph_input(1, (3,), F32)


def test_several_outputs_in_order() -> None:
    x, y = np.arange(6, dtype=np.float32).reshape(2, 3), np.ones(3, np.float32)
    found = evaluate(make_graph([X, Y], [ops.add(X, Y), Y, X, ops.sum_(X)]), [x, y])
    np.testing.assert_array_equal(found[0], x + 1)
    np.testing.assert_array_equal(found[1], y)
    np.testing.assert_array_equal(found[2], x)
    assert found[3] == 15


def test_an_unused_input_and_no_output() -> None:
    assert evaluate(make_graph([X, Y], []), [np.zeros((2, 3), F32), np.zeros(3, F32)]) == []


def test_a_shared_node_is_computed_once() -> None:
    calls: list[int] = []

    def meaning(_: object, x: np.ndarray) -> np.ndarray:
        calls.append(1)
        return x

    counted = make(Op("counted", "elementwise", lambda inputs, _: (inputs[0].shape, inputs[0].dtype), meaning), (X,))
    evaluate(make_graph([X], [ops.add(counted, counted), ops.exp(counted)]), [np.zeros((2, 3), F32)])
    assert len(calls) == 1


def test_numpy_s_warnings_are_silent() -> None:
    """Warnings are errors in these tests."""
    x = np.array([[0, -1, np.inf], [np.nan, 3e38, 1e-45]], F32)
    outputs = [
        ops.log(X),
        ops.divide(1.0, X),
        ops.exp(X),
        ops.sqrt(X),
        ops.multiply(X, X),
        ops.cast(X, np.dtype("int32")),
    ]
    evaluate(make_graph([X], outputs), [x])
    integers = graph_input(0, (2,), np.dtype("int32"))
    quotients = [
        elementwise.floor_divide(integers, 0),
        elementwise.remainder(integers, 0),
        ops.multiply(integers, 2**31 - 1),
    ]
    results = evaluate(make_graph([integers], quotients), [np.array([7, -(2**31)], np.int32)])
    assert results[0].tolist() == [0, 0]


@pytest.mark.parametrize("wrong", [np.zeros((2, 2), F32), np.zeros((2, 3), np.float64)])
def test_an_operation_that_breaks_its_promise_is_found(wrong: np.ndarray) -> None:
    broken = make(
        Op("broken", "elementwise", lambda inputs, _: (inputs[0].shape, inputs[0].dtype), lambda node, x: wrong), (X,)
    )
    with pytest.raises(AssertionError, match="broken"):
        evaluate(make_graph([X], [broken]), [np.zeros((2, 3), F32)])


def test_programs_take_and_make_buffers() -> None:
    program = ReferenceBackend().compile(make_graph([X], [ops.transpose(X), X]))
    given = Buffer.of(np.arange(6, dtype=np.float32).reshape(2, 3))
    transposed, same = program.run([given])
    np.testing.assert_array_equal(transposed.array(), given.array().T)
    assert transposed.array().flags.c_contiguous
    np.testing.assert_array_equal(same.array(), given.array())
    assert ReferenceBackend().name == "reference"


def test_float32_stays_float32() -> None:
    """No operation computes in a wider type, or with another one's numbers."""
    x = np.linspace(0.1, 2, 6, dtype=np.float32).reshape(2, 3)
    for build in (ops.mean, ops.var, ops.softmax, ops.gelu, ops.erf, lambda x: ops.power(x, 2.5)):
        assert evaluate(make_graph([X], [build(X)]), [x])[0].dtype == F32
