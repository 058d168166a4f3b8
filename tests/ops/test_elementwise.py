"""Elementwise operations: NumPy's meaning, promotion, constants, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.errors import DTypeError, OutOfRangeError, ShapeError
from dark_jit.graph.node import Node

from .meaning import means, node, refused, value

X = np.array([[-2.5, -0.0, 0.5], [1.0, 3.25, 7.0]])
Y = np.array([3.0, -2.0, 0.5])

UNARY = {
    "abs_": np.abs, "ceil": np.ceil, "cos": np.cos, "exp": np.exp, "floor": np.floor, "negative": np.negative,
    "rint": np.rint, "sign": np.sign, "sin": np.sin, "tanh": np.tanh, "relu": lambda x: np.maximum(x, 0),
    "logical_not": np.logical_not,
}  # fmt: skip
BINARY = {
    "add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide, "maximum": np.maximum,
    "minimum": np.minimum, "floor_divide": np.floor_divide, "remainder": np.remainder, "less": np.less,
    "less_equal": np.less_equal, "equal": np.equal, "not_equal": np.not_equal, "logical_and": np.logical_and,
    "logical_or": np.logical_or,
}  # fmt: skip


@pytest.mark.parametrize("name", UNARY)
def test_one_operand_as_numpy(name: str) -> None:
    means(value(getattr(ops, name), X), UNARY[name](X))


@pytest.mark.parametrize("name", BINARY)
def test_two_operands_as_numpy(name: str) -> None:
    means(value(getattr(ops, name), X, Y), BINARY[name](X, Y))
    means(value(lambda x: getattr(ops, name)(x, 2.0), X), BINARY[name](X, 2.0))
    means(value(lambda x: getattr(ops, name)(2.0, x), Y), BINARY[name](2.0, Y))


def test_the_rest_as_numpy() -> None:
    means(value(ops.sqrt, np.abs(X)), np.sqrt(np.abs(X)))
    means(value(ops.log, np.abs(X) + 1), np.log(np.abs(X) + 1))
    means(value(ops.power, np.abs(X) + 1, Y), np.power(np.abs(X) + 1, Y))
    means(value(ops.erf, np.array([0.0, 0.5, -3.0])), [0, 0.5204998778130465, -0.9999779095030014])
    means(value(lambda x, y: ops.where(ops.less(x, y), x, -1.0), X, Y), np.where(X < Y, X, -1.0))
    means(value(lambda x: ops.where(ops.less(x, 0.0), 1, 2), X), np.where(X < 0, 1, 2))


@pytest.mark.parametrize(
    "first, second, result",
    [
        ("bool", "int32", "int32"), ("int32", "int64", "int64"), ("int64", "float32", "float32"),
        ("int32", "float64", "float64"),
        ("float32", "float64", "float64"), ("bool", "float32", "float32"),
    ],
)  # fmt: skip
def test_two_dtypes(first: str, second: str, result: str) -> None:
    for x, y in ((first, second), (second, first)):
        assert ops.add(node(2, dtype=x), node(2, dtype=y)).dtype == result


@pytest.mark.parametrize(
    "dtype, number, result",
    [
        ("float32", 2, "float32"), ("float32", 0.1, "float32"), ("float64", 0.1, "float64"), ("int32", 2, "int32"),
        ("int64", 0.5, "float32"), ("bool", 2, "int64"), ("bool", 0.5, "float32"), ("int32", True, "int32"),
        ("float32", np.float64(2), "float32"),
    ],
)  # fmt: skip
def test_an_array_and_a_number(dtype: str, number: Any, result: str) -> None:
    """A Python number takes the array's dtype, unless it is of a higher kind."""
    assert ops.add(node(2, dtype=dtype), number).dtype == result


def test_integers_become_floats_where_they_must() -> None:
    means(value(ops.exp, np.array([0, 1, -2])), np.exp(np.array([0, 1, -2], np.float32)))
    means(value(ops.divide, np.array([1, 2]), np.array([2, 3])), np.array([0.5, 2 / 3], np.float32))
    means(value(ops.sigmoid, np.array([True, False])), np.array([0.7310586, 0.5], np.float32))


