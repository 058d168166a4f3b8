"""The tutorial series' names and signatures, over the same functions.

Reductions keep their axes, max and min are elementwise, shapes and axes are given as they are in the series. All else
is dark_jit's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dark_jit as dark
from dark_jit import (
    Constant,
    Operation,
    Parameter,
    abs,
    add,
    cat,
    corr2d,
    dilate,
    div,
    dropout,
    exp,
    log,
    mask,
    matmul,
    moveaxis,
    mul,
    neg,
    pow,
    reshape,
    sqrt,
    subtract,
    tanh,
    transpose,
    view,
)

__all__ = [
    "Constant",
    "Operation",
    "Parameter",
    "abs",
    "add",
    "cat",
    "conv2d",
    "conv_transpose2d",
    "corr2d",
    "dilate",
    "div",
    "dropout",
    "exp",
    "log",
    "mask",
    "matmul",
    "max",
    "max_pool2d",
    "mean",
    "min",
    "moveaxis",
    "mul",
    "neg",
    "pow",
    "reshape",
    "sqrt",
    "subtract",
    "sum",
    "tanh",
    "transpose",
    "upsample2d",
    "var",
    "view",
]

Axes = int | Sequence[int] | None
Pair = int | Sequence[int]


def conv2d(x: Any, k: Any, stride: Pair = 1, padding: Pair = 0) -> dark.Tensor:
    """Cross-correlate images x (N, C, H, W) with kernels k (O, C, KH, KW)."""
    return dark.conv2d(x, k, stride, padding)


def conv_transpose2d(x: Any, k: Any, stride: Pair = 1, padding: Pair = 0) -> dark.Tensor:
    """The transpose of conv2d, of images x (N, C, H, W) with kernels k (C, O, KH, KW)."""
    return dark.conv_transpose2d(x, k, stride, padding)


def max_pool2d(x: Any, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0) -> dark.Tensor:
    """The maximum over each window of x (N, C, H, W); the stride is the window unless given."""
    return dark.max_pool2d(x, kernel_size, stride, padding)


def upsample2d(x: Any, scale_factor: Pair = 2) -> dark.Tensor:
    """Images x (N, C, H, W) with each pixel repeated."""
    return dark.upsample2d(x, scale_factor)


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
