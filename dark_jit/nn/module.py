"""Module: what has parameters, and modules inside it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar, Self
from weakref import WeakKeyDictionary

import dark_jit as dark
from dark_jit.nn.state import Loaded, load


class Module(dark.Guarded):
    """Base of layers and models: define `forward`, and assign Parameters and Modules as attributes.

    A compiled function that uses a module guards its attributes: setting one (also by train() and eval()) is seen at
    the next call.
    """

    training = True

    # What PyTorch's state_dicts call the state of such a module, and our name for it; None: state that we do not have.
    foreign_names: ClassVar[Mapping[str, str | None]] = {}

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """Compute the result."""
        raise NotImplementedError(f"{type(self).__name__} defines no forward")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        outer, _running.module = _running.module, self
        try:
            with dark.named_scope(type(self).__name__ if outer is None else _name_in(outer, self)):
                return self.forward(*args, **kwargs)
        finally:
            _running.module = outer

    # What it holds

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules that are attributes, with their names."""
        for name, value in vars(self).items():
            if isinstance(value, Module):
                yield name, value

    def children(self) -> Iterator[Module]:
        """The modules that are attributes."""
        return (child for _, child in self.named_children())

    def named_modules(self, prefix: str = "", remove_duplicate: bool = True) -> Iterator[tuple[str, Module]]:
        """This module and all inside it, with dotted names; each once, or by every name that it has."""
        todo: list[tuple[str, tuple[Module, ...]]] = [(prefix, (self,))]  # a name, and the way to the module
        seen: set[int] = set()
        while todo:
            name, way = todo.pop()
            module = way[-1]
            if module in way[:-1] or (remove_duplicate and id(module) in seen):
                continue
            seen.add(id(module))
            yield name, module
            inside = [(_dotted(name, child), (*way, found)) for child, found in module.named_children()]
            todo.extend(reversed(inside))

    def modules(self) -> Iterator[Module]:
        """This module and all inside it."""
        return (module for _, module in self.named_modules())

    def named_parameters(self) -> Iterator[tuple[str, dark.Parameter]]:
        """All Parameters, each once, with dotted names."""
        for name, value in self.named_state():
            if isinstance(value, dark.Parameter):
                yield name, value

    def parameters(self) -> Iterator[dark.Parameter]:
        """All Parameters, each once."""
        return (parameter for _, parameter in self.named_parameters())

    def named_buffers(self) -> Iterator[tuple[str, dark.Tensor]]:
        """What `register_buffer` registered, each once, with dotted names: state that is saved but not learned."""
        for name, value in self.named_state():
            if not isinstance(value, dark.Parameter):
                yield name, value

    def buffers(self) -> Iterator[dark.Tensor]:
        """What `register_buffer` registered."""
        return (buffer for _, buffer in self.named_buffers())

    def named_state(self, remove_duplicate: bool = True) -> Iterator[tuple[str, dark.Tensor]]:
        """Parameters and buffers with dotted names, module by module; each once, or by every name that it has."""
        seen: set[int] = set()
        for prefix, module in self.named_modules(remove_duplicate=remove_duplicate):
            registered = vars(module).get("_buffers", ())
            for name, value in vars(module).items():
                is_state = isinstance(value, dark.Parameter) or (name in registered and value is not None)
                if is_state and not (remove_duplicate and id(value) in seen):
                    seen.add(id(value))
                    yield _dotted(prefix, name), value

    def register_buffer(self, name: str, tensor: dark.Tensor | None) -> None:
        """Assign a Tensor that is part of the module's state but not learned; None keeps the name free."""
        if not (tensor is None or isinstance(tensor, dark.Tensor)) or isinstance(tensor, dark.Parameter):
            raise dark.DTypeError(
                f"register_buffer({name!r}) needs a Tensor that is not a Parameter, got {type(tensor).__name__}"
            )
        self._buffers = tuple(dict.fromkeys((*vars(self).get("_buffers", ()), name)))
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

    def apply(self, function: Callable[[Module], Any]) -> Module:
        """Call a function with each module, the inner ones first. Returns itself."""
        for child in self.children():
            child.apply(function)
        function(self)
        return self

    def state_dict(self) -> dict[str, dark.Tensor]:
        """Parameters and buffers by their dotted names, detached: later steps do not change them."""
        return {name: value.detach() for name, value in self.named_state()}

    def load_state_dict(self, state: Mapping[str, Any], strict: bool = True) -> Loaded:
        """Take values from a state_dict, ours or one of PyTorch's (weight for weights, biases of one axis).

        Returns the names that were missing and those that were unexpected. Raises ArgumentError for such names (unless
        not strict) and ShapeError where shapes do not fit; then nothing is changed.
        """
        foreign = {
            _dotted(prefix, theirs): None if ours is None else _dotted(prefix, ours)
            for prefix, module in self.named_modules(remove_duplicate=False)
            for theirs, ours in module.foreign_names.items()
        }
        return load(type(self).__name__, dict(self.named_state(remove_duplicate=False)), foreign, state, strict)

    def to(self, device: str) -> Self:
        """Move all parameters and buffers to a device, and bind them to it; the module itself is returned. Gradients
        are dropped. Raises ArgumentError; BackendError where the machine lacks the device."""
        for tensor in dict(self.named_state()).values():
            tensor.grad = None
            tensor.data = dark.to_device(tensor.data, device)
        return self

    # Text

    def extra_repr(self) -> str:
        """What to show in the brackets of this module's text."""
        return ""

    def __repr__(self) -> str:
        count = sum(parameter.size for parameter in self.parameters())
        comment = f"  # {count:,} parameter{'' if count == 1 else 's'}" if count else ""
        inside = [f"({name}): {child!r}" for name, child in self.named_children()]
        if not inside:
            return f"{type(self).__name__}({self.extra_repr()}){comment}"
        lines = "\n".join(inside).replace("\n", "\n  ")
        return f"{type(self).__name__}({self.extra_repr()}{comment}\n  {lines}\n)"


def _dotted(prefix: str, name: str) -> str:
    return f"{prefix}.{name}" if prefix else name


class _Running(threading.local):
    """The module that is being called."""

    module: Module | None = None


_running = _Running()
_names: WeakKeyDictionary[Module, WeakKeyDictionary[Module, str]] = WeakKeyDictionary()


def _name_in(outer: Module, module: Module) -> str:
    """The dotted name of a module inside another one that calls it; its class's where it is not part of that one."""
    names = _names.get(outer)
    name = None if names is None else names.get(module)
    if name is None:
        names = _names[outer] = WeakKeyDictionary({inner: dotted for dotted, inner in outer.named_modules() if dotted})
        name = names.setdefault(module, type(module).__name__)
    return name
