"""From a graph to a list of kernels over buffers: fuse, choose a template for each nest, place the buffers.

A Schedule is plain data: what runs in which order, on what, and why. A backend compiles it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from dark_jit.graph.graph import Graph
from dark_jit.graph.node import Node
from dark_jit.lowering.fusion import Fusion, fuse
from dark_jit.lowering.gathering import TakeSpec
from dark_jit.lowering.kernel import KernelSpec
from dark_jit.lowering.memory import Life, plan_arena
from dark_jit.lowering.nest import Nest
from dark_jit.lowering.select import Choice, select
from dark_jit.lowering.target import Target

SMALL_WORK = 1 << 15  # operations and bytes: a kernel with less is not worth sharing among workers


class Place(Enum):
    """Where a buffer is."""

    INPUT = "input"
    OUTPUT = "output"
    ARENA = "arena"
    STATUS = "status"


@dataclass(frozen=True)
class Slot:
    """A buffer of the program: input or output number `index`, or `index` bytes into the arena."""

    place: Place
    index: int = 0


@dataclass(frozen=True)
class Task:
    """A kernel and the buffers that it is handed. `barrier`: the next kernel may need what it, or one before it, wrote."""

    spec: KernelSpec
    slots: tuple[Slot, ...]
    nest: Nest
    reason: str
    serial: bool
    barrier: bool


@dataclass(frozen=True)
class Schedule:
    """A program: its kernels in order, the size of its arena in bytes, and for each output where it comes from."""

    graph: Graph
    tasks: tuple[Task, ...]
    arena_bytes: int
    lives: tuple[Life, ...]
    refusals: tuple[str, ...]


def schedule(graph: Graph, target: Target) -> Schedule:
    """Plan the kernels of a lowered graph."""
    fusion = fuse(graph)
    steps = [(nest, choice) for nest in fusion.nests if nest.lead.size for choice in select(nest, target)]
    return _Scheduler(graph, fusion, _number_gathers(steps)).run()


def _number_gathers(steps: Sequence[tuple[Nest, Choice]]) -> list[tuple[Nest, Choice]]:
    """Give each kernel that may record an error its number among those that may."""
    numbered, count = [], 0
    for nest, choice in steps:
        if isinstance(choice.spec, TakeSpec):
            choice, count = replace(choice, spec=replace(choice.spec, node=count)), count + 1  # noqa: PLW2901
        numbered.append((nest, choice))
    return numbered


Key = Node | tuple[int, str]


class _Scheduler:
    def __init__(self, graph: Graph, fusion: Fusion, steps: Sequence[tuple[Nest, Choice]]) -> None:
        self.graph = graph
        self.fusion = fusion
        self.steps = steps
        self.keys = [self._buffers(nest, choice) for nest, choice in steps]

    def run(self) -> Schedule:
        lives = self._lives()
        offsets, size = plan_arena(list(lives.values()))
        places = self._fixed()
        for key, offset in zip(lives, offsets, strict=True):
            places[key] = Slot(Place.ARENA, offset)
        barriers = self._barriers(places, lives)
        tasks = tuple(
            Task(choice.spec, tuple(places[key] for key in keys), nest, choice.reason, _is_small(choice.spec), barrier)
            for (nest, choice), keys, barrier in zip(self.steps, self.keys, barriers, strict=True)
        )
        return Schedule(self.graph, tasks, size, tuple(lives.values()), self.fusion.refusals)

    def _buffers(self, nest: Nest, choice: Choice) -> list[Key]:
        """What each argument of a kernel is: a node's value, a scratch buffer of this nest, or the status words."""
        number = self.fusion.nests.index(nest)
        return [nest.nodes[a] if isinstance(a, int) else (number, a) for a in choice.arguments]

    def _fixed(self) -> dict[Key, Slot]:
        places: dict[Key, Slot] = {node: Slot(Place.OUTPUT, i) for i, node in enumerate(self.graph.outputs)}
        places.update({node: Slot(Place.INPUT, i) for i, node in enumerate(self.graph.inputs)})
        for keys in self.keys:
            places.update({key: Slot(Place.STATUS) for key in keys if isinstance(key, tuple) and key[1] == "status"})
        return places

    def _lives(self) -> dict[Key, Life]:
        """From the kernel that writes a buffer to the last one that reads it."""
        fixed, lives = self._fixed(), dict[Key, Life]()
        for now, ((_, choice), keys) in enumerate(zip(self.steps, self.keys, strict=True)):
            for key, argument in zip(keys, choice.spec.arguments, strict=True):
                if key not in fixed:
                    nbytes = argument.elements * _ITEMSIZE[argument.dtype]
                    first = lives[key].first if key in lives else now
                    lives[key] = Life(nbytes, first, now)
        return lives

    def _barriers(self, places: dict[Key, Slot], lives: dict[Key, Life]) -> list[bool]:
        """A barrier stands before a kernel that reads what was written since the last one, or writes what was touched."""
        barriers = [False] * len(self.steps)
        touched: list[tuple[Slot, int, bool]] = []
        for now, ((_, choice), keys) in enumerate(zip(self.steps, self.keys, strict=True)):
            mine = [
                (places[key], lives[key].size if key in lives else 0, argument.written)
                for key, argument in zip(keys, choice.spec.arguments, strict=True)
                if places[key].place is not Place.STATUS
            ]
            if any(_conflict(a, b) for a in mine for b in touched):
                barriers[now - 1] = True
                touched = []
            touched += mine
        return barriers


_ITEMSIZE = {"bool": 1, "int32": 4, "int64": 8, "float32": 4, "float64": 8}


def _conflict(a: tuple[Slot, int, bool], b: tuple[Slot, int, bool]) -> bool:
    """Whether two uses of memory overlap and one of them writes."""
    (one, size, writes), (other, extent, wrote) = a, b
    if not (writes or wrote) or one.place is not other.place:
        return False
    if one.place is Place.ARENA:
        return one.index < other.index + extent and other.index < one.index + size
    return one.index == other.index


def _is_small(spec: KernelSpec) -> bool:
    return spec.flops + spec.bytes < SMALL_WORK
