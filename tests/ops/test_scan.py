"""Scans: NumPy's meaning, in both directions, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.errors import ArgumentError

from .meaning import means, node, refused, value

A = np.random.default_rng(0).normal(size=(2, 3, 4))


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("dtype", ["bool", "int32", "int64", "float32", "float64"])
def test_as_numpy(axis: int, dtype: str) -> None:
    x = (4 * A).astype(dtype)
    means(value(lambda x: ops.cumsum(x, axis), x), np.cumsum(x, axis))
    means(value(lambda x: ops.cumprod(x, axis), x), np.cumprod(x, axis))


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_reverse_begins_at_the_end(axis: int) -> None:
    for ours, theirs in ((ops.cumsum, np.cumsum), (ops.cumprod, np.cumprod)):
        wanted = np.flip(theirs(np.flip(A, axis), axis), axis)
        means(value(lambda x: ours(x, axis, reverse=True), A), wanted)  # noqa: B023


@pytest.mark.parametrize("reverse", [False, True])
def test_recurrence(reverse: bool) -> None:
    a, b = A, np.random.default_rng(1).normal(size=A.shape)
    wanted, state = np.zeros_like(b), np.zeros((2, 4))
    for j in (2, 1, 0) if reverse else (0, 1, 2):
        wanted[:, j] = state = a[:, j] * state + b[:, j]
    means(value(lambda a, b: ops.recurrence(a, b, 1, reverse), a, b), wanted)
    ones = np.ones_like(b)
    means(value(lambda a, b: ops.recurrence(a, b, -1), ones, b), np.cumsum(b, -1))


def test_empty_axes() -> None:
    means(value(lambda x: ops.cumsum(x, 1), np.zeros((3, 0))), np.zeros((3, 0)))
    means(value(lambda x: ops.cumprod(x, 1), np.zeros((0, 3))), np.zeros((0, 3)))


def test_what_is_refused() -> None:
    refused(lambda: ops.cumsum(node(2, 3), 2), ArgumentError, "axis 2", "2 axes")
    refused(lambda: ops.cumprod(node(), 0), ArgumentError, "0 axes")
