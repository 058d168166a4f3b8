"""`donate=`: arguments of a compiled function that the caller gives away."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from dark_jit.compiler.pytree import is_leaf, leaves_of
from dark_jit.errors import ArgumentError
from dark_jit.graph.graph import leaf
from dark_jit.tensor.handle import Handle, dtype_of, shape_of

Names = Sequence[int | str]


class Donation:
    """Which parameters of a function are donated: names, or numbers counted from 0."""

    def __init__(self, fn: Callable[..., Any], donate: int | str | Names) -> None:
        wanted = (donate,) if isinstance(donate, int | str) else tuple(donate)
        parameters = list(inspect.signature(fn).parameters.values())
        self._positional = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
        self._rest = next((p.name for p in parameters if p.kind is p.VAR_POSITIONAL), None)
        self._others = next((p.name for p in parameters if p.kind is p.VAR_KEYWORD), None)
        self._named = {p.name for p in parameters}
        for which in wanted:
            if not self._is_parameter(which):
                raise ArgumentError(
                    f"donate names {which!r}, which is not a parameter; there are {sorted(self._named)}"
                )
        self._numbers = {which for which in wanted if isinstance(which, int)}
        self._names = {which for which in wanted if isinstance(which, str)}

    def _is_parameter(self, which: object) -> bool:
        if isinstance(which, int):
            return which >= 0 and (self._rest is not None or which < len(self._positional))
        return which in self._named

    def places(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[int, ...]:
        """The places of the donated Tensors among the leaves of a call's arguments."""
        found: list[int] = []
        place = 0
        for donated, tree in self._trees(args, kwargs):
            for value in filter(is_leaf, leaves_of(tree)):
                if donated and isinstance(value, Handle):
                    found.append(place)
                place += 1
        return tuple(found)

    def _trees(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Iterator[tuple[bool, Any]]:
        for number, tree in enumerate(args):
            name = self._positional[number] if number < len(self._positional) else self._rest
            yield number in self._numbers or name in self._names, tree
        numbered = {self._positional[n] for n in self._numbers if n < len(self._positional)}
        for name, tree in kwargs.items():
            yield name in self._names or name in numbered or self._is_other(name), tree

    def _is_other(self, name: str) -> bool:
        return self._others in self._names and name not in self._named


def consume(handle: Handle) -> None:
    """Let go of a donated Tensor's value; using the Tensor is an error from now on."""
    if handle._trace is None:  # it may have been passed twice
        handle._give_away(leaf(object(), shape_of(handle), dtype_of(handle)))
