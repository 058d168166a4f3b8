"""From a graph to a list of kernels over buffers: fuse, choose a template for each nest, place the buffers.

A Schedule is plain data: what runs in which order, on what, and why. A backend compiles it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from dark_jit.graph.graph import Graph
from dark_jit.graph.node import Node
from dark_jit.lowering.body import Stored
from dark_jit.lowering.chains import Use, chains
from dark_jit.lowering.fusion import Fusion, Refusal, fuse
from dark_jit.lowering.gathering import IndexedSpec
from dark_jit.lowering.inplace import homes
from dark_jit.lowering.kernel import LINE, Apply, Argument, KernelSpec
from dark_jit.lowering.memory import Life, plan_arena
from dark_jit.lowering.nest import Nest
from dark_jit.lowering.select import Choice, select
from dark_jit.lowering.standing import kept, standing
from dark_jit.lowering.target import Machine, Target

SMALL_WORK = 1 << 15  # operations and bytes: a kernel with less is not worth sharing among workers
# A worker that slept costs some 100 us until it works. What a core does meanwhile, in operations; a byte takes as long
# as four of them. Where a worker would have less to do, the program is done sooner without it.
WORKER_SHARE = 1 << 23
BYTE = 4
MOST_OPS = 4  # operations that a title spells out


class Place(Enum):
    """Where a buffer is."""

    INPUT = "input"
    OUTPUT = "output"
    ARENA = "arena"
    KEPT = "kept"
    STATUS = "status"


@dataclass(frozen=True)
class Slot:
    """A buffer of the program: input, output or kept buffer number `index`, or `index` bytes into the arena."""

    place: Place
    index: int = 0


Key = Node | tuple[int, str]


@dataclass(frozen=True)
class Task:
    """A kernel and the buffers that it is handed. `barrier`: the next one must wait for it, or for one before it.

    `operands` says for each slot what lies there: a node's value, or a buffer of its nest's own (nest, name). Where
    `blocks` is not 0 the kernel goes together with others, `blocks` blocks of rows one after the other (`chains`):
    with those before it, if it `follows`.
    """

    spec: KernelSpec
    operands: tuple[Key, ...]
    slots: tuple[Slot, ...]
    nest: Nest
    reason: str
    serial: bool
    barrier: bool
    blocks: int = 0
    follows: bool = False

    @property
    def most_workers(self) -> int:
        """How many workers may share it."""
        return 1 if self.serial else self.spec.most_workers

    @property
    def title(self) -> str:
        """What it does: conv2d_add_relu."""
        names = [self.nest.lead.op.name]
        names += [step.op for step in self.spec.epilogue.steps if isinstance(step, Apply)]
        shown = list(dict.fromkeys(["pack", *names] if self.spec.template == "pack" else names))
        return "_".join(shown[:MOST_OPS]) + ("_etc" if len(shown) > MOST_OPS else "")


@dataclass(frozen=True)
class Schedule:
    """A program: its kernels in order, how values are laid out in memory, and the size of its arena in bytes.

    The first `prepared` kernels run only when one of the inputs that they read is another one than before; `kept` are
    the bytes of each buffer in which they leave what others read.
    """

    graph: Graph
    tasks: tuple[Task, ...]
    stored: Mapping[Node, Stored]
    arena_bytes: int
    lives: tuple[Life, ...]
    refusals: tuple[Refusal, ...]
    prepared: int = 0
    kept: tuple[int, ...] = ()

    @property
    def standing(self) -> tuple[int, ...]:
        """The inputs that the first kernels read."""
        slots = (slot for task in self.tasks[: self.prepared] for slot in task.slots)
        return tuple(sorted({slot.index for slot in slots if slot.place is Place.INPUT}))

    @property
    def workers(self) -> int:
        """How many workers are worth their wake."""
        return max(1, sum(_work(task) for task in self.tasks[self.prepared :] if not task.serial) // WORKER_SHARE)

    @property
    def brief(self) -> bool:
        """Whether the whole program takes a few microseconds."""
        return sum(map(_work, self.tasks[self.prepared :])) < SMALL_WORK


def _work(task: Task) -> int:
    return task.spec.flops + BYTE * task.spec.bytes


def schedule(graph: Graph, target: Machine, still: Iterable[int] = ()) -> Schedule:
    """Plan the kernels of a lowered graph. `still`: the inputs that are likely to be the same at the next run."""
    fusion = fuse(graph)
    steps = [
        _Step(nest, choice, _buffers(nest, choice, number, fusion.stored))
        for number, nest in enumerate(fusion.nests)
        for choice in select(nest, target)
    ]
    steps = _number_recorders(steps)
    uses = [Use(step.choice.spec, step.keys) for step in steps]
    first = standing(uses, [graph.inputs[place] for place in still], graph.outputs)
    order = [*first, *sorted(set(range(len(steps))) - set(first))]
    steps, uses = [steps[number] for number in order], [uses[number] for number in order]
    results = kept(uses, len(first))
    # A GPU's compiler is told that what is read is not written.
    shared: dict[Any, Any] = {}
    if isinstance(target, Target):
        shared = homes(uses, {*graph.inputs, *graph.outputs, *results})
    steps = [replace(step, homes=tuple(shared.get(key, key) for key in step.keys)) for step in steps]
    streaming = _streaming(steps, graph, shared.values(), target)
    return _Scheduler(graph, fusion, streaming, target, len(first), results).run()


@dataclass(frozen=True)
class _Step:
    """A kernel, and what each of its arguments is: a node's value, or a buffer of its nest's own with a name.

    homes: whose memory that has, another's where it is overwritten later.
    """

    nest: Nest
    choice: Choice
    keys: tuple[Key, ...]
    homes: tuple[Key, ...] = ()

    @property
    def uses(self) -> Iterator[tuple[Key, Argument]]:
        """Which memory the kernel's arguments are, and how it uses them."""
        return zip(self.homes, self.choice.spec.arguments, strict=True)

    def streaming(self, nodes: Container[Key]) -> _Step:
        """The same, with these nodes written past the caches."""
        spec = self.choice.spec
        arguments = tuple(replace(a, streamed=a.written and key in nodes) for key, a in self.uses)
        return replace(self, choice=replace(self.choice, spec=replace(spec, arguments=arguments)))


