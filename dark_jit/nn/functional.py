"""Functions of networks with PyTorch's names, argument order and meaning (`torch.nn.functional`)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

import dark_jit as dark
from dark_jit import (
    avg_pool2d,
    batch_norm,
    gelu,
    layer_norm,
    leaky_relu,
    max_pool2d,
    relu,
    sigmoid,
    softplus,
    tanh,
)

__all__ = [
    "avg_pool2d",
    "batch_norm",
    "binary_cross_entropy_with_logits",
    "conv2d",
    "conv_transpose2d",
    "cross_entropy",
    "dropout",
    "embedding",
    "flatten",
    "gelu",
    "interpolate",
    "layer_norm",
    "leaky_relu",
    "linear",
    "log_softmax",
    "max_pool2d",
    "mse_loss",
    "one_hot",
    "pad",
    "relu",
    "scaled_dot_product_attention",
    "sigmoid",
    "softmax",
    "softplus",
    "tanh",
]

Pair = int | Sequence[int]

_PAD_MODES = {"constant": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


def linear(input: Any, weight: Any, bias: Any = None) -> dark.Tensor:
    """input (..., in) times weight (out, in) transposed, plus bias (out,) or (1, out). Raises ShapeError."""
    shape, wanted = tuple(input.shape), tuple(weight.shape)
    if len(wanted) != 2 or not shape or shape[-1] != wanted[1]:
        raise dark.ShapeError(f"linear: the last axis of input {shape} must be that of the weights (out, in), {wanted}")
    y = dark.matmul(input, dark.transpose(weight))
    if bias is None:
        return y
    if math.prod(bias.shape) != wanted[0]:
        raise dark.ShapeError(f"linear: bias {tuple(bias.shape)} does not fit weights (out, in) {wanted}")
    return dark.add(y, dark.reshape(bias, -1) if len(bias.shape) > len(shape) else bias)


def dropout(input: Any, p: float = 0.5, training: bool = True) -> dark.Tensor:
    """Each element is 0 with probability p, else input / (1 - p); the input itself where not training."""
    return dark.dropout(input, p, training)


def embedding(input: Any, weight: Any) -> dark.Tensor:
    """The rows of weight (count, dim) at integers of any shape; negative ones count from the end, unlike PyTorch's.

    Raises DTypeError, and IndexOutOfRangeError when the value is computed.
    """
    return dark.take(weight, input, 0)


def one_hot(tensor: Any, num_classes: int) -> dark.Tensor:
    """A last axis of num_classes with 1 at the index, 0 elsewhere; int64. Out of range: all 0."""
    return dark.one_hot(tensor, num_classes, dark.int64)


def conv2d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Pair = 1,
    padding: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> dark.Tensor:
    """dark.conv2d in PyTorch's argument order."""
    return dark.conv2d(input, weight, stride, padding, bias=bias, dilation=dilation, groups=groups)


def conv_transpose2d(
    input: Any,
    weight: Any,
    bias: Any = None,
    stride: Pair = 1,
    padding: Pair = 0,
    output_padding: Pair = 0,
    groups: int = 1,
    dilation: Pair = 1,
) -> dark.Tensor:
    """dark.conv_transpose2d in PyTorch's argument order."""
    return dark.conv_transpose2d(
        input,
        weight,
        stride,
        padding,
        bias=bias,
        output_padding=output_padding,
        dilation=dilation,
        groups=groups,
    )


def interpolate(input: Any, *, scale_factor: Pair, mode: str = "nearest") -> dark.Tensor:
    """dark.upsample2d: whole factors, mode "nearest" or "bilinear" (align_corners=False)."""
    return dark.upsample2d(input, scale_factor, mode)


def softmax(input: Any, dim: int) -> dark.Tensor:
    """exp(x) / sum(exp(x)) along an axis."""
    return dark.softmax(input, dim)


def log_softmax(input: Any, dim: int) -> dark.Tensor:
    """The logarithm of softmax along an axis."""
    return dark.log_softmax(input, dim)


