"""What all optimisers share: the parameters, the learning rate, zero_grad."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

import dark_jit as dark


class Optimizer(dark.Guarded):
    """Base of optimisers. Its state is made here, as Tensors: a compiled training step reads and writes it.

    params: Tensors that require grad. lr: the learning rate, a number; it can be set at any time (`optimizer.lr =
    0.1`), also for a compiled step, which is not compiled again. Raises ArgumentError for no parameters or a negative
    rate.
    """

    def __init__(self, params: Iterable[dark.Tensor], lr: float) -> None:
        self.params = tuple(params)
        if not self.params:
            raise dark.ArgumentError("the optimiser got no parameters")
        for parameter in self.params:
            if not isinstance(parameter, dark.Tensor):
                raise dark.DTypeError(f"an optimiser needs Tensors, got {type(parameter).__name__}")
        self._lr = dark.asarray(0.0, dtype=np.float64)
        self.lr = lr

    @property
    def lr(self) -> dark.Tensor:
        """The learning rate, a 0-d float64 Tensor."""
        return self._lr.detach()

    @lr.setter
    def lr(self, value: Any) -> None:
        if isinstance(value, int | float) and value < 0:
            raise dark.ArgumentError(f"a learning rate must not be negative, got {value}")
        self._lr.data = value

    def step(self) -> None:
        """Change every parameter that has a gradient."""
        raise NotImplementedError(f"{type(self).__name__} defines no step")

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.params:
            parameter.zero_grad()

    def _zeros(self) -> tuple[dark.Tensor, ...]:
        """State like the parameters."""
        return tuple(dark.asarray(np.zeros(p.shape, p.dtype)) for p in self.params)


def decayed(parameter: dark.Tensor, weight_decay: float) -> dark.Tensor:
    """The gradient of a parameter, with that of weight_decay / 2 * |parameter|^2 added."""
    gradient = parameter.grad
    assert gradient is not None
    return gradient + weight_decay * parameter if weight_decay else gradient
