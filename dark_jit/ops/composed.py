"""Softmax and its logarithm, composed of primitives: they need no kernel and no gradient rule of their own."""

from __future__ import annotations

from dark_jit.graph.node import Node
from dark_jit.ops.elementwise import divide, exp, log, stop_gradient, subtract
from dark_jit.ops.half import rounded_once
from dark_jit.ops.reduction import max_, require_float, sum_


def _shifted(x: Node, axis: int) -> Node:
    return subtract(x, stop_gradient(max_(x, axis, keepdims=True)))


@rounded_once
def softmax(x: Node, axis: int = -1) -> Node:
    """exp(x) / sum(exp(x)) along an axis, shifted by the maximum so that nothing overflows."""
    require_float(x, "softmax")
    powers = exp(_shifted(x, axis))
    return divide(powers, sum_(powers, axis, keepdims=True))


@rounded_once
def log_softmax(x: Node, axis: int = -1) -> Node:
    """The logarithm of softmax, without taking the logarithm of small numbers."""
    require_float(x, "log_softmax")
    shifted = _shifted(x, axis)
    return subtract(shifted, log(sum_(exp(shifted), axis, keepdims=True)))
