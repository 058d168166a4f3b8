"""The Report of a small convolution: every step is there, and leads from a line to machine code and back."""

from __future__ import annotations

import inspect

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.backends.llvm.backend import LLVMProgram
from dark_jit.backends.llvm.target import machine
from dark_jit.graph import origins
from dark_jit.graph.graph import graph_input, make_graph
from dark_jit.graph.text import parse
from dark_jit.inspection import Report
from dark_jit.transforms.passes import PASSES

F32 = np.dtype(np.float32)


@pytest.fixture(scope="module")
def report() -> Report:
    x, k, b = (graph_input(i, shape, F32) for i, shape in enumerate([(2, 3, 9, 9), (8, 3, 3, 3), (8,)]))
    with origins.under(origins.here()):
        y = ops.relu(ops.conv2d(x, k, padding=1, bias=b))
    return Report(LLVMProgram(make_graph([x, k, b], [y]), machine()))


def _convolution(report: Report) -> object:
    (found,) = [kernel for kernel in report.kernels if kernel.template in ("conv2d", "gemm")]
    return found


def test_names_say_what_and_where(report: Report) -> None:
    kernel = _convolution(report)
    lines, start = inspect.getsourcelines(report_lines := globals()["report"].__wrapped__)
    line = start + next(number for number, text in enumerate(lines) if "origins.under" in text)
    assert kernel.name == f"conv2d_add_relu (test_report.py:{line})"
    assert kernel.lines == [f"test_report.py:{line}"]
    assert report.where(f"test_report.py:{line}") and kernel in report.where(f"test_report.py:{line}")
    assert report.where("test_report.py:1") == []
    assert report_lines is not None


def test_a_kernel_shows_every_stage(report: Report) -> None:
    kernel = _convolution(report)
    assert "define void @kernel(ptr %args, i64 %worker, i64 %workers)" in kernel.text
    assert "define" in kernel.ir and "kernel:" in kernel.asm
    assert kernel.parameters["lanes"] >= 4 and "epilogue" not in kernel.parameters
    assert kernel.flops >= 2 * 2 * 8 * 9 * 9 * 27
    assert kernel.bytes >= 4 * (2 * 11 * 11 * 3 + 8 * 27 + 8 + 2 * 8 * 81)
    assert {node.op.name for node in kernel.nodes} >= {"conv2d", "add", "relu"}
    assert kernel.reason


def test_source_is_the_text_with_provenance(report: Report) -> None:
    for kernel in report.kernels:
        body = [line.split("    ; <- ")[0] for line in kernel.source.splitlines()]
        assert "\n".join(body).endswith(kernel.text.rstrip("\n"))
        assert "test_report.py" not in kernel.text
    assert "; <- relu: float32[2,8,9,9]  test_report.py:" in _convolution(report).source


def test_graphs_of_all_passes_read_back(report: Report) -> None:
    assert [name for name, _ in report.passes] == ["traced", *(name for name, _ in PASSES)]
    for _, graph in report.passes:
        assert parse(str(graph)) is graph
    assert report.passes[-1][1] is report.graph
    assert "test_report.py" in report.graphs()


def test_the_table_is_readable(report: Report) -> None:
    table = str(report)
    assert f"{len(report.kernels)} kernels" in table
    for kernel in report.kernels:
        assert kernel.name in table
    assert "not fused" in report.explain()
