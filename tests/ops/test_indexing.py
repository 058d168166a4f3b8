"""take and one_hot: NumPy's meaning, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.errors import ArgumentError, DTypeError, IndexOutOfRangeError

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
    refused(lambda: ops.one_hot(x, 4), DTypeError, "float32")
    refused(lambda: ops.one_hot(i, -1), ArgumentError, "num_classes", "-1")
    refused(lambda: ops.one_hot(i, 2.0), ArgumentError, "num_classes", "integer")  # type: ignore[arg-type]
