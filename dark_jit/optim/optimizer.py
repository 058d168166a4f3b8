"""What all optimisers share: groups of parameters, the learning rate, their state, zero_grad."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

import dark_jit as dark
from dark_jit.optim.groups import ParamGroup, groups_of
from dark_jit.optim.state import load

Params = dark.Tensor | Iterable[dark.Tensor] | Iterable[Mapping[str, Any]]


class Optimizer(dark.Guarded):
    """Base of optimisers. Its state is made here, as Tensors: a compiled training step reads and writes it.

    params: leaf Tensors, each once; or mappings, each with "params" and the options in which this group differs. lr:
    the learning rate, a number; it can be set at any time (`optimizer.lr = 0.1`), also for a compiled step, which is
    not compiled again. options: what else a group may have. Raises ArgumentError, GradientError, DTypeError.
    """

    def __init__(self, params: Params, lr: float, **options: Any) -> None:
        self.param_groups = groups_of(params, lr, options)
        self.params = tuple(parameter for group in self.param_groups for parameter in group.params)
        for group in self.param_groups:
            self._check(group)

    @property
    def lr(self) -> dark.Tensor:
        """The learning rate of the only group, a 0-d float64 Tensor. Raises ArgumentError where there are several."""
        return self._only_group().lr

    @lr.setter
    def lr(self, value: Any) -> None:
        self._only_group().lr = value

    def step(self) -> None:
        """Change every parameter that has a gradient."""
        raise NotImplementedError(f"{type(self).__name__} defines no step")

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.params:
            parameter.zero_grad()

    def state_dict(self) -> dict[str, dark.Tensor]:
        """The learning rates, and what the steps have gathered, by name, detached: later steps do not change them.

        Parameters are numbered as they were given. What a group has besides lr is not part of it.
        """
        return {name: value.detach() for name, value in self._named_state().items()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take the values of a state_dict of an optimiser of this kind. Raises ArgumentError, ShapeError."""
        load(type(self).__name__, self._named_state(), state)

    def _check(self, group: ParamGroup) -> None:
        """Raise ArgumentError for options that make no sense."""

    def _only_group(self) -> ParamGroup:
        if len(self.param_groups) > 1:
            raise dark.ArgumentError(
                f"the optimiser has {len(self.param_groups)} groups of parameters; take param_groups[i].lr"
            )
        return self.param_groups[0]

    def _with_gradient(self) -> Iterator[tuple[int, dark.Tensor, ParamGroup]]:
        """The parameters that have a gradient, with their numbers and groups."""
        owners = [group for group in self.param_groups for _ in group.params]
        for number, (parameter, group) in enumerate(zip(self.params, owners, strict=True)):
            if parameter.grad is not None:
                yield number, parameter, group

    def _named_state(self) -> dict[str, dark.Tensor]:
        """The Tensors that a step reads and writes, besides the parameters, by name."""
        return of_groups("lr", [group._lr for group in self.param_groups])

    def _zeros(self) -> tuple[dark.Tensor, ...]:
        """State like the parameters."""
        return tuple(dark.asarray(np.zeros(p.shape, p.dtype)) for p in self.params)


def of_groups(name: str, tensors: list[dark.Tensor]) -> dict[str, dark.Tensor]:
    """Tensors of the groups by name, and by number where there are several."""
    return {name: tensors[0]} if len(tensors) == 1 else numbered(name, tensors)


def numbered(name: str, tensors: Iterable[dark.Tensor]) -> dict[str, dark.Tensor]:
    """Tensors by name and number."""
    return {f"{name}.{number}": tensor for number, tensor in enumerate(tensors)}


def decayed(parameter: dark.Tensor, weight_decay: float) -> dark.Tensor:
    """The gradient of a parameter, with that of weight_decay / 2 * |parameter|^2 added."""
    gradient = parameter.grad
    assert gradient is not None
    return gradient + weight_decay * parameter if weight_decay else gradient
