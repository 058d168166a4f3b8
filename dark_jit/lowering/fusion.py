"""Which values are stored, and which are computed by one kernel.

1. Stored are program outputs, the results of reductions, contractions, pooling and gathers, what those read, and
   elementwise values that several kernels would otherwise compute again at too high a price. All else is computed where it
   is read.
2. Every stored value starts in a group of its own. An elementwise value joins the group of a value that it reads, where one
   kernel can compute both: as the epilogue of a contraction, reduction or pooling, or as a further output.
Each refusal keeps its reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from dark_jit.graph.graph import Graph
from dark_jit.graph.node import Node
from dark_jit.lowering.body import Stored
from dark_jit.lowering.coordinates import NeedsBuffer
from dark_jit.lowering.nest import HEAVY, Nest, build_nest, path_from
from dark_jit.transforms.layout import KERNEL_GRADIENT, SMALL, Order, loop_order, orders

CHEAP = 3  # operations that one rather computes twice than stores
DEEPEST = 60  # operations that are computed on the spot at most
_WEIGHTS = {"divide": 3, "sqrt": 3, "floor_divide": 6, "remainder": 6, "power": 30}
_TRANSCENDENTAL = ("exp", "log", "tanh", "sin", "cos", "erf")


@dataclass(eq=False)
class Group:
    """What one kernel computes: the lead first, then what joined it, in topological order."""

    lead: Node
    order: Order
    members: list[Node] = field(default_factory=list)

    @property
    def roots(self) -> list[Node]:
        """All values of the group."""
        return [self.lead, *self.members]


@dataclass(frozen=True)
class Fusion:
    """The groups in an order in which they can run, with their nests; `refusals` says what did not fuse, and why."""

    groups: tuple[Group, ...]
    nests: tuple[Nest, ...]
    stored: dict[Node, Stored]
    refusals: tuple[str, ...]


def fuse(graph: Graph) -> Fusion:
    """Group the graph's nodes into kernels."""
    forced: set[Node] = set()
    while True:
        try:
            return _Fuser(graph, forced).run()
        except NeedsBuffer as need:
            if need.node in forced:
                raise
            forced.add(need.node)


