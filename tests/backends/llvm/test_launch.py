"""Small programs are run by functions that are written out for them; they do what the general way does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dark_jit import config, ops
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.llvm import pool, runtime
from dark_jit.backends.llvm.backend import LLVMBackend, LLVMProgram
from dark_jit.errors import IndexOutOfRangeError
from dark_jit.graph.graph import canonical, leaf


def program_of(function: Any, *arrays: np.ndarray[Any, Any]) -> LLVMProgram:
    leaves = [leaf(i, array.shape, array.dtype) for i, array in enumerate(arrays)]
    results = function(*leaves)
    graph, order = canonical(results if isinstance(results, list) else [results])
    assert [node["key"] for node in order] == list(range(len(arrays)))
    return LLVMBackend().compile(graph)


def floats(*shape: int) -> np.ndarray[Any, Any]:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def both_ways(program: LLVMProgram, *arrays: np.ndarray[Any, Any]) -> list[np.ndarray[Any, Any]]:
    inputs = [Buffer.of(array) for array in arrays]
    assert program.run != program._run
    short, general = program.run(inputs), program._run(inputs)
    for one, other in zip(short, general, strict=True):
        assert (one.shape, one.dtype) == (other.shape, other.dtype) and one.address != other.address
        assert one.array().tobytes() == other.array().tobytes()
    return [buffer.array() for buffer in short]


@pytest.mark.parametrize("shape", [(), (0,), (1,), (7, 3)])
def test_the_same_results(shape: tuple[int, ...]) -> None:
    x, y = floats(*shape), floats(*shape)
    both_ways(program_of(lambda a, b: [ops.add(a, b), ops.exp(a)], x, y), x, y)


def test_several_kernels_and_an_arena() -> None:
    x, y = floats(9, 8), floats(8, 7)
    both_ways(program_of(lambda a, b: ops.sum_(ops.exp(ops.matmul(a, b)), 0), x, y), x, y)


def test_no_inputs() -> None:
    both_ways(program_of(lambda: ops.iota(7)))


@pytest.mark.parametrize("case", ["large", "passed on", "many"])
def test_other_programs_go_the_general_way(case: str) -> None:
    x = floats(1 << 20) if case == "large" else floats(3)
    functions = {
        "large": ops.exp,
        "passed on": lambda a: [a, ops.exp(a)],
        "many": lambda a: [ops.multiply(a, float(k)) for k in range(2, 60)],
    }
    program = program_of(functions[case], x)
    assert program.run == program._run
    program.run([Buffer.of(x)])


def test_errors_are_raised_and_later_runs_work() -> None:
    x, good = floats(5), np.array([0, 4])
    program = program_of(lambda a, i: ops.take(a, i, 0), x, good)
    assert program.run != program._run
    for _ in range(2):
        with pytest.raises(IndexOutOfRangeError):
            program.run([Buffer.of(x), Buffer.of(np.array([0, 5]))])
        assert program.run([Buffer.of(x), Buffer.of(good)])[0].array().tolist() == x[good].tolist()


def test_a_given_number_of_workers_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a frame that several workers had is used by one alone afterwards."""
    x = floats(128, 128)
    program = program_of(lambda a: ops.matmul(a, a), x)
    asked: list[int] = []
    reserve = pool.reserve
    monkeypatch.setattr(pool, "reserve", lambda workers: asked.append(workers) or reserve(workers))
    with config.overridden(threads=2):
        program.run([Buffer.of(x)])
    program.run([Buffer.of(x)])
    assert asked == [2] and program._executable.frames[-1].call.workers == 1


def test_memory_goes_back_to_its_shelf() -> None:
    x = floats(8)
    program = program_of(ops.exp, x)
    shelf = runtime.shelf(64)
    assert shelf is not None
    first = program.run([Buffer.of(x)])[0].address
    before = len(shelf)
    result = program.run([Buffer.of(x)])
    assert result[0].address == first and len(shelf) == before - 1
    del result
    assert len(shelf) == before
