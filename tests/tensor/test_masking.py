"""mask: NumPy's x[m], lazily and in compiled functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark

X = np.arange(24.0).reshape(2, 3, 4)


@pytest.mark.parametrize(
    "m", [X > 7, X < 0, (X > 7)[..., 0], (X > 7)[:, 0, 0], np.array(True), np.array(False)], ids=lambda m: str(m.shape)
)
def test_as_numpy(m: np.ndarray) -> None:
    np.testing.assert_array_equal(dark.mask(X, m).numpy(), X[m])
    np.testing.assert_array_equal(dark.mask(dark.asarray(X), dark.asarray(m)).numpy(), X[m])


def test_gradient() -> None:
    p = dark.Parameter(X)
    (dark.mask(p, p > 7) ** 2).sum().backward()
    assert p.grad is not None
    np.testing.assert_array_equal(p.grad.numpy(), np.where(X > 7, 2 * X, 0))


def test_empty_arrays_and_lists() -> None:
    assert dark.mask(np.zeros((0, 3)), np.zeros((0, 3), bool)).shape == (0,)
    assert dark.mask([1.0, 2.0, 3.0], [True, False, True]).numpy().tolist() == [1, 3]


def test_inside_a_compiled_function() -> None:
    with pytest.raises(dark.TraceError, match=r"mask: how many elements.*dark\.where\(m, x, 0\).*dark\.sum\(m\)"):
        dark.compile(lambda x: dark.mask(x, x > 0))(X)
    chosen = X > 7
    np.testing.assert_array_equal(dark.compile(lambda x: dark.mask(x, chosen))(X).numpy(), X[chosen])


def test_mistakes() -> None:
    mistakes: list[tuple[Any, type[Exception], str]] = [
        (X, dark.DTypeError, "needs a bool mask, got float64"),
        (
            np.zeros((3, 2), bool),
            dark.ShapeError,
            r"the mask \(3, 2\) must have the shape of the first axes of x, \(2, 3",
        ),
        (np.zeros((2, 3, 4, 1), bool), dark.ShapeError, "first axes"),
    ]
    for m, error, message in mistakes:
        with pytest.raises(error, match=message):
            dark.mask(X, m)
