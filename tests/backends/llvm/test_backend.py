"""Programs: what they compute, that equal kernels are compiled once, and that they run in several threads at once."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from dark_jit import config, ops
from dark_jit.backends import reference
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.llvm import runtime
from dark_jit.backends.llvm.backend import LLVMBackend, LLVMProgram
from dark_jit.backends.llvm.compile import compile_count
from dark_jit.backends.llvm.target import available_isas, machine
from dark_jit.errors import ArgumentError, IndexOutOfRangeError
from dark_jit.graph import origins
from dark_jit.graph.graph import graph_input, make_graph

from ...lowering.digits_step import arguments, digits_step
from ...lowering.graphs import graph_of

ROOT = Path(__file__).resolve().parents[3]
F32, I64 = np.dtype("float32"), np.dtype("int64")
ISAS = [
    pytest.param(isa, marks=[pytest.mark.isa, pytest.mark.skipif(isa not in available_isas(), reason=f"no {isa} here")])
    for isa in ("avx512", "avx2")
]


def buffers(arrays):
    return [Buffer.of(np.ascontiguousarray(array)) for array in arrays]


def program_of(build, *shapes, dtype=F32):
    return LLVMProgram(graph_of(build, *shapes, dtype=dtype), machine())


def run(program, *arrays):
    return [buffer.array() for buffer in program.run(buffers(arrays))]


# The digits step


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("dtype, tolerance", [("float32", 1e-4), ("float64", 1e-11)])
def test_the_digits_step_is_what_the_reference_computes(isa, dtype, tolerance):
    graph = digits_step(16, dtype)
    values = arguments(graph)
    outputs = run(LLVMProgram(graph, machine(isa)), *values)
    for got, want in zip(outputs, reference.evaluate(graph, values), strict=True):
        assert np.abs(got - want).max() <= tolerance * max(1, np.abs(want).max())


def test_a_program_shows_its_stages_and_kernels():
    program = program_of(lambda a, b: ops.relu(ops.matmul(a, b)), (5, 6), (6, 7))
    assert [name for name, _ in program.stages] == [
        "traced",
        "widen",
        "simplify",
        "recognise",
        "simplify again",
        "layout",
    ]
    (kernel,) = program.kernels
    assert "define void @kernel" in kernel.rendered.text
    assert kernel.module.text == kernel.rendered.text
    assert "kernel" in kernel.module.asm


# Outputs


def test_outputs_that_are_inputs_or_equal_share_their_buffers():
    program = program_of(lambda x: [x, ops.exp(x), ops.exp(x)], (4,))
    (x,) = inputs = buffers([np.arange(4, dtype=F32)])
    same, first, second = program.run(inputs)
    assert same is x
    assert first is second
    assert np.allclose(first.array(), np.exp(x.array()))


def test_empty_and_0d_outputs():
    empty, total = run(program_of(lambda x: [ops.exp(x), ops.sum_(x)], (0, 3)), np.zeros((0, 3), F32))
    assert empty.shape == (0, 3)
    assert (total.shape, float(total)) == ((), 0.0)


def test_each_run_writes_new_buffers():
    program = program_of(ops.exp, (4,))
    first = run(program, np.zeros(4, F32))[0]
    run(program, np.ones(4, F32))
    assert np.array_equal(first, np.ones(4))


# Workers


@pytest.mark.parametrize("size, workers", [(8, None), (128, 1), (224, 2), (1000, 3)])
def test_as_many_workers_as_are_worth_it(size, workers, monkeypatch):
    asked = []
    monkeypatch.setattr(runtime.Executable, "run", lambda self, pointers, workers: asked.append(workers))
    monkeypatch.setattr(config, "threads", lambda: 3)
    program = program_of(ops.matmul, (size, size), (size, size))
    inputs = buffers([np.ones((size, size), F32)] * 2)
    program.run(inputs)
    with config.overridden(threads=5):
        program.run(inputs)
    # the smallest have nothing to share; those for one worker are run by it without asking
    assert asked == {None: [], 1: [5]}.get(workers, [workers, 5])


def test_a_wrong_number_of_threads_is_said_at_once(monkeypatch):
    monkeypatch.setenv("DARK_JIT_THREADS", "many")
    config.threads.cache_clear()
    try:
        with pytest.raises(ArgumentError, match="DARK_JIT_THREADS is 'many'"):
            LLVMBackend().compile(graph_of(ops.exp, (4,), dtype=F32))
    finally:
        config.threads.cache_clear()


# Errors


def test_an_index_out_of_range_is_reported_and_the_next_run_is_none_the_worse():
    inputs = [graph_input(0, (5, 3), F32), graph_input(1, (2,), I64)]
    program = LLVMProgram(make_graph(inputs, [ops.take(*inputs, 0)]), machine())
    x = np.arange(15, dtype=F32).reshape(5, 3)
    with pytest.raises(IndexOutOfRangeError, match="5"):
        run(program, x, np.array([1, 5]))
    assert np.array_equal(run(program, x, np.array([1, -1]))[0], x[[1, -1]])


# Texts


def test_eight_equal_convolutions_are_compiled_once():
    def layers(count):
        def build(x, *kernels):
            for kernel in kernels:
                x = ops.relu(ops.conv2d(x, kernel, padding=1))
            return ops.sum_(x)

        return program_of(build, (1, 24, 5, 5), *[(24, 24, 3, 3)] * count)

    layers(2)
    before = compile_count()
    program = layers(8)
    assert sum(kernel.task.spec.template == "conv2d" for kernel in program.kernels) == 8
    assert compile_count() == before


def test_origins_do_not_matter():
    def step(line):
        with origins.under(frozenset([origins.Origin("model.py", line, "step")])):
            return program_of(lambda x, y: ops.tanh(ops.add(ops.multiply(x, y), 3.0)), (7, 11), (11,))

    before = step(10)
    count = compile_count()
    after = step(11)
    assert [kernel.rendered.text for kernel in before.kernels] == [kernel.rendered.text for kernel in after.kernels]
    assert compile_count() == count


_TEXTS = """
import hashlib
from dark_jit.backends.llvm.render import render
from dark_jit.backends.llvm.target import machine
from dark_jit.lowering.schedule import schedule
from dark_jit.transforms import passes
from tests.lowering.digits_step import digits_step

planned = schedule(passes.run(digits_step())[-1][1], machine())
for task in planned.tasks:
    print(hashlib.sha256(render(task.spec, machine()).text.encode()).hexdigest(), task.slots, task.barrier, task.serial)
print(planned.refusals)
"""


def test_the_same_graph_gives_the_same_texts_in_every_process():
    def texts(seed):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-c", _TEXTS]
        return subprocess.run(command, env=environment, check=True, capture_output=True, text=True, cwd=ROOT).stdout

    first = texts("1")
    assert len(first.splitlines()) > 20
    assert texts("2") == first


# Threads


def test_several_threads_run_one_program_at_once():
    graph = digits_step(8)
    program = LLVMBackend().compile(graph)
    cases = [arguments(graph, seed) for seed in range(4)]
    wanted = [run(program, *case) for case in cases]
    wrong = []

    def work(number):
        for _ in range(30):
            got = run(program, *cases[number])
            wrong.extend(number for a, b in zip(got, wanted[number], strict=True) if not np.array_equal(a, b))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
