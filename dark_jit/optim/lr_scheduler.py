"""Schedules of the learning rate.

A schedule is a function of the number of steps, which is a Tensor: its rate is part of the graph. So `scheduler.step()`
can stand in a compiled training step, which is compiled once.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

import dark_jit as dark
from dark_jit.optim.optimizer import Optimizer, of_groups
from dark_jit.optim.state import load


class LRScheduler(dark.Guarded):
    """Base of schedulers: define `factor`. The rate of each group of parameters is the factor times its initial one.

    The initial rate is the one that a group has when the optimiser's first scheduler is made. Making a scheduler sets
    the rates for the first step; call `step` behind each step of the optimiser (or behind each epoch).
    """

    def __init__(self, optimizer: Optimizer) -> None:
        if not isinstance(optimizer, Optimizer):
            raise dark.DTypeError(f"a scheduler needs an optimiser, got {type(optimizer).__name__}")
        self.optimizer = optimizer
        for group in optimizer.param_groups:
            if group.initial_lr is None:
                group.initial_lr = group.lr
        self._count = dark.asarray(0.0, dtype=np.float64)
        self._set()

    def factor(self, count: dark.Tensor) -> Any:
        """By what the initial rate is multiplied after `count` steps, a 0-d float64 Tensor."""
        raise NotImplementedError(f"{type(self).__name__} defines no factor")

    def rate(self, count: dark.Tensor, initial: dark.Tensor) -> dark.Tensor:
        """The learning rate after `count` steps, of a group whose initial one is `initial`."""
        return dark.multiply(initial, self.factor(count))

    @dark.no_grad()
    def step(self) -> None:
        """Count a step and set the optimiser's rates."""
        self._count.data = self._count + 1.0
        self._set()

    def state_dict(self) -> dict[str, dark.Tensor]:
        """The number of steps and the initial rates."""
        return {name: value.detach() for name, value in self._named_state().items()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from the state of a scheduler of this kind. Raises ArgumentError, ShapeError."""
        load(type(self).__name__, self._named_state(), state)
        self._set()

    def _named_state(self) -> dict[str, dark.Tensor]:
        initial = [group.initial_lr for group in self.optimizer.param_groups if group.initial_lr is not None]
        return {"count": self._count} | of_groups("initial_lr", initial)

    @dark.no_grad()
    def _set(self) -> None:
        for group in self.optimizer.param_groups:
            assert group.initial_lr is not None, "made with the first scheduler"
            group.lr = self.rate(self._count, group.initial_lr)


class StepLR(LRScheduler):
    """The rate times gamma every step_size steps."""

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        self.step_size, self.gamma = _positive("step_size", step_size), gamma
        super().__init__(optimizer)

    def factor(self, count: dark.Tensor) -> dark.Tensor:
        """gamma ** floor(count / step_size)."""
        return dark.power(self.gamma, dark.floor(count / self.step_size))


class CosineAnnealingLR(LRScheduler):
    """Half a cosine wave from the initial rate down to eta_min, in T_max steps (Loshchilov and Hutter 2017)."""

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:
        self.T_max, self.eta_min = _positive("T_max", T_max), eta_min
        super().__init__(optimizer)

    def rate(self, count: dark.Tensor, initial: dark.Tensor) -> dark.Tensor:
        """eta_min + (initial - eta_min) (1 + cos(pi count / T_max)) / 2."""
        wave = 0.5 * (1.0 + dark.cos(count * (math.pi / self.T_max)))
        return self.eta_min + (initial - self.eta_min) * wave


class LinearLR(LRScheduler):
    """A warm-up: the factor goes from start_factor to end_factor in total_iters steps, and stays."""

    def __init__(
        self, optimizer: Optimizer, start_factor: float = 1 / 3, end_factor: float = 1.0, total_iters: int = 5
    ) -> None:
        self.start_factor, self.end_factor = start_factor, end_factor
        self.total_iters = _positive("total_iters", total_iters)
        super().__init__(optimizer)

    def factor(self, count: dark.Tensor) -> dark.Tensor:
        """start_factor + (end_factor - start_factor) min(count / total_iters, 1)."""
        progress = dark.minimum(count / self.total_iters, 1.0)
        return self.start_factor + (self.end_factor - self.start_factor) * progress


class LambdaLR(LRScheduler):
    """The factor is a function of the number of steps.

    lr_lambda gets a 0-d Tensor and returns a Tensor or a number. In a compiled step it is traced: dark.where and
    dark.minimum take the place of `if` and `min`.
    """

    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[[dark.Tensor], Any]) -> None:
        self.lr_lambda = lr_lambda
        super().__init__(optimizer)

    def factor(self, count: dark.Tensor) -> Any:
        """lr_lambda(count)."""
        return self.lr_lambda(count)


class SequentialLR(LRScheduler):
    """Several schedulers of one optimiser, one after the other: number i + 1 begins, from 0, at step milestones[i]."""

    def __init__(self, optimizer: Optimizer, schedulers: Sequence[LRScheduler], milestones: Sequence[int]) -> None:
        self.schedulers, self.milestones = tuple(schedulers), tuple(milestones)
        if len(self.milestones) != len(self.schedulers) - 1 or sorted(set(milestones)) != list(milestones):
            raise dark.ArgumentError(
                f"SequentialLR needs ascending milestones, one less than schedulers, got {list(milestones)} for "
                f"{len(self.schedulers)}"
            )
        if any(scheduler.optimizer is not optimizer for scheduler in self.schedulers):
            raise dark.ArgumentError("SequentialLR needs schedulers of its own optimiser")
        super().__init__(optimizer)

    def rate(self, count: dark.Tensor, initial: dark.Tensor) -> dark.Tensor:
        """That of the scheduler whose turn it is."""
        result = self.schedulers[0].rate(count, initial)
        for milestone, scheduler in zip(self.milestones, self.schedulers[1:], strict=True):
            result = dark.where(count < milestone, result, scheduler.rate(count - milestone, initial))
        return result


def _positive(name: str, value: int) -> int:
    if not isinstance(value, int) or value < 1:
        raise dark.ArgumentError(f"{name} must be a positive integer, got {value!r}")
    return value
