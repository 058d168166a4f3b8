"""Layers that only change shapes."""

from __future__ import annotations

from typing import Any

import dark_jit as dark
from dark_jit.nn import functional
from dark_jit.nn.module import Module


class Flatten(Module):
    """The axes from start_dim to end_dim as one; by default all but the first."""

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, x: Any) -> dark.Tensor:
        """x (N, ...) to (N, elements)."""
        return functional.flatten(x, self.start_dim, self.end_dim)

    def extra_repr(self) -> str:
        """The axes, unless as by default."""
        default = (self.start_dim, self.end_dim) == (1, -1)
        return "" if default else f"start_dim={self.start_dim}, end_dim={self.end_dim}"
