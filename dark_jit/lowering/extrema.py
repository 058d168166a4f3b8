"""Where extrema are: a reduction over pairs (value, place), with a fused prologue and epilogue.

    out[p] = epilogue(the first r at which prologue(p, r) is the greatest, or the least; NaN wins)

A pair beats another if its value does, or if its place comes first where neither value does. That is associative and
commutative, so the result depends neither on the form of the kernel nor on the number of workers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

from dark_jit.lowering.axes import Groups, collapse, with_axis
from dark_jit.lowering.kernel import Apply, Argument, Body, KernelSpec
from dark_jit.lowering.lanes import SPREAD, itemsize
from dark_jit.lowering.lanes import lanes as vector_lanes
from dark_jit.lowering.reduction import contiguous, identity
from dark_jit.lowering.target import Machine

STRIP = 4  # vectors side by side at most
MOST = 2**31 - 256  # places that 32 bits count, with as many lanes beyond as a vector may have


@dataclass(frozen=True)
class ArgReduceSpec(KernelSpec):
    """Vectors along the last parallel axis: `lanes` neighbouring results at once, `vectors` such vectors side by side.

    The prologue (steps only) runs over axes + reduced; its value at position `value`, of `dtype`, is looked at. A place
    is the C-order number of an index of the reduced axes, counted as `counter`.
    """

    template: ClassVar[str] = "argreduce"
    reduced: tuple[int, ...]
    prologue: Body
    value: int
    monoid: Literal["max", "min"]
    dtype: str
    counter: str
    vectors: int

    @property
    def identity(self) -> str:
        """What every value beats or equals, as `dtypes.number_text` writes it."""
        return identity(self.monoid, self.dtype)

    @property
    def weights(self) -> tuple[int, ...]:
        """What one step along each reduced axis adds to the place."""
        return tuple(math.prod(self.reduced[axis + 1 :]) for axis in range(len(self.reduced)))

    @property
    def flops(self) -> int:
        """Elementwise operations of prologue and epilogue, and one comparison for each element."""
        steps = 1 + sum(isinstance(step, Apply) for step in self.prologue.steps)
        return super().flops + math.prod(self.axes) * math.prod(self.reduced) * steps


@dataclass(frozen=True)
class ArgReduceRowsSpec(ArgReduceSpec):
    """Vectors along the last reduced axis: one result at a time."""

    template: ClassVar[str] = "argreduce_rows"


def plan(
    groups: Groups,
    bodies: tuple[Body, Body],
    value: int,
    monoid: Literal["max", "min"],
    arguments: tuple[Argument, ...],
    target: Machine,
) -> tuple[ArgReduceSpec, str]:
    """Choose the kernel over (parallel, reduced) axes with a (prologue, epilogue), and say why it has its form."""
    axes, reduced = groups
    if not axes:
        axes, bodies = (1,), (with_axis(bodies[0], 1), with_axis(bodies[1], 1))
    merged = collapse((axes, reduced), bodies)
    (axes, reduced), (prologue, epilogue) = merged.groups, map(merged.body, bodies)
    columns, rows = contiguous(prologue, len(axes) - 1, axes[-1]), contiguous(prologue, -1, reduced[-1])
    by_rows = target.vectors and (rows > columns or (rows == columns and axes[-1] < reduced[-1]))
    counter = "int32" if math.prod(reduced) < MOST else "int64"
    read = [argument for argument in arguments if not argument.written]
    lanes = min(vector_lanes(read, [prologue], target.fold_lanes), SPREAD * target.fold_lanes(itemsize(counter)))
    spec = (ArgReduceRowsSpec if by_rows else ArgReduceSpec)(
        axes=axes,
        arguments=arguments,
        epilogue=epilogue,
        lanes=lanes,
        reduced=reduced,
        prologue=prologue,
        value=value,
        monoid=monoid,
        dtype=prologue.steps[value].dtype,
        counter=counter,
        vectors=1 if by_rows else min(STRIP, math.ceil(axes[-1] / lanes)),
    )
    return spec, f"vectors run along the last {'reduced' if by_rows else 'parallel'} axis"
