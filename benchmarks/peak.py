"""What the machine can do at most, for orientation: independent chains of vector fma, and copies of large arrays."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import llvmlite.binding as llvm
import numpy as np

from timing import Result, interleave

FMA, COPY = "peak: fma", "peak: copy"
COPIED = 256 << 20  # bytes, more than caches hold
ITERATIONS = 1 << 20
CHAINS = 12  # enough to cover an fma's latency of 4 cycles at 2 a cycle


def results(threads: int) -> Iterator[Result]:
    """One row for each: so many threads at once."""
    kernel, lanes = compile_kernel()
    with ThreadPoolExecutor(threads) as pool:
        timings = interleave({"fma": lambda: list(pool.map(kernel, [ITERATIONS] * threads))})
    flops = 2 * CHAINS * lanes * ITERATIONS * threads
    yield Result(FMA, f"float32 x {lanes}", timings, flops)
    parts = [(np.ones(COPIED // threads, np.uint8), np.ones(COPIED // threads, np.uint8)) for _ in range(threads)]
    with ThreadPoolExecutor(threads) as pool:
        timings = interleave({"numpy": lambda: list(pool.map(lambda part: np.copyto(*part), parts))})
    yield Result(COPY, f"{COPIED >> 20} MiB", timings, bytes=2 * COPIED)


def compile_kernel() -> tuple[Callable[[int], None], int]:
    """The kernel, to be called with the number of iterations, and the floats in a vector of this machine."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    features = llvm.get_host_cpu_features()
    lanes = 16 if features.get("avx512f") else 8 if features.get("avx2") else 4
    module = llvm.parse_assembly(kernel_text(lanes))
    module.verify()
    target = llvm.Target.from_default_triple()
    machine = target.create_target_machine(cpu=llvm.get_host_cpu_name(), features=features.flatten(), opt=3)
    engine = llvm.create_mcjit_compiler(module, machine)
    engine.finalize_object()
    function = ctypes.CFUNCTYPE(None, ctypes.c_int64)(engine.get_function_address("peak"))

    def kernel(iterations: int) -> None:
        assert engine  # the closure keeps the code alive
        function(iterations)

    return kernel, lanes


def kernel_text(lanes: int) -> str:
    """LLVM IR: in each iteration a = a * 0.5 + 0.25 for each accumulator; the stores keep them from being dropped."""
    vector = f"<{lanes} x float>"
    fma = f"@llvm.fma.v{lanes}f32"
    chains = range(CHAINS)
    starts = "\n".join(f"  %a{k} = phi {vector} [splat (float {k}.0), %entry], [%b{k}, %loop]" for k in chains)
    steps = "\n".join(
        f"  %b{k} = call {vector} {fma}({vector} %a{k}, {vector} splat (float 0.5), {vector} splat (float 0.25))"
        for k in chains
    )
    stores = "\n".join(f"  store volatile {vector} %b{k}, ptr %result" for k in chains)
    return f"""
declare {vector} {fma}({vector}, {vector}, {vector})

define void @peak(i64 %iterations) {{
entry:
  %result = alloca {vector}
  br label %loop
loop:
  %i = phi i64 [0, %entry], [%next, %loop]
{starts}
{steps}
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %iterations
  br i1 %more, label %loop, label %done
done:
{stores}
  ret void
}}
"""
