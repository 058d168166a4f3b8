"""Elementwise functions of Tensors, arrays and numbers, with NumPy's broadcasting and names (and PyTorch's short
ones).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dark_jit import dtypes, ops
from dark_jit.graph.node import Node
from dark_jit.tensor.devices import on
from dark_jit.tensor.handle import Handle, apply, dtype_of

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor

Unary = Callable[[Any], "Tensor"]
Binary = Callable[[Any, Any], "Tensor"]


def unary(function: Callable[[Node], Node], name: str) -> Unary:
    def public(x: Any) -> Tensor:
        return apply(function, x)

    public.__name__ = public.__qualname__ = name
    public.__doc__ = function.__doc__
    return public


def binary(function: Callable[[Node, Node], Node], name: str) -> Binary:
    def public(x1: Any, x2: Any) -> Tensor:
        return apply(function, x1, x2)

    public.__name__ = public.__qualname__ = name
    public.__doc__ = function.__doc__
    return public


def _rsqrt(x: Node) -> Node:
    """1 / sqrt(x)."""
    return ops.divide(1.0, ops.sqrt(x))


def _square(x: Node) -> Node:
    """x * x."""
    return ops.multiply(x, x)


def _reciprocal(x: Node) -> Node:
    """1 / x."""
    return ops.divide(1.0, x)


def _isnan(x: Node) -> Node:
    """Whether each element is NaN."""
    return ops.not_equal(x, x)


def _isinf(x: Node) -> Node:
    """Whether each element is infinite."""
    return ops.equal(ops.abs_(x), math.inf) if dtypes.is_float(x.dtype) else ops.not_equal(x, x)


def _isfinite(x: Node) -> Node:
    """Whether each element is neither infinite nor NaN."""
    return ops.less(ops.abs_(x), math.inf) if dtypes.is_float(x.dtype) else ops.equal(x, x)


def _positive(x: Node) -> Node:
    """x itself."""
    return x


def _greater(x: Node, y: Node) -> Node:
    """Elementwise x > y with broadcasting, as NumPy's."""
    return ops.less(y, x)


def _greater_equal(x: Node, y: Node) -> Node:
    """Elementwise x >= y with broadcasting, as NumPy's."""
    return ops.less_equal(y, x)


def _logical_xor(x: Node, y: Node) -> Node:
    """Whether exactly one of two elements is true (not zero)."""
    return ops.not_equal(_truth(x), _truth(y))


def _truth(x: Any) -> Any:
    return ops.cast(x, dtypes.bool_) if isinstance(x, Node) else bool(x)


def _rint(x: Node) -> Node:
    """The nearest whole number, of two the even one; integers become floats."""
    return ops.rint(ops.as_float(x))


negative = neg = unary(ops.negative, "negative")
positive = unary(_positive, "positive")
abs = absolute = unary(ops.abs_, "abs")
sign = unary(ops.sign, "sign")
floor = unary(ops.floor, "floor")
ceil = unary(ops.ceil, "ceil")
round = unary(ops.rint, "round")
rint = unary(_rint, "rint")
sqrt = unary(ops.sqrt, "sqrt")
rsqrt = unary(_rsqrt, "rsqrt")
square = unary(_square, "square")
reciprocal = unary(_reciprocal, "reciprocal")
exp = unary(ops.exp, "exp")
log = unary(ops.log, "log")
sin = unary(ops.sin, "sin")
cos = unary(ops.cos, "cos")
tanh = unary(ops.tanh, "tanh")
sigmoid = unary(ops.sigmoid, "sigmoid")
relu = unary(ops.relu, "relu")
erf = unary(ops.erf, "erf")
softplus = unary(ops.softplus, "softplus")
logical_not = unary(ops.logical_not, "logical_not")
bitwise_invert = bitwise_not = invert = unary(ops.bitwise_invert, "bitwise_invert")
isnan = unary(_isnan, "isnan")
isinf = unary(_isinf, "isinf")
isfinite = unary(_isfinite, "isfinite")
stop_gradient = unary(ops.stop_gradient, "stop_gradient")

