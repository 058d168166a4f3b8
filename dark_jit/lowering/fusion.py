"""Which values are stored, and which are computed by one kernel.

1. Stored are program outputs, the results of reductions, scans, contractions, pooling, gathers and scatters, what
   those read (except that reductions and scans compute it), and elementwise values that several kernels would otherwise
   compute again at too high a price. All else is computed where it is read.
2. Every stored value starts in a group of its own. An elementwise value joins the group of a value that it reads, where
   one kernel can compute both: as the epilogue of a contraction, reduction or pooling, or as a further output. Other
   elementwise groups that it reads then join as well, where they run over the same space.
Each refusal keeps its reason.
"""

from __future__ import annotations

import heapq
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field

from dark_jit.graph.graph import Graph
from dark_jit.graph.node import Node
from dark_jit.lowering.body import Stored
from dark_jit.lowering.coordinates import NeedsBuffer
from dark_jit.lowering.nest import HEAVY, Nest, build_nest, path_from
from dark_jit.transforms.assembly import windows
from dark_jit.transforms.layout import SMALL, Order, loop_order, orders, planes

CHEAP = 3  # operations that one rather computes twice than stores
DEEPEST = 60  # operations that are computed on the spot at most, and the longest way through movement as well
LONGEST = 128  # operations and stores of one kernel, besides its main computation
_WEIGHTS = {"divide": 3, "sqrt": 3, "floor_divide": 6, "remainder": 6, "power": 30}
_WEIGHTS |= {"philox_low": 30, "philox_high": 30, "multiply_high": 6}
COMPUTING = ("reduction", "scan")  # kinds whose kernels compute what they read
WITHOUT_KERNEL = ("leaf", "assembly")  # what is there, and what the kernels of others put together
ALONE = ("scatter",)  # kinds whose kernels write their result, in C order, and nothing else
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
class Refusal:
    """A value that is not computed by the kernel of another one (`lead`) that it reads, and why."""

    node: Node
    lead: Node
    reason: str

    def __str__(self) -> str:
        return f"{self.node!r} is not computed with {self.lead!r}: {self.reason}"


@dataclass(frozen=True)
class Fusion:
    """The groups in an order in which they can run, with their nests; `refusals` says what did not fuse, and why."""

    groups: tuple[Group, ...]
    nests: tuple[Nest, ...]
    stored: dict[Node, Stored]
    refusals: tuple[Refusal, ...]


def fuse(graph: Graph) -> Fusion:
    """Group the graph's nodes into kernels."""
    return _Fuser(graph).run()


