"""Kernels that go along rows, one after the other for a few rows at a time: what one has written the next still finds
in the cache.

Softmax is a maximum, an exponential, a sum and a quotient, each a kernel over the same rows. Run whole they bring a
large array from memory four times; run together, block of rows by block of rows, once. Nothing is rendered anew: a
kernel is called as kernel(args, worker, workers) for its share of the rows, so kernel(args, block, blocks) is its work
on a block. Two kernels can go together where they share the same rows and what the second reads of the first lies in
its own row.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from dark_jit.lowering.kernel import PIECE, Access, ElementwiseSpec, KernelSpec, Load
from dark_jit.lowering.reduction import ReduceRowsSpec
from dark_jit.lowering.target import Machine, Target

CACHE_PART = 8  # of the second cache: what a block of rows may take
BLOCKS_A_CORE = 4  # at least, so that workers end at about the same time


@dataclass(frozen=True)
class Chain:
    """Kernels number `first` .. `last` - 1 of a program; more than one go together, in `blocks` blocks of rows."""

    first: int
    last: int
    blocks: int = 0


@dataclass(frozen=True)
class Use:
    """A kernel and what its arguments are."""

    spec: KernelSpec
    keys: tuple[Hashable, ...]


@dataclass(frozen=True)
class _Rows:
    """Where rows lie in a buffer: row r has the elements first + r * step .. last + r * step."""

    first: int
    last: int
    step: int


def chains(uses: Sequence[Use], target: Machine) -> list[Chain]:
    """All kernels of a program, those together that can go so."""
    found: list[Chain] = []
    first = 0
    while first < len(uses):
        last = first + 1
        if isinstance(target, Target) and _count(uses[first].spec) > 1:
            while last < len(uses) and _joins(uses[last], uses[first:last], target):
                last += 1
        if last > first + 1 and isinstance(target, Target) and _bytes(uses[first:last]) > target.l1_bytes:
            found.append(Chain(first, last, _blocks(uses[first:last], target)))
        else:
            found += [Chain(number, number + 1) for number in range(first, last)]
        first = last
    return found


def _count(spec: KernelSpec) -> int:
    """The rows of a kernel whose workers share rows; 0 for others."""
    if isinstance(spec, ReduceRowsSpec) and spec.split is None:
        return math.prod(spec.axes)
    if type(spec) is ElementwiseSpec and len(spec.axes) > 1 and spec.axes[-1] <= PIECE:  # longer rows are cut
        return math.prod(spec.axes[:-1])
    return 0


def _joins(use: Use, chain: Sequence[Use], target: Target) -> bool:
    """Whether a kernel can go with those before it, and reads something that they touch."""
    if _count(use.spec) != _count(chain[0].spec) or not set(use.keys) & {key for each in chain for key in each.keys}:
        return False
    if _row_bytes([*chain, use]) > target.l2_bytes // CACHE_PART:
        return False
    written = [store for each in chain for store in _stores(each)]
    read = [load for each in chain for load in _loads(each)]
    return all(_within(rows, made) for key, rows in _loads(use) for other, made in written if other == key) and all(
        _within(rows, made)  # in the memory of what those before it read, where it is computed in place
        for other, rows in read
        for key, made in _stores(use)
        if other == key
    )


def _within(read: _Rows | None, written: _Rows | None) -> bool:
    """Whether each row that is read is the part of a row that was written, or the whole of it."""
    if read is None or written is None or read.step != written.step:
        return False
    return written.first <= read.first and read.last < written.first + written.step


def _stores(use: Use) -> Iterator[tuple[Hashable, _Rows | None]]:
    """What a kernel writes, and where its rows lie in that."""
    for store in use.spec.epilogue.stores:
        yield use.keys[store.argument], _rows(store.access, use.spec)


def _loads(use: Use) -> Iterator[tuple[Hashable, _Rows | None]]:
    """What a kernel reads, and where its rows lie in that."""
    bodies = [use.spec.epilogue, *([use.spec.prologue] if isinstance(use.spec, ReduceRowsSpec) else [])]
    for body in bodies:
        for step in body.steps:
            if isinstance(step, Load):
                yield use.keys[step.argument], _rows(step.access, use.spec)


def _rows(access: Access, spec: KernelSpec) -> _Rows | None:
    """Where the rows lie; None if they are not evenly spaced, or partly not there."""
    outer = spec.axes if isinstance(spec, ReduceRowsSpec) else spec.axes[:-1]
    inner = (*spec.axes[len(outer) :], *getattr(spec, "reduced", ()))
    step = _step(outer, access.strides[: len(outer)])
    if step is None or access.valid:
        return None
    ends = [(extent - 1) * stride for extent, stride in zip(inner, access.strides[len(outer) :], strict=False)]
    return _Rows(
        access.offset + sum(min(end, 0) for end in ends), access.offset + sum(max(end, 0) for end in ends), step
    )


def _step(extents: Sequence[int], strides: Sequence[int]) -> int | None:
    """From row to row, if all follow each other evenly in C order."""
    step, weight = 0, 1
    for extent, stride in zip(reversed(extents), reversed(strides), strict=True):
        if extent > 1:
            step = stride if weight == 1 else step
            if stride != step * weight:
                return None
            weight *= extent
    return step


def _bytes(chain: Sequence[Use]) -> int:
    """Bytes of all that kernels touch."""
    sizes = {key: argument.bytes for use in chain for key, argument in zip(use.keys, use.spec.arguments, strict=True)}
    return sum(sizes.values())


def _row_bytes(chain: Sequence[Use]) -> int:
    """The same, for each row."""
    return _bytes(chain) // _count(chain[0].spec)


def _blocks(chain: Sequence[Use], target: Target) -> int:
    """As many rows in a block as a part of the second cache has room for, and blocks enough for all cores."""
    rows = _count(chain[0].spec)
    taken = max(1, target.l2_bytes // CACHE_PART // max(1, _row_bytes(chain)))
    return min(rows, max(math.ceil(rows / taken), BLOCKS_A_CORE * target.cores))
