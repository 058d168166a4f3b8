"""The CUDA backend: schedule a graph, render and compile its kernels, launch them one after another."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dark_jit.backends.buffer import Buffer
from dark_jit.backends.cuda.render import Rendered, render
from dark_jit.backends.cuda.runtime import STATUS_WORDS, CardDevice, Device, EmulatedDevice, Kernel, Memory
from dark_jit.backends.status import recorded_error
from dark_jit.graph.graph import Graph
from dark_jit.graph.node import Node
from dark_jit.lowering.schedule import Place, Schedule, Slot, Task, schedule
from dark_jit.transforms import passes


@dataclass(frozen=True)
class CompiledKernel:
    """One kernel of a program: what it is, its text, and what launches it."""

    task: Task
    rendered: Rendered
    kernel: Kernel


@dataclass(frozen=True)
class Bound:
    """A run of a program: its kernels with the addresses of their buffers, in order; and the memory, kept alive."""

    calls: Sequence[tuple[Kernel, Sequence[int]]]
    outputs: Sequence[Memory]
    status: Memory
    others: object

    def launch(self) -> None:
        """Start all kernels, one after another."""
        for kernel, pointers in self.calls:
            kernel.start(pointers)


class CudaProgram:
    """A compiled graph. `stages` are the graph after each pass, `kernels` what runs, in order, `target` the card."""

    def __init__(self, graph: Graph, device: Device, precision: str = "default") -> None:
        self.graph = graph
        self.device = device
        self.target = replace(device.target, precision=precision)
        self.stages = passes.run(graph)
        self.schedule: Schedule = schedule(self.stages[-1][1], self.target)
        specs = list(dict.fromkeys(task.spec for task in self.schedule.tasks))
        texts = [render(spec, self.target) for spec in specs]
        loaded = dict(zip(specs, zip(texts, device.load(texts), strict=True), strict=True))
        self.kernels = tuple(CompiledKernel(task, *loaded[task.spec]) for task in self.schedule.tasks)
        self._records = any(slot.place is Place.STATUS for task in self.schedule.tasks for slot in task.slots)

    def run(self, inputs: Sequence[Buffer]) -> list[Buffer]:
        """The outputs, in new buffers (an output that is an input is that input's buffer)."""
        bound = self.bind(inputs)
        bound.launch()
        if self._records:
            status = self.device.words(bound.status)
            if status[0]:
                raise recorded_error(self.schedule, status)
        return self._outputs(inputs, bound.outputs)

    def bind(self, inputs: Sequence[Buffer]) -> Bound:
        """The program with all the memory that one run needs."""
        given = [self.device.reach(buffer) for buffer in inputs]
        made = self._allocate()
        arena = self.device.allocate(self.schedule.arena_bytes)
        status = self.device.allocate(8 * STATUS_WORDS, zero=True)
        places: dict[Place, Sequence[Memory]] = {Place.INPUT: given, Place.OUTPUT: made, Place.STATUS: [status]}

        def address(slot: Slot) -> int:
            return arena.address + slot.index if slot.place is Place.ARENA else places[slot.place][slot.index].address

        calls = [(kernel.kernel, [address(slot) for slot in kernel.task.slots]) for kernel in self.kernels]
        return Bound(calls, made, status, (given, arena))

    def _allocate(self) -> list[Memory]:
        """Memory for each output; equal ones share it, and one that is an input has none."""
        made: dict[Node, Memory] = {}
        for node in self.schedule.graph.outputs:
            if node not in made:
                nbytes = 0 if node.op.name == "input" else node.size * node.dtype.itemsize
                made[node] = self.device.allocate(nbytes)
        return [made[node] for node in self.schedule.graph.outputs]

    def _outputs(self, inputs: Sequence[Buffer], made: Sequence[Memory]) -> list[Buffer]:
        found: dict[Node, Buffer] = {}
        for node, memory in zip(self.schedule.graph.outputs, made, strict=True):
            if node.op.name == "input":
                found[node] = inputs[node["index"]]
            elif node not in found:
                found[node] = self.device.buffer(memory, node.shape, node.dtype)
        return [found[node] for node in self.schedule.graph.outputs]


@functools.cache
def _device(name: str) -> Device:
    """Made once: kernels keep what was loaded."""
    return CardDevice() if name == "cuda" else EmulatedDevice()


class CudaBackend:
    """Compiles graphs for a card ('cuda'), or for the emulator of one ('cuda-emulator').

    Raises BackendError where the card, CuPy or g++ is missing.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def compile(self, graph: Graph, precision: str = "default", tune: float | None = None) -> CudaProgram:
        """The program of a canonical graph. Products of float32 may be made by tensor cores: by default in a way that
        keeps float32's accuracy, for "tf32" and "bf16" of operands rounded to tf32, for "strict" not at all."""
        return CudaProgram(graph, _device(self.name), precision)
