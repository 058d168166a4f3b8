"""From nodes to the scalar program of a kernel: a Body, built value by value at index maps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dark_jit.dtypes import kind_of, type_name
from dark_jit.graph.node import Node
from dark_jit.lowering.coordinates import Affine, Coordinates, NeedsBuffer, into_part, through
from dark_jit.lowering.kernel import (
    Access,
    Apply,
    Argument,
    Body,
    Constant,
    Index,
    Inside,
    Load,
    Step,
    Store,
)
from dark_jit.transforms.assembly import PLACED
from dark_jit.transforms.layout import COPY


@dataclass(frozen=True)
class Stored:
    """A value in memory: the order in which its axes are laid out, slowest first; or its window on the buffer of a
    whole, with the first element and the step along each axis."""

    node: Node
    order: tuple[int, ...]
    whole: Stored | None = None
    window: tuple[slice, ...] = ()

    @property
    def home(self) -> Node:
        """The value whose buffer it is."""
        return self.node if self.whole is None else self.whole.home

    @property
    def offset(self) -> int:
        """Where the first element lies in the buffer, in elements."""
        if self.whole is None:
            return 0
        pairs = zip(self.window, self.whole.strides, strict=True)
        return self.whole.offset + sum((along.start or 0) * stride for along, stride in pairs)

    @property
    def strides(self) -> tuple[int, ...]:
        """Elements between neighbours along each axis of the node."""
        if self.whole is not None:
            pairs = zip(self.window, self.whole.strides, strict=True)
            return tuple((along.step or 1) * stride for along, stride in pairs)
        strides, step = [0] * self.node.ndim, 1
        for axis in reversed(self.order):
            strides[axis], step = step, step * self.node.shape[axis]
        return tuple(strides)

    @property
    def is_c_order(self) -> bool:
        """Whether neighbours along the last axis are neighbours in memory, and so on."""
        return self.whole is None and self.order == tuple(range(self.node.ndim))


class Arguments:
    """The buffers that one kernel is handed."""

    def __init__(self, stored: Mapping[Node, Stored]) -> None:
        self._stored = stored
        self._positions: dict[tuple[Node, bool], int] = {}

    @property
    def nodes(self) -> tuple[Node, ...]:
        """What lies in each buffer, or in a window on it."""
        return tuple(node for node, _ in self._positions)

    def position(self, node: Node, written: bool = False) -> int:
        """The position of a stored value among the arguments; it becomes one if it was not."""
        return self._positions.setdefault((node, written), len(self._positions))

    def list(self) -> tuple[Argument, ...]:
        """All arguments so far."""
        return tuple(self._argument(node, written) for node, written in self._positions)

    def _argument(self, node: Node, written: bool) -> Argument:
        home = self._stored[node].home
        return Argument(type_name(node.dtype), home.size, written, node.size if home is not node else None)


class BodyBuilder:
    """Collects the steps and the stores of a scalar program over an iteration space of the given extents.

    `stored` are the values that lie in memory; everything else that is asked for is computed on the spot. `meanings`
    says for each step which node it computes.
    """

    def __init__(self, extents: tuple[int, ...], stored: Mapping[Node, Stored], arguments: Arguments) -> None:
        self.extents = extents
        self.stored = stored
        self.arguments = arguments
        self.steps: list[Step] = []
        self.meanings: list[Node | None] = []
        self.stores: list[Store] = []
        self._own: set[Node] = set()
        self._positions: dict[Step, int] = {}
        self._values: dict[tuple[Node, Coordinates], int] = {}

    # What callers ask for

    def everywhere(self, at: tuple[Affine, ...]) -> Coordinates:
        """A map without holes."""
        return Coordinates(at, tuple((0, extent) for extent in self.extents))

    def define(self, node: Node, where: Coordinates, step: Step) -> None:
        """Say that the value of `node` at a map is `step` (the kernel's accumulator)."""
        self._values[node, where] = self.add(step)
        self._own.add(node)

    def access(self, node: Node, where: Coordinates) -> Access:
        """Where the elements of a stored node lie in its buffer."""
        return self._access(self.stored[node], where)

    def _access(self, stored: Stored, where: Coordinates) -> Access:
        offset, strides = stored.offset, [0] * len(self.extents)
        for stride, coordinate in zip(stored.strides, where.at, strict=True):
            offset += stride * coordinate.constant
            for axis, coefficient in coordinate.terms:
                strides[axis] += stride * coefficient
        whole = all(r == (0, extent) for r, extent in zip(where.ranges, self.extents, strict=True))
        return Access(offset, tuple(strides), () if whole else where.ranges)

    def operand(self, node: Node, where: Coordinates) -> Load:
        """A plain load of `node`, a rearranged stored value; else raises NeedsBuffer for what must be stored."""
        while node not in self.stored:
            if node.op.kind != "movement" or node.op.name in ("pad", "concatenate", "dilate"):
                raise NeedsBuffer(node)
            if self._reads_flat(node):
                return self._load_flat(node, where)
            node, where = node.inputs[0], through(node, where)
        return Load(type_name(node.dtype), self.arguments.position(node), self.access(node, where))

    def store(self, node: Node, where: Coordinates) -> None:
        """Compute `node` at a map that reaches each of its elements once, and write it to its buffer."""
        self._own.add(node)
        position = self.value(node, where, root=True)
        self.stores.append(Store(position, self.arguments.position(node, written=True), self.access(node, where)))

    def body(self) -> Body:
        """The steps and stores so far."""
        return Body(tuple(self.steps), tuple(self.stores))

    # Values

    def value(self, node: Node, where: Coordinates, root: bool = False) -> int:
        """The position of the step that holds `node` at a map. `root`: compute it even if it is stored."""
        key = (node, where)
        if key not in self._values:
            self._values[key] = self._compute(node, where, root)
            position = self._values[key]
            self.meanings[position] = self.meanings[position] or node
        return self._values[key]

    def _compute(self, node: Node, where: Coordinates, root: bool) -> int:
        if where.empty:
            return self.add(Constant(type_name(node.dtype), _zero(node)))
        if node in self.stored and not root:
            return self.add(Load(type_name(node.dtype), self.arguments.position(node), self.access(node, where)))
        if node.op.kind == "constant":
            return self._constant(node, where)
        if node.op.kind == "movement":
            return self._moved(node, where)
        if node.op.kind != "elementwise":
            raise NeedsBuffer(node)
        operands = tuple(self.value(source, where) for source in node.inputs)
        if node.op in (COPY, PLACED):
            return operands[0]
        return self.add(Apply(type_name(node.dtype), node.op.name, operands))

    def add(self, step: Step) -> int:
        """The position of a step, which is written once."""
        if step not in self._positions:
            self._positions[step] = len(self.steps)
            self.steps.append(step)
            self.meanings.append(None)
        return self._positions[step]

    def _constant(self, node: Node, where: Coordinates) -> int:
        if node.op.name == "constant":
            return self.add(Constant(type_name(node.dtype), node["value"]))
        (coordinate,) = where.at
        factors = dict(coordinate.terms)
        strides = tuple(factors.get(axis, 0) for axis in range(len(self.extents)))
        return self.add(Index(Access(coordinate.constant, strides)))

    def _moved(self, node: Node, where: Coordinates) -> int:
        if node.op.name == "concatenate":
            return self._concatenated(node, where)
        if node.op.name == "dilate":
            raise NeedsBuffer(node)
        if self._reads_flat(node):
            return self.add(self._load_flat(node, where))
        inner = through(node, where)
        position = self.value(node.inputs[0], inner)
        if inner.ranges == where.ranges or inner.empty:
            return position
        return self._masked(node, position, inner)

    def _masked(self, node: Node, position: int, inner: Coordinates) -> int:
        """The value where it exists, 0 elsewhere; a load does that by itself."""
        step = self.steps[position]
        if isinstance(step, Load) and step.access.valid == inner.ranges:
            return position
        inside = self.add(Inside(inner.ranges))
        zero = self.add(Constant(type_name(node.dtype), _zero(node)))
        return self.add(Apply(type_name(node.dtype), "where", (inside, position, zero)))

    def _concatenated(self, node: Node, where: Coordinates) -> int:
        """Each part where it lies; the parts do not overlap."""
        axis, start, result = node["axis"], 0, -1
        for part in node.inputs:
            inner = into_part(node, part, start, where)
            start += part.shape[axis]
            if inner.empty:
                continue
            position = self.value(part, inner)
            if result >= 0:
                inside = self.add(Inside(inner.ranges))
                position = self.add(Apply(type_name(node.dtype), "where", (inside, position, result)))
            result = position
        return result if result >= 0 else self.add(Constant(type_name(node.dtype), _zero(node)))

    def _reads_flat(self, node: Node) -> bool:
        """Whether the node is another shape of a value that lies in C order: then any shape reads it."""
        found = self.stored.get(node.inputs[0])
        return node.op.name == "reshape" and found is not None and found.is_c_order and node.inputs[0] not in self._own

    def _load_flat(self, node: Node, where: Coordinates) -> Load:
        source = node.inputs[0]
        access = self._access(Stored(node, tuple(range(node.ndim))), where)
        return Load(type_name(node.dtype), self.arguments.position(source), access)


def _zero(node: Node) -> str:
    return {"b": "False", "f": "0.0"}.get(kind_of(node.dtype), "0")
