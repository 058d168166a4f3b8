"""The error of each kernel against float64, and finding one that is broken."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import execution, nn, optim
from dark_jit.backends.llvm import image, render
from dark_jit.inspection import Report

X = np.random.default_rng(0).standard_normal((4, 1, 8, 8)).astype(np.float32)
LABELS = np.array([0, 2, 1, 2])


def training_step() -> tuple[Any, Any]:
    dark.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 8, 3), nn.Tanh(), nn.Dropout(0.5), nn.Flatten(), nn.Linear(8 * 36, 3))
    optimizer = optim.Adam(model.parameters(), 0.01)
    criterion = nn.CrossEntropyLoss()

    @dark.compile
    def step(x: Any, y: Any) -> Any:
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    return step, model


def test_right_kernels_are_near_float64() -> None:
    step, model = training_step()
    report: Report = step.inspect(X, LABELS)
    before = {name: value.numpy() for name, value in model.state_dict().items()}
    errors = report.bisect()
    assert {each.kernel for each in errors} <= set(range(len(report.kernels)))
    assert len({each.node for each in errors}) == len(errors) >= 10
    assert all(each.relative < 1e-5 for each in errors)
    assert any(each.relative > 0 for each in errors)
    assert [each.relative for each in errors] == sorted((each.relative for each in errors), reverse=True)
    assert "relative" in report.errors()
    for name, value in model.state_dict().items():
        np.testing.assert_array_equal(value.numpy(), before[name])


def test_a_broken_kernel_is_the_worst(monkeypatch: pytest.MonkeyPatch) -> None:
    right = render._rendered

    def wrong(*args: Any) -> Any:
        rendered = right(*args)
        return render.Rendered(rendered.text.replace("float 0x3FC5554920000000", "float 0.5"), rendered.steps)

    monkeypatch.setattr(render, "_rendered", wrong)
    monkeypatch.setattr(render, "key_of", lambda *parts: "bisect" + str(hash(parts)))
    monkeypatch.setattr(image, "key_of", lambda *parts: "bisect" + str(hash(parts)))
    monkeypatch.setattr(execution, "_programs", execution._Programs())

    @dark.compile
    def run(x: Any) -> Any:
        y = x @ x.T + 1
        z = dark.exp(y * 0.1)
        return dark.sum(z, 1) * 2

    report = run.inspect(X[0, 0])
    worst = report.bisect()[0]
    assert "exp" in {node.op.name for node in report.kernels[worst.kernel].nodes}
    assert worst.relative > 1e-3


def test_inputs_that_do_not_fit() -> None:
    report = dark.compile(dark.tanh).inspect(X)
    assert report.bisect(X * 2)[0].relative < 1e-6
    with pytest.raises(dark.ArgumentError, match="bisect needs arrays like"):
        report.bisect(X[0])