add = binary(ops.add, "add")
subtract = sub = binary(ops.subtract, "subtract")
multiply = mul = binary(ops.multiply, "multiply")
divide = div = true_divide = binary(ops.divide, "divide")
floor_divide = binary(ops.floor_divide, "floor_divide")
remainder = mod = binary(ops.remainder, "remainder")
maximum = binary(ops.maximum, "maximum")
minimum = binary(ops.minimum, "minimum")
equal = binary(ops.equal, "equal")
not_equal = binary(ops.not_equal, "not_equal")
less = binary(ops.less, "less")
less_equal = binary(ops.less_equal, "less_equal")
greater = binary(_greater, "greater")
greater_equal = binary(_greater_equal, "greater_equal")
logical_and = binary(ops.logical_and, "logical_and")
logical_or = binary(ops.logical_or, "logical_or")
logical_xor = binary(_logical_xor, "logical_xor")
bitwise_and = binary(ops.bitwise_and, "bitwise_and")
bitwise_or = binary(ops.bitwise_or, "bitwise_or")
bitwise_xor = binary(ops.bitwise_xor, "bitwise_xor")
bitwise_left_shift = left_shift = binary(ops.bitwise_left_shift, "bitwise_left_shift")
bitwise_right_shift = right_shift = binary(ops.bitwise_right_shift, "bitwise_right_shift")


def power(x1: Any, x2: Any) -> Tensor:
    """x1 to the power x2, elementwise. A number that is a whole exponent is part of the program (x ** 2 is x * x)."""
    if isinstance(x2, float) and x2.is_integer() and math.fabs(x2) <= _WHOLE:
        return apply(_whole_power if x2 >= 0 else _negative_power, x1, exponent=int(math.fabs(x2)))
    if isinstance(x2, int) and not isinstance(x2, bool) and x2 < 0:
        return apply(_negative_power, x1, exponent=-x2)
    return apply(ops.power, x1, x2)


pow = power
_WHOLE = 64.0


def _whole_power(x: Node, exponent: int) -> Node:
    """x ** exponent, a float as the exponent was."""
    return ops.power(ops.as_float(x), exponent)


def _negative_power(x: Node, exponent: int) -> Node:
    """x ** -exponent."""
    return ops.divide(1.0, ops.power(x, exponent))


def clip(x: Any, min: Any = None, max: Any = None) -> Tensor:
    """Values below `min` become `min`, those above `max` become `max`; None is no bound."""
    low = copy(x) if min is None else apply(_at_least, x, min)
    return low if max is None else apply(_at_most, low, max)


def copy(x: Any) -> Tensor:
    """The same values, shared with nothing; gradients flow through."""
    return apply(_same, x)


def _same(x: Node) -> Node:
    return x


def _at_least(x: Node, bound: Node) -> Node:
    """x, or the bound where x is below: unlike that of maximum, the gradient at the bound is x's (as PyTorch's)."""
    return x if _holds(x, bound, below=True) else ops.where(ops.less(x, bound), bound, x)


def _at_most(x: Node, bound: Node) -> Node:
    return x if _holds(x, bound, below=False) else ops.where(ops.less(bound, x), bound, x)


def _holds(x: Node, bound: Any, below: bool) -> bool:
    """Whether no integer of the dtype lies beyond a bound that is a Python int (which the dtype need not hold)."""
    if not isinstance(bound, int) or not dtypes.is_integer(x.dtype):
        return False
    low, high = dtypes.limits(x.dtype)
    return bound <= low if below else bound >= high


def where(condition: Any, x: Any, y: Any) -> Tensor:
    """x where the condition holds (is not zero), else y; all three broadcast together."""
    return apply(_where, condition, x, y)


def _where(condition: Node, x: Node, y: Node) -> Node:
    return ops.where(condition, x, y)


def astype(x: Any, dtype: Any, *, copy: bool = True, device: str | None = None) -> Tensor:
    """The same values in another dtype, copied; copy=False: a Tensor of this dtype is returned as it is.

    Raises DTypeError for a dtype that is not supported, ArgumentError.
    """
    if not copy and isinstance(x, Handle) and dtype_of(x) == dtypes.as_dtype(dtype):
        tensor: Tensor = x  # type: ignore[assignment]  # a handle is a Tensor
        return on(device, tensor)
    return on(device, apply(ops.cast, x, dtype=dtypes.as_dtype(dtype)))
