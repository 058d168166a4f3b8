"""The functions that networks are made of: pooling, resampling, normalisation, softmax, losses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dark_jit import ops
from dark_jit.errors import ArgumentError, DTypeError
from dark_jit.graph.node import Node
from dark_jit.tensor.handle import Handle, apply
from dark_jit.tensor.mode import no_grad

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor

Pair = int | Sequence[int]


def max_pool2d(x: Any, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0) -> Tensor:
    """The maximum over each window of x (N, C, H, W); the stride is the window unless given. NaN wins."""
    return apply(ops.max_pool2d, x, kernel_size=kernel_size, stride=stride, padding=padding)


def avg_pool2d(
    x: Any, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0, count_include_pad: bool = True
) -> Tensor:
    """The mean over each window of x (N, C, H, W); the stride is the window unless given.

    Padding counts as zeros, or, unless count_include_pad, not at all. Raises ShapeError, ArgumentError, DTypeError.
    """
    return apply(
        ops.avg_pool2d,
        x,
        kernel_size=kernel_size,
        stride=stride,
        padding=padding,
        count_include_pad=count_include_pad,
    )


def upsample2d(x: Any, scale_factor: Pair = 2, mode: str = "nearest") -> Tensor:
    """Images x (N, C, H, W) enlarged by whole factors, an int or a pair.

    mode: "nearest" repeats pixels; "bilinear" interpolates between the pixels' centres (PyTorch's align_corners=False).
    Raises ShapeError, ArgumentError, DTypeError.
    """
    return apply(ops.upsample2d, x, scale_factor=scale_factor, mode=mode)


def softmax(x: Any, axis: int = -1, *, dim: int | None = None) -> Tensor:
    """exp(x) / sum(exp(x)) along an axis, shifted by the maximum so that nothing overflows."""
    return apply(ops.softmax, x, axis=axis if dim is None else dim)


def log_softmax(x: Any, axis: int = -1, *, dim: int | None = None) -> Tensor:
    """The logarithm of softmax along an axis."""
    return apply(ops.log_softmax, x, axis=axis if dim is None else dim)


def leaky_relu(x: Any, negative_slope: float = 0.01) -> Tensor:
    """x where positive, else negative_slope * x."""
    return apply(ops.leaky_relu, x, negative_slope=negative_slope)


def gelu(x: Any, approximate: str = "none") -> Tensor:
    """x times the normal distribution's cumulative function; approximate: "none" (exact, by erf) or "tanh"."""
    return apply(ops.gelu, x, approximate=approximate)


def mse(x: Any, target: Any, reduction: str = "mean") -> Tensor:
    """The squared difference of two arrays of one shape; reduction: "mean", "sum" or "none".

    Raises ShapeError, ArgumentError.
    """
    return apply(ops.mse, x, target, reduction=reduction)


def bce_with_logits(
    x: Any, target: Any, reduction: str = "mean", *, weight: Any = None, pos_weight: Any = None
) -> Tensor:
    """Binary cross-entropy of sigmoid(x) and targets in 0..1, of one shape; stable for logits of any size.

    reduction: "mean", "sum" or "none". weight: factors of the losses, pos_weight: of the part that target 1 has; both
    broadcast. Raises ShapeError, DTypeError, ArgumentError.
    """
    return apply(_bce_with_logits, x, target, weight, pos_weight, reduction=reduction)


def _bce_with_logits(x: Node, target: Node, weight: Node | None, pos_weight: Node | None, reduction: str) -> Node:
    return ops.bce_with_logits(x, target, reduction, weight, pos_weight)


def cross_entropy(
    logits: Any,
    target: Any,
    reduction: str = "mean",
    *,
    weight: Any = None,
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
) -> Tensor:
    """-log_softmax(logits)[target] for logits (N, classes, ...) or (classes,); stable for logits of any size.

    target: class indices (N, ...), or probabilities (one-hot) of the logits' shape. reduction: "mean" (over samples and
    pixels), "sum" or "none". weight (classes,): factors of the classes; the mean over class indices is then weighted.
    ignore_index: a label whose places count for nothing (PyTorch ignores -100 unasked; here a label that is no class
    raises). label_smoothing: the share of the target, in 0..1, that goes to all classes alike. Raises ShapeError,
    DTypeError, ArgumentError; for a label that is no class IndexOutOfRangeError, when the value is computed.
    """
    return apply(
        _cross_entropy,
        logits,
        target,
        weight,
        reduction=reduction,
        ignore_index=ignore_index,
        label_smoothing=label_smoothing,
    )


def _cross_entropy(logits: Node, target: Node, weight: Node | None, reduction: str, **options: Any) -> Node:
    return ops.cross_entropy(logits, target, reduction, weight, **options)


def layer_norm(
    x: Any, normalized_shape: int | Sequence[int], weight: Any = None, bias: Any = None, eps: float = 1e-5
) -> Tensor:
    """weight * (x - mean) / sqrt(variance + eps) + bias over the last axes, whose extents are normalized_shape.

    weight, bias: of these extents, or None. Raises ShapeError, DTypeError.
    """
    return apply(_layer_norm, x, weight, bias, normalized_shape=normalized_shape, eps=eps)


def _layer_norm(x: Node, weight: Node | None, bias: Node | None, normalized_shape: Any, eps: float) -> Node:
    return ops.layer_norm(x, normalized_shape, weight, bias, eps)


def batch_norm(
    x: Any,
    running_mean: Any = None,
    running_var: Any = None,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Tensor:
    """weight * (x - mean) / sqrt(variance + eps) + bias for each channel of x (N, C, ...), with PyTorch's meaning.

    Training takes the batch's mean and variance and moves the running ones, Tensors that are assigned, by `momentum`
    towards them (the variance's unbiased estimate); otherwise the running ones are used. All are of C elements. Raises
    ShapeError, DTypeError, ArgumentError.
    """
    if not training:
        if running_mean is None or running_var is None:
            raise ArgumentError("batch_norm needs running_mean and running_var where it is not training")
        return apply(ops.batch_norm_with, x, running_mean, running_var, weight, bias, eps=eps)
    y = apply(ops.batch_norm, x, weight, bias, eps=eps)
    for running, statistic in ((running_mean, ops.batch_mean), (running_var, _unbiased)):
        if running is not None:
            _move(running, x, statistic, momentum)
    return y


@no_grad()
def _move(running: Any, x: Any, statistic: Any, momentum: float) -> None:
    """Assign the running statistic that follows the batch's."""
    if not isinstance(running, Handle):
        raise DTypeError(f"batch_norm moves running statistics, which must be Tensors, got {type(running).__name__}")
    tensor: Tensor = running  # type: ignore[assignment]  # a handle is a Tensor
    tensor.data = apply(_moved, tensor, x, statistic=statistic, momentum=momentum)


def _moved(running: Node, x: Node, statistic: Any, momentum: float) -> Node:
    found = ops.reshape(statistic(x), running.shape)
    return ops.add(ops.multiply(running, 1 - momentum), ops.multiply(found, momentum))


def _unbiased(x: Node) -> Node:
    count = x.size // max(x.shape[1], 1)
    return ops.multiply(ops.batch_var(x), count / max(count - 1, 1))
