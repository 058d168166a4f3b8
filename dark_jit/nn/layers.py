"""Layers with parameters: `weights` (also `.weight`, the same Parameter) and `bias`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dark_jit as dark
from dark_jit.nn import init
from dark_jit.nn.module import Module

Pair = int | Sequence[int]


class _Weighted(Module):
    """A layer whose `weights` PyTorch calls `weight`."""

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


class Linear(_Weighted):
    """x @ weights.T + bias: weights (out_features, in_features), bias (1, out_features), x (..., in_features)."""

    def __init__(self, in_features: int, out_features: int, bias: bool = True) -> None:
        self.in_features, self.out_features = in_features, out_features
        self._make((out_features, in_features), (1, out_features) if bias else None)

    def forward(self, x: Any) -> dark.Tensor:
        """x (..., in_features) to (..., out_features)."""
        y = dark.matmul(x, self.weights.T)
        if self.bias is None:
            return y
        return dark.add(y, self.bias if y.ndim > 1 else self.bias.reshape(-1))

    def extra_repr(self) -> str:
        """The sizes."""
        return f"{self.in_features}, {self.out_features}{'' if self.bias is not None else ', bias=False'}"


class Conv2d(_Weighted):
    """dark.conv2d with learned weights (out_channels, in_channels/groups, KH, KW) and bias (1, out_channels, 1, 1)."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Pair,
        stride: Pair = 1,
        padding: Pair = 0,
        dilation: Pair = 1,
        groups: int = 1,
        bias: bool = True,
    ) -> None:
        if groups < 1 or in_channels % groups or out_channels % groups:
            raise dark.ArgumentError(
                f"groups={groups} must divide in_channels={in_channels} and out_channels={out_channels}"
            )
        self.in_channels, self.out_channels, self.kernel_size = in_channels, out_channels, kernel_size
        self.stride, self.padding, self.dilation, self.groups = stride, padding, dilation, groups
        height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
        self._make((out_channels, in_channels // groups, height, width), (1, out_channels, 1, 1) if bias else None)

    def forward(self, x: Any) -> dark.Tensor:
        """x (N, in_channels, H, W) to (N, out_channels, OH, OW)."""
        y = dark.conv2d(x, self.weights, self.stride, self.padding, dilation=self.dilation, groups=self.groups)
        return y if self.bias is None else dark.add(y, self.bias)

    def extra_repr(self) -> str:
        """The sizes, and what is not as by default."""
        text = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}"
        for name, default in (("stride", 1), ("padding", 0), ("dilation", 1), ("groups", 1)):
            if getattr(self, name) != default:
                text += f", {name}={getattr(self, name)}"
        return text + ("" if self.bias is not None else ", bias=False")
