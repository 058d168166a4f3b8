"""The emulator itself: what CUDA's functions do on it, and that each kind of fault is found where it is."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from dark_jit.backends.cuda import emulator
from dark_jit.backends.cuda.emulator import EmulatedKernel, Fault, Order
from dark_jit.backends.cuda.render import Rendered
from dark_jit.errors import BackendError, InternalError
from dark_jit.lowering.kernel import Argument

pytestmark = pytest.mark.skipif(not emulator.available(), reason="the emulator needs g++")

Array = np.ndarray[Any, Any]


def launch(
    text: str, *arrays: Array, threads: int = 64, blocks: int = 1, checked: bool = True, order: Order = Order.FORWARD
) -> list[Fault]:
    """Run a kernel `k`, of which the last array is the output."""
    arguments = tuple(
        Argument(array.dtype.name, array.size, number == len(arrays) - 1) for number, array in enumerate(arrays)
    )
    kernel = EmulatedKernel(Rendered(text, "k", (blocks, 1, 1), (threads, 1, 1), arguments), checked)
    return kernel.launch([array.ctypes.data for array in arrays], order, seed=3)


def in_kernel(*statements: str, types: Sequence[str] = ("const float*", "float*")) -> str:
    """The text of a kernel, a statement a line, from line 2 on."""
    parameters = ", ".join(f"{name} a{number}" for number, name in enumerate(types))
    return "\n".join([f'extern "C" __global__ void k({parameters}) {{', *statements, "}"])


def floats(count: int = 64) -> Array:
    return np.arange(count, dtype=np.float32)


# ---- what kernels may do ----


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("checked", [False, True])
def test_a_barrier_makes_all_wait(order: Order, checked: bool) -> None:
    text = in_kernel(
        "__shared__ float s[64];",
        "s[threadIdx.x] = a0[blockIdx.x * 64 + threadIdx.x];",
        "__syncthreads();",
        "a1[blockIdx.x * 64 + threadIdx.x] = s[63 - threadIdx.x];",
    )
    x, y = floats(192), np.zeros(192, np.float32)
    assert launch(text, x, y, blocks=3, checked=checked, order=order) == []
    np.testing.assert_array_equal(y, x.reshape(3, 64)[:, ::-1].ravel())


@pytest.mark.parametrize("order", Order)
def test_warps_exchange_values(order: Order) -> None:
    text = in_kernel(
        "const float x = a0[threadIdx.x];",
        "const float sum = x + __shfl_down_sync(0xffffffffu, x, 1);",
        "const float other = __shfl_xor_sync(0xffffffffu, sum, 3);",
        "const float first = __shfl_sync(0xffffffffu, other, 5);",
        "const unsigned votes = __ballot_sync(0xffffffffu, x > 40);",
        "a1[threadIdx.x] = other + 1000 * first + 100000 * (votes & 7) + __any_sync(0xffffffffu, x > 40);",
    )
    x, y = floats(), np.zeros(64, np.float32)
    assert launch(text, x, y, order=order) == []
    warps = x.reshape(2, 32)
    down = warps + np.concatenate([warps[:, 1:], warps[:, -1:]], axis=1)
    other = down[:, np.arange(32) ^ 3]
    votes = ((warps > 40)[:, :3] * [1, 2, 4]).sum(1, keepdims=True)
    wanted = other + 1000 * other[:, 5:6] + 100000 * votes + (warps > 40).any(1, keepdims=True)
    np.testing.assert_array_equal(y.reshape(2, 32), wanted.astype(np.float32))


def test_atomics_of_all_blocks_add_up() -> None:
    text = in_kernel("atomicAdd(a1, a0[threadIdx.x]);")
    total = np.zeros(1, np.float32)
    arguments = (Argument("float32", 64), Argument("float32", 1, True))
    rendered = Rendered(text, "k", (5, 1, 1), (64, 1, 1), arguments, updated=(1,))
    x = floats()
    assert EmulatedKernel(rendered, checked=True).launch([x.ctypes.data, total.ctypes.data]) == []
    assert total[0] == 5 * x.sum()


def test_reading_what_a_barrier_separates_is_no_race() -> None:
    text = in_kernel(
        "__shared__ float s[32];",
        "for (int turn = 0; turn < 3; ++turn) {",
        "  s[threadIdx.x] = a0[threadIdx.x] + turn;",
        "  __syncwarp();",
        "  a1[threadIdx.x] = s[31 - threadIdx.x];",
        "  __syncwarp();",
        "}",
    )
    assert launch(text, floats(), floats(), threads=32) == []


# ---- what they may not ----

REVERSED = ("__shared__ float s[64];", "s[threadIdx.x] = a0[threadIdx.x];")
FAULTS: dict[str, tuple[str, int, Sequence[str]]] = {
    "no barrier": ("race", 4, [*REVERSED, "a1[threadIdx.x] = s[threadIdx.x ^ 32];"]),
    "no barrier of the warp": ("race", 4, [*REVERSED, "a1[threadIdx.x] = s[threadIdx.x ^ 1];"]),
    "two blocks, one place": ("race", 2, ["a1[threadIdx.x] = blockIdx.x;"]),
    "beyond the input": ("out of bounds", 2, ["a1[threadIdx.x] = a0[threadIdx.x + 1];"]),
    "before the output": ("out of bounds", 2, ["a1[(int)threadIdx.x - 1] = 0;"]),
    "beyond shared memory": ("out of bounds", 4, [*REVERSED, "s[threadIdx.x + 1000] = 1;", "a1[threadIdx.x] = 0;"]),
    "unwritten shared memory": (
        "uninitialised",
        4,
        ["__shared__ float s[64];", "if (threadIdx.x < 40) s[threadIdx.x] = 1;", "a1[threadIdx.x] = s[threadIdx.x];"],
    ),
    "unwritten output": ("uninitialised", 2, ["a1[threadIdx.x] += 1;"]),
    "misaligned": (
        "misaligned",
        3,
        ["struct __align__(8) Pair { float x, y; };", "a1[threadIdx.x] = ((const Pair*)(a0 + threadIdx.x / 2))->y;"],
    ),
    "a barrier that some do not reach": (
        "divergence",
        2,
        ["if (threadIdx.x < 40) __syncthreads();", "a1[threadIdx.x] = 0;"],
    ),
    "two barriers at once": (
        "divergence",
        3,
        ["if (threadIdx.x < 40) __syncthreads();", "else __syncthreads();", "a1[threadIdx.x] = 0;"],
    ),
    "a barrier behind an exit": (
        "divergence",
        3,
        ["if (threadIdx.x == 7) return;", "__syncthreads();", "a1[threadIdx.x] = 0;"],
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_found_at_its_line(name: str) -> None:
    kind, line, statements = FAULTS[name]
    blocks = 2 if name == "two blocks, one place" else 1
    faults = launch(in_kernel(*statements), floats(), np.zeros(64, np.float32), blocks=blocks)
    assert [fault for fault in faults if fault.kind == kind and fault.line == line], list(map(str, faults))


def test_waiting_for_lanes_that_never_come_is_a_deadlock() -> None:
    text = in_kernel("if (threadIdx.x < 7) a1[threadIdx.x] = __shfl_sync(0xffffffffu, a0[threadIdx.x], 0);")
    faults = launch(text, floats(), floats(), threads=32, checked=False)
    assert [fault.kind for fault in faults] == ["deadlock"]


def test_different_warp_operations_at_once() -> None:
    text = in_kernel(
        "const float x = a0[threadIdx.x];",
        "a1[threadIdx.x] = threadIdx.x < 8 ? __shfl_sync(0xffffffffu, x, 0) : __shfl_xor_sync(0xffffffffu, x, 1);",
    )
    faults = launch(text, floats(), floats(), threads=32)
    assert "divergence" in [fault.kind for fault in faults]


def test_a_fault_reads_well() -> None:
    (fault, *_) = launch(in_kernel("a1[threadIdx.x] = a0[threadIdx.x + 1];"), floats(), floats())
    assert str(fault) == "out of bounds: read of 4 bytes outside of every buffer (thread 63 of block 0) (line 2)"


def test_too_many_threads() -> None:
    (fault,) = launch(in_kernel("a1[0] = 0;"), floats(), floats(), threads=2048, checked=False)
    assert fault.kind == "launch"
    assert "2048 threads; there can be 1 to 1024" in fault.message


# ---- g++ ----


def test_a_text_that_is_no_kernel() -> None:
    with pytest.raises(InternalError, match=r"kernel\.cu:2:.*nonsense"):
        launch(in_kernel("a1[0] = nonsense;"), floats(), floats())


def test_without_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert not emulator.available()
    with pytest.raises(BackendError, match=r"needs g\+\+.*apt install g\+\+"):
        launch(in_kernel("a1[0] = 1234567;"), floats(), floats(), checked=False)
