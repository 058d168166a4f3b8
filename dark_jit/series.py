"""The tutorial series' signatures, over the same functions: reductions keep their axes, max and min are elementwise."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dark_jit as dark

Axes = int | Sequence[int] | None


def conv2d(x: Any, k: Any, stride: int | Sequence[int] = 1, padding: int | Sequence[int] = 0) -> dark.Tensor:
    """Cross-correlate images x (N, C, H, W) with kernels k (O, C, KH, KW)."""
    return dark.conv2d(x, k, stride, padding)


def sum(x: Any, axis: Axes = None) -> dark.Tensor:
    """Sum over axes, which are kept with extent 1."""
    return dark.sum(x, axis, keepdims=True)


def mean(x: Any, axis: Axes = None) -> dark.Tensor:
    """Arithmetic mean over axes, which are kept with extent 1."""
    return dark.mean(x, axis, keepdims=True)


def var(x: Any, axis: Axes = None) -> dark.Tensor:
    """Variance over axes, which are kept with extent 1."""
    return dark.var(x, axis, keepdims=True)


def max(x: Any, y: Any) -> dark.Tensor:
    """The greater of two, elementwise."""
    return dark.maximum(x, y)


def min(x: Any, y: Any) -> dark.Tensor:
    """The smaller of two, elementwise."""
    return dark.minimum(x, y)
