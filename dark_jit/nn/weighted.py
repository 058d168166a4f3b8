"""What layers with parameters share: `weights` (also `.weight`, the same Parameter) and `bias`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import dark_jit as dark
from dark_jit.nn import init
from dark_jit.nn.module import Module


class Weighted(Module):
    """A layer whose `weights` PyTorch calls `weight`."""

    foreign_names: ClassVar[Mapping[str, str | None]] = {"weight": "weights"}

    weights: dark.Parameter
    bias: dark.Parameter | None

    @property
    def weight(self) -> dark.Parameter:
        """The same Parameter as `weights`."""
        return self.weights

    @weight.setter
    def weight(self, value: dark.Parameter) -> None:
        self.weights = value

    def _make(self, weights: tuple[int, ...], bias: tuple[int, ...] | None) -> None:
        """New parameters of these shapes, with PyTorch's default values."""
        self.weights = dark.Parameter(dark.zeros(weights))
        self.bias = None if bias is None else dark.Parameter(dark.zeros(bias))
        init.default_init_weights(self.weights, self.bias)
