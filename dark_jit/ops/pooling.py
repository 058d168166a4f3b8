"""Two-dimensional pooling.

Max-pooling is three primitives that are closed under differentiation: max_pool2d(x), max_pool2d_select(v, x): v where x
has its window's first maximum, and max_pool2d_scatter(g, x): g put there. Average pooling is composed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from dark_jit.dtypes import DType
from dark_jit.errors import ArgumentError, ShapeError
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register
from dark_jit.ops.checks import pair_of
from dark_jit.ops.convolution import conv2d, output_extent
from dark_jit.ops.elementwise import add, cast, constant, divide, iota, maximum, minimum, multiply, subtract
from dark_jit.ops.half import rounded_once
from dark_jit.ops.movement import reshape, slice_
from dark_jit.ops.reduction import mean, require_float

Pair = tuple[int, int]


def _pooled(x: Node, attrs: Attrs) -> Shape:
    spatial = [
        output_extent(x.shape[2 + i], attrs["window"][i], attrs["stride"][i], (attrs["padding"][i],) * 2, 1)
        for i in range(2)
    ]
    return (*x.shape[:2], *spatial)


def _infer_pool(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    return _pooled(inputs[-1], attrs), inputs[0].dtype


def _windows(node: Node, x: Any, fill: float) -> Any:
    """(N, C, OH, OW, kh * kw): each window's elements in row-major order."""
    (ph, pw), (sh, sw) = node["padding"], node["stride"]
    padded = np.pad(x, ((0, 0), (0, 0), (ph, ph), (pw, pw)), constant_values=fill)
    windows = sliding_window_view(padded, node["window"], (2, 3))[:, :, ::sh, ::sw]
    return windows.reshape(*windows.shape[:4], -1)


def _first_maximum(node: Node, x: Any) -> Any:
    """Where in its window; padding is never chosen, NaN counts as the maximum."""
    values, inside = _windows(node, x, -np.inf), _windows(node, np.ones(x.shape, bool), False)
    wins = (values == np.max(values, -1, keepdims=True)) | np.isnan(values)
    return np.argmax(wins & inside, -1)[..., None]


def _numpy_pool(node: Node, x: Any) -> Any:
    return np.max(_windows(node, x, -np.inf), -1)


def _numpy_select(node: Node, v: Any, x: Any) -> Any:
    return np.take_along_axis(_windows(node, v, 0), _first_maximum(node, x), -1)[..., 0]


