"""The part of a report that does not depend on the machine: the passes, what was fused, memory, the user's lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

from dark_jit.graph import origins
from dark_jit.graph.graph import Graph
from dark_jit.graph.node import Node
from dark_jit.graph.origins import Origin
from dark_jit.graph.text import print_graph
from dark_jit.inspection.changes import Change, changes
from dark_jit.inspection.memory import MemoryPlan, memory_plan
from dark_jit.inspection.provenance import Line, origins_in, traced_lines
from dark_jit.inspection.view import KernelView
from dark_jit.lowering.fusion import Refusal
from dark_jit.lowering.schedule import Schedule, Task

Viewed = TypeVar("Viewed", bound=KernelView)


@dataclass(frozen=True)
class Group(Generic[Viewed]):
    """What was fused: the lead, which gives the kernels their form, and the values computed with it."""

    lead: Node
    members: tuple[Node, ...]
    kernels: tuple[Viewed, ...]


class ReportView(Generic[Viewed]):
    """How a program came about, for any machine; `machine` is its name."""

    kernels: list[Viewed]
    machine: str

    def __init__(
        self, stages: Sequence[tuple[str, Graph]], schedule: Schedule, traced: Sequence[Node], name: str
    ) -> None:
        self.name = name
        self.origins_of = origins_in(traced) if traced else origins.of
        self.passes: list[tuple[str, Graph]] = list(stages)
        self.graph: Graph = self.passes[-1][1]
        self.tasks: tuple[Task, ...] = schedule.tasks
        self.arena_bytes = schedule.arena_bytes
        self.refusals: tuple[Refusal, ...] = schedule.refusals
        self._schedule = schedule

    # From the graph to the schedule

    @cached_property
    def changes(self) -> list[Change]:
        """What each pass added to the graph and took from it."""
        return changes(self.passes)

    @cached_property
    def groups(self) -> list[Group[Viewed]]:
        """The schedule: what each kernel, or kernels that work together, computes."""
        found: dict[int, list[Viewed]] = {}
        for kernel, task in zip(self.kernels, self.tasks, strict=True):
            found.setdefault(id(task.nest), []).append(kernel)
        nests = {id(task.nest): task.nest for task in self.tasks}
        return [Group(nests[key].lead, nests[key].roots[1:], tuple(kernels)) for key, kernels in found.items()]

    @cached_property
    def memory(self) -> MemoryPlan:
        """Where intermediate values lie."""
        return memory_plan(self._schedule)

    # Lines

    @cached_property
    def lines(self) -> list[Line]:
        """The user's lines that take part, in the order of files and numbers, each with its kernels."""
        return traced_lines(self._origins())

    def _origins(self) -> Iterator[tuple[int | None, Origin]]:
        for node in self.passes[0][1].nodes:
            for origin in sorted(self.origins_of(node)):
                yield None, origin
        for kernel in self.kernels:
            for origin in kernel.origins:
                yield kernel.number, origin

    def where(self, place: str) -> list[Viewed]:
        """The kernels that compute a line of the user's, forward and backward, given as 'model.py:35' or with the whole
        path; or the call of a module, given as 'Net.layer1', with all inside it.
        """
        return [kernel for kernel in self.kernels if any(_is_at(origin, place) for origin in kernel.origins)]

    # Text

    def explain(self) -> str:
        """Why each kernel has its form, and what was not fused, and why not."""
        chosen = [f"{number:3} {kernel.name}: {kernel.why}" for number, kernel in enumerate(self.kernels)]
        refused = [f"  {reason}" for reason in self.refusals] or ["  nothing"]
        return "\n".join(["kernels", *chosen, "", "not fused", *refused]) + "\n"

    def graphs(self) -> str:
        """The graph's text as traced and after each pass that changed it, with the user's lines."""
        parts = []
        for change in self.changes:
            text = "" if change.graph is change.before else f"\n{print_graph(change.graph, self.origins_of)}"
            parts.append(f"# {change}{text}")
        return "\n".join(parts)

    def __str__(self) -> str:
        rows = [("#", "kernel", "template", "MFLOP", "KiB", "parameters")]
        for number, kernel in enumerate(self.kernels):
            parameters = " ".join(f"{name}={_short(value)}" for name, value in kernel.parameters.items())
            cost = f"{kernel.flops / 1e6:.3f}", f"{kernel.bytes / 1024:.1f}"
            rows.append((str(number), kernel.name, kernel.template, *cost, parameters))
        total = sum(kernel.flops for kernel in self.kernels) / 1e6
        arena = f"arena {self.arena_bytes / 1024:.1f} KiB"
        foot = f"{len(self.kernels)} kernels, {total:.2f} MFLOP, {arena}, {self.machine}"
        return f"{table(rows, right=(0, 3, 4))}\n{foot}\n"


def _is_at(origin: Origin, place: str) -> bool:
    return place in (origin.place, f"{origin.file}:{origin.line}") or f"{origin.scope}.".startswith(f"{place}.")


def _short(value: object) -> str:
    return "x".join(map(str, value)) or "-" if isinstance(value, tuple) else str(value)


def table(rows: Sequence[Sequence[str]], right: Sequence[int]) -> str:
    """Columns aligned, those of `right` to the right, under a line; the last column is as long as it is."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    lines = [
        "  ".join([*(_cell(c, w, i in right) for i, (c, w) in enumerate(zip(row, widths, strict=False))), row[-1]])
        for row in rows
    ]
    lines.insert(1, "-" * (sum(widths) + 2 * len(widths) + len(rows[0][-1])))
    return "\n".join(lines)


def _cell(text: str, width: int, right: bool) -> str:
    return text.rjust(width) if right else text.ljust(width)
