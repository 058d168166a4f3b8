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
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from dark_jit.lowering.contraction_spec import ContractionSpec
from dark_jit.lowering.gathering import IndexedSpec
from dark_jit.lowering.kernel import Argument, KernelSpec
from dark_jit.lowering.rows import Rows, Touch, are_items, natural, pieces, rows, touches
from dark_jit.lowering.target import Machine, Target
from dark_jit.lowering.winograd import WinogradSpec

CACHE_PART = 8  # of the second cache: what a block of rows may take; of the last one: what is large
BLOCKS_A_CORE = 4  # at least, so that workers end at about the same time
MOST_PRODUCTS = 2
AHEAD = 8  # kernels that one may overtake to go together with others


@dataclass(frozen=True)
class Chain:
    """Kernels of a program, by their numbers; more than one go together, in `blocks` blocks of rows."""

    kernels: tuple[int, ...]
    blocks: int = 0


class Use:
    """A kernel and what its arguments are: `written` are those that it writes, `pieces` as `rows.pieces`."""

    def __init__(self, spec: KernelSpec, keys: tuple[Hashable, ...]) -> None:
        self.spec, self.keys = spec, keys
        self.written = {key for key, argument in zip(keys, spec.arguments, strict=True) if argument.written}
        self.pieces = pieces(spec)
        self._touches: list[Touch] = touches(spec) if self.pieces else []
        self._places: dict[int, list[Place]] = {}

    def disturbs(self, other: Use) -> bool:
        """Whether the order of the two matters."""
        return not (self.written.isdisjoint(other.keys) and other.written.isdisjoint(self.keys))

    def places(self, count: int) -> list[Place]:
        """What it touches, cut into so many rows."""
        if count not in self._places:
            self._places[count] = [
                Place(self.keys[touch.argument], self.spec.arguments[touch.argument], touch.written, rows(touch, count))
                for touch in self._touches
            ]
        return self._places[count]


@dataclass(frozen=True)
class Place:
    """A buffer that a kernel touches, whether it writes it, and where its rows lie."""

    key: Hashable
    argument: Argument
    written: bool
    rows: Rows | None


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
        if not waits and (not behind or _gathers(use)) and builder.takes(use):
            needed = _needed(uses, free, use)
            before, free = before + needed, [other for other in free if other not in needed]
            members.append(number)
        elif waits or any(use.disturbs(uses[other]) for other in members):
            behind.append(number)
        else:
            free.append(number)
    if len(members) > 1:
        return before, Chain(tuple(members), builder.blocks)
    return [], Chain((left[0],))


def _gathers(use: Use) -> bool:
    """Whether a kernel makes less than it reads. Else it had better not be done before its result is wanted."""
    written = sum(argument.bytes for argument in use.spec.arguments if argument.written)
    return 2 * written <= sum(argument.bytes for argument in use.spec.arguments)


def _needed(uses: Sequence[Use], free: Sequence[int], use: Use) -> list[int]:
    """Those of the free kernels that must come before the last of them that a use has to do with."""
    met = [place for place, number in enumerate(free) if use.disturbs(uses[number])]
    return list(free[: met[-1] + 1]) if met else []


class _Builder:
    """A chain that grows. rows: into how many the work of all its kernels can be cut."""

    def __init__(self, first: Use, target: Target) -> None:
        self.target = target
        self.uses, self.keys = [first], set(first.keys)
        self.rows = first.pieces if first.pieces > 1 else 0

    def takes(self, use: Use) -> bool:
        """Let a kernel join, if it can go with the others and touches what they touch."""
        if not use.pieces or self.keys.isdisjoint(use.keys) or self._is_long(use):
            return False
        chain, common = [*self.uses, use], math.gcd(self.rows, use.pieces)
        counts = {math.gcd(common, count) for each in chain for count in natural(each.spec)}
        for count in sorted({common, *counts} - {1}, reverse=True):
            meets = any(place.rows and place.rows.step and place.key in self.keys for place in use.places(count))
            if meets and self._pay(chain, count) and all(_in_turn(other, use, count) for other in self.uses):
                self.uses, self.rows = chain, count
                self.keys.update(use.keys)
                return True
        return False

    def _is_long(self, use: Use) -> bool:
        """Whether it is a convolution or a product, of which the chain has enough: what a chain makes is in memory all
        at once, and what it gains it gains between neighbours."""
        products = sum(isinstance(other.spec, WinogradSpec | ContractionSpec) for other in (*self.uses, use))
        return isinstance(use.spec, WinogradSpec | ContractionSpec) and products > MOST_PRODUCTS

    def _pay(self, chain: Sequence[Use], count: int) -> bool:
        """Whether kernels that go together, in so many rows, find in a cache what else they would have to fetch: rows
        in a part of the second one what the first has no room for; or in a part of the last one what is far too large
        for the second. All cores must have some."""
        size, target = _row_bytes(chain, count), self.target
        if _anew(chain[-1], count) > size:
            return False
        if size <= target.l2_bytes // CACHE_PART:
            return _bytes(chain) > target.l1_bytes
        busy = count >= BLOCKS_A_CORE * target.cores or (count >= 2 * target.cores and count % target.cores == 0)
        return busy and size <= target.l3_bytes // (4 * target.cores) and _bytes(chain) > target.l3_bytes // CACHE_PART

    @property
    def blocks(self) -> int:
        """As many rows in a block as there is room for, and blocks enough for all cores."""
        taken = max(1, self.target.l2_bytes // CACHE_PART // max(1, _row_bytes(self.uses, self.rows)))
        wanted = min(self.rows, max(math.ceil(self.rows / taken), BLOCKS_A_CORE * self.target.cores))
        if all(use.pieces == self.rows and are_items(use.spec) for use in self.uses):
            return wanted
        return self.rows // next(size for size in range(self.rows // wanted, 0, -1) if self.rows % size == 0)


def _in_turn(first: Use, second: Use, count: int) -> bool:
    """Whether two kernels may do one row after another, both of them."""
    if not first.disturbs(second):
        return True
    return all(
        mine.rows is not None and its.rows is not None and mine.rows.apart(its.rows)
        for mine in first.places(count)
        for its in second.places(count)
        if mine.key == its.key and (mine.written or its.written)
    )


def _anew(use: Use, count: int) -> int:
    """Bytes that a matrix product reads for each row, because they have none. Winograd's weights are read more often
    anyway."""
    if not isinstance(use.spec, ContractionSpec):
        return 0
    return sum(place.argument.bytes for place in use.places(count) if not (place.rows and place.rows.step))


def _bytes(chain: Iterable[Use]) -> int:
    """Bytes of all that kernels touch."""
    sizes = {key: argument.bytes for use in chain for key, argument in zip(use.keys, use.spec.arguments, strict=True)}
    return sum(sizes.values())


def _row_bytes(chain: Iterable[Use], count: int) -> int:
    """The same for a row, of what has rows."""
    sizes: dict[Hashable, int] = {}
    for use in chain:
        for place in use.places(count):
            step = abs(place.rows.step) if place.rows else 0
            sizes[place.key] = max(sizes.get(place.key, 0), step * place.argument.itemsize)
    return sum(sizes.values())
