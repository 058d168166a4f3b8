"""The Report: every step from the traced graph to machine code, as objects and as text."""

from __future__ import annotations

from collections.abc import Sequence

from dark_jit.backends.backend import Program
from dark_jit.backends.llvm.backend import LLVMProgram
from dark_jit.errors import ArgumentError
from dark_jit.graph.graph import Graph
from dark_jit.graph.text import print_graph
from dark_jit.inspection.kernels import Kernel


class Report:
    """How a program came about. `print(report)` shows the table of its kernels.

    passes: (name, graph) for the traced graph and after each pass; graph: the last of them; kernels: in the order in
    which they run; arena_bytes: the memory for all intermediate values.
    """

    def __init__(self, program: Program) -> None:
        """Raises ArgumentError for a program of the reference backend, which has no kernels."""
        if not isinstance(program, LLVMProgram):
            raise ArgumentError("only programs of the CPU backend have a Report yet; compile for backend='cpu'")
        self.passes: list[tuple[str, Graph]] = list(program.stages)
        self.graph: Graph = self.passes[-1][1]
        self.kernels: list[Kernel] = [Kernel(kernel) for kernel in program.kernels]
        self.arena_bytes = program.schedule.arena_bytes
        self.isa = program.target.isa
        self._refusals = program.schedule.refusals

    def where(self, line: str) -> list[Kernel]:
        """The kernels that compute a line of the user's, given as 'model.py:35', forward and backward."""
        return [kernel for kernel in self.kernels if any(found.split(" ")[0] == line for found in kernel.lines)]

    def explain(self) -> str:
        """Why each kernel has its form, and what was not fused, and why not."""
        chosen = [f"{number:3} {kernel.name}: {kernel.reason}" for number, kernel in enumerate(self.kernels)]
        refused = [f"  {reason}" for reason in self._refusals] or ["  nothing"]
        return "\n".join(["kernels", *chosen, "", "not fused", *refused]) + "\n"

    def graphs(self) -> str:
        """The graph's text as traced and after each pass that changed it, with the user's lines."""
        parts, before = [], None
        for name, graph in self.passes:
            parts.append(f"# {name}" + (": no change" if graph is before else f"\n{print_graph(graph, lines=True)}"))
            before = graph
        return "\n".join(parts)

    def __str__(self) -> str:
        rows = [("#", "kernel", "template", "MFLOP", "KiB", "parameters")]
        for number, kernel in enumerate(self.kernels):
            parameters = " ".join(f"{name}={_short(value)}" for name, value in kernel.parameters.items())
            cost = f"{kernel.flops / 1e6:.3f}", f"{kernel.bytes / 1024:.1f}"
            rows.append((str(number), kernel.name, kernel.template, *cost, parameters))
        total = sum(kernel.flops for kernel in self.kernels) / 1e6
        foot = f"{len(self.kernels)} kernels, {total:.2f} MFLOP, arena {self.arena_bytes / 1024:.1f} KiB, {self.isa}"
        return f"{_table(rows)}\n{foot}\n"


def _short(value: object) -> str:
    return "x".join(map(str, value)) or "-" if isinstance(value, tuple) else str(value)


def _table(rows: Sequence[Sequence[str]]) -> str:
    """Columns aligned, numbers to the right, under a line; the last column is as long as it is."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    lines = [
        "  ".join([*(_cell(c, w, i in (0, 3, 4)) for i, (c, w) in enumerate(zip(row, widths, strict=False))), row[-1]])
        for row in rows
    ]
    lines.insert(1, "-" * (sum(widths) + 2 * len(widths) + len("parameters")))
    return "\n".join(lines)


def _cell(text: str, width: int, right: bool) -> str:
    return text.rjust(width) if right else text.ljust(width)
