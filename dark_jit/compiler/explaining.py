"""Why a program could not be used for a call, in words: what it depends on, from what to what it changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from dark_jit.compiler.aliasing import repeated_leaves
from dark_jit.compiler.entry import Entry
from dark_jit.tensor.handle import Handle


def changed(entry: Entry, leaves: Sequence[Any]) -> str:
    """The first of the entry's conditions that does not hold for arguments of its key."""
    conditions = (_gradients(entry), _identities(entry, leaves), _sharing(entry, leaves), _masks(entry))
    found = next((reason for condition in conditions for reason in condition), None)
    return found or entry.guards.changed() or "something that its trace depended on changed while this one was made"


def _gradients(entry: Entry) -> Iterator[str]:
    for handle, missing in entry.without_grad:
        if (handle._grad is None) is not missing:
            before, now = ("no gradient", "one") if missing else ("a gradient", "none")
            yield f"{_named(handle)}, which the function reaches from outside, had {before} and has {now} now"


def _identities(entry: Entry, leaves: Sequence[Any]) -> Iterator[str]:
    for index, value in entry.pinned:
        if leaves[index] is not value:
            yield f"{_argument(index, leaves)} is another Tensor; the one before was also reached from outside"
    for index, value in enumerate(leaves):
        if id(value) in entry.outside and index not in entry.pinned_places:
            yield f"{_argument(index, leaves)} is also reached from outside now"
    if entry.gathers:
        for index in sorted(repeated_leaves(leaves) - entry.pinned_places):
            yield f"{_argument(index, leaves)}, whose gradient is collected, is passed twice"


def _sharing(entry: Entry, leaves: Sequence[Any]) -> Iterator[str]:
    if entry.sharing is not None and not entry.sharing.holds(leaves):
        yield "Tensors that are written in place share elements in another way"


def _masks(entry: Entry) -> Iterator[str]:
    for mask, before in entry.masks:
        old, new = (np.asarray(each.array() if hasattr(each, "array") else each) for each in (before, _elements(mask)))
        if not np.array_equal(old, new):
            counts = f"from {np.count_nonzero(old)} to {np.count_nonzero(new)} of {new.size} elements"
            yield f"a mask that the function indexes with changed, {counts}"
        elif isinstance(mask, Handle) and mask._buffer is not before:
            yield "a mask that the function indexes with has another value, though equal elements"


def _elements(mask: Any) -> Any:
    return mask._buffer if isinstance(mask, Handle) and mask._buffer is not None else np.asarray(mask)


def _argument(index: int, leaves: Sequence[Any]) -> str:
    return f"argument {index} ({_named(leaves[index])})"


def _named(value: Any) -> str:
    return f"{np.dtype(value.dtype).name}{list(value.shape)}"
