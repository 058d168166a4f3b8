"""More functions of NumPy's and of the Array API standard, composed of the primitives, with gradients of their own.

Their errors stand in docs/accuracy.md. log1p and expm1 mend what 1 + x rounds away by a quotient (W. Kahan; see D.
Goldberg, "What every computer scientist should know about floating-point arithmetic", 1991, theorem 4). atan reduces
its argument, and takes the polynomial, of fdlibm.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from dark_jit.dtypes import finfo, float32, float64, is_float, is_half
from dark_jit.graph.node import Node
from dark_jit.ops.custom import custom_vjp
from dark_jit.ops.elementwise import (
    Binary,
    Operand,
    abs_,
    add,
    as_float,
    binary,
    cast,
    ceil,
    cos,
    divide,
    equal,
    exp,
    floor,
    less,
    less_equal,
    lift,
    log,
    logical_and,
    logical_or,
    maximum,
    minimum,
    multiply,
    negative,
    sign,
    sin,
    sqrt,
    subtract,
    where,
)
from dark_jit.ops.half import rounded_once


def _two_floats(x: Operand, y: Operand) -> tuple[Node, Node]:
    first, second = lift((x, y))
    return as_float(first), as_float(second)


def _with_slope(value: Node, x: Node, slope: Callable[[], Node]) -> Node:
    """`value`, a function of x whose derivative is `slope()`."""
    return custom_vjp(value, [x], lambda g: [multiply(g, slope())])


# Exponentials and logarithms


@rounded_once
def expm1(x: Node) -> Node:
    """exp(x) - 1, also where exp(x) is near 1."""
    x = as_float(x)
    power = exp(x)
    less_one = subtract(power, 1.0)
    mended = multiply(less_one, divide(x, log(power)))
    far = less(0.5, abs_(x))
    value = where(far, less_one, where(equal(power, 1.0), x, mended))
    return _with_slope(value, x, lambda: exp(x))


@rounded_once
def log1p(x: Node) -> Node:
    """log(1 + x), also where x is small."""
    x = as_float(x)
    total = add(x, 1.0)
    kept = subtract(total, 1.0)
    mended = multiply(log(total), divide(x, kept))
    far = less(0.5, abs_(x))
    value = where(far, log(total), where(equal(kept, 0.0), x, mended))
    return _with_slope(value, x, lambda: divide(1.0, add(x, 1.0)))


@rounded_once
def log2(x: Node) -> Node:
    """The logarithm to base 2."""
    return _scaled_log(as_float(x), 1 / math.log(2))


@rounded_once
def log10(x: Node) -> Node:
    """The logarithm to base 10."""
    return _scaled_log(as_float(x), 1 / math.log(10))


def _scaled_log(x: Node, factor: float) -> Node:
    """log(x) * factor, in float64: that of a power of the base is then exact in float32."""
    value = cast(multiply(log(cast(x, float64)), factor), x.dtype)
    return _with_slope(value, x, lambda: divide(factor, x))


@rounded_once
def logaddexp(x: Operand, y: Operand) -> Node:
    """log(exp(x) + exp(y)), without overflow."""
    first, second = _two_floats(x, y)
    gap = abs_(subtract(first, second))
    value = add(maximum(first, second), where(equal(first, second), math.log(2), log1p(exp(negative(gap)))))

    def rule(g: Node) -> list[Node | None]:
        share = divide(1.0, add(exp(subtract(second, first)), 1.0))
        half = equal(first, second)  # also of two infinities
        share = where(half, 0.5, share)
        return [multiply(g, share), multiply(g, subtract(1.0, share))]

    return custom_vjp(value, [first, second], rule)


# Hyperbolic functions and their inverses


@rounded_once
def sinh(x: Node) -> Node:
    """(exp(x) - exp(-x)) / 2."""
    x = as_float(x)
    size = abs_(x)
    grown = expm1(minimum(size, 1.0))
    near = multiply(add(grown, divide(grown, add(grown, 1.0))), 0.5)
    half = exp(multiply(size, 0.5))  # exp(size) may overflow where its half does not
    far = subtract(multiply(multiply(half, 0.5), half), divide(0.5, exp(size)))
    return _with_slope(copysign(where(less(size, 1.0), near, far), x), x, lambda: cosh(x))


@rounded_once
def cosh(x: Node) -> Node:
    """(exp(x) + exp(-x)) / 2."""
    x = as_float(x)
    size = abs_(x)
    half = exp(multiply(size, 0.5))
    value = add(multiply(multiply(half, 0.5), half), divide(0.5, exp(size)))
    return _with_slope(value, x, lambda: sinh(x))


@rounded_once
def asinh(x: Node) -> Node:
    """The number whose sinh is x: log(x + sqrt(x^2 + 1))."""
    x = as_float(x)
    size = abs_(x)
    safe = minimum(size, 1e4)
    square = multiply(safe, safe)
    near = log1p(add(safe, divide(square, add(sqrt(add(square, 1.0)), 1.0))))
    value = where(less(size, 1e4), near, add(log(size), add(math.log(2), divide(divide(0.25, size), size))))
    return _with_slope(copysign(value, x), x, lambda: divide(1.0, hypot(x, 1.0)))


@rounded_once
def acosh(x: Node) -> Node:
    """The number >= 0 whose cosh is x: log(x + sqrt(x^2 - 1)); NaN below 1."""
    x = as_float(x)
    above = subtract(minimum(x, 1e4), 1.0)
    near = log1p(add(above, multiply(sqrt(above), sqrt(add(above, 2.0)))))
    value = where(less_equal(1e4, x), subtract(add(log(x), math.log(2)), divide(divide(0.25, x), x)), near)
    return _with_slope(value, x, lambda: divide(1.0, multiply(sqrt(subtract(x, 1.0)), sqrt(add(x, 1.0)))))


@rounded_once
def atanh(x: Node) -> Node:
    """The number whose tanh is x: log((1 + x) / (1 - x)) / 2."""
    x = as_float(x)
    size = abs_(x)
    value = multiply(log1p(divide(multiply(size, 2.0), subtract(1.0, size))), 0.5)
    return _with_slope(copysign(value, x), x, lambda: divide(1.0, multiply(subtract(1.0, x), add(x, 1.0))))


# Trigonometric functions and their inverses


@rounded_once
def tan(x: Node) -> Node:
    """sin(x) / cos(x)."""
    x = as_float(x)
    value = divide(sin(x), cos(x))
    return _with_slope(value, x, lambda: add(multiply(tan(x), tan(x)), 1.0))


_ATAN = (
    (3.33333333333329318027e-01, -1.99999999998764832476e-01, 1.42857142725034663711e-01),
    (-1.11111104054623557880e-01, 9.09088713343650656196e-02, -7.69187620504482999495e-02),
    (6.66107313738753120669e-02, -5.83357013379057348645e-02, 4.97687799461593236017e-02),
    (-3.65315727442169155270e-02, 1.62858201153657823623e-02),
)
_ATAN_STEPS = ((7 / 16, 0.5), (11 / 16, 1.0), (19 / 16, 1.5))  # from where on which c: atan(x) = atan(c) + atan(...)


@rounded_once
def atan(x: Node) -> Node:
    """The angle in [-pi/2, pi/2] whose tangent is x."""
    x = as_float(x)
    return _with_slope(_atan(x), x, lambda: divide(1.0, add(multiply(x, x), 1.0)))


def _atan(x: Node) -> Node:
    size = abs_(x)
    reduced, base = size, multiply(size, 0.0)
    for start, c in _ATAN_STEPS:
        beyond = less_equal(start, size)
        reduced = where(beyond, divide(subtract(size, c), add(multiply(size, c), 1.0)), reduced)
        base = where(beyond, math.atan(c), base)
    beyond = less_equal(39 / 16, size)
    reduced, base = where(beyond, divide(-1.0, size), reduced), where(beyond, math.pi / 2, base)
    square = multiply(reduced, reduced)
    coefficients = [c for part in _ATAN for c in part]
    total = multiply(square, coefficients[-1])
    for c in coefficients[-2::-1]:
        total = multiply(add(total, c), square)
    return copysign(subtract(base, subtract(multiply(total, reduced), reduced)), x)


@rounded_once
def asin(x: Node) -> Node:
    """The angle in [-pi/2, pi/2] whose sine is x; NaN outside of [-1, 1]."""
    x = as_float(x)
    leg = _other_leg(x)
    return _with_slope(atan2(x, leg), x, lambda: divide(1.0, _other_leg(x)))


@rounded_once
def acos(x: Node) -> Node:
    """The angle in [0, pi] whose cosine is x; NaN outside of [-1, 1]."""
    x = as_float(x)
    # Twice the angle of the half, which is exact where x is near 1.
    value = multiply(_atan2(sqrt(subtract(1.0, x)), sqrt(add(x, 1.0))), 2.0)
    return _with_slope(value, x, lambda: divide(-1.0, _other_leg(x)))


def _other_leg(x: Node) -> Node:
    """sqrt(1 - x^2)."""
    return sqrt(multiply(subtract(1.0, x), add(x, 1.0)))


@rounded_once
def atan2(y: Operand, x: Operand) -> Node:
    """The angle in [-pi, pi] of the point (x, y), by the signs of both; signed zeros count."""
    rise, run = _two_floats(y, x)

    def rule(g: Node) -> list[Node | None]:
        size = hypot(rise, run)
        along, across = divide(divide(run, size), size), divide(divide(rise, size), size)
        return [multiply(g, along), negative(multiply(g, across))]

    return custom_vjp(_atan2(rise, run), [rise, run], rule)


def _atan2(rise: Node, run: Node) -> Node:
    up, along = abs_(rise), abs_(run)
    small, large = minimum(up, along), maximum(up, along)
    ratio = where(equal(small, large), 1.0, divide(small, large))  # also of two infinities
    octant = _atan(where(equal(large, 0.0), 0.0, ratio))
    quadrant = where(less(along, up), subtract(math.pi / 2, octant), octant)
    half = where(signbit(run), subtract(math.pi, quadrant), quadrant)
    missing = add(rise, run)  # NaN where one is NaN
    return where(logical_or(_isnan(rise), _isnan(run)), missing, copysign(half, rise))


def _isnan(x: Node) -> Node:
    return logical_and(equal(less(x, 0.0), False), equal(less_equal(0.0, x), False))


@rounded_once
def hypot(x: Operand, y: Operand) -> Node:
    """sqrt(x^2 + y^2), without overflow."""
    first, second = _two_floats(x, y)
    small, large = minimum(abs_(first), abs_(second)), maximum(abs_(first), abs_(second))
    ratio = where(equal(large, 0.0), 0.0, divide(small, large))
    infinite = logical_or(equal(abs_(first), math.inf), equal(abs_(second), math.inf))
    value = where(infinite, math.inf, multiply(large, sqrt(add(multiply(ratio, ratio), 1.0))))

    def rule(g: Node) -> list[Node | None]:
        size = hypot(first, second)
        return [multiply(g, divide(first, size)), multiply(g, divide(second, size))]

    return custom_vjp(value, [first, second], rule)


# Signs and whole numbers


def signbit(x: Node) -> Node:
    """Whether x is negative, -0.0 included; bool. False for NaN."""
    negative_zero = less(divide(1.0, as_float(x)), 0.0)
    return logical_or(less(x, 0), logical_and(equal(x, 0), negative_zero)) if is_float(x.dtype) else less(x, 0)


def copysign(x: Operand, y: Operand) -> Node:
    """|x| with the sign of y."""
    first, second = _two_floats(x, y)
    size = abs_(first)
    return where(signbit(second), negative(size), size)


_nextafter: Binary = binary("nextafter", np.nextafter, kinds="f")


def nextafter(x: Operand, y: Operand) -> Node:
    """The next number of the dtype after x, towards y."""
    first, second = lift((x, y))
    return _next_half(first, second) if is_half(first.dtype) else _nextafter(first, second)


def _next_half(x: Node, y: Node) -> Node:
    """x moved in float32 by more than half of the way to its neighbour and less than three halves, and rounded (Rump,
    Zimmermann, Boldo and Melquiond, Computing predecessor and successor in rounding to nearest, 2009)."""
    info, start, target = finfo(x.dtype), cast(x, float32), cast(y, float32)
    unit, least, greatest = (float(number) for number in (info.eps / 2, info.smallest_subnormal, info.max))
    step = maximum(multiply(abs_(start), unit * (1 + 2 * unit)), 0.75 * least)
    moved = where(less(start, target), add(start, step), subtract(start, step))
    finite = where(equal(abs_(start), math.inf), multiply(sign(start), greatest), moved)
    return cast(where(equal(start, target), target, where(_isnan(target), target, finite)), x.dtype)


def trunc(x: Node) -> Node:
    """The whole number next to x towards 0; integers stay."""
    if not is_float(x.dtype):
        return x
    return where(less(x, 0.0), ceil(x), floor(x))
