"""Where the rows of a kernel lie in the buffers that it reads and writes.

Workers share a kernel's work in pieces, which are numbered in the C order of some axes. If these are cut into a number
of rows, images say, then a kernel that is called for one row of them touches only so much of each buffer. Two kernels
may do a row after another, both of them, if none needs what the other does in another row.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dark_jit.lowering.contraction_spec import ContractionSpec, Conv2dSpec, GemmSpec
from dark_jit.lowering.copying import TransposeSpec, TransposeTilesSpec
from dark_jit.lowering.kernel import PIECE, Access, Body, ElementwiseSpec, KernelSpec, Load
from dark_jit.lowering.pooling import PoolScatterTilesSpec, PoolSpec
from dark_jit.lowering.reduction import ReduceRowsSpec, ReduceSpec
from dark_jit.lowering.winograd import WinogradSpec
from dark_jit.lowering.winograd_gradient import WinogradPointsSpec

Extents = tuple[int, ...]


@dataclass(frozen=True)
class Touch:
    """An argument that is read or written over a space, of which the first axes are those that workers share."""

    argument: int
    written: bool
    extents: Extents
    access: Access


@dataclass(frozen=True)
class Rows:
    """Row r has elements between first + r * step and last + r * step."""

    first: int
    last: int
    step: int

    def apart(self, other: Rows) -> bool:
        """Whether no row of the one meets another row of the other."""
        step = abs(self.step)
        return self.step == other.step != 0 and other.last < self.first + step and self.last < other.first + step


def pieces(spec: KernelSpec) -> int:
    """How many rows a kernel can be cut into, or any divisor of it; 0 where it cannot be."""
    shared = _SHARED.get(type(spec))
    return math.prod(shared(spec)) if shared else 0


def are_items(spec: KernelSpec) -> bool:
    """Whether that many rows are just what workers share. Else a row is several of it, and shares are whole rows only
    where these are divided evenly."""
    return type(spec) in (ElementwiseSpec, ReduceRowsSpec)


def natural(spec: KernelSpec) -> Iterator[int]:
    """The numbers of rows that are whole indices of the first axes: for images x lines x ..., so many images, and so
    many lines of images. Even spacing may be had there only, as where a border lies around each image."""
    return itertools.accumulate(_SHARED[type(spec)](spec), int.__mul__)


def touches(spec: KernelSpec) -> list[Touch]:
    """All that a kernel touches, but for memory of its workers' own."""
    return list(_TOUCHES[type(spec)](spec))


def rows(touch: Touch, count: int) -> Rows | None:
    """Where so many rows lie; None where they are not evenly spaced."""
    cut = _cut(touch.extents, count)
    if cut is None:
        return None
    extents, outer = cut
    strides = _strides(touch, extents)
    step = _step(extents[:outer], strides[:outer])
    if step is None:
        return None
    ranges = touch.access.valid if len(extents) == len(touch.extents) else ()
    inner = [(0, extent) for extent in extents]
    for axis, (low, high) in enumerate(ranges):
        inner[axis] = max(0, low), min(extents[axis], high)
    ends = [(low * s, (high - 1) * s) for (low, high), s in zip(inner[outer:], strides[outer:], strict=True)]
    offset = touch.access.offset
    return Rows(offset + sum(min(pair) for pair in ends), offset + sum(max(pair) for pair in ends), step)


