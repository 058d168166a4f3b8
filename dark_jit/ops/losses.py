"""Losses, composed of primitives, except for one: the guard that finds labels which are no class."""

from __future__ import annotations

from typing import Any

from dark_jit.dtypes import DType, int64, is_float
from dark_jit.errors import ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register
from dark_jit.graph.origins import lines
from dark_jit.ops.activations import sigmoid, softplus_of_minus_abs
from dark_jit.ops.composed import log_softmax
from dark_jit.ops.custom import custom_vjp
from dark_jit.ops.elementwise import (
    add,
    as_float,
    cast,
    equal,
    iota,
    less,
    lift,
    maximum,
    multiply,
    negative,
    subtract,
    where,
)
from dark_jit.ops.movement import broadcast_to, expand_dims, reshape
from dark_jit.ops.reduction import mean, require_float, sum_

REDUCTIONS = ("mean", "sum", "none")


def reduced(losses: Node, reduction: str) -> Node:
    """The losses' mean, their sum, or themselves ("none"). Raises ArgumentError for other words."""
    check_reduction(reduction)
    if reduction == "none":
        return losses
    return mean(losses) if reduction == "mean" else sum_(losses)


def check_reduction(reduction: str) -> None:
    """Raise ArgumentError unless it is one of REDUCTIONS."""
    if reduction not in REDUCTIONS:
        raise ArgumentError(f"reduction must be 'mean', 'sum' or 'none', got {reduction!r}")


def mse(x: Node, target: Node, reduction: str = "mean") -> Node:
    """The squared difference (x - target)^2, reduced. Both of one shape; raises ShapeError, ArgumentError."""
    _same_shape("mse", x, target)
    difference = subtract(as_float(x), as_float(target))
    return reduced(multiply(difference, difference), reduction)


def bce_with_logits(x: Node, target: Node, reduction: str = "mean") -> Node:
    """Binary cross-entropy of sigmoid(x), reduced: max(x, 0) - x target + log(1 + exp(-|x|)). It does not overflow.

    x: logits of a floating-point dtype; target: probabilities, or 0 and 1 of any dtype, of the same shape. Raises
    ShapeError, DTypeError, ArgumentError.
    """
    _same_shape("bce_with_logits", x, target)
    require_float(x, "bce_with_logits")
    x, y = lift((x, _float(target, x.dtype)))
    # In this order, for what is left of a confident and right prediction would be lost beside max(x, 0).
    losses = add(subtract(maximum(x, 0.0), multiply(x, y)), softplus_of_minus_abs(x))

    def rule(g: Node) -> list[Node | None]:
        return [multiply(g, subtract(sigmoid(x), y)), negative(multiply(g, x))]

    return reduced(custom_vjp(losses, [x, y], rule), reduction)


def cross_entropy(logits: Node, target: Node, reduction: str = "mean") -> Node:
    """-log_softmax(logits)[target], reduced over all places (samples, pixels) that have a label.

    logits: (N, classes, ...) or (classes,). target: class indices (N, ...), or probabilities (one-hot) of the shape of
    the logits, of any dtype. A label that is no class raises IndexOutOfRangeError when the program runs. Raises
    ShapeError, DTypeError, ArgumentError.
    """
    require_float(logits, "cross_entropy")
    if not logits.ndim:
        raise ShapeError("cross_entropy needs logits (N, classes, ...) or (classes,), got a 0-d array")
    axis = 1 if logits.ndim > 1 else 0
    if not logits.shape[axis]:
        raise ShapeError(f"cross_entropy: logits {logits.shape} have no classes")
    check_reduction(reduction)
    places = (*logits.shape[:axis], *logits.shape[axis + 1 :])
    scores = log_softmax(logits, axis)
    if target.shape == logits.shape:
        chosen = multiply(_float(target, logits.dtype), scores)
    elif target.shape == places:
        chosen = where(_is_class(_checked_labels(target, logits.shape[axis]), logits.shape, axis), scores, 0.0)
    else:
        raise ShapeError(
            f"cross_entropy: target {target.shape} fits neither class indices {places} nor logits {logits.shape}"
        )
    return reduced(negative(sum_(chosen, axis)), reduction)


def _float(x: Node, dtype: DType) -> Node:
    return x if is_float(x.dtype) else cast(x, dtype)


def _same_shape(name: str, x: Node, target: Node) -> None:
    if x.shape != target.shape:
        raise ShapeError(f"{name}: prediction {x.shape} and target {target.shape} differ in shape; reshape one of them")


def _is_class(labels: Node, shape: Shape, axis: int) -> Node:
    """Where the index along the class axis is the label."""
    classes = reshape(iota(shape[axis]), [n if i == axis else 1 for i, n in enumerate(shape)])
    return equal(broadcast_to(expand_dims(labels, axis), shape), broadcast_to(classes, shape))


def _numpy_labels(node: Node, classes: Any, shifted: Any) -> Any:
    wrong = (shifted < 0) | (shifted >= len(classes))
    if wrong.any():
        raise _label_error(node, int(shifted[wrong].flat[0]))
    return shifted


def _label_error(node: Node, shifted: int) -> IndexOutOfRangeError:
    """The error for a label that is no class."""
    classes = node.inputs[0].size
    label = shifted + classes if shifted < 0 else shifted
    return IndexOutOfRangeError(
        f"{lines(node)}label {label} is out of range for {classes} classes: cross_entropy wants labels from 0 to "
        f"{classes - 1}, as many as the logits have classes"
    )


def _infer_labels(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[1].shape, inputs[0].dtype


LABELS = register(
    Op(
        "labels",
        "gather",
        _infer_labels,
        _numpy_labels,
        doc="(0..classes-1, labels): the labels, where none is out of range; negative ones come minus the count.",
        fault=_label_error,
    )
)


def _checked_labels(labels: Node, classes: int) -> Node:
    """The labels, which the program checks when it runs.

    They are gathered from 0..classes-1. A gather counts negative indices from the end, so those are first moved out of
    its range.
    """
    if labels.dtype.kind not in "iu":
        raise DTypeError(
            f"cross_entropy: class indices must be integers, got {labels.dtype.name}; use astype, or give "
            "probabilities of the logits' shape"
        )
    found = cast(labels, int64)
    if not labels.size:
        return found
    return make(LABELS, (iota(classes), where(less(found, 0), add(found, -classes), found)), axis=0)
