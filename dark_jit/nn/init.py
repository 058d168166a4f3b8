"""Initial values of parameters. All are drawn from dark_jit's generator: `dark.manual_seed` makes them repeatable.

Each function assigns to the parameter and returns it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

import dark_jit as dark

T = TypeVar("T", bound=dark.Tensor)


def random_uniform_(parameter: T, low: float = 0.0, high: float = 1.0) -> T:
    """Uniform numbers in [low, high)."""
    return _filled(parameter, dark.uniform(low, high, parameter.shape, parameter.dtype))


def _filled(parameter: T, drawn: dark.Tensor) -> T:
    """Computed now: a pending draw would become part of the first program that reads the parameter."""
    parameter.data = drawn.numpy()
    return parameter


uniform_ = random_uniform_


def normal_(parameter: T, mean: float = 0.0, std: float = 1.0) -> T:
    """Normally distributed numbers."""
    return _filled(parameter, dark.normal(mean, std, parameter.shape, parameter.dtype))


def constant_(parameter: T, value: float) -> T:
    """One number everywhere."""
    parameter.data = np.full(parameter.shape, value, parameter.dtype)
    return parameter


def zeros_(parameter: T) -> T:
    """0 everywhere."""
    return constant_(parameter, 0.0)


def ones_(parameter: T) -> T:
    """1 everywhere."""
    return constant_(parameter, 1.0)


def xavier_uniform_(parameter: T, gain: float = 1.0) -> T:
    """Uniform numbers within gain * sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010)."""
    bound = gain * math.sqrt(6 / max(1, sum(fans(parameter.shape))))
    return random_uniform_(parameter, -bound, bound)


def xavier_normal_(parameter: T, gain: float = 1.0) -> T:
    """Normal numbers of standard deviation gain * sqrt(2 / (fan_in + fan_out)) (Glorot and Bengio 2010)."""
    return normal_(parameter, 0.0, gain * math.sqrt(2 / max(1, sum(fans(parameter.shape)))))


def kaiming_uniform_(parameter: T, a: float = 0.0, mode: str = "fan_in") -> T:
    """Uniform numbers within sqrt(6 / ((1 + a^2) fan)) (He et al. 2015); a: the slope of the leaky ReLU behind it."""
    bound = math.sqrt(6 / ((1 + a * a) * _fan(parameter.shape, mode)))
    return random_uniform_(parameter, -bound, bound)


def kaiming_normal_(parameter: T, a: float = 0.0, mode: str = "fan_in") -> T:
    """Normal numbers of standard deviation sqrt(2 / ((1 + a^2) fan)) (He et al. 2015)."""
    return normal_(parameter, 0.0, math.sqrt(2 / ((1 + a * a) * _fan(parameter.shape, mode))))


def _fan(shape: Sequence[int], mode: str) -> int:
    if mode not in ("fan_in", "fan_out"):
        raise dark.ArgumentError(f"mode must be 'fan_in' or 'fan_out', got {mode!r}")
    return max(1, fans(shape)[mode == "fan_out"])


def default_init_weights(weights: dark.Tensor, bias: dark.Tensor | None = None) -> None:
    """A layer's parameters as PyTorch's by default: uniform within 1 / sqrt(fan_in)."""
    bound = 1 / math.sqrt(_fan(weights.shape, "fan_in"))
    random_uniform_(weights, -bound, bound)
    if bias is not None:
        random_uniform_(bias, -bound, bound)


def fans(shape: Sequence[int]) -> tuple[int, int]:
    """(fan_in, fan_out) of weights (out, in, ...): how many inputs a unit has, and how many outputs use one."""
    if len(shape) < 2:
        raise dark.ShapeError(f"fan_in and fan_out need at least two axes (out, in, ...), got shape {tuple(shape)}")
    taps = math.prod(shape[2:])
    return shape[1] * taps, shape[0] * taps