class _Fuser:
    """`before` holds for each group all that it depends on, as a sum of their bits, `needs` the nearest of them."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.users = graph.users()
        self.position = {node: number for number, node in enumerate(graph.nodes)}
        self.planar = planes(graph)
        self.refusals: list[Refusal] = []
        self.stored: dict[Node, Stored] = {}
        self.group_of: dict[Node, Group] = {}
        self.bit: dict[Group, int] = {}
        self.before: dict[Group, int] = {}
        self.needs: dict[Group, set[Group]] = {}
        self.work: dict[Group, int] = {}

    def run(self) -> Fusion:
        self._choose_stored()
        for node in self.graph.nodes:
            if node in self.stored and node.op.kind not in WITHOUT_KERNEL:
                self._place(node)
        groups = [group for group in self._sorted() if group.lead.size]
        self._drop_internal(groups)
        nests = tuple(build_nest(group.roots, self.stored, group.order) for group in groups)
        return Fusion(tuple(groups), nests, self.stored, tuple(self.refusals))

    # Stored values

    def _choose_stored(self) -> None:
        wanted = set(self.graph.inputs) | set(self.graph.outputs)
        for node in self.graph.nodes:
            if node.op.kind in HEAVY:
                wanted.add(node)
                if node.op.kind not in COMPUTING:
                    wanted.update(_base(source) for source in node.inputs)
            if node.op.kind == "assembly":
                wanted.update((node, *node.inputs))
        self.cost = self._costs(wanted)
        self._add_shared(wanted)
        layout = {node: order for node, order in orders(self.graph).items() if node.op.kind not in ALONE}
        for node in reversed(self.graph.nodes):  # wholes before their parts
            if node in wanted and node not in self.stored:
                self._store(Stored(node, layout.get(node, _c_order(node))))
        for node in reversed(self.graph.nodes):
            if node in self.stored and node.op.kind not in WITHOUT_KERNEL and node.size:
                self._store_what_it_needs(node)

    def _store(self, stored: Stored) -> None:
        """Keep a value in memory; if it is put together from parts, these lie in it."""
        self.stored[stored.node] = stored
        if stored.node.op.kind == "assembly":
            for window, part in windows(stored.node):
                self._store(Stored(part, stored.order, stored, window))

    def _costs(self, wanted: set[Node]) -> dict[Node, int]:
        """Operations that computing a value on the spot takes.

        A value that is computed once for many equal elements gets stored here, so does one that takes too many steps.
        """
        cost: dict[Node, int] = {}
        depth: dict[Node, int] = {}
        for node in self.graph.nodes:
            cost[node] = self._cost(node, cost, wanted)
            depth[node] = 1 + max((depth[source] for source in node.inputs if source not in wanted), default=0)
            stretched = node.op.kind == "elementwise" and any(_repeats(user) for user in self.users[node])
            if max(cost[node], depth[node]) > DEEPEST or (stretched and cost[node] > 1):
                wanted.add(node)
        return cost

    def _cost(self, node: Node, cost: Mapping[Node, int], wanted: Container[Node]) -> int:
        total = sum(0 if source in wanted else cost[source] for source in node.inputs)
        if node.op.kind == "elementwise":
            total += 10 if node.op.name in _TRANSCENDENTAL else _WEIGHTS.get(node.op.name, 1)
        return total

    def _add_shared(self, wanted: set[Node]) -> None:
        """Store elementwise values that several kernels would compute, except where that is cheap."""
        shared = self._shared(wanted)
        wanted |= shared
        for node in self.graph.nodes:
            self.cost[node] = self._cost(node, self.cost, wanted)
            if node in shared and self.cost[node] <= CHEAP:  # it is, now that what it reads is stored
                wanted.discard(node)

    def _shared(self, wanted: Container[Node]) -> set[Node]:
        """The costly elementwise values that lead to several stored ones."""
        shared: set[Node] = set()
        sinks: dict[Node, frozenset[Node]] = {}
        for node in reversed(self.graph.nodes):
            users = self.users[node]
            reached = ({user} if user in wanted or user in shared else sinks[user] for user in users)
            sinks[node] = frozenset().union(*reached)
            costly = node.op.kind == "elementwise" and self.cost[node] > CHEAP
            if node not in wanted and costly and len(sinks[node]) > 1:
                shared.add(node)
        return shared

    def _store_what_it_needs(self, node: Node) -> None:
        """Store what a kernel of the node alone has to read from memory, in C order."""
        while True:
            try:
                build_nest([node], self.stored, loop_order(node, self.stored[node].order, self.planar))
                return
            except NeedsBuffer as need:
                # Where the value itself lies in memory already, its own kernel cannot compute what it reads.
                missing = [each for each in (need.node, *need.node.inputs) if not self._in_c_order(each)]
                if not missing:
                    raise
                self._store(Stored(missing[0], _c_order(missing[0])))

    def _in_c_order(self, node: Node) -> bool:
        return node in self.stored and self.stored[node].is_c_order

    # Groups

    def _place(self, node: Node) -> None:
        """Let the node join a group that it reads from, or start its own."""
        sources = self._sources([node])
        if node.op.kind == "elementwise" or (node.op.name == "reshape" and node in self.graph.outputs):
            for group in sorted(sources, key=self._preference):
                reason = self._obstacle(node, group, sources)
                if reason is None:
                    group.members.append(node)
                    self.work[group] += self.cost[node] + 1
                    self._note(group, node, sources - {group})
                    self._merge(group, sources - {group})
                    return
                self.refusals.append(Refusal(node, group.lead, reason))
        group = Group(node, loop_order(node, self.stored[node].order, self.planar))
        self.bit[group] = 1 << len(self.bit)
        self.before[group], self.needs[group], self.work[group] = 0, set(), self.cost[node]
        self._note(group, node, sources)

    def _preference(self, group: Group) -> tuple[bool, int, int]:
        """Groups that have a main computation first, then the largest, then the first."""
        return group.lead.op.kind not in HEAVY, -group.lead.size, self.bit[group]

    def _note(self, group: Group, node: Node, sources: set[Group]) -> None:
        """The group has the node now and depends on these groups; so does all that depends on the group."""
        self.group_of[node] = group
        self.needs[group] |= sources
        added = self.before[group]
        for source in sources:
            added |= self.before[source] | self.bit[source]
        if added == self.before[group]:
            return
        self.before[group] = added
        if len(group.roots) > 1:  # a new group has none that depend on it
            for other, earlier in self.before.items():
                if earlier & self.bit[group]:
                    self.before[other] |= added

    def _merge(self, group: Group, sources: Iterable[Group]) -> None:
        """Let what the group's newest member reads besides join whole, where that runs over the same space: as the two
        moments of a gradient, of which each alone would read the gradient."""
        for other in sorted(sources, key=self.bit.__getitem__, reverse=True):
            if _alike(group, other):
                reason = self._apart(group, other)
                if reason is None:
                    self._absorb(group, other)
                else:
                    self.refusals.append(Refusal(group.lead, other.lead, reason))

    def _apart(self, group: Group, other: Group) -> str | None:
        """Why a group and one that it needs cannot be one; None where they can."""
        if self.work[group] + self.work[other] > LONGEST:
            return "that kernel is long enough"
        if any(self.before[between] & self.bit[other] for between in self.needs[group] - {other}):
            return "another of its operands needs that kernel's result"
        try:
            build_nest(self._together(group, other), self.stored, group.order)
        except NeedsBuffer as need:
            return f"{need.node!r} must lie in memory"
        return None

    def _together(self, group: Group, other: Group) -> list[Node]:
        return sorted([*group.roots, *other.roots], key=self.position.__getitem__)

    def _absorb(self, group: Group, other: Group) -> None:
        self.group_of.update(dict.fromkeys(other.roots, group))
        group.lead, *group.members = self._together(group, other)
        self.work[group] += self.work.pop(other)
        self.needs[group] |= self.needs.pop(other)
        self.before[group] |= self.before.pop(other)
        for needed in self.needs.values():
            if other in needed:
                needed.remove(other)
                needed.add(group)
        self.needs[group].discard(group)
        for reader, earlier in self.before.items():
            if earlier & self.bit[other] and reader is not group:
                self.before[reader] |= self.before[group] | self.bit[group]

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
            elif node not in self.stored or node.op.kind == "assembly":
                stack.extend(node.inputs)
        return found

    def _obstacle(self, node: Node, group: Group, sources: set[Group]) -> str | None:
        """Why the node cannot join the group; None where it can."""
        if node.op.name == "copy":
            return "it changes the storage order"
        if node.size == 0:
            return "it is empty"
        if self.work[group] + self.cost[node] > LONGEST:
            return "that kernel is long enough"
        if group.lead.op.kind in ALONE:
            return f"a {group.lead.op.kind} is done when all of it is"
        if any(self.before[other] & self.bit[group] for other in sources if other is not group):
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
        """Whether the vectors of the group's kernel are vectors of the node too, or storing them otherwise is cheap."""
        order = self.stored[node].order
        if node.ndim != group.lead.ndim or order[-1:] == group.order[-1:]:
            return True
        return group.lead.op.kind in HEAVY and node.size <= SMALL

    def _sorted(self) -> list[Group]:
        """Groups, each after those that it depends on; of those that are ready the one whose lead comes first."""
        at = {self.position[group.lead]: group for group in self.needs}
        waits = {group: len(needed) for group, needed in self.needs.items()}
        needed_by: dict[Group, list[Group]] = {group: [] for group in self.needs}
        for group, needed in self.needs.items():
            for source in needed:
                needed_by[source].append(group)
        ready = [number for number, group in at.items() if not waits[group]]
        heapq.heapify(ready)
        ordered: list[Group] = []
        while ready:
            group = at[heapq.heappop(ready)]
            ordered.append(group)
            for other in needed_by[group]:
                waits[other] -= 1
                if not waits[other]:
                    heapq.heappush(ready, self.position[other.lead])
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
                is_part = self.stored[node].whole is not None
                if node not in outputs and not is_part and read_by.get(node, set()) <= {group} and len(group.roots) > 1:
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


def _repeats(node: Node) -> bool:
    return node.op.name == "broadcast_to" and node.size > node.inputs[0].size


def _alike(group: Group, other: Group) -> bool:
    """Whether both compute elementwise values only, over the same space."""
    plain = all(lead.op.kind == "elementwise" and lead.op.name != "copy" for lead in (group.lead, other.lead))
    return plain and group.lead.shape == other.lead.shape and group.order == other.order


def _c_order(node: Node) -> Order:
    return tuple(range(node.ndim))


def _base(node: Node) -> Node:
    """The value that a contraction's operand is a rearrangement of; that one must be stored."""
    while node.op.kind == "movement" and node.op.name not in ("pad", "concatenate", "dilate"):
        node = node.inputs[0]
    return node
