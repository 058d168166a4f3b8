"""Sorting by NumPy's, the Array API's and PyTorch's names."""

from __future__ import annotations

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import testing

torch = pytest.importorskip("torch", reason="torch is one of the peers")

X = np.random.default_rng(0).permutation(np.arange(24.0)).reshape(4, 6)


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
def test_as_numpy(axis: int | None) -> None:
    testing.assert_equivalent(lambda x: dark.sort(x, axis), X, reference=lambda x: np.sort(x, axis))
    testing.assert_equivalent(lambda x: dark.argsort(x, axis), X, reference=lambda x: np.argsort(x, axis))
    x = dark.asarray(X)
    np.testing.assert_array_equal(np.sort(x, axis=axis).numpy(), np.sort(X, axis))
    np.testing.assert_array_equal(x.argsort(axis).numpy(), X.argsort(axis))


@pytest.mark.parametrize("descending", [False, True])
def test_as_pytorch_with_nan(descending: bool) -> None:
    values = X.copy()
    values[1, 2:4] = np.nan
    found, places = dark.sort(values, descending=descending), dark.argsort(values, descending=descending)
    theirs = torch.sort(torch.tensor(values), dim=-1, stable=True, descending=descending)
    np.testing.assert_array_equal(found.numpy(), theirs.values.numpy())
    np.testing.assert_array_equal(places.numpy(), theirs.indices.numpy())


@pytest.mark.parametrize("largest", [False, True])
def test_topk_as_pytorch(largest: bool) -> None:
    values, places = dark.topk(X, 3, dim=0, largest=largest)
    theirs = torch.topk(torch.tensor(X), 3, dim=0, largest=largest)
    np.testing.assert_array_equal(values.numpy(), theirs.values.numpy())
    np.testing.assert_array_equal(places.numpy(), theirs.indices.numpy())


def test_gradients() -> None:
    testing.gradcheck(lambda x: dark.sort(x, 0, descending=True) ** 2, X)
    testing.gradcheck(lambda x: dark.sort(x, None) ** 2, X)
    testing.gradcheck(lambda x: dark.topk(x, 2)[0] ** 3, X)
    testing.gradcheck(dark.grad(lambda y: dark.sum(dark.sort(y, 1)[:, 2:4] ** 3)), X)


def test_searchsorted() -> None:
    a, v = np.array([1.0, 2, 2, 5]), np.array([0.0, 2, 3, 9])
    for side in ("left", "right"):
        np.testing.assert_array_equal(dark.searchsorted(a, v, side).numpy(), np.searchsorted(a, v, side))
        assert dark.searchsorted(a, 2.0, side).item() == np.searchsorted(a, 2.0, side)
    order = np.array([3, 0, 2, 1])
    np.testing.assert_array_equal(
        dark.searchsorted(a[[1, 3, 2, 0]], v, sorter=order).numpy(), np.searchsorted(a[[1, 3, 2, 0]], v, sorter=order)
    )
    with pytest.raises(dark.ArgumentError, match="'left' or 'right', got 'middle'"):
        dark.searchsorted(a, v, "middle")
