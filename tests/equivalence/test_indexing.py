"""Reading, adding up and writing at integer indices; what happens to an index that is out of range."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

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


def indices(extent: int, shape: Sequence[int], dtype: str = "int64") -> np.ndarray:
    """Random indices, of both signs."""
    return np.random.default_rng(3).integers(-extent, extent, shape).astype(dtype)


@pytest.mark.parametrize("index_dtype", ["int32", "int64"])
@pytest.mark.parametrize("dtype", DTYPES)
def test_take_along_each_axis_an_index_for_each_element(isa: str, dtype: str, index_dtype: str) -> None:
    shape = (5, 6, 19)
    for axis, count in ((0, 7), (1, 3), (2, 33)):
        wanted = (*shape[:axis], count, *shape[axis + 1 :])
        arrays = [numbers(1, shape, dtype), indices(shape[axis], wanted, index_dtype)]
        check(lambda x, i: ops.take_along_axis(x, i, axis), arrays, isa)  # noqa: B023


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("count", [1, 3, 40])
def test_put(isa: str, dtype: str, count: int) -> None:
    """Repeated indices among them: the last one wins, and gets the gradient."""
    x, rows, columns = numbers(1, (5, 19), dtype), numbers(2, (count, 19), dtype), numbers(3, (5, count), dtype)
    arrays = [x, rows, columns, indices(5, (count,)), indices(19, (count,), "int32")]
    check(lambda x, u, v, i, j: [ops.put(x, i, u), ops.put(x, j, v, 1), ops.put(x, i, u, 0)], arrays, isa)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_put_along_axis(isa: str, dtype: str, axis: int) -> None:
    shape, wanted = (3, 4, 17), [3, 4, 17]
    wanted[axis] = 9
    arrays = [numbers(1, shape, dtype), indices(shape[axis], wanted), numbers(2, wanted, dtype)]
    check(lambda x, i, v: ops.put_along_axis(x, i, v, axis), arrays, isa)


@pytest.mark.parametrize("dtype", [d for d in DTYPES if d != "bool"])
@pytest.mark.parametrize("shape", [(7,), (1, 1), (3, 5, 2), (2, 4, 129), (1, 3, 1031), (20, 2, 3)])
def test_scatter_add(isa: str, dtype: str, shape: tuple[int, ...]) -> None:
    def added(u: Node, v: Node, i: Node, j: Node) -> list[Node]:
        return [ops.scatter_add(u, i, axis, shape), ops.scatter_add_along_axis(v, j, axis, shape)]

    axis, count = len(shape) // 2, 6
    slices = (*shape[:axis], 2, 3, *shape[axis + 1 :])
    elements = (*shape[:axis], count, *shape[axis + 1 :])
    drawn = [indices(shape[axis], (2, 3)), indices(shape[axis], elements)]
    check(added, [numbers(1, slices, dtype), numbers(2, elements, dtype), *drawn], isa)


@settings(max_examples=25)
@given(data=st.data())
def test_moved_operands(isa: str, data: st.DataObject) -> None:
    """Transposed, sliced, flipped and broadcast data and indices are read where they lie."""
    shape = tuple(data.draw(st.lists(st.sampled_from((1, 2, 3, 5, 17)), min_size=3, max_size=3)))
    axis, order = data.draw(st.integers(0, 2)), data.draw(st.permutations(range(3)))

    def moved(x: Node, i: Node, j: Node, u: Node) -> list[Node]:
        y, at = ops.transpose(ops.flip(x, 1), order), ops.transpose(ops.flip(i, 2), order)
        part = ops.slice_(at, [(0, n, 2) for n in at.shape])
        around = [(0, n, 2) if a != axis else (0, n, 1) for a, n in enumerate(y.shape)]
        some = ops.broadcast_to(ops.expand_dims(u, 0), (*j.shape, *u.shape))
        return [
            ops.take_along_axis(ops.slice_(y, around), part, axis),
            ops.take(y, j, axis),
            ops.scatter_add_along_axis(ops.multiply(y, 2.0), at, axis, y.shape),
            ops.scatter_add(some, j, 0, (17, *u.shape)),
            ops.put_along_axis(y, at, ops.exp(y), axis),
        ]

    least = min(shape)
    arrays = [numbers(1, shape), indices(least, shape), indices(least, (4,)), numbers(2, (3, 5))]
    check(moved, arrays, isa)


def test_what_is_read_is_computed_with(isa: str) -> None:
    """An elementwise operation joins the gather that it reads from: an embedding and its positions are one kernel."""
    arrays = [numbers(1, (11, 33)), numbers(2, (4, 33)), indices(11, (3, 4))]
    program = check(lambda w, p, i: ops.tanh(ops.add(ops.take(w, i), p)), arrays, isa, differentiate=False)
    assert [kernel.task.spec.template for kernel in program.kernels] == ["take"]
    arrays = [numbers(1, (5, 33)), numbers(2, (5, 7)), indices(33, (5, 7))]
    program = check(lambda x, y, i: ops.add(ops.take_along_axis(x, i), y), arrays, isa, differentiate=False)
    assert [kernel.task.spec.template for kernel in program.kernels] == ["gather"]


def test_what_is_added_up_is_read_through_other_shapes(isa: str) -> None:
    """The gradient of a flattened embedding needs no copy."""

    def backward(g: Node, i: Node) -> Node:
        return ops.scatter_add(ops.reshape(g, (3, 4, 33)), i, 0, (11, 33))

    program = check(backward, [numbers(1, (3, 132)), indices(11, (3, 4))], isa, differentiate=False)
    assert [kernel.task.spec.template for kernel in program.kernels] == ["scatter_slices"]


@pytest.mark.parametrize("wrong", [7, -8, 2**31, -(2**40), np.iinfo(np.int64).min, np.iinfo(np.int64).max])
@pytest.mark.parametrize("name", ["take_along_axis", "scatter_add", "scatter_add_along_axis", "put", "put_along_axis"])
def test_each_operation_names_an_index_out_of_range(isa: str, name: str, wrong: int) -> None:
    x, v = numbers(1, (5, 7)), numbers(2, (5, 3))
    each = name.endswith("along_axis")
    i = indices(7, (5, 3) if each else (3,))
    i[(4, 2) if each else 1] = wrong
    builds: dict[str, Callable[[Node, Node, Node], Node]] = {
        "take_along_axis": lambda x, v, i: ops.take_along_axis(x, i, 1),
        "scatter_add": lambda x, v, i: ops.scatter_add(v, i, 1, x.shape),
        "scatter_add_along_axis": lambda x, v, i: ops.scatter_add_along_axis(v, i, 1, x.shape),
        "put": lambda x, v, i: ops.put(x, i, v, 1),
        "put_along_axis": lambda x, v, i: ops.put_along_axis(x, i, v, 1),
    }
    graph, _ = traced(builds[name], [x, v, i], differentiate=False)
    program = compiled(graph, isa)
    message = rf"index {wrong} is out of range for axis 1 with extent 7 \(array of shape \(5, 7\)\)"
    with pytest.raises(IndexOutOfRangeError, match=message):
        program.run([Buffer.copy_of(array, array.dtype) for array in (x, v, i)])
    with pytest.raises(IndexOutOfRangeError, match=message):
        reference.evaluate(graph, [x, v, i])


def test_one_hot(isa: str) -> None:
    """Out of range means all 0."""
    indices = np.array([[0, 3, 9], [10, -1, 4]])
    for dtype in DTYPES:
        check(lambda i: ops.one_hot(i, 10, np.dtype(dtype)), [indices], isa)  # noqa: B023
    check(lambda i: ops.one_hot(i, 300), [np.array([3, 255, 0], np.uint8)], isa)
    check(lambda i: [ops.one_hot(i, 0), ops.one_hot(i, 1)], [indices.astype(np.int32)], isa)
