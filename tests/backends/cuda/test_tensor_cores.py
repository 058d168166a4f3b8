"""Contractions on tensor cores: float32's accuracy where that is promised, tf32's where it was asked for; each mistake
in the pipeline of copies is seen; every architecture has the registers and the shared memory."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import numpy as np
import pytest

import dark_jit as dark
from dark_jit.backends.cuda import compile as nvrtc
from dark_jit.backends.cuda import emulator
from dark_jit.backends.cuda.compile import ARCHITECTURES, compile_cubin
from dark_jit.backends.cuda.emulator import Order
from dark_jit.backends.cuda.render import Rendered
from dark_jit.backends.cuda.runtime import EmulatedDevice, KernelFaultError
from dark_jit.lowering.grid_tiles import MMA_TILES, MmaTile, products_a_cycle, tiles_for
from dark_jit.lowering.target import Gpu
from dark_jit.transforms import passes

from .programs import HALF_PROGRAMS, ONE, TENSOR_PROGRAMS, Array, Case, assert_right, graph_of, kernels_of, run
from .test_mutations import Mutating

needs_gcc = pytest.mark.skipif(not emulator.available(), reason="the emulator needs g++")
needs_nvrtc = pytest.mark.skipif(not nvrtc.available(), reason="the wheel nvidia-cuda-nvrtc is not installed")


def on_tensor_cores(case: Case, target: Gpu) -> list[Rendered]:
    return [kernel for kernel in kernels_of(case, target) if kernel.symbol.endswith("_mma")]


ALL_PROGRAMS = TENSOR_PROGRAMS | HALF_PROGRAMS

# ---- which kernels ----


@pytest.mark.parametrize("name", ALL_PROGRAMS)
def test_each_program_takes_them(name: str) -> None:
    case, target = ALL_PROGRAMS[name]
    assert on_tensor_cores(case, target)
    assert on_tensor_cores(case, replace(target, precision="tf32"))
    assert not on_tensor_cores(case, replace(target, precision="strict"))
    assert not on_tensor_cores(case, replace(target, arch="sm_75"))  # has none for tf32


def test_the_programs_take_every_tile() -> None:
    texts = [kernel.text for case, target in TENSOR_PROGRAMS.values() for kernel in on_tensor_cores(case, target)]
    for tile in MMA_TILES["tf32x3"]:
        assert any(f"computes {tile.rows} x {tile.columns} results" in text for text in texts)


@pytest.mark.parametrize("name", HALF_PROGRAMS)
def test_floats_of_16_bits_are_multiplied_as_they_are(name: str) -> None:
    """No kernel makes float32 of them, nor does the contraction; its sums are float32, and so are those of slices."""
    case, target = HALF_PROGRAMS[name]
    for kernel in on_tensor_cores(case, target):
        assert f"mma_m16n8k16_{'bf16' if name.endswith('bfloat16') else 'f16'}(sums" in kernel.text
        assert "const unsigned short* __restrict__ a0, const unsigned short* __restrict__ a1" in kernel.text
    casting = [kernel for kernel in kernels_of(case, target) if "from_" in kernel.text]
    assert not [kernel.symbol for kernel in casting if kernel.symbol == "elementwise"]


def test_consumer_cards_multiply_floats_of_16_bits_too() -> None:
    case, _ = HALF_PROGRAMS["product, odd, float16"]
    assert on_tensor_cores(case, Gpu("sm_120", 1))


def test_of_few_rows_or_columns_nothing_is_made_for_tensor_cores() -> None:
    half = np.zeros((64, 64), np.float16)
    few = [(lambda x, y: x @ y, [half, half[:, :15]]), (lambda x, y: x @ y, [half[:15], half])]
    images, kernels = np.zeros((2, 32, 8, 8), np.float16), np.zeros((32, 1, 3, 3), np.float16)
    for case in [*few, (lambda x, w: dark.conv2d(x, w, groups=32), [images, kernels])]:
        stages = passes.run(graph_of(case), halves=True)
        assert stages[-1][1] is stages[-2][1]


def test_consumer_cards_take_them_only_when_told_to() -> None:
    case, _ = TENSOR_PROGRAMS["product, large"]
    assert not on_tensor_cores(case, Gpu("sm_120", 1))
    rates = {precision: _best_rate(Gpu("sm_120", 1, precision=precision)) for precision in ("default", "tf32")}
    assert rates["default"] < rates["tf32"]


def _best_rate(target: Gpu) -> float:
    tiles = [tile for tile in tiles_for("float32", target) if isinstance(tile, MmaTile)]
    return max(products_a_cycle(tile, target) for tile in tiles)


def test_other_dtypes_stay_with_the_ordinary_units() -> None:
    for dtype in ("float64", "int32", "int64"):
        assert not any(isinstance(tile, MmaTile) for tile in tiles_for(dtype, ONE))


# ---- the numbers ----


@needs_gcc
@pytest.mark.parametrize("name", ALL_PROGRAMS)
def test_the_numbers(name: str) -> None:
    case, target = ALL_PROGRAMS[name]
    assert_right(case, EmulatedDevice(target=target))


@needs_gcc
@pytest.mark.parametrize("name", ALL_PROGRAMS)
def test_watched_and_backwards(name: str) -> None:
    case, target = ALL_PROGRAMS[name]
    assert_right(case, EmulatedDevice(checked=True, order=Order.BACKWARD, target=target))


@needs_gcc
def test_the_order_of_threads_changes_no_bit() -> None:
    case, target = TENSOR_PROGRAMS["product, odd"]
    first, *others = (run(case, EmulatedDevice(order=order, target=target)) for order in Order)
    for other in others:
        np.testing.assert_array_equal(first[0], other[0])


WALKS = {
    "across and along": (lambda x, y: x @ y, (66, 40), (40, 72)),
    "both along terms": (lambda x, y: x @ y.T, (66, 40), (72, 40)),
    "both across": (lambda x, y: x.T @ y, (40, 68), (40, 72)),
    "element by element": (lambda x, y: x @ y, (65, 37), (37, 71)),
}


@needs_gcc
@pytest.mark.parametrize("precision", ["tf32", "bf16"])
@pytest.mark.parametrize("name", WALKS)
def test_what_rounding_does_not_change_is_exact(name: str, precision: str) -> None:
    fn, *shapes = WALKS[name]
    rng = np.random.default_rng(0)
    x, y = (rng.integers(-8, 9, shape).astype(np.float32) for shape in shapes)
    (found,) = run((fn, [x, y]), EmulatedDevice(checked=True, target=ONE), precision)
    np.testing.assert_array_equal(found, fn(x, y))


@needs_gcc
def test_terms_of_two_operands_that_are_in_other_orders_are_noticed() -> None:
    low, high = "words[word / 2][word % 2]", "words[word / 2][word % 2 + 2]"
    device = Mutating(re.escape(f"{low}, {high}"), f"{high}, {low}", ONE)
    x, y = (np.arange(66 * 40).reshape(shape).astype(np.float32) % 7 for shape in ((66, 40), (40, 66)))
    (found,) = run((lambda x, y: x @ y, [x, y]), device, "bf16")
    assert device.changed
    assert not np.array_equal(found, x @ y)


def _errors(x: Array, y: Array, *precisions: str) -> list[float]:
    """The largest error against float64, relative to the largest result."""
    exact = x.astype(np.float64) @ y.astype(np.float64)
    case: Case = (lambda x, y: x @ y, [x, y])
    results = [run(case, EmulatedDevice(target=ONE), precision)[0] for precision in precisions]
    return [float(np.abs(result - exact).max() / np.abs(exact).max()) for result in results]


@needs_gcc
@pytest.mark.parametrize("positive", [False, True], ids=["of both signs", "positive"])
def test_accuracy(positive: bool) -> None:
    """Split products are as accurate as those of float32, although tensor cores cut off their sums; tf32 is not."""
    rng = np.random.default_rng(1)
    x, y = (rng.standard_normal(shape).astype(np.float32) for shape in ((64, 1024), (1024, 64)))
    if positive:
        x, y = np.abs(x), np.abs(y)
    split, strict, tf32, bf16 = _errors(x, y, "default", "strict", "tf32", "bf16")
    assert split < 2 * strict
    assert split < 2e-6
    assert 1e-5 < tf32 < 1e-3
    assert 4 * tf32 < bf16 < 1e-2


@needs_gcc
def test_sums_of_products_of_16_bits_are_float32() -> None:
    """Against float64: a rounding of the result, and no more; without one, where float32 is asked for."""
    rng = np.random.default_rng(1)
    x, y = (np.abs(rng.standard_normal(shape)).astype(np.float16) for shape in ((64, 2048), (2048, 64)))
    exact = x.astype(np.float64) @ y.astype(np.float64)
    device = EmulatedDevice(target=ONE)
    (half,) = run((lambda x, y: x @ y, [x, y]), device)
    np.testing.assert_allclose(half, exact, rtol=2.0**-11 + 1e-5)
    (single,) = run(
        (lambda x, y: dark.asarray(x).astype(np.float32) @ dark.asarray(y).astype(np.float32), [x, y]), device
    )
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, exact, rtol=2e-5)


@needs_gcc
@pytest.mark.parametrize("bits", [0x7FC00000, 0xFFC00000, 0x7FFFFFFF, 0xFFFFFFFF, 0x7F800001])
@pytest.mark.parametrize("precision", ["default", "tf32", "bf16"])
def test_nan_is_not_lost_and_stays_in_its_row(precision: str, bits: int) -> None:
    x, y = np.ones((66, 24), np.float32), np.ones((24, 72), np.float32)
    x.view(np.uint32)[3, 5] = bits
    (found,) = run((lambda x, y: x @ y, [x, y]), EmulatedDevice(target=ONE), precision)
    assert np.isnan(found[3]).all()
    np.testing.assert_array_equal(np.delete(found, 3, 0), 24)


@needs_gcc
def test_infinities() -> None:
    """As docs/accuracy.md says: NaN of their row by default, themselves if products are strict."""
    x, y = np.ones((66, 24), np.float32), np.ones((24, 72), np.float32)
    x[3, 5] = np.inf
    for precision, want in (("default", np.nan), ("strict", np.inf)):
        (found,) = run((lambda x, y: x @ y, [x, y]), EmulatedDevice(target=ONE), precision)
        np.testing.assert_array_equal(found[3], want)
        np.testing.assert_array_equal(np.delete(found, 3, 0), 24)


# ---- mistakes ----

_BARRIER = r"__syncthreads\(\);  // this"
MUTANTS = {
    "nobody waits for the copies": ("product", r"    cp_async_wait<1>\(\);\n", "", {"uninitialised"}),
    "a stage too few is waited for": ("product", r"cp_async_wait<1>\(\)", "cp_async_wait<2>()", {"uninitialised"}),
    "groups are not committed": ("product", r"    cp_async_commit\(\);\n", "", {"uninitialised"}),
    "no barrier": ("product", _BARRIER, "// this", {"race"}),
    "the stage that is read comes in": (
        "product",
        r"bring\(\(stage \+ 2\) % 3",
        "bring(stage",
        {"race", "uninitialised"},
    ),
    "shared memory is swizzled one way, and read another": (
        "product",
        r"tiles_of_left\[stage\]\[left_place\(line, term\)\]",
        "tiles_of_left[stage][line * 16 + term]",
        set(),
    ),
    "a row of matrices swapped": ("product", r"lane % 16, term \+ lane / 16", "lane % 16, term + lane % 2", set()),
    "one of three products is left out": (
        "product",
        r"mma_m16n8k8_tf32\(some, left_high, low\);",
        "",
        set(),
    ),
    "operands are not rounded": (
        "product",
        r"\+ half & upper;",
        "+ half;",
        set(),
    ),
    "what they lack is not cut off": ("product", r"\) & upper;", ");", set()),
    "a row beyond the edge": ("product, odd", r"row >= 130", "row > 130", {"out of bounds"}),
    "what is not there is read": ("product, odd", r"start \+ term < end\)", "true)", {"out of bounds"}),
    "vectors at odd places": ("product, whole stages", r"left_term\(start\)", "left_term(start) + 1", {"misaligned"}),
    "a stage's terms all the same": ("convolution, whole stages", r"\) \+ term;", ");", set()),
    "a whole stage too many": ("product, whole stages", r"start < end\)", "true)", {"out of bounds"}),
    "16 bits are swizzled one way, and read another": (
        "product, odd, float16",
        r"tiles_of_left\[stage\]\[left_place\(line, term\)\]",
        "tiles_of_left[stage][line * 32 + term]",
        set(),
    ),
    "a row of matrices of 16 bits read twice": (
        "product, transposed, float16",
        r"lane / 16 \* 8 \+ lane % 8",
        "lane / 16 * 8 + lane % 4",
        set(),
    ),
    "16 bits that are not there": ("product, odd, float16", r"start \+ term < end \?", "true ?", {"out of bounds"}),
    "operands of 16 bits exchanged": (
        "product, whole stages, float16",
        r"mma_m16n8k16_f16\(sums\[i\]\[j\], of_left, two\)",
        "mma_m16n8k16_f16(sums[i][j], of_right[0], two)",
        set(),
    ),
    "the image's width off by one": ("convolution", r"i1 \* 60", "i1 * 66", set()),
}


@needs_gcc
@pytest.mark.parametrize("name", MUTANTS)
def test_mutants_are_caught(name: str) -> None:
    program, pattern, instead, kinds = MUTANTS[name]
    case, target = ALL_PROGRAMS[program]
    device = Mutating(pattern, instead, target)
    with pytest.raises((KernelFaultError, AssertionError)) as caught:
        assert_right(case, device)
    assert device.changed, "the text has no such place"
    if kinds:
        assert isinstance(caught.value, KernelFaultError)
        assert kinds & {fault.kind for fault in caught.value.faults}


# ---- machine code ----


@needs_nvrtc
@pytest.mark.parametrize("arch", ARCHITECTURES)
@pytest.mark.parametrize("precision", ["default", "tf32", "bf16"])
@pytest.mark.parametrize("name", ["product", "product, transposed", "product, odd", "gradients of a convolution"])
def test_every_architecture_has_room(name: str, precision: str, arch: str) -> None:
    case, target = TENSOR_PROGRAMS[name]
    for kernel in on_tensor_cores(case, replace(target, precision=precision)):
        used = compile_cubin(kernel.text, kernel.symbol, arch).resources
        assert used.spills == used.stack == 0
        assert used.shared <= 48 << 10
        resident = int(kernel.text.split("__launch_bounds__(")[1].split(")")[0].split(",")[1])
        assert resident * math.prod(kernel.block) * used.registers <= 65536


@needs_nvrtc
@pytest.mark.parametrize("arch", ARCHITECTURES)
@pytest.mark.parametrize(
    "name", ["product, odd, float16", "product, transposed, float16", "gradients of a convolution, float16"]
)
def test_every_architecture_has_room_for_halves(name: str, arch: str) -> None:
    if name.startswith("gradients") and arch != "sm_90":
        pytest.skip("the kernels are those of products, with other index maps")
    case, target = HALF_PROGRAMS[name]
    for kernel in kernels_of(case, target):
        used = compile_cubin(kernel.text, kernel.symbol, arch).resources
        assert used.spills == used.stack == 0
        assert used.shared <= 48 << 10


@needs_nvrtc
def test_instructions_for_halves() -> None:
    if nvrtc.disassembler() is None:
        pytest.skip("the wheel nvidia-cuda-nvdisasm is not installed")
    case, target = HALF_PROGRAMS["product, transposed, float16"]
    (kernel,) = on_tensor_cores(case, target)
    sass = compile_cubin(kernel.text, kernel.symbol, "sm_90").sass()
    assert sass is not None
    assert "HMMA.16816.F32 " in sass
    assert "LDGSTS.E" in sass
    assert "LDSM.16.MT88.4" in sass  # turned on the way
    assert "F2F" not in sass.split("HMMA")[1]


@needs_nvrtc
def test_instructions() -> None:
    if nvrtc.disassembler() is None:
        pytest.skip("the wheel nvidia-cuda-nvdisasm is not installed")
    case, target = TENSOR_PROGRAMS["product"]
    (kernel,) = on_tensor_cores(case, target)
    sass = compile_cubin(kernel.text, kernel.symbol, "sm_90").sass()
    assert sass is not None
    assert "HMMA.1688.F32.TF32" in sass
    assert "LDGSTS.E.128" in sass  # memory to shared memory, past the registers
    assert "LDSM.16.M88.4" in sass
    assert "LDL" not in sass
