"""The mathematical macros over the whole range of float32 and float64, against wider arithmetic (docs/accuracy.md).

float32 is swept (about every 1024th bit pattern) against NumPy's float64, float64 sampled against NumPy's long double.
"""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest

from dark_jit.backends.llvm.compile import compile_module

from .macro_runs import ISAS, Array, elementwise, elementwise_text

# Largest error in ULP of (float32, float64): what the templates state.
BOUNDS = {
    "exp": (1.1, 1.1),
    "log": (1.0, 1.0),
    "tanh": (1.5, 1.5),
    "erf": (1.5, 1.5),
    "sin": (2.0, 2.0),
    "cos": (2.0, 2.0),
    "power": (0.6, 1.5),
}
# Where float64 is sampled densely, beside all bit patterns.
RANGES: dict[str, list[tuple[float, float]]] = {
    "exp": [(-746, 710), (-1, 1)],
    "log": [(0.5, 2), (0, 1000)],
    "tanh": [(-20, 20), (-1, 1)],
    "erf": [(-6.1, 6.1), (-1.2, 1.2)],
    "sin": [(-10, 10), (-2e6, 2e6)],
    "cos": [(-10, 10), (-2e6, 2e6)],
}
UNARY = sorted(RANGES)
SPECIALS = [0.0, -0.0, math.inf, -math.inf, math.nan, 1.0, -1.0, 1e-45, -1e-45, 5e-324, -5e-324, 2.0**-126, 2.0**-1022]
SPECIALS += [88.72, 88.73, -103.9, -104.1, 709.78, 709.79, -745.1, -745.2]
WORST_TURN = math.ldexp(6381956970095103, 797)  # the float64 that is nearest to a multiple of pi/2
# The numbers nearest to multiples of pi/2, where reducing an argument loses most.
TURNS = np.concatenate([np.arange(-6000, 6000), np.arange(6000, 700_000, 7)]) * (2 * np.arctan(np.longdouble(1)))
ODD_VALUES = [0.0, 1.0, 2.0, 0.5, 3.0, 1.5, 1e38, 1e-45, 5e-324, 1e300, 2.0**52 + 1, 2.0**53, 1e9 + 1, math.inf]

extended = pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="long double is no wider than float64 here")


def _erf(x: Array) -> Array:
    """erf in the precision of x, by its series of positive terms: 2/sqrt(pi) e^(-x^2) sum 2^n x^(2n+1) / (2n+1)!!."""
    if x.dtype == np.float64:
        return np.asarray(np.vectorize(math.erf, otypes=[np.float64])(x))
    a = np.fmin(np.abs(x), x.dtype.type(7))
    term = total = a
    for n in range(1, 220):
        term = term * (2 * a * a / (2 * n + 1))
        total = total + term
    root = np.sqrt(4 * np.arctan(x.dtype.type(1)))
    return np.where(np.isnan(x), x, np.copysign(np.fmin(2 / root * np.exp(-a * a) * total, 1), x))


def reference(name: str, *operands: Array) -> Array:
    """The operation in the next wider arithmetic."""
    wide = np.float64 if operands[0].dtype == np.float32 else np.longdouble
    with np.errstate(all="ignore"):
        return np.asarray((_erf if name == "erf" else getattr(np, name))(*(x.astype(wide) for x in operands)))


def worst(values: Array, expected: Array) -> float:
    """The largest error of finite results in ULP of their dtype; infinities, NaN and signs of zeros must be exact."""
    info, wide = np.finfo(values.dtype), expected.dtype.type
    with np.errstate(all="ignore"):
        rounded = expected.astype(values.dtype)
        exponent = np.maximum(np.frexp(np.abs(expected))[1] - 1, info.minexp)
        errors = np.abs(values.astype(wide) - expected) / np.ldexp(wide(1), exponent - info.nmant)
    finite = np.isfinite(rounded)
    np.testing.assert_array_equal(values[~finite], rounded[~finite])
    zero = (values == 0) & (rounded == 0)
    np.testing.assert_array_equal(np.signbit(values[zero]), np.signbit(rounded[zero]))
    return float(np.max(errors[finite]))


@functools.cache
def sweep(step: int) -> Array:
    """A random float32 in every interval of `step` bit patterns, and the special ones."""
    first = np.arange(0, 2**32, step, dtype=np.uint64)
    bits = first + np.random.default_rng(0).integers(0, step, first.size, dtype=np.uint64)
    with np.errstate(over="ignore", under="ignore"):
        return np.concatenate([bits.astype(np.uint32).view(np.float32), np.array(SPECIALS).astype(np.float32)])


