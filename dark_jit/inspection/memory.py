"""Where the values of a program lie: the plan of its arena."""

from __future__ import annotations

from dataclasses import dataclass

from dark_jit.graph.node import Node
from dark_jit.lowering.memory import Life, lower_bound
from dark_jit.lowering.schedule import Key, Place, Schedule


@dataclass(frozen=True)
class Placed:
    """A value in the arena: `bytes` at `offset`, needed from kernel number `first` to kernel number `last`."""

    name: str
    bytes: int
    offset: int
    first: int
    last: int


@dataclass(frozen=True)
class MemoryPlan:
    """The values that lie in the arena in the order of their first use, and sizes in bytes. One may take the memory of
    another that it is computed from; or that of an output, and then is none of them.

    least: the most bytes that are needed at one time, which no plan can undercut; intermediate: what the buffers would
    take side by side; kept: what is made of Tensors that stand still, and kept from run to run.
    """

    buffers: tuple[Placed, ...]
    arena: int
    least: int
    intermediate: int
    inputs: int
    outputs: int
    kept: int

    def __str__(self) -> str:
        rows = [
            f"{placed.offset:>12,} +{placed.bytes:>12,}  kernels {placed.first:>3} to {placed.last:>3}  {placed.name}"
            for placed in self.buffers
        ]
        foot = (
            f"arena {self.arena:,} bytes (at least {self.least:,} are needed at one time; side by side "
            f"{self.intermediate:,}), inputs {self.inputs:,}, outputs {self.outputs:,}, "
            f"kept from run to run {self.kept:,}"
        )
        return "\n".join([*rows, foot]) + "\n"


def memory_plan(schedule: Schedule) -> MemoryPlan:
    """The plan of a program."""
    found: dict[Key, Placed] = {}
    for number, task in enumerate(schedule.tasks):
        for key, slot, argument in zip(task.operands, task.slots, task.spec.arguments, strict=True):
            if slot.place is Place.ARENA:
                first = found[key].first if key in found else number
                found[key] = Placed(_name(key), argument.bytes, slot.index, first, number)
    inputs, outputs = (
        sum(node.size * node.dtype.itemsize for node in dict.fromkeys(nodes))
        for nodes in (schedule.graph.inputs, schedule.graph.outputs)
    )
    intermediate = sum(Life(placed.bytes, placed.first, placed.last).size for placed in found.values())
    return MemoryPlan(
        tuple(found.values()),
        schedule.arena_bytes,
        lower_bound(schedule.lives),
        intermediate,
        inputs,
        outputs,
        sum(schedule.kept),
    )


def _name(key: Key) -> str:
    if isinstance(key, Node):
        return f"{key.op.name}: {key.dtype.name}[{','.join(map(str, key.shape))}]"
    return f"{key[1]} of nest {key[0]}"
