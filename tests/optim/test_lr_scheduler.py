"""Schedules against PyTorch's over twenty steps; a compiled step with one is one program; a lazy one compiles nothing
new after its second."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import execution, optim
from dark_jit.optim import lr_scheduler

torch = pytest.importorskip("torch")

STEPS = 20


def warm_up_then_cosine(lib: Any, optimizer: Any) -> Any:
    parts = [lib.LinearLR(optimizer, 0.1, total_iters=4), lib.CosineAnnealingLR(optimizer, 10, 0.01)]
    return lib.SequentialLR(optimizer, parts, milestones=[4])


SCHEDULES: dict[str, Callable[[Any, Any], Any]] = {
    "StepLR": lambda lib, optimizer: lib.StepLR(optimizer, 3),
    "StepLR(1, 0.9)": lambda lib, optimizer: lib.StepLR(optimizer, 1, gamma=0.9),
    "CosineAnnealingLR": lambda lib, optimizer: lib.CosineAnnealingLR(optimizer, 10),
    "CosineAnnealingLR to 0.1": lambda lib, optimizer: lib.CosineAnnealingLR(optimizer, 30, 0.1),
    "LinearLR": lambda lib, optimizer: lib.LinearLR(optimizer),
    "LinearLR(0.5, 0.2, 7)": lambda lib, optimizer: lib.LinearLR(optimizer, 0.5, 0.2, 7),
    "LambdaLR": lambda lib, optimizer: lib.LambdaLR(optimizer, lambda count: 0.9**count),
    "SequentialLR": warm_up_then_cosine,
}


@pytest.mark.parametrize("name", SCHEDULES)
def test_rates_are_pytorchs(name: str) -> None:
    schedule = SCHEDULES[name]
    ours, theirs = optim.SGD([dark.Parameter([1.0])], 0.3), torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], 0.3)
    mine, other = schedule(lr_scheduler, ours), schedule(torch.optim.lr_scheduler, theirs)
    for _ in range(STEPS):
        assert ours.lr.item() == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-9, abs=1e-15)
        theirs.step()
        mine.step()
        other.step()


def training_step(name: str) -> tuple[Callable[[], Any], optim.Optimizer, dark.Parameter]:
    p = dark.Parameter(np.linspace(-1, 1, 5))
    optimizer = optim.Adam([p], 0.3)
    scheduler = SCHEDULES[name](lr_scheduler, optimizer)

    def step() -> Any:
        loss = dark.sum(dark.sin(p) ** 2)
        loss.backward()
        optim.clip_grad_norm_([p], 0.5)
        optimizer.step()
        optimizer.zero_grad()
        scheduler.step()
        return loss

    return step, optimizer, p


@pytest.mark.parametrize("name", ["StepLR", "CosineAnnealingLR", "LambdaLR", "SequentialLR"])
def test_a_compiled_step_with_a_schedule_is_one_program(name: str) -> None:
    step, optimizer, p = training_step(name)
    lazy, lazy_optimizer, q = training_step(name)
    run = dark.compile(step)
    for _ in range(10):
        assert run().item() == pytest.approx(lazy().item(), rel=1e-12)
        assert optimizer.lr.item() == pytest.approx(lazy_optimizer.lr.item(), rel=1e-12, abs=1e-15)
    np.testing.assert_allclose(p.numpy(), q.numpy(), rtol=1e-12)
    assert run.cache_info()[:2] == (1, 1)


def test_a_lazy_step_compiles_nothing_after_the_second() -> None:
    step, _, _ = training_step("SequentialLR")
    for _ in range(2):
        step().item()
    made = execution.programs_made()
    for _ in range(8):
        step().item()
    assert execution.programs_made() == made


def test_training_with_a_schedule_is_pytorchs() -> None:
    ours, theirs = dark.Parameter(np.linspace(-1, 1, 5)), torch.nn.Parameter(torch.linspace(-1, 1, 5).double())
    optimizer, other = optim.SGD([ours], 0.3, 0.9), torch.optim.SGD([theirs], 0.3, 0.9)
    mine, schedule = (
        warm_up_then_cosine(*pair) for pair in ((lr_scheduler, optimizer), (torch.optim.lr_scheduler, other))
    )

    @dark.compile
    def step() -> Any:
        dark.sum(dark.sin(ours)).backward()
        optimizer.step()
        optimizer.zero_grad()
        mine.step()

    for _ in range(STEPS):
        step()
        torch.sum(torch.sin(theirs)).backward()
        other.step()
        other.zero_grad()
        schedule.step()
    np.testing.assert_allclose(ours.numpy(), theirs.detach().numpy(), rtol=1e-10)


def test_a_rate_that_branches_is_refused_in_a_compiled_step() -> None:
    optimizer = optim.SGD([dark.Parameter([1.0])], 0.1)
    scheduler = lr_scheduler.LambdaLR(optimizer, lambda count: 1.0 if count < 3 else 0.1)
    scheduler.step()
    assert optimizer.lr.item() == pytest.approx(0.1)
    with pytest.raises(dark.TraceError, match=r"dark\.where"):
        dark.compile(scheduler.step)()


def test_mistakes() -> None:
    optimizer, other = (optim.SGD([dark.Parameter([1.0])], 0.1) for _ in range(2))
    linear, cosine = lr_scheduler.LinearLR(optimizer), lr_scheduler.CosineAnnealingLR(optimizer, 3)
    wrong: Any = None
    for make, error, message in (
        (lambda: lr_scheduler.StepLR(optimizer, 0), dark.ArgumentError, "step_size must be a positive integer, got 0"),
        (lambda: lr_scheduler.CosineAnnealingLR(optimizer, wrong), dark.ArgumentError, "T_max must be a positive int"),
        (lambda: lr_scheduler.LinearLR(optimizer, total_iters=-1), dark.ArgumentError, "total_iters"),
        (lambda: lr_scheduler.StepLR(wrong, 1), dark.DTypeError, "needs an optimiser, got NoneType"),
        (lambda: lr_scheduler.SequentialLR(optimizer, [linear, cosine], []), dark.ArgumentError, "one less than sched"),
        (lambda: lr_scheduler.SequentialLR(optimizer, [linear] * 3, [5, 2]), dark.ArgumentError, "ascending mileston"),
        (lambda: lr_scheduler.SequentialLR(other, [linear, cosine], [2]), dark.ArgumentError, "its own optimiser"),
    ):
        with pytest.raises(error, match=message):
            make()
    with pytest.raises(NotImplementedError, match="factor"):
        lr_scheduler.LRScheduler(optimizer)
