"""Rule 16: looking at a program changes nothing, and where nodes came from costs compiled programs nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn, optim
from dark_jit.graph import origins

X = np.linspace(-1, 1, 24, dtype=np.float32).reshape(8, 3)
Y = X.sum(axis=1, keepdims=True)


class Training:
    """A model, its optimiser with state, and a compiled step that leaves gradients behind."""

    def __init__(self) -> None:
        dark.manual_seed(0)
        self.model = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 1))
        self.optimizer = optim.Adam(self.model.parameters(), lr=0.1)
        self.steps = dark.zeros(())

        @dark.compile
        def step(x: Any, y: Any) -> Any:
            loss = dark.mean((self.model(x) - y) ** 2)
            loss.backward()
            self.optimizer.step()
            self.steps.data = self.steps + 1
            return loss

        self.step = step

    def state(self) -> list[bytes]:
        """Every bit that a step may change."""
        rule = self.optimizer
        found = [self.steps, *self.model.parameters(), rule._counts, *rule._means, *rule._squares]
        gradients = [p.grad for p in self.model.parameters() if p.grad is not None]
        return [tensor.numpy().tobytes() for tensor in (*found, *gradients)] + [dark.rand(3).numpy().tobytes()]


def _report(training: Training) -> None:
    report = training.step.inspect(X, Y)
    assert "gemm" in str(report)
    for kernel in report.kernels:
        assert kernel.source
        assert kernel.ir
        assert kernel.asm
    assert report.explain()
    assert report.timings()
    assert report._repr_html_()
    assert report.graphs()


LOOKS: list[Callable[[Training], object]] = [
    _report,
    lambda training: training.step.graph_for(X, Y),
    lambda training: training.step.explain(),
    lambda training: training.step.cache_info(),
    lambda training: repr(training.model) + repr(training.optimizer),
]


@pytest.mark.parametrize("look", LOOKS, ids=["inspect", "graph_for", "explain", "cache_info", "repr"])
@pytest.mark.parametrize("steps", [0, 2])
def test_state_is_bit_identical_after_looking(
    look: Callable[[Training], object], steps: int, dark_backend: str
) -> None:
    if look is _report and dark_backend != "cpu":
        pytest.skip("other reports have neither times nor a page (tests/inspection/test_card.py)")
    seen, unseen = Training(), Training()
    for _ in range(steps):
        seen.step(X, Y)
        unseen.step(X, Y)
    dark.manual_seed(7)
    look(seen)
    after_looking = seen.state()
    dark.manual_seed(7)
    assert after_looking == unseen.state()
    assert seen.step(X, Y).item() == unseen.step(X, Y).item()
    assert seen.state()[:-1] == unseen.state()[:-1]


def test_a_compiled_call_records_no_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    f = dark.compile(lambda x: dark.tanh(x) * 2)
    x = dark.asarray(X)
    f(x)

    def unexpected(*_: object) -> None:
        raise AssertionError("a compiled call looked where it is")

    monkeypatch.setattr(origins, "here", unexpected)
    monkeypatch.setattr(origins, "record", unexpected)
    np.testing.assert_allclose(f(x).numpy(), 2 * np.tanh(X), rtol=1e-6)
