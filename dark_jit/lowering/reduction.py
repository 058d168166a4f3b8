"""Reductions: sum, product, maximum and minimum over some axes of a space, with a fused prologue and epilogue.

    out[p] = epilogue(fold over r of prologue(p, r))        p: parallel axes, r: reduced axes

Which axis becomes vectors, how far loops are unrolled and where a long reduction is cut into chunks depends on shapes
and strides only, never on the number of workers: so do the bits of a sum.

A sum goes up in levels: `block` steps into a part of each lane, parts into a chunk, chunks into the result (as in
blocked pairwise summation). The error is at most about (block + blocks + chunks + log2(lanes)) roundings, where
one after another there would be as many as there are elements.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

from dark_jit import dtypes
from dark_jit.lowering.axes import Groups, collapse, reorder, rewrite, with_axis
from dark_jit.lowering.kernel import Access, Accumulator, Apply, Argument, Body, KernelSpec, Load, Store
from dark_jit.lowering.lanes import lanes as vector_lanes
from dark_jit.lowering.target import Folding, Machine

Monoid = Literal["sum", "prod", "max", "min"]

LONG = 8  # steps of an epilogue that repeats often in a text
NARROW = 2  # vectors of a strip then, where there is not much to fold
CHUNKS = 4  # as many are worth a second kernel
BLOCKS = 8, 1024  # bounds of the steps that are summed into one part


@dataclass(frozen=True)
class ReduceSpec(KernelSpec):
    """Vectors along the last parallel axis: `lanes` neighbouring results at once, `vectors` such vectors side by side.

    The prologue (steps only) runs over axes + reduced. Its value at position `value`, of `dtype`, is folded. Of reduced
    axis `split`, if not None, parallel axis 0 counts the chunks: each takes `chunk` indices of it.
    """

    template: ClassVar[str] = "reduce"
    reduced: tuple[int, ...]
    prologue: Body
    value: int
    monoid: Monoid
    dtype: str
    vectors: int
    unroll: int
    block: int
    split: int | None = None
    chunk: int = 0

    @property
    def identity(self) -> str:
        """What leaves every value as it is, as `dtypes.number_text` writes it."""
        return identity(self.monoid, self.dtype)

    @property
    def items(self) -> int:
        """Pieces of work that workers share."""
        return math.prod(self.axes[:-1]) * -(-self.axes[-1] // (self.lanes * self.vectors))

    @property
    def step(self) -> int:
        """Indices of the last reduced axis that are folded at a time."""
        return self.unroll

    @property
    def flops(self) -> int:
        """Elementwise operations of prologue and epilogue, and one operation for each element that is folded."""
        chunks = self.axes[0] if self.split is not None else 1
        elements = math.prod(self.axes) * math.prod(self.reduced) // chunks
        steps = 1 + sum(isinstance(step, Apply) for step in self.prologue.steps)
        return super().flops + elements * steps


@dataclass(frozen=True)
class ReduceRowsSpec(ReduceSpec):
    """Vectors along the last reduced axis: one result at a time; `unroll` vectors are folded side by side."""

    template: ClassVar[str] = "reduce_rows"

    @property
    def items(self) -> int:
        return math.prod(self.axes)

    @property
    def step(self) -> int:
        return self.unroll * self.lanes


@dataclass(frozen=True)
class Plan:
    """How a reduction runs: one kernel, or two, of which the first writes the results of chunks to a scratch buffer.

    The scratch buffer is the last argument of `first` and the first one of `second`; the other arguments of both are
    those that were given, though `first` then writes none of them.
    """

    first: ReduceSpec
    second: ReduceSpec | None
    reason: str


def identity(monoid: Monoid, dtype: str) -> str:
    """The neutral element of a reduction, as `dtypes.number_text` writes it."""
    if monoid in ("sum", "prod"):
        return "0" if monoid == "sum" else "1"
    if dtype == "bool":
        return str(monoid == "min")
    if dtypes.TABLE[dtype].kind == "f":
        return "-inf" if monoid == "max" else "inf"
    low, high = dtypes.limits(dtypes.as_dtype(dtype))
    return str(low if monoid == "max" else high)


def plan(
    axes: tuple[int, ...],
    reduced: tuple[int, ...],
    prologue: Body,
    value: int,
    monoid: Monoid,
    epilogue: Body,
    arguments: tuple[Argument, ...],
    target: Machine,
) -> Plan:
    """Choose the kernels of a reduction.

    `prologue` is a body over axes + reduced, without stores; `epilogue` one over `axes`, in which the Accumulator is
    the reduction of `value`. max and min must reduce at least one element.
    """
    if not axes:
        axes, prologue, epilogue = (1,), with_axis(prologue, 1), with_axis(epilogue, 1)
    parallel = _by_stride(range(len(axes)), [store.access for store in epilogue.stores])
    order = parallel + _by_stride(range(len(axes), len(axes) + len(reduced)), _loads(prologue))
    extents = [(*axes, *reduced)[axis] for axis in order]
    prologue, epilogue = reorder(prologue, order), reorder(epilogue, order)
    merged = collapse((tuple(extents[: len(axes)]), tuple(extents[len(axes) :])), (prologue, epilogue))
    bodies = merged.body(prologue), merged.body(epilogue)
    whole, reason = _kernel(merged.groups, bodies, value, monoid, arguments, target, target.folding)
    return _split(whole, reason, target)


def _kernel(
    groups: Groups,
    bodies: tuple[Body, Body],
    value: int,
    monoid: Monoid,
    arguments: tuple[Argument, ...],
    target: Machine,
    folding: Folding,
) -> tuple[ReduceSpec, str]:
    """One kernel over merged axes (parallel, reduced) with a (prologue, epilogue), and why it has its form."""
    (axes, reduced), (prologue, epilogue) = groups, bodies
    columns, rows = contiguous(prologue, len(axes) - 1, axes[-1]), contiguous(prologue, -1, reduced[-1])
    apart = _apart(prologue, len(axes) - 1) - _apart(prologue, -1)  # what would be gathered, the one way and the other
    by_rows = apart > 0 if apart else rows > columns or (rows == columns and axes[-1] < reduced[-1])
    lanes = vector_lanes(arguments, bodies, target.fold_lanes)
    tile = _rows_tile if by_rows else _columns_tile
    vectors, unroll = tile(axes[-1], reduced[-1], lanes, folding)
    spec = (ReduceRowsSpec if by_rows else ReduceSpec)(
        axes=axes,
        arguments=arguments,
        epilogue=epilogue,
        lanes=lanes,
        reduced=reduced,
        prologue=prologue,
        value=value,
        monoid=monoid,
        dtype=prologue.steps[value].dtype,
        vectors=vectors,
        unroll=unroll,
        block=_block(reduced[-1] // (unroll * (lanes if by_rows else 1))),
    )
    loads, kind = len(_loads(prologue)), "reduced" if by_rows else "parallel"
    return spec, f"{rows if by_rows else columns} of {loads} loads are contiguous along the last {kind} axis"


def _rows_tile(_: int, extent: int, lanes: int, folding: Folding) -> tuple[int, int]:
    return 1, max(1, min(folding.accumulators, extent // lanes))


def _columns_tile(width: int, steps: int, lanes: int, folding: Folding) -> tuple[int, int]:
    """Vectors side by side, evenly if possible, then steps at a time, as many as divide the axis or as there are."""
    wide = -(-width // lanes)
    most = min(wide, folding.strip)
    vectors = next((k for k in range(most, most // 2, -1) if wide % k == 0), most)
    room = folding.accumulators // vectors
    return vectors, next(
        k for k in (8, 4, 2, 1) if k == 1 or (k <= min(room, steps) and (folding.uneven or steps % k == 0))
    )


def _split(whole: ReduceSpec, reason: str, target: Machine) -> Plan:
    """Cut the longest reduced axis into chunks where the results alone make too few pieces of work."""
    axis = max(range(len(whole.reduced)), key=lambda k: whole.reduced[k])
    unit = whole.step if axis == len(whole.reduced) - 1 else 1
    elements = math.prod(whole.axes) * math.prod(whole.reduced)
    folding = target.folding
    wanted = min(-(-elements // folding.chunk), folding.chunked_items // whole.items)
    units = whole.reduced[axis] // unit  # what is no whole unit belongs to the last chunk
    if whole.items >= folding.items or wanted < CHUNKS or units < CHUNKS:
        return Plan(whole, None, reason)
    chunk = -(-units // wanted) * unit
    count = -(-units * unit // chunk)
    scratch = Argument(whole.dtype, count * math.prod(whole.axes), written=True)
    first = _first(whole, axis, chunk, count, scratch)
    second = _second(whole, count, replace(scratch, written=False), target)
    return Plan(first, second, f"{reason}; only {whole.items} piece(s) of work, hence {count} chunks of {chunk}")


def _first(whole: ReduceSpec, axis: int, chunk: int, count: int, scratch: Argument) -> ReduceSpec:
    """Fold each chunk into scratch[chunk, *axes]."""
    axes = (count, *whole.axes)
    prologue = with_axis(whole.prologue, count)
    epilogue = Body((Accumulator(whole.dtype),), (Store(0, len(whole.arguments), Access(0, _dense(axes))),))
    if whole.axes == (1,) and isinstance(whole, ReduceRowsSpec):
        merged = collapse((axes, whole.reduced), (prologue, epilogue))
        axes, prologue, epilogue = (count,), merged.body(prologue), merged.body(epilogue)
    return replace(
        whole,
        axes=axes,
        arguments=(*(replace(argument, written=False) for argument in whole.arguments), scratch),
        prologue=prologue,
        epilogue=epilogue,
        block=_block(chunk // whole.step) if axis == len(whole.reduced) - 1 else whole.block,
        split=axis,
        chunk=chunk,
    )


def _second(whole: ReduceSpec, count: int, scratch: Argument, target: Machine) -> ReduceSpec:
    """Fold scratch over the chunks and run the epilogue, which is written out for each vector of the strip."""
    size, *inner = _dense((count, *whole.axes))
    prologue = Body((Load(whole.dtype, 0, Access(0, (*inner, size))),))
    epilogue = rewrite(whole.epilogue, argument=lambda argument: argument + 1)
    groups, arguments = (whole.axes, (count,)), (scratch, *whole.arguments)
    folding = target.folding
    if len(epilogue.steps) > LONG:
        folding = replace(folding, strip=min(folding.strip, NARROW))
    return _kernel(groups, (prologue, epilogue), 0, whole.monoid, arguments, target, folding)[0]


def _block(steps: int) -> int:
    """Steps that are summed into one part: about the square root, so that there are as many parts as steps in each."""
    low, high = BLOCKS
    return min(max(low, 1 << (max(steps, 1).bit_length() + 1) // 2), high)


def contiguous(body: Body, axis: int, extent: int) -> int:
    """How many loads have stride 1 along an axis of this extent."""
    return sum(access.strides[axis] == 1 for access in _loads(body)) if extent > 1 else 0


def _apart(body: Body, axis: int) -> int:
    """How many loads have neither stride 0 nor 1 along an axis."""
    return sum(access.strides[axis] not in (0, 1) for access in _loads(body))


def _loads(body: Body) -> list[Access]:
    return [step.access for step in body.steps if isinstance(step, Load)]


def _by_stride(axes: Sequence[int], accesses: Sequence[Access]) -> list[int]:
    """The axes from the longest strides to the shortest."""
    return sorted(axes, key=lambda axis: -sum(abs(access.strides[axis]) for access in accesses))


def _dense(extents: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(math.prod(extents[axis + 1 :]) for axis in range(len(extents)))
