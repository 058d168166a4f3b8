"""The same elements at other places, by NumPy's and the Array API's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import testing

X = np.random.default_rng(0).normal(size=(3, 4))
CUBE = np.random.default_rng(1).normal(size=(2, 3, 4))

CASES: dict[str, tuple[Callable[..., Any], Callable[..., Any], np.ndarray]] = {
    "roll": (lambda x: dark.roll(x, (1, -2), axis=(0, 1)), lambda x: np.roll(x, (1, -2), axis=(0, 1)), X),
    "roll in C order": (lambda x: dark.roll(x, 5), lambda x: np.roll(x, 5), X),
    "repeat": (lambda x: dark.repeat(x, 3, axis=1), lambda x: np.repeat(x, 3, axis=1), X),
    "repeat elements": (lambda x: dark.repeat(x, 2), lambda x: np.repeat(x, 2), X),
    "repeat each": (lambda x: dark.repeat(x, [2, 0, 3], axis=0), lambda x: np.repeat(x, [2, 0, 3], axis=0), X),
    "repeat each once": (lambda x: dark.repeat(x, [2], axis=0), lambda x: np.repeat(x, [2], axis=0), X),
    "repeat nothing": (lambda x: dark.repeat(x, [0, 0, 0], axis=0), lambda x: np.repeat(x, [0, 0, 0], axis=0), X),
    "tile": (lambda x: dark.tile(x, (2, 1, 3)), lambda x: np.tile(x, (2, 1, 3)), X),
    "tile by a number": (lambda x: dark.tile(x, 2), lambda x: np.tile(x, 2), X),
    "tril": (lambda x: dark.tril(x, -1), lambda x: np.tril(x, -1), CUBE),
    "triu": (lambda x: dark.triu(x, 1), lambda x: np.triu(x, 1), CUBE),
    "diagonal": (lambda x: dark.diagonal(x, 1, 0, 2), lambda x: np.diagonal(x, 1, 0, 2), CUBE),
    "trace": (lambda x: dark.trace(x, -1, 2, 1), lambda x: np.trace(x, -1, 2, 1), CUBE),
    "diag of a matrix": (lambda x: dark.diag(x, 1), lambda x: np.diag(x, 1), X),
    "diag of a vector": (lambda x: dark.diag(x, 2), lambda x: np.diag(x, 2), X[0]),
    "diag below": (lambda x: dark.diag(x, -1), lambda x: np.diag(x, -1), X[0]),
    "diff": (lambda x: dark.diff(x, 2, axis=0), lambda x: np.diff(x, 2, axis=0), X),
    "swapaxes": (lambda x: dark.swapaxes(x, 0, -1), lambda x: np.swapaxes(x, 0, -1), CUBE),
    "unstack": (lambda x: dark.unstack(x, axis=1), lambda x: np.unstack(x, axis=1), CUBE),
}


@pytest.mark.parametrize("name", CASES)
def test_as_numpy(name: str) -> None:
    ours, theirs, x = CASES[name]
    testing.assert_equivalent(ours, x, reference=theirs)


@pytest.mark.parametrize("name", CASES)
def test_gradients(name: str) -> None:
    ours, _, x = CASES[name]
    testing.gradcheck(ours, x)


def test_numpys_functions_on_tensors() -> None:
    x = dark.asarray(X)
    for function, arguments in ((np.roll, (1,)), (np.repeat, (2,)), (np.tile, (2,)), (np.tril, ()), (np.diff, ())):
        np.testing.assert_array_equal(function(x, *arguments).numpy(), function(X, *arguments))


def test_diff_of_what_is_put_around() -> None:
    x = np.array([[1, 4, 9], [16, 25, 36]])
    np.testing.assert_array_equal(dark.diff(x, prepend=0).numpy(), np.diff(x, prepend=0))
    np.testing.assert_array_equal(
        dark.diff(x, axis=0, append=np.ones((1, 3), int)).numpy(), np.diff(x, axis=0, append=np.ones((1, 3), int))
    )


def test_broadcast_arrays_and_meshgrid() -> None:
    a, b, c = np.arange(3), np.arange(4.0), np.arange(2)
    for found, wanted in zip(dark.broadcast_arrays(a[:, None], b), np.broadcast_arrays(a[:, None], b), strict=True):
        np.testing.assert_array_equal(found.numpy(), wanted)
    for indexing in ("xy", "ij"):
        for arrays in ((a,), (a, b), (a, b, c)):
            pairs = zip(dark.meshgrid(*arrays, indexing=indexing), np.meshgrid(*arrays, indexing=indexing), strict=True)
            for found, wanted in pairs:
                np.testing.assert_array_equal(found.numpy(), wanted)
                assert found.dtype == wanted.dtype
    assert dark.meshgrid() == () and dark.broadcast_arrays() == ()


def test_repeats_that_are_a_tensor_are_computed_at_once() -> None:
    repeats = dark.asarray(np.array([1, 0, 2])) * 2
    np.testing.assert_array_equal(dark.repeat(X, repeats, axis=0).numpy(), np.repeat(X, [2, 0, 4], axis=0))
    with pytest.raises(dark.TraceError, match="repeat"):
        dark.compile(lambda x, r: dark.repeat(x, r, axis=0))(X, np.array([1, 0, 2]))


def test_mistakes() -> None:
    for mistake, error, message in (
        (lambda: dark.repeat(X, [1, 2], axis=0), dark.ShapeError, "3 slices, got 2"),
        (lambda: dark.repeat(X, [1, -2, 1], axis=0), dark.ArgumentError, "-2"),
        (lambda: dark.repeat(X, 1.5), dark.ArgumentError, "integer"),
        (lambda: dark.diagonal(X, 0, 1, 1), dark.ArgumentError, "different axes"),
        (lambda: dark.diagonal(X[0]), dark.ShapeError, "two axes"),
        (lambda: dark.diag(CUBE), dark.ShapeError, "vector or a matrix"),
        (lambda: dark.meshgrid(X), dark.ShapeError, "vectors"),
        (lambda: dark.meshgrid(X[0], indexing="yx"), dark.ArgumentError, "'yx'"),
        (lambda: dark.swapaxes(X, 0, 2), dark.ArgumentError, "axis 2"),
        (lambda: dark.broadcast_arrays(X, X[:, :3]), dark.ShapeError, "do not broadcast"),
    ):
        with pytest.raises(error, match=message):
            mistake()
