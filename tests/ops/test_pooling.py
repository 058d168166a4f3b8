"""max_pool2d: windows, ties, NaN, padding; avg_pool2d: the mean; and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.errors import ArgumentError, DTypeError, ShapeError
from dark_jit.transforms.autodiff import gradients

from .meaning import means, node, refused, value

X = np.array([[3.0, 1, 4, 1, 5], [9, 2, 6, 5, 3], [5, 8, 9, 7, 9]])[None, None]


def scattered(x, **keywords):
    """The gradient of the sum of the maxima."""

    def build(x):
        y = ops.max_pool2d(x, **keywords)
        (g,) = gradients([y], [ops.constant(1.0, y.dtype, y.shape)], [x])
        assert g is not None
        return g

    return value(build, x)[0, 0].tolist()


def test_windows() -> None:
    means(value(lambda x: ops.max_pool2d(x, 2), X)[0, 0], [[9.0, 6]])
    means(value(lambda x: ops.max_pool2d(x, 2, 1), X)[0, 0], [[9.0, 6, 6, 5], [9, 9, 9, 9]])
    means(value(lambda x: ops.max_pool2d(x, (1, 3), (2, 2)), X)[0, 0], [[4.0, 5], [9, 9]])
    means(value(lambda x: ops.max_pool2d(x, 3, 2, 1), X)[0, 0], [[9.0, 6, 5], [9, 9, 9]])


def test_padding_is_less_than_anything() -> None:
    low = np.full((1, 1, 2, 2), -np.inf)
    means(value(lambda x: ops.max_pool2d(x, 2, 2, 1), low), np.full((1, 1, 2, 2), -np.inf))
    assert scattered(low, kernel_size=2, stride=2, padding=1) == [[1, 1], [1, 1]]


def test_the_first_of_equals_takes_the_gradient() -> None:
    ones = np.ones((1, 1, 3, 3))
    assert scattered(ones, kernel_size=3) == [[1, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert scattered(ones, kernel_size=2, stride=1) == [[1, 1, 0], [1, 1, 0], [0, 0, 0]]


def test_gradients_of_overlapping_windows_add_up() -> None:
    assert scattered(X[:, :, :, 1:4], kernel_size=2, stride=1) == [[0, 0, 0], [0, 2, 0], [0, 2, 0]]


def test_nan_is_the_maximum() -> None:
    x = np.array([[1.0, np.nan], [5, np.nan]])[None, None]
    assert np.isnan(value(lambda x: ops.max_pool2d(x, 2), x)).all()
    assert scattered(x, kernel_size=2) == [[0, 1], [0, 0]]


def averaged(x: np.ndarray, window: tuple[int, int], stride: tuple[int, int], pads: tuple[int, int], all_: bool):
    """The means, window by window."""
    (kh, kw), (sh, sw), (ph, pw) = window, stride, pads
    padded, inside = (np.pad(a, ((0, 0), (0, 0), (ph, ph), (pw, pw))) for a in (x, np.ones_like(x)))
    height, width = (padded.shape[2] - kh) // sh + 1, (padded.shape[3] - kw) // sw + 1
    out = np.zeros((*x.shape[:2], height, width))
    for i, j in np.ndindex(height, width):
        part = (..., slice(i * sh, i * sh + kh), slice(j * sw, j * sw + kw))
        out[..., i, j] = padded[part].sum((-2, -1)) / (kh * kw if all_ else inside[part].sum((-2, -1)))
    return out


@pytest.mark.parametrize("everywhere", [True, False])
@pytest.mark.parametrize(
    ("window", "stride", "pads"),
    [
        ((2, 2), (2, 2), (0, 0)),
        ((3, 2), (3, 2), (0, 0)),
        ((3, 3), (1, 1), (1, 1)),
        ((3, 2), (2, 3), (1, 0)),
        ((2, 2), (2, 2), (1, 1)),
        ((5, 7), (1, 1), (0, 0)),
    ],
)
def test_avg_pool2d(window, stride, pads, everywhere: bool) -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 5, 7))
    means(
        value(lambda x: ops.avg_pool2d(x, window, stride, pads, everywhere), x),
        averaged(x, window, stride, pads, everywhere),
    )


def test_avg_pool2d_of_no_channels_or_images() -> None:
    assert value(lambda x: ops.avg_pool2d(x, 3, 1, 1), np.zeros((2, 0, 4, 4))).shape == (2, 0, 4, 4)
    assert value(lambda x: ops.avg_pool2d(x, 2), np.zeros((0, 3, 4, 5))).shape == (0, 3, 2, 2)


IMAGE = node(2, 4, 8, 9)


def test_what_is_refused() -> None:
    refused(lambda: ops.max_pool2d(node(3, 4, 5), 2), ShapeError, "(N, C, H, W)", "(3, 4, 5)")
    refused(lambda: ops.max_pool2d(IMAGE, 0), ArgumentError, "kernel_size must be at least 1")
    refused(lambda: ops.max_pool2d(IMAGE, 2, 0), ArgumentError, "stride must be at least 1")
    refused(lambda: ops.max_pool2d(IMAGE, 2, 2, -1), ArgumentError, "padding must be at least 0")
    refused(lambda: ops.max_pool2d(IMAGE, 2, 2, 2), ArgumentError, "padding (2, 2)", "half of the window (2, 2)")
    refused(lambda: ops.max_pool2d(IMAGE, (2, 2, 2)), ArgumentError, "pair")
    refused(lambda: ops.max_pool2d(IMAGE, 10), ShapeError, "(10, 10)", "(2, 4, 8, 9)")
    refused(lambda: ops.max_pool2d(node(2, 4, 0, 0), 2), ShapeError, "(2, 4, 0, 0)")
    refused(lambda: ops.max_pool2d(node(2, 4, 8, 9, dtype="int32"), 2), DTypeError, "int32", "astype")
    refused(lambda: ops.avg_pool2d(node(3, 4, 5), 2), ShapeError, "avg_pool2d", "(N, C, H, W)", "(3, 4, 5)")
    refused(lambda: ops.avg_pool2d(IMAGE, 2, 2, 2), ArgumentError, "avg_pool2d", "half of the window (2, 2)")
    refused(lambda: ops.avg_pool2d(IMAGE, 10), ShapeError, "avg_pool2d", "(10, 10)", "(2, 4, 8, 9)")
    refused(lambda: ops.avg_pool2d(node(2, 4, 8, 9, dtype="int32"), 2), DTypeError, "avg_pool2d", "int32")
