"""An optimiser goes on from its state_dict as if it had never stopped."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import optim
from dark_jit.optim import lr_scheduler

OPTIMISERS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("SGD", {"lr": 0.1}, ["lr"]),
    ("SGD", {"lr": 0.1, "momentum": 0.9}, ["lr", "velocities.0", "velocities.1"]),
    ("AdamW", {"lr": 0.1}, ["lr", "counts", "means.0", "means.1", "squares.0", "squares.1"]),
]


def steps(parameters: list[dark.Parameter], optimizer: Any, count: int) -> None:
    for _ in range(count):
        dark.sum(dark.stack([dark.sum(dark.sin(p)) for p in parameters])).backward()
        optimizer.step()
        optimizer.zero_grad()


@pytest.mark.parametrize(("name", "options", "names"), OPTIMISERS, ids=[f"{row[0]} {row[1]}" for row in OPTIMISERS])
def test_going_on(name: str, options: dict[str, Any], names: list[str]) -> None:
    values = [np.linspace(-1, 1, 4), np.ones((2, 1))]
    parameters = [dark.Parameter(value) for value in values]
    optimizer = getattr(optim, name)(parameters, **options)
    steps(parameters, optimizer, 3)
    optimizer.lr = 0.05
    state = optimizer.state_dict()
    assert list(state) == names
    others = [dark.Parameter(p.numpy()) for p in parameters]
    other = getattr(optim, name)(others, **options)
    other.load_state_dict({name: value.numpy() for name, value in state.items()})
    assert other.lr.item() == 0.05
    steps(parameters, optimizer, 2)
    steps(others, other, 2)
    for one, two in zip(parameters, others, strict=True):
        np.testing.assert_array_equal(one.numpy(), two.numpy())
    assert state["lr"].item() == 0.05


def test_schedulers_go_on() -> None:
    first, second = (optim.SGD([dark.Parameter([1.0])], 0.2) for _ in range(2))
    one, two = lr_scheduler.StepLR(first, 2), lr_scheduler.StepLR(second, 2)
    for _ in range(3):
        one.step()
    two.load_state_dict(one.state_dict())
    assert second.lr.item() == first.lr.item() == pytest.approx(0.02)
    one.step(), two.step()
    assert second.lr.item() == first.lr.item() == pytest.approx(0.002)


def test_what_does_not_fit_changes_nothing() -> None:
    optimizer = optim.SGD([dark.Parameter([1.0, 2.0])], 0.1, 0.9)
    state: dict[str, Any] = {"lr": 0.5, "velocities.0": np.zeros(3)}
    with pytest.raises(dark.ShapeError, match=r"SGD: velocities.0 has shape \(2,\), the given value has \(3,\)"):
        optimizer.load_state_dict(state)
    with pytest.raises(dark.ArgumentError, match=r"SGD: missing \['velocities.0'\], unexpected \['means.0'\]"):
        optimizer.load_state_dict({"lr": 0.5, "means.0": np.zeros(2)})
    with pytest.raises(dark.ArgumentError, match=r"StepLR: missing \['count', 'initial_lr'\]"):
        lr_scheduler.StepLR(optimizer, 2).load_state_dict({})
    assert optimizer.lr.item() == pytest.approx(0.1)
