"""assert_equivalent, gradcheck, gradgradcheck and reference find what is wrong."""

# ruff: noqa: PLW0108 - the lambdas are the users' functions that are traced

from __future__ import annotations

import re
import subprocess
import sys
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import execution, nn, optim, testing
from dark_jit.backends.llvm.render import Renderer
from dark_jit.backends.llvm.target import available_isas

X = np.linspace(-1, 1, 6).reshape(2, 3)


class Wrong(dark.Operation):
    """The square, with half of its gradient."""

    def forward(self, x: Any) -> Any:
        return x * x

    def backward(self, dldy: Any, y: Any, x: Any) -> Any:
        return dldy * x


def test_values() -> None:
    testing.assert_equivalent(lambda x: {"a": dark.tanh(x) @ x.T, "b": (x > 0,)}, X)
    testing.assert_equivalent(lambda x: dark.exp(x), X, reference=np.exp, backends=["reference", "cpu"])
    with pytest.raises(AssertionError, match="values, lazily on reference: result 0 differs most at"):
        testing.assert_equivalent(lambda x: dark.exp(x), X, reference=np.exp2)
    with pytest.raises(AssertionError, match=re.escape("result 0 has shape (), the reference's (2, 3)")):
        testing.assert_equivalent(lambda x: dark.sum(x), X, reference=lambda x: x)
    with pytest.raises(AssertionError, match="1 results, the reference has 2"):
        testing.assert_equivalent(lambda x: dark.sum(x), X, reference=lambda x: (x, x))
    with pytest.raises(AssertionError, match="allowed: nothing"):
        testing.assert_equivalent(lambda x: x > 0, X, reference=lambda x: x >= -0.5)
    assert execution.DEFAULT_BACKEND is None


def test_gradients_and_dtypes() -> None:
    testing.assert_equivalent(lambda x: dark.softmax(x), X, gradients=True, dtypes=["float32", "float64"])
    assert dark.default_dtype() == np.float32


@pytest.mark.parametrize("threads", [[1], [1, 2]])
def test_a_model_everywhere(threads: list[int]) -> None:
    dark.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2))
    before = [p.numpy().tobytes() for p in model.parameters()]
    testing.assert_equivalent(
        model,
        X.astype(np.float32),
        gradients=True,
        dtypes=["float32", "float64"],
        isas=available_isas()[:2],
        threads=threads,
        steps=3,
        optimizer=lambda parameters: optim.Adam(parameters, 0.01),
    )
    assert [p.numpy().tobytes() for p in model.parameters()] == before
    with pytest.raises(dark.ArgumentError, match="optimizer"):
        testing.assert_equivalent(model, X, steps=1)


def test_tolerances() -> None:
    x = np.ones(3, np.float32)
    with pytest.raises(AssertionError):
        testing.assert_equivalent(lambda x: x * 1.001, x, reference=lambda x: x)
    testing.assert_equivalent(lambda x: x * 1.001, x, reference=lambda x: x, rtol=1e-2)
    with pytest.raises(AssertionError, match="nan"):
        testing.assert_equivalent(lambda x: x * np.nan, x, reference=lambda x: x)
    testing.assert_equivalent(lambda x: dark.log(x - 1.0), x)
    testing.assert_equivalent(lambda x: x @ x.T, np.random.default_rng(0).random((3, 1000), np.float32))


def test_a_wrong_kernel_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The template of ceil negates: the message names that kernel and its line, and the script runs it."""
    macro = Renderer.macro
    monkeypatch.setattr(Renderer, "macro", lambda self, op: macro(self, "negative" if op == "ceil" else op))

    def model(x: Any) -> Any:
        y = dark.exp(x).sum(axis=0)
        return dark.ceil(y + 0.25) * 2

    line = model.__code__.co_firstlineno + 2
    with pytest.raises(AssertionError, match="values, lazily on cpu: result 0 differs most at") as found:
        testing.assert_equivalent(model, X)
    message = str(found.value)
    assert f"test_testing.py:{line}" in message
    script = re.search(r"python (\S+reproduce\.py)", message)
    assert script is not None
    done = subprocess.run([sys.executable, script[1]], capture_output=True, text=True, check=True)
    assert re.search(r"buffer \d+: largest error", done.stdout)


def test_reference() -> None:
    run = testing.reference(lambda x: x * 2)
    assert run(np.ones(2)).numpy().tolist() == [2, 2]
    assert type(run.program_for(np.ones(2))).__name__ == "ReferenceProgram"


def test_gradcheck() -> None:
    rng = np.random.default_rng(0)
    x, k = rng.standard_normal((1, 1, 3, 3)), rng.standard_normal((1, 1, 2, 2))
    testing.gradcheck(lambda x, k: dark.conv2d(x, k, padding=1), x, k)
    testing.gradcheck(lambda x, i: {"y": dark.take(x, i) ** 2, "z": x.sum()}, rng.random(3), np.array([0, 2, 0]))
    with pytest.raises(AssertionError, match="gradient of argument 0"):
        testing.gradcheck(Wrong.apply, rng.random(2) + 1)
    with pytest.raises(dark.DTypeError, match="float64"):
        testing.gradcheck(dark.exp, np.ones(2, np.float32))


def test_gradgradcheck() -> None:
    rng = np.random.default_rng(0)
    testing.gradgradcheck(lambda x, i: dark.tanh(dark.take(x, i)) ** 3, rng.random(3), np.array([0, 2, 0]))

    class WrongTwice(dark.Operation):
        def forward(self, x: Any) -> Any:
            return x**3

        def backward(self, dldy: Any, y: Any, x: Any) -> Any:
            return dldy * 3 * x.detach() * x

    testing.gradcheck(WrongTwice.apply, rng.random(2) + 1)
    with pytest.raises(AssertionError, match="gradient of argument 0"):
        testing.gradgradcheck(WrongTwice.apply, rng.random(2) + 1)


def test_random_functions_draw_the_same_in_every_run() -> None:
    x = np.linspace(-1, 1, 12).reshape(3, 4)
    dark.manual_seed(1)
    testing.assert_equivalent(lambda x: dark.dropout(x, 0.5) + dark.randn(3, 4, dtype=x.dtype), x)
    testing.gradcheck(lambda x: dark.dropout(dark.exp(x), 0.5) * dark.rand(4), x)
    found = dark.rand(3).numpy()
    dark.manual_seed(1)
    np.testing.assert_array_equal(dark.rand(3).numpy(), found)
