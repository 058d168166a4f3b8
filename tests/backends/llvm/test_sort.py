"""Both kernels that sort: lengths, layouts, dtypes, ties, special values, and that no list overflows."""

from __future__ import annotations

import math

import pytest

from dark_jit.backends.llvm.target import machine
from dark_jit.lowering.kernel import Accumulator, Apply, Body, Load, Store
from dark_jit.lowering.sorting import RANKED, SLOTS, RadixSortSpec, RankSortSpec, SortSpec, plan

from .kernel_runs import ISAS, Array, arguments_of, dense, np, numbers, run, strided

F4, F8, I4, I8, B1 = "float32", "float64", "int32", "int64", "bool"
pytestmark = pytest.mark.parametrize("isa", ISAS)


def check(isa, x: Array, *, order=None, descending=False) -> SortSpec:
    """Sort along the last axis of an array that is laid out in `order`; out is twice the indices."""
    shape = x.shape
    axes = tuple(order or range(x.ndim))
    flat = np.ascontiguousarray(x.transpose(axes)).reshape(-1)
    arrays = [flat, np.full(x.size, -7)]
    body = Body((Accumulator(I8), Apply(I8, "add", (0, 0))), (Store(1, 1, dense(*shape)),))
    load = Load(x.dtype.name, 0, strided(shape, axes))
    spec, _ = plan(shape, arguments_of(arrays, {1}), body, load, descending, machine(isa))
    if isinstance(spec, RadixSortSpec):
        arrays.append(np.full(spec.arguments[-1].elements, -1))
    got = run(spec, arrays, isa)[1]
    np.testing.assert_array_equal(got.reshape(shape), 2 * argsorted(x, descending))
    return spec


def argsorted(x: Array, descending: bool) -> Array:
    if not descending:
        return np.argsort(x, -1, kind="stable")
    return x.shape[-1] - 1 - np.flip(np.argsort(np.flip(x, -1), -1, kind="stable"), -1)


def few(dtype: str, *shape: int) -> Array:
    """Many ties, of both signs."""
    x = numbers(1, dtype, *shape)
    return x if dtype == B1 else (x % 7 - 3).astype(dtype)


@pytest.mark.parametrize("length", [*range(1, 20), 31, 32, 33, 63, 64, 65, 127, 128, 129, 300])
@pytest.mark.parametrize("descending", [False, True])
def test_lengths(isa, length, descending):
    spec = check(isa, few(F4, 3, length), descending=descending)
    assert type(spec) is (RankSortSpec if length <= RANKED * spec.lanes else RadixSortSpec)


@pytest.mark.parametrize("dtype", [F4, F8, I4, I8, B1, "int8", "uint8", "int16", "uint32", "uint64"])
@pytest.mark.parametrize("length", [13, 260])
@pytest.mark.parametrize("descending", [False, True])
def test_each_dtype(isa, dtype, length, descending):
    spec = check(isa, few(dtype, 5, length), descending=descending)
    assert type(spec) is (RankSortSpec if length == 13 else RadixSortSpec)


@pytest.mark.parametrize("shape, order", [((5, 13), (1, 0)), ((2, 3, 150), (2, 0, 1)), ((4, 1, 13), (1, 2, 0))])
def test_lines_in_any_layout(isa, shape, order):
    check(isa, few(F4, *shape), order=order)
    check(isa, few(F8, *shape), order=order, descending=True)


@pytest.mark.parametrize("lines", [1, 2, SLOTS - 1, SLOTS, SLOTS + 1, 3 * SLOTS + 5])
def test_lines_share_the_lists(isa, lines):
    spec = check(isa, few(F4, lines, 130))
    assert isinstance(spec, RadixSortSpec) and spec.slots == min(lines, SLOTS)


@pytest.mark.parametrize("length", [9, 200])
@pytest.mark.parametrize("dtype", [F4, F8])
@pytest.mark.parametrize("descending", [False, True])
def test_special_values(isa, length, dtype, descending):
    info = np.finfo(dtype)
    special = np.array([0, -0.0, np.nan, np.inf, -np.inf, -np.nan, info.tiny, -info.tiny, info.max, info.min], dtype)
    close = np.array([1, np.nextafter(special.dtype.type(1), 2), np.nextafter(special.dtype.type(0), 1)], dtype)
    rows = np.random.default_rng(0).choice(np.concatenate([special, close]), (20, length))
    check(isa, rows, descending=descending)


@pytest.mark.parametrize("length", [9, 200])
@pytest.mark.parametrize("dtype", [I4, I8])
@pytest.mark.parametrize("descending", [False, True])
def test_extreme_integers(isa, length, dtype, descending):
    info = np.iinfo(dtype)
    values = np.array([info.min, info.min + 1, -257, -256, -1, 0, 1, 255, 256, info.max - 1, info.max], dtype)
    check(isa, np.random.default_rng(0).choice(values, (9, length)), descending=descending)


def test_a_line_whose_digits_are_all_equal_stays(isa):
    """Digits that say nothing move nothing: here all of them, or all but the first or the last."""
    check(isa, np.zeros((2, 300), I4))
    check(isa, numbers(1, I4, 2, 300) & 255)
    check(isa, numbers(1, I4, 2, 300) << 24)


def test_random_numbers(isa):
    for dtype in (F4, F8):
        check(isa, np.random.default_rng(0).normal(size=(2, 3000)).astype(dtype))
    check(isa, np.random.default_rng(0).integers(-(2**62), 2**62, (1, 3000)))


def test_flops_and_bytes(isa):
    spec = check(isa, few(F4, 2, 10))
    assert spec.flops == 20 + 2 * 20 * 10
    spec = check(isa, few(F4, 2, 300))
    assert spec.flops == 600 + 2 * 600 * 4
    assert spec.bytes == 600 * 4 + 600 * 8 + 2 * 600 * 8
    assert math.prod(spec.axes) == 600
