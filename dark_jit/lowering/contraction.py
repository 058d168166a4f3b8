"""Contractions: matrix products and convolutions as one loop nest,

    out[axes] = epilogue(sum over reduced of left[axes, reduced] * right[axes, reduced])

The last axis is vectorised (the lanes): `left` does not change along it. Axes along which `right` does not change are
rows. `plan` decides how the nest is computed; a backend's templates write it down.

    matrix product           axes (batch..., m, n)   reduced (k)
    convolution, NHWC        axes (n, oh, ow, o)     reduced (kh, kw, c)    left = bordered x, right = weights
    its input gradient       axes (n, h, w, c)       reduced (kh, kw, o)    left = bordered dy, right = flipped weights
    its weight gradient      axes (kh, kw, c, o)     reduced (n, oh, ow)    left = bordered x, right = dy
"""

from __future__ import annotations

import bisect
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from dark_jit import dtypes
from dark_jit.lowering import tiles
from dark_jit.lowering.axes import collapse
from dark_jit.lowering.contraction_spec import ContractionSpec, Conv2dSpec, GemmSpec, Packing, PackSpec, Plan
from dark_jit.lowering.kernel import LINE, Access, Accumulator, Argument, Body, Load
from dark_jit.lowering.target import Target

FEW_ROWS = 16  # so few do not repay packing
FAR = 2048  # bytes between neighbouring terms from where on reading them one by one costs more than a copy
MANY_ROWS = 256  # so many share one copy of all panels, rather than each block of rows making its own
SQUARE = 16  # what is packed by transposition comes in squares of so many elements
ABOUT = 0.6, 1.2  # how many times as many tiles a block may have in order to end at a row's end
STACK = 1 << 17  # bytes of a worker's stack for a panel


def plan(
    axes: tuple[int, ...],
    reduced: tuple[int, ...],
    left: Load,
    right: Load,
    epilogue: Body,
    arguments: tuple[Argument, ...],
    target: Target,
) -> Plan:
    """Decide how to compute a contraction.

    The accesses of `left` and `right` cover `axes` and then `reduced`, those of the epilogue `axes`; left does not
    change along the last axis. No axis has the extent 0; reduced ones may, then the sums are 0. The accesses of left
    and right have no `valid`.
    """
    if not reduced:
        left, right = (replace(load, access=_with_axis(load.access)) for load in (left, right))
    assert axes[-1] == 1 or left.access.strides[len(axes) - 1] == 0, "left changes along the lanes"
    nest = _Nest(axes, reduced or (1,), left, right, epilogue, arguments)
    packing, reason = _packing(nest, target)
    if packing != "before":
        return Plan(None, _tiled(nest.merged(), target, packing), reason)
    panels = replace(nest.with_panels(1).merged(), arguments=arguments)
    main = _tiled(panels, target, packing)
    return Plan(_pack(nest, main), main, reason)


@dataclass(frozen=True)
class _Nest:
    """What `plan` was given."""

    axes: tuple[int, ...]
    reduced: tuple[int, ...]
    left: Load
    right: Load
    epilogue: Body
    arguments: tuple[Argument, ...]

    @property
    def depth(self) -> int:
        """The length of the sum."""
        return math.prod(self.reduced)

    @property
    def itemsize(self) -> int:
        """Bytes of an element."""
        return dtypes.as_dtype(self.left.dtype).itemsize

    @property
    def shared(self) -> tuple[bool, ...]:
        """For each axis whether right changes along it: batch axes and the last one."""
        strides = self.right.access.strides[: len(self.axes) - 1]
        return (*(stride != 0 and extent > 1 for stride, extent in zip(strides, self.axes, strict=False)), True)

    def merged(self) -> _Nest:
        """The same with as few axes as possible."""
        groups = (self.axes[:-1], self.axes[-1:], self.reduced)
        merge = collapse(groups, [self.epilogue], [self.left.access, self.right.access])
        left, right = (replace(load, access=merge.access(load.access)) for load in (self.left, self.right))
        rows, lanes, reduced = merge.groups
        return _Nest(rows + lanes, reduced, left, right, merge.body(self.epilogue), self.arguments)

    def with_panels(self, panel: int) -> _Nest:
        """The same with right in panels, in a scratch buffer of its own."""
        extents = (*(extent for extent, shared in zip(self.axes, self.shared, strict=True) if shared), *self.reduced)
        count = len(extents) - len(self.reduced)
        panels = math.ceil(self.axes[-1] / panel)
        strides = list(dense((*extents[: count - 1], panels, *self.reduced, panel)))[:-1]
        strides[count - 1] = self.depth
        inside = iter(strides)
        along = tuple(next(inside) if shared else 0 for shared in self.shared) + tuple(inside)
        elements = math.prod(extents[: count - 1]) * panels * panel * self.depth
        right = Load(self.right.dtype, len(self.arguments), Access(0, along))
        scratch = Argument(self.right.dtype, elements)
        return replace(self, right=right, arguments=(*self.arguments, scratch))


