"""The buffer plan: every intermediate value gets a place in one arena, and places are used again.

Greedy by size (Pisarchyk and Lee 2020, "Efficient Memory Management for Deep Neural Net Inference"): the largest first,
each at the lowest place that is free during its whole life.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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

    def meets(self, other: Life) -> bool:
        """Whether both are needed at some time."""
        return self.first <= other.last and other.first <= self.last


def plan_arena(lives: Sequence[Life]) -> tuple[list[int], int]:
    """An offset for each value, and the size of the arena, in bytes."""
    offsets = [0] * len(lives)
    placed: list[int] = []
    for number in sorted(range(len(lives)), key=lambda n: (-lives[n].size, lives[n].first)):
        life, at = lives[number], 0
        taken = sorted((offsets[other], lives[other].size) for other in placed if lives[other].meets(life))
        for start, size in taken:
            if at + life.size <= start:
                break
            at = max(at, start + size)
        offsets[number] = at
        placed.append(number)
    return offsets, max((offset + life.size for offset, life in zip(offsets, lives, strict=True)), default=0)


def lower_bound(lives: Sequence[Life]) -> int:
    """No arena can be smaller: the most bytes that are needed at one time."""
    moments = {life.first for life in lives}
    return max((sum(life.size for life in lives if life.first <= now <= life.last) for now in moments), default=0)
