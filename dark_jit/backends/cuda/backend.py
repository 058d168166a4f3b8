"""The CUDA backend: schedule a graph, render and compile its kernels, launch them one after another."""

from __future__ import annotations

import functools
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace

from dark_jit.backends.buffer import Buffer
from dark_jit.backends.cuda import presence
from dark_jit.backends.cuda.card import CardDevice, card
from dark_jit.backends.cuda.frame import Frame
from dark_jit.backends.cuda.render import Rendered, render
from dark_jit.backends.cuda.runtime import Device, EmulatedDevice, Kernel
from dark_jit.backends.status import recorded_error
from dark_jit.backends.tuning import tuned
from dark_jit.graph.graph import Graph
from dark_jit.locks import Lock
from dark_jit.lowering.grid_tiles import multiplies_halves
from dark_jit.lowering.schedule import Place, Schedule, Task, schedule
from dark_jit.lowering.target import Gpu
from dark_jit.transforms import passes


@dataclass(frozen=True)
class CompiledKernel:
    """One kernel of a program: what it is, its text, and what launches it."""

    task: Task
    rendered: Rendered
    kernel: Kernel


class CudaProgram:
    """A compiled graph. `stages` are the graph after each pass, `kernels` what runs, in order, `target` the card."""

    def __init__(self, graph: Graph, device: Device, precision: str = "default", target: Gpu | None = None) -> None:
        self.graph = graph
        self.device = device
        self.target = target or replace(device.target, precision=precision)
        self.stages = passes.run(graph, halves=multiplies_halves(self.target))
        self.schedule: Schedule = schedule(self.stages[-1][1], self.target)
        specs = list(dict.fromkeys(task.spec for task in self.schedule.tasks))
        texts = [render(spec, self.target.modelled) for spec in specs]
        loaded = dict(zip(specs, zip(texts, device.load(texts), strict=True), strict=True))
        self.kernels = tuple(CompiledKernel(task, *loaded[task.spec]) for task in self.schedule.tasks)
        self._frames: dict[Hashable, Frame] = {}  # by stream
        self._lock = Lock()
        self._records = any(slot.place is Place.STATUS for task in self.schedule.tasks for slot in task.slots)

    def run(self, inputs: Sequence[Buffer]) -> list[Buffer]:
        """The outputs, in new buffers (an output that is an input is that input's buffer)."""
        with self._lock, self.device.current():
            stream = self.device.stream()
            frame = self._frames.get(stream)
            if frame is None or frame.busy:  # a finaliser may run this inside of a run of it
                frame = self.frame()
                self._frames.setdefault(stream, frame)
            outputs, status = frame.run(inputs, self._records)
        if self._records and status[0]:
            raise recorded_error(self.schedule, status)
        return outputs

    def frame(self) -> Frame:
        """New memory for the program's runs."""
        return Frame(self.device, self.schedule, [(each.kernel, each.task.slots) for each in self.kernels])


@functools.cache
def _device(name: str) -> Device:
    """Made once: kernels keep what was loaded."""
    index = presence.index_of(name)
    return EmulatedDevice() if index is None else card(index)


class CudaBackend:
    """Compiles graphs for a card ('cuda', 'cuda:1'), or for the emulator of one ('cuda-emulator').

    Raises BackendError where the card, CuPy or g++ is missing.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def compile(
        self, graph: Graph, precision: str = "default", tune: float | None = None, still: tuple[int, ...] = ()
    ) -> CudaProgram:
        """The program of a canonical graph. Products of float32 may be made by tensor cores: by default in a way that
        keeps float32's accuracy, for "tf32" and "bf16" of operands rounded to these, for "strict" not at all."""
        device = _device(self.name)
        program = CudaProgram(graph, device, precision)
        if tune is None or not isinstance(device, CardDevice):
            return program
        from dark_jit.backends.cuda.tuning import CardBench  # noqa: PLC0415  (few need it)

        with device.current():
            target = tuned(program.schedule, program.target, tune, CardBench(device))
        return program if target == program.target else CudaProgram(graph, device, target=target)
