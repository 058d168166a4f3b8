"""conv2d, conv_transpose2d and dilate: the sums written out, and what is refused."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.errors import ArgumentError, DTypeError, ShapeError

from .meaning import means, node, refused, value

Pair = tuple[int, int]
rng = np.random.default_rng(1)


def plain_conv2d(x: Any, k: Any, stride: Any, padding: Any, dilation: Any, groups: int) -> Any:
    """One loop for each index."""
    x = np.pad(x, ((0, 0), (0, 0), (padding[0],) * 2, (padding[1],) * 2))
    extents = [(x.shape[2 + i] - dilation[i] * (k.shape[2 + i] - 1) - 1) // stride[i] + 1 for i in range(2)]
    out = np.zeros((len(x), len(k), *extents))
    width = len(k) // groups
    for n, o, i, j in np.ndindex(out.shape):
        for c, p, q in itertools.product(*map(range, k.shape[1:])):
            channel = (o // width) * k.shape[1] + c
            pixel = i * stride[0] + p * dilation[0], j * stride[1] + q * dilation[1]
            out[n, o, i, j] += x[n, channel, *pixel] * k[o, c, p, q]
    return out


@pytest.mark.parametrize("stride, padding, dilation, groups", [
    ((1, 1), (0, 0), (1, 1), 1), ((2, 1), (1, 2), (1, 2), 2), ((3, 3), (4, 0), (2, 1), 4), ((1, 2), (2, 2), (1, 1), 1),
])  # fmt: skip
def test_against_loops(stride: Any, padding: Any, dilation: Any, groups: int) -> None:
    generator = np.random.default_rng(1)
    x, k, b = (
        generator.normal(size=(2, 4, 6, 7)),
        generator.normal(size=(4, 4 // groups, 3, 2)),
        generator.normal(size=4),
    )
    keywords = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    plain = plain_conv2d(x, k, **keywords)
    means(value(lambda x, k: ops.conv2d(x, k, **keywords), x, k), plain)
    means(value(lambda x, k, b: ops.conv2d(x, k, bias=b, **keywords), x, k, b), plain + b[:, None, None])
    means(
        value(lambda x, k, b: ops.conv2d(x, k, bias=ops.reshape(b, (1, 4, 1, 1)), **keywords), x, k, b),
        plain + b[:, None, None],
    )


def test_corr2d_and_integers_for_pairs() -> None:
    x, k = np.random.default_rng(1).normal(size=(1, 2, 7, 7)), np.ones((1, 2, 2, 2))
    means(value(lambda x, k: ops.corr2d(x, k, 2), x, k), plain_conv2d(x, k, (2, 2), (0, 0), (1, 1), 1))
    assert ops.conv2d(node(1, 2, 7, 7), node(1, 2, 3, 3), 2, 1) is ops.conv2d(
        node(1, 2, 7, 7), node(1, 2, 3, 3), (2, 2), [1, 1]
    )


def test_two_dtypes_promote() -> None:
    image, kernel = node(1, 1, 3, 3, dtype="int32"), node(1, 1, 2, 2, dtype="float64", index=1)
    assert ops.conv2d(image, kernel).dtype == "float64"


def spread(x: np.ndarray, k: np.ndarray, stride: Pair, pads: Pair, extra: Pair, dilation: Pair, groups: int):
    """The transposed convolution as one adds it up: each pixel puts its kernel into the output."""
    (n, c, height, width), (_, o, kh, kw) = x.shape, k.shape
    reach = [dilation[i] * (k.shape[2 + i] - 1) for i in range(2)]
    extents = [(x.shape[2 + i] - 1) * stride[i] + reach[i] + extra[i] + 1 for i in range(2)]
    out = np.zeros((n, groups, o, *extents))
    images, kernels = x.reshape(n, groups, c // groups, height, width), k.reshape(groups, c // groups, o, kh, kw)
    for y, z, i, j in np.ndindex(height, width, kh, kw):
        place = y * stride[0] + i * dilation[0], z * stride[1] + j * dilation[1]
        out[(..., *place)] += np.einsum("ngc,gco->ngo", images[..., y, z], kernels[..., i, j])
    inside = (..., slice(pads[0], extents[0] - pads[0]), slice(pads[1], extents[1] - pads[1]))
    return out.reshape(n, groups * o, *extents)[inside]


@pytest.mark.parametrize(
    ("stride", "pads", "extra", "dilation", "groups"),
    [
        ((1, 1), (0, 0), (0, 0), (1, 1), 1),
        ((2, 2), (1, 1), (1, 1), (1, 1), 1),
        ((3, 2), (0, 2), (2, 0), (1, 2), 2),
        ((1, 2), (3, 1), (0, 1), (2, 3), 1),
    ],
)
def test_conv_transpose2d(stride: Pair, pads: Pair, extra: Pair, dilation: Pair, groups: int) -> None:
    x, k = rng.normal(size=(2, 4, 5, 4)), rng.normal(size=(4, 3, 3, 2))
    keywords: dict[str, Any] = {"output_padding": extra, "dilation": dilation, "groups": groups}
    found = value(lambda x, k: ops.conv_transpose2d(x, k, stride, pads, **keywords), x, k)
    means(found, spread(x, k, stride, pads, extra, dilation, groups))


def test_conv_transpose2d_is_the_transpose_of_conv2d() -> None:
    x, y, k = rng.normal(size=(2, 4, 7, 7)), rng.normal(size=(2, 3, 4, 4)), rng.normal(size=(3, 4, 3, 2))
    forward = value(lambda x, k: ops.conv2d(x, k, 2, 1), x, k)
    back = value(lambda y, k: ops.conv_transpose2d(y, k, 2, 1, output_padding=(0, 1)), y, k)
    assert np.vdot(forward, y) == pytest.approx(np.vdot(x, back), rel=1e-12)


def test_conv_transpose2d_bias_and_sizes() -> None:
    x, k = rng.normal(size=(2, 4, 1, 1)), rng.normal(size=(4, 3, 1, 1))
    bias = np.arange(3.0)
    plain = value(ops.conv_transpose2d, x, k)
    means(value(lambda x, k, b: ops.conv_transpose2d(x, k, bias=b), x, k, bias), plain + bias[:, None, None])
    # All of the output lies behind the only pixel.
    means(value(lambda x, k: ops.conv_transpose2d(x, k, 3, 1, output_padding=2), x, k), np.zeros((2, 3, 1, 1)))
    assert value(ops.conv_transpose2d, np.zeros((0, 4, 3, 3)), k).shape == (0, 3, 3, 3)


def test_conv_transpose2d_refuses() -> None:
    image, kernel = node(2, 4, 8, 9), node(4, 3, 3, 3, index=1)
    refused(lambda: ops.conv_transpose2d(node(4, 8, 9), kernel), ShapeError, "(C, O/groups, KH, KW)", "(4, 8, 9)")
    refused(lambda: ops.conv_transpose2d(image, node(3, 4, 3, 3)), ShapeError, "4 channels", "wants 3")
    refused(lambda: ops.conv_transpose2d(image, kernel, groups=3), ShapeError, "groups=3")
    refused(lambda: ops.conv_transpose2d(image, node(4, 3, 0, 3)), ShapeError, "no taps")
    refused(lambda: ops.conv_transpose2d(image, kernel, 2, output_padding=2), ArgumentError, "output_padding (2, 2)")
    refused(lambda: ops.conv_transpose2d(image, kernel, padding=6), ShapeError, "(6, 6)", "leaves nothing")
    refused(lambda: ops.conv_transpose2d(image, kernel, bias=node(4)), ShapeError, "conv_transpose2d: bias (4,)")
    ints = node(2, 4, 8, 9, dtype="int32"), node(4, 3, 3, 3, dtype="int32", index=1)
    refused(lambda: ops.conv_transpose2d(*ints), DTypeError, "conv_transpose2d", "int32")


def test_dilate() -> None:
    x = np.arange(12.0).reshape(2, 2, 3)
    wanted = np.zeros((2, 3, 7))
    wanted[:, ::2, ::3] = x
    means(value(lambda x: ops.dilate(x, (2, 3)), x), wanted)
    means(value(lambda x: ops.dilate(x, 2), np.zeros((0, 4))), np.zeros((0, 7)))
    means(value(lambda x: ops.dilate(x, 2), np.zeros((1, 1))), np.zeros((1, 1)))


IMAGE = node(2, 4, 8, 9)
KERNEL = node(6, 4, 3, 3, index=1)


def test_ranks_and_channels_are_refused() -> None:
    refused(
        lambda: ops.conv2d(node(4, 8, 9), KERNEL), ShapeError, "(4, 8, 9)", "(6, 4, 3, 3)", "(N, C, H, W)", "reshape"
    )
    refused(lambda: ops.conv2d(IMAGE, node(3, 3)), ShapeError, "(3, 3)")
    refused(
        lambda: ops.conv2d(IMAGE, node(6, 3, 3, 3)),
        ShapeError,
        "(2, 4, 8, 9)",
        "4 channels",
        "(6, 3, 3, 3)",
        "groups=1",
    )
    refused(lambda: ops.conv2d(IMAGE, node(5, 2, 3, 3), groups=2), ShapeError, "(5, 2, 3, 3)", "groups=2", "divisible")
    refused(lambda: ops.conv2d(IMAGE, KERNEL, groups=0), ShapeError, "groups=0")
    refused(lambda: ops.conv2d(IMAGE, KERNEL, groups=1.5), ArgumentError, "groups", "integer")  # type: ignore[arg-type]


def test_parameters_are_refused() -> None:
    refused(lambda: ops.conv2d(IMAGE, KERNEL, stride=0), ArgumentError, "stride must be at least 1", "0")
    refused(lambda: ops.conv2d(IMAGE, KERNEL, padding=-1), ArgumentError, "padding must be at least 0", "-1")
    refused(lambda: ops.conv2d(IMAGE, KERNEL, dilation=(1, 0)), ArgumentError, "dilation must be at least 1", "(1, 0)")
    refused(lambda: ops.conv2d(IMAGE, KERNEL, stride=(1, 1, 1)), ArgumentError, "pair", "(1, 1, 1)")
    refused(lambda: ops.conv2d(IMAGE, KERNEL, padding="same"), ArgumentError, "padding")
    refused(lambda: ops.conv2d(IMAGE, KERNEL, stride=2.0), ArgumentError, "stride", "2.0")  # type: ignore[arg-type]


def test_kernels_that_do_not_fit_are_refused() -> None:
    refused(
        lambda: ops.conv2d(IMAGE, node(6, 4, 9, 3)), ShapeError, "(9, 3)", "height", "(2, 4, 8, 9)", "padding (0, 0)"
    )
    refused(lambda: ops.conv2d(IMAGE, KERNEL, padding=(2, 0), dilation=(1, 5)), ShapeError, "width", "dilation (1, 5)")
    refused(lambda: ops.conv2d(node(2, 4, 0, 9), KERNEL), ShapeError, "(2, 4, 0, 9)", "larger than the padded image")
    refused(lambda: ops.conv2d(IMAGE, node(6, 4, 0, 3)), ShapeError, "(6, 4, 0, 3)", "no taps")


def test_dtypes_and_biases_are_refused() -> None:
    ints = node(2, 4, 8, 9, dtype="int32"), node(6, 4, 3, 3, dtype="int32", index=1)
    refused(lambda: ops.conv2d(*ints), DTypeError, "conv2d", "int32", "astype")
    refused(lambda: ops.conv2d(IMAGE, KERNEL, bias=node(5)), ShapeError, "bias (5,)", "(6,)", "(1, 6, 1, 1)")
    refused(lambda: ops.conv2d(IMAGE, KERNEL, bias=node(6, 1)), ShapeError, "bias (6, 1)")


def test_dilate_refuses() -> None:
    refused(lambda: ops.dilate(IMAGE, 0), ArgumentError, "stride must be at least 1")
    refused(lambda: ops.dilate(node(4), 2), ShapeError, "two axes", "(4,)")
