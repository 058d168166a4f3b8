"""What a program computes from inputs that stand still, kept from run to run (`lowering/standing.py`).

Buffers are immutable, so an input that is the same Buffer as before has the same value. Those on memory that others
may write (`Buffer.shared`) are an exception: with one of them nothing is kept.
"""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dark_jit.backends.buffer import Buffer
from dark_jit.backends.llvm import runtime

_BYTES = np.dtype(np.uint8)


@dataclass(frozen=True)
class _Kept:
    """What was computed, and from which buffers; these may die."""

    inputs: tuple[weakref.ref[Buffer], ...]
    results: tuple[Buffer, ...]

    def holds(self, inputs: Sequence[Buffer]) -> bool:
        """Whether it was computed from these."""
        return all(old() is new for old, new in zip(self.inputs, inputs, strict=True))


class Standing:
    """The kernels that come first, and what they left last time. Several threads may ask for it."""

    def __init__(
        self,
        calls: Sequence[runtime.KernelCall],
        arena_bytes: int,
        externals: int,
        places: Sequence[int],
        sizes: Sequence[int],
    ) -> None:
        """The program is given `externals` pointers, of which those at `places` are the inputs that are read here;
        the results, of `sizes` bytes, come after them."""
        self._calls = calls
        self._arena_bytes = arena_bytes
        self._externals = externals
        self._places = places
        self._sizes = sizes
        self._kept: _Kept | None = None

    def results(self, inputs: Sequence[Buffer], workers: int) -> tuple[Buffer, ...]:
        """The buffers with what the kernels make of these inputs of the program. Raises MemoryError."""
        mine = [inputs[place] for place in self._places]
        kept = self._kept
        if kept is not None and kept.holds(mine):
            return kept.results
        self._kept = None  # before there is memory for both
        made = self._computed(inputs, workers)
        if not any(buffer.shared for buffer in mine):
            self._kept = _Kept(tuple(weakref.ref(buffer, self._forget) for buffer in mine), made)
        return made

    def _computed(self, inputs: Sequence[Buffer], workers: int) -> tuple[Buffer, ...]:
        made = tuple(runtime.OwnBuffer((size,), _BYTES, runtime.size_class(size)) for size in self._sizes)
        executable = runtime.Executable(self._calls, self._arena_bytes, self._externals + len(made))
        outputs = [0] * (self._externals - len(inputs))
        executable.run([*(b.address for b in inputs), *outputs, *(b.address for b in made)], workers)
        return made

    def _forget(self, _: object) -> None:
        """An input has died: its like will not come again."""
        self._kept = None
