"""Contractions that read copies of their operands give the same numbers, checked by the emulator."""

from __future__ import annotations

import pytest

from dark_jit.backends.cuda import emulator
from dark_jit.backends.cuda.backend import CudaProgram
from dark_jit.backends.cuda.runtime import EmulatedDevice
from dark_jit.lowering import grid_packing
from dark_jit.lowering.target import Gpu

from .programs import PROGRAMS, TENSOR_PROGRAMS, assert_right, graph_of

CASES = {
    "convolution on tensor cores": (TENSOR_PROGRAMS["convolution"][0], Gpu("sm_90", 1)),
    "convolution": (PROGRAMS["convolution"], Gpu("sm_75", 1)),
    "gradients of a convolution": (PROGRAMS["gradients of a convolution"], Gpu("sm_75", 1)),
    "both operands of a product": (TENSOR_PROGRAMS["product, odd"][0], Gpu("sm_75", 1)),
    "product in slices": (TENSOR_PROGRAMS["product in slices"][0], Gpu("sm_75", 4)),
}


@pytest.mark.skipif(not emulator.available(), reason="the emulator needs g++")
@pytest.mark.parametrize("name", CASES)
def test_the_numbers(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid_packing, "LAUNCH", 0)
    monkeypatch.setattr(grid_packing, "BYTES", 1e9)
    case, target = CASES[name]
    device = EmulatedDevice(checked=True, target=target)
    tasks = CudaProgram(graph_of(case), device).schedule.tasks
    assert any("neighbours in memory" in task.reason for task in tasks)
    assert_right(case, device)
