"""Would the emulator notice? Kernels of ours with one mistake each: a fault or a number must catch each of them."""

from __future__ import annotations

import re

import pytest

from dark_jit.backends.cuda import emulator, runtime
from dark_jit.backends.cuda.render import Rendered
from dark_jit.backends.cuda.runtime import EmulatedDevice, Kernel, KernelFaultError
from dark_jit.errors import InternalError
from dark_jit.lowering.target import Gpu

from .programs import PROGRAMS, assert_right

pytestmark = pytest.mark.skipif(not emulator.available(), reason="the emulator needs g++")

TURING = Gpu("sm_75", 40)  # has no copies in the background

# (program, a place in its kernels' text, what stands there instead)
MUTANTS = {
    "gemm, Turing: no barrier before the loop": ("product", r"put\(0\);\n  __syncthreads\(\);", "put(0);"),
    "gemm, Turing: no barrier in the loop": (
        "product",
        r"if \(more\) put\(stage\);\n    __syncthreads\(\);",
        "if (more) put(stage);",
    ),
    "gemm, Turing: the same stage again": ("product", r"stage \^= 1;", ""),
    "gemm: no barrier": ("product", r"__syncthreads\(\);  // this", "// this"),
    "gemm: nobody waits for the copies": ("product", r"    cp_async_wait<2>\(\);\n", ""),
    "gemm: groups are not committed": ("product", r"    cp_async_commit\(\);\n", ""),
    "gemm: the stage that is read comes in": ("product", r"bring\(\(stage \+ 3\) % 4", "bring(stage"),
    "gemm: the same stage again": ("product", r"stage = \(stage \+ 1\) % 4;", ""),
    "gemm: the last terms are left out": ("product", r"start < end;", "start < end - 16;"),
    "gemm: left's row off by one": (
        "product, odd",
        r"left_line\(min\(first_row \+ line",
        "left_line(min(first_row + line + 1",
    ),
    "gemm: a row too many": ("product, odd", r"row >= 41", "row > 41"),
    "gemm: rows of a cell swapped": ("product", r"i % 2\]", "(i + 1) % 2]"),
    "gemm: a vector at an odd place": (
        "product",
        r"left_term\(start \+ term\)",
        "left_term(start + term) + 1",
    ),
    "conv2d: the image's width off by one": ("convolution", r"i1 \* 30", "i1 * 33"),
    "conv2d: the kernel's taps swapped": ("convolution", r"return r0 \* 30", "return (2 - r0) * 30"),
    "reduce_rows: no barrier": ("rows by many warps", r"__syncthreads\(\);", ""),
    "reduce_rows: half a tree": ("rows", r"half = 16", "half = 8"),
    "reduce_rows: one element left out": ("rows", r"r0 < 37", "r0 < 36"),
    "reduce_rows: one element too many": ("rows by many warps", r"r0 < 700", "r0 < 701"),
    "reduce: no barrier": ("columns", r"__syncthreads\(\);", ""),
    "reduce: one warp is forgotten": ("columns", r"other = 1", "other = 2"),
    "reduce: only lanes with a column wait": ("columns", r"__syncthreads\(\);", "if (i0 < 41) __syncthreads();"),
    "transpose: no barrier": ("transposition", r"__syncthreads\(\);", ""),
    "transpose: not transposed": ("transposition", r"tile\[threadIdx\.x\]\[line\]", "tile[line][threadIdx.x]"),
    "elementwise: one item too many": ("vectors", r"item < 24", "item < 25"),
    "elementwise: an odd vector": ("vectors", r"load_vector<4>\(&a0\[", "load_vector<4>(&a0[1 + "),
    "elementwise: blocks overlap": ("many blocks", r"blockIdx\.x \* 256", "blockIdx.x * 128"),
    "pool: the window's last column": ("pooling", r"w < w_high", "w < w_high - 1"),
    "scatter: the last index is forgotten": ("the gradient of taking", r"j < 4", "j < 3"),
    "scatter: the index is not looked at": ("the gradient of taking", r"if \(place != i1\) continue;", ""),
    "take: the index is not checked": ("taking", r"const int h = inside \? place : 0", "const int h = place + 6"),
}


class Mutating(EmulatedDevice):
    """A checked device that changes the texts before it compiles them."""

    def __init__(self, pattern: str, instead: str, target: Gpu = EmulatedDevice.target) -> None:
        super().__init__(checked=True, target=target)
        self.pattern, self.instead, self.changed = pattern, instead, 0

    def load(self, kernels: list[Rendered]) -> list[Kernel]:  # type: ignore[override]
        mutants = [self._mutant(kernel) for kernel in kernels]
        return super().load(mutants)

    def _mutant(self, kernel: Rendered) -> Rendered:
        text, count = re.subn(self.pattern, self.instead, kernel.text)
        self.changed += count
        return Rendered(text, kernel.symbol, kernel.grid, kernel.block, kernel.arguments, kernel.updated)


@pytest.mark.parametrize("name", MUTANTS)
def test_mutants_are_caught(name: str) -> None:
    program, pattern, instead = MUTANTS[name]
    device = Mutating(pattern, instead, TURING if "Turing" in name else EmulatedDevice.target)
    with pytest.raises((KernelFaultError, AssertionError)) as caught:
        assert_right(PROGRAMS[program], device)
    assert device.changed, "the text has no such place"
    if "barrier" in name:
        assert isinstance(caught.value, KernelFaultError)
        assert "race" in {fault.kind for fault in caught.value.faults}


def test_faults_are_errors_of_ours() -> None:
    assert issubclass(runtime.KernelFaultError, InternalError)


def test_the_same_kernels_without_a_mistake() -> None:
    for program in {program for program, *_ in MUTANTS.values()}:
        assert_right(PROGRAMS[program], EmulatedDevice(checked=True))


@pytest.mark.parametrize("name", [name for name in PROGRAMS if name.startswith(("product", "convolution"))])
def test_the_same_for_turing(name: str) -> None:
    assert_right(PROGRAMS[name], EmulatedDevice(checked=True, target=TURING))