class _Fuser:
    """One attempt; NeedsBuffer asks for another with one more value in memory."""

    def __init__(self, graph: Graph, forced: set[Node]) -> None:
        self.graph = graph
        self.forced = forced
        self.layout = {node: order for node, order in orders(graph).items() if node not in forced}
        self.users = graph.users()
        self.refusals: list[str] = []
        self.stored: dict[Node, Stored] = {}
        self.group_of: dict[Node, Group] = {}
        self.before: dict[Group, set[Group]] = {}

    def run(self) -> Fusion:
        self._choose_stored()
        for node in self.graph.nodes:
            if node in self.stored and node.op.kind != "leaf":
                self._place(node)
        groups = self._sorted()
        self._drop_internal(groups)
        nests = tuple(build_nest(group.roots, self.stored, group.order) for group in groups)
        return Fusion(tuple(groups), nests, self.stored, tuple(self.refusals))

    # Stored values

    def _choose_stored(self) -> None:
        wanted = set(self.graph.inputs) | set(self.graph.outputs) | self.forced
        for node in self.graph.nodes:
            if node.op.kind in HEAVY:
                wanted.add(node)
                if node.op.kind != "reduction":
                    wanted.update(_base(source) for source in node.inputs)
        self._add_shared(wanted)
        for node in self.graph.nodes:
            if node in wanted:
                order: Order = self.layout.get(node, tuple(range(node.ndim)))
                self.stored[node] = Stored(node, order)

    def _add_shared(self, wanted: set[Node]) -> None:
        """Store elementwise values that would be computed several times, or once for many equal elements, or too deep."""
        cost = self._costs(wanted)
        sinks: dict[Node, frozenset[Node]] = {}
        for node in reversed(self.graph.nodes):
            readers = self.users[node]
            found = frozenset().union(*([user] if user in wanted else sinks[user] for user in readers))
            if node not in wanted and node.op.kind == "elementwise":
                stretched = any(user.op.name == "broadcast_to" and user.size > node.size for user in readers)
                if cost[node] > (CHEAP if len(found) > 1 else 1 if stretched else DEEPEST):
                    wanted.add(node)
            sinks[node] = found

    def _costs(self, wanted: set[Node]) -> dict[Node, int]:
        """Operations that computing a value on the spot takes; a chain that gets too deep is cut here."""
        cost: dict[Node, int] = {}
        for node in self.graph.nodes:
            cost[node] = sum(0 if source in wanted else cost[source] for source in node.inputs)
            if node.op.kind == "elementwise":
                cost[node] += 10 if node.op.name in _TRANSCENDENTAL else _WEIGHTS.get(node.op.name, 1)
            if cost[node] > DEEPEST and node.op.kind == "elementwise":
                wanted.add(node)
        return cost

    # Groups

    def _place(self, node: Node) -> None:
        """Let the node join a group that it reads from, or start its own."""
        sources = self._sources([node])
        if node.op.kind == "elementwise":
            for group in sorted(sources, key=lambda group: (group.lead.op.kind not in HEAVY, -group.lead.size)):
                reason = self._obstacle(node, group, sources)
                if reason is None:
                    group.members.append(node)
                    self._note(group, node, sources - {group})
                    return
                self.refusals.append(f"{node!r} is not computed with {group.lead!r}: {reason}")
        group = Group(node, loop_order(node, self.stored[node].order))
        self.before[group] = set()
        self._note(group, node, sources)

    def _note(self, group: Group, node: Node, sources: set[Group]) -> None:
        """The group has the node now and depends on these groups; so does all that depends on the group."""
        self.group_of[node] = group
        added = sources.union(*(self.before[source] for source in sources))
        for other, earlier in self.before.items():
            if other is group or group in earlier:
                earlier |= added

    def _sources(self, roots: Iterable[Node]) -> set[Group]:
        """The groups whose values the nodes read, directly or through what is computed on the spot."""
        found: set[Group] = set()
        stack, seen = [source for root in roots for source in root.inputs], set()
        while stack:
            node = stack.pop()
            if node in seen:
                continue
            seen.add(node)
            if node in self.group_of:
                found.add(self.group_of[node])
            elif node not in self.stored:
                stack.extend(node.inputs)
        return found

    def _obstacle(self, node: Node, group: Group, sources: set[Group]) -> str | None:
        """Why the node cannot join the group; None where it can."""
        if node.op.name == "copy":
            return "it changes the storage order"
        if node.size == 0:
            return "it is empty"
        if any(group in self.before[other] for other in sources if other is not group):
            return "another of its operands needs that kernel's result"
        if path_from(group.roots, node, self.stored) is None:
            return "its elements are not those of that kernel, one by one"
        if not self._same_order(node, group):
            return "they are stored in different orders"
        try:
            build_nest([*group.roots, node], self.stored, group.order)
        except NeedsBuffer as need:
            return f"{need.node!r} must lie in memory"
        return None

    def _same_order(self, node: Node, group: Group) -> bool:
        """Whether the vectors of the group's kernel are vectors of the node as well, or storing them otherwise is cheap."""
        if node.ndim != group.lead.ndim or self.stored[node].order == group.order:
            return True
        return group.lead.op.kind in HEAVY and (node.size <= SMALL or group.order == KERNEL_GRADIENT)

    def _sorted(self) -> list[Group]:
        """Groups, each after those that it depends on."""
        position = {node: number for number, node in enumerate(self.graph.nodes)}
        waiting = sorted(self.before, key=lambda group: position[group.lead])
        done: set[Group] = set()
        ordered: list[Group] = []
        while waiting:
            ready = next(group for group in waiting if self.before[group] <= done)
            waiting.remove(ready)
            done.add(ready)
            ordered.append(ready)
        return ordered

    def _drop_internal(self, groups: list[Group]) -> None:
        """A value that only its own kernel reads needs no memory."""
        read_by: dict[Node, set[Group]] = {}
        for group in groups:
            for node in self._reads(group):
                read_by.setdefault(node, set()).add(group)
        outputs = set(self.graph.outputs)
        for group in groups:
            for node in group.roots:
                if node not in outputs and read_by.get(node, set()) <= {group} and len(group.roots) > 1:
                    del self.stored[node]

    def _reads(self, group: Group) -> set[Node]:
        """The stored values that a group reads, its own included."""
        found: set[Node] = set()
        stack, seen = [source for root in group.roots for source in root.inputs], set()
        while stack:
            node = stack.pop()
            if node in seen:
                continue
            seen.add(node)
            if node in self.stored:
                found.add(node)
            else:
                stack.extend(node.inputs)
        return found


def _base(node: Node) -> Node:
    """The value that a contraction's operand is a rearrangement of; that one must be stored."""
    while node.op.kind == "movement" and node.op.name not in ("pad", "concatenate", "dilate"):
        node = node.inputs[0]
    return node
