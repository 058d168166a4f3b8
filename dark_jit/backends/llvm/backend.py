"""The CPU backend: schedule a graph, render and compile its kernels, run them in one foreign call."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dark_jit import config
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.llvm import runtime
from dark_jit.backends.llvm.ahead import Ahead
from dark_jit.backends.llvm.compile import Module, ahead_of, compile_module, loaded
from dark_jit.backends.llvm.image import Image, keep, kept
from dark_jit.backends.llvm.launch import Run, launcher
from dark_jit.backends.llvm.pace import Pace
from dark_jit.backends.llvm.standing import Standing
from dark_jit.backends.llvm.target import machine
from dark_jit.backends.status import recorded_error
from dark_jit.dtypes import DType
from dark_jit.graph import origins
from dark_jit.graph.graph import Graph
from dark_jit.graph.node import Node, Shape
from dark_jit.locks import Lock
from dark_jit.lowering.kernel import KernelSpec
from dark_jit.lowering.schedule import Place, Schedule, Slot, Task, schedule
from dark_jit.lowering.target import Target
from dark_jit.transforms import passes

if TYPE_CHECKING:
    from dark_jit.backends.llvm.render import Rendered


@dataclass(frozen=True)
class CompiledKernel:
    """One kernel of a program: what it is, its text, and its machine code."""

    task: Task
    rendered: Rendered
    module: Module


@dataclass(frozen=True)
class Plan:
    """How a program came about: the graph after each pass, what lowering made of the last one, the compiled kernels."""

    stages: list[tuple[str, Graph]]
    schedule: Schedule
    kernels: tuple[CompiledKernel, ...]


class LLVMProgram:
    """A compiled graph. `run(inputs)` gives the outputs, in new buffers (an output that is an input is that input's
    buffer).

    `stages` are the graph after each pass, `kernels` what runs, in order. Where the disk has the program they are made
    when they are first asked for.
    """

    run: Run

    def __init__(self, graph: Graph, target: Target, still: tuple[int, ...] = ()) -> None:
        """`still`: the inputs that are likely to be the same buffers at the next run."""
        self.graph = graph
        self.target = target
        self.still = still
        self._planned: Plan | None = None
        self._edited: tuple[CompiledKernel, ...] | None = None
        self._lock = Lock()
        self._image, calls = _linked(graph, target, still) or self._compiled()
        self._plan = [_source(*where, node) for where, node in zip(self._image.outputs, graph.outputs, strict=True)]
        self._link(calls)

    @property
    def stages(self) -> list[tuple[str, Graph]]:
        """The graph as traced and after each pass, with the names."""
        return self._made().stages

    @property
    def schedule(self) -> Schedule:
        """What lowering made of the last graph."""
        return self._made().schedule

    @property
    def made(self) -> tuple[CompiledKernel, ...]:
        """The kernels as they were in the beginning."""
        return self._made().kernels

    @property
    def kernels(self) -> tuple[CompiledKernel, ...]:
        """The kernels that run now."""
        return self.made if self._edited is None else self._edited

    def _made(self) -> Plan:
        with self._lock:
            if self._planned is None:
                stages = passes.run(self.graph)
                plan = schedule(stages[-1][1], self.target, self.still)
                self._planned = Plan(stages, plan, _compile_all(plan.tasks, self.target))
            return self._planned

    def _compiled(self) -> tuple[Image, list[runtime.KernelCall]]:
        """The program made anew, and kept on disk."""
        calls = [self._call(kernel) for kernel in self.kernels]
        codes = [kernel.module.key for kernel in self.kernels]
        image = Image(
            codes=tuple(code or "" for code in codes),
            calls=tuple(replace(call, address=0) for call in calls),
            arena_bytes=self.schedule.arena_bytes,
            outputs=tuple(_origin(place, self.schedule.graph.outputs) for place in range(len(self.graph.outputs))),
            workers=self.schedule.workers,
            brief=self.schedule.brief,
            prepared=self.schedule.prepared,
            standing=self.schedule.standing,
            kept=self.schedule.kept,
        )
        if all(codes):
            keep(self.graph, self.target, image, self.still)
        return image, calls

    def _link(self, calls: Sequence[runtime.KernelCall]) -> None:
        """Make the kernels ready to run together."""
        image, externals = self._image, len(self.graph.inputs) + len(self.graph.outputs)
        first, then = calls[: image.prepared], calls[image.prepared :]
        self._standing = Standing(first, image.arena_bytes, externals, image.standing, image.kept) if first else None
        self._executable = runtime.Executable(then, image.arena_bytes, externals + len(image.kept))
        worth = image.workers
        most = 1 if worth == 1 else min(worth, config.threads())
        self.pace = Pace(most, worth, self._executable.run)
        self.run = self._launcher() or self._run

    def replace(self, number: int, kernel: CompiledKernel) -> None:
        """Run another kernel in the place of one, from the next run on; `made` are those of the beginning."""
        self._edited = (*self.kernels[:number], kernel, *self.kernels[number + 1 :])
        self._link([self._call(kernel) for kernel in self.kernels])

    def _call(self, kernel: CompiledKernel) -> runtime.KernelCall:
        task = kernel.task
        slots = tuple(self._slot(slot) for slot in task.slots)
        address = kernel.module.address("kernel")
        if task.blocks and self._is_edited():
            return runtime.KernelCall(address, slots, task.most_workers, barrier=True)
        return runtime.KernelCall(address, slots, task.most_workers, task.barrier, task.blocks, task.follows)

    def _is_edited(self) -> bool:
        """Whether some kernel is not the first one. It was held to its results, not to which of them it makes as
        which worker, so nothing may be left to go block by block.
        """
        return any(kernel is not first for kernel, first in zip(self.kernels, self.made, strict=True))

    def _slot(self, slot: Slot) -> runtime.Slot:
        if slot.place is Place.ARENA:
            return runtime.Arena(slot.index)
        if slot.place is Place.STATUS:
            return runtime.Status()
        inputs, outputs = len(self.graph.inputs), len(self.graph.outputs)
        return runtime.External(
            slot.index + {Place.INPUT: 0, Place.OUTPUT: inputs, Place.KEPT: inputs + outputs}[slot.place]
        )

    def _launcher(self) -> Run | None:
        """The short way to run a small program."""
        new = [
            (shape, dtype, size)
            for kind, size, shape, dtype, shelf in self._plan
            if kind == "new" and shelf is not None
        ]
        inputs = len(self.graph.inputs)
        if (
            self._standing is not None
            or self._image.workers > 1
            or len(new) < len(self._plan)
            or inputs + len(new) > _MOST_WRITTEN_OUT
        ):
            return None
        return launcher(self._executable, inputs, new, self._run, self._image.brief)

    def _run(self, inputs: Sequence[Buffer]) -> list[Buffer]:
        """Run any program."""
        outputs = self._allocate(inputs)
        exactly = config.exactly.threads
        kept = () if self._standing is None else self._standing.results(inputs, exactly or config.threads())
        pointers = [*map(_address, inputs), *map(_address, outputs), *map(_address, kept)]
        status = self._executable.run(pointers, exactly) if exactly else self.pace.run(pointers)
        if status is not None:
            raise recorded_error(self.schedule, status)
        return outputs

    def _allocate(self, inputs: Sequence[Buffer]) -> list[Buffer]:
        outputs: list[Buffer] = []
        for kind, number, shape, dtype, shelf in self._plan:
            if kind == "new":
                outputs.append(runtime.OwnBuffer(shape, dtype, number, shelf))
            else:
                outputs.append(inputs[number] if kind == "input" else outputs[number])
        return outputs


_MOST_WRITTEN_OUT = 32  # buffers of a program with a launcher of its own
_address = operator.attrgetter("address")


def _compile_all(tasks: Sequence[Task], target: Target) -> tuple[CompiledKernel, ...]:
    """The kernels: texts are rendered from the first to the last, and compiled from the last to the first, as another
    process may have begun with the first."""
    from dark_jit.backends.llvm.render import render  # noqa: PLC0415  (jinja2 comes with it)

    texts: dict[KernelSpec, Rendered] = {}
    specs = dict.fromkeys(task.spec for task in tasks)
    with ahead_of(target.isa, len(specs)) as ahead:
        for spec in specs:
            texts[spec] = render(spec, target.modelled)
            ahead.add(texts[spec].text)
        return tuple(reversed([_compile(task, texts[task.spec], target, ahead) for task in reversed(tasks)]))


def _compile(task: Task, rendered: Rendered, target: Target, ahead: Ahead) -> CompiledKernel:
    title = _title(task) if config.debug() else ""
    return CompiledKernel(task, rendered, compile_module(rendered.text, target.isa, title=title, ahead=ahead))


def _title(task: Task) -> str:
    """What perf calls a kernel: conv2d_add_relu (model.py:35)."""
    lines = origins.described(origins.of(task.nest.lead))
    return f"{task.title} ({lines[0]})" if lines else task.title


def _linked(graph: Graph, target: Target, still: tuple[int, ...]) -> tuple[Image, list[runtime.KernelCall]] | None:
    """The program from disk, if all of it is there."""
    image = None if config.debug() else kept(graph, target, still)
    if image is None:
        return None
    addresses = [loaded(code) for code in image.codes]
    pairs = zip(image.calls, addresses, strict=True)
    calls = [replace(call, address=found["kernel"]) for call, found in pairs if found is not None]
    return (image, calls) if len(calls) == len(image.calls) else None


def _origin(place: int, outputs: Sequence[Node]) -> tuple[str, int]:
    """Where an output's buffer comes from: it is new, or the one of an input or of an earlier output."""
    node = outputs[place]
    if node.op.name == "input":
        return "input", node["index"]
    first = outputs.index(node)
    return ("output", first) if first < place else ("new", 0)