def _cut(extents: Extents, count: int) -> tuple[Extents, int] | None:
    """The space with an axis cut in two, if need be, so that the first axes, as many as is said, make `count`."""
    for axis, extent in enumerate(extents):
        if count == 1:
            return extents, axis
        if count % extent == 0:
            count //= extent
        elif extent % count == 0:
            return (*extents[:axis], count, extent // count, *extents[axis + 1 :]), axis + 1
        else:
            return None
    return (extents, len(extents)) if count == 1 else None


def _strides(touch: Touch, extents: Extents) -> Extents:
    """The access's strides over its extents, of which one may have been cut in two."""
    strides = touch.access.strides
    if len(extents) == len(touch.extents):
        return strides
    axis = next(axis for axis, extent in enumerate(touch.extents) if extent != extents[axis])
    return (*strides[:axis], strides[axis] * extents[axis + 1], *strides[axis:])


def _step(extents: Extents, strides: Extents) -> int | None:
    """From row to row, if all follow each other evenly in C order."""
    step, weight = 0, 1
    for extent, stride in zip(reversed(extents), reversed(strides), strict=True):
        if extent > 1:
            step = stride if weight == 1 else step
            if stride != step * weight:
                return None
            weight *= extent
    return step


# What workers share, and what is touched, by kind of kernel


def _of_body(body: Body, extents: Extents) -> Iterator[Touch]:
    for step in body.steps:
        if isinstance(step, Load):
            yield Touch(step.argument, False, extents, step.access)
    for store in body.stores:
        yield Touch(store.argument, True, extents, store.access)


def _of_load(load: Load, extents: Extents) -> Touch:
    return Touch(load.argument, False, extents, load.access)


def _whole(spec: KernelSpec, argument: int) -> Touch:
    """A buffer that every row may touch anywhere."""
    found, shared = spec.arguments[argument], _SHARED[type(spec)](spec)
    return Touch(argument, found.written, (*shared, found.elements), Access(0, (*[0] * len(shared), 1)))


def _elementwise_shared(spec: ElementwiseSpec) -> Extents:
    """All axes but the last; of a long last axis the pieces, if these are equal."""
    *outer, last = spec.axes
    return (*outer, last // PIECE) if last > PIECE and last % PIECE == 0 else (*outer,) if last <= PIECE else ()


def _reduced(spec: ReduceSpec) -> Iterator[Touch]:
    yield from _of_body(spec.epilogue, spec.axes)
    for touch in _of_body(spec.prologue, (*spec.axes, *spec.reduced)):
        yield touch if spec.split is None else _chunked(spec, touch, spec.split)


def _chunked(spec: ReduceSpec, touch: Touch, split: int) -> Touch:
    """Of the reduced axis `split` each index of the first axis takes a chunk."""
    axis, strides, extents = len(spec.axes) + split, list(touch.access.strides), list(touch.extents)
    strides[0], extents[axis] = strides[axis] * spec.chunk, spec.chunk
    return Touch(touch.argument, False, tuple(extents), Access(touch.access.offset, tuple(strides)))


def _reduced_shared(spec: ReduceSpec) -> Extents:
    if spec.split is not None and spec.axes[0] * spec.chunk != spec.reduced[spec.split]:
        return ()  # the last chunk is another one
    return spec.axes if isinstance(spec, ReduceRowsSpec) else spec.axes[:-1]


def _transposed(spec: TransposeSpec) -> Iterator[Touch]:
    yield from _of_body(spec.epilogue, spec.axes)
    yield _of_load(spec.load, spec.axes)


def _pooled(spec: PoolSpec) -> Iterator[Touch]:
    yield from _of_body(spec.epilogue, spec.axes)
    for load in (spec.load, spec.selected):
        if load:
            yield _of_load(load, (spec.axes[0], *spec.windows.image, spec.axes[3]))


def _scattered(spec: PoolScatterTilesSpec) -> Iterator[Touch]:
    yield from _of_body(spec.epilogue, spec.axes)
    yield _of_load(spec.load, spec.axes)
    yield _of_load(spec.gradient, (spec.axes[0], *spec.windows.grid, spec.axes[3]))


def _convolved(spec: WinogradSpec) -> Iterator[Touch]:
    images, height, width, _ = spec.axes
    yield from _of_body(spec.epilogue, spec.axes)
    yield _of_load(spec.image, (images, height + 2, width + 2, spec.channels))
    yield _whole(spec, spec.weights)


def _contracted(spec: ContractionSpec) -> Iterator[Touch]:
    extents = (*spec.axes, *spec.reduced)
    yield from _of_body(spec.epilogue, spec.axes)
    yield _of_load(spec.left, extents)
    yield _whole(spec, spec.right.argument) if spec.packing == "before" else _of_load(spec.right, extents)
    if spec.partial:
        yield _of_load(spec.partial, spec.axes)
        yield Touch(spec.partial.argument, True, spec.axes, spec.partial.access)


def _to_points(spec: WinogradPointsSpec) -> Iterator[Touch]:
    yield _of_load(spec.source, (spec.axes[0], *spec.extents, spec.axes[3]))
    yield _whole(spec, 1)


def _images(spec: KernelSpec) -> Extents:
    return spec.axes[:1]


_SHARED: Mapping[type[KernelSpec], Callable[..., Extents]] = {
    ElementwiseSpec: _elementwise_shared,
    TransposeSpec: lambda spec: spec.axes[: spec.across],
    TransposeTilesSpec: lambda spec: spec.axes[: spec.across],
    ReduceSpec: _reduced_shared,
    ReduceRowsSpec: _reduced_shared,
    GemmSpec: lambda spec: (spec.whole_rows,) if spec.whole_rows else (),
    Conv2dSpec: lambda spec: (spec.whole_rows,) if spec.whole_rows else (),
    PoolSpec: _images,
    PoolScatterTilesSpec: _images,
    WinogradSpec: lambda spec: (spec.image_groups,) if spec.image_groups else (),
    WinogradPointsSpec: _images,
}
_TOUCHES: Mapping[type[KernelSpec], Callable[..., Iterator[Touch]]] = {
    ElementwiseSpec: lambda spec: _of_body(spec.epilogue, spec.axes),
    TransposeSpec: _transposed,
    TransposeTilesSpec: _transposed,
    ReduceSpec: _reduced,
    ReduceRowsSpec: _reduced,
    GemmSpec: _contracted,
    Conv2dSpec: _contracted,
    PoolSpec: _pooled,
    PoolScatterTilesSpec: _scattered,
    WinogradSpec: _convolved,
    WinogradPointsSpec: _to_points,
}
