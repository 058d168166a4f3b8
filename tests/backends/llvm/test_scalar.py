"""Every macro of scalar.ll.j2 but the mathematical ones against NumPy, on all its dtypes, with special values."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit.backends.llvm.target import available_isas

from .macro_runs import ISAS, Array, elementwise

FLOATS = ["float32", "float64"]
INTS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
NUMBERS = [*INTS, *FLOATS]
ALL = ["bool", *NUMBERS]

UNARY = {
    **dict.fromkeys(("negative", "abs", "sign", "relu"), NUMBERS),
    **dict.fromkeys(("floor", "ceil", "rint", "sqrt"), FLOATS),
    "logical_not": ["bool"],
    "bitwise_invert": INTS,
}
BINARY = {
    **dict.fromkeys(("add", "subtract", "multiply", "floor_divide", "remainder"), NUMBERS),
    "divide": FLOATS,
    **dict.fromkeys(("maximum", "minimum", "less", "less_equal", "equal", "not_equal"), ALL),
    "bitwise_right_shift": INTS,
    "logical_and": ["bool"],
    "logical_or": ["bool"],
    **dict.fromkeys(("bitwise_and", "bitwise_or", "bitwise_xor", "bitwise_left_shift", "bitwise_right_shift"), INTS),
}
COMPARISONS = ("less", "less_equal", "equal", "not_equal")


def values(dtype: str) -> Array:
    """The special values of a dtype, and some random ones."""
    rng = np.random.default_rng(3)
    if dtype == "bool":
        return np.array([False, True, True, False, True])
    if dtype in INTS:
        info = np.iinfo(dtype)
        some = rng.integers(info.min, info.max, 10, dtype, endpoint=True)
        few = [
            0,
            1,
            2,
            3,
            7,
            8,
            info.bits - 1,
            info.min,
            info.min + 1,
            info.max - 1,
            info.max,
            *(-1, -3) * (info.min < 0),
        ]
        return np.concatenate([np.array(few, dtype), some])
    special = [0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, 2.5, -2.5, 3.0, 7.0, 1e10, np.inf, -np.inf, np.nan]
    limits = np.finfo(dtype)
    edges = [limits.smallest_subnormal, limits.max, 2.0**23 + 1, -0.999, 127.5, 128.5, -128.9, -129.0, 255.9, 256.0]
    powers = [sign * 2.0**bits for bits in (15, 16, 31, 32, 63, 64) for sign in (1, -1)]
    below = np.nextafter(np.array(powers, dtype), np.array(0, dtype))
    return np.concatenate([special, edges, powers, below, rng.normal(size=6) * 100]).astype(dtype)


def expected(name: str, *operands: Array) -> Array:
    with np.errstate(all="ignore"):
        if name == "relu":
            return np.where(operands[0] <= 0, operands[0].dtype.type(0), operands[0])
        if name == "bitwise_right_shift":
            return np.right_shift(*operands)
        return np.asarray(getattr(np, name)(*operands))


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize(("name", "dtype"), [(name, dtype) for name, dtypes in UNARY.items() for dtype in dtypes])
def test_one_operand(name: str, dtype: str, isa: str) -> None:
    x = values(dtype)
    np.testing.assert_array_equal(elementwise(name, isa, x), expected(name, x), strict=True)


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize(("name", "dtype"), [(name, dtype) for name, dtypes in BINARY.items() for dtype in dtypes])
def test_two_operands(name: str, dtype: str, isa: str) -> None:
    x, y = (grid.ravel().copy() for grid in np.meshgrid(values(dtype), values(dtype)))
    result = elementwise(name, isa, x, y, result="bool" if name in COMPARISONS else dtype)
    np.testing.assert_array_equal(result, expected(name, x, y), strict=True)


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("dtype", ALL)
def test_where(dtype: str, isa: str) -> None:
    x = values(dtype)
    y, condition = x[::-1].copy(), np.arange(x.size) % 3 == 0
    np.testing.assert_array_equal(elementwise("where", isa, condition, x, y), np.where(condition, x, y), strict=True)


def saturated(x: Array, dtype: str) -> Array:
    """Floats cut towards zero; what lies beyond the integers becomes the last of them, NaN becomes 0."""
    low, high = int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)
    inside = np.nan_to_num(x.astype(np.float64))
    return np.array([min(max(int(number), low), high) for number in inside], dtype)


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("source", ALL)
@pytest.mark.parametrize("target", ALL)
def test_cast(source: str, target: str, isa: str) -> None:
    x = values(source)
    with np.errstate(all="ignore"):
        wanted = saturated(x, target) if source in FLOATS and target in INTS else x.astype(target)
    np.testing.assert_array_equal(elementwise("cast", isa, x, result=target), wanted, strict=True)


@pytest.mark.parametrize("lanes", [1, 2, 4, 8, 16])
@pytest.mark.parametrize("name", ["add", "maximum", "remainder", "floor_divide"])
def test_any_number_of_lanes(name: str, lanes: int) -> None:
    isa = available_isas()[0]
    for dtype in NUMBERS:
        x, y = values(dtype), values(dtype)[::-1].copy()
        np.testing.assert_array_equal(elementwise(name, isa, x, y, lanes=lanes), expected(name, x, y), strict=True)
