"""upsample2d: both modes, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.errors import ArgumentError, DTypeError, ShapeError

from .meaning import means, node, refused, value

X = np.array([[1.0, 2], [3, 4]])[None, None]


def test_nearest_repeats_pixels() -> None:
    means(value(ops.upsample2d, X), np.kron(X, np.ones((1, 1, 2, 2))))
    means(value(lambda x: ops.upsample2d(x, (1, 3)), X), np.kron(X, np.ones((1, 1, 1, 3))))
    means(value(ops.upsample2d, np.array([[[[1, 2]]]])), np.array([[[[1, 1, 2, 2], [1, 1, 2, 2]]]]))


def test_bilinear_interpolates_between_centres() -> None:
    found = value(lambda x: ops.upsample2d(x, (1, 2), "bilinear"), X)
    means(found[0, 0], [[1, 1.25, 1.75, 2], [3, 3.25, 3.75, 4]])


@pytest.mark.parametrize("factor", [1, 2, 3, (2, 5)])
def test_bilinear_by_its_formula(factor: int | tuple[int, int]) -> None:
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5))
    rows, columns = (factor, factor) if isinstance(factor, int) else factor
    wanted = interpolated(interpolated(x, 2, rows), 3, columns)
    means(value(lambda x: ops.upsample2d(x, factor, "bilinear"), x), wanted)


def interpolated(x: np.ndarray, axis: int, factor: int) -> np.ndarray:
    """Linear interpolation along an axis."""
    extent = x.shape[axis]
    places = (np.arange(extent * factor) + 0.5) / factor - 0.5
    return np.apply_along_axis(lambda line: np.interp(places, range(extent), line), axis, x)


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
def test_small_images(mode: str) -> None:
    means(value(lambda x: ops.upsample2d(x, 3, mode), np.full((1, 1, 1, 1), 7.0)), np.full((1, 1, 3, 3), 7.0))
    assert value(lambda x: ops.upsample2d(x, 2, mode), np.zeros((2, 0, 3, 3))).shape == (2, 0, 6, 6)
    assert value(lambda x: ops.upsample2d(x, 2, mode), np.zeros((2, 1, 0, 3))).shape == (2, 1, 0, 6)


def test_what_is_refused() -> None:
    image = node(1, 2, 3, 4)
    refused(lambda: ops.upsample2d(node(2, 3, 4)), ShapeError, "(N, C, H, W)", "(2, 3, 4)")
    refused(lambda: ops.upsample2d(image, 0), ArgumentError, "scale_factor must be at least 1")
    refused(lambda: ops.upsample2d(image, 1.5), ArgumentError, "scale_factor must be an integer", "1.5")  # type: ignore[arg-type]
    refused(lambda: ops.upsample2d(image, 2, "cubic"), ArgumentError, "'nearest' or 'bilinear'", "'cubic'")
    refused(lambda: ops.upsample2d(node(1, 2, 3, 4, dtype="int32"), 2, "bilinear"), DTypeError, "bilinear", "int32")
