"""Kernels whose results stay as they are from run to run, because all that they read stands still.

A model that is not trained has the same weights at each call, and so a convolution's transformed weights, or a matrix
in panels, are the same each time. Such kernels come first; they run again only when an input of theirs is another one
(`backends/llvm/standing.py`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Hashable, Iterable, Sequence

from dark_jit.graph.node import Node
from dark_jit.lowering.chains import Use

LEAST_WORK = 1 << 20  # operations and bytes: not much more than that is done while it is looked up whether it must be


def standing(uses: Sequence[Use], inputs: Iterable[Hashable], outputs: Container[Hashable]) -> list[int]:
    """The numbers of the kernels that depend on these inputs alone, if it is worth while to keep what they make.

    Not those that make an output, which is a new buffer each time, or a part of something, or may record an error.
    """
    still = set(inputs)
    if not still:
        return []
    writers = Counter(key for use in uses for key in _written(use))
    found = []
    for number, use in enumerate(uses):
        written = _written(use)
        own = all(writers[key] == 1 and _may_be_kept(key) and key not in outputs for key in written)
        if own and written and set(use.keys) - written <= still:
            found.append(number)
            still |= written
    made = [uses[number] for number in found]
    return found if sum(use.spec.flops + use.spec.bytes for use in made) >= LEAST_WORK else []


def kept(uses: Sequence[Use], first: int) -> dict[Hashable, int]:
    """What the first kernels make and others read, with its bytes."""
    read = {key for use in uses[first:] for key in use.keys}
    return {
        key: argument.bytes
        for use in uses[:first]
        for key, argument in zip(use.keys, use.spec.arguments, strict=True)
        if argument.written and key in read
    }


def _written(use: Use) -> set[Hashable]:
    return {key for key, argument in zip(use.keys, use.spec.arguments, strict=True) if argument.written}


def _may_be_kept(key: Hashable) -> bool:
    return key[1] != "status" if isinstance(key, tuple) else isinstance(key, Node) and key.op.kind != "assembly"
