"""Convolutions. Kernels need not be square."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import dark_jit as dark
from dark_jit.nn import functional
from dark_jit.nn.weighted import Weighted

Pair = int | Sequence[int]


class _Convolution(Weighted):
    """The parameters that both share. `defaults` are those that the text leaves out."""

    defaults: ClassVar[Mapping[str, Any]] = {
        "stride": 1,
        "padding": 0,
        "output_padding": 0,
        "dilation": 1,
        "groups": 1,
        "padding_mode": "zeros",
    }

    def _configure(self, in_channels: int, out_channels: int, kernel_size: Pair, groups: int) -> tuple[int, int]:
        """Check and keep what both constructors take. Returns the kernel's extents."""
        if groups < 1 or in_channels % groups or out_channels % groups:
            raise dark.ArgumentError(
                f"groups={groups} must divide in_channels={in_channels} and out_channels={out_channels}"
            )
        taps = (kernel_size, kernel_size) if isinstance(kernel_size, int) else tuple(kernel_size)
        if len(taps) != 2 or min(taps) < 1:
            raise dark.ArgumentError(f"kernel_size must be a positive int or a pair of them, got {kernel_size!r}")
        self.in_channels, self.out_channels, self.kernel_size = in_channels, out_channels, kernel_size
        self.groups = groups
        return taps[0], taps[1]

    def extra_repr(self) -> str:
        """The sizes, and what is not as by default."""
        text = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}"
        for name, default in self.defaults.items():
            if getattr(self, name, default) != default:
                text += f", {name}={getattr(self, name)}"
        return text + ("" if self.bias is not None else ", bias=False")


class Conv2d(_Convolution):
    """dark.conv2d with learned weights (out_channels, in_channels/groups, KH, KW) and bias (1, out_channels, 1, 1).

    padding_mode: "zeros", "reflect", "replicate" or "circular".
    """

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
        padding_mode: str = "zeros",
    ) -> None:
        if padding_mode not in ("zeros", "reflect", "replicate", "circular"):
            raise dark.ArgumentError(
                f"padding_mode must be 'zeros', 'reflect', 'replicate' or 'circular', got {padding_mode!r}"
            )
        taps = self._configure(in_channels, out_channels, kernel_size, groups)
        self.stride, self.padding, self.dilation, self.padding_mode = stride, padding, dilation, padding_mode
        self._make((out_channels, in_channels // groups, *taps), (1, out_channels, 1, 1) if bias else None)

    def forward(self, x: Any) -> dark.Tensor:
        """x (N, in_channels, H, W) to (N, out_channels, OH, OW). Raises ShapeError."""
        padding = self.padding
        if self.padding_mode != "zeros":
            high, wide = (padding, padding) if isinstance(padding, int) else padding
            x, padding = functional.pad(x, (wide, wide, high, high), self.padding_mode), 0
        return dark.conv2d(
            x, self.weights, self.stride, padding, bias=self.bias, dilation=self.dilation, groups=self.groups
        )


class ConvTranspose2d(_Convolution):
    """dark.conv_transpose2d with learned weights (in_channels, out_channels/groups, KH, KW), bias (1, out, 1, 1)."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Pair,
        stride: Pair = 1,
        padding: Pair = 0,
        output_padding: Pair = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Pair = 1,
    ) -> None:
        taps = self._configure(in_channels, out_channels, kernel_size, groups)
        self.stride, self.padding, self.output_padding, self.dilation = stride, padding, output_padding, dilation
        self._make((in_channels, out_channels // groups, *taps), (1, out_channels, 1, 1) if bias else None)

    def forward(self, x: Any) -> dark.Tensor:
        """x (N, in_channels, H, W) to (N, out_channels, OH, OW). Raises ShapeError."""
        return dark.conv_transpose2d(
            x,
            self.weights,
            self.stride,
            self.padding,
            bias=self.bias,
            output_padding=self.output_padding,
            dilation=self.dilation,
            groups=self.groups,
        )
