"""Programs from disk: they run without being lowered, are inspected like others, and are made anew where anything is
missing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.disk import DiskCache
from dark_jit.backends.llvm import backend, compile, image
from dark_jit.backends.llvm.backend import LLVMProgram
from dark_jit.backends.llvm.target import machine
from dark_jit.errors import IndexOutOfRangeError
from dark_jit.graph.graph import graph_input, make_graph
from dark_jit.graph.node import OPS, Op, make
from dark_jit.inspection import Report

from ...lowering.graphs import graph_of

F32, I64 = np.dtype("float32"), np.dtype("int64")
X = np.linspace(-1, 1, 35, dtype=np.float32).reshape(5, 7)


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """A disk of its own, and a process that has compiled nothing yet."""
    found = DiskCache(tmp_path)
    for module in (image, compile):
        monkeypatch.setattr(module, "disk_cache", lambda: found)
    start_anew(monkeypatch)
    return found


def start_anew(monkeypatch):
    monkeypatch.setattr(compile, "_loaded", {})
    monkeypatch.setattr(compile, "_modules", {})


def graph():
    """Outputs that are new, an input, and an earlier output; a reduction, so that there are several kernels."""

    def build(x):
        y = ops.subtract(x, ops.broadcast_to(ops.sum_(x, 1, keepdims=True), x.shape))
        return [y, x, ops.sum_(ops.exp(y), 0), y]

    return graph_of(build, X.shape, dtype=F32)


def run(program):
    return [buffer.array() for buffer in program.run([Buffer.of(X)])]


def images(cache):
    return [path for path in cache.folder.iterdir() if (found := cache.get(path.name)) and found.startswith(b"{")]


def test_the_second_process_lowers_nothing(monkeypatch):
    first = run(LLVMProgram(graph(), machine()))
    start_anew(monkeypatch)
    with monkeypatch.context() as patch:
        patch.setattr(backend, "schedule", None)
        patch.setattr(backend.passes, "run", None)
        program = LLVMProgram(graph(), machine())
        found = run(program)
    for mine, other in zip(found, first, strict=True):
        assert mine.tobytes() == other.tobytes()
    assert len(program.kernels) > 1


def test_an_image_says_all_that_is_run(cache):
    program = LLVMProgram(graph(), machine())
    found = image.kept(graph(), machine())
    assert found is not None
    assert found.calls == tuple(replace(call, address=0) for call in map(program._call, program.kernels))
    assert found.codes == tuple(kernel.module.key for kernel in program.kernels)
    assert found.outputs == (("new", 0), ("input", 0), ("new", 0), ("output", 0))
    assert (found.arena_bytes, found.workers) == (program.schedule.arena_bytes, program.schedule.workers)


def test_another_graph_and_another_machine_have_others(cache):
    LLVMProgram(graph(), machine())
    assert image.kept(graph_of(ops.tanh, X.shape, dtype=F32), machine()) is None
    assert image.kept(graph(), replace(machine(), strict=True)) is None
    assert image.kept(graph(), replace(machine(), l2_bytes=1)) is None


def test_what_follows_from_other_code_is_not_kept(cache, monkeypatch):
    """Constants are folded by an operation's NumPy, which the next process may have changed."""
    more = Op("test_more", "elementwise", OPS["exp"].infer, lambda _, x: x + 1)
    monkeypatch.setitem(OPS, more.name, more)
    nodes = [graph_input(0, X.shape, F32)]
    made = make_graph(nodes, [ops.add(nodes[0], make(more, (ops.constant(1.0, F32, X.shape),)))])
    assert np.array_equal(run(LLVMProgram(made, machine()))[0], X + 2)
    assert images(cache) == []


@pytest.mark.parametrize("which", ["image", "code"])
def test_what_is_damaged_or_gone_is_made_anew(cache, which, monkeypatch):
    first = run(LLVMProgram(graph(), machine()))
    (kept,) = images(cache)
    victims = [kept] if which == "image" else [cache.folder / json.loads(cache.get(kept.name))["codes"][-1]]
    for change in (lambda path: path.write_bytes(path.read_bytes()[:-1]), lambda path: path.unlink()):
        for path in victims:
            change(path)
        start_anew(monkeypatch)
        for mine, other in zip(run(LLVMProgram(graph(), machine())), first, strict=True):
            assert mine.tobytes() == other.tobytes()
        assert images(cache) == [kept]


def test_a_program_from_disk_is_inspected_and_edited_like_others(monkeypatch):
    text = LLVMProgram(graph(), machine()).kernels[0].rendered.text
    start_anew(monkeypatch)
    program = LLVMProgram(graph(), machine())
    before = run(program)
    report = Report(program, [Buffer.of(X)])
    assert report.kernels[0].text == text
    report.kernels[0].override(text + "; the same\n")
    assert run(program)[0].tobytes() == before[0].tobytes()
    assert program.kernels[0].rendered.text.endswith("; the same\n")


def test_errors_of_a_program_from_disk_have_their_cause(monkeypatch):
    inputs = [graph_input(0, (4,), F32), graph_input(1, (3,), I64)]
    taken = make_graph(inputs, [ops.take(*inputs, 0)])
    LLVMProgram(taken, machine())
    start_anew(monkeypatch)
    program = LLVMProgram(taken, machine())
    with pytest.raises(IndexOutOfRangeError, match="9"):
        program.run([Buffer.of(np.zeros(4, np.float32)), Buffer.of(np.array([0, 9, 1]))])


def test_a_warm_process_does_not_load_jinja2(tmp_path):
    code = (
        "import sys, numpy as np, dark_jit as dark\n"
        "f = dark.compile(lambda x: dark.softmax(x @ x, axis=-1))\n"
        "print(f(np.eye(20, dtype=np.float32)).numpy().sum(), 'jinja2' in sys.modules)"
    )
    environment = os.environ | {"DARK_JIT_CACHE_DIR": str(tmp_path / "cache")}
    outputs = [
        subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert [output.split()[1] for output in outputs] == ["True", "False"]
    assert outputs[0].split()[0] == outputs[1].split()[0]
