"""Normalisation by mean and variance, with gradient rules that need fewer sums than those of the single steps.

The variance comes from deviations from the mean, never from a sum of squares, which cancels where the mean is large.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from dark_jit.dtypes import promote
from dark_jit.errors import ShapeError
from dark_jit.graph.node import Node, Shape
from dark_jit.ops.checks import shape_of
from dark_jit.ops.custom import custom_vjp
from dark_jit.ops.elementwise import add, cast, constant, divide, multiply, sqrt, stop_gradient, subtract
from dark_jit.ops.half import rounded_once
from dark_jit.ops.movement import reshape
from dark_jit.ops.reduction import mean, require_float, sum_, var

Axes = tuple[int, ...]

LEAST_PIXELS = 16  # of an image with statistics of its own: these are few beside it


@rounded_once
def batch_norm(x: Node, scale: Node | None = None, shift: Node | None = None, eps: float = 1e-5) -> Node:
    """scale * (x - mean) / sqrt(variance + eps) + shift with each channel's own statistics (Ioffe and Szegedy 2015).

    x: (N, C, ...), more than one value a channel; scale, shift: C elements. Raises ShapeError, DTypeError.
    """
    axes = batch_axes(x)
    x = _promoted(x, scale, shift)
    count = x.size // x.shape[1] if x.shape[1] else 0
    if count == 1:
        raise ShapeError(
            f"batch_norm in training needs more than one value for each channel, got input {x.shape}; use a larger "
            "batch or a larger image, or call eval()"
        )
    weights, bias = _channels(scale, x, 1.0, "weight"), _channels(shift, x, 0.0, "bias")
    centre, factor = batch_mean(x), divide(1.0, sqrt(add(batch_var(x), eps)))
    normal = multiply(subtract(x, centre), factor)

    def rule(g: Node) -> list[Node | None]:
        g_bias = sum_(g, axes, keepdims=True)
        g_weights = sum_(multiply(g, normal), axes, keepdims=True)
        means = divide(add(g_bias, multiply(normal, g_weights)), float(count))
        return [multiply(multiply(weights, factor), subtract(g, means)), g_weights, g_bias, None, None]

    value = add(multiply(normal, weights), bias)
    return custom_vjp(value, [x, weights, bias, stop_gradient(centre), stop_gradient(factor)], rule)


@rounded_once
def batch_norm_with(
    x: Node, centre: Node, variance: Node, scale: Node | None = None, shift: Node | None = None, eps: float = 1e-5
) -> Node:
    """As batch_norm, with a mean and a variance that are given: each channel is only scaled and moved."""
    batch_axes(x)
    x = _promoted(x, centre, variance, scale, shift)
    mean_, var_ = _channels(centre, x, 0.0, "running_mean"), _channels(variance, x, 1.0, "running_var")
    weights, bias = _channels(scale, x, 1.0, "weight"), _channels(shift, x, 0.0, "bias")
    return add(multiply(subtract(x, mean_), divide(weights, sqrt(add(var_, eps)))), bias)


@rounded_once
def batch_mean(x: Node) -> Node:
    """The mean of each channel of x (N, C, ...), as (1, C, 1, ...)."""
    found = _of_images(x)
    return mean(x, batch_axes(x), keepdims=True) if found is None else _along_channels(mean(found[0], 0), x)


@rounded_once
def batch_var(x: Node) -> Node:
    """The variance of each channel of x (N, C, ...), as (1, C, 1, ...).

    Images have a mean and a sum of squared deviations each, which are merged (Chan, Golub and LeVeque 1983, "Algorithms
    for Computing the Sample Variance"): then those of an image can be had while it is in the cache.
    """
    found = _of_images(x)
    if found is None:
        return var(x, batch_axes(x), keepdims=True)
    means, squares = found
    between = subtract(means, mean(means, 0))
    pixels = math.prod(x.shape[2:])
    total = sum_(add(squares, multiply(multiply(between, between), pixels)), 0)
    return _along_channels(divide(total, float(x.shape[0] * pixels)), x)


def _of_images(x: Node) -> tuple[Node, Node] | None:
    """The mean and the sum of squared deviations of each image's channels, (N, C); None where images are small."""
    axes = batch_axes(x)[1:]
    if math.prod(x.shape[2:]) < LEAST_PIXELS:
        return None
    means = mean(x, axes, keepdims=True)
    deviation = subtract(x, means)
    return reshape(means, x.shape[:2]), sum_(multiply(deviation, deviation), axes)


def _along_channels(values: Node, x: Node) -> Node:
    return reshape(values, (1, -1, *[1] * (x.ndim - 2)))


def batch_axes(x: Node) -> Axes:
    """All axes but that of the channels. Raises ShapeError, DTypeError for what has no channels."""
    require_float(x, "batch_norm")
    if x.ndim < 2:
        raise ShapeError(f"batch_norm needs x (N, C, ...), got shape {x.shape}")
    return (0, *range(2, x.ndim))


@rounded_once
def layer_norm(
    x: Node,
    normalized_shape: int | Sequence[int],
    scale: Node | None = None,
    shift: Node | None = None,
    eps: float = 1e-5,
) -> Node:
    """scale * (x - mean) / sqrt(variance + eps) + shift over the last axes (Ba, Kiros and Hinton 2016).

    normalized_shape: the extents of these axes; scale, shift: of this shape. Raises ShapeError, DTypeError.
    """
    require_float(x, "layer_norm")
    extents = shape_of(normalized_shape)
    first = x.ndim - len(extents)
    if first < 0 or not extents or x.shape[first:] != extents:
        raise ShapeError(f"layer_norm: input {x.shape} does not end with the normalized shape {extents}")
    y = _layer_normal(x, tuple(range(first, x.ndim)), eps)
    if scale is not None:
        y = multiply(y, _last_axes(scale, extents, "weight"))
    return y if shift is None else add(y, _last_axes(shift, extents, "bias"))


def _layer_normal(x: Node, axes: Axes, eps: float) -> Node:
    centre, factor = _statistics(x, axes, eps)
    normal = multiply(subtract(x, centre), factor)

    def rule(g: Node) -> list[Node | None]:
        along = multiply(normal, mean(multiply(g, normal), axes, keepdims=True))
        return [multiply(factor, subtract(subtract(g, mean(g, axes, keepdims=True)), along)), None, None]

    return custom_vjp(normal, [x, stop_gradient(centre), stop_gradient(factor)], rule)


def _statistics(x: Node, axes: Axes, eps: float) -> tuple[Node, Node]:
    """The mean and 1 / sqrt(variance + eps) over axes, which are kept.

    Rules use them as functions of x, so that they can be differentiated again; custom_vjp is also handed their values,
    so that a lazy backward() finds them instead of computing them anew.
    """
    return mean(x, axes, keepdims=True), divide(1.0, sqrt(add(var(x, axes, keepdims=True), eps)))


def _channels(values: Node | None, x: Node, default: float, name: str) -> Node:
    """One number for each channel of x, as an array that broadcasts with x."""
    channels = x.shape[1]
    shape: Shape = (1, channels, *[1] * (x.ndim - 2))
    if values is None:
        return constant(default, x.dtype, shape)
    if values.size != channels or max(values.shape, default=1) != max(channels, 1):
        raise ShapeError(
            f"batch_norm: {name} {values.shape} does not fit the {channels} channels of input {x.shape}; it must be "
            f"({channels},) or {shape}"
        )
    return cast(reshape(values, shape), x.dtype)


def _promoted(x: Node, *others: Node | None) -> Node:
    """x in the common dtype of all."""
    dtype = x.dtype
    for other in others:
        dtype = dtype if other is None else promote(dtype, other.dtype)
    return cast(x, dtype)


def _last_axes(values: Node, extents: Shape, name: str) -> Node:
    if values.shape != extents:
        raise ShapeError(f"layer_norm: {name} {values.shape} differs from the normalized shape {extents}")
    return values
