"""Both forms of a scan, in both directions: lengths, layouts, dtypes, and the order of additions."""

from __future__ import annotations

import math

import pytest

from dark_jit.backends.llvm.target import machine
from dark_jit.lowering.kernel import Accumulator, Apply, Body, Load, Store
from dark_jit.lowering.scanning import ScanRowsSpec, ScanSpec, plan

from .kernel_runs import ISAS, Array, arguments_of, dense, np, numbers, run, strided

F4, F8, I4, I8 = "float32", "float64", "int32", "int64"
pytestmark = pytest.mark.parametrize("isa", ISAS)


def scanned(step: str, axis: int, reverse: bool, *xs: Array) -> Array:
    """What the scan means, one after another."""
    x, *rest = (np.flip(x, axis) if reverse else x for x in xs)
    if step == "recurrence":
        factors, terms = np.moveaxis(x, axis, 0), np.moveaxis(rest[0], axis, 0)
        found, state = np.empty_like(terms), np.zeros_like(terms[0])
        for j in range(len(terms)):
            found[j] = state = factors[j] * state + terms[j]
        found = np.moveaxis(found, 0, axis)
    else:
        found = {"cumsum": np.cumsum, "cumprod": np.cumprod}[step](x, axis, dtype=x.dtype)
    return np.flip(found, axis) if reverse else found


def check(isa, shape, axis, *, step="cumsum", reverse=False, dtype=F4, order=None, x=None) -> ScanSpec:
    """Scan the double of an array, of which `order` gives the layout, and store the maximum with it."""
    access = strided(shape, order or tuple(range(len(shape))))
    arrays = [numbers(1, dtype, math.prod(shape)) if x is None else x, np.zeros(math.prod(shape), dtype)]
    if step != "cumsum":
        arrays[0] = (arrays[0] % 3).astype(dtype)  # products of a few stay exact
    prologue = Body((Load(dtype, 0, access), Apply(dtype, "add", (0, 0))))
    values = (1, 0) if step == "recurrence" else (1,)
    epilogue = Body((Accumulator(dtype), Apply(dtype, "maximum", (0, 0))), (Store(1, 1, dense(*shape)),))
    groups = shape[:axis], shape[axis : axis + 1], shape[axis + 1 :]
    spec, _ = plan(groups, (prologue, epilogue), values, step, reverse, arguments_of(arrays, {1}), machine(isa))
    _, got = run(spec, arrays, isa)
    x = arrays[0][sum(np.indices(shape)[a] * stride for a, stride in enumerate(access.strides))]
    want = scanned(step, axis, reverse, x + x, *([x] if step == "recurrence" else []))
    np.testing.assert_array_equal(got.reshape(shape), want)
    return spec


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("length", [*range(1, 20), 31, 32, 33, 64, 65, 100, 1001])
def test_sums_along_the_lanes(isa, length, reverse):
    assert type(check(isa, (3, length), 1, reverse=reverse)) is ScanRowsSpec


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("width", [2, 3, 4, 15, 16, 17, 64, 100, 129])
@pytest.mark.parametrize("length", [1, 2, 7, 40])
def test_sums_across_the_lanes(isa, length, width, reverse):
    assert type(check(isa, (length, width), 0, reverse=reverse)) is ScanSpec


@pytest.mark.parametrize("dtype", [F4, F8, I4, I8, "int8", "uint16"])
@pytest.mark.parametrize("axis", [0, 1])
@pytest.mark.parametrize("reverse", [False, True])
def test_each_dtype(isa, dtype, axis, reverse):
    for step in ("cumsum", "cumprod", "recurrence"):
        check(isa, (7, 9), axis, dtype=dtype, step=step, reverse=reverse)


@pytest.mark.parametrize(
    "shape, axis, order",
    [
        ((5, 7), 1, (1, 0)),
        ((5, 7), 0, (1, 0)),
        ((2, 5, 6), 1, None),
        ((2, 5, 6), 1, (2, 1, 0)),
        ((2, 5, 6), 0, None),
        ((2, 5, 6), 2, (0, 2, 1)),
        ((4, 3, 2, 5), 1, (0, 2, 3, 1)),
        ((3, 1, 4), 1, None),
        ((3, 4, 1), 1, None),
        ((1, 1), 0, None),
    ],
)
def test_any_axis_in_any_layout(isa, shape, axis, order):
    for step in ("cumsum", "cumprod"):
        for reverse in (False, True):
            check(isa, shape, axis, order=order, step=step, reverse=reverse)


@pytest.mark.parametrize("step", ["cumprod", "recurrence"])
@pytest.mark.parametrize("shape", [(40,), (3, 40), (17, 5, 9)])
def test_what_must_go_one_after_another_along_the_last_axis_has_one_lane(isa, step, shape):
    spec = check(isa, shape, len(shape) - 1, step=step, dtype=F8)
    assert type(spec) is ScanSpec and spec.axes[spec.along] == shape[-1] and spec.lanes == spec.axes[-1] == 1


def test_zero_times_infinity_does_not_appear(isa):
    """The product of the factors behind a 0 overflows, but it is multiplied to 0 one after another."""
    x = np.array([3, 0] + [1e30] * 38, F4)
    spec, _ = plan(
        ((), (40,), ()),
        (Body((Load(F4, 0, dense(40)),)), Body((Accumulator(F4),), (Store(0, 1, dense(40)),))),
        (0,),
        "cumprod",
        False,
        arguments_of([x, x], {1}),
        machine(isa),
    )
    *_, got = run(spec, [x, np.zeros(40, F4)], isa)
    np.testing.assert_array_equal(got, [3] + [0] * 39)


def test_flops(isa):
    spec = check(isa, (3, 40), 1)
    assert spec.flops == 120 * 3  # doubling, adding up, the maximum
