"""The report of a program for a card: its kernels' text, what they take of a multiprocessor, and their times.

Only times need a card.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cached_property

from dark_jit.backends.buffer import Buffer
from dark_jit.backends.cuda.backend import CompiledKernel, CudaProgram
from dark_jit.backends.cuda.card import CardDevice
from dark_jit.backends.cuda.compile import Cubin, Resources, compile_cubin
from dark_jit.backends.cuda.runtime import Kernel as Launchable
from dark_jit.errors import BackendError
from dark_jit.graph.node import Node
from dark_jit.inspection.overview import ReportView, table
from dark_jit.inspection.provenance import OriginsOf
from dark_jit.inspection.view import KernelView
from dark_jit.lowering.target import Gpu

RUNS, ROUNDS = 10, 3  # of a kernel that is measured
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

    def __init__(
        self,
        program: CudaProgram,
        inputs: Sequence[Buffer] = (),
        traced: Sequence[Node] = (),
        name: str = "program",
    ) -> None:
        """`inputs`: those of the run that is measured. `traced`: the nodes of one trace; lines are then those of it
        alone."""
        super().__init__(program.stages, program.schedule, traced, name)
        self._program, self._inputs = program, inputs
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

    @cached_property
    def seconds(self) -> list[float]:
        """How long the card takes for each kernel, the least of some rounds, in which what it reads may lie in a
        cache. Raises BackendError on the emulator."""
        device = self._program.device
        if not isinstance(device, CardDevice):
            raise BackendError("times are a card's; the emulator has none (device='cuda', on a machine with a card)")
        with device.current():
            calls, _alive = self._program.frame().calls(self._inputs)
            for kernel, pointers in calls:
                kernel.start(pointers)
            return [_seconds(device, kernel, pointers) for kernel, pointers in calls]

    def timings(self) -> str:
        """A table of what each kernel takes, the longest first. Raises BackendError on the emulator."""
        whole = sum(self.seconds)
        head = ("#", "kernel", "us", "share", "TFLOP/s", "TB/s", "template")
        rows = [head]
        for kernel, seconds in sorted(zip(self.kernels, self.seconds, strict=True), key=lambda pair: -pair[1]):
            rates = f"{kernel.flops / seconds / 1e12:.2f}", f"{kernel.bytes / seconds / 1e12:.2f}"
            share = f"{100 * seconds / whole:.0f} %"
            rows.append((str(kernel.number), kernel.name, f"{1e6 * seconds:.1f}", share, *rates, kernel.template))
        return table(rows, right=(0, 2, 3, 4, 5)) + f"\n{1e3 * whole:.3f} ms in all\n"

    def __repr__(self) -> str:
        return f"<CardReport {self.name}: {len(self.kernels)} kernels, {self.machine}>"


def _seconds(device: CardDevice, kernel: Launchable, pointers: Sequence[int]) -> float:
    return min(device.seconds(lambda: kernel.start(pointers), RUNS) for _ in range(ROUNDS))


def _row(kernel: CardKernel) -> tuple[str, ...]:
    used = kernel.resources
    counts = math.prod(kernel.grid), math.prod(kernel.block), used.registers, used.shared, used.stack, used.spills
    return (str(kernel.number), kernel.name, *map(str, counts), str(kernel.resident), kernel.template)
