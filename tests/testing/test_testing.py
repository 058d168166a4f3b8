"""assert_equivalent, gradcheck and reference find what is wrong."""

# ruff: noqa: PLW0108 - the lambdas are the users' functions that are traced

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import execution, series, testing


def test_equivalence() -> None:
    x = np.linspace(-1, 1, 6).reshape(2, 3)
    testing.assert_equivalent(lambda x: {"a": dark.tanh(x) @ x.T, "b": (x > 0,)}, x)
    testing.assert_equivalent(lambda x: dark.exp(x), x, reference=np.exp, backends=["reference", "cpu"])
    with pytest.raises(AssertionError, match="lazily on reference, result 0"):
        testing.assert_equivalent(lambda x: dark.exp(x), x, reference=np.exp2)
    with pytest.raises(AssertionError, match="shape"):
        testing.assert_equivalent(lambda x: dark.sum(x), x, reference=lambda x: x)
    with pytest.raises(AssertionError, match="1 results, the reference has 2"):
        testing.assert_equivalent(lambda x: dark.sum(x), x, reference=lambda x: (x, x))
    assert execution.DEFAULT_BACKEND == "cpu"


def test_tolerances() -> None:
    x = np.ones(3, np.float32)
    with pytest.raises(AssertionError):
        testing.assert_equivalent(lambda x: x * 1.001, x, reference=lambda x: x)
    testing.assert_equivalent(lambda x: x * 1.001, x, reference=lambda x: x, rtol=1e-2)


def test_reference() -> None:
    run = testing.reference(lambda x: x * 2)
    assert run(np.ones(2)).numpy().tolist() == [2, 2]
    assert type(run.program_for(np.ones(2))).__name__ == "ReferenceProgram"


def test_gradcheck() -> None:
    rng = np.random.default_rng(0)
    x, k = rng.standard_normal((1, 1, 3, 3)), rng.standard_normal((1, 1, 2, 2))
    testing.gradcheck(lambda x, k: dark.conv2d(x, k, padding=1), x, k)
    testing.gradcheck(lambda x, i: {"y": dark.take(x, i) ** 2, "z": x.sum()}, rng.random(3), np.array([0, 2, 0]))

    class Wrong(dark.Operation):
        def forward(self, x: Any) -> Any:
            return x * x

        def backward(self, dldy: Any, y: Any, x: Any) -> Any:
            return dldy * x

    with pytest.raises(AssertionError, match="gradient of argument 0"):
        testing.gradcheck(Wrong.apply, rng.random(2) + 1)
    with pytest.raises(dark.DTypeError, match="float64"):
        testing.gradcheck(dark.exp, np.ones(2, np.float32))


def test_series() -> None:
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    assert series.sum(x, (2, 3)).shape == series.mean(x, (2, 3)).shape == series.var(x, (2, 3)).shape == (1, 1, 1, 1)
    assert series.max(x, 5.0).numpy().min() == 5
    assert series.min(x, 5.0).numpy().max() == 5
    np.testing.assert_array_equal(
        series.conv2d(x, np.ones((1, 1, 2, 2)), 2, 1).numpy(), dark.conv2d(x, np.ones((1, 1, 2, 2)), 2, 1).numpy()
    )
