"""Kernels that do a part of their work each, one after the other, before the next part: what one has written the next
still finds in the cache.

Softmax is a maximum, an exponential, a sum and a quotient, each a kernel over the same rows. Run whole they bring a
large array from memory four times; run together, block of rows by block of rows, once. So a convolution goes together
with the statistics of its results, and with the normalisation of its inputs, a few images at a time. Nothing is
rendered anew: a kernel is called as kernel(args, worker, workers) for its share of the rows, so kernel(args, block,
blocks) is its work on a block. Kernels can go together where what one reads of another lies in its own row (`rows`).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from dark_jit.lowering.gathering import IndexedSpec
from dark_jit.lowering.kernel import KernelSpec
from dark_jit.lowering.rows import Rows, natural, pieces, rows, touches
from dark_jit.lowering.target import Machine, Target

CACHE_PART = 8  # of the second cache: what a block of rows may take
BLOCKS_A_CORE = 4  # at least, so that workers end at about the same time
AHEAD = 8  # kernels that one may overtake to go together with others


@dataclass(frozen=True)
class Chain:
    """Kernels of a program, by their numbers; more than one go together, in `blocks` blocks of rows."""

    kernels: tuple[int, ...]
    blocks: int = 0


@dataclass(frozen=True)
class Use:
    """A kernel and what its arguments are."""

    spec: KernelSpec
    keys: tuple[Hashable, ...]

    @property
    def written(self) -> set[Hashable]:
        """What it writes."""
        return {key for key, argument in zip(self.keys, self.spec.arguments, strict=True) if argument.written}

    def disturbs(self, other: Use) -> bool:
        """Whether the order of the two matters."""
        return not (self.written.isdisjoint(other.keys) and other.written.isdisjoint(self.keys))


def chains(uses: Sequence[Use], target: Machine) -> list[Chain]:
    """All kernels of a program, those together that can go so, in an order in which they can run."""
    if not isinstance(target, Target):
        return [Chain((number,)) for number in range(len(uses))]
    found: list[Chain] = []
    left = list(range(len(uses)))
    while left:
        before, chain = _first_chain(uses, left, target)
        found += [Chain((number,)) for number in before]
        found.append(chain)
        left = [number for number in left if number not in {*before, *chain.kernels}]
    return found


def _first_chain(uses: Sequence[Use], left: Sequence[int], target: Target) -> tuple[list[int], Chain]:
    """The chain that begins with the first kernel that is left, and those that have to come before it."""
    builder = _Builder(uses[left[0]], target)
    members, before, free, behind = [left[0]], list[int](), list[int](), list[int]()
    for number in left[1:]:
        use = uses[number]
        if not builder.rows or len(free) + len(behind) > AHEAD or isinstance(use.spec, IndexedSpec):
            break
        waits = any(use.disturbs(uses[other]) for other in behind)
        if not waits and builder.takes(use):
            needed = _needed(uses, free, use)
            before, free = before + needed, [other for other in free if other not in needed]
            members.append(number)
        elif waits or any(use.disturbs(uses[other]) for other in members):
            behind.append(number)
        else:
            free.append(number)
    if builder.pays:
        return before, Chain(tuple(members), builder.blocks)
    return [], Chain((left[0],))


def _needed(uses: Sequence[Use], free: Sequence[int], use: Use) -> list[int]:
    """Those of the free kernels that must come before the last of them that a use has to do with."""
    met = [place for place, number in enumerate(free) if use.disturbs(uses[number])]
    return list(free[: met[-1] + 1]) if met else []


class _Builder:
    """A chain that grows. rows: into how many the work of all its kernels can be cut."""

    def __init__(self, first: Use, target: Target) -> None:
        self.target = target
        self.uses = [first]
        self.rows = pieces(first.spec)
        if self.rows < 2 or _row_bytes(self.uses, self.rows) > self._most:
            self.rows = 0

    @property
    def _most(self) -> int:
        """Bytes that a row may have."""
        return max(self.target.l2_bytes // CACHE_PART, self.target.l3_bytes // (4 * self.target.cores))

    @property
    def pays(self) -> bool:
        """Whether there is more to touch than a cache holds."""
        if len(self.uses) == 1:
            return False
        near = self._row_bytes <= self.target.l2_bytes // CACHE_PART
        return _bytes(self.uses) > (self.target.l1_bytes if near else self.target.l2_bytes)

    @property
    def _row_bytes(self) -> int:
        return _row_bytes(self.uses, self.rows)

    @property
    def blocks(self) -> int:
        """As many rows in a block as there is room for, and blocks enough for all cores."""
        taken = max(1, self.target.l2_bytes // CACHE_PART // max(1, self._row_bytes))
        wanted = min(self.rows, max(math.ceil(self.rows / taken), BLOCKS_A_CORE * self.target.cores))
        if all(pieces(use.spec) == self.rows for use in self.uses):
            return wanted
        return next(blocks for blocks in range(wanted, self.rows + 1) if self.rows % blocks == 0)

    def takes(self, use: Use) -> bool:
        """Let a kernel join, if it can go with the others and touches what they touch."""
        most = pieces(use.spec)
        if not most or not {key for other in self.uses for key in other.keys} & set(use.keys):
            return False
        chain, common = [*self.uses, use], math.gcd(self.rows, most)
        counts = {math.gcd(common, count) for each in chain for count in natural(each.spec)}
        for count in sorted({common, *counts} - {1}, reverse=True):
            if _row_bytes(chain, count) <= self._most and all(_in_turn(other, use, count) for other in self.uses):
                self.uses, self.rows = chain, count
                return True
        return False


def _in_turn(first: Use, second: Use, count: int) -> bool:
    """Whether two kernels may do one row after another, both of them."""
    if not first.disturbs(second):
        return True
    return all(
        mine is not None and other is not None and mine.apart(other)
        for key, written, mine in _places(first, count)
        for other_key, other_written, other in _places(second, count)
        if key == other_key and (written or other_written)
    )


def _places(use: Use, count: int) -> Iterator[tuple[Hashable, bool, Rows | None]]:
    """What a kernel touches, whether it writes it, and where its rows lie."""
    for touch in touches(use.spec):
        yield use.keys[touch.argument], touch.written, rows(touch, count)


def _bytes(chain: Iterable[Use]) -> int:
    """Bytes of all that kernels touch."""
    sizes = {key: argument.bytes for use in chain for key, argument in zip(use.keys, use.spec.arguments, strict=True)}
    return sum(sizes.values())


def _row_bytes(chain: Iterable[Use], count: int) -> int:
    """The same for a row, of what has rows."""
    sizes: dict[Hashable, int] = {}
    for use in chain:
        for touch in touches(use.spec):
            found = rows(touch, count)
            step = abs(found.step) if found else 0
            key, itemsize = use.keys[touch.argument], use.spec.arguments[touch.argument].itemsize
            sizes[key] = max(sizes.get(key, 0), step * itemsize)
    return sum(sizes.values())
