"""Layers that change the size of images: pooling and upsampling."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dark_jit as dark
from dark_jit.nn.module import Module

Pair = int | Sequence[int]


class MaxPool2d(Module):
    """The maximum over each window; the stride is the window unless given."""

    def __init__(self, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0) -> None:
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding

    def forward(self, x: Any) -> dark.Tensor:
        """x (N, C, H, W) to (N, C, OH, OW)."""
        return dark.max_pool2d(x, self.kernel_size, self.stride, self.padding)

    def extra_repr(self) -> str:
        """The window."""
        return f"{self.kernel_size}, stride={self.stride or self.kernel_size}, padding={self.padding}"


class AvgPool2d(Module):
    """The mean over each window; the stride is the window unless given. Padding counts unless told otherwise."""

    def __init__(
        self, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0, *, count_include_pad: bool = True
    ) -> None:
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding
        self.count_include_pad = count_include_pad

    def forward(self, x: Any) -> dark.Tensor:
        """x (N, C, H, W) to (N, C, OH, OW)."""
        return dark.avg_pool2d(x, self.kernel_size, self.stride, self.padding, self.count_include_pad)

    def extra_repr(self) -> str:
        """The window."""
        return f"{self.kernel_size}, stride={self.stride or self.kernel_size}, padding={self.padding}"


class Upsample2d(Module):
    """Images enlarged by whole factors; mode "nearest" or "bilinear" (PyTorch's align_corners=False)."""

    def __init__(self, scale_factor: Pair = 2, mode: str = "nearest") -> None:
        self.scale_factor, self.mode = scale_factor, mode

    def forward(self, x: Any) -> dark.Tensor:
        """x (N, C, H, W) to (N, C, H * factor, W * factor)."""
        return dark.upsample2d(x, self.scale_factor, self.mode)

    def extra_repr(self) -> str:
        """The factor and the mode."""
        return f"scale_factor={self.scale_factor}, mode={self.mode!r}"
