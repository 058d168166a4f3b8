"""Layers that only act while training."""

from __future__ import annotations

from typing import Any

import dark_jit as dark
from dark_jit.nn import functional
from dark_jit.nn.module import Module


class Dropout(Module):
    """While training, each element is 0 with probability p, else x / (1 - p); in eval mode x stays as it is."""

    def __init__(self, p: float = 0.5) -> None:
        if not 0 <= p <= 1:
            raise dark.ArgumentError(f"the probability of dropout must lie in [0, 1], got {p}")
        self.p = p

    def forward(self, x: Any) -> dark.Tensor:
        """Elementwise."""
        return functional.dropout(x, self.p, self.training)

    def extra_repr(self) -> str:
        """The probability."""
        return f"p={self.p}"
