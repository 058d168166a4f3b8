"""Both forms of a reduction, in one kernel and in two: values, NaN, masks, rounding errors."""

from __future__ import annotations

import math

import pytest

from dark_jit.backends.llvm.target import machine
from dark_jit.lowering.kernel import Access, Accumulator, Apply, Body, Constant, Index, Inside, Load, Store
from dark_jit.lowering.reduction import ReduceRowsSpec, ReduceSpec, plan

from .kernel_runs import ISAS, Array, arguments_of, dense, evaluate, kernel_of, np, numbers, run, run_team, strided

F4, F8, I4, I8, B1 = "float32", "float64", "int32", "int64", "bool"
FOLDS = {"sum": np.sum, "max": np.max, "min": np.min}
pytestmark = pytest.mark.parametrize("isa", ISAS)


def run_plan(isa, axes, reduced, prologue, monoid, epilogue, arrays, written) -> tuple[list[Array], object]:
    """The buffers after one or two kernels, and the plan."""
    value = len(prologue.steps) - 1
    arguments = arguments_of(arrays, written)
    chosen = plan(axes, reduced, prologue, value, monoid, epilogue, arguments, machine(isa))
    if chosen.second is None:
        return run(chosen.first, arrays, isa), chosen
    scratch = chosen.first.arguments[-1]
    *_, partial = run(chosen.first, [*arrays, np.zeros(scratch.elements, scratch.dtype)], isa)
    return run(chosen.second, [partial, *arrays], isa)[1:], chosen


def check(isa, axes, reduced, *, order=None, dtype=F4, monoid="sum", x=None):
    """Fold an array over its last axes, of which `order` gives the layout."""
    shape = (*axes, *reduced)
    access = strided(shape, order or tuple(range(len(shape))))
    x = numbers(1, dtype, math.prod(shape)) if x is None else x
    out = np.zeros(max(1, math.prod(axes)), dtype)
    epilogue = Body((Accumulator(dtype),), (Store(0, 1, dense(*axes)),))
    (_, got), chosen = run_plan(isa, axes, reduced, Body((Load(dtype, 0, access),)), monoid, epilogue, [x, out], {1})
    positions = sum(np.indices(shape)[axis] * stride for axis, stride in enumerate(access.strides))
    folded = tuple(range(len(axes), len(shape)))
    want = FOLDS[monoid](x[positions].astype("float64" if dtype == F4 else dtype), folded).astype(dtype)
    np.testing.assert_array_equal(got.reshape(want.shape), want)
    return chosen


@pytest.mark.parametrize("width", [1, 3, 4, 15, 16, 17, 64, 100, 129])
@pytest.mark.parametrize("length", [1, 2, 7, 40])
def test_columns(isa, width, length):
    chosen = check(isa, (width,), (length,), order=(1, 0))
    assert width == 1 or type(chosen.first) is ReduceSpec


@pytest.mark.parametrize("length", [*range(2, 20), 31, 32, 33, 63, 64, 65, 100, 127, 1000, 4099])
def test_rows(isa, length):
    chosen = check(isa, (5,), (length,))
    assert type(chosen.first) is ReduceRowsSpec


