"""Parameters that share the options of an optimiser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

import dark_jit as dark


class ParamGroup(dark.Guarded):
    """Parameters and their options, which are attributes, and items as in PyTorch: `group["lr"]` is `group.lr`.

    params: leaf Tensors. lr: the learning rate; to set it compiles nothing again, to set another option does. Raises
    ArgumentError, GradientError, DTypeError.
    """

    def __init__(self, params: Iterable[dark.Tensor], lr: Any, options: Mapping[str, Any]) -> None:
        self.params = (params,) if isinstance(params, dark.Tensor) else tuple(params)
        for parameter in self.params:
            _check(parameter)
        self._lr = dark.asarray(0.0, dtype=np.float64)
        self.lr = lr
        self.initial_lr: dark.Tensor | None = None  # what schedulers start from; the first of them sets it
        self._options = tuple(options)
        for name, value in options.items():
            setattr(self, name, value)

    @property
    def lr(self) -> dark.Tensor:
        """The learning rate, a 0-d float64 Tensor."""
        return self._lr.detach()

    @lr.setter
    def lr(self, value: Any) -> None:
        if isinstance(value, int | float) and not value >= 0:
            raise dark.ArgumentError(f"a learning rate must not be negative, got {value}")
        self._lr.data = value

    def rate(self, dtype: Any) -> dark.Tensor:
        """The learning rate in the dtype of a parameter."""
        return self._lr.astype(dtype)

    def keys(self) -> tuple[str, ...]:
        """The names of the items."""
        return ("params", "lr", *self._options)

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise AttributeError(f"a group of parameters has no option {name!r}; it has {', '.join(self.keys())}")

    def __getitem__(self, name: str) -> Any:
        self._check_name(name)
        return getattr(self, name)

    def __setitem__(self, name: str, value: Any) -> None:
        self._check_name(name)
        if name == "params":
            raise dark.ArgumentError("the parameters of a group cannot be changed; make a new optimiser")
        setattr(self, name, value)

    def _check_name(self, name: str) -> None:
        if name not in self.keys():
            raise KeyError(f"no option {name!r}; there are {', '.join(self.keys())}")


def groups_of(params: Any, lr: float, defaults: Mapping[str, Any]) -> tuple[ParamGroup, ...]:
    """One group of Tensors, or a group for each mapping with the key "params"; options left out are the defaults."""
    given = [params] if isinstance(params, dark.Tensor) else list(params)
    mappings = [part for part in given if isinstance(part, Mapping)]
    if not mappings:
        groups: tuple[ParamGroup, ...] = (ParamGroup(given, lr, defaults),)
    elif len(mappings) == len(given):
        groups = tuple(_group(part, lr, defaults) for part in mappings)
    else:
        raise dark.ArgumentError("an optimiser needs Tensors, or mappings with the key 'params'; it got some of both")
    every = [parameter for group in groups for parameter in group.params]
    if not every:
        raise dark.ArgumentError("the optimiser got no parameters")
    if len(set(map(id, every))) < len(every):
        raise dark.ArgumentError("the optimiser got a parameter twice")
    return groups


def _group(given: Mapping[str, Any], lr: float, defaults: Mapping[str, Any]) -> ParamGroup:
    options = {"lr": lr, **defaults} | dict(given)
    params = options.pop("params", ())
    if unknown := sorted(options.keys() - defaults.keys() - {"lr"}):
        raise dark.ArgumentError(f"a group of parameters has the options lr, {', '.join(defaults)}; got {unknown}")
    return ParamGroup(params, options.pop("lr"), options)


def _check(parameter: Any) -> None:
    if not isinstance(parameter, dark.Tensor):
        raise dark.DTypeError(f"an optimiser needs Tensors, got {type(parameter).__name__}")
    if not parameter.is_leaf:
        raise dark.GradientError(
            f"an optimiser needs leaves, got a result of shape {parameter.shape}; pass the Parameters it was "
            "computed from, or detach() it"
        )
