"""Running sums and products by NumPy's and the Array API's names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import testing

X = np.random.default_rng(0).normal(size=(3, 4))
torch = pytest.importorskip("torch", reason="torch is one of the peers")


@pytest.mark.parametrize("axis", [None, 0, 1, -1])
@pytest.mark.parametrize(("ours", "theirs"), [(dark.cumsum, np.cumsum), (dark.cumprod, np.cumprod)])
def test_as_numpy(ours: Callable[..., Any], theirs: Callable[..., Any], axis: int | None) -> None:
    testing.assert_equivalent(lambda x: ours(x, axis), X, reference=lambda x: theirs(x, axis))
    np.testing.assert_allclose(theirs(dark.asarray(X), axis=axis).numpy(), theirs(X, axis), err_msg="NumPy's function")


def test_the_array_api_names() -> None:
    for ours, theirs in ((dark.cumulative_sum, np.cumulative_sum), (dark.cumulative_prod, np.cumulative_prod)):
        for initial in (False, True):
            wanted = theirs(X, axis=1, include_initial=initial)
            np.testing.assert_allclose(ours(X, axis=1, include_initial=initial).numpy(), wanted)
            np.testing.assert_allclose(
                ours(X[0], include_initial=initial).numpy(), theirs(X[0], include_initial=initial)
            )
    with pytest.raises(dark.ArgumentError, match="2 axes needs `axis`"):
        dark.cumulative_sum(X)


def test_dtypes() -> None:
    x = np.array([100, 100, 100, 2**31 - 1], np.int32)
    assert dark.cumsum(x).dtype == np.int64
    for dtype in (np.int32, np.float32, np.int64):
        found = dark.cumsum(x, dtype=dtype).numpy()
        np.testing.assert_array_equal(found, np.cumsum(x, dtype=dtype))
        assert found.dtype == dtype
    assert dark.cumsum(np.array([True, True])).dtype == np.int64
    assert dark.prod(np.array([2, 3], np.int32)).dtype == np.int64
    assert dark.prod(np.array([2, 3], np.int32), dtype=np.float32).dtype == np.float32


def test_methods_and_spellings() -> None:
    x = dark.asarray(X)
    np.testing.assert_allclose(x.cumsum(dim=1).numpy(), X.cumsum(1))
    np.testing.assert_allclose(x.cumprod(0).numpy(), X.cumprod(0))
    np.testing.assert_allclose(x.prod(dim=1, keepdim=True).numpy(), X.prod(1, keepdims=True))
    np.testing.assert_allclose(np.multiply.reduce(x, axis=0).numpy(), X.prod(0))
    with pytest.raises(dark.ArgumentError, match="axis and dim"):
        dark.cumsum(X, 1, dim=1)


@pytest.mark.parametrize("zeros", [0, 1, 2])
def test_gradients_of_products_with_zeros_as_pytorch(zeros: int) -> None:
    """Nothing is divided by: also where factors are 0 the gradients are right."""
    values = X.copy()
    values[:, :zeros] = 0
    pairs: list[tuple[Callable[[Any], Any], Callable[[Any], Any]]] = [
        (lambda x: dark.cumprod(x, 1), lambda x: torch.cumprod(x, 1)),
        (lambda x: dark.prod(x, 1), lambda x: torch.prod(x, 1)),
        (lambda x: dark.cumsum(x, 0), lambda x: torch.cumsum(x, 0)),
    ]
    for ours, theirs in pairs:
        x, t = dark.asarray(values, requires_grad=True), torch.tensor(values, requires_grad=True)
        shape = tuple(theirs(t).shape)
        weights = np.arange(1.0, 1 + np.prod(shape)).reshape(shape)
        dark.sum(ours(x) * weights).backward()
        (theirs(t) * torch.tensor(weights)).sum().backward()
        assert x.grad is not None
        np.testing.assert_allclose(x.grad.numpy(), t.grad.numpy(), rtol=1e-12)


def test_second_derivatives_where_factors_are_0() -> None:
    values = np.array([2.0, 0.0, 3.0, 0.0])
    for fn in (dark.prod, lambda x: dark.sum(dark.cumprod(x, 0) * np.arange(1.0, 5))):
        hessian = dark.grad(lambda x, fn=fn: dark.sum(dark.grad(fn)(x) * np.array([1.0, -2, 3, 0.5])))(values)
        t = torch.tensor(values, requires_grad=True)
        theirs = torch.prod(t) if fn is dark.prod else (torch.cumprod(t, 0) * torch.arange(1.0, 5)).sum()
        (first,) = torch.autograd.grad(theirs, t, create_graph=True)
        (second,) = torch.autograd.grad((first * torch.tensor([1.0, -2, 3, 0.5])).sum(), t)
        np.testing.assert_allclose(hessian.numpy(), second.numpy(), rtol=1e-12)
