"""The CPU backend: schedule a graph, render and compile its kernels, run them in one foreign call."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from dark_jit import config
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.llvm import runtime
from dark_jit.backends.llvm.compile import Module, compile_module
from dark_jit.backends.llvm.render import Rendered, render
from dark_jit.backends.llvm.target import machine
from dark_jit.errors import IndexOutOfRangeError
from dark_jit.graph.graph import Graph
from dark_jit.graph.node import Node
from dark_jit.lowering.gathering import TakeSpec
from dark_jit.lowering.schedule import Place, Schedule, Slot, Task, schedule
from dark_jit.lowering.target import Target
from dark_jit.ops.indexing import out_of_range
from dark_jit.transforms import passes


@dataclass(frozen=True)
class CompiledKernel:
    """One kernel of a program: what it is, its text, and its machine code."""

    task: Task
    rendered: Rendered
    module: Module


class LLVMProgram:
    """A compiled graph. `stages` are the graph after each pass, `kernels` what runs, in order."""

    def __init__(self, graph: Graph, target: Target) -> None:
        self.graph = graph
        self.target = target
        self.stages = passes.run(graph)
        self.schedule: Schedule = schedule(self.stages[-1][1], target)
        self.kernels = tuple(_compile(task, target) for task in self.schedule.tasks)
        self._inputs = len(graph.inputs)
        self._copied = [_input_number(node) for node in self.schedule.graph.outputs]
        self._made = _first_places(self.schedule.graph.outputs)
        calls = [self._call(kernel) for kernel in self.kernels]
        self._executable = runtime.Executable(calls, self.schedule.arena_bytes, self._inputs + len(graph.outputs))
        self._workers = config.threads()

    def _call(self, kernel: CompiledKernel) -> runtime.KernelCall:
        slots = tuple(self._slot(slot) for slot in kernel.task.slots)
        return runtime.KernelCall(kernel.module.address("kernel"), slots, kernel.task.serial, kernel.task.barrier)

    def _slot(self, slot: Slot) -> runtime.Slot:
        if slot.place is Place.ARENA:
            return runtime.Arena(slot.index)
        if slot.place is Place.STATUS:
            return runtime.Status()
        return runtime.External(slot.index + (self._inputs if slot.place is Place.OUTPUT else 0))

    @cached_property
    def _sizes(self) -> list[int]:
        return [math.prod(node.shape) * node.dtype.itemsize for node in self.graph.outputs]

    def run(self, inputs: Sequence[Buffer]) -> list[Buffer]:
        """The outputs, in new buffers (an output that is an input is that input's buffer)."""
        outputs = self._allocate(inputs)
        pointers = [buffer.address for buffer in inputs]
        pointers += [buffer.address for buffer in outputs]
        status = self._executable.run(pointers, self._workers)
        if status is not None:
            self._raise(status)
        return outputs

    def _allocate(self, inputs: Sequence[Buffer]) -> list[Buffer]:
        outputs: list[Buffer] = []
        for i, node in enumerate(self.graph.outputs):
            if self._copied[i] >= 0:
                outputs.append(inputs[self._copied[i]])
            elif self._made[i] != i:
                outputs.append(outputs[self._made[i]])
            else:
                memory = runtime.allocate(self._sizes[i])
                outputs.append(Buffer(node.shape, node.dtype, memory.address, memory))
        return outputs

    def _raise(self, status: tuple[int, ...]) -> None:
        """What a kernel recorded: its number among the gathers, and the index."""
        gathers = [task.nest.lead for task in self.schedule.tasks if isinstance(task.spec, TakeSpec)]
        raise IndexOutOfRangeError(out_of_range(status[1], gathers[status[0] - 1]))


def _compile(task: Task, target: Target) -> CompiledKernel:
    rendered = render(task.spec, target)
    return CompiledKernel(task, rendered, compile_module(rendered.text, target.isa))


def _input_number(node: Node) -> int:
    return int(node["index"]) if node.op.name == "input" else -1


def _first_places(outputs: Sequence[Node]) -> list[int]:
    """For each output the first place at which the same node stands."""
    return [outputs.index(node) for node in outputs]


class LLVMBackend:
    """Compiles graphs for the CPU's instruction set (DARK_JIT_ISA)."""

    name = "cpu"

    def compile(self, graph: Graph) -> LLVMProgram:
        """The program of a canonical graph."""
        return LLVMProgram(graph, machine())
