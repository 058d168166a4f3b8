"""What the templates make of one small kernel each: golden/ISA/TEMPLATE.ll and golden/cuda/TEMPLATE.cu.

To read what a change to a template does, run with --update-golden and look at the difference.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import ops
from dark_jit.backends.cuda import render as cuda
from dark_jit.backends.llvm import render as native
from dark_jit.backends.llvm.pool import walker_text
from dark_jit.backends.sources import template_folder
from dark_jit.lowering.kernel import KernelSpec
from dark_jit.lowering.schedule import schedule
from dark_jit.lowering.target import Gpu, Machine, Target
from dark_jit.lowering.winograd import WinogradSpec, WinogradWeightsSpec
from dark_jit.tensor.handle import apply
from dark_jit.testing.plugin import Golden
from dark_jit.transforms import passes

from .cross_compile import assembly

# Described here, not asked of the machine: the texts are the same everywhere.
TARGETS = {
    "avx512": Target("avx512", 64, 32, 32 << 10, 1 << 20, 8 << 20),
    "avx2": Target("avx2", 32, 16, 32 << 10, 1 << 20, 8 << 20),
    "sse2": Target("sse2", 16, 16, 32 << 10, 1 << 20, 8 << 20),
    "neon": Target("neon", 16, 32, 64 << 10, 1 << 20, 8 << 20),
}
GPU = Gpu("sm_90", 132)
SMALL_GPU = Gpu("sm_90", 1)  # on which small products keep tensor cores busy


def of(*shape: int) -> np.ndarray[Any, Any]:
    return np.ones(shape, np.float32)


def places(*shape: int) -> np.ndarray[Any, Any]:
    return np.zeros(shape, np.int64)


def gradient(fn: Callable[..., Any]) -> Callable[..., Any]:
    """The gradient of the sum of a function's result with respect to its first argument."""
    return lambda x, *rest: dark.grad(lambda x: dark.sum(fn(x, *rest)))(x)


def written(x: Any, index: Any, values: Any) -> Any:
    return apply(ops.put_along_axis, x, index, values, axis=0)


Program = tuple[Callable[..., Any], tuple[np.ndarray[Any, Any], ...]]


def programs(n: int) -> dict[str, Program]:
    """A program for each template, with a kernel that is small where a vector has `n` lanes."""
    of_weights = gradient(lambda k, x: dark.conv2d(x, k, padding=1) ** 2)
    return {
        "argreduce": (lambda x: dark.argmax(x, 0), (of(6, n),)),
        "argreduce_rows": (lambda x: dark.argmax(x, 1), (of(3, 4 * n),)),
        "conv2d": (dark.conv2d, (of(1, 2, 3, 4), of(n, 2, 3, 3))),
        "elementwise": (lambda x, y: dark.relu(x * 2 + y), (of(3, n + 3), of(n + 3))),
        "conv2d_mma": (dark.conv2d, (of(1, 2, 9, 9), of(64, 2, 2, 2))),
        "gather": (lambda x, i: dark.take_along_axis(x, i, 0), (of(6, n), places(3, n))),
        "gemm": (lambda x, y, b: dark.relu(x @ y + b), (of(2, 4), of(4, n), of(n))),
        "gemm_mma": (lambda x, y, b: dark.relu(x @ y + b), (of(64, 20), of(20, 64), of(64))),
        "last_writer": (gradient(written), (of(6, n), places(3, n), of(3, n))),
        "pack": (lambda x, y: x @ y.mT, (of(2, 3, 4), of(2, n, 4))),
        "pool": (lambda x: dark.max_pool2d(x, 2), (of(1, n, 4, 4),)),
        "pool_scatter": (gradient(lambda x: dark.max_pool2d(x, (1, 3), (1, 2))), (of(1, n, 1, 5),)),
        "pool_scatter_tiles": (gradient(lambda x: dark.max_pool2d(x, (1, 2))), (of(1, n, 1, 4),)),
        "radix_sort": (lambda x: dark.argsort(x, 1), (of(3, 1000),)),
        "rank_sort": (lambda x: dark.argsort(x, 1), (of(3, 8),)),
        "reduce": (lambda x: dark.sum(x, 0), (of(6, n),)),
        "reduce_rows": (lambda x: dark.sum(x, 1), (of(3, 4 * n),)),
        "scan": (lambda x: dark.cumsum(x, 0), (of(6, n),)),
        "scan_rows": (lambda x: dark.cumsum(x, 1), (of(3, n + 3),)),
        "scatter": (gradient(lambda x, i: dark.take_along_axis(x, i, 0)), (of(6, n), places(3, n))),
        "scatter_slices": (gradient(lambda x, i: dark.take(x, i, 0)), (of(6, n), places(3))),
        "take": (lambda x, i: dark.take(x, i, 0), (of(6, n), places(3))),
        "transpose": (lambda x: x.T * 2, (of(32, 32),)),
        "transpose_tiles": (lambda x, y, z: x.T * y + z, (of(512, n), of(n, 512), of(n, 512))),
        "winograd": (lambda x, y: dark.conv2d(x, y, padding=1), (of(1, 32, 32, 32), of(32, 32, 3, 3))),
        "winograd_gradient": (of_weights, (of(32, 32, 3, 3), of(4, 32, 16, 16))),
        "winograd_points": (of_weights, (of(32, 32, 3, 3), of(4, 32, 16, 16))),
        "winograd_weights": (lambda x, y: dark.conv2d(x, y, padding=1), (of(1, 32, 32, 32), of(32, 32, 3, 3))),
    }


