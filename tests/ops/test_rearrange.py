"""Rolled, repeated, tiled, cut to triangles, differences: NumPy's meaning, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.errors import ArgumentError, ShapeError

from .meaning import means, node, refused, value

A = np.arange(24.0).reshape(2, 3, 4)


SHIFTS = [(1, None), (-5, None), (30, None), (1, 0), (-1, 2), (7, -1), (0, 1)]
SHIFTS += [((1, 2), (0, 1)), (1, (0, 2)), ((1, 2), (1, 1))]  # type: ignore[list-item]


@pytest.mark.parametrize("shift, axis", SHIFTS)
def test_roll(shift: Any, axis: Any) -> None:
    means(value(lambda x: ops.roll(x, shift, axis), A), np.roll(A, shift, axis))


@pytest.mark.parametrize("repeats", [0, 1, 3])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_repeat(repeats: int, axis: int) -> None:
    means(value(lambda x: ops.repeat(x, repeats, axis), A), np.repeat(A, repeats, axis))


@pytest.mark.parametrize("repetitions", [(2,), (1, 2), (2, 1, 3), (2, 1, 1, 2), (0, 1), ()])
def test_tile(repetitions: tuple[int, ...]) -> None:
    means(value(lambda x: ops.tile(x, repetitions), A), np.tile(A, repetitions))


@pytest.mark.parametrize("k", [-4, -1, 0, 1, 2, 9])
@pytest.mark.parametrize("dtype", ["bool", "int32", "float64"])
def test_triangles(k: int, dtype: str) -> None:
    x = (A + 1).astype(dtype)
    means(value(lambda x: ops.tril(x, k), x), np.tril(x, k))
    means(value(lambda x: ops.triu(x, k), x), np.triu(x, k))


@pytest.mark.parametrize("n", [0, 1, 2, 5])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_diff(n: int, axis: int) -> None:
    means(value(lambda x: ops.diff(x, n, axis), A**2), np.diff(A**2, n, axis))
    means(value(lambda x: ops.diff(x, n, axis), A % 5 < 2), np.diff(A % 5 < 2, n, axis))


def test_unravel() -> None:
    places = np.arange(24).reshape(4, 6)
    for axis, wanted in enumerate(np.unravel_index(places, (2, 3, 4))):
        means(value(lambda p: ops.unravel(p, (2, 3, 4))[axis], places), wanted)  # noqa: B023


def test_nothing_moves_nothing() -> None:
    x = node(2, 3)
    assert ops.roll(x, 0, 0) is x and ops.roll(x, 6, 1) is x and ops.repeat(x, 1, 0) is x and ops.tile(x, (1,)) is x
    means(value(lambda x: ops.roll(x, 1, 0), np.zeros((0, 2))), np.zeros((0, 2)))


def test_what_is_refused() -> None:
    x = node(2, 3)
    refused(lambda: ops.roll(x, (1, 2), (0,)), ArgumentError, "one shift", "(1, 2)")
    refused(lambda: ops.roll(x, 1, 2), ArgumentError, "axis 2")
    refused(lambda: ops.repeat(x, -1, 0), ArgumentError, "-1")
    refused(lambda: ops.tile(x, (2, -1)), ArgumentError, "(2, -1)")
    refused(lambda: ops.tril(node(3)), ShapeError, "tril", "(3,)")
    refused(lambda: ops.triu(x, 0.5), ArgumentError, "k must be an integer")  # type: ignore[arg-type]
    refused(lambda: ops.diff(x, -1), ArgumentError, "-1")
