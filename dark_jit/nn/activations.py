"""Elementwise layers, and softmax."""

from __future__ import annotations

from typing import Any

import dark_jit as dark
from dark_jit.nn.module import Module


class ReLU(Module):
    """max(x, 0)."""

    def forward(self, x: Any) -> dark.Tensor:
        """Elementwise."""
        return dark.relu(x)


class LeakyReLU(Module):
    """x where positive, else negative_slope * x."""

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = negative_slope

    def forward(self, x: Any) -> dark.Tensor:
        """Elementwise."""
        return dark.leaky_relu(x, self.negative_slope)

    def extra_repr(self) -> str:
        """The slope."""
        return f"negative_slope={self.negative_slope}"


class Sigmoid(Module):
    """1 / (1 + exp(-x))."""

    def forward(self, x: Any) -> dark.Tensor:
        """Elementwise."""
        return dark.sigmoid(x)


class Tanh(Module):
    """The hyperbolic tangent."""

    def forward(self, x: Any) -> dark.Tensor:
        """Elementwise."""
        return dark.tanh(x)


class GELU(Module):
    """x times the normal distribution's cumulative function; approximate: "none" (exact) or "tanh"."""

    def __init__(self, approximate: str = "none") -> None:
        self.approximate = approximate

    def forward(self, x: Any) -> dark.Tensor:
        """Elementwise."""
        return dark.gelu(x, self.approximate)

    def extra_repr(self) -> str:
        """The form."""
        return f"approximate={self.approximate!r}"


class Softmax(Module):
    """exp(x) / sum(exp(x)) along an axis."""

    def __init__(self, dim: int = -1) -> None:
        self.dim = dim

    def forward(self, x: Any) -> dark.Tensor:
        """Same shape as x."""
        return dark.softmax(x, self.dim)

    def extra_repr(self) -> str:
        """The axis."""
        return f"dim={self.dim}"
