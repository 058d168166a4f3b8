"""The loop nest of one kernel: its iteration space, what it reads, its scalar program, what it writes.

A nest is built for the values that one kernel computes (`roots`, the lead first). The lead decides the space: the order
in which it is stored is the order of the loops. Axes are split where an index map asks for it (`Space`).
"""

from __future__ import annotations

import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from dark_jit.dtypes import type_name
from dark_jit.graph.node import Node
from dark_jit.lowering.body import Arguments, BodyBuilder, Stored
from dark_jit.lowering.coordinates import Affine, Coordinates, NeedsBuffer, NeedsSplit, index, onto, reshaped
from dark_jit.lowering.kernel import Accumulator, Argument, Body, Load, Store, dense
from dark_jit.ops.indexing import around

# Kinds of operation that need a template of their own.
HEAVY = ("reduction", "contraction", "window", "gather", "scatter", "scan", "sort")


@dataclass(frozen=True)
class Space:
    """The extents of logical axes, each split into factors, slowest first; the first `parallel` are the output's.

    The others are those that a reduction or contraction sums over, the places that a gather's index names, or the
    numbers of a scatter's indices.
    """

    factors: tuple[tuple[int, ...], ...]
    parallel: int

    @property
    def extents(self) -> tuple[int, ...]:
        """The extents of all iteration axes."""
        return tuple(extent for factors in self.factors for extent in factors)

    @property
    def axes(self) -> tuple[int, ...]:
        """Those of the output."""
        return tuple(extent for factors in self.factors[: self.parallel] for extent in factors)

    @property
    def reduced(self) -> tuple[int, ...]:
        """Those that are summed over."""
        return self.extents[len(self.axes) :]

    def indices(self) -> list[Affine]:
        """The index of each logical axis."""
        found, axis = [], 0
        for factors in self.factors:
            total, weight = Affine(), math.prod(factors)
            for extent in factors:
                weight = weight // extent if extent else 1
                total, axis = total + index(axis, weight), axis + 1
            found.append(total)
        return found

    def position(self, logical: int) -> int:
        """The iteration axis with which a logical axis begins."""
        return sum(len(factors) for factors in self.factors[:logical])

    def split(self, axis: int, inner: int) -> Space:
        """The space with an iteration axis divided in two."""
        factors = list(self.factors)
        for number, parts in enumerate(factors):
            if axis < len(parts):
                factors[number] = (*parts[:axis], parts[axis] // inner, inner, *parts[axis + 1 :])
                break
            axis -= len(parts)
        return replace(self, factors=tuple(factors))


@dataclass(frozen=True)
class Nest:
    """A kernel before a template is chosen.

    `loads` are what the lead itself reads; reductions and scans read the prologue's `values` instead. Accesses of loads
    and prologue run over axes and reduced axes, those of the epilogue over the axes. The axes of a scatter are (outer,
    place, inner); its loads run over (outer, number of the index, inner), but for the base, which runs over the axes.
    A scan or sort runs along the axis number `along`. `meanings` are the nodes that the steps of prologue and epilogue
    compute.
    """

    roots: tuple[Node, ...]
    axes: tuple[int, ...]
    reduced: tuple[int, ...]
    nodes: tuple[Node, ...]
    arguments: tuple[Argument, ...]
    loads: tuple[Load, ...]
    prologue: Body
    values: tuple[int, ...]
    along: int
    epilogue: Body
    meanings: tuple[tuple[Node | None, ...], tuple[Node | None, ...]]

    @property
    def lead(self) -> Node:
        """The value that gives the kernel its form."""
        return self.roots[0]


def build_nest(roots: Sequence[Node], stored: Mapping[Node, Stored], order: tuple[int, ...]) -> Nest:
    """The nest that computes the roots, the lead being laid out in `order`. Raises NeedsBuffer."""
    space = _space_of(roots[0], order)
    while True:
        try:
            return _Builder(roots, stored, space, order).build()
        except NeedsSplit as need:
            if need.axis in _whole_axes(roots[0], space, order) or space.extents[need.axis] % need.inner:
                raise NeedsBuffer(need.blocked) from None
            space = space.split(need.axis, need.inner)


def _whole_axes(lead: Node, space: Space, order: tuple[int, ...]) -> Sequence[int]:
    """The iteration axes that cannot be split."""
    if lead.op.kind == "window":
        return range(len(space.extents))
    if lead.op.kind == "gather":
        return (len(space.axes),)
    if lead.op.kind in ("scan", "sort"):
        return (_along(lead, space, order),)
    return ()


def _along(lead: Node, space: Space, order: tuple[int, ...]) -> int:
    """The iteration axis along which a scan or a sort runs."""
    return space.position(order.index(lead["axis"] if lead.op.kind == "scan" else lead.ndim - 1))


def _space_of(lead: Node, order: tuple[int, ...]) -> Space:
    reduced: tuple[int, ...] = ()
    if lead.op.kind == "reduction":
        reduced = tuple(lead.inputs[0].shape[axis] for axis in lead["axes"])
    elif lead.op.kind == "scatter":
        return Space(tuple((extent,) for extent in _scattered(lead)), 3)
    elif lead.op.kind == "gather":
        reduced = (lead.inputs[0].shape[lead["axis"]],)
    elif lead.op.name == "matmul":
        reduced = (lead.inputs[0].shape[-1],)
    elif lead.op.name == "conv2d":
        return _conv2d_space(lead, order)
    extents = tuple(lead.shape[axis] for axis in order) or (1,)
    return Space(tuple((extent,) for extent in (*extents, *reduced)), len(extents))


def _conv2d_space(lead: Node, order: tuple[int, ...]) -> Space:
    """Channels are (group, channel of the group), the lanes last; reduced are (kernel row, kernel column, channel)."""
    _, channels, kh, kw = lead.inputs[1].shape
    groups = lead["groups"]
    axes = tuple((groups, lead.shape[1] // groups) if axis == 1 else (lead.shape[axis],) for axis in order)
    return Space((*axes, (kh,), (kw,), (channels,)), len(order))


def _scattered(lead: Node) -> tuple[int, int, int, int]:
    """The result of a scatter as (outer, extent of the axis, inner), and the number of indices along the axis."""
    name, axis, indices = lead.op.name, lead["axis"], _indices(lead)
    if name == "last_writer":
        return 1, lead.size, 1, indices.size
    return *around(lead.shape, axis), indices.shape[axis] if name.endswith("_along_axis") else indices.size


def _indices(scatter: Node) -> Node:
    return scatter.inputs[0 if scatter.op.name.startswith("last_writer") else 1]


def path_from(roots: Container[Node], node: Node, stored: Mapping[Node, Stored]) -> list[Node] | None:
    """A way from one of the roots to the node through values computed on the spot, root first, on which every element
    corresponds to exactly one; None if there is none."""
    came_from: dict[Node, Node] = {}
    stack = [node]
    while stack:
        current = stack.pop()
        if current in roots:
            return _walk(current, node, came_from)
        if current is not node and current in stored:
            continue
        if current.op.kind == "elementwise" or current.op.name in ("transpose", "reshape", "flip"):
            for source in current.inputs:
                if source not in came_from:
                    came_from[source] = current
                    stack.append(source)
    return None


def _walk(start: Node, end: Node, came_from: Mapping[Node, Node]) -> list[Node]:
    path = [start]
    while path[-1] is not end:
        path.append(came_from[path[-1]])
    return path


class _Builder:
    """One attempt over one space."""

    def __init__(
        self, roots: Sequence[Node], stored: Mapping[Node, Stored], space: Space, order: tuple[int, ...]
    ) -> None:
        self.roots = tuple(roots)
        self.lead = self.roots[0]
        self.stored = stored
        self.space = space
        self.order = order
        self.indices = space.indices()
        self.arguments = Arguments(stored)
        self.inner = BodyBuilder(space.extents, stored, self.arguments)
        self.outer = BodyBuilder(space.axes, stored, self.arguments)

    def build(self) -> Nest:
        loads: tuple[Load, ...] = ()
        values: tuple[int, ...] = ()
        along = -1
        if self.lead.op.kind == "reduction":
            values = (self.inner.value(self.lead.inputs[0], self._reduced_input()),)
        elif self.lead.op.kind == "scan":
            values = tuple(self.inner.value(source, self._lead_coordinates()) for source in self.lead.inputs)
            along = _along(self.lead, self.space, self.order)
        elif self.lead.op.kind == "sort":
            loads = (self.outer.operand(self.lead.inputs[0], self._lead_coordinates()),)
            along = _along(self.lead, self.space, self.order)
        elif self.lead.op.kind == "contraction":
            loads = self._matmul() if self.lead.op.name == "matmul" else self._conv2d()
        elif self.lead.op.kind == "window":
            loads = tuple(self._image(source) for source in self.lead.inputs)
        elif self.lead.op.kind == "gather":
            loads = self._gather()
        elif self.lead.op.kind == "scatter":
            loads = self._scatter()
        self._store_roots()
        self._refuse_own_results()
        return Nest(
            self.roots,
            self.space.axes,
            self.space.reduced,
            self.arguments.nodes,
            self.arguments.list(),
            loads,
            self.inner.body(),
            values,
            along,
            self.outer.body(),
            (tuple(self.inner.meanings), tuple(self.outer.meanings)),
        )

    def _lead_coordinates(self) -> Coordinates:
        at = [Affine()] * self.lead.ndim
        for axis, coordinate in zip(self.order, self.indices, strict=False):
            at[axis] = coordinate
        return self.outer.everywhere(tuple(at))

    def _store_roots(self) -> None:
        if self.lead.op.kind == "scatter":
            self._store_flat()
            return
        where = {self.lead: self._lead_coordinates()}
        if self.lead.op.kind in HEAVY:
            self.outer.define(self.lead, where[self.lead], Accumulator(type_name(self.lead.dtype)))
        for number, root in enumerate(self.roots):
            if number:
                where[root] = self._member(root, where)
            if root in self.stored:
                self.outer.store(root, where[root])
            else:  # in this order, so that no chain is descended in one go
                self.outer.value(root, where[root], root=True)

    def _member(self, root: Node, where: Mapping[Node, Coordinates]) -> Coordinates:
        path = path_from(where, root, self.stored)
        if path is None and root.shape == self.lead.shape:  # read from none of them, but computed over the same space
            return where[self.lead]
        if path is None:
            raise NeedsBuffer(root)
        at = where[path[0]]
        for node in path[1:]:
            if node.op.kind == "movement":
                moved = onto(node, at)
                assert moved is not None
                at = moved
        return at

    def _refuse_own_results(self) -> None:
        """A kernel cannot read from memory what it is writing, nor what it writes a part of."""
        nodes = self.arguments.nodes
        written = {self.stored[root].home for root in self.roots if root in self.stored}
        for builder in (self.inner, self.outer):
            for step in builder.steps:
                if isinstance(step, Load) and self.stored[nodes[step.argument]].home in written:
                    raise NeedsBuffer(nodes[step.argument])

    # What the lead reads

    def _reduced_input(self) -> Coordinates:
        outputs = iter(self._lead_coordinates().at)
        reduced = iter(self.indices[self.space.parallel :])
        axes = self.lead["axes"]
        at = tuple(next(reduced) if axis in axes else next(outputs) for axis in range(self.lead.inputs[0].ndim))
        return self.inner.everywhere(at)

    def _matmul(self) -> tuple[Load, ...]:
        *batch, m, n = self._lead_coordinates().at
        k = self.indices[-1]
        a, b = self.lead.inputs
        return (
            self.inner.operand(a, self.inner.everywhere((*batch, m, k))),
            self.inner.operand(b, self.inner.everywhere((*batch, k, n))),
        )

    def _conv2d(self) -> tuple[Load, ...]:
        """out[n, (g, o), y, x] = sum over i, j, c of a[n, (g, c), y*sh + i*dh, x*sw + j*dw] * b[(g, o), c, i, j]."""
        n, o, y, x = self._lead_coordinates().at
        i, j, c = self.indices[self.space.parallel :]
        images, kernels = self.lead.inputs
        (sh, sw), (dh, dw) = self.lead["stride"], self.lead["dilation"]
        group = self._group_of(o)
        channel = group.scaled(kernels.shape[1]) + c
        pixel = (y.scaled(sh) + i.scaled(dh), x.scaled(sw) + j.scaled(dw))
        return (
            self.inner.operand(images, self.inner.everywhere((n, channel, *pixel))),
            self.inner.operand(kernels, self.inner.everywhere((o, c, i, j))),
        )

    def _group_of(self, channel: Affine) -> Affine:
        """The group that an output channel (group, channel of the group) belongs to."""
        width = max(1, self.lead.shape[1] // self.lead["groups"])
        terms = tuple((axis, factor // width) for axis, factor in channel.terms if factor % width == 0)
        return Affine(0, terms if self.lead["groups"] > 1 else ())

    def _image(self, source: Node) -> Load:
        """A pooling operand over its own coordinates, in the order of the loops (n, y, x, c)."""
        extents = tuple(source.shape[axis] for axis in self.order)
        builder = BodyBuilder(extents, self.stored, self.arguments)
        at = [Affine()] * source.ndim
        for number, axis in enumerate(self.order):
            at[axis] = index(number)
        return builder.operand(source, builder.everywhere(tuple(at)))

    def _gather(self) -> tuple[Load, ...]:
        """The data over the axes and the place along the indexed axis, and the index over the axes."""
        x, indices = self.lead.inputs
        axis, at, place = self.lead["axis"], self._lead_coordinates().at, self.indices[-1]
        behind = axis + (1 if self.lead.op.name == "take_along_axis" else indices.ndim)
        data = self.inner.everywhere((*at[:axis], place, *at[behind:]))
        index = self.outer.everywhere(at if self.lead.op.name == "take_along_axis" else at[axis:behind])
        return self.inner.operand(x, data), self.outer.operand(indices, index)

    def _scatter(self) -> tuple[Load, ...]:
        """The index and the values, if any, over (outer, number, inner); the base, if there is one, over the axes."""
        outer, _, inner, count = self.space.extents
        extents, name, inputs = (outer, count, inner), self.lead.op.name, self.lead.inputs
        index = extents if name.endswith("_along_axis") else (1, count, 1)
        loads = [self._flattened(_indices(self.lead), index)]
        if not name.startswith("last_writer"):
            loads.append(self._flattened(inputs[2 if name.startswith("put") else 0], extents))
        if name.startswith("put"):
            loads.append(self._flattened(inputs[0], self.space.axes))
        return tuple(loads)

    def _flattened(self, source: Node, extents: tuple[int, ...]) -> Load:
        """A load of the source's elements as of an array of these extents; along axes of extent 1 it stands still."""
        base = source
        while base not in self.stored and base.op.name == "reshape":
            base = base.inputs[0]
        if base in self.stored and self.stored[base].is_c_order:
            return Load(type_name(source.dtype), self.arguments.position(base), dense(extents))
        builder = BodyBuilder(extents, self.stored, self.arguments)
        everywhere = builder.everywhere(tuple(index(axis) for axis in range(len(extents))))
        try:
            return builder.operand(source, reshaped(extents, source.shape, everywhere, source))
        except NeedsSplit:
            raise NeedsBuffer(source) from None

    def _store_flat(self) -> None:
        value = self.outer.add(Accumulator(type_name(self.lead.dtype)))
        position = self.arguments.position(self.lead, written=True)
        self.outer.stores.append(Store(value, position, dense(self.space.axes)))
