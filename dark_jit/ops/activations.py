"""Activations, composed of primitives."""

from __future__ import annotations

import math

from dark_jit.errors import ArgumentError
from dark_jit.graph.node import Node
from dark_jit.ops.custom import custom_vjp
from dark_jit.ops.elementwise import (
    abs_,
    add,
    as_float,
    divide,
    equal,
    erf,
    exp,
    less_equal,
    log,
    maximum,
    multiply,
    negative,
    subtract,
    tanh,
    where,
)
from dark_jit.ops.half import rounded_once
from dark_jit.ops.reduction import require_float


@rounded_once
def sigmoid(x: Node) -> Node:
    """1 / (1 + exp(-x)); integers and bool become floats."""
    values = as_float(x)

    def rule(g: Node) -> list[Node | None]:
        # Of the value, not of exp(-x), which overflows: infinity times its own vanishing factor is NaN.
        y = sigmoid(values)
        return [multiply(g, multiply(y, subtract(1.0, y)))]

    return custom_vjp(divide(1.0, add(exp(negative(values)), 1.0)), [values], rule)


@rounded_once
def softplus(x: Node) -> Node:
    """log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)), which neither overflows nor loses small results."""
    require_float(x, "softplus")
    value = add(maximum(x, 0.0), softplus_of_minus_abs(x))
    return custom_vjp(value, [x], lambda g: [multiply(g, sigmoid(x))])


def softplus_of_minus_abs(x: Node) -> Node:
    """log(1 + u), u = exp(-|x|), of which no gradient should be taken: |x| has a kink where the whole has none.

    The factor u / ((1 + u) - 1) mends what 1 + u has rounded away (Kahan).
    """
    u = exp(negative(abs_(x)))
    rounded = add(u, 1.0)
    kept = subtract(rounded, 1.0)
    return where(equal(kept, 0.0), u, multiply(log(rounded), divide(u, kept)))


def leaky_relu(x: Node, negative_slope: float = 0.01) -> Node:
    """x where positive, else negative_slope * x (Maas, Hannun and Ng 2013); at 0 the slope is negative_slope."""
    require_float(x, "leaky_relu")
    return where(less_equal(x, 0.0), multiply(x, negative_slope), x)


@rounded_once
def gelu(x: Node, approximate: str = "none") -> Node:
    """x times the normal distribution's cumulative function (Hendrycks and Gimpel 2016).

    approximate: "none" is the exact form, by erf; "tanh" the authors' approximation. Raises ArgumentError for others.
    """
    if approximate == "none":
        return multiply(multiply(x, 0.5), add(erf(multiply(x, 1 / math.sqrt(2))), 1.0))
    if approximate != "tanh":
        raise ArgumentError(f"gelu: approximate must be 'none' or 'tanh', got {approximate!r}")
    inner = multiply(add(x, multiply(multiply(multiply(x, x), x), 0.044715)), math.sqrt(2 / math.pi))
    return multiply(multiply(x, 0.5), add(tanh(inner), 1.0))
