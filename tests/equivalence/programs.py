"""The equivalence check: a graph, compiled for an instruction set, computes what the NumPy interpreter computes.

`check` is all that most tests need: it makes a graph from arrays and a function on nodes, adds the gradients, and
compares. Every graph made here must also print and parse back to itself, and be the same for one, two and three
workers, bit by bit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from dark_jit import config
from dark_jit.backends import reference
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.cuda.backend import CudaProgram
from dark_jit.backends.cuda.card import card
from dark_jit.backends.cuda.runtime import Device, EmulatedDevice
from dark_jit.backends.llvm.backend import LLVMProgram
from dark_jit.backends.llvm.target import available_isas, machine
from dark_jit.graph.graph import Graph, graph_input, make_graph
from dark_jit.graph.node import Node
from dark_jit.graph.text import parse, print_graph
from dark_jit.testing.equivalence import BACKENDS
from dark_jit.transforms.autodiff import gradients
from dark_jit.transforms.markers import without_markers

Array = np.ndarray[Any, Any]
Build = Callable[..., Node | Sequence[Node]]
Program = LLVMProgram | CudaProgram

CARDS = ("cuda-emulator", "cuda")
PLAINEST = "sse2"  # in .ci/full alone


def _isa(name: str) -> Any:
    missing = pytest.mark.skipif(name not in available_isas(), reason=f"no {name} here")
    return pytest.param(name, marks=[pytest.mark.isa, missing, *[pytest.mark.slow] * (name == PLAINEST)])


# Instruction sets; or, with --dark-backends=cuda-emulator or =cuda, the CUDA kernels in the place of one.
ISAS = [_isa(name) for name in ("avx512", "avx2", PLAINEST) if "cpu" in BACKENDS]
ISAS += [name for name in CARDS if name in BACKENDS]
FLOATS = ("float32", "float64")
SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
INTEGERS = (*SIGNED, *UNSIGNED)
DTYPES = ("bool", *INTEGERS, *FLOATS)
MOVED = ("bool", "uint8", "int16", "int32", "int64", *FLOATS)  # where only the size in memory matters

# Of the largest magnitude in an array. float32 is compared with float32 arithmetic in another order.
TOLERANCE = {"float16": 2e-3, "float32": 2e-5, "float64": 1e-12}


def numbers(seed: int, shape: Sequence[int], dtype: str = "float32") -> Array:
    """Normally distributed floats, integers of both signs (if there are), or both truth values."""
    generator = np.random.default_rng(seed)
    if dtype == "bool":
        return generator.random(shape) < 0.5
    if dtype in INTEGERS:
        return generator.integers(0 if dtype in UNSIGNED else -9, 10, shape).astype(dtype)
    return generator.normal(size=shape).astype(dtype)


def lanes_of(isa: str, dtype: str) -> int:
    """How many elements are computed at once."""
    target = EmulatedDevice.target if isa in CARDS else machine(isa)
    return target.lanes(np.dtype(dtype).itemsize)


def inputs_of(arrays: Sequence[Array]) -> list[Node]:
    """The graph inputs that stand for these arrays."""
    return [graph_input(number, array.shape, array.dtype) for number, array in enumerate(arrays)]


def graph_of(inputs: Sequence[Node], outputs: Sequence[Node]) -> Graph:
    """The graph as a program is made of it; its text reads back."""
    graph = make_graph(inputs, without_markers(outputs))
    assert parse(print_graph(graph)) is graph
    return graph


def traced(
    build: Build, arrays: Sequence[Array], differentiate: bool = True, seed: int = 7
) -> tuple[Graph, list[Array]]:
    """The graph of a function of arrays, with the gradients for random cotangents behind its values, and its inputs."""
    nodes, values = inputs_of(arrays), list(arrays)
    result = build(*nodes)
    outputs = [result] if isinstance(result, Node) else list(result)
    wrt = [node for node in nodes if node.dtype.kind == "f"] if differentiate else []
    if wrt:
        floats = [output for output in outputs if output.dtype.kind == "f"]
        cotangents = [graph_input(len(nodes) + i, y.shape, y.dtype) for i, y in enumerate(floats)]
        values += [numbers(seed + i, y.shape, y.dtype.name) for i, y in enumerate(floats)]
        nodes += cotangents
        outputs += [g for g in gradients(floats, cotangents, wrt) if g is not None]
    return graph_of(nodes, outputs), values


def compiled(graph: Graph, isa: str) -> Program:
    """The program of a graph; the text of every graph on the way to it reads back."""
    program = LLVMProgram(graph, machine(isa)) if isa not in CARDS else CudaProgram(graph, _device(isa))
    for _, stage in program.stages:
        assert parse(print_graph(stage)) is stage
    return program


def _device(name: str) -> Device:
    return EmulatedDevice() if name == "cuda-emulator" else card(0)


def run(program: Program, arrays: Sequence[Array]) -> list[Array]:
    """The outputs; checked to be the same bits for one, two and three workers."""
    buffers = [Buffer.copy_of(array, array.dtype) for array in arrays]
    runs = [_run_with(program, buffers, workers) for workers in (1, 2, 3)]
    for other in runs[1:]:
        for alone, together in zip(runs[0], other, strict=True):
            assert alone.tobytes() == together.tobytes(), "the number of workers changes the result"
    for before, buffer in zip(arrays, buffers, strict=True):
        assert before.tobytes() == buffer.array().tobytes(), "an input was written"
    return runs[0]


def _run_with(program: Program, buffers: Sequence[Buffer], workers: int) -> list[Array]:
    with config.overridden(threads=workers):
        return [buffer.array() for buffer in program.run(buffers)]


def agree(found: Sequence[Array], wanted: Sequence[Array], scale: float = 1.0) -> None:
    """Integers are equal; floats differ by little of the largest magnitude in the array; NaN and infinities are
    alike."""
    assert len(found) == len(wanted)
    for number, (a, b) in enumerate(zip(found, wanted, strict=True)):
        assert (a.shape, a.dtype) == (b.shape, b.dtype)
        if a.dtype.kind == "f":
            finite = np.abs(b[np.isfinite(b)])
            tolerance = scale * TOLERANCE[a.dtype.name]
            atol = tolerance * max(1.0, finite.max() if finite.size else 0.0)
            np.testing.assert_allclose(a, b, rtol=tolerance, atol=atol, err_msg=f"output {number}")
        else:
            np.testing.assert_array_equal(a, b, err_msg=f"output {number}")


def check_graph(graph: Graph, arrays: Sequence[Array], isa: str, scale: float = 1.0) -> Program:
    """The compiled graph agrees with the reference. Returns the program."""
    program = compiled(graph, isa)
    agree(run(program, arrays), reference.evaluate(graph, arrays), scale)
    return program


def check(build: Build, arrays: Sequence[Array], isa: str, differentiate: bool = True, scale: float = 1.0) -> Program:
    """A function on nodes agrees with the reference, and so do its gradients. Returns the program."""
    graph, values = traced(build, arrays, differentiate)
    return check_graph(graph, values, isa, scale)
