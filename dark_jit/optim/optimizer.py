"""What all optimisers share: the parameters, the learning rate, their state, zero_grad."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

import dark_jit as dark
from dark_jit.optim.state import load


class Optimizer(dark.Guarded):
    """Base of optimisers. Its state is made here, as Tensors: a compiled training step reads and writes it.

    params: leaf Tensors, each once. lr: the learning rate, a number; it can be set at any time (`optimizer.lr = 0.1`),
    also for a compiled step, which is not compiled again. Raises ArgumentError, GradientError, DTypeError.
    """

    def __init__(self, params: Iterable[dark.Tensor], lr: float) -> None:
        self.params = tuple(params)
        if not self.params:
            raise dark.ArgumentError("the optimiser got no parameters")
        for parameter in self.params:
            if not isinstance(parameter, dark.Tensor):
                raise dark.DTypeError(f"an optimiser needs Tensors, got {type(parameter).__name__}")
            if not parameter.is_leaf:
                raise dark.GradientError(
                    f"an optimiser needs leaves, got a result of shape {parameter.shape}; pass the Parameters it was "
                    "computed from, or detach() it"
                )
        if len(set(map(id, self.params))) < len(self.params):
            raise dark.ArgumentError("the optimiser got a parameter twice")
        self._lr = dark.asarray(0.0, dtype=np.float64)
        self.lr = lr
        self.initial_lr: dark.Tensor | None = None  # what schedulers start from; the first of them sets it

    @property
    def lr(self) -> dark.Tensor:
        """The learning rate, a 0-d float64 Tensor."""
        return self._lr.detach()

    @lr.setter
    def lr(self, value: Any) -> None:
        if isinstance(value, int | float) and not value >= 0:
            raise dark.ArgumentError(f"a learning rate must not be negative, got {value}")
        self._lr.data = value

    def step(self) -> None:
        """Change every parameter that has a gradient."""
        raise NotImplementedError(f"{type(self).__name__} defines no step")

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.params:
            parameter.zero_grad()

    def state_dict(self) -> dict[str, dark.Tensor]:
        """The learning rate, and what the steps have gathered, by name, detached: later steps do not change them.

        Parameters are numbered as they were given. What the constructor takes besides lr is not part of it.
        """
        return {name: value.detach() for name, value in self._named_state().items()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take the values of a state_dict of an optimiser of this kind. Raises ArgumentError, ShapeError."""
        load(type(self).__name__, self._named_state(), state)

    def _named_state(self) -> dict[str, dark.Tensor]:
        """The Tensors that a step reads and writes, besides the parameters, by name."""
        return {"lr": self._lr}

    def _zeros(self) -> tuple[dark.Tensor, ...]:
        """State like the parameters."""
        return tuple(dark.asarray(np.zeros(p.shape, p.dtype)) for p in self.params)


def numbered(name: str, tensors: Iterable[dark.Tensor]) -> dict[str, dark.Tensor]:
    """Tensors by name and number."""
    return {f"{name}.{number}": tensor for number, tensor in enumerate(tensors)}


def decayed(parameter: dark.Tensor, weight_decay: float) -> dark.Tensor:
    """The gradient of a parameter, with that of weight_decay / 2 * |parameter|^2 added."""
    gradient = parameter.grad
    assert gradient is not None
    return gradient + weight_decay * parameter if weight_decay else gradient