def _source(kind: str, number: int, node: Node) -> tuple[str, int, Shape, DType, Any]:
    """An output's origin, with the size class where it is new; its shape, its dtype, the shelf with free memory for
    it."""
    if kind != "new":
        return kind, number, node.shape, node.dtype, None
    size = runtime.size_class(node.size * node.dtype.itemsize)
    return kind, size, node.shape, node.dtype, runtime.shelf(size)


class LLVMBackend:
    """Compiles graphs for the CPU's instruction set (DARK_JIT_ISA)."""

    name = "cpu"

    def compile(
        self, graph: Graph, precision: str = "default", tune: float | None = None, still: tuple[int, ...] = ()
    ) -> LLVMProgram:
        """The program of a canonical graph. Raises ArgumentError for a wrong DARK_JIT_THREADS or DARK_JIT_ISA."""
        config.threads()
        program = LLVMProgram(graph, replace(machine(), strict=precision == "strict"), still)
        if tune is None:
            return program
        from dark_jit.backends.llvm.tuning import CpuBench  # noqa: PLC0415  (few need it)
        from dark_jit.backends.tuning import tuned  # noqa: PLC0415

        target = tuned(program.schedule, program.target, tune, CpuBench())
        return program if target == program.target else LLVMProgram(graph, target, still)
