"""The fully connected layer."""

from __future__ import annotations

from typing import Any

import dark_jit as dark
from dark_jit.nn import functional
from dark_jit.nn.weighted import Weighted


class Linear(Weighted):
    """x @ weights.T + bias: weights (out_features, in_features), bias (1, out_features), x (..., in_features)."""

    def __init__(self, in_features: int, out_features: int, bias: bool = True) -> None:
        self.in_features, self.out_features = in_features, out_features
        self._make((out_features, in_features), (1, out_features) if bias else None)

    def forward(self, x: Any) -> dark.Tensor:
        """x (..., in_features) to (..., out_features). Raises ShapeError."""
        return functional.linear(x, self.weights, self.bias)

    def extra_repr(self) -> str:
        """The sizes."""
        return f"{self.in_features}, {self.out_features}{'' if self.bias is not None else ', bias=False'}"
