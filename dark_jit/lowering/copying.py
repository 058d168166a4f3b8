"""Elementwise kernels that are at heart a transposition: they read along another axis than they write along."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

from dark_jit import dtypes
from dark_jit.lowering.axes import collapse
from dark_jit.lowering.kernel import (
    Accumulator,
    Argument,
    Body,
    ElementwiseSpec,
    KernelSpec,
    Load,
    Store,
    dense,
)
from dark_jit.lowering.lanes import fitting
from dark_jit.lowering.target import Machine

LARGEST_BLOCK = 16  # rows; each is a register
MANY_OTHERS = 3  # operands that lie along the last axis: they are read and written in longer runs than the one across
# What is laid out anew before the others are walked along: whole lines of the one across, runs of 1 KB of the others.
ROWS, COLUMNS = 64, 256


@dataclass(frozen=True)
class TransposeSpec(KernelSpec):
    """`load` is contiguous along the axis `across`, not the last; the epilogue's Accumulator is what it reads.

    Square blocks of `lanes` x `lanes` elements are transposed in registers, of which a row each takes one. They follow
    each other along `across`.
    """

    template: ClassVar[str] = "transpose"
    load: Load
    across: int


@dataclass(frozen=True)
class TransposeTilesSpec(TransposeSpec):
    """The same where many operands lie along the last axis, as in an optimiser's update of a convolution's kernel.

    Tiles of `rows` (along `across`) x `columns`, multiples of `lanes`, are first laid out anew, in a buffer on the
    stack that the caches keep; then all that is read and written is walked row by row.
    """

    template: ClassVar[str] = "transpose_tiles"
    rows: int
    columns: int


def laid_out(read: Argument, load: Load, extents: tuple[int, ...], target: Machine) -> KernelSpec:
    """The kernel that copies what a load reads over a space into a buffer in C order; arguments: `read`, the buffer."""
    made = dense(extents)
    merge = collapse((extents[:-1], extents[-1:]), [], [load.access, made])
    axes = tuple(extent for group in merge.groups for extent in group)
    source, store = Load(load.dtype, 0, merge.access(load.access)), Store(0, 1, merge.access(made))
    lanes = fitting(target.lanes(dtypes.as_dtype(load.dtype).itemsize), axes[-1])
    arguments = (read, Argument(load.dtype, math.prod(extents), written=True))
    spec = ElementwiseSpec(axes, arguments, Body((source,), (store,)), lanes)
    return transposition(spec, target.vectors) or spec


def transposition(spec: ElementwiseSpec, vectors: bool = True) -> TransposeSpec | None:
    """The kernel as a transposition, if exactly one load has to be transposed and nothing else to be gathered.

    vectors: whether the machine transposes in registers. Then the load may end within the space, but not along the last
    axis, and many other operands are walked in tiles.
    """
    strided = [position for position, step in enumerate(spec.epilogue.steps) if _strides(step)]
    stores_along = all(store.access.strides[-1] == 1 for store in spec.epilogue.stores)
    if len(strided) != 1 or not stores_along or spec.lanes < 2:
        return None
    load = spec.epilogue.steps[strided[0]]
    assert isinstance(load, Load)
    across = _contiguous_axis(spec, load)
    if across is None or load.dtype == "bool":
        return None
    if load.access.valid and not (vectors and load.access.valid[-1] == (0, spec.axes[-1])):
        return None
    steps = list(spec.epilogue.steps)
    steps[strided[0]] = Accumulator(load.dtype)
    body = replace(spec.epilogue, steps=tuple(steps))
    others = len(body.stores) + sum(isinstance(step, Load) and step.access.strides[-1] == 1 for step in body.steps)
    lanes = min(spec.lanes, LARGEST_BLOCK)
    found = spec.axes, spec.arguments, body, lanes, load, across
    if not vectors or others < MANY_OTHERS:
        return TransposeSpec(*found)
    rows, columns = _blocks(ROWS, spec.axes[across], lanes), _blocks(COLUMNS, spec.axes[-1], lanes)
    return TransposeTilesSpec(*found, rows, columns)


def _blocks(most: int, extent: int, lanes: int) -> int:
    """So many elements of an axis, in whole blocks, `most` at most."""
    return min(most, -(-extent // lanes) * lanes)


def _strides(step: object) -> bool:
    return isinstance(step, Load) and step.access.strides[-1] not in (0, 1)


def _contiguous_axis(spec: ElementwiseSpec, load: Load) -> int | None:
    """The longest axis along which the load is contiguous; None where there is none or one of the two has no length."""
    axes = [axis for axis, stride in enumerate(load.access.strides[:-1]) if stride == 1 and spec.axes[axis] > 1]
    return max(axes, key=lambda axis: spec.axes[axis], default=None) if spec.axes[-1] > 1 else None
