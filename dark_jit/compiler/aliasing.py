"""Tensors of a compiled call that share elements.

A program that writes in place is right only for Tensors that overlap as those of its trace did. What it depended on is
found here after the trace, and compared at each call; a program that writes nothing in place depends on nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from dark_jit.graph.node import Node
from dark_jit.tensor.handle import Handle, shape_of
from dark_jit.tensor.views import Family, Step, View


@dataclass(frozen=True)
class Overlap:
    """Places of two of a call's Tensors that have elements in common, and which they have."""

    places: tuple[int, int]
    chains: tuple[Hashable, Hashable]


@dataclass(frozen=True)
class Sharing:
    """The overlaps with what is written, and the strides of views that are not contiguous: they say whether a reshape
    of one is a view.
    """

    overlaps: tuple[Overlap, ...]
    strides: tuple[tuple[int, tuple[int, ...]], ...]


class SharingGuard:
    """What a trace that writes in place depended on: how the Tensors of the call shared elements.

    arguments: the leaves, None for those that are guarded by identity. outside: Tensors that were not passed.
    written: the places, of arguments and then of `outside`, that are written in place.
    reshapes: whether it was asked if a reshape is a view, which depends on strides.
    """

    def __init__(
        self, arguments: Sequence[Any], outside: Sequence[Handle], written: Collection[int], reshapes: bool
    ) -> None:
        self._identified = [place for place, x in enumerate(arguments) if x is None]
        self._outside = outside
        self._written = written
        self._reshapes = reshapes
        self._before = self._sharing(arguments)

    def holds(self, leaves: Sequence[Any]) -> bool:
        """Whether the Tensors of another call share elements in the same way."""
        return self._sharing(leaves) == self._before

    def mixed(self, count: int) -> frozenset[int]:
        """The arguments, of `count`, that overlap a Tensor from outside."""
        pairs = [sorted(overlap.places) for overlap in self._before.overlaps]
        return frozenset(i for i, j in pairs if i < count <= j)

    def _sharing(self, leaves: Sequence[Any]) -> Sharing:
        touched: list[Any] = [*leaves, *self._outside]
        for place in self._identified:
            touched[place] = None
        return Sharing(
            self._overlaps(touched, repeated_ids(leaves)) if self._written else (),
            _strides(touched) if self._reshapes else (),
        )

    def _overlaps(self, touched: Sequence[Any], repeated: set[int]) -> tuple[Overlap, ...]:
        shared = [
            (place, x)
            for place, x in enumerate(touched)
            if isinstance(x, Handle) and (x._view is not None or id(x) in repeated)
        ]
        return tuple(
            Overlap((i, j), (_chain(x), _chain(y)))
            for i, x in shared
            if i in self._written
            for j, y in shared
            if (j not in self._written or i < j) and _overlap(x, y)
        )


def _strides(touched: Sequence[Any]) -> tuple[tuple[int, tuple[int, ...]], ...]:
    views = [(place, x._view) for place, x in enumerate(touched) if isinstance(x, Handle) and x._view is not None]
    layouts = [(place, view.layout()) for place, view in views if view.chain()]
    return tuple((place, layout.strides) for place, layout in layouts if not layout.contiguous)


def _chain(handle: Handle) -> Hashable:
    return () if handle._view is None else handle._view.chain()


def _overlap(x: Handle, y: Handle) -> bool:
    if x is y:
        return True
    one, other = x._view, y._view
    if one is None or other is None or one.family is not other.family:
        return False
    return not one.layout().apart_from(other.layout())


def repeated_ids(arguments: Sequence[Any]) -> set[int]:
    """The identities of what is passed more than once."""
    identities = list(map(id, arguments))
    if len(set(identities)) == len(identities):
        return set()
    return {key for key, count in Counter(identities).items() if count > 1}


def repeated_leaves(arguments: Sequence[Any]) -> frozenset[int]:
    """The places of leaves that require grad and are passed more than once: their gradient is one, not several."""
    repeated = repeated_ids(arguments)
    if not repeated:
        return frozenset()
    tensors = [(place, x) for place, x in enumerate(arguments) if isinstance(x, Handle)]
    return frozenset(place for place, x in tensors if x._token is not None and id(x) in repeated)


def mirrored(arguments: Sequence[Any]) -> dict[int, tuple[Family, View]]:
    """For arguments that are views or are passed twice, by place: families and views that stand for theirs in a
    trace."""
    repeated = repeated_ids(arguments)
    families: dict[int, Family] = {}
    groups: dict[int, object] = {}
    found = {}
    for place, x in enumerate(arguments):
        if isinstance(x, Handle) and (x._view is not None or id(x) in repeated):
            outer = x._view
            key, shape = (id(x), shape_of(x)) if outer is None else (id(outer.family), outer.family.place.shape)
            family = families.setdefault(key, Family(shape))
            group = groups.setdefault(id(x if outer is None else outer.group), object())
            chain = () if outer is None else outer.chain()
            found[place] = family, View.of_chain(family, group, chain, outer is None or outer.writable)
    return found


def follow(x: Node, steps: Sequence[Step]) -> Node:
    """Several steps of a view of a view as one."""
    for function, static in steps:
        x = function(x, **static)
    return x