def flatten(input: Any, start_dim: int = 0, end_dim: int = -1) -> dark.Tensor:
    """The axes from start_dim to end_dim as one. Raises ArgumentError where there are none such."""
    shape = tuple(input.shape)
    count = len(shape)
    if not all(-count <= dim < count for dim in (start_dim, end_dim)) or start_dim % count > end_dim % count:
        raise dark.ArgumentError(f"flatten: start_dim={start_dim}, end_dim={end_dim} do not fit shape {shape}")
    start, end = start_dim % count, end_dim % count + 1
    return dark.reshape(input, (*shape[:start], math.prod(shape[start:end]), *shape[end:]))


def pad(input: Any, pad: Sequence[int], mode: str = "constant", value: float = 0.0) -> dark.Tensor:
    """Put elements around; `pad` has (before, after) for each axis, the last axis first.

    mode: "constant", "reflect", "replicate" or "circular". Raises ArgumentError.
    """
    count = len(input.shape)
    if mode not in _PAD_MODES:
        raise dark.ArgumentError(f"pad: mode must be one of {', '.join(map(repr, _PAD_MODES))}, got {mode!r}")
    if len(pad) % 2 or len(pad) > 2 * count:
        raise dark.ArgumentError(f"pad needs (before, after) for at most {count} axes, the last first, got {pad}")
    widths = [(pad[i], pad[i + 1]) for i in range(0, len(pad), 2)][::-1]
    return dark.pad(input, [(0, 0)] * (count - len(widths)) + widths, _PAD_MODES[mode], constant_values=value)


def mse_loss(input: Any, target: Any, reduction: str = "mean") -> dark.Tensor:
    """The squared difference of two arrays of one shape."""
    return dark.mse(input, target, reduction)


def binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, reduction: str = "mean", pos_weight: Any = None
) -> dark.Tensor:
    """Binary cross-entropy of sigmoid(input) and targets in 0..1."""
    return dark.bce_with_logits(input, target, reduction, weight=weight, pos_weight=pos_weight)


def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    ignore_index: int | None = None,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> dark.Tensor:
    """-log_softmax(input)[target]; class indices, or probabilities of the input's shape. See dark.cross_entropy."""
    return dark.cross_entropy(
        input, target, reduction, weight=weight, ignore_index=ignore_index, label_smoothing=label_smoothing
    )


def scaled_dot_product_attention(
    query: Any, key: Any, value: Any, attn_mask: Any = None, *, is_causal: bool = False, scale: float | None = None
) -> dark.Tensor:
    """softmax(scale * query key^T + mask) value (Vaswani et al. 2017), scale 1 / sqrt(E) by default.

    query (..., L, E), key (..., S, E), value (..., S, V) to (..., L, V). attn_mask broadcasts with (..., L, S): True
    where a key takes part, or numbers to add. is_causal: query i sees keys 0 to i. Raises ShapeError, ArgumentError.
    """
    weights = attention_weights(query, key, attn_mask, is_causal, scale)
    return dark.matmul(weights, value)


def attention_weights(query: Any, key: Any, attn_mask: Any, is_causal: bool, scale: float | None) -> dark.Tensor:
    """softmax(scale * query key^T + mask) of scaled_dot_product_attention, (..., L, S)."""
    if is_causal and attn_mask is not None:
        raise dark.ArgumentError("scaled_dot_product_attention takes attn_mask or is_causal, not both")
    factor = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    scores = dark.multiply(dark.matmul(query, dark.matrix_transpose(key)), factor)
    if is_causal:
        attn_mask = dark.greater_equal(dark.arange(query.shape[-2])[:, None], dark.arange(key.shape[-2]))
    return dark.softmax(scores if attn_mask is None else _masked(scores, attn_mask), -1)


def _masked(scores: dark.Tensor, mask: Any) -> dark.Tensor:
    """Scores where the mask is True, else -infinity; numbers are added."""
    if mask.dtype != np.bool_:
        return dark.add(scores, mask)
    return dark.where(mask, scores, -math.inf)