def _buffers(nest: Nest, choice: Choice, number: int, stored: Mapping[Node, Stored]) -> tuple[Key, ...]:
    return tuple(stored[nest.nodes[a]].home if isinstance(a, int) else (number, a) for a in choice.arguments)


def _number_recorders(steps: Sequence[_Step]) -> list[_Step]:
    """Give each kernel that may record an error its number among those that may."""
    numbered, count = [], 0
    for step in steps:
        choice = step.choice
        if isinstance(choice.spec, IndexedSpec):
            choice, count = replace(choice, spec=replace(choice.spec, node=count)), count + 1
        numbered.append(replace(step, choice=choice))
    return numbered


def _streaming(steps: Sequence[_Step], graph: Graph, in_place: Iterable[Key], target: Machine) -> Sequence[_Step]:
    """Let kernels that copy or compute element by element write past the caches what the program does not read again,
    where all of that is more than the caches hold. What is written in place is in the caches already."""
    if not isinstance(target, Target):
        return steps
    read = {key for step in steps for key, argument in step.uses if not argument.written}
    left = {node for node in graph.outputs if node.op.kind != "leaf"} - read - set(in_place)
    if sum(node.size * node.dtype.itemsize for node in left) < target.far_bytes:
        return steps
    return [step.streaming(left) if _streams(step.choice.spec) else step for step in steps]


def _streams(spec: KernelSpec) -> bool:
    """Whether a kernel writes one line of the caches after another, as a whole."""
    if spec.template == "transpose":
        return all(spec.lanes * argument.itemsize >= LINE for argument in spec.arguments if argument.written)
    return spec.template == "elementwise"


@dataclass(frozen=True)
class _Range:
    """A chain, of which the kernels stand one after the other: number `first` .. `last` - 1."""

    first: int
    last: int
    blocks: int