def _numpy_scatter(node: Node, g: Any, x: Any) -> Any:
    (ph, pw), (sh, sw), width = node["padding"], node["stride"], node["window"][1]
    n, c, height, width_in = x.shape
    out = np.zeros((n, c, height + 2 * ph, width_in + 2 * pw), g.dtype)
    place = _first_maximum(node, x)[..., 0]
    i, j, y, z = np.indices(g.shape)
    np.add.at(out, (i, j, y * sh + place // width, z * sw + place % width), g)
    return out[:, :, ph : ph + height, pw : pw + width_in]


def _attrs(node: Node) -> dict[str, Pair]:
    return {"window": node["window"], "stride": node["stride"], "padding": node["padding"]}


def _pool_vjp(g: Node, node: Node) -> list[Node | None]:
    return [make(MAX_POOL2D_SCATTER, (g, node.inputs[0]), **_attrs(node))]


MAX_POOL2D: Op = register(
    Op("max_pool2d", "window", _infer_pool, _numpy_pool, _pool_vjp, "The maximum of each window, clipped to the image.")
)
MAX_POOL2D_SELECT: Op = register(
    Op(
        "max_pool2d_select",
        "window",
        _infer_pool,
        _numpy_select,
        lambda g, node: [make(MAX_POOL2D_SCATTER, (g, node.inputs[1]), **_attrs(node)), None],
        "(v, x): v at the place of the first maximum of x in each window.",
    )
)
MAX_POOL2D_SCATTER: Op = register(
    Op(
        "max_pool2d_scatter",
        "window",
        lambda inputs, attrs: (inputs[1].shape, inputs[0].dtype),
        _numpy_scatter,
        lambda g, node: [make(MAX_POOL2D_SELECT, (g, node.inputs[1]), **_attrs(node)), None],
        "(g, x): each window's g added at the place of the first maximum of x in it.",
    )
)


def max_pool2d(
    x: Node,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
) -> Node:
    """The maximum over each window of x (N, C, H, W); stride is the window by default, padding counts as -infinity.

    NaN wins; the gradient goes to the first maximum in row-major order. Raises ShapeError, ArgumentError, DTypeError.
    """
    return make(MAX_POOL2D, (x,), **_windows_of("max_pool2d", x, kernel_size, stride, padding))


def _windows_of(
    name: str,
    x: Node,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None,
    padding: int | Sequence[int],
) -> dict[str, Pair]:
    """The parameters of a pooling, checked."""
    window = pair_of(kernel_size, "kernel_size", 1)
    strides = window if stride is None else pair_of(stride, "stride", 1)
    pads = pair_of(padding, "padding", 0)
    if x.ndim != 4:
        raise ShapeError(f"{name} needs x (N, C, H, W), got shape {x.shape}")
    require_float(x, name)
    if any(2 * p > w for p, w in zip(pads, window, strict=True)):
        raise ArgumentError(f"{name}: padding {pads} must be at most half of the window {window}")
    found = {"window": window, "stride": strides, "padding": pads}
    if min(_pooled(x, found)[2:]) < 1:
        raise ShapeError(f"{name}: window {window} is larger than the padded image of input {x.shape}, padding {pads}")
    return found


@rounded_once
def avg_pool2d(
    x: Node,
    kernel_size: int | Sequence[int],
    stride: int | Sequence[int] | None = None,
    padding: int | Sequence[int] = 0,
    count_include_pad: bool = True,
) -> Node:
    """The mean over each window of x (N, C, H, W); stride is the window by default.

    Padding counts as zeros, or, unless count_include_pad, not at all. Windows that tile the image are summed as axes of
    their own; others are a convolution of each channel with ones. Raises ShapeError, ArgumentError, DTypeError.
    """
    attrs = _windows_of("avg_pool2d", x, kernel_size, stride, padding)
    window, pads = attrs["window"], attrs["padding"]
    if window == attrs["stride"] and pads == (0, 0):
        return _mean_of_tiles(x, window)
    channels = x.shape[1]
    if not channels:
        return constant(0, x.dtype, _pooled(x, attrs))
    sums = conv2d(x, constant(1, x.dtype, (channels, 1, *window)), attrs["stride"], pads, groups=channels)
    if count_include_pad or pads == (0, 0):
        return divide(sums, float(math.prod(window)))
    rows, columns = (_pixels_inside(x, sums, attrs, i) for i in range(2))
    return divide(sums, multiply(reshape(rows, (1, 1, -1, 1)), reshape(columns, (1, 1, 1, -1))))


def _mean_of_tiles(x: Node, window: Pair) -> Node:
    (n, c, height, width), (kh, kw) = x.shape, window
    rows, columns = height // kh, width // kw
    whole = slice_(x, [(0, n, 1), (0, c, 1), (0, rows * kh, 1), (0, columns * kw, 1)])
    return mean(reshape(whole, (n, c, rows, kh, columns, kw)), (3, 5))


def _pixels_inside(x: Node, out: Node, attrs: dict[str, Pair], i: int) -> Node:
    """How many rows (i = 0) or columns (1) of the image each window covers."""
    extent, count = x.shape[2 + i], out.shape[2 + i]
    first = add(multiply(iota(count), attrs["stride"][i]), -attrs["padding"][i])
    last = minimum(add(first, attrs["window"][i]), extent)
    return cast(subtract(last, maximum(first, 0)), x.dtype)
