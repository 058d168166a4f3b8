"""Module: what has parameters, and modules inside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

import dark_jit as dark


class Module(dark.Guarded):
    """Base of layers and models: define `forward`, and assign Parameters and Modules as attributes.

    A compiled function that uses a module guards its attributes: setting one (also by train() and eval()) is seen at
    the next call.
    """

    training = True

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the result."""
        raise NotImplementedError(f"{type(self).__name__} defines no forward")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.forward(*args, **kwargs)

    # What it holds

    def children(self) -> Iterator[tuple[str, Module]]:
        """The modules that are attributes, with their names."""
        for name, value in vars(self).items():
            if isinstance(value, Module):
                yield name, value

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """This module and all inside it, each once, with dotted names."""
        todo: list[tuple[str, Module]] = [(prefix, self)]
        seen: set[int] = set()
        while todo:
            name, module = todo.pop()
            if id(module) not in seen:
                seen.add(id(module))
                yield name, module
                inside = [(f"{name}.{child}" if name else child, found) for child, found in module.children()]
                todo.extend(reversed(inside))

    def modules(self) -> Iterator[Module]:
        """This module and all inside it."""
        return (module for _, module in self.named_modules())

    def named_parameters(self) -> Iterator[tuple[str, dark.Parameter]]:
        """All Parameters, each once, with dotted names."""
        seen: set[int] = set()
        for prefix, module in self.named_modules():
            for name, value in vars(module).items():
                if isinstance(value, dark.Parameter) and id(value) not in seen:
                    seen.add(id(value))
                    yield f"{prefix}.{name}" if prefix else name, value

    def parameters(self) -> Iterator[dark.Parameter]:
        """All Parameters, each once."""
        return (parameter for _, parameter in self.named_parameters())

    def named_buffers(self) -> Iterator[tuple[str, dark.Tensor]]:
        """What `register_buffer` registered: state that is saved but not learned."""
        for prefix, module in self.named_modules():
            for name in vars(module).get("_buffers", ()):
                yield f"{prefix}.{name}" if prefix else name, getattr(module, name)

    def buffers(self) -> Iterator[dark.Tensor]:
        """What `register_buffer` registered."""
        return (buffer for _, buffer in self.named_buffers())

    def register_buffer(self, name: str, tensor: dark.Tensor) -> None:
        """Assign a Tensor that is part of the module's state but not learned."""
        self._buffers = (*getattr(self, "_buffers", ()), name)
        setattr(self, name, tensor)

    # Modes and state

    def train(self, mode: bool = True) -> Module:
        """Set the mode of this module and all inside it: training or not. Returns itself."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Module:
        """Leave the training mode. Returns itself."""
        return self.train(False)

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters."""
        for parameter in self.parameters():
            parameter.zero_grad()

    def apply(self, function: Callable[[Module], None]) -> Module:
        """Call a function with each module, the inner ones first. Returns itself."""
        for module in reversed(list(self.modules())):
            function(module)
        return self

    def state_dict(self) -> dict[str, dark.Tensor]:
        """Parameters and buffers by their dotted names, detached: later steps do not change them."""
        return {name: value.detach() for name, value in (*self.named_parameters(), *self.named_buffers())}

    def load_state_dict(self, state: Mapping[str, Any], strict: bool = True) -> None:
        """Take values from a state_dict, ours or one with PyTorch's names (weight for weights).

        Raises ArgumentError where names are missing or left over (unless not strict), ShapeError where shapes do not
        fit; nothing is changed then.
        """
        own = dict((*self.named_parameters(), *self.named_buffers()))
        given = {_own_name(name, own): value for name, value in state.items()}
        missing, extra = own.keys() - given.keys(), given.keys() - own.keys()
        if strict and (missing or extra):
            raise dark.ArgumentError(f"load_state_dict: missing {sorted(missing)}, unexpected {sorted(extra)}")
        values = {name: _fitting(name, given[name], tensor) for name, tensor in own.items() if name in given}
        for name, value in values.items():
            own[name].data = value

    # Text

    def extra_repr(self) -> str:
        """What to show in the brackets of this module's text."""
        return ""

    def __repr__(self) -> str:
        inside = [f"({name}): {child!r}" for name, child in self.children()]
        if not inside:
            return f"{type(self).__name__}({self.extra_repr()})"
        lines = "\n".join(inside).replace("\n", "\n  ")
        return f"{type(self).__name__}({self.extra_repr()}\n  {lines}\n)"


def _own_name(name: str, own: Mapping[str, Any]) -> str:
    """Our name for a parameter that a state_dict may call weight."""
    return f"{name}s" if name not in own and name.endswith("weight") and f"{name}s" in own else name


def _fitting(name: str, value: Any, like: dark.Tensor) -> Any:
    """A value for `like`, up to axes of extent 1 (PyTorch's biases have none)."""
    array = value if isinstance(value, dark.Tensor) else np.asarray(value)
    shape = tuple(extent for extent in array.shape if extent != 1)
    if shape != tuple(extent for extent in like.shape if extent != 1):
        raise dark.ShapeError(f"load_state_dict: {name} has shape {like.shape}, the given value has {array.shape}")
    return array.reshape(like.shape)
