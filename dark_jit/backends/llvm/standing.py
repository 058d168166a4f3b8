"""What programs compute from inputs that stand still, kept from run to run (`lowering/standing.py`).

Buffers are immutable, so an input that is the same Buffer as before has the same value. Those on memory that others
may write (`Buffer.shared`) are an exception: what is computed from one of them is not kept.

All programs of a process keep `MOST_BYTES` at most, the results that were used last; what is computed from a buffer is
forgotten when that dies.
"""

from __future__ import annotations

import itertools
import weakref
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from dark_jit.backends.buffer import Buffer
from dark_jit.backends.llvm import runtime
from dark_jit.locks import Lock

MOST_BYTES = 512 << 20
_BYTES = np.dtype(np.uint8)

Key = tuple[int, ...]  # the number of a program, and the identities of the inputs
Results = tuple[Buffer, ...]


@dataclass(frozen=True)
class _Kept:
    """What was computed, and from which buffers; these may die."""

    inputs: tuple[weakref.ref[Buffer], ...]
    results: Results
    nbytes: int


class _Table:
    """The results that are kept, the one that was used last at the end."""

    def __init__(self) -> None:
        self.nbytes = 0
        self._found: OrderedDict[Key, _Kept] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Key, inputs: Sequence[Buffer]) -> Results | None:
        """The results from these inputs, if they are there."""
        with self._lock:
            kept = self._found.get(key)
            if kept is None or any(old() is not new for old, new in zip(kept.inputs, inputs, strict=True)):
                return None
            self._found.move_to_end(key)
            return kept.results

    def keep(self, key: Key, inputs: Sequence[Buffer], results: Results) -> None:
        """Keep results while the inputs live, and let go of those that were used long ago."""
        forget = partial(_forget, weakref.ref(self), key)
        kept = _Kept(tuple(weakref.ref(buffer, forget) for buffer in inputs), results, sum(b.shape[0] for b in results))
        with self._lock:
            self.drop(key)
            self._found[key] = kept
            self.nbytes += kept.nbytes
            while self.nbytes > MOST_BYTES:
                _, oldest = self._found.popitem(last=False)
                self.nbytes -= oldest.nbytes

    def drop(self, key: Key) -> None:
        """Forget results, if they are there."""
        with self._lock:
            kept = self._found.pop(key, None)
            self.nbytes -= 0 if kept is None else kept.nbytes


def _forget(table: weakref.ref[_Table], key: Key, _: object) -> None:
    """An input has died: its like will not come again."""
    found = table()
    if found is not None:
        found.drop(key)


table = _Table()
_numbers = itertools.count()


class Standing:
    """The kernels that come first in a program. Several threads may ask for what they make."""

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
        arena = any(isinstance(slot, runtime.Arena) for call in calls for slot in call.arguments)
        self._executable = runtime.Executable(calls, arena_bytes if arena else 0, externals + len(sizes))
        self._number = next(_numbers)
        self._externals = externals
        self._places = places
        self._sizes = [(size, runtime.size_class(size)) for size in sizes]

    def results(self, inputs: Sequence[Buffer], workers: int) -> Results:
        """The buffers with what the kernels make of these inputs of the program. Raises MemoryError."""
        mine = [inputs[place] for place in self._places]
        key = (self._number, *map(id, mine))
        kept = table.get(key, mine)
        if kept is not None:
            return kept
        made = tuple(runtime.OwnBuffer((size,), _BYTES, taken) for size, taken in self._sizes)
        outputs = [0] * (self._externals - len(inputs))
        self._executable.run([*(b.address for b in inputs), *outputs, *(b.address for b in made)], workers)
        if not any(buffer.shared for buffer in mine):
            table.keep(key, mine, made)
        return made
