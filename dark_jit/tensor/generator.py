"""The state behind random numbers: a key, which is the seed, and how many draws there were.

A draw takes its number when it is called, and its elements have counters of their own (dark_jit.ops.random), so
nothing else decides its values. A compiled call takes the numbers of all its draws at once, before it runs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from dark_jit.backends.buffer import Buffer
from dark_jit.errors import ArgumentError, TraceError
from dark_jit.graph.graph import leaf
from dark_jit.graph.node import Node
from dark_jit.locks import Lock
from dark_jit.ops.checks import integer
from dark_jit.tensor.handle import where
from dark_jit.tensor.mode import mode

SEEDS = 2**64


@dataclass(frozen=True)
class Draws:
    """`count` draws from a key, the first of them number `first`."""

    key: Buffer
    first: int
    count: int

    def first_number(self) -> Buffer:
        """`first`, as a program reads it."""
        return Buffer.of(np.array(self.first, np.int64))


class Generator:
    """Hands out draws, to any thread: no two get the same one. The child of a fork goes on as its parent does."""

    def __init__(self) -> None:
        self._key: Buffer | None = None  # until the first draw, or seed
        self._next = 0
        self._lock = Lock()

    def seed(self, seed: int) -> None:
        """Begin with the first draw of a seed."""
        with self._lock:
            self._key, self._next = _key(seed), 0

    def take(self, count: int = 1) -> Draws:
        """The next `count` draws."""
        with self._lock:
            if self._key is None:
                self._key = _key(int.from_bytes(os.urandom(8), "little"))
            taken = Draws(self._key, self._next, count)
            self._next += count
        return taken

    def give_back(self, draws: Draws) -> None:
        """Undo `take` where nothing was taken, or seeded, since."""
        with self._lock:
            if self._key is draws.key and self._next == draws.first + draws.count:
                self._next = draws.first

    @contextmanager
    def preserved(self) -> Iterator[None]:
        """Afterwards the state is as before."""
        before = self.take(0)
        try:
            yield
        finally:
            with self._lock:
                self._key, self._next = before.key, before.first


def _key(seed: int) -> Buffer:
    return Buffer.of(np.array(seed, np.uint64).view(np.int64))


generator = Generator()


def manual_seed(seed: int) -> None:
    """Start the sequence of random numbers anew: equal seeds give equal numbers, on every backend and machine.

    seed: 0 <= seed < 2^64. Without it the operating system chooses. Raises ArgumentError; TraceError inside a compiled
    function.
    """
    value = integer(seed, "a seed")
    if not 0 <= value < SEEDS:
        raise ArgumentError(f"a seed must be at least 0 and below 2**64, got {value}")
    if mode.trace is not None:
        raise TraceError(
            f"{where()}manual_seed inside a compiled function would have no effect on its next calls; call it before"
        )
    generator.seed(value)


def next_draw() -> tuple[Node, Node]:
    """The key and the number of a new draw, as 0-d inputs."""
    if mode.trace is not None:
        return mode.trace.draw()
    taken = generator.take()
    return _input(taken.key), _input(taken.first_number())


def _input(buffer: Buffer) -> Node:
    return leaf(buffer, buffer.shape, buffer.dtype)