@functools.cache
def sample(name: str, size: int) -> Array:
    """float64 values: any bit patterns, those where the function is interesting, and the special ones."""
    rng = np.random.default_rng(1)
    patterns = rng.integers(0, 2**64, size, dtype=np.uint64).view(np.float64)
    dense = [rng.uniform(low, high, size) for low, high in RANGES[name]]
    return np.concatenate([np.array([*SPECIALS, WORST_TURN]), patterns, *dense])


@functools.cache
def case(name: str, dtype: str) -> tuple[Array, Array]:
    """Operands and what they should give."""
    x = sweep(2**10) if dtype == "float32" else sample(name, 5000 if name == "erf" else 50_000)
    if name in ("sin", "cos"):
        x = np.concatenate([x, TURNS.astype(dtype)])
    return x, reference(name, x)


@functools.cache
def power_case(dtype: str) -> tuple[Array, Array, Array]:
    """Positive bases over the whole range, exponents so that few results overflow; bases near 1 with huge exponents."""
    rng, size = np.random.default_rng(2), 100_000
    reach = {"float32": 80.0, "float64": 700.0}[dtype]
    bases = np.exp(rng.uniform(-reach, reach, size)), rng.uniform(0.5, 2, size), rng.uniform(0.99, 1.01, size)
    exponents = rng.uniform(-1, 1, (3, size)) * [[1], [reach], [100 * reach]]
    x, y = np.concatenate(bases).astype(dtype), exponents.ravel().astype(dtype)
    return x, y, reference("power", x, y)


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("name", UNARY)
def test_float32(name: str, isa: str) -> None:
    x, expected = case(name, "float32")
    assert worst(elementwise(name, isa, x), expected) <= BOUNDS[name][0]


@extended
@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("name", UNARY)
def test_float64(name: str, isa: str) -> None:
    x, expected = case(name, "float64")
    assert worst(elementwise(name, isa, x, lanes=8), expected) <= BOUNDS[name][1]


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("dtype", ["float32", pytest.param("float64", marks=extended)])
def test_power(dtype: str, isa: str) -> None:
    x, y, expected = power_case(dtype)
    assert worst(elementwise("power", isa, x, y, lanes=8), expected) <= BOUNDS["power"][dtype == "float64"]


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_power_of_special_values_is_numpys(dtype: str, isa: str) -> None:
    with np.errstate(all="ignore"):
        values = np.array([math.nan, *ODD_VALUES, *(-value for value in ODD_VALUES)]).astype(dtype)
        x, y = (grid.ravel().copy() for grid in np.meshgrid(values, values))
        expected = np.power(x, y)
    result = elementwise("power", isa, x, y)
    np.testing.assert_allclose(result, expected, rtol=3 * float(np.finfo(dtype).eps))
    number = ~np.isnan(expected)
    np.testing.assert_array_equal(np.signbit(result[number]), np.signbit(expected[number]))


@pytest.mark.parametrize("lanes", [1, 2, 8])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", [*UNARY, "power"])
@pytest.mark.parametrize("isa", ISAS)
def test_the_result_does_not_depend_on_the_lanes(isa: str, name: str, dtype: str, lanes: int) -> None:
    x = np.array([*SPECIALS[:10], 0.3, -1.7, 4e4, 7e7, 1e30, 2.5]).astype(np.float32).astype(dtype)
    operands = (x, x[::-1].copy()) if name == "power" else (x,)
    expected = elementwise(name, isa, *operands, lanes=16)
    np.testing.assert_array_equal(elementwise(name, isa, *operands, lanes=lanes), expected)


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", [*UNARY, "power"])
def test_nothing_is_called(name: str, dtype: str, isa: str) -> None:
    operands = [dtype] * (2 if name == "power" else 1)
    if name == "power" and isa == "sse2":
        pytest.skip("SSE2 rounds in libm: is the exponent an integer?")
    assert "call" not in compile_module(elementwise_text(name, isa, operands, dtype, 16, 16), isa).asm


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_integer_power_wraps_around_and_negative_exponents_give_zero(dtype: str, isa: str) -> None:
    bases = np.array([0, 1, -1, 2, -2, 3, 10, -7, np.iinfo(dtype).min, np.iinfo(dtype).max], dtype)
    exponents = np.array([0, 1, 2, 3, 31, 33, 64, 100, np.iinfo(dtype).max], dtype)
    x, y = (grid.ravel().copy() for grid in np.meshgrid(bases, exponents))
    np.testing.assert_array_equal(elementwise("power", isa, x, y), np.power(x, y))
    np.testing.assert_array_equal(elementwise("power", isa, x, np.full_like(y, -3)), 0)
