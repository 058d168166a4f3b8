"""Optimisers against PyTorch's, in float64, lazily and compiled."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import optim

torch = pytest.importorskip("torch")

CASES: list[tuple[str, dict[str, Any]]] = [
    ("SGD", {"lr": 0.1}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.1}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.3}),
    ("Adam", {"lr": 0.1}),
    ("Adam", {"lr": 0.1, "betas": (0.8, 0.9), "eps": 1e-3, "weight_decay": 0.1}),
    ("AdamW", {"lr": 0.1}),
    ("AdamW", {"lr": 0.1, "weight_decay": 0.3}),
]


def values() -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [rng.standard_normal((3, 2)), rng.standard_normal(4)]


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize(("name", "options"), CASES, ids=[f"{name} {options}" for name, options in CASES])
def test_steps_are_pytorchs(name: str, options: dict[str, Any], compiled: bool) -> None:
    """Twenty steps; the second parameter has no gradient in every third one, and the rate changes."""
    ours = [dark.Parameter(value) for value in values()]
    theirs = [torch.nn.Parameter(torch.tensor(value)) for value in values()]
    optimizer = getattr(optim, name)(ours, **options)
    other = getattr(torch.optim, name)(theirs, **options)

    def step(both: bool) -> Any:
        loss = dark.sum(dark.sin(ours[0]) ** 2)
        if both:
            loss = loss + dark.sum(ours[1] ** 4)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    run = dark.compile(step) if compiled else step
    for i in range(20):
        rate = 0.1 / (1 + i // 4)
        optimizer.lr, other.param_groups[0]["lr"] = rate, rate
        run(i % 3 != 0).item()
        loss = torch.sum(torch.sin(theirs[0]) ** 2)
        if i % 3:
            loss = loss + torch.sum(theirs[1] ** 4)
        loss.backward()
        other.step()
        other.zero_grad()
    for mine, wanted in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine.numpy(), wanted.detach().numpy(), rtol=1e-10, atol=1e-14)


def test_a_compiled_step_is_one_program() -> None:
    p = dark.Parameter(np.ones(3))
    optimizer = optim.Adam([p], lr=0.1)

    @dark.compile
    def step() -> Any:
        loss = dark.sum(p * p)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    for i in range(10):
        optimizer.lr = 0.1 / (1 + i)
        step()
    assert step.cache_info()[:2] == (1, 1)


def test_state_is_of_the_parameters_dtype() -> None:
    p = dark.Parameter(np.ones(2, np.float32))
    optimizer = optim.Adam([p])
    (p * p).sum().backward()
    optimizer.step()
    assert p.dtype == np.float32
    assert p.requires_grad
    assert p.is_leaf


def test_mistakes() -> None:
    p = dark.Parameter([1.0])
    with pytest.raises(dark.ArgumentError, match="no parameters"):
        optim.SGD([], 0.1)
    with pytest.raises(dark.ArgumentError, match="negative"):
        optim.SGD([p], -0.1)
    with pytest.raises(dark.ArgumentError, match="momentum"):
        optim.SGD([p], 0.1, nesterov=True)
    with pytest.raises(dark.ArgumentError, match="no dampening"):
        optim.SGD([p], 0.1, 0.9, nesterov=True, dampening=0.1)
    with pytest.raises(dark.ArgumentError, match="betas"):
        optim.Adam([p], betas=(0.9, 1.0))
    with pytest.raises(dark.ArgumentError, match="a parameter twice"):
        optim.SGD([p, p], 0.1)
    with pytest.raises(dark.GradientError, match=r"needs leaves, got a result of shape \(1,\)"):
        optim.SGD([p * 2], 0.1)
    with pytest.raises(dark.ArgumentError, match="negative"):
        optim.SGD([p], 0.1).lr = float("nan")
    with pytest.raises(dark.DTypeError, match="needs Tensors"):
        optim.SGD([np.ones(2)], 0.1)  # type: ignore[list-item]