def dense(extents: tuple[int, ...]) -> tuple[int, ...]:
    """The strides of a buffer in C order."""
    return tuple(math.prod(extents[axis + 1 :]) for axis in range(len(extents)))


def _with_axis(access: Access) -> Access:
    """The access with one more axis, of extent 1."""
    return replace(access, strides=(*access.strides, 0))


def _packing(nest: _Nest, target: Target) -> tuple[Packing, str]:
    """Whether right is packed into panels, and why."""
    *_, lane_stride = nest.right.access.strides[: len(nest.axes)]
    rows = math.prod(extent for extent, shared in zip(nest.axes, nest.shared, strict=True) if not shared)
    size = nest.depth * nest.axes[-1] * nest.itemsize
    step = abs(nest.right.access.strides[-1]) * nest.itemsize
    if nest.depth == 0:
        return "none", "there is nothing to add up"
    if lane_stride != 1 and nest.axes[-1] > 1:
        why = f"its neighbours along the last axis lie {lane_stride} elements apart"
    elif size > target.l2_bytes and rows > FEW_ROWS and step >= FAR:
        why = f"{rows} rows read its {size} bytes, in steps of {step}"
    else:
        return "none", "right is read where it lies"
    if rows <= MANY_ROWS and sum(nest.shared) == 1 and len(nest.merged().reduced) == 1:
        return "within", f"right is packed panel by panel, for {why}"
    return "before", f"right is packed first, for {why}"