@pytest.mark.parametrize("dtype", [F4, F8, I4, I8])
@pytest.mark.parametrize("monoid", ["sum", "max", "min"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_each_dtype(isa, dtype, monoid, order):
    check(isa, (21,), (70,), order=order, dtype=dtype, monoid=monoid)


@pytest.mark.parametrize("monoid", ["max", "min"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("ones", [0, 1, 1400])
def test_any_and_all(isa, monoid, order, ones):
    x = np.zeros(20 * 70, bool)
    x[:ones] = True
    np.random.default_rng(0).shuffle(x)
    check(isa, (20,), (70,), order=order, dtype=B1, monoid=monoid, x=x)


@pytest.mark.parametrize(
    "axes, reduced, order",
    [
        ((), (100,), None),
        ((), (3, 5, 7), (2, 0, 1)),
        ((3,), (4, 50), (1, 0, 2)),  # over n and hw of (n, c, hw)
        ((33,), (4, 5, 6), (1, 2, 3, 0)),  # over n, h and w of NHWC
        ((2, 5), (6, 7), (0, 2, 1, 3)),
        ((2, 5), (6, 7), (2, 0, 3, 1)),
        ((4, 9), (3,), (2, 1, 0)),
        ((1,), (1,), None),
        ((3, 1, 4), (1, 5), None),
    ],
)
def test_several_axes_in_any_layout(isa, axes, reduced, order):
    check(isa, axes, reduced, order=order)
    check(isa, axes, reduced, order=order, monoid="max")


@pytest.mark.parametrize(
    "axes, reduced, order, split",
    [
        ((), (100_003,), None, 0),
        ((), (3, 40_001), (1, 0), 0),
        ((64,), (40, 50), (1, 2, 0), 0),
        ((40,), (3000,), (1, 0), 0),
        ((3,), (4, 20_000), (1, 0, 2), 1),  # the last axis is the longest
        ((3,), (300, 301), (1, 0, 2), 1),
        ((7,), (501, 50), (1, 0, 2), 0),  # and here the first
    ],
)
@pytest.mark.parametrize("monoid", ["sum", "max"])
def test_long_reductions_with_few_results_run_in_chunks(isa, axes, reduced, order, split, monoid):
    chosen = check(isa, axes, reduced, order=order, monoid=monoid, dtype=F8)
    assert chosen.first.split == split
    assert chosen.second is not None and "chunks" in chosen.reason


@pytest.mark.parametrize("axes, reduced", [((5,), (0,)), ((40,), (3, 0)), ((), (0,))])
def test_the_sum_of_nothing_is_0(isa, axes, reduced):
    x, out = np.zeros(1, F4), np.full(math.prod(axes), np.nan, F4)
    epilogue = Body((Accumulator(F4),), (Store(0, 1, dense(*axes)),))
    prologue = Body((Load(F4, 0, dense(*axes, *reduced)),))
    (_, got), _ = run_plan(isa, axes, reduced, prologue, "sum", epilogue, [x, out], {1})
    assert not got.any()


@pytest.mark.parametrize("monoid", ["max", "min"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("at", [0, 15, 68, 69])
def test_nan_wins(isa, monoid, order, at):
    x = numbers(1, F4, 20, 70)
    x[::3, at] = np.nan
    if order == (1, 0):
        x = np.ascontiguousarray(x.T)
    check(isa, (20,), (70,), order=order, monoid=monoid, x=x.reshape(-1))


def test_infinities(isa):
    for value in (np.inf, -np.inf):
        for monoid in ("max", "min"):
            check(isa, (3,), (37,), monoid=monoid, x=np.full(111, value, F4))


@pytest.mark.parametrize("axes, reduced", [((6, 19), (9,)), ((6,), (9, 19)), ((2,), (40, 500))])
def test_prologue_and_epilogue_are_fused(isa, axes, reduced):
    """out = where(sum over r of (x * y[r] + index), bias) with the condition x inside a range, and a second output."""
    shape, count = (*axes, *reduced), len(axes) + len(reduced)
    along_last = Access(0, (0,) * (count - 1) + (1,))
    prologue = Body(
        (
            Load(F4, 0, dense(*shape)),
            Load(F4, 1, along_last),
            Apply(F4, "multiply", (0, 1)),
            Index(Access(-1, tuple(2 * (axis == len(axes)) for axis in range(count)))),
            Apply(F4, "cast", (3,)),
            Apply(F4, "add", (2, 4)),
            Inside((*((0, extent) for extent in shape[:-1]), (1, shape[-1] - 1))),
            Constant(F4, "0.0"),
            Apply(F4, "where", (6, 5, 7)),
        )
    )
    out = dense(*axes)
    epilogue = Body(
        (Accumulator(F4), Load(F4, 2, out), Apply(F4, "add", (0, 1)), Apply(B1, "less", (0, 1))),
        (Store(2, 3, out), Store(3, 4, out)),
    )
    size = math.prod(axes)
    arrays = [numbers(0, F4, math.prod(shape)), numbers(1, F4, shape[-1]), numbers(2, F4, size) * 100]
    arrays += [np.zeros(size, F4), np.zeros(size, B1)]
    got, _ = run_plan(isa, axes, reduced, prologue, "sum", epilogue, arrays, {3, 4})
    total = evaluate(prologue, shape, arrays)[-1].sum(tuple(range(len(axes), count)))
    evaluate(epilogue, axes, arrays, total)
    np.testing.assert_array_equal(got[3], arrays[3])
    np.testing.assert_array_equal(got[4], arrays[4])


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_prologue_may_define_blocks(isa, order):
    """The sine's macro does; the loops' phis must not mind."""
    x, prologue = numbers(1, F4, 20 * 70), Body((Load(F4, 0, strided((20, 70), order)), Apply(F4, "sin", (0,))))
    epilogue = Body((Accumulator(F4),), (Store(0, 1, dense(20)),))
    (_, got), _ = run_plan(isa, (20,), (70,), prologue, "sum", epilogue, [x, np.zeros(20, F4)], {1})
    values = x.reshape(20, 70) if order == (0, 1) else x.reshape(70, 20).T
    np.testing.assert_allclose(got, np.sin(values.astype(F8)).sum(1), rtol=0, atol=1e-5)


def test_padding_counts_as_zero(isa):
    """A load that is only there in part of the space, over parallel and reduced axes."""
    access = Access(-1 * 20 - 2, (20, 1), ((1, 6), (2, 18)))
    prologue = Body((Load(F4, 0, access),))
    for axes, reduced in (((7,), (20,)), ((), (7, 20))):
        x, out = numbers(0, F4, 5 * 20), np.zeros(math.prod(axes), F4)
        epilogue = Body((Accumulator(F4),), (Store(0, 1, dense(*axes)),))
        (_, got), _ = run_plan(isa, axes, reduced, prologue, "sum", epilogue, [x, out], {1})
        want = evaluate(prologue, (7, 20), [x])[0].sum(tuple(range(len(axes), 2)))
        np.testing.assert_array_equal(got, want.reshape(-1))


@pytest.mark.parametrize("value", [0.1, 1.1])
@pytest.mark.parametrize("count, width", [(10_000_000, 1), (625_000, 16)])
def test_ten_million_equal_values_add_up_within_20_ulp(isa, value, count, width):
    """One after another, 0.1 would be off by a tenth."""
    prologue = Body((Load(F4, 0, Access(0, (1, width))),))
    epilogue = Body((Accumulator(F4),), (Store(0, 1, dense(width)),))
    arrays = [np.full(count * width, value, F4), np.zeros(width, F4)]
    chosen = plan((width,), (count,), prologue, 0, "sum", epilogue, arguments_of(arrays, {1}), machine(isa))
    scratch = np.zeros(chosen.first.arguments[-1].elements, F4)
    *_, partial = run_team(kernel_of(chosen.first, isa), [*arrays, scratch], 1)
    *_, got = run_team(kernel_of(chosen.second, isa), [partial, *arrays], 1)
    exact = float(np.float32(value)) * count
    assert np.abs(got - exact).max() <= 20 * np.spacing(np.float32(exact))


def test_random_sums_are_as_good_as_numpys(isa):
    """Sums of many results, long rows in one kernel: pairwise summation's error, not the naive one."""
    x = np.random.default_rng(0).standard_normal((70, 20_000)).astype(F4) + 10
    epilogue = Body((Accumulator(F4),), (Store(0, 1, dense(70)),))
    prologue = Body((Load(F4, 0, dense(70, 20_000)),))
    (_, got), chosen = run_plan(
        isa, (70,), (20_000,), prologue, "sum", epilogue, [x.reshape(-1), np.zeros(70, F4)], {1}
    )
    assert chosen.second is None
    exact = x.astype(F8).sum(1)
    assert np.abs(got - exact).max() <= 4 * np.spacing(exact.astype(F4)).max()
