"""The Report: every step from the traced graph to machine code, as objects and as text."""

from __future__ import annotations

import html
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from dark_jit.backends.backend import Program
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.llvm.backend import LLVMProgram
from dark_jit.errors import ArgumentError
from dark_jit.graph import origins
from dark_jit.graph.graph import Graph
from dark_jit.graph.node import Node
from dark_jit.graph.origins import Origin
from dark_jit.graph.text import print_graph
from dark_jit.inspection.changes import Change, changes
from dark_jit.inspection.errors import KernelError, kernel_errors
from dark_jit.inspection.kernels import Kernel
from dark_jit.inspection.memory import MemoryPlan, memory_plan
from dark_jit.inspection.overriding import override
from dark_jit.inspection.page import page
from dark_jit.inspection.provenance import Line, origins_in, traced_lines
from dark_jit.inspection.roofline import Roofline, roofline
from dark_jit.inspection.timing import Profile, profile, workers_of
from dark_jit.lowering.fusion import Refusal
from dark_jit.lowering.schedule import Task


@dataclass(frozen=True)
class Group:
    """What was fused: the lead, which gives the kernels their form, and the values computed with it."""

    lead: Node
    members: tuple[Node, ...]
    kernels: tuple[Kernel, ...]


class Report:
    """How a program came about. `print(report)` shows the table of its kernels.

    name: the function's; passes: (name, graph) for the traced graph and after each pass; graph: the last of them;
    kernels: in the order in which they run; refusals: what was not fused, and why; isa: the instruction set; workers:
    how many share the program; target and tasks: the machine and the schedule as lowering has them; arena_bytes: the
    memory for all intermediate values.
    """

    def __init__(
        self, program: Program, inputs: Sequence[Buffer] = (), traced: Sequence[Node] = (), name: str = "program"
    ) -> None:
        """`inputs` are what a measurement reads, `traced` the nodes of one trace: lines are then those of it alone.

        Raises ArgumentError for a program of the reference backend, which has no kernels.
        """
        if not isinstance(program, LLVMProgram):
            raise ArgumentError("only programs of the CPU backend have a Report yet; compile for backend='cpu'")
        self.name = name
        self._program = program
        self._inputs = inputs
        self.origins_of = origins_in(traced) if traced else origins.of
        self.passes: list[tuple[str, Graph]] = list(program.stages)
        self.graph: Graph = self.passes[-1][1]
        self.kernels: list[Kernel] = [self._kernel(number) for number in range(len(program.kernels))]
        self.arena_bytes = program.schedule.arena_bytes
        self.target = program.target
        self.tasks: tuple[Task, ...] = program.schedule.tasks
        self.isa = program.target.isa
        self.workers = workers_of(program)
        self.refusals: tuple[Refusal, ...] = program.schedule.refusals

    def _kernel(self, number: int) -> Kernel:
        compiled, target = self._program.kernels[number], self._program.target
        return Kernel(compiled, number, target, self.origins_of, lambda: self.profile, self._override)

    def _override(self, number: int, text: str | None, seconds: float) -> None:
        """Give a kernel another text, or its own again; then what was measured is not so any more."""
        if text is None:
            self._program.replace(number, self._program.made[number])
        else:
            override(self._program, number, text, self._arrays(), seconds)
        self.kernels[number] = self._kernel(number)
        self.__dict__.pop("profile", None)

    def _arrays(self) -> list[np.ndarray[Any, Any]]:
        """The inputs that the report was made with. Raises ArgumentError where it was made without."""
        if len(self._inputs) != len(self._program.graph.inputs):
            raise ArgumentError("this report has no inputs; make it by fn.inspect(*args)")
        return [buffer.array() for buffer in self._inputs]

    # From the graph to the schedule

    @cached_property
    def changes(self) -> list[Change]:
        """What each pass added to the graph and took from it."""
        return changes(self.passes)

    @cached_property
    def groups(self) -> list[Group]:
        """The schedule: what each kernel, or kernels that work together, computes."""
        found: dict[int, list[Kernel]] = {}
        for kernel, compiled in zip(self.kernels, self._program.kernels, strict=True):
            found.setdefault(id(compiled.task.nest), []).append(kernel)
        nests = {id(compiled.task.nest): compiled.task.nest for compiled in self._program.kernels}
        return [Group(nests[key].lead, nests[key].roots[1:], tuple(kernels)) for key, kernels in found.items()]

    @cached_property
    def memory(self) -> MemoryPlan:
        """Where intermediate values lie."""
        return memory_plan(self._program.schedule)

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

    def where(self, place: str) -> list[Kernel]:
        """The kernels that compute a line of the user's, forward and backward, given as 'model.py:35' or with the whole
        path; or the call of a module, given as 'Net.layer1', with all inside it.
        """
        return [kernel for kernel in self.kernels if any(_is_at(origin, place) for origin in kernel.origins)]

    # Time

    @cached_property
    def profile(self) -> Profile:
        """Seconds of each kernel and of the whole, measured when first asked for; only scratch memory is written.

        Raises ArgumentError where the report was made without inputs.
        """
        if len(self._inputs) != len(self._program.graph.inputs):
            raise ArgumentError("this report has no inputs to measure with; make it by fn.inspect(*args)")
        return profile(self._program, self._inputs)

    @property
    def roofline(self) -> Roofline:
        """What the machine reaches at most, with as many workers as share the program."""
        return roofline(self.target, self.workers)

    def line_seconds(self) -> dict[str, float]:
        """The time of each of the user's lines: that of the kernels whose main computation it is."""
        found: dict[str, float] = {}
        for kernel in self.kernels:
            places = list(dict.fromkeys(origin.place for origin in self.origins_of(kernel.nodes[0])))
            for place in places:
                found[place] = found.get(place, 0.0) + kernel.seconds / len(places)
        return found

    # Accuracy

    def bisect(self, *inputs: Any) -> list[KernelError]:
        """The error of each kernel against float64, the worst first: on what those before it have computed.

        inputs: arrays in the order of the graph's inputs; by default those that the report was made with. Nothing
        changes. Raises ArgumentError.
        """
        arrays = [np.asarray(x) for x in inputs] or self._arrays()
        wanted = self._program.graph.inputs
        if [(x.shape, x.dtype) for x in arrays] != [(node.shape, node.dtype) for node in wanted]:
            raise ArgumentError(f"bisect needs arrays like {list(wanted)}; or make the report by fn.inspect(*args)")
        return kernel_errors(self._program, arrays)

    def errors(self) -> str:
        """A table of what `bisect` finds."""
        rows = [("#", "kernel", "value", "error", "relative", "at")]
        for each in self.bisect():
            error = f"{each.error:.3g}", f"{each.relative:.3g}", str(list(each.at))
            rows.append((str(each.kernel), self.kernels[each.kernel].name, repr(each.node), *error))
        return _table(rows, right=(0, 3, 4)) + "\n"

    # Text

    def to_html(self, path: str | Path) -> Path:
        """Write the report as one HTML file, which needs nothing else, and return its path. Measures the kernels.

        Raises ArgumentError where the report was made without inputs, OSError where the file cannot be written.
        """
        written = Path(path)
        written.write_text(page(self).html(), encoding="utf-8")
        return written

    def _repr_html_(self) -> str:
        """The page, in a frame of its own; notebooks show this."""
        content = html.escape(page(self).html())
        return f'<iframe srcdoc="{content}" title="Report" style="width:100%;height:820px;border:0"></iframe>'

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

    def timings(self) -> str:
        """A table of the kernels with their measured times, the slowest first."""
        rows = [("#", "kernel", "us", "%", "GFLOP/s", "GB/s", "of roofline", "registers")]
        total = sum(kernel.seconds for kernel in self.kernels)
        for kernel in sorted(self.kernels, key=lambda kernel: -kernel.seconds):
            speed = f"{kernel.flops / kernel.seconds / 1e9:.1f}", f"{kernel.bytes / kernel.seconds / 1e9:.1f}"
            time = f"{1e6 * kernel.seconds:.2f}", f"{100 * kernel.seconds / total:.1f}"
            reached = f"{100 * kernel.share:.0f} % {kernel.bound}"
            rows.append((str(kernel.number), kernel.name, *time, *speed, reached, str(kernel.registers)))
        foot = f"{1e6 * total:.1f} us for all, alone; {1e6 * self.profile.program:.1f} us for the program"
        return f"{_table(rows, right=(0, 2, 3, 4, 5))}\n{foot}, {self.workers} workers\n"

    def __repr__(self) -> str:
        return f"<Report {self.name}: {len(self.kernels)} kernels, {self.isa}>"

    def __str__(self) -> str:
        rows = [("#", "kernel", "template", "MFLOP", "KiB", "parameters")]
        for number, kernel in enumerate(self.kernels):
            parameters = " ".join(f"{name}={_short(value)}" for name, value in kernel.parameters.items())
            cost = f"{kernel.flops / 1e6:.3f}", f"{kernel.bytes / 1024:.1f}"
            rows.append((str(number), kernel.name, kernel.template, *cost, parameters))
        total = sum(kernel.flops for kernel in self.kernels) / 1e6
        foot = f"{len(self.kernels)} kernels, {total:.2f} MFLOP, arena {self.arena_bytes / 1024:.1f} KiB, {self.isa}"
        return f"{_table(rows, right=(0, 3, 4))}\n{foot}\n"


def _is_at(origin: Origin, place: str) -> bool:
    return place in (origin.place, f"{origin.file}:{origin.line}") or f"{origin.scope}.".startswith(f"{place}.")


def _short(value: object) -> str:
    return "x".join(map(str, value)) or "-" if isinstance(value, tuple) else str(value)


def _table(rows: Sequence[Sequence[str]], right: Sequence[int]) -> str:
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
