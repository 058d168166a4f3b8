"""The elementwise operations."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import dark_jit as dark
from dark_jit.errors import ShapeError
from dark_jit.testing.battery import OpCase, Refusal

Function = Callable[..., Any]

FLOAT = {"f": "same", "biu": "float32"}  # integers are cast to the default dtype
NUMBERS = {"fiu": "same"}
ALL = {"bfiu": "same"}
TRUTH = {"bfiu": "bool"}
BITS = {"biu": "same"}

SHAPES: tuple[tuple[tuple[int, ...], ...], ...] = ((), (0,), (3, 0), (1,), (1, 1), (37,), (3, 19))
PAIRS = (((), ()), ((), (3,)), ((0,), (1,)), ((2, 0, 3), (3,)), ((7, 1), (1, 11)), ((2, 3, 5), (3, 1)), ((37,), (37,)))


def numbers(seed: int, low: float, high: float, *shape: int) -> np.ndarray[Any, Any]:
    """float64 in an interval."""
    return np.random.default_rng(seed).uniform(low, high, shape)


def of_one(
    name: str,
    numpy: Function,
    low: float = -3.0,
    high: float = 3.0,
    dtypes: Mapping[str, str] = FLOAT,
    **more: Any,
) -> OpCase:
    """A function of one operand in an interval."""
    shapes = [[numbers(1, low, high, *shape)] for shape in SHAPES]
    return OpCase(name, getattr(dark, name), numpy, [numbers(0, low, high, 2, 8)], dtypes, shapes, **more)


def of_two(
    name: str,
    numpy: Function,
    first: tuple[float, float] = (-3.0, 3.0),
    second: tuple[float, float] = (-3.0, 3.0),
    dtypes: Mapping[str, str] = FLOAT,
    **more: Any,
) -> OpCase:
    """A function of two operands, each in an interval."""
    args = [numbers(0, *first, 2, 8), numbers(1, *second, 2, 8)]
    shapes = [[numbers(2, *first, *x), numbers(3, *second, *y)] for x, y in PAIRS]
    refuses = [Refusal([np.ones((2, 3)), np.ones(4)], ShapeError, "do not broadcast")]
    return OpCase(name, getattr(dark, name), numpy, args, dtypes, shapes, refuses, **more)


def of_bits(name: str, numpy: Function, dtypes: Mapping[str, str] = BITS) -> OpCase:
    """A function of the bits of two integers."""
    integers = np.random.default_rng(0).integers(0, 7, (2, 2, 16))
    shapes = [[np.ones(x, np.int64), np.ones(y, np.int64)] for x, y in PAIRS]
    return OpCase(name, getattr(dark, name), numpy, [*integers], dtypes, shapes, differentiable=0, kernel=True)


def _sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def _erf(x: Any) -> Any:
    return np.vectorize(math.erf, otypes=[np.float64])(x) if x.size else x


def _gelu(x: Any) -> Any:
    return x * (1 + _erf(x / math.sqrt(2))) / 2


_FLOATS = [
    of_one("acos", np.arccos, -0.9, 0.9),
    of_one("acosh", np.arccosh, 1.5, 3),
    of_one("asin", np.arcsin, -0.9, 0.9),
    of_one("asinh", np.arcsinh),
    of_one("atan", np.arctan),
    of_one("atanh", np.arctanh, -0.9, 0.9),
    of_one("cos", np.cos, kernel=True),
    of_one("cosh", np.cosh),
    of_one("erf", _erf, kernel=True),
    of_one("exp", np.exp, kernel=True),
    of_one("expm1", np.expm1),
    of_one("gelu", _gelu),
    of_one("leaky_relu", lambda x: np.where(x > 0, x, 0.01 * x), dtypes={"f": "same"}),
    of_one("log", np.log, 0.1, kernel=True),
    of_one("log10", np.log10, 0.1),
    of_one("log1p", np.log1p, -0.5),
    of_one("log2", np.log2, 0.1),
    of_one("reciprocal", lambda x: 1 / x, 0.3),
    of_one("rint", np.rint),
    of_one("rsqrt", lambda x: 1 / np.sqrt(x), 0.3),
    of_one("sigmoid", _sigmoid),
    of_one("sin", np.sin, kernel=True),
    of_one("sinh", np.sinh),
    of_one("softplus", lambda x: np.logaddexp(x, 0), dtypes={"f": "same"}),
    of_one("sqrt", np.sqrt, 0.1, kernel=True),
    of_one("tan", np.tan, -1.2, 1.2),
    of_one("tanh", np.tanh, kernel=True),
    of_two("atan2", np.arctan2),
    of_two("copysign", np.copysign),
    of_two("divide", np.divide, second=(0.5, 3), kernel=True),
    of_two("hypot", np.hypot, (0.5, 3)),
    of_two("logaddexp", np.logaddexp),
    of_two("nextafter", np.nextafter, differentiable=0, kernel=True),
]
_NUMBERS = [
    of_one("abs", np.abs, dtypes=NUMBERS, kernel=True),
    of_one("ceil", np.ceil, dtypes=ALL, kernel=True),
    of_one("floor", np.floor, dtypes=ALL, kernel=True),
    of_one("negative", np.negative, dtypes=NUMBERS, kernel=True),
    of_one("positive", lambda x: x, dtypes=ALL),
    of_one("relu", lambda x: np.maximum(x, 0), dtypes=NUMBERS, kernel=True),
    of_one("round", np.rint, dtypes=ALL, kernel=True),
    of_one("sign", np.sign, dtypes=NUMBERS, kernel=True),
    of_one("square", np.square, dtypes=NUMBERS),
    of_one("stop_gradient", lambda x: x, dtypes=ALL, differentiable=0),
    of_one("trunc", np.trunc, dtypes=ALL),
    of_two("add", np.add, dtypes=NUMBERS, kernel=True),
    of_two("floor_divide", np.floor_divide, second=(0.5, 3), dtypes=NUMBERS, differentiable=0, kernel=True),
    of_two("maximum", np.maximum, dtypes=ALL, kernel=True),
    of_two("minimum", np.minimum, dtypes=ALL, kernel=True),
    of_two("multiply", np.multiply, dtypes=NUMBERS, kernel=True),
    of_two("power", np.power, (0.3, 2), (0.3, 2), dtypes=NUMBERS, kernel=True),
    of_two("remainder", np.remainder, second=(0.5, 3), dtypes=NUMBERS, kernel=True),
    of_two("subtract", np.subtract, dtypes=NUMBERS, kernel=True),
]
_TRUTHS = [
    of_one("isfinite", np.isfinite, dtypes=TRUTH, differentiable=0),
    of_one("isinf", np.isinf, dtypes=TRUTH, differentiable=0),
    of_one("isnan", np.isnan, dtypes=TRUTH, differentiable=0),
    of_one("logical_not", np.logical_not, dtypes=TRUTH, differentiable=0, kernel=True),
    of_one("signbit", np.signbit, dtypes=TRUTH, differentiable=0),
    of_two("equal", np.equal, dtypes=TRUTH, differentiable=0, kernel=True),
    of_two("greater", np.greater, dtypes=TRUTH, differentiable=0),
    of_two("greater_equal", np.greater_equal, dtypes=TRUTH, differentiable=0),
    of_two("less", np.less, dtypes=TRUTH, differentiable=0, kernel=True),
    of_two("less_equal", np.less_equal, dtypes=TRUTH, differentiable=0, kernel=True),
    of_two("logical_and", np.logical_and, dtypes=TRUTH, differentiable=0, kernel=True),
    of_two("logical_or", np.logical_or, dtypes=TRUTH, differentiable=0, kernel=True),
    of_two("logical_xor", np.logical_xor, dtypes=TRUTH, differentiable=0),
    of_two("not_equal", np.not_equal, dtypes=TRUTH, differentiable=0, kernel=True),
]
_BITS = [
    of_bits("bitwise_and", np.bitwise_and),
    of_bits("bitwise_left_shift", np.left_shift, {"iu": "same", "b": "int8"}),
    of_bits("bitwise_or", np.bitwise_or),
    of_bits("bitwise_right_shift", np.right_shift, {"iu": "same", "b": "int8"}),
    of_bits("bitwise_xor", np.bitwise_xor),
    OpCase(
        "bitwise_invert",
        dark.bitwise_invert,
        np.invert,
        [np.arange(16)],
        BITS,
        [[np.ones(shape, np.int64)] for shape in SHAPES],
        differentiable=0,
        kernel=True,
    ),
]

_X = numbers(0, -3, 3, 2, 8)
_OTHERS = [
    OpCase(
        "astype", lambda x: dark.astype(x, "int32"), lambda x: x, [_X], {"bfiu": "int32"}, differentiable=0, kernel=True
    ),
    OpCase("clip", lambda x: dark.clip(x, -1, 2), lambda x: np.clip(x, -1, 2), [_X], {"fiu": "same", "b": "int64"}),
    OpCase(
        "where",
        dark.where,
        np.where,
        [_X > 0, _X, _X[::-1]],
        ALL,
        [[np.array(True), numbers(1, 0, 1, *x), numbers(2, 0, 1, *y)] for x, y in PAIRS],
        kernel=True,
    ),
]

CASES = [*_FLOATS, *_NUMBERS, *_TRUTHS, *_BITS, *_OTHERS]
