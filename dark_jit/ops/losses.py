"""Losses, composed of primitives, except for one: the guard that finds labels which are no class."""

from __future__ import annotations

from typing import Any

from dark_jit.dtypes import DType, int64, is_float
from dark_jit.errors import ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register
from dark_jit.graph.origins import lines
from dark_jit.ops.activations import sigmoid, softplus, softplus_of_minus_abs
from dark_jit.ops.composed import log_softmax
from dark_jit.ops.custom import custom_vjp
from dark_jit.ops.elementwise import (
    add,
    as_float,
    cast,
    constant,
    divide,
    equal,
    iota,
    less,
    lift,
    maximum,
    multiply,
    negative,
    not_equal,
    subtract,
    where,
)
from dark_jit.ops.half import rounded_once
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


@rounded_once
def mse(x: Node, target: Node, reduction: str = "mean") -> Node:
    """The squared difference (x - target)^2, reduced. Both of one shape; raises ShapeError, ArgumentError."""
    _same_shape("mse", x, target)
    difference = subtract(as_float(x), as_float(target))
    return reduced(multiply(difference, difference), reduction)


@rounded_once
def bce_with_logits(
    x: Node, target: Node, reduction: str = "mean", weight: Node | None = None, pos_weight: Node | None = None
) -> Node:
    """Binary cross-entropy of sigmoid(x), reduced: max(x, 0) - x target + log(1 + exp(-|x|)). It does not overflow.

    x: logits of a floating-point dtype; target: probabilities, or 0 and 1 of any dtype, of the same shape. weight:
    factors of the losses; pos_weight: of the part that target 1 has; both broadcast. Raises ShapeError, DTypeError,
    ArgumentError.
    """
    _same_shape("bce_with_logits", x, target)
    require_float(x, "bce_with_logits")
    x, y = lift((x, _float(target, x.dtype)))
    if pos_weight is not None:
        positive = multiply(multiply(cast(pos_weight, x.dtype), y), softplus(negative(x)))
        losses = add(positive, multiply(subtract(1.0, y), softplus(x)))
    else:
        losses = _bce(x, y)
    if weight is not None:
        losses = multiply(losses, cast(weight, x.dtype))
    if losses.shape != x.shape:
        raise ShapeError(f"bce_with_logits: a weight does not broadcast to {x.shape}, but makes it {losses.shape}")
    return reduced(losses, reduction)


def _bce(x: Node, y: Node) -> Node:
    # In this order, for what is left of a confident and right prediction would be lost beside max(x, 0).
    losses = add(subtract(maximum(x, 0.0), multiply(x, y)), softplus_of_minus_abs(x))

    def rule(g: Node) -> list[Node | None]:
        return [multiply(g, subtract(sigmoid(x), y)), negative(multiply(g, x))]

    return custom_vjp(losses, [x, y], rule)


@rounded_once
def cross_entropy(
    logits: Node,
    target: Node,
    reduction: str = "mean",
    weight: Node | None = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
) -> Node:
    """-log_softmax(logits)[target], reduced over all places (samples, pixels) that have a label.

    logits: (N, classes, ...) or (classes,). target: class indices (N, ...), or probabilities (one-hot) of the shape of
    the logits, of any dtype. weight: (classes,); the mean over class indices is then weighted by those of the labels.
    ignore_index: a label whose places count for nothing. label_smoothing (Szegedy et al. 2016): the share of the target
    that goes to all classes alike. A label that is no class raises IndexOutOfRangeError when the program runs. Raises
    ShapeError, DTypeError, ArgumentError.
    """
    axis = _class_axis(logits)
    check_reduction(reduction)
    _check_options(logits, weight, label_smoothing, axis)
    scores = scaled = log_softmax(logits, axis)
    if weight is not None:
        weight = _along(cast(weight, logits.dtype), logits, axis)
        scaled = multiply(scores, weight)
    if target.shape == logits.shape:
        if ignore_index is not None:
            raise ArgumentError("cross_entropy: ignore_index is for class indices, not for probabilities")
        return reduced(_of_probabilities(scaled, target, axis, label_smoothing), reduction)
    places = (*logits.shape[:axis], *logits.shape[axis + 1 :])
    if target.shape != places:
        raise ShapeError(
            f"cross_entropy: target {target.shape} fits neither class indices {places} nor logits {logits.shape}"
        )
    kept = None if ignore_index is None else not_equal(_integers(target), ignore_index)
    labels = target if kept is None else where(kept, target, 0)
    is_class = _is_class(_checked_labels(labels, logits.shape[axis]), logits.shape, axis)
    losses = negative(sum_(where(is_class, scaled, 0.0), axis))
    if label_smoothing:
        losses = add(multiply(losses, 1.0 - label_smoothing), _smooth(scaled, axis, label_smoothing))
    losses = losses if kept is None else where(kept, losses, 0.0)
    if reduction != "mean" or (weight is None and kept is None):
        return reduced(losses, reduction)
    shares = _ones(losses) if weight is None else sum_(where(is_class, weight, 0.0), axis)
    return divide(sum_(losses), sum_(shares if kept is None else where(kept, shares, 0.0)))


def _of_probabilities(scaled: Node, target: Node, axis: int, label_smoothing: float) -> Node:
    losses = negative(sum_(multiply(_float(target, scaled.dtype), scaled), axis))
    if not label_smoothing:
        return losses
    return add(multiply(losses, 1.0 - label_smoothing), _smooth(scaled, axis, label_smoothing))


def _smooth(scaled: Node, axis: int, label_smoothing: float) -> Node:
    """The part of the loss that all classes share."""
    return multiply(sum_(scaled, axis), -label_smoothing / scaled.shape[axis])


def _class_axis(logits: Node) -> int:
    require_float(logits, "cross_entropy")
    if not logits.ndim:
        raise ShapeError("cross_entropy needs logits (N, classes, ...) or (classes,), got a 0-d array")
    axis = 1 if logits.ndim > 1 else 0
    if not logits.shape[axis]:
        raise ShapeError(f"cross_entropy: logits {logits.shape} have no classes")
    return axis


def _check_options(logits: Node, weight: Node | None, label_smoothing: float, axis: int) -> None:
    if not 0 <= label_smoothing <= 1:
        raise ArgumentError(f"cross_entropy: label_smoothing must lie in [0, 1], got {label_smoothing}")
    if weight is not None and weight.shape != (logits.shape[axis],):
        raise ShapeError(
            f"cross_entropy: weight must be (classes,) = ({logits.shape[axis]},) for logits {logits.shape}, "
            f"got {weight.shape}"
        )


def _ones(x: Node) -> Node:
    return broadcast_to(constant(1.0, x.dtype), x.shape)


def _along(values: Node, like: Node, axis: int) -> Node:
    """Values of the classes, broadcast to the logits."""
    shaped = reshape(values, [n if i == axis else 1 for i, n in enumerate(like.shape)])
    return broadcast_to(shaped, like.shape)


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
        f"{classes - 1}, as many as the logits have classes; ignore_index={label} leaves such places out"
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
    found = cast(_integers(labels), int64)
    if not labels.size:
        return found
    return make(LABELS, (iota(classes), where(less(found, 0), add(found, -classes), found)), axis=0)


def _integers(labels: Node) -> Node:
    if labels.dtype.kind not in "iu":
        raise DTypeError(
            f"cross_entropy: class indices must be integers, got {labels.dtype.name}; use astype, or give "
            "probabilities of the logits' shape"
        )
    return labels
