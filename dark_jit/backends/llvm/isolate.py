"""Run the kernels of a program one by one, each on given operands: what a kernel gets wrong is then its own doing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dark_jit import config
from dark_jit.backends.llvm import runtime
from dark_jit.backends.llvm.backend import CompiledKernel, LLVMProgram
from dark_jit.graph.graph import Graph, graph_input, make_graph, topological
from dark_jit.graph.node import Node, rebuild
from dark_jit.lowering.body import Stored
from dark_jit.lowering.nest import Nest

Array = np.ndarray[Any, Any]


def kernels_of_nests(program: LLVMProgram) -> list[tuple[CompiledKernel, ...]]:
    """The kernels of each loop nest together: some take two, as when an operand is packed first. Nests are in the order
    of their last kernels, before which all is there that any of theirs reads.
    """
    found: dict[int, list[CompiledKernel]] = {}
    for kernel in program.kernels:
        nest = id(kernel.task.nest)
        found[nest] = [*found.pop(nest, []), kernel]
    return list(map(tuple, found.values()))


def run_nest(
    program: LLVMProgram, kernels: tuple[CompiledKernel, ...], values: Mapping[Node, Array]
) -> dict[Node, Array]:
    """What these kernels write, for operands with these values; all in C order."""
    return Isolated(program, kernels, values).run()


@dataclass(frozen=True)
class Run:
    """The kernels of a nest, what they read and what they wrote, by node."""

    kernels: tuple[CompiledKernel, ...]
    operands: Mapping[Node, Array]
    results: Mapping[Node, Array]


def runs(program: LLVMProgram, inputs: Sequence[Array]) -> Iterator[Run]:
    """Run the kernels nest by nest, each on what those before it have computed."""
    graph = program.stages[-1][1]
    values: dict[Node, Array] = dict(zip(graph.inputs, inputs, strict=True))
    for kernels in kernels_of_nests(program):
        operands = {node: _value(node, values) for node in reads(nest_of(kernels))}
        results = run_nest(program, kernels, operands)
        yield Run(kernels, operands, results)
        values |= results


def _value(node: Node, values: Mapping[Node, Array]) -> Array:
    """What a kernel reads: computed by one kernel, or put together from what several have computed."""
    if node.size == 0:
        return np.empty(node.shape, node.dtype)
    if node.op.kind == "assembly":
        return node.op.numpy(node, *(_value(part, values) for part in node.inputs))
    return values[node]


class Isolated:
    """A nest's kernels as a program of their own: each operand has a buffer to itself, in `buffers`.

    slots: for each kernel what its arguments are: the numbers of buffers, None for the status.
    """

    def __init__(self, program: LLVMProgram, kernels: tuple[CompiledKernel, ...], values: Mapping[Node, Array]) -> None:
        self.kernels = kernels
        self.stored = program.schedule.stored
        self.values = values
        self.buffers: dict[object, Array] = {}
        self.written: dict[Node, Node] = {}  # and the value whose buffer it is in
        self.slots = [tuple(self._slots(kernel)) for kernel in kernels]

    def run(self) -> dict[Node, Array]:
        """What the kernels write."""
        addresses = [kernel.module.address("kernel") for kernel in self.kernels]
        run_calls(addresses, self.slots, [k.task.most_workers for k in self.kernels], list(self.buffers.values()))
        return self.results(list(self.buffers.values()))

    def results(self, buffers: Sequence[Array]) -> dict[Node, Array]:
        """What lies in buffers like these, of that which the kernels write; in C order."""
        found = dict(zip(self.buffers, buffers, strict=True))
        return {node: _logical(self.stored[node], found[home]) for node, home in self.written.items()}

    def _slots(self, kernel: CompiledKernel) -> Iterator[int | None]:
        for key, argument in zip(kernel.task.operands, kernel.task.spec.arguments, strict=True):
            if isinstance(key, tuple) and key[1] == "status":
                yield None
                continue
            if key not in self.buffers:
                self.buffers[key] = self._buffer(key, argument.elements, argument.dtype)
            if argument.written and isinstance(key, Node):
                roots = (root for root in kernel.task.nest.roots if root in self.stored)
                self.written.update({root: key for root in roots if self.stored[root].home is key})
            yield list(self.buffers).index(key)

    def _buffer(self, key: object, elements: int, dtype: str) -> Array:
        buffer = runtime.allocate(max(elements, 1) * np.dtype(dtype).itemsize).array(np.dtype(dtype), (elements,))
        buffer.view(np.uint8)[:] = 0xFF  # NaN: what a kernel reads before it is written shows
        for node, value in self.values.items():
            stored = self.stored.get(node)
            if stored is not None and stored.home is key:
                inside(buffer, stored.offset, node.shape, stored.strides)[...] = value
        return buffer


def inside(buffer: Array, offset: int, shape: Sequence[int], strides: Sequence[int]) -> Array:
    """The value of this shape that lies in a buffer from `offset` on; offset and strides in elements."""
    steps = [stride * buffer.itemsize for stride in strides]
    return np.lib.stride_tricks.as_strided(buffer[offset:], tuple(shape), steps)


def run_calls(
    addresses: Sequence[int], slots: Sequence[Sequence[int | None]], workers: Sequence[int], buffers: Sequence[Array]
) -> None:
    """Run kernels one after the other, each by so many workers at most; `slots` as those of Isolated."""
    calls = [
        runtime.KernelCall(
            address, tuple(runtime.Status() if n is None else runtime.External(n) for n in numbers), most, barrier=True
        )
        for address, numbers, most in zip(addresses, slots, workers, strict=True)
    ]
    executable = runtime.Executable(calls, 0, len(buffers))
    executable.run([buffer.ctypes.data for buffer in buffers], config.exactly.threads or config.threads())


def _logical(stored: Stored, buffer: Array) -> Array:
    """The value that lies in a buffer, in C order."""
    return np.array(inside(buffer, stored.offset, stored.node.shape, stored.strides), order="C")


def nest_of(kernels: tuple[CompiledKernel, ...]) -> Nest:
    """The loop nest that the kernels compute."""
    return kernels[0].task.nest


def reads(nest: Nest) -> list[Node]:
    """What a nest reads from memory."""
    return [node for node in dict.fromkeys(nest.nodes) if node not in nest.roots]


def alone(nest: Nest) -> tuple[Graph, dict[Node, Node]]:
    """The graph of one nest, where what it reads are the inputs, and what it computes the outputs; and which node of
    the program each of its nodes stands for.
    """
    new: dict[Node, Node] = {n: graph_input(i, n.shape, n.dtype) for i, n in enumerate(reads(nest))}
    for node in topological(nest.roots, stop=new.__contains__):
        if node not in new:
            new[node] = rebuild(node, tuple(new[source] for source in node.inputs))
    graph = make_graph([new[node] for node in reads(nest)], [new[node] for node in nest.roots])
    return graph, {found: node for node, found in new.items()}
