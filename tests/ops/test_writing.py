"""Writing at integer indices: NumPy's meaning, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.errors import DTypeError, IndexOutOfRangeError, ShapeError

from .meaning import means, node, refused, value

A = np.arange(24.0).reshape(2, 3, 4)


def written(x: np.ndarray, key: object, values: object) -> np.ndarray:
    """x after x[key] = values."""
    after = x.copy()
    after[key] = values
    return after


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("indices", [np.array([0, 1, 0, -1, 1]), np.array([[1, 0], [-2, 1]], np.int32), np.int64(1)])
def test_put_as_numpy_the_last_of_equal_indices_wins(axis: int, indices: np.ndarray) -> None:
    key = (*[slice(None)] * (axis % 3), indices)
    values = np.arange(100.0, 100 + A[key].size).reshape(A[key].shape)
    means(value(lambda x, i, v: ops.put(x, i, v, axis), A, indices, values), written(A, key, values))
    means(value(lambda x, i: ops.put(x, i, ops.constant(7, np.dtype("int64")), axis), A, indices), written(A, key, 7))


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_put_along_axis_as_numpy(axis: int) -> None:
    shape = [2, 3, 4]
    shape[axis] = 9
    indices = np.random.default_rng(0).integers(-2, 2, shape)
    values = np.arange(100.0, 100 + indices.size).reshape(shape)
    wanted = A.copy()
    np.put_along_axis(wanted, indices, values, axis)
    means(value(lambda x, i, v: ops.put_along_axis(x, i, v, axis), A, indices, values), wanted)


def test_writing_nothing_changes_nothing() -> None:
    x, none, v = node(2, 3), node(0, dtype="int64", index=1), node(0, 3, index=2)
    assert ops.put(x, none, v) is x
    assert ops.put_along_axis(x, node(0, 3, dtype="int64", index=1), v, 0) is x
    assert ops.put(node(0, 3), none, v).shape == (0, 3)


def test_what_is_refused() -> None:
    x, i = node(2, 3, 4), node(2, dtype="int64", index=1)
    refused(lambda: ops.put(x, i, node(5, index=2)), ShapeError, "(5,)", "(2, 3, 4)")
    refused(lambda: ops.put(x, node(2, index=1), x), DTypeError, "put", "float32")
    refused(lambda: ops.put(node(0, 3), i, node(2, 3)), IndexOutOfRangeError, "axis 0", "empty")
    refused(lambda: ops.put_along_axis(node(1, 3), node(2, 3, dtype="int64"), x, 1), ShapeError, "(2, 3)", "outside")
