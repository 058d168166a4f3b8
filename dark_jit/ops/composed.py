"""Operations composed of primitives: activations and losses. They need no kernel and no gradient rule of their own."""

from __future__ import annotations

import math

from dark_jit.dtypes import float32, is_float
from dark_jit.errors import DTypeError, ShapeError
from dark_jit.graph.node import Node
from dark_jit.ops.checks import axis_of
from dark_jit.ops.elementwise import add, cast, divide, erf, exp, log, multiply, negative, stop_gradient, subtract
from dark_jit.ops.indexing import one_hot
from dark_jit.ops.reduction import max_, mean, require_float, sum_


def sigmoid(x: Node) -> Node:
    """1 / (1 + exp(-x)); integers and bool become float32."""
    values = x if is_float(x.dtype) else cast(x, float32)
    return divide(1.0, add(exp(negative(values)), 1.0))


def gelu(x: Node) -> Node:
    """x times the normal distribution's cumulative function (Hendrycks and Gimpel 2016), exact form."""
    return multiply(multiply(x, 0.5), add(erf(multiply(x, 1 / math.sqrt(2))), 1.0))


def _shifted(x: Node, axis: int) -> Node:
    return subtract(x, stop_gradient(max_(x, axis, keepdims=True)))


def softmax(x: Node, axis: int = -1) -> Node:
    """exp(x) / sum(exp(x)) along an axis, shifted by the maximum so that nothing overflows."""
    require_float(x, "softmax")
    powers = exp(_shifted(x, axis))
    return divide(powers, sum_(powers, axis, keepdims=True))


def log_softmax(x: Node, axis: int = -1) -> Node:
    """The logarithm of softmax, without taking the logarithm of small numbers."""
    require_float(x, "log_softmax")
    shifted = _shifted(x, axis)
    return subtract(shifted, log(sum_(exp(shifted), axis, keepdims=True)))


def cross_entropy(logits: Node, target: Node) -> Node:
    """Mean over the batch of -log_softmax(logits)[target], a 0-d array.

    logits: (N, classes); target: class indices (N,) of an integer dtype, or probabilities (N, classes).
    """
    require_float(logits, "cross_entropy")
    if logits.ndim != 2:
        raise ShapeError(f"cross_entropy needs logits (N, classes), got shape {logits.shape}")
    if target.dtype.kind == "i" and target.shape == logits.shape[:1]:
        target = one_hot(target, logits.shape[1], logits.dtype)
    elif target.shape != logits.shape:
        raise ShapeError(f"cross_entropy: target {target.shape} fits neither class indices nor logits {logits.shape}")
    elif not is_float(target.dtype):
        raise DTypeError(f"cross_entropy: class probabilities must be floating point, got {target.dtype.name}")
    return negative(mean(sum_(multiply(target, log_softmax(logits)), axis_of(-1, 2))))
