"""Modules made of modules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from dark_jit.nn.module import Module


class ModuleList(Module):
    """Modules in a list."""

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        self._items: tuple[Module, ...] = ()
        self.extend(modules)

    def append(self, module: Module) -> ModuleList:
        """Add a module at the end. Returns itself."""
        self._items = (*self._items, module)
        return self

    def extend(self, modules: Iterable[Module]) -> ModuleList:
        """Add modules at the end. Returns itself."""
        self._items = (*self._items, *modules)
        return self

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules, named by their places, and those that a subclass has as attributes."""
        yield from ((str(place), module) for place, module in enumerate(self._items))
        yield from super().named_children()

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Module]:
        return iter(self._items)

    def __getitem__(self, place: Any) -> Any:
        found = self._items[place]
        return type(self)(found) if isinstance(found, tuple) else found

    def __setitem__(self, place: int, module: Module) -> None:
        items = list(self._items)
        items[place] = module
        self._items = tuple(items)


class Sequential(ModuleList):
    """Modules that are called one after the other, each with the result of the one before."""

    def __init__(self, *modules: Module | Iterable[Module]) -> None:
        single = len(modules) == 1 and not isinstance(modules[0], Module)
        super().__init__(modules[0] if single else modules)  # type: ignore[arg-type]

    def forward(self, x: Any) -> Any:
        """The last module's result."""
        for module in self:
            x = module(x)
        return x
