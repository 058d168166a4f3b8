"""The buffer plan: every intermediate value gets a place in one arena, and places are used again.

Greedy by size (Pisarchyk and Lee 2020, "Efficient Memory Management for Deep Neural Net Inference"): the largest first,
each at the lowest place that is free during its whole life.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

ALIGNMENT = 64


@dataclass(frozen=True)
class Life:
    """A value of `nbytes` that is needed from kernel number `first` to kernel number `last`, both included."""

    nbytes: int
    first: int
    last: int

    @property
    def size(self) -> int:
        """Bytes that it takes in the arena."""
        return -(-self.nbytes // ALIGNMENT) * ALIGNMENT


def plan_arena(lives: Sequence[Life]) -> tuple[list[int], int]:
    """An offset for each value, and the size of the arena, in bytes."""
    order = sorted(range(len(lives)), key=lambda number: (-lives[number].size, lives[number].first))
    first, last = (np.array([getattr(lives[number], end) for number in order], np.int64) for end in ("first", "last"))
    offsets, top = [0] * len(lives), 0
    for position, number in enumerate(order):
        meets = (first[:position] <= last[position]) & (first[position] <= last[:position])
        others = [order[other] for other in np.flatnonzero(meets)]
        taken = sorted((offsets[other], offsets[other] + lives[other].size) for other in others)
        offsets[number] = _lowest_gap(taken, lives[number].size)
        top = max(top, offsets[number] + lives[number].size)
    return offsets, top


def _lowest_gap(taken: Sequence[tuple[int, int]], size: int) -> int:
    """The lowest place for `size` bytes outside of these ranges, which are in order."""
    at = 0
    for start, end in taken:
        if at + size <= start:
            break
        at = max(at, end)
    return at


def lower_bound(lives: Sequence[Life]) -> int:
    """No arena can be smaller: the most bytes that are needed at one time."""
    changes = [(life.first, life.size) for life in lives] + [(life.last + 1, -life.size) for life in lives]
    return max(accumulate(change for _, change in sorted(changes)), default=0)
