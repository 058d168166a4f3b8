"""Initial values of parameters. All are drawn from dark_jit's generator: `dark.manual_seed` makes them repeatable."""

from __future__ import annotations

import math
from collections.abc import Sequence

import dark_jit as dark


def random_uniform_(parameter: dark.Tensor, low: float = 0.0, high: float = 1.0) -> dark.Tensor:
    """Fill with uniform numbers in [low, high). Returns the parameter."""
    drawn = dark.uniform(low, high, parameter.shape, parameter.dtype)
    drawn.numpy()  # computed now, for a pending draw would become part of the first program that reads the parameter
    parameter.data = drawn
    return parameter


def xavier_uniform_(parameter: dark.Tensor, gain: float = 1.0) -> dark.Tensor:
    """Fill with uniform numbers within gain * sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010).

    Returns the parameter.
    """
    fan_in, fan_out = fans(parameter.shape)
    bound = gain * math.sqrt(6 / (fan_in + fan_out))
    return random_uniform_(parameter, -bound, bound)


def default_init_weights(weights: dark.Tensor, bias: dark.Tensor | None = None) -> None:
    """Fill a layer's parameters as PyTorch does by default: uniform within 1 / sqrt(fan_in)."""
    fan_in, _ = fans(weights.shape)
    bound = 1 / math.sqrt(fan_in) if fan_in else 0.0
    random_uniform_(weights, -bound, bound)
    if bias is not None:
        random_uniform_(bias, -bound, bound)


def fans(shape: Sequence[int]) -> tuple[int, int]:
    """(fan_in, fan_out) of weights (out, in, ...): how many inputs a unit has, and how many outputs use one."""
    if len(shape) < 2:
        raise dark.ShapeError(f"fan_in and fan_out need at least two axes (out, in, ...), got shape {tuple(shape)}")
    taps = math.prod(shape[2:])
    return shape[1] * taps, shape[0] * taps
