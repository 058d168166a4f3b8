"""Two-dimensional convolution (cross-correlation) and dilation.

The gradient of conv2d says what the article says: two convolutions, of the dilated output gradient with the flipped
kernel, and of the input with the dilated output gradient. Lowering recognises both and never stores a zero.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from dark_jit import dtypes
from dark_jit.dtypes import DType
from dark_jit.errors import ArgumentError, ShapeError
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register
from dark_jit.ops.checks import integer, pair_of
from dark_jit.ops.elementwise import add, cast
from dark_jit.ops.movement import crop_or_pad, flip, pad, reshape, slice_, stack, transpose
from dark_jit.ops.reduction import require_float

Pair = tuple[int, int]
Sides = tuple[Pair, Pair]


def output_extent(extent: int, kernel: int, stride: int, sides: Pair, dilation: int) -> int:
    """How many places a kernel of `kernel` taps has along an axis; at most 0 means none."""
    return (extent + sum(sides) - dilation * (kernel - 1) - 1) // stride + 1


def _infer_conv2d(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    x, k = inputs
    spatial = [
        max(
            0,
            output_extent(
                x.shape[2 + i], k.shape[2 + i], attrs["stride"][i], attrs["padding"][i], attrs["dilation"][i]
            ),
        )
        for i in range(2)
    ]
    return (x.shape[0], k.shape[0], *spatial), x.dtype


def _numpy_conv2d(node: Node, x: Any, k: Any) -> Any:
    (sh, sw), (dh, dw), groups = node["stride"], node["dilation"], node["groups"]
    if node.size == 0 or k.size == 0:
        return np.zeros(node.shape, node.dtype)
    x = np.pad(x, ((0, 0), (0, 0), *node["padding"]))
    reach = (dh * (k.shape[2] - 1) + 1, dw * (k.shape[3] - 1) + 1)
    windows = sliding_window_view(x, reach, (2, 3))[:, :, ::sh, ::sw, ::dh, ::dw]
    windows = windows.reshape(x.shape[0], groups, -1, *windows.shape[2:])
    kernels = k.reshape(groups, k.shape[0] // groups, *k.shape[1:])
    out = np.einsum("ngcyxij,gocij->ngoyx", windows, kernels, optimize=True)
    return np.ascontiguousarray(out.reshape(node.shape), node.dtype)


def _swap_groups(k: Node, groups: int) -> Node:
    """Exchange output and input channels within each group: (G*O, C, kh, kw) -> (G*C, O, kh, kw)."""
    o, c, kh, kw = k.shape
    split = reshape(k, (groups, o // groups, c, kh, kw))
    return reshape(transpose(split, (0, 2, 1, 3, 4)), (groups * c, o // groups, kh, kw))


def _conv2d_vjp(g: Node, node: Node) -> list[Node | None]:
    x, k = node.inputs
    return [_input_gradient(g, node, x, k), _kernel_gradient(g, node, x, k)]


def _input_gradient(g: Node, node: Node, x: Node, k: Node) -> Node:
    (top, _), (left, _) = node["padding"]
    return _transposed(g, k, node["stride"], (top, left), x.shape[2:], node["dilation"], node["groups"])


def _transposed(g: Node, k: Node, stride: Pair, low: Pair, extents: Shape, dilation: Pair, groups: int) -> Node:
    """The images of these extents that conv2d, padding `low` in front, would have had: its transpose, applied to g.

    The dilated, padded g convolved with the flipped kernel, its channels swapped.
    """
    spread = dilate(g, stride)
    pads: list[Pair] = []
    for i in range(2):
        reach = dilation[i] * (k.shape[2 + i] - 1)
        pads.append((reach - low[i], extents[i] + low[i] - spread.shape[2 + i]))
    padded = crop_or_pad(spread, ((0, 0), (0, 0), pads[0], pads[1]))
    return _conv2d(padded, _swap_groups(flip(k, (2, 3)), groups), dilation=dilation, groups=groups)


def _kernel_gradient(g: Node, node: Node, x: Node, k: Node) -> Node:
    """The input convolved with the dilated output gradient, batch and channel axes of both exchanged."""
    groups, (n, c) = node["groups"], x.shape[:2]
    images = transpose(reshape(x, (n, groups, c // groups, *x.shape[2:])), (2, 1, 0, 3, 4))
    images = reshape(images, (c // groups, groups * n, *x.shape[2:]))
    spread = transpose(dilate(g, node["stride"]), (1, 0, 2, 3))
    result = _conv2d(images, spread, node["dilation"], node["padding"], groups=groups)
    cropped = crop_or_pad(result, ((0, 0), (0, 0), *((0, k.shape[i] - result.shape[i]) for i in (2, 3))))
    return transpose(cropped, (1, 0, 2, 3))


CONV2D = register(
    Op(
        "conv2d",
        "contraction",
        _infer_conv2d,
        _numpy_conv2d,
        _conv2d_vjp,
        "Cross-correlation of (N, C, H, W) with (O, C/groups, KH, KW); padding ((top, bottom), (left, right)).",
    )
)


def _conv2d(
    x: Node, k: Node, stride: Pair = (1, 1), padding: Sides = ((0, 0), (0, 0)), dilation: Pair = (1, 1), groups: int = 1
) -> Node:
    return make(CONV2D, (x, k), stride=stride, padding=padding, dilation=dilation, groups=groups)


def conv2d(
    x: Node,
    k: Node,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    *,
    bias: Node | None = None,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Node:
    """Cross-correlate images x (N, C, H, W) with kernels k (O, C/groups, KH, KW) to (N, O, OH, OW).

    OH = floor((H + 2 padding - dilation (KH - 1) - 1) / stride) + 1, OW likewise; bias is (O,) or (1, O, 1, 1).
    Raises ShapeError, ArgumentError or DTypeError where these do not fit.
    """
    strides, pads = pair_of(stride, "stride", 1), pair_of(padding, "padding", 0)
    dilations, groups = pair_of(dilation, "dilation", 1), integer(groups, "groups")
    x, k = _check_conv2d(x, k, groups)
    for i, name in ((0, "height"), (1, "width")):
        if output_extent(x.shape[2 + i], k.shape[2 + i], strides[i], (pads[i], pads[i]), dilations[i]) < 1:
            raise ShapeError(
                f"conv2d: the kernel {k.shape[2:]} with dilation {dilations} is larger than the padded image in {name}:"
                f" input {x.shape}, padding {pads}"
            )
    out = _conv2d(x, k, strides, ((pads[0],) * 2, (pads[1],) * 2), dilations, groups)
    return out if bias is None else add(out, _channel_bias("conv2d", bias, k.shape[0]))


def _check_conv2d(x: Node, k: Node, groups: int) -> tuple[Node, Node]:
    _check_ranks("conv2d", "k (O, C/groups, KH, KW)", x, k)
    if groups < 1 or k.shape[0] % groups or x.shape[1] != groups * k.shape[1]:
        raise ShapeError(
            f"conv2d: input {x.shape} has {x.shape[1]} channels, kernel {k.shape} with groups={groups} wants "
            f"{groups * k.shape[1]} (and output channels divisible by groups)"
        )
    return _floating("conv2d", x, k)


def _check_ranks(name: str, kernels: str, x: Node, k: Node) -> None:
    if x.ndim != 4 or k.ndim != 4:
        raise ShapeError(
            f"{name} needs x (N, C, H, W) and {kernels}, got shapes {x.shape} and {k.shape}; use reshape or expand_dims"
        )
    if 0 in k.shape[2:]:
        raise ShapeError(f"{name}: the kernel {k.shape} has no taps")


def _floating(name: str, x: Node, k: Node) -> tuple[Node, Node]:
    """Both in their common dtype."""
    dtype = dtypes.promote(x.dtype, k.dtype)
    x, k = cast(x, dtype), cast(k, dtype)
    require_float(x, name)
    return x, k


def _channel_bias(name: str, bias: Node, channels: int) -> Node:
    if bias.size != channels or (bias.ndim > 1 and bias.shape != (1, channels, 1, 1)):
        raise ShapeError(f"{name}: bias {bias.shape} must be ({channels},) or (1, {channels}, 1, 1)")
    return reshape(bias, (1, channels, 1, 1))


def conv_transpose2d(
    x: Node,
    k: Node,
    stride: int | Sequence[int] = 1,
    padding: int | Sequence[int] = 0,
    *,
    bias: Node | None = None,
    output_padding: int | Sequence[int] = 0,
    dilation: int | Sequence[int] = 1,
    groups: int = 1,
) -> Node:
    """The transpose of conv2d as a linear map, of images x (N, C, H, W) with kernels k (C, O/groups, KH, KW).

    The result is (N, O, OH, OW) with OH = (H - 1) stride - 2 padding + dilation (KH - 1) + output_padding + 1, OW
    likewise (Dumoulin and Visin 2016). output_padding, less than stride or dilation, chooses among the extents that
    conv2d would have mapped to H. Raises ShapeError, ArgumentError or DTypeError where these do not fit.
    """
    strides, pads = pair_of(stride, "stride", 1), pair_of(padding, "padding", 0)
    extra, dilations = pair_of(output_padding, "output_padding", 0), pair_of(dilation, "dilation", 1)
    groups = integer(groups, "groups")
    x, k = _check_transposed(x, k, groups)
    if any(more >= max(s, d) for more, s, d in zip(extra, strides, dilations, strict=True)):
        raise ArgumentError(
            f"conv_transpose2d: output_padding {extra} must be less than stride {strides} or dilation {dilations}"
        )
    extents = tuple(
        (x.shape[2 + i] - 1) * strides[i] - 2 * pads[i] + dilations[i] * (k.shape[2 + i] - 1) + extra[i] + 1
        for i in range(2)
    )
    if min(extents) < 1:
        raise ShapeError(f"conv_transpose2d: padding {pads} leaves nothing of the output: input {x.shape}, k {k.shape}")
    out = _transposed(x, k, strides, pads, extents, dilations, groups)
    return out if bias is None else add(out, _channel_bias("conv_transpose2d", bias, groups * k.shape[1]))


def _check_transposed(x: Node, k: Node, groups: int) -> tuple[Node, Node]:
    _check_ranks("conv_transpose2d", "k (C, O/groups, KH, KW)", x, k)
    if groups < 1 or k.shape[0] % groups or x.shape[1] != k.shape[0]:
        raise ShapeError(
            f"conv_transpose2d: input {x.shape} has {x.shape[1]} channels, kernel {k.shape} wants {k.shape[0]} "
            f"(divisible by groups={groups})"
        )
    return _floating("conv_transpose2d", x, k)


def _infer_dilate(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    (x,), stride = inputs, attrs["stride"]
    spread = (max(0, (n - 1) * s + 1) for n, s in zip(x.shape[-2:], stride, strict=True))
    return (*x.shape[:-2], *spread), x.dtype


def _numpy_dilate(node: Node, x: Any) -> Any:
    out = np.zeros(node.shape, node.dtype)
    out[..., :: node["stride"][0], :: node["stride"][1]] = x
    return out


def _undilate(g: Node, stride: Pair) -> Node:
    from dark_jit.ops.movement import slice_  # noqa: PLC0415

    steps = (1,) * (g.ndim - 2) + tuple(stride)
    return slice_(g, [(0, n, s) for n, s in zip(g.shape, steps, strict=True)])


DILATE = register(
    Op(
        "dilate",
        "movement",
        _infer_dilate,
        _numpy_dilate,
        lambda g, node: [_undilate(g, node["stride"])],
        "stride - 1 zeros between neighbours along the last two axes.",
    )
)


def dilate(x: Node, stride: int | Sequence[int]) -> Node:
    """Spread the last two axes apart: extent n becomes (n - 1) * stride + 1, zeros between. Raises ArgumentError."""
    strides = pair_of(stride, "stride", 1)
    if x.ndim < 2:
        raise ShapeError(f"dilate needs at least two axes, got shape {x.shape}")
    return x if strides == (1, 1) else make(DILATE, (x,), stride=strides)


def im2col(x: Node, kernel: tuple[int, int], stride: int | Sequence[int] = 1, padding: int | Sequence[int] = 0) -> Node:
    """The patches of images (N, C, H, W) as columns: (N, C * kh * kw, patches). Raises ShapeError, ArgumentError."""
    if x.ndim != 4:
        raise ShapeError(f"im2col needs images (N, C, H, W), got shape {x.shape}; reshape or expand_dims")
    kernels, steps, pads = pair_of(kernel, "kernel", 1), pair_of(stride, "stride", 1), pair_of(padding, "padding", 0)
    bordered = pad(x, ((0, 0), (0, 0), *((p, p) for p in pads)))
    spans = [extent - taps + 1 for extent, taps in zip(bordered.shape[2:], kernels, strict=True)]
    if min(spans) < 1:
        raise ShapeError(f"im2col: the kernel {kernels} is larger than the padded image {bordered.shape[2:]}")
    whole = [(0, extent, 1) for extent in x.shape[:2]]
    parts = [
        slice_(bordered, [*whole, (i, i + spans[0], steps[0]), (j, j + spans[1], steps[1])])
        for i in range(kernels[0])
        for j in range(kernels[1])
    ]
    return reshape(stack(parts, 2), (x.shape[0], x.shape[1] * len(parts), math.prod(parts[0].shape[2:])))


def corr2d(x: Node, w: Node, stride: int | Sequence[int] = 1) -> Node:
    """The article's cross-correlation: conv2d without padding."""
    return conv2d(x, w, stride)
