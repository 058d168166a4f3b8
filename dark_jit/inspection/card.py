"""The report of a program for a card: its kernels' text, and what they take of a multiprocessor. No card is needed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

from dark_jit.backends.cuda.backend import CompiledKernel, CudaProgram
from dark_jit.backends.cuda.compile import Cubin, Resources, compile_cubin
from dark_jit.graph.node import Node
from dark_jit.inspection.overview import ReportView, table
from dark_jit.inspection.provenance import OriginsOf
from dark_jit.inspection.view import KernelView
from dark_jit.lowering.target import Gpu

GRAIN = 256  # registers that a warp is given at once


class CardKernel(KernelView):
    """A kernel for a card. grid and block: how many blocks run it, and how many threads of each, along x, y and z."""

    def __init__(self, compiled: CompiledKernel, number: int, target: Gpu, origins_of: OriginsOf) -> None:
        super().__init__(compiled, number, origins_of)
        self._target = target
        self._symbol = compiled.rendered.symbol
        self.grid = compiled.rendered.grid
        self.block = compiled.rendered.block

    @cached_property
    def source(self) -> str:
        """The text, behind comments that say which nodes and which of the user's lines it computes."""
        head = [f"// {self.name}"] + [f"//   {self.describe(node)}" for node in self.nodes]
        return "\n".join([*head, self.text])

    @cached_property
    def cubin(self) -> Cubin:
        """The machine code. Raises BackendError where NVRTC is not installed."""
        return compile_cubin(self.text, self._symbol, self._target.arch)

    @property
    def resources(self) -> Resources:
        """Registers, shared memory, stack and spills. Raises BackendError where NVRTC is not installed."""
        return self.cubin.resources

    @property
    def sass(self) -> str | None:
        """The instructions; None where nvdisasm is not installed."""
        return self.cubin.sass()

    @property
    def resident(self) -> int:
        """Blocks for which a multiprocessor has registers; shared memory and threads may allow less."""
        warps = math.ceil(math.prod(self.block) / self._target.warp)
        a_warp = math.ceil(self.resources.registers * self._target.warp / GRAIN) * GRAIN
        return self._target.registers // (a_warp * warps)

    def __repr__(self) -> str:
        return f"<CardKernel {self.name}: {self.template}>"


class CardReport(ReportView[CardKernel]):
    """How a program for a card came about. `print(report)` shows the table of its kernels.

    Also of one that runs on the emulator, with the card that it is compiled for (`target`).
    """

    def __init__(self, program: CudaProgram, traced: Sequence[Node] = (), name: str = "program") -> None:
        """`traced`: the nodes of one trace; lines are then those of it alone."""
        super().__init__(program.stages, program.schedule, traced, name)
        self.target = program.target
        self.machine = program.target.arch
        self.kernels = [
            CardKernel(kernel, number, self.target, self.origins_of) for number, kernel in enumerate(program.kernels)
        ]

    def resources(self) -> str:
        """A table of what each kernel takes of a multiprocessor. Raises BackendError where NVRTC is not installed."""
        head = ("#", "kernel", "blocks", "threads", "registers", "shared", "stack", "spills", "resident", "template")
        rows = [head, *(_row(kernel) for kernel in self.kernels)]
        return table(rows, right=(0, *range(2, 9))) + "\n"

    def __repr__(self) -> str:
        return f"<CardReport {self.name}: {len(self.kernels)} kernels, {self.machine}>"


def _row(kernel: CardKernel) -> tuple[str, ...]:
    used = kernel.resources
    counts = math.prod(kernel.grid), math.prod(kernel.block), used.registers, used.shared, used.stack, used.spills
    return (str(kernel.number), kernel.name, *map(str, counts), str(kernel.resident), kernel.template)
