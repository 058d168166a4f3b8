"""What networks are made of. The meanings are written out in NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

import dark_jit as dark
from dark_jit.errors import ShapeError
from dark_jit.testing.battery import OpCase, Refusal

from .elementwise import ALL, FLOAT, numbers

_REAL = {"f": "same"}
_IMAGES, _KERNELS = numbers(0, -2, 2, 2, 4, 6, 5), numbers(1, -2, 2, 6, 4, 3, 2)
_ROWS = numbers(2, -3, 3, 4, 5)
_DISTINCT = np.random.default_rng(3).permutation(240).reshape(2, 4, 6, 5) / 40.0  # maxima away from ties
_STATISTICS = [numbers(4, -1, 1, 4), numbers(5, 0.5, 2, 4), numbers(6, 0.5, 2, 4), numbers(7, -1, 1, 4)]


def _padded(x: Any, padding: int, value: float = 0) -> Any:
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), constant_values=value)


def _conv2d(x: Any, k: Any, stride: int = 1, padding: int = 0, dilation: int = 1, groups: int = 1) -> Any:
    reach = [dilation * (extent - 1) + 1 for extent in k.shape[2:]]
    windows = sliding_window_view(_padded(x, padding), reach, (2, 3))
    windows = windows[:, :, ::stride, ::stride, ::dilation, ::dilation]
    n, c, *rest = windows.shape
    images = windows.reshape(n, groups, c // groups, *rest)
    kernels = k.reshape(groups, len(k) // groups, *k.shape[1:])
    return np.einsum("ngcyxij,gocij->ngoyx", images, kernels).reshape(n, len(k), *rest[:2])


def _conv_transpose2d(x: Any, k: Any) -> Any:
    """With stride 2 and padding 1: what each pixel adds to the result."""
    n, _, h, w = x.shape
    found = np.zeros((n, k.shape[1], 2 * h + k.shape[2] - 2, 2 * w + k.shape[3] - 2), np.result_type(x, k))
    for i in range(h):
        for j in range(w):
            part = np.einsum("nc,coyx->noyx", x[:, :, i, j], k)
            found[:, :, 2 * i : 2 * i + k.shape[2], 2 * j : 2 * j + k.shape[3]] += part
    return found[:, :, 1:-1, 1:-1]


def _im2col(x: Any) -> Any:
    windows = sliding_window_view(_padded(x, 1), (3, 2), (2, 3))[:, :, ::2, ::2]
    n, c, oh, ow, kh, kw = windows.shape
    return windows.transpose(0, 1, 4, 5, 2, 3).reshape(n, c * kh * kw, oh * ow)


def _windows(x: Any, padding: int, value: float) -> Any:
    return sliding_window_view(_padded(x, padding, value), (3, 3), (2, 3))[:, :, ::2, ::2]


def _log_softmax(x: Any) -> Any:
    shifted = x - x.max(-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def _softmax(x: Any) -> Any:
    return np.exp(_log_softmax(x))


def _layer_norm(x: Any, weight: Any, bias: Any) -> Any:
    return weight * (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5) + bias


def _batch_norm(x: Any, mean: Any, var: Any, weight: Any, bias: Any) -> Any:
    mean, var, weight, bias = (v.reshape(1, -1, 1, 1) for v in (mean, var, weight, bias))
    return weight * (x - mean) / np.sqrt(var + 1e-5) + bias


def _bce(x: Any, y: Any) -> Any:
    return np.mean(np.logaddexp(0, x) - x * y)


CASES = [
    OpCase(
        "conv2d",
        dark.conv2d,
        _conv2d,
        [_IMAGES, _KERNELS],
        _REAL,
        [[np.ones((1, 1, 1, 1)), np.ones((1, 1, 1, 1))], [_IMAGES[:0], _KERNELS]],
        [
            Refusal([_IMAGES, _KERNELS[:, :3]], ShapeError, "channels"),
            Refusal([_IMAGES[:, :, :2], _KERNELS], ShapeError, "kernel"),
        ],
        kernel=True,
    ),
    OpCase(
        "conv2d, options",
        lambda x, k: dark.conv2d(x, k, 2, 1, dilation=2, groups=2),
        lambda x, k: _conv2d(x, k, 2, 1, 2, 2),
        [_IMAGES, _KERNELS[:, :2]],
        _REAL,
        refuses=[Refusal([_IMAGES, _KERNELS], ShapeError, "groups")],
    ),
    OpCase("corr2d", dark.corr2d, _conv2d, [_IMAGES, _KERNELS], _REAL),
    OpCase(
        "conv_transpose2d",
        lambda x, k: dark.conv_transpose2d(x, k, 2, 1),
        _conv_transpose2d,
        [_IMAGES, _KERNELS[:4]],
        _REAL,
        refuses=[Refusal([_IMAGES, _KERNELS], ShapeError, "channels")],
    ),
    OpCase("im2col", lambda x: dark.im2col(x, 3, 2, 2, 1), _im2col, [_IMAGES], ALL),
    OpCase(
        "max_pool2d",
        lambda x: dark.max_pool2d(x, 3, 2, 1),
        lambda x: _windows(x, 1, -np.inf).max((-1, -2)),
        [_DISTINCT],
        _REAL,
        refuses=[Refusal([np.ones((4, 4))], ShapeError, "max_pool2d")],
        kernel=True,
    ),
    OpCase(
        "avg_pool2d",
        lambda x: dark.avg_pool2d(x, 3, 2, 1),
        lambda x: _windows(x, 1, 0).mean((-1, -2)),
        [_IMAGES],
        _REAL,
        refuses=[Refusal([np.ones((4, 4))], ShapeError, "avg_pool2d")],
    ),
    OpCase("upsample2d", dark.upsample2d, lambda x: x.repeat(2, 2).repeat(2, 3), [_IMAGES], ALL),
    OpCase("softmax", dark.softmax, _softmax, [_ROWS], _REAL, [[_ROWS[:0]], [_ROWS[:, :1]]], kernel=True),
    OpCase("log_softmax", dark.log_softmax, _log_softmax, [_ROWS], _REAL, [[_ROWS[:0]], [_ROWS[:, :1]]]),
    OpCase(
        "layer_norm",
        lambda x, w, b: dark.layer_norm(x, 5, w, b),
        _layer_norm,
        [_ROWS, _ROWS[0], _ROWS[1]],
        _REAL,
        refuses=[Refusal([_ROWS[:, :4], _ROWS[0], _ROWS[1]], ShapeError, "layer_norm")],
        kernel=True,
    ),
    OpCase(
        "batch_norm",
        dark.batch_norm,
        _batch_norm,
        [_IMAGES, *_STATISTICS],
        _REAL,
        refuses=[Refusal([_IMAGES[:, :3], *_STATISTICS], ShapeError, "batch_norm")],
    ),
    OpCase(
        "mse",
        dark.mse,
        lambda x, y: np.mean((x - y) ** 2),
        [_ROWS, _ROWS[::-1]],
        FLOAT,
        refuses=[Refusal([_ROWS, _ROWS[0]], ShapeError, "mse")],
    ),
    OpCase("bce_with_logits", dark.bce_with_logits, _bce, [_ROWS, (_ROWS[::-1] > 0).astype(float)], _REAL),
    OpCase(
        "cross_entropy",
        dark.cross_entropy,
        lambda x, y: -np.mean(np.take_along_axis(_log_softmax(x), y[:, None], 1)),
        [_ROWS, np.array([0, 4, 2, 1])],
        _REAL,
        refuses=[Refusal([_ROWS, np.array([0, 4])], ShapeError, "cross_entropy")],
    ),
]