def templates(backend: str, ending: str) -> list[str]:
    """The kernel families that have a template."""
    return sorted(path.name.removesuffix(ending) for path in (template_folder() / backend).glob(f"*{ending}"))


FAMILIES = [name for name in templates("llvm", ".ll.j2") if name != "walker"]


def spec_of(template: str, target: Machine, of: Program | None = None) -> KernelSpec:
    """The first kernel of a template's program, or another one, that is made by this template."""
    fn, arrays = of or programs(target.lanes(4))[template]
    program: Any = dark.compile(fn, backend="reference").program_for(*arrays)
    tasks = schedule(passes.run(program.graph)[-1][1], target).tasks
    return next(task.spec for task in tasks if task.spec.template == template)


@pytest.mark.parametrize("isa", TARGETS)
@pytest.mark.parametrize("template", FAMILIES)
def test_kernels_of_the_cpu(template: str, isa: str, golden: Golden) -> None:
    text = native.render(spec_of(template, TARGETS[isa]), TARGETS[isa]).text
    golden(text, f"{isa}/{template}.ll")
    assert "kernel:" in assembly(text, isa)


@pytest.mark.parametrize("isa", TARGETS)
@pytest.mark.parametrize("template", ["winograd", "winograd_weights"])
def test_small_tiles_of_winograds_method(template: str, isa: str, golden: Golden) -> None:
    program = (lambda x, y: dark.conv2d(x, y, padding=1), (of(16, 64, 2, 6), of(64, 64, 3, 3)))
    spec = spec_of(template, TARGETS[isa], program)
    assert isinstance(spec, WinogradSpec | WinogradWeightsSpec) and spec.side == 2
    text = native.render(spec, TARGETS[isa]).text
    golden(text, f"{isa}/{template}_2x2.ll")
    assert "kernel:" in assembly(text, isa)


@pytest.mark.parametrize("template", templates("cuda", ".cu.j2"))
def test_kernels_of_a_card(template: str, golden: Golden) -> None:
    target = SMALL_GPU if template.endswith("_mma") else GPU
    golden(cuda.render(spec_of(template, target), target).text, f"cuda/{template}.cu")


@pytest.mark.parametrize(
    ("architecture", "hint", "isa"), [("x86_64", '"pause"', "sse2"), ("aarch64", '"yield"', "neon")]
)
def test_the_walker(architecture: str, hint: str, isa: str, golden: Golden) -> None:
    text = walker_text("Linux", architecture)
    golden(text, f"{isa}/walker.ll")
    # The one instruction that needs an assembler, which llvmlite has for the machine that runs it alone.
    assert text.count(hint) == 1
    assert "walker_run:" in assembly(text.replace(hint, '""'), isa)


def test_a_call_that_the_text_does_not_name_is_noticed() -> None:
    text = """
declare float @llvm.fma.f32(float, float, float)
define float @kernel(float %x) {
  %y = call float @llvm.fma.f32(float %x, float %x, float %x)
  %z = fadd float %y, %x
  ret float %z
}
"""
    assert "fmadd" in assembly(text, "neon")
    with pytest.raises(AssertionError, match="sse2: calls of fmaf"):
        assembly(text, "sse2")
