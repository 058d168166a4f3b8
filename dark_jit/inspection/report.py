"""The Report: every step from the traced graph to machine code, as objects and as text."""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from dark_jit.backends.backend import Program
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.llvm.backend import LLVMProgram
from dark_jit.errors import ArgumentError
from dark_jit.graph.node import Node
from dark_jit.inspection.errors import KernelError, kernel_errors
from dark_jit.inspection.kernels import Kernel
from dark_jit.inspection.overriding import override
from dark_jit.inspection.overview import ReportView, table
from dark_jit.inspection.page import page
from dark_jit.inspection.roofline import Roofline, roofline
from dark_jit.inspection.timing import Profile, profile, workers_of


class Report(ReportView[Kernel]):
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

        Raises ArgumentError for a program of another backend.
        """
        if not isinstance(program, LLVMProgram):
            raise ArgumentError("this is no program for the CPU; report_of() makes the report of any that has kernels")
        super().__init__(program.stages, program.schedule, traced, name)
        self._program = program
        self._inputs = inputs
        self.kernels = [self._kernel(number) for number in range(len(program.kernels))]
        self.target = program.target
        self.isa = self.machine = program.target.isa
        self.workers = workers_of(program)

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
        return table(rows, right=(0, 3, 4)) + "\n"

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
        return f"{table(rows, right=(0, 2, 3, 4, 5))}\n{foot}, {self.workers} workers\n"

    def __repr__(self) -> str:
        return f"<Report {self.name}: {len(self.kernels)} kernels, {self.isa}>"
