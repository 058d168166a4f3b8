"""Every elementwise operation, on the dtypes that it takes, with scalars, tails, broadcasting, and special values."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.backends.reference import evaluate
from dark_jit.errors import IntegerDivisionError
from dark_jit.graph.node import Node
from dark_jit.ops import elementwise

from .programs import DTYPES, FLOATS, INTEGERS, ISAS, SIGNED, Array, check, compiled, lanes_of, numbers, run, traced

pytestmark = pytest.mark.parametrize("isa", ISAS)

UNARY_FLOAT = (
    "abs_", "ceil", "cos", "erf", "exp", "floor", "gelu", "negative", "relu", "rint", "sigmoid", "sign", "sin", "tanh",
)  # fmt: skip
UNARY_POSITIVE = ("log", "sqrt")
BINARY = ("add", "subtract", "multiply", "divide", "maximum", "minimum", "remainder")
COMPARISON = ("less", "less_equal", "equal", "not_equal")
LOGICAL = ("logical_and", "logical_or")
BITWISE = ("bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_left_shift", "bitwise_right_shift")

SPECIAL = [0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 1e-30, -1e30, np.inf, -np.inf, np.nan, 3.0, 88.0, -104.0, 1e-3, -7.25, 2.0]


def special(dtype: str) -> tuple[Array, Array]:
    """Every pair of the special values."""
    x, y = np.meshgrid(np.array(SPECIAL, dtype), np.array(SPECIAL, dtype))
    return np.ascontiguousarray(x), np.ascontiguousarray(y)


@pytest.mark.parametrize("dtype", FLOATS)
def test_unary_operations_of_floats(isa: str, dtype: str) -> None:
    x = 3 * numbers(1, (5, 37), dtype)
    check(lambda x: [getattr(ops, name)(x) for name in UNARY_FLOAT], [x], isa)
    check(lambda x: [getattr(ops, name)(x) for name in UNARY_POSITIVE], [np.abs(x) + 0.01], isa)


@pytest.mark.parametrize("dtype", FLOATS)
def test_unary_operations_of_special_values(isa: str, dtype: str) -> None:
    x, _ = special(dtype)
    small = np.where(np.abs(x) > 1e29, 1, x)  # sin and cos of 1e30: float32 arithmetic of NumPy is as good as any
    names = [name for name in (*UNARY_FLOAT, *UNARY_POSITIVE) if name not in ("sin", "cos")]
    check(lambda x: [getattr(ops, name)(x) for name in names], [x], isa, differentiate=False)
    check(lambda x: [ops.sin(x), ops.cos(x)], [small.astype(dtype)], isa, differentiate=False)


@pytest.mark.parametrize("dtype", DTYPES)
def test_unary_operations_of_integers_compute_in_float32(isa: str, dtype: str) -> None:
    names = ("exp", "sqrt", "tanh", "sin", "erf", "sigmoid") if dtype in ("bool", "int32", "uint8") else ("exp",)
    program = check(lambda x: [getattr(ops, name)(x) for name in names], [numbers(1, (3, 19), dtype)], isa)
    expected = dtype if dtype in FLOATS else "float32"
    assert {node.dtype.name for node in program.graph.outputs[: len(names)]} == {expected}


@pytest.mark.parametrize("dtype", INTEGERS)
def test_unary_operations_that_keep_integers(isa: str, dtype: str) -> None:
    x = numbers(1, (7, 9), dtype)
    x[0, :3] = 0, np.iinfo(dtype).min, np.iinfo(dtype).max
    names = ("negative", "abs_", "sign", "relu", "bitwise_invert", "floor", "ceil", "rint")
    program = check(lambda x: [ops.logical_not(x), *(getattr(ops, name)(x) for name in names)], [x], isa)
    assert [node.dtype.name for node in program.graph.outputs] == ["bool", *[dtype] * len(names)]


@pytest.mark.parametrize("dtype", FLOATS)
def test_binary_operations_of_floats(isa: str, dtype: str) -> None:
    x, y = numbers(1, (5, 37), dtype), numbers(2, (5, 37), dtype)
    y += np.where(y < 0, -0.1, 0.1).astype(dtype)
    check(lambda x, y: [getattr(ops, name)(x, y) for name in BINARY], [x, y], isa, scale=10)
    names = ("floor_divide", *COMPARISON, *LOGICAL)
    check(lambda x, y: [getattr(ops, name)(x, y) for name in names], [x, y], isa, differentiate=False)
    check(ops.power, [np.abs(x) + 0.1, y], isa)


@pytest.mark.parametrize("dtype", FLOATS)
def test_binary_operations_of_special_values(isa: str, dtype: str) -> None:
    names = (*BINARY, *COMPARISON, *LOGICAL, "floor_divide", "power")
    for name in names:
        check(getattr(ops, name), special(dtype), isa, differentiate=False)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_binary_operations_of_integers(isa: str, dtype: str) -> None:
    info = np.iinfo(dtype)
    x, y = numbers(1, (7, 37), dtype), numbers(2, (7, 37), dtype)
    x[0, :4] = info.min, info.max, info.min, info.max
    y[y == 0] = 3
    names = ("add", "subtract", "multiply", "divide", "maximum", "minimum", "floor_divide", "remainder", *COMPARISON)
    program = check(lambda x, y: [getattr(ops, name)(x, y) for name in (*names, *LOGICAL, *BITWISE)], [x, y], isa)
    assert {node.dtype.name for node in program.graph.outputs} == {dtype, "bool", "float32"}
    check(ops.power, [x, np.abs(y)], isa)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_integer_division_never_traps(isa: str, dtype: str) -> None:
    least, below = np.iinfo(dtype).min, -1 if dtype in SIGNED else np.iinfo(dtype).max
    x = np.array([least, least, 5, 0, least, least + 1, below] * 3, dtype)
    y = np.array([below, 0, 0, 0, 1, below, below] * 3, dtype)
    check(lambda x, y: [elementwise.floor_divide(x, y), elementwise.remainder(x, y)], [x, y], isa)


@pytest.mark.parametrize(
    ("dtype", "y", "message"),
    [
        ("int64", 0, "integer division by 0"),
        ("int64", -1, "overflows"),
        ("int8", -1, "overflows"),
        ("uint8", 0, "integer division by 0"),
        ("uint64", 0, "integer division by 0"),
    ],
)
def test_integer_division_that_has_no_result_raises(isa: str, dtype: str, y: int, message: str) -> None:
    """Division by 0, and of the least integer by -1, in the kernel and in the reference."""
    arrays = [np.full(5, np.iinfo(dtype).min, dtype), np.array([1, 2, y, 3, 4], dtype)]
    graph, values = traced(ops.floor_divide, arrays)
    with pytest.raises(IntegerDivisionError, match=message):
        run(compiled(graph, isa), values)
    with pytest.raises(IntegerDivisionError, match=message):
        evaluate(graph, values)


def test_a_divisor_that_is_known_needs_no_guard(isa: str) -> None:
    def quotients(x: Node) -> list[Node]:
        return [ops.floor_divide(x, 3), ops.remainder(x, 3), ops.floor_divide(x, -5)]

    program = check(quotients, [np.arange(-40, 40)], isa)
    assert not [node for node in program.graph.nodes if node.op.name == "division_guard"]


def test_a_remainder_by_zero_raises_and_by_minus_one_does_not(isa: str) -> None:
    x = np.full(5, np.iinfo(np.int32).min, np.int32)
    check(ops.remainder, [x, np.full(5, -1, np.int32)], isa)
    graph, values = traced(ops.remainder, [x, np.zeros(5, np.int32)])
    with pytest.raises(IntegerDivisionError, match="integer division by 0"):
        run(compiled(graph, isa), values)


@pytest.mark.xfail(
    reason="undecided: NumPy refuses negative integer powers, kernels make 0", strict=True, raises=ValueError
)
def test_negative_integer_powers(isa: str) -> None:
    check(ops.power, [numbers(1, (5,), "int32"), np.full(5, -1, np.int32)], isa)


def test_binary_operations_of_bools(isa: str) -> None:
    x, y = numbers(1, (5, 37), "bool"), numbers(2, (5, 37), "bool")
    names = ("maximum", "minimum", *COMPARISON, *LOGICAL)
    check(lambda x, y: [ops.logical_not(x), *(getattr(ops, name)(x, y) for name in names)], [x, y], isa)


@pytest.mark.parametrize("dtype", DTYPES)
def test_where_and_casts(isa: str, dtype: str) -> None:
    c, x, y = numbers(1, (5, 37), "bool"), numbers(2, (5, 37), dtype), numbers(3, (5, 37), dtype)
    check(ops.where, [c, x, y], isa)
    check(lambda x: [ops.cast(x, np.dtype(to)) for to in DTYPES], [numbers(4, (3, 23), dtype)], isa)


@pytest.mark.parametrize("dtype", FLOATS)
def test_casts_of_floats_to_integers_saturate(isa: str, dtype: str) -> None:
    limits = [float(limit) for to in INTEGERS for limit in (np.iinfo(to).min, np.iinfo(to).max)]
    x = np.array([*SPECIAL, *limits, 2.0**31 - 200, 1e20, -1e20, 0.99, -0.99, 127.9, -128.9, 255.9, 256.5], dtype)
    check(lambda x: [ops.cast(x, np.dtype(to)) for to in (*INTEGERS, "bool")], [x], isa)


PAIRS = [
    ("int32", "int64"), ("int64", "float32"), ("float32", "float64"), ("bool", "int32"), ("bool", "float32"),
    ("uint8", "int8"), ("uint16", "int16"), ("uint32", "int32"), ("uint8", "float32"), ("uint64", "float64"),
    ("uint8", "uint64"), ("bool", "uint8"), ("int16", "uint32"),
]  # fmt: skip


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_operands_of_two_dtypes_promote(isa: str, first: str, second: str) -> None:
    x, y = numbers(1, (3, 21), first), numbers(2, (21,), second)
    check(lambda x, y: [ops.add(x, y), ops.less(x, y), ops.maximum(x, 2)], [x, y], isa)


def test_comparisons_of_signed_and_unsigned_integers_are_exact(isa: str) -> None:
    """Also where no dtype holds both, and with Python ints that the dtype does not hold."""
    large = np.array([0, 1, 2**63 - 1, 2**63, 2**64 - 1], np.uint64)[:, None]
    for dtype in SIGNED:
        y = np.array([0, 1, -1, np.iinfo(dtype).min, np.iinfo(dtype).max], dtype)
        for name in COMPARISON:
            compare = getattr(ops, name)
            check(lambda x, y: [compare(x, y), compare(y, x)], [large, y], isa)  # noqa: B023
    small = np.array([0, 1, 255], np.uint8)

    def with_numbers(x: Node) -> list[Node]:
        return [getattr(ops, name)(x, n) for name in COMPARISON for n in (-1, 256, 2**70, 1)]

    program = check(with_numbers, [small], isa)
    wanted = [getattr(np, name)(small, n) for name in COMPARISON for n in (-1, 256, 2**70, 1)]
    for found, other in zip(run(program, [small]), wanted, strict=True):
        np.testing.assert_array_equal(found, other)


@pytest.mark.parametrize("dtype", FLOATS)
def test_casts_of_large_integers_round_to_nearest(isa: str, dtype: str) -> None:
    """Halfway between two floats, and around it."""
    steps = [2**k + d for k in (24, 25, 32, 53, 54, 60) for d in (-1, 1, 3)]
    for source in ("int32", "uint32", "int64", "uint64"):
        high = np.iinfo(source).max
        edges = [high, high - 1, high // 2, high // 2 + 2 ** (np.iinfo(source).bits // 4)]
        x = np.array([*edges, *(step for step in steps if step <= high)], source)
        check(lambda x: ops.cast(x, np.dtype(dtype)), [x], isa)
        if source.startswith("int"):
            check(lambda x: ops.cast(x, np.dtype(dtype)), [-x], isa)


@pytest.mark.parametrize("dtype", ["float32", "float64", "int64", "bool", "int16"])
def test_every_number_of_elements_around_the_vectors(isa: str, dtype: str) -> None:
    """1 to 2 * lanes + 1 elements, and none, and a 0-d array."""
    lanes = lanes_of(isa, dtype)
    shapes = [(), (0,), (3, 0), *((n,) for n in range(1, 2 * min(lanes, 16) + 2)), (2 * lanes + 1,)]
    arrays = [numbers(i, shape, dtype) for i, shape in enumerate(shapes)]
    check(lambda *xs: [ops.maximum(x, 1) for x in xs], arrays, isa, differentiate=False)


SHAPES = [
    ((), ()),
    ((), (3,)),
    ((1,), (13,)),
    ((0,), (1,)),
    ((2, 0, 3), (3,)),
    ((7, 11), (11,)),
    ((7, 11), (7, 1)),
    ((7, 1), (1, 11)),
    ((1, 1, 1), (2, 3, 5)),
    ((2, 3, 5), (3, 1)),
    ((2, 1, 5, 1), (3, 1, 17)),
    ((17, 2), (17, 2)),
    ((16411,), (16411,)),
    ((16411,), ()),
    ((3, 16411), (3, 1)),
    ((16411, 3), (3,)),
]


@pytest.mark.parametrize("dtype", FLOATS)
def test_broadcasting_forward_and_backward(isa: str, dtype: str) -> None:
    for first, second in SHAPES:
        x, y = numbers(1, first, dtype), numbers(2, second, dtype)
        check(lambda x, y: ops.multiply(ops.add(x, 1.5), ops.tanh(y)), [x, y], isa, scale=5)


def test_constants_of_every_dtype(isa: str) -> None:
    values = {"bool": True, "int32": -7, "int64": 2**40, "float32": 0.1, "float64": -1e300, "uint64": 2**64 - 1}
    values |= {"int8": -128, "int16": -300, "uint8": 255, "uint16": 65535, "uint32": 2**32 - 1}
    constants = [ops.constant(value, np.dtype(dtype), (3, 19)) for dtype, value in values.items()]
    check(lambda x: [*constants, *(ops.where(x, each, 0) for each in constants)], [numbers(1, (3, 19), "bool")], isa)
    check(lambda x: [ops.iota(n) for n in (0, 1, 5, 33, 20_000)], [numbers(1, (1,))], isa)


@pytest.mark.parametrize("name", ["divide", "floor_divide", "remainder", "power"])
def test_quotients_next_to_padding(isa: str, name: str) -> None:
    """Outside of a part its operands are 0 and 0 / 0 is NaN, which must not be seen."""

    def beside(x: Node, y: Node) -> list[Node]:
        quotient = getattr(ops, name)(x, y)
        joined = ops.concatenate([quotient, x], 0)
        return [ops.add(joined, ops.pad(quotient, [(0, 1)])), joined, ops.pad(quotient, [(2, 1)])]

    check(beside, [np.array([0.5], np.float32), np.array([0.25], np.float32)], isa, differentiate=False)


def test_a_deep_chain_is_one_kernel_or_a_few(isa: str) -> None:
    def chain(x: Node) -> Node:
        for number in range(200):
            x = ops.add(ops.multiply(x, 0.99), float(number % 3))
        return x

    assert len(check(chain, [numbers(1, (7, 53))], isa).kernels) <= 16
