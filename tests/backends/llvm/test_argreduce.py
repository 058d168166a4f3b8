"""Both forms of finding an extremum: ties, NaN, infinities, lanes that are not there."""

from __future__ import annotations

import math

import pytest

from dark_jit.backends.llvm.target import machine
from dark_jit.lowering.extrema import ArgReduceRowsSpec, ArgReduceSpec, plan
from dark_jit.lowering.kernel import Access, Accumulator, Apply, Body, Load, Store

from .kernel_runs import ISAS, Array, arguments_of, dense, np, numbers, run, strided

F4, F8, I4, I8, B1 = "float32", "float64", "int32", "int64", "bool"
FINDS = {"max": np.argmax, "min": np.argmin}
pytestmark = pytest.mark.parametrize("isa", ISAS)


def check(isa, axes, reduced, *, order=None, dtype=F4, monoid="max", x: Array | None = None) -> ArgReduceSpec:
    """The places along the last axes of an array, of which `order` gives the layout."""
    shape = (*axes, *reduced)
    access = strided(shape, order or tuple(range(len(shape))))
    x = few_values(dtype, math.prod(shape)) if x is None else x
    arrays = [x, np.full(max(1, math.prod(axes)), -7)]
    epilogue = Body((Accumulator(I8), Apply(I8, "add", (0, 0))), (Store(1, 1, dense(*axes)),))
    bodies = Body((Load(dtype, 0, access),)), epilogue
    spec, _ = plan((axes, reduced), bodies, 0, monoid, arguments_of(arrays, {1}), machine(isa))
    _, got = run(spec, arrays, isa)
    moved = x[sum(np.indices(shape)[axis] * stride for axis, stride in enumerate(access.strides))]
    want = FINDS[monoid](moved.reshape(*axes, -1), -1)
    np.testing.assert_array_equal(got.reshape(axes), 2 * want)
    return spec


def few_values(dtype: str, size: int) -> Array:
    """Many ties."""
    return numbers(1, dtype, size) if dtype == B1 else (numbers(1, dtype, size) % 5).astype(dtype)


@pytest.mark.parametrize("monoid", ["max", "min"])
@pytest.mark.parametrize("width", [1, 3, 4, 15, 16, 17, 64, 100, 129])
@pytest.mark.parametrize("length", [1, 2, 7, 40])
def test_columns(isa, width, length, monoid):
    spec = check(isa, (width,), (length,), order=(1, 0), monoid=monoid)
    assert width == 1 or type(spec) is ArgReduceSpec


@pytest.mark.parametrize("monoid", ["max", "min"])
@pytest.mark.parametrize("length", [*range(2, 20), 31, 32, 33, 63, 64, 65, 100, 127, 1000])
def test_rows(isa, length, monoid):
    assert type(check(isa, (5,), (length,), monoid=monoid)) is ArgReduceRowsSpec


@pytest.mark.parametrize("dtype", [F4, F8, I4, I8, B1, "int8", "uint8", "int16", "uint32", "uint64"])
@pytest.mark.parametrize("monoid", ["max", "min"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_each_dtype(isa, dtype, monoid, order):
    check(isa, (21,), (70,), order=order, dtype=dtype, monoid=monoid)


@pytest.mark.parametrize(
    "axes, reduced, order",
    [
        ((), (100,), None),
        ((), (3, 5, 7), (2, 0, 1)),
        ((3,), (4, 50), (1, 0, 2)),
        ((33,), (4, 5, 6), (1, 2, 3, 0)),
        ((2, 5), (6, 7), (2, 0, 3, 1)),
        ((1,), (1,), None),
        ((3, 1, 4), (1, 5), None),
    ],
)
def test_places_count_in_c_order_in_any_layout(isa, axes, reduced, order):
    for monoid in FINDS:
        check(isa, axes, reduced, order=order, monoid=monoid)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("length", [3, 16, 41])
@pytest.mark.parametrize("monoid", ["max", "min"])
@pytest.mark.parametrize("dtype", [F4, F8])
def test_nan_wins_and_infinities_are_values(isa, order, length, monoid, dtype):
    rows = np.zeros((8, length), dtype)
    rows[0], rows[1], rows[2] = np.nan, np.inf, -np.inf
    rows[3, -1], rows[4, [0, -1]] = np.nan, np.nan
    rows[5], rows[5, 1] = -np.inf, np.inf
    rows[6], rows[6, -2:] = np.inf, (-np.inf, np.nan)
    rows[7] = np.finfo(dtype).max * (1 if monoid == "min" else -1)
    check(isa, (8,), (length,), order=order, monoid=monoid, dtype=dtype, x=rows.transpose(order).copy().reshape(-1))


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("length", [3, 16, 41])
@pytest.mark.parametrize("monoid", ["max", "min"])
def test_the_least_and_the_greatest_integers(isa, order, length, monoid):
    """They are what lanes that are not there hold: the first place wins all the same."""
    limits = np.iinfo(np.int32)
    rows = np.full((4, length), limits.min if monoid == "max" else limits.max, I4)
    rows[1, -1], rows[2, 0] = limits.max, limits.min
    check(isa, (4,), (length,), order=order, monoid=monoid, dtype=I4, x=rows.transpose(order).copy().reshape(-1))


def test_a_constant_is_found_where_it_begins(isa):
    """The value looked at need not depend on the index at all."""
    arrays = [np.ones(1, F4), np.full(3, -7)]
    bodies = Body((Load(F4, 0, Access(0, (0, 0))),)), Body((Accumulator(I8),), (Store(0, 1, dense(3)),))
    spec, _ = plan(((3,), (50,)), bodies, 0, "max", arguments_of(arrays, {1}), machine(isa))
    assert run(spec, arrays, isa)[1].tolist() == [0, 0, 0]


def test_flops(isa):
    assert check(isa, (5,), (40,)).flops == 200 + 5
