"""Operations on bits: NumPy's meaning on integers, the logical operations on bool, refused for floats."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import dtypes, ops
from dark_jit.errors import DTypeError, OutOfRangeError, ShapeError

from .meaning import means, node, refused, value

BINARY = ("bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_left_shift", "bitwise_right_shift")
INTEGERS = [dtype for dtype in dtypes.SUPPORTED if dtypes.is_integer(dtype)]


@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize("name", BINARY)
def test_two_integers_as_numpy(name: str, dtype: dtypes.DType) -> None:
    info = np.iinfo(dtype)
    x = np.array([info.min, info.max, 0, 1, 5, 100], dtype)
    for y in (np.array([0, 1, 3, info.bits - 1, 2, 7], dtype), np.roll(x, 1)):
        means(value(getattr(ops, name), x, y), getattr(np, name)(x, y))
        means(value(lambda x, y: getattr(ops, name)(x, ops.reshape(y, (6, 1))), x, y), getattr(np, name)(x, y[:, None]))
    means(value(lambda x: getattr(ops, name)(x, 3), x), getattr(np, name)(x, 3))
    means(value(lambda x: getattr(ops, name)(3, x), x), getattr(np, name)(3, x))


@pytest.mark.parametrize("dtype", INTEGERS)
def test_inverted_bits_as_numpy(dtype: dtypes.DType) -> None:
    x = np.array([np.iinfo(dtype).min, np.iinfo(dtype).max, 0, 5], dtype)
    means(value(ops.bitwise_invert, x), ~x)


@pytest.mark.parametrize("count", [8, 9, 127, -1, -128])
def test_shifts_that_leave_nothing(count: int) -> None:
    """By as many bits as there are and more, and by negative numbers: nothing is left but the sign."""
    x, y = np.array([1, -1, 127, -128], np.int8), np.array(count, np.int8)
    means(value(ops.bitwise_left_shift, x, y), np.array([0, 0, 0, 0], np.int8))
    means(value(ops.bitwise_right_shift, x, y), np.array([0, -1, 0, -1], np.int8))


@pytest.mark.parametrize("name", BINARY)
def test_bools_are_one_bit(name: str) -> None:
    x, y = np.array([True, True, False, False]), np.array([True, False, True, False])
    means(value(getattr(ops, name), x, y), getattr(np, name)(x, y))
    means(value(ops.bitwise_invert, x), ~x)
    means(value(getattr(ops, name), x, np.array([1, 2, 3, 4])), getattr(np, name)(x, np.array([1, 2, 3, 4])))


@pytest.mark.parametrize("name", BINARY)
def test_what_is_refused(name: str) -> None:
    operation = getattr(ops, name)
    for x, y in ((node(2), node(2)), (node(2, dtype="int8"), node(2)), (node(2, dtype="int8"), 0.5)):
        refused(lambda: operation(x, y), DTypeError, f"{name} is defined for integers and bool, got float32")  # noqa: B023
    refused(lambda: ops.bitwise_invert(node(2)), DTypeError, "bitwise_invert is defined for integers and bool")
    refused(lambda: operation(node(2, dtype="uint8"), 256), OutOfRangeError, "256 does not fit into uint8")
    refused(lambda: operation(node(2, dtype="uint64"), node(2, dtype="int8")), DTypeError, "no common dtype")
    refused(lambda: operation(node(2, dtype="int8"), node(3, dtype="int8")), ShapeError, "(2,) and (3,)")
