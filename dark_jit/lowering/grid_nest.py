"""The nest of a contraction as a batch of matrix products: its axes sorted and merged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dark_jit import dtypes
from dark_jit.lowering.axes import collapse, reorder
from dark_jit.lowering.kernel import Body, Load


@dataclass(frozen=True)
class MatrixNest:
    """The nest with sorted and merged axes; the accesses cover batch, rows, columns, reduced."""

    batch: tuple[int, ...]
    rows: tuple[int, ...]
    columns: tuple[int, ...]
    reduced: tuple[int, ...]
    left: Load
    right: Load
    epilogue: Body

    @property
    def axes(self) -> tuple[int, ...]:
        """Of the results."""
        return self.batch + self.rows + self.columns

    @property
    def terms(self) -> int:
        """How many products a result is the sum of."""
        return math.prod(self.reduced)

    @property
    def sums(self) -> str:
        """The dtype in which products are added up."""
        return "float32" if dtypes.is_half(dtypes.as_dtype(self.left.dtype)) else self.left.dtype

    @property
    def itemsize(self) -> int:
        """Bytes of an element of the operands."""
        return dtypes.as_dtype(self.left.dtype).itemsize


def _covering(load: Load, count: int) -> Load:
    strides = load.access.strides
    return replace(load, access=replace(load.access, strides=strides + (0,) * (count - len(strides))))


def sorted_nest(axes: tuple[int, ...], reduced: tuple[int, ...], left: Load, right: Load, epilogue: Body) -> MatrixNest:
    """The nest of a contraction: what neither operand changes along is a row, and the last axis is a column."""
    left, right = (_covering(load, len(axes) + len(reduced)) for load in (left, right))
    kinds: list[list[int]] = [[], [], []]
    for axis in range(len(axes) - 1):
        of_left, of_right = left.access.strides[axis], right.access.strides[axis]
        kinds[0 if of_left and of_right else 2 if of_right else 1].append(axis)
    kinds[2].append(len(axes) - 1)
    order = [axis for kind in kinds for axis in kind]
    inner = range(len(axes), len(axes) + len(reduced))
    left, right = (reordered(load, (*order, *inner)) for load in (left, right))
    groups = (*(tuple(axes[axis] for axis in kind) for kind in kinds), reduced)
    epilogue = reorder(epilogue, order)
    merged = collapse(groups, [epilogue], [left.access, right.access])
    left, right = (replace(load, access=merged.access(load.access)) for load in (left, right))
    batch, rows, columns, terms = merged.groups
    return MatrixNest(batch, rows, columns, terms, left, right, merged.body(epilogue))


def reordered(load: Load, order: Sequence[int]) -> Load:
    """The load over these of its axes, in this order."""
    return replace(load, access=replace(load.access, strides=tuple(load.access.strides[axis] for axis in order)))