class _Scheduler:
    """The first `prepared` steps leave `kept` (with its bytes) for the others."""

    def __init__(
        self,
        graph: Graph,
        fusion: Fusion,
        steps: Sequence[_Step],
        target: Machine,
        prepared: int,
        kept: Mapping[Any, int],
    ) -> None:
        self.graph = graph
        self.fusion = fusion
        self.prepared = prepared
        self.kept = kept
        uses = [Use(step.choice.spec, step.homes) for step in steps]
        self.chains: list[_Range] = []
        self.steps: list[_Step] = []
        for part in (range(prepared), range(prepared, len(steps))):
            for chain in chains([uses[number] for number in part], target):
                self.chains.append(_Range(len(self.steps), len(self.steps) + len(chain.kernels), chain.blocks))
                self.steps += [steps[part[number]] for number in chain.kernels]

    def run(self) -> Schedule:
        lives = self._lives()
        offsets, size = plan_arena(list(lives.values()))
        places = self._fixed()
        for key, offset in zip(lives, offsets, strict=True):
            places[key] = Slot(Place.ARENA, offset)
        barriers = self._barriers(places, lives)
        tasks = [
            self._task(number, places, barriers[number], chain)
            for chain in self.chains
            for number in range(chain.first, chain.last)
        ]
        return Schedule(
            self.graph,
            tuple(tasks),
            self.fusion.stored,
            size,
            tuple(lives.values()),
            self.fusion.refusals,
            self.prepared,
            tuple(self.kept.values()),
        )

    def _fixed(self) -> dict[Key, Slot]:
        places: dict[Key, Slot] = {node: Slot(Place.OUTPUT, i) for i, node in enumerate(self.graph.outputs)}
        places.update({node: Slot(Place.INPUT, i) for i, node in enumerate(self.graph.inputs)})
        places.update({key: Slot(Place.KEPT, i) for i, key in enumerate(self.kept)})
        keys = (key for step in self.steps for key in step.keys)
        places.update({key: Slot(Place.STATUS) for key in keys if isinstance(key, tuple) and key[1] == "status"})
        return places

    def _lives(self) -> dict[Key, Life]:
        """From the kernel that writes a buffer to the last one that reads it; those of a chain are at work together."""
        fixed, lives = self._fixed(), dict[Key, Life]()
        for chain in self.chains:
            for key, argument in self._uses(chain):
                if key not in fixed:
                    first = lives[key].first if key in lives else chain.first
                    lives[key] = Life(argument.bytes, first, chain.last - 1)
        return lives

    def _uses(self, chain: _Range) -> Iterator[tuple[Key, Argument]]:
        return (use for step in self.steps[chain.first : chain.last] for use in step.uses)

    def _barriers(self, places: Mapping[Key, Slot], lives: Mapping[Key, Life]) -> list[bool]:
        """A barrier stands before a kernel that reads what was written since the last, or writes what was touched."""
        barriers = [False] * len(self.steps)
        read, written, assembled = _Memory(), _Memory(), set[Key]()
        for chain in self.chains:
            mine = [
                (key, places[key], lives[key].size if key in lives else 1, argument.written)
                for key, argument in self._uses(chain)
                if places[key].place is not Place.STATUS
            ]
            if any(
                (written.meets(slot, size) and not (writes and key in assembled)) or (writes and read.meets(slot, size))
                for key, slot, size, writes in mine
            ):
                barriers[chain.first - 1] = True
                read, written, assembled = _Memory(), _Memory(), set[Key]()
            for key, slot, size, writes in mine:
                (written if writes else read).add(slot, size)
                if writes and isinstance(key, Node) and key.op.kind == "assembly":
                    assembled.add(key)  # the kernels that write its parts need not wait for each other
        return barriers

    def _task(self, number: int, places: Mapping[Key, Slot], barrier: bool, chain: _Range) -> Task:
        step = self.steps[number]
        spec, reason = step.choice.spec, step.choice.reason
        slots = tuple(places[key] for key in step.homes)
        serial = not chain.blocks and spec.flops + spec.bytes < SMALL_WORK
        if chain.blocks:
            others = chain.last - chain.first - 1
            reason += f"; together with {others} other(s), {chain.blocks} blocks of rows in turn"
        if number < self.prepared:
            reason += "; its result is kept, and it runs again when an input of it is another one"
        return Task(spec, step.keys, slots, step.nest, reason, serial, barrier, chain.blocks, number > chain.first)


class _Memory:
    """A set of memory: of each place disjoint ranges, in order. Inputs and outputs count as one byte each."""

    def __init__(self) -> None:
        self.starts: dict[Place, list[int]] = {place: [] for place in Place}
        self.ends: dict[Place, list[int]] = {place: [] for place in Place}

    def meets(self, slot: Slot, size: int) -> bool:
        """Whether any of these bytes is in the set."""
        first, last = self._overlapped(slot, size)
        return first < last

    def add(self, slot: Slot, size: int) -> None:
        """Put these bytes into the set."""
        first, last = self._overlapped(slot, size)
        starts, ends = self.starts[slot.place], self.ends[slot.place]
        begin, end = min([slot.index, *starts[first:last]]), max([slot.index + size, *ends[first:last]])
        starts[first:last], ends[first:last] = [begin], [end]

    def _overlapped(self, slot: Slot, size: int) -> tuple[int, int]:
        """The ranges that have bytes in common with these: the first, and the one after the last."""
        first = bisect_right(self.ends[slot.place], slot.index)
        return first, bisect_left(self.starts[slot.place], slot.index + size, first)
