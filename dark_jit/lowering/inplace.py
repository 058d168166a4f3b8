"""Values that take the memory of a value that dies where they come about.

An elementwise kernel reads all that it needs for a vector before it stores it. So its result may lie where one of its
operands lies, if nobody reads that operand afterwards and it is read just where the result is written. That saves
memory, and the way of a large result to memory and back: softmax's exponentials are divided where they lie.
"""

from __future__ import annotations

from collections.abc import Container, Hashable, Iterator, Sequence

from dark_jit.lowering.chains import Use
from dark_jit.lowering.kernel import Access, Load


def homes(uses: Sequence[Use], kept: Container[Hashable]) -> dict[Hashable, Hashable]:
    """For what is overwritten the last of the values that have its memory after it. `kept` must stay as it is."""
    first, last = _lives(uses)
    found: dict[Hashable, Hashable] = {}
    taken: set[Hashable] = set()
    for number, use in enumerate(uses):
        for made, old in _pairs(use) if use.spec.template == "elementwise" else ():
            changes = first[old] < number and (last[old], first[made]) == (number, number)
            if changes and old not in kept and old not in found and made not in taken:
                found[old] = made
                taken.add(made)
    for old in reversed(found):
        found[old] = found.get(found[old], found[old])
    return found


def _lives(uses: Sequence[Use]) -> tuple[dict[Hashable, int], dict[Hashable, int]]:
    """The first and the last kernel that each value is known to."""
    first: dict[Hashable, int] = {}
    last: dict[Hashable, int] = {}
    for number, use in enumerate(uses):
        for key in use.keys:
            first.setdefault(key, number)
            last[key] = number
    return first, last


def _pairs(use: Use) -> Iterator[tuple[Hashable, Hashable]]:
    """Results and operands of a kernel that have equal buffers and are written and read at the same places."""
    arguments = use.spec.arguments
    for store in use.spec.epilogue.stores:
        made = arguments[store.argument]
        for key, argument in zip(use.keys, arguments, strict=True):
            same = (argument.dtype, argument.elements) == (made.dtype, made.elements)
            if same and not argument.written and _accesses(use, key) == {store.access}:
                yield use.keys[store.argument], key


def _accesses(use: Use, key: Hashable) -> set[Access]:
    """Where a kernel reads a buffer, which it may be given as more than one argument."""
    steps = use.spec.epilogue.steps
    return {step.access for step in steps if isinstance(step, Load) and use.keys[step.argument] == key}
