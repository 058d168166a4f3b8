"""What is where, and what is there at all: NumPy's meaning, computed at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import execution, testing

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("dtype", ["bool", "int32", "float64"])
@pytest.mark.parametrize("shape", [(1,), (7,), (40,), (5, 33), (2, 3, 4), (0, 3), (3, 0)])
@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_nonzero_as_numpy(dark_backend: str, dtype: str, shape: tuple[int, ...], share: float) -> None:
    x = np.where(RNG.random(shape) < share, 3, 0).astype(dtype)
    found, wanted = dark.nonzero(x), np.nonzero(x)
    assert len(found) == len(wanted)
    for ours, theirs in zip(found, wanted, strict=True):
        assert ours.dtype == np.int64
        np.testing.assert_array_equal(ours.numpy(), theirs)
    np.testing.assert_array_equal(dark.argwhere(x).numpy(), np.argwhere(x))
    np.testing.assert_array_equal(dark.flatnonzero(x).numpy(), np.flatnonzero(x))


def test_nan_is_not_zero() -> None:
    np.testing.assert_array_equal(dark.flatnonzero(np.array([0.0, np.nan, -0.0, np.inf])).numpy(), [1, 3])


@pytest.mark.parametrize("axis", [None, 0, 1, (0, 1)])
def test_count_nonzero(axis: Any) -> None:
    x = RNG.integers(-1, 2, (5, 33))
    testing.assert_equivalent(
        lambda x: dark.count_nonzero(x, axis, keepdims=axis == 0),
        x,
        reference=lambda x: np.count_nonzero(x, axis, keepdims=axis == 0),
    )


ARRAYS = [
    RNG.integers(-3, 4, (5, 9)),
    RNG.integers(0, 2, 40) > 0,
    np.round(RNG.normal(size=(4, 30)), 1),
    np.zeros(7, np.int32),
    np.array([5.0]),
    np.zeros((0, 3)),
    np.array([1.0, np.nan, 1.0, np.nan, np.inf, -np.inf]),
    np.array(3),
]


@pytest.mark.parametrize("x", ARRAYS, ids=lambda x: f"{x.dtype}{x.shape}")
def test_unique_as_numpy_sorted(dark_backend: str, x: np.ndarray) -> None:
    values, indices, inverse, counts = np.unique(
        x, return_index=True, return_inverse=True, return_counts=True, equal_nan=False
    )
    found = dark.unique_all(x)
    for ours, theirs in zip(found, (values, indices, inverse, counts), strict=True):
        np.testing.assert_array_equal(ours.numpy(), theirs)
        assert ours.dtype == theirs.dtype
    assert found._fields == np.unique_all(x)._fields
    np.testing.assert_array_equal(dark.unique_values(x).numpy(), values)
    np.testing.assert_array_equal(np.unique_values(dark.asarray(x)).numpy(), values)
    np.testing.assert_array_equal(dark.unique_counts(x).counts.numpy(), counts)
    np.testing.assert_array_equal(dark.unique_inverse(x).inverse_indices.numpy(), inverse)


def test_other_counts_compile_nothing() -> None:
    """How many there are is not part of the program."""
    dark.nonzero(np.arange(10) > 3)
    dark.unique_counts(np.arange(10))
    before = execution.programs_made()
    for least in range(9):
        assert dark.nonzero(np.arange(10) > least)[0].shape == (9 - least,)
        assert dark.unique_counts(np.minimum(np.arange(10), least)).counts.shape == (least + 1,)
    assert execution.programs_made() == before


def test_inside_a_compiled_function() -> None:
    """Only what is known while tracing."""
    known = np.array([True, False, True])
    assert dark.compile(lambda x: x + dark.nonzero(known)[0])(np.array([10, 20])).numpy().tolist() == [10, 22]
    for search in (dark.nonzero, dark.argwhere, dark.unique_values, dark.unique_all):
        with pytest.raises(dark.TraceError, match="is not known inside a compiled function"):
            dark.compile(search)(np.arange(3))


def test_mistakes() -> None:
    with pytest.raises(dark.ShapeError, match="at least one axis"):
        dark.nonzero(np.float32(1))
