"""Stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Iterable

import dark_jit as dark
from dark_jit.optim.optimizer import Optimizer, decayed, numbered


class SGD(Optimizer):
    """p <- p - lr g; with momentum v <- momentum v + g and g replaced by v (nesterov: by g + momentum v). As PyTorch's.

    weight_decay adds weight_decay * p to g. Raises ArgumentError for nesterov without momentum.
    """

    def __init__(
        self,
        params: Iterable[dark.Tensor],
        lr: float = 1e-3,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        super().__init__(params, lr)
        if nesterov and not momentum:
            raise dark.ArgumentError("nesterov needs a momentum")
        self.momentum, self.weight_decay, self.nesterov = momentum, weight_decay, nesterov
        self._velocities = self._zeros() if momentum else ()

    @dark.no_grad()
    def step(self) -> None:
        """Change every parameter that has a gradient."""
        for i, parameter in enumerate(self.params):
            if parameter.grad is not None:
                change = decayed(parameter, self.weight_decay)
                if self.momentum:
                    change = self._with_momentum(self._velocities[i], change)
                parameter.data = parameter - self._lr.astype(parameter.dtype) * change

    def _with_momentum(self, velocity: dark.Tensor, gradient: dark.Tensor) -> dark.Tensor:
        velocity.data = self.momentum * velocity + gradient
        return gradient + self.momentum * velocity if self.nesterov else velocity

    def _named_state(self) -> dict[str, dark.Tensor]:
        return super()._named_state() | numbered("velocities", self._velocities)