def test_casts() -> None:
    x = np.array([1.9, -1.9, np.nan, np.inf, -np.inf, 3e9])
    ints = [1, -1, 0, 2**31 - 1, -(2**31), 2**31 - 1]
    assert value(lambda x: ops.cast(x, np.dtype("int32")), x).tolist() == ints
    wide = value(lambda x: ops.cast(x, np.dtype("int64")), x)
    assert wide.tolist() == [1, -1, 0, 2**63 - 1, -(2**63), 3 * 10**9]
    assert value(lambda x: ops.cast(x, np.dtype("bool")), x[:3]).tolist() == [True] * 3
    same = node(2)
    assert ops.cast(same, np.dtype("float32")) is same


def test_constants() -> None:
    assert value(lambda x: ops.constant(0.1, np.dtype("float32"), (2,)), X).tolist() == [np.float32(0.1)] * 2
    assert ops.constant(1e300, np.dtype("float32"))["value"] == "inf"
    assert ops.constant(np.int64(3), np.dtype("float32")) is ops.constant(3.0, np.dtype("float32"))
    assert value(lambda x: ops.iota(4), X).tolist() == [0, 1, 2, 3]


F = node(2, 3)
B = node(2, dtype="bool")


def test_shapes_that_do_not_broadcast() -> None:
    for name in BINARY:
        refused(lambda: getattr(ops, name)(F, node(4)), ShapeError, "(2, 3) and (4,)", "equal or 1")  # noqa: B023
    refused(lambda: ops.where(ops.less(F, 0.0), node(2), F), ShapeError, "(2,)", "(2, 3)")
    refused(lambda: ops.where(node(5, dtype="bool"), F, F), ShapeError, "(5,)", "(2, 3)")


@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "floor_divide", "remainder", "power"])
def test_arithmetic_of_bools_is_refused(name: str) -> None:
    refused(lambda: getattr(ops, name)(B, B), DTypeError, f"{name} is not defined for bool", "astype")


@pytest.mark.parametrize("name", ["negative", "abs", "sign", "relu"])
def test_signs_of_bools_are_refused(name: str) -> None:
    operation = getattr(ops, "abs_" if name == "abs" else name)
    refused(lambda: operation(B), DTypeError, f"{name} is not defined for bool", "astype")


@pytest.mark.parametrize(
    "operand, parts",
    [
        ("a", ("str", "neither")),
        (None, ("NoneType",)),
        (1j, ("complex", "real number")),
        ([1.0], ("list",)),
        (np.ones(3), ("ndarray",)),
    ],
)
def test_what_is_no_number_is_refused(operand: Any, parts: tuple[str, ...]) -> None:
    refused(lambda: ops.add(F, operand), DTypeError, *parts)


@pytest.mark.parametrize(
    "number, dtype",
    [
        (2**31, "int32"), (-(2**63) - 1, "int64"), (float("nan"), "int32"), (float("inf"), "int64"),
        (10**400, "float32"), (300, "uint8"), (-1, "uint8"), (200, "int8"), (2**64, "uint64"), (-129, "int8"),
        (1e20, "uint64"), (256.0, "uint8"),
    ],
)  # fmt: skip
def test_numbers_that_do_not_fit_are_refused(number: Any, dtype: str) -> None:
    refused(lambda: ops.constant(number, np.dtype(dtype)), OutOfRangeError, "does not fit into", dtype)


@pytest.mark.parametrize("dtype", ["complex64", "longdouble", "datetime64[s]", "O"])
def test_other_dtypes_are_refused(dtype: str) -> None:
    refused(lambda: ops.cast(F, np.dtype(dtype)), DTypeError, "is not supported", "supported are bool, int8")


def test_iota_of_less_than_nothing() -> None:
    refused(lambda: ops.iota(-1), ShapeError, "-1")


def test_operations_have_names_and_documentation() -> None:
    for name in (*UNARY, *BINARY):
        assert getattr(ops, name).__doc__
    assert isinstance(F, Node)