def _tiled(nest: _Nest, target: Target, packing: Packing) -> GemmSpec | Conv2dSpec:
    """The spec for a nest whose axes are merged."""
    lanes = target.lanes(nest.itemsize)
    if target.isa == "avx512" and nest.axes[-1] <= lanes // 2:
        lanes //= 2
    left = nest.left.access.strides
    strides = tuple(None if shared else stride for shared, stride in zip(nest.shared[:-1], left, strict=False))
    space = tiles.Space(nest.axes[:-1], strides, nest.axes[-1], lanes, nest.depth, nest.itemsize)
    tile = target.answer(space) or tiles.choose(space, target)
    panel = tile.vectors * lanes
    if packing == "before":
        nest = nest.with_panels(panel)
    if packing == "within":
        outer, chunk = _pieces(nest, panel, STACK // 2, STACK)
    else:
        many_sums = math.prod(nest.axes) * nest.itemsize > target.l2_bytes  # they are read and written in each piece
        room, limit = target.l2_bytes // (4 if many_sums else 8), target.l2_bytes * 3 // 4
        if _steps_lines(nest):  # a tile's lines are of few of the cache's sets, so few of them stay
            room, limit = target.l2_bytes // 8, target.l2_bytes // 4
        outer, chunk = _pieces(nest, panel, room, limit)
    family = GemmSpec if len(nest.reduced) == 1 else Conv2dSpec
    spec = family(
        axes=nest.axes,
        arguments=nest.arguments,
        epilogue=nest.epilogue,
        lanes=lanes,
        reduced=nest.reduced,
        left=nest.left,
        right=nest.right,
        packing=packing,
        tile=tile.rows,
        vectors=tile.vectors,
        block=1,
        unroll=1,
        outer=outer,
        chunk=chunk,
        partial=None,
    )
    return _blocked(_resting(_unrolled(spec, target.registers)), target)


def _unrolled(spec: GemmSpec | Conv2dSpec, registers: int) -> GemmSpec | Conv2dSpec:
    """The spec with the largest number of steps, up to four, that divides the innermost extent and its pieces.

    Where rows overlap, as in a convolution of one channel, several steps use the same elements of left. LLVM would keep
    them in registers, for which there must be room.
    """
    body = spec.instance("body", spec.lane_kinds[0])
    innermost = spec.outer == len(spec.reduced) - 1
    roomy = body.rows * (spec.vectors + 1) + spec.vectors < registers
    for steps in (4, 3, 2):
        used = {offset + step * spec.left_steps[-1] for offset in body.left_offsets for step in range(steps)}
        if spec.reduced[-1] % steps or (innermost and spec.chunk % steps):
            continue
        if roomy or len(used) == steps * body.rows:
            return replace(spec, unroll=steps)
    return spec


def _steps_lines(nest: _Nest) -> bool:
    """Whether neighbouring terms of left lie on different cache lines."""
    return abs(nest.left.access.strides[-1]) * nest.itemsize >= LINE


def _pieces(nest: _Nest, panel: int, room: int, limit: int) -> tuple[int, int]:
    """Where the sum is cut: the outermost reduced axis within a piece, and how much of it a piece takes.

    It is cut where a tile reads `limit` bytes or more; then a piece reads about `room`. Whole sums need no place to
    rest.
    """
    # Rows may straddle two lines, and processors fetch lines in pairs.
    line = 4 * LINE if _steps_lines(nest) else 0
    term = panel * nest.itemsize + line
    if nest.depth * term < limit:
        return 0, nest.reduced[0]
    steps = max(SQUARE, room // term)
    outer, inner = 0, nest.depth
    while inner // nest.reduced[outer] > steps:
        inner //= nest.reduced[outer]
        outer += 1
    extent = nest.reduced[outer]
    chunk = math.ceil(extent / math.ceil(inner / steps))
    if outer == len(nest.reduced) - 1:
        chunk = min(extent, math.ceil(chunk / SQUARE) * SQUARE)
    return outer, chunk


def _resting(spec: GemmSpec | Conv2dSpec) -> GemmSpec | Conv2dSpec:
    """The spec with a place for the sums between pieces: the output if that is all it holds, and it has whole vectors;
    else a scratch buffer."""
    if spec.pieces == 1:
        return spec
    body, dtype = spec.epilogue, spec.left.dtype
    only_sums = body.steps == (Accumulator(dtype),) and len(body.stores) == 1
    if only_sums and body.stores[0].access.strides[-1] == 1 and not body.stores[0].access.valid:
        return replace(spec, partial=Load(dtype, body.stores[0].argument, body.stores[0].access))
    partial = Load(dtype, len(spec.arguments), Access(0, dense(spec.axes)))
    return replace(spec, partial=partial, arguments=(*spec.arguments, Argument(dtype, math.prod(spec.axes), True)))


def _blocked(spec: GemmSpec | Conv2dSpec, target: Target) -> GemmSpec | Conv2dSpec:
    """The spec with as many tiles in a block as the second cache has room for, and blocks enough for all workers."""
    if spec.packing == "within":  # as few blocks as possible, for each packs right anew
        size = min(spec.tiles, max(4, spec.tiles * spec.panels // 8))
    else:
        most = spec.tiles * spec.panels // (32 if spec.pieces == 1 else 8)
        sizes = range(1, min(spec.tiles, most) + 1)
        size = bisect.bisect_right(sizes, target.l2_bytes // 2, key=lambda size: _block_bytes(spec, size))
    even = math.ceil(spec.tiles / math.ceil(spec.tiles / max(1, size)))
    return replace(spec, block=_aligned(spec, even))


def _aligned(spec: GemmSpec | Conv2dSpec, block: int) -> int:
    """A block of about that size that ends where an index of the first axis ends, so that other kernels can go together
    with it (`chains`); the block itself if there is none."""
    if spec.axes[0] % spec.tile[0]:
        return block
    least, most = (int(share * block) for share in ABOUT)
    count, inner = spec.tile_counts[0], spec.tiles // spec.tile_counts[0]
    fitting = [inner * k for k in range(1, most // inner + 1) if count % k == 0]
    fitting += [k for k in range(least, min(most, inner) + 1) if k and inner % k == 0]
    return max((size for size in fitting if size >= least), default=block)


def _block_bytes(spec: GemmSpec | Conv2dSpec, block: int) -> int:
    """About how many bytes the panels of a block have in common: rows of the output, and what they read of left.

    That is its elements, or the stretch of memory from the first to the last one where they overlap.
    """
    counts = list(spec.tile)
    for axis in reversed(range(len(counts))):
        taken = min(block, spec.tile_counts[axis])
        counts[axis] = min(spec.axes[axis], counts[axis] * taken)
        block = math.ceil(block / taken)
    piece = (*(1,) * spec.outer, spec.chunk, *spec.reduced[spec.outer + 1 :])
    extents = (*counts, 1, *piece)
    walks = zip(extents, spec.left.access.strides, strict=True)
    stretch = 1 + sum((extent - 1) * abs(stride) for extent, stride in walks)
    read, written = min(stretch, math.prod(extents)), math.prod(counts) * spec.axes[-1]
    return (read + written) * dtypes.as_dtype(spec.left.dtype).itemsize


def _pack(nest: _Nest, main: GemmSpec | Conv2dSpec) -> PackSpec:
    """The kernel that fills main's panels, walking the source in order as far as it can."""
    panels = nest.with_panels(main.panel)
    batch = [axis for axis, shared in enumerate(nest.shared[:-1]) if shared]
    first = len(nest.axes)
    steps = nest.right.access.strides
    inside = sorted(range(first, first + len(nest.reduced)), key=lambda axis: -abs(steps[axis]))
    order = [*batch, first - 1, *inside]
    extents = (*nest.axes, *nest.reduced)
    backwards = {axis: extents[axis] - 1 for axis in inside if steps[axis] < 0}
    source, target = (_walked(load.access, order, backwards) for load in (nest.right, panels.right))
    kept = [extents[axis] for axis in order]
    count = len(batch)
    merge = collapse((tuple(kept[:count]), (kept[count],), tuple(kept[count + 1 :])), [], [source, target])
    outer, lanes, reduced = merge.groups
    return PackSpec(
        axes=outer + lanes,
        arguments=(
            replace(nest.arguments[nest.right.argument], written=False),
            replace(main.arguments[main.right.argument], written=True),
        ),
        epilogue=Body(),
        lanes=main.lanes,
        reduced=reduced,
        source=Load(nest.right.dtype, 0, merge.access(source)),
        panels=Load(nest.right.dtype, 1, merge.access(target)),
        panel=main.panel,
    )


def _walked(access: Access, order: Sequence[int], backwards: Mapping[int, int]) -> Access:
    """The access over some axes in another order; those of `backwards` begin at that index and run back to 0."""
    offset = access.offset + sum(access.strides[axis] * last for axis, last in backwards.items())
    signs = dict.fromkeys(backwards, -1)
    return Access(offset, tuple(access.strides[axis] * signs.get(axis, 1) for axis in order))


def space_of(spec: ContractionSpec) -> tiles.Space:
    """What the tile was chosen for."""
    left, right = (load.access.strides[: len(spec.axes) - 1] for load in (spec.left, spec.right))
    strides = tuple(
        None if stride and extent > 1 else walk for stride, extent, walk in zip(right, spec.axes, left, strict=False)
    )
    itemsize = dtypes.as_dtype(spec.left.dtype).itemsize
    return tiles.Space(spec.axes[:-1], strides, spec.axes[-1], spec.lanes, math.prod(spec.reduced), itemsize)
