"""take and one_hot; what happens to an index that is out of range."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.backends import reference
from dark_jit.backends.buffer import Buffer
from dark_jit.errors import IndexOutOfRangeError
from dark_jit.graph.node import Node

from .programs import DTYPES, INTEGERS, ISAS, MOVED, SIGNED, check, compiled, graph_of, inputs_of, numbers, run, traced

pytestmark = pytest.mark.parametrize("isa", ISAS)


@pytest.mark.parametrize("index_dtype", ["int32", "int64"])
@pytest.mark.parametrize("dtype", MOVED)
def test_take_along_each_axis(isa: str, dtype: str, index_dtype: str) -> None:
    x = numbers(1, (5, 6, 19), dtype)
    indices = np.array([[0, 4, -1], [-5, 2, 2]], index_dtype)
    check(lambda x, i: [ops.take(x, i, axis) for axis in (0, 1, -1)], [x, indices], isa)


def test_indices_of_every_dtype(isa: str) -> None:
    x, places = numbers(1, (5, 6, 19)), np.array([[0, 4, 1], [3, 2, 2]])
    every = [places.astype(dtype) - (5 if dtype in SIGNED else 0) for dtype in INTEGERS]
    check(lambda x, *indices: [ops.take(x, i) for i in indices], [x, *every], isa)


@pytest.mark.parametrize("index_dtype", ["int8", "uint8"])
def test_an_axis_longer_than_the_indices_reach(isa: str, index_dtype: str) -> None:
    info = np.iinfo(index_dtype)
    check(ops.take, [numbers(1, (300, 3)), np.array([info.min, 0, info.max, 7], index_dtype)], isa)


@pytest.mark.parametrize("indices", [np.int64(3), np.zeros(0, np.int64), np.arange(-7, 7), np.full((33,), -1)])
def test_numbers_of_indices(isa: str, indices: np.ndarray) -> None:
    check(ops.take, [numbers(1, (7, 5)), np.asarray(indices, np.int64)], isa)
    check(ops.take, [numbers(1, (7,)), np.asarray(indices, np.int64)], isa)


def test_take_of_computed_data_and_indices(isa: str) -> None:
    def taken(x: Node, i: Node) -> list[Node]:
        y = ops.take(ops.exp(ops.transpose(x)), ops.subtract(i, 1), 1)
        return [y, ops.relu(y), ops.sum_(y, 0)]

    check(taken, [numbers(1, (7, 20)), np.array([0, 1, 7, -6, 3], np.int32)], isa)


def test_an_embedding(isa: str) -> None:
    """Repeated rows add their gradients up."""
    check(lambda w, i: ops.tanh(ops.take(w, i)), [numbers(1, (11, 33)), np.array([[1, 1, 3], [10, 1, 0]])], isa)


@pytest.mark.parametrize("wrong", [7, -8, 2**31, -(2**40), np.iinfo(np.int64).min, np.iinfo(np.int64).max])
def test_an_index_out_of_range_raises(isa: str, wrong: int) -> None:
    """The message is the reference's; inputs are as before, and the program works again afterwards."""
    x, good = numbers(1, (7, 5)), np.array([1, -7, 6])
    bad = np.array([1, wrong, 6])
    graph, _ = traced(lambda x, i: ops.multiply(ops.take(ops.exp(x), i), 2.0), [x, good], differentiate=False)
    program = compiled(graph, isa)
    buffers = [Buffer.copy_of(array, array.dtype) for array in (x, bad)]
    with pytest.raises(IndexOutOfRangeError, match=f"index {wrong} is out of range for axis 0 with extent 7") as ours:
        program.run(buffers)
    with pytest.raises(IndexOutOfRangeError) as theirs:
        reference.evaluate(graph, [x, bad])
    assert str(ours.value) == str(theirs.value)
    assert buffers[0].array().tobytes() == x.tobytes()
    (found,) = program.run([buffers[0], Buffer.of(good)])
    np.testing.assert_allclose(found.array(), 2 * np.exp(x[good]), rtol=1e-5)


@pytest.mark.parametrize(("wrong", "dtype"), [(7, "uint8"), (-8, "int8"), (2**64 - 1, "uint64"), (2**63, "uint64")])
def test_an_index_of_another_dtype_out_of_range_raises(isa: str, wrong: int, dtype: str) -> None:
    """The largest unsigned ones are not negative."""
    x, bad = numbers(1, (7, 5)), np.array([1, wrong, 6], dtype)
    graph, values = traced(ops.take, [x, bad], differentiate=False)
    for run_it in (lambda: run(compiled(graph, isa), values), lambda: reference.evaluate(graph, values)):
        with pytest.raises(IndexOutOfRangeError, match=f"index {wrong} is out of range for axis 0 with extent 7"):
            run_it()


def test_the_second_of_two_takes_is_named(isa: str) -> None:
    x, y = numbers(1, (7, 5)), numbers(2, (3, 4))
    nodes = inputs_of([x, y, np.zeros(2, np.int64), np.zeros(2, np.int64)])
    graph = graph_of(nodes, [ops.take(nodes[0], nodes[2]), ops.take(nodes[1], nodes[3], 1)])
    program = compiled(graph, isa)
    arrays = [x, y, np.array([0, 6]), np.array([0, 4])]
    with pytest.raises(IndexOutOfRangeError, match=r"index 4 .* axis 1 with extent 4 \(array of shape \(3, 4\)\)"):
        program.run([Buffer.of(array) for array in arrays])


def test_one_hot(isa: str) -> None:
    """Out of range means all 0."""
    indices = np.array([[0, 3, 9], [10, -1, 4]])
    for dtype in DTYPES:
        check(lambda i: ops.one_hot(i, 10, np.dtype(dtype)), [indices], isa)  # noqa: B023
    check(lambda i: ops.one_hot(i, 300), [np.array([3, 255, 0], np.uint8)], isa)
    check(lambda i: [ops.one_hot(i, 0), ops.one_hot(i, 1)], [indices.astype(np.int32)], isa)
