"""The report of a program for a card, made without one."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

import dark_jit as dark
from dark_jit.backends.cuda import compile as nvrtc
from dark_jit.backends.cuda import emulator, presence
from dark_jit.errors import BackendError
from dark_jit.inspection import CardReport

pytestmark = pytest.mark.skipif(not emulator.available(), reason="the emulator needs g++")

X, W = np.ones((40, 64), np.float32), np.ones((64, 48), np.float32)


def layer(x: dark.Tensor, w: dark.Tensor) -> dark.Tensor:
    return dark.sum(dark.relu(x @ w), axis=0)  # the line that the report shows


@pytest.fixture
def report() -> CardReport:
    found = dark.compile(layer, device="cuda-emulator").inspect(X, W)
    assert isinstance(found, CardReport)
    return found


def test_kernels(report: CardReport) -> None:
    product, total = report.kernels
    assert (product.template, total.template) == ("gemm", "reduce")
    assert product.grid == (4, 1, 1)
    assert product.block == (256, 1, 1)
    assert "tiles of 32 x 32" in product.why
    assert product.flops >= 2 * 40 * 64 * 48
    assert repr(product) == f"<CardKernel {product.name}: gemm>"
    assert product.name.startswith("matmul (test_card.py:")
    assert all(any("test_card.py" in line for line in kernel.lines) for kernel in report.kernels)


def test_source(report: CardReport) -> None:
    product = report.kernels[0]
    assert product.source.startswith(f"// {product.name}\n//   ")
    assert product.source.endswith(product.text)
    assert "float32[40,48]" in product.source.split("// Matrix product")[0]


def test_what_all_reports_have(report: CardReport) -> None:
    assert report.passes[0][0] == "traced"
    assert len(report.groups) == 2
    assert report.memory.arena == report.arena_bytes
    assert report.where(report.kernels[0].lines[0]) == report.kernels
    assert "tiles of 32 x 32" in report.explain()
    assert "sm_90" in str(report)
    assert repr(report) == "<CardReport layer: 2 kernels, sm_90>"


@pytest.mark.skipif(not nvrtc.available(), reason="the wheel nvidia-cuda-nvrtc is not installed")
def test_resources(report: CardReport) -> None:
    product = report.kernels[0]
    used = product.resources
    assert used.spills == 0
    assert product.resident == 65536 // (256 * -(-used.registers // 8) * 8)
    table = report.resources().splitlines()
    assert table[0].split()[:5] == ["#", "kernel", "blocks", "threads", "registers"]
    assert [line.split()[-1] for line in table[2:]] == ["gemm", "reduce"]
    assert str(used.registers) in table[2].split()
    if nvrtc.disassembler() is not None:
        assert "FFMA" in str(product.sass)


def test_the_emulator_has_no_times(report: CardReport) -> None:
    with pytest.raises(BackendError, match="times are a card's; the emulator has none"):
        report.timings()


@pytest.mark.gpu
@pytest.mark.skipif(not presence.usable(), reason="there is no card")
def test_times() -> None:
    found = dark.compile(layer, device="cuda").inspect(X, W)
    lines = found.timings().splitlines()
    assert lines[0].split() == ["#", "kernel", "us", "share", "TFLOP/s", "TB/s", "template"]
    assert {line.split()[-1] for line in lines[2:4]} == {"gemm", "reduce"}
    assert lines[-1].endswith("ms in all")
    assert all(0 < seconds < 1e-3 for seconds in found.seconds)


def test_precision_shows() -> None:
    x = np.zeros((2048, 1024), np.float32)
    whys = {}
    for precision in ("strict", "tf32"):
        found = dark.compile(lambda x: x @ x.T, device="cuda-emulator", precision=precision).inspect(x)
        whys[precision] = found.kernels[0].why
        assert found.target == dataclasses.replace(found.target, precision=precision)
    assert "tensor cores" not in whys["strict"]
    assert "tf32 on tensor cores" in whys["tf32"]


def test_operands_of_16_bits() -> None:
    """The pass that only cards have is among the others, and what it makes has lines."""
    report = dark.compile(layer, device="cuda-emulator").inspect(X.astype(np.float16), W.astype(np.float16))
    assert [change.name for change in report.changes][-1] == "narrow"
    product = report.kernels[0]
    assert product.template == "gemm_mma"
    assert "halves on tensor cores" in product.why
    assert all(any("test_card.py" in line for line in kernel.lines) for kernel in report.kernels)
