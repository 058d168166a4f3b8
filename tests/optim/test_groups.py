"""Groups of parameters with options of their own, against PyTorch's."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import optim
from dark_jit.optim import lr_scheduler

torch = pytest.importorskip("torch")

# For each optimiser what all groups have, and in what the second differs.
CASES: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("SGD", {"lr": 0.1, "momentum": 0.9}, {"lr": 0.01, "momentum": 0.0, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.5}, {"dampening": 0.0, "nesterov": True}),
    ("Adam", {"lr": 0.1}, {"betas": (0.5, 0.6), "eps": 1e-2}),
    ("AdamW", {"lr": 0.1}, {"lr": 0.2, "weight_decay": 0.5}),
]


def pair(name: str, options: dict[str, Any], second: dict[str, Any]) -> tuple[list[Any], Any, list[Any], Any]:
    """Our parameters and optimiser, PyTorch's parameters and optimiser."""
    values = [np.linspace(-1, 1, 4), np.ones((2, 1)), np.array(0.5)]
    ours = [dark.Parameter(value) for value in values]
    theirs = [torch.nn.Parameter(torch.tensor(value)) for value in values]
    made = [
        lib([{"params": p[:2]}, {"params": p[2:], **second}], **options)
        for lib, p in ((getattr(optim, name), ours), (getattr(torch.optim, name), theirs))
    ]
    return ours, made[0], theirs, made[1]


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize(("name", "options", "second"), CASES)
def test_steps_are_pytorchs(name: str, options: dict[str, Any], second: dict[str, Any], compiled: bool) -> None:
    """With a schedule, which scales each group's rate."""
    ours, optimizer, theirs, other = pair(name, options, second)
    schedule, torchs = lr_scheduler.StepLR(optimizer, 3), torch.optim.lr_scheduler.StepLR(other, 3)

    def step() -> None:
        dark.sum(dark.stack([dark.sum(dark.sin(p)) for p in ours])).backward()
        optimizer.step()
        optimizer.zero_grad()
        schedule.step()

    run = dark.compile(step) if compiled else step
    for _ in range(8):
        run()
        torch.sum(torch.stack([torch.sum(torch.sin(p)) for p in theirs])).backward()
        other.step()
        other.zero_grad()
        torchs.step()
    for mine, wanted in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.numpy(), wanted.detach().numpy(), rtol=1e-10)
    if isinstance(run, dark.CompiledFunction):
        assert run.cache_info()[:2] == (1, 1)


def test_another_option_compiles_again() -> None:
    p = dark.Parameter([1.0])
    optimizer = optim.SGD([p], 1.0, 0.5)

    @dark.compile
    def step() -> None:
        p.grad = dark.ones(1)
        optimizer.step()

    step()
    optimizer.param_groups[0]["momentum"] = 0.0
    step()
    assert (p.numpy()[0], step.cache_info().programs) == (-1.0, 2)


def test_state_goes_on() -> None:
    ours, optimizer, _, _ = pair(*CASES[1])
    other = copy.deepcopy(optimizer)
    for parameter in ours:
        parameter.grad = dark.ones(parameter.shape, dtype=parameter.dtype)
    optimizer.step()
    state = optimizer.state_dict()
    assert list(state) == ["lr.0", "lr.1", "started", "velocities.0", "velocities.1", "velocities.2"]
    other.load_state_dict(state)
    assert other.state_dict()["velocities.0"].numpy().tolist() == [1.0] * 4
    schedule = lr_scheduler.StepLR(optimizer, 2)
    assert list(schedule.state_dict()) == ["count", "initial_lr.0", "initial_lr.1"]


def test_a_group_is_like_a_dict() -> None:
    p = dark.Parameter([1.0])
    (group,) = optim.SGD(p, 0.5, 0.9).param_groups
    assert dict(group)["params"] == (p,)
    assert (group["lr"].item(), group["momentum"], group.nesterov) == (0.5, 0.9, False)
    group["lr"] *= 0.5
    assert group.lr.item() == 0.25


def test_mistakes() -> None:
    p, q = dark.Parameter([1.0]), dark.Parameter([1.0])
    both: list[Any] = [{"params": p}, {"params": [q], "lr": 0.5}]
    optimizer = optim.SGD(both, 0.1)
    with pytest.raises(dark.ArgumentError, match=r"2 groups of parameters; take param_groups\[i\].lr"):
        optimizer.lr = 0.3
    with pytest.raises(dark.ArgumentError, match="some of both"):
        optim.SGD([p, {"params": q}], 0.1)  # type: ignore[list-item]
    with pytest.raises(dark.ArgumentError, match=r"options lr, momentum.*; got \['moment'\]"):
        optim.SGD([{"params": p, "moment": 0.9}], 0.1)
    with pytest.raises(dark.ArgumentError, match="a parameter twice"):
        optim.SGD([{"params": [p, q]}, {"params": p}], 0.1)
    with pytest.raises(KeyError, match="no option 'lrr'"):
        optimizer.param_groups[0]["lrr"] = 1
    with pytest.raises(AttributeError, match="no option 'betas'"):
        _ = optimizer.param_groups[0].betas
    with pytest.raises(dark.ArgumentError, match="cannot be changed"):
        optimizer.param_groups[0]["params"] = []
    optimizer.param_groups[0].momentum = 0.9
    p.grad = dark.ones(1)
    with pytest.raises(dark.ArgumentError, match="make a new SGD"):
        optimizer.step()
