"""Copies of operands whose elements would come to shared memory one by one, where a copy costs less than that.

Tensor cores read an operand along its lines (rows or columns) or along the terms; the ordinary units want neighbouring
lines. A kernel of a convolution, (o, c, kh, kw), has its neighbours along the taps, where nothing is read at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from dark_jit.lowering import copying
from dark_jit.lowering.grid_nest import MatrixNest, reordered
from dark_jit.lowering.grid_tiles import MmaTile, tiles_for
from dark_jit.lowering.kernel import Access, Argument, KernelSpec, Load, dense
from dark_jit.lowering.target import Gpu

BYTES = 1800  # that the memory moves in a cycle
CACHED_BYTES = 3000  # that the second cache moves in a cycle
LAUNCH = 5000  # cycles that a further kernel takes
SECTOR = 32  # bytes, the least that comes from memory
LINES = 128  # of the other operand, with which an element that has come is multiplied
SLOWER = 0.2  # of its time the ordinary units lose, if an operand comes element by element


@dataclass(frozen=True)
class Pack:
    """A kernel that copies what is read of argument `source` to a buffer."""

    spec: KernelSpec
    source: int


def packed(
    nest: MatrixNest, arguments: tuple[Argument, ...], target: Gpu
) -> tuple[MatrixNest, tuple[Argument, ...], tuple[Pack, ...]]:
    """The nest that reads copies where they pay, the arguments with these buffers behind them, and the copies."""
    packs = []
    for name, lines in (("left", _rows(nest)), ("right", _columns(nest))):
        load: Load = getattr(nest, name)
        if not _pays(nest, load, lines, arguments, target):
            continue
        order = _order(nest, lines, target)
        extents = tuple((*nest.axes, *nest.reduced)[axis] for axis in order)
        pack = copying.laid_out(arguments[load.argument], reordered(load, order), extents, target)
        packs.append(Pack(pack, load.argument))
        copy = replace(load, argument=len(arguments), access=_access(nest, order, extents))
        nest = replace(nest, left=copy) if name == "left" else replace(nest, right=copy)
        arguments = (*arguments, replace(pack.arguments[-1], written=False))
    return nest, arguments, tuple(packs)


def _rows(nest: MatrixNest) -> range:
    return range(len(nest.batch), len(nest.batch) + len(nest.rows))


def _columns(nest: MatrixNest) -> range:
    return range(len(nest.batch) + len(nest.rows), len(nest.axes))


def _order(nest: MatrixNest, lines: range, target: Gpu) -> tuple[int, ...]:
    """Terms run fastest for tensor cores, lines for the ordinary units."""
    terms = range(len(nest.axes), len(nest.axes) + len(nest.reduced))
    return (*lines, *terms) if _on_tensor_cores(nest, target) else (*terms, *lines)


def _access(nest: MatrixNest, order: tuple[int, ...], extents: tuple[int, ...]) -> Access:
    strides = dict(zip(order, dense(extents).strides, strict=True))
    return Access(0, tuple(strides.get(axis, 0) for axis in range(len(nest.axes) + len(nest.reduced))))


def _on_tensor_cores(nest: MatrixNest, target: Gpu) -> bool:
    return any(isinstance(tile, MmaTile) for tile in tiles_for(nest.left.dtype, target))


def _pays(nest: MatrixNest, load: Load, lines: range, arguments: tuple[Argument, ...], target: Gpu) -> bool:
    """Whether elements come one by one, each of them once (no windows), so often that a copy costs less."""
    extents, strides = (*nest.axes, *nest.reduced), load.access.strides
    size = math.prod(extents[axis] for axis in lines) * nest.terms
    if not lines or any(strides[: len(nest.batch)]) or size > arguments[load.argument].elements:
        return False
    copying_it = LAUNCH + 2 * size * nest.itemsize / BYTES
    return _lost(nest, strides[lines[-1]] == 1, strides[-1] == 1, size, target) > copying_it


def _lost(nest: MatrixNest, along_lines: bool, along_terms: bool, size: int, target: Gpu) -> float:
    """About how many cycles are lost as an operand of `size` elements lies so."""
    products = math.prod(nest.axes) * nest.terms
    if not _on_tensor_cores(nest, target):
        return 0 if along_lines else SLOWER * products / (target.multiprocessors * LINES)
    return 0 if along_lines or along_terms else products / LINES * (SECTOR - nest.itemsize) / CACHED_BYTES
