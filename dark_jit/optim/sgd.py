"""Stochastic gradient descent."""

from __future__ import annotations

import numpy as np

import dark_jit as dark
from dark_jit.optim.groups import ParamGroup
from dark_jit.optim.optimizer import Optimizer, Params, decayed, numbered


class SGD(Optimizer):
    """p <- p - lr g, as PyTorch's.

    With momentum v <- momentum v + (1 - dampening) g, the first v is g, and v replaces g (nesterov: g + momentum v).
    weight_decay adds weight_decay * p to g. Raises ArgumentError for nesterov without
    momentum or with dampening.
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        dampening: float = 0.0,
    ) -> None:
        super().__init__(
            params, lr, momentum=momentum, weight_decay=weight_decay, nesterov=nesterov, dampening=dampening
        )
        self._velocities = self._zeros() if any(group.momentum for group in self.param_groups) else ()
        damped = any(group.dampening for group in self.param_groups)
        self._started = dark.asarray(np.zeros(len(self.params))) if damped else None

    def _check(self, group: ParamGroup) -> None:
        if group.nesterov and (not group.momentum or group.dampening):
            raise dark.ArgumentError("nesterov needs a momentum, and no dampening")

    @dark.no_grad()
    def step(self) -> None:
        """Change every parameter that has a gradient."""
        for i, parameter, group in self._with_gradient():
            change = decayed(parameter, group.weight_decay)
            if group.momentum:
                change = self._with_momentum(i, change, group)
            parameter.data = parameter - group.rate(parameter.dtype) * change
        if self._started is not None:
            had = np.array([p.grad is not None for p in self.params])
            self._started.data = dark.maximum(self._started, had)

    def _with_momentum(self, i: int, gradient: dark.Tensor, group: ParamGroup) -> dark.Tensor:
        if not self._velocities or (group.dampening and self._started is None):
            raise dark.ArgumentError("momentum and dampening that were 0 at first cannot be set; make a new SGD")
        velocity = self._velocities[i]
        added = gradient
        if group.dampening and self._started is not None:
            added = gradient * (1.0 - group.dampening * self._started[i]).astype(gradient.dtype)
        velocity.data = group.momentum * velocity + added
        return gradient + group.momentum * velocity if group.nesterov else velocity

    def _named_state(self) -> dict[str, dark.Tensor]:
        started = {} if self._started is None else {"started": self._started}
        return super()._named_state() | started | numbered("velocities", self._velocities)
