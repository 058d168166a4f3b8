"""Reading and adding up at integer indices: NumPy's meaning, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.errors import ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError

from .meaning import means, node, refused, value

A = np.arange(24.0).reshape(2, 3, 4)


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize(
    "indices", [np.array([0, 1, -1]), np.array([[1, 0], [-2, 1]], np.int32), np.int64(1), np.zeros((0, 2), int)]
)
def test_take_as_numpy(axis: int, indices: np.ndarray) -> None:
    means(value(lambda x, i: ops.take(x, i, axis), A, indices), np.take(A, indices, axis))


def test_an_index_out_of_range() -> None:
    with pytest.raises(
        IndexOutOfRangeError, match=r"index -4 is out of range for axis 1 with extent 3 \(array of shape \(2, 3, 4\)\)"
    ):
        value(lambda x, i: ops.take(x, i, 1), A, np.array([0, -4]))
    assert issubclass(IndexOutOfRangeError, IndexError)


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_take_along_axis_as_numpy(axis: int, dtype: str) -> None:
    shape = [2, 3, 4]
    shape[axis] = 5
    indices = np.random.default_rng(0).integers(-2, 2, shape).astype(dtype)
    means(value(lambda x, i: ops.take_along_axis(x, i, axis), A, indices), np.take_along_axis(A, indices, axis))


@pytest.mark.parametrize("shapes", [((2, 3, 4), (1, 5, 4)), ((2, 1, 4), (2, 3, 1)), ((1, 3, 4), (2, 5, 1))])
def test_all_but_the_axis_broadcasts(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    x, indices = np.arange(24.0)[: int(np.prod(shapes[0]))].reshape(shapes[0]), np.zeros(shapes[1], int)
    means(value(lambda x, i: ops.take_along_axis(x, i, 1), x, indices), np.take_along_axis(x, indices, 1))


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_scatter_add_as_numpy(axis: int) -> None:
    indices = np.array([[0, 1, 0], [-1, 1, 1]])
    key = (*[slice(None)] * (axis % 3), indices)
    updates = np.arange(float(A[key].size)).reshape(A[key].shape)
    wanted = np.zeros_like(A)
    np.add.at(wanted, key, updates)
    means(value(lambda u, i: ops.scatter_add(u, i, axis, A.shape), updates, indices), wanted)


def test_adding_nothing_gives_zeros() -> None:
    means(value(lambda u, i: ops.scatter_add(u, i, 0, (2, 3)), np.zeros((0, 3)), np.zeros(0, int)), np.zeros((2, 3)))


def test_one_hot() -> None:
    found = value(lambda i: ops.one_hot(i, 3), np.array([[0, 2], [-1, 3]]))
    means(found, np.array([[[1, 0, 0], [0, 0, 1]], [[0, 0, 0], [0, 0, 0]]], np.float32))
    assert ops.one_hot(node(2, dtype="int32"), 0).shape == (2, 0)
    assert ops.one_hot(node(dtype="int64"), 4, np.dtype("bool")).dtype == "bool"


def test_what_is_refused() -> None:
    x, i = node(2, 3, 4), node(2, dtype="int64", index=1)
    refused(lambda: ops.take(x, node(2, index=1)), DTypeError, "integer indices", "float32")
    refused(lambda: ops.take(x, node(2, dtype="bool", index=1)), DTypeError, "bool", "where or mask")
    refused(lambda: ops.take(x, i, 3), ArgumentError, "axis 3", "3 axes")
    refused(lambda: ops.take(node(), i), ArgumentError, "0 axes")
    refused(lambda: ops.take(node(0, 3), i), IndexOutOfRangeError, "axis 0", "(0, 3)", "empty")
    refused(lambda: ops.take_along_axis(x, node(2, 3, 4, index=1)), DTypeError, "take_along_axis", "float32")
    refused(lambda: ops.take_along_axis(x, i), ShapeError, "as many axes", "(2,)", "(2, 3, 4)")
    refused(lambda: ops.take_along_axis(x, node(3, 3, 4, dtype="int64"), 1), ShapeError, "(3, 3, 4)", "axis 1")
    refused(lambda: ops.take_along_axis(node(2, 0), node(2, 1, dtype="int64")), IndexOutOfRangeError, "axis 1", "empty")
    refused(lambda: ops.scatter_add(x, i, 0, (5, 3)), ShapeError, "(2, 3, 4)", "(2, 3)")
    refused(lambda: ops.scatter_add(node(2, dtype="bool"), i, 0, (5,)), DTypeError, "bool", "astype")
    refused(lambda: ops.scatter_add_along_axis(x, i, 0, (5, 3)), ShapeError, "one shape", "axis 0")
    refused(lambda: ops.one_hot(x, 4), DTypeError, "float32")
    refused(lambda: ops.one_hot(i, -1), ArgumentError, "num_classes", "-1")
    refused(lambda: ops.one_hot(i, 2.0), ArgumentError, "num_classes", "integer")  # type: ignore[arg-type]
