"""The elementwise template and what all templates use of it: accesses, padding, tails, casts, indices, stores."""

from __future__ import annotations

import itertools
import math

import pytest

from dark_jit.lowering.kernel import Access, Apply, Body, Constant, ElementwiseSpec, Index, Inside, Load, Store

from .kernel_runs import ISAS, Array, arguments_of, dense, evaluate, lanes_of, np, numbers, run

F4, F8, I4, I8, B1 = "float32", "float64", "int32", "int64", "bool"
pytestmark = pytest.mark.parametrize("isa", ISAS)


def check(isa, extents, steps, stores, arrays):
    """Run a body over a space and compare all buffers with NumPy's."""
    body = Body(tuple(steps), tuple(stores))
    arguments = arguments_of(arrays, {store.argument for store in stores})
    spec = ElementwiseSpec(tuple(extents), arguments, body, lanes_of(isa, *(a.dtype.name for a in arrays), F4))
    expected = [array.reshape(-1).copy() for array in arrays]
    evaluate(body, extents, expected)
    for got, want in zip(run(spec, arrays, isa), expected, strict=True):
        np.testing.assert_array_equal(got, want)


def random(dtype, *shape) -> Array:
    return numbers(0, dtype, *shape)


def copy(isa, extents, access, source, dtype=F4):
    """Copy through an access to a dense output."""
    load, store = Load(dtype, 0, access), Store(0, 1, dense(*extents))
    check(isa, extents, [load], [store], [source, np.zeros(math.prod(extents), dtype)])


@pytest.mark.parametrize("count", [*range(1, 12), 15, 16, 17, 31, 32, 33])
def test_every_length_of_the_tail(isa, count):
    x, y = random(F4, count), random(F4, count)
    steps = [Load(F4, 0, dense(count)), Load(F4, 1, dense(count)), Apply(F4, "add", (0, 1))]
    check(isa, (count,), steps, [Store(2, 2, dense(count))], [x, y, np.zeros(count, np.float32)])


@pytest.mark.parametrize("dtype", [F4, F8, I4, I8, B1, "uint8", "int16"])
@pytest.mark.parametrize("extents", [(5, 19), (2, 1, 3, 2, 7), (3, 1), (1, 1), (1, 1, 33)])
def test_copy_of_each_dtype(isa, dtype, extents):
    copy(isa, extents, dense(*extents), random(dtype, *extents), dtype)


@pytest.mark.parametrize("source, to", [(I8, I4), ("int16", "int8"), (I8, "uint8"), (I4, "int16"), (F8, F4), (I4, B1)])
def test_one_lane_of_narrowed_elements(isa, source, to):
    """At the end of a buffer: of the last vector one lane is stored, and not a byte more."""
    count = lanes_of(isa, source, F4) + 1
    steps = [Load(source, 0, dense(count)), Apply(to, "cast", (0,))]
    check(isa, (count,), steps, [Store(1, 1, dense(count))], [random(source, count), np.zeros(count, to)])


@pytest.mark.parametrize("dtype", [F4, I8, B1, "uint8", "int16"])
@pytest.mark.parametrize("strides", [(0, 1), (1, 0), (0, 0), (1, 5), (2, 11), (40, 2)])
def test_broadcast_and_transposed_loads(isa, dtype, strides):
    extents = (5, 19)
    last = sum((extent - 1) * stride for extent, stride in zip(extents, strides, strict=True))
    copy(isa, extents, Access(0, strides), random(dtype, last + 1), dtype)


@pytest.mark.parametrize("dtype", [F4, F8, B1, "uint8", "int16"])
@pytest.mark.parametrize("strides", [(-19, 1), (19, -1), (-19, -1), (-38, -2)])
def test_flipped_loads(isa, strides, dtype):
    extents = (5, 19)
    last = sum((extent - 1) * abs(stride) for extent, stride in zip(extents, strides, strict=True))
    offset = sum((extent - 1) * -min(stride, 0) for extent, stride in zip(extents, strides, strict=True))
    copy(isa, extents, Access(offset, strides), random(dtype, last + 1), dtype)


@pytest.mark.parametrize("axis, low, high", [(0, 1, 0), (0, 0, 2), (1, 1, 1), (2, 3, 0), (2, 0, 1), (2, 20, 20)])
@pytest.mark.parametrize("dtype", [F4, F8, B1, "uint8"])
def test_padding_on_any_axis(isa, axis, low, high, dtype):
    inner = (3, 4, 21)
    extents = tuple(extent + (low + high) * (k == axis) for k, extent in enumerate(inner))
    strides = dense(*inner).strides
    valid = tuple((low, low + inner[k]) if k == axis else (0, extents[k]) for k in range(3))
    copy(isa, extents, Access(-low * strides[axis], strides, valid), random(dtype, *inner), dtype)


def test_padding_all_around_a_broadcast_and_a_strided_load(isa):
    extents = (7, 23)
    for strides in ((20, 1), (20, 0), (0, 0), (41, 2), (20, -1)):
        valid, offset = ((2, 6), (3, 22)), -2 * strides[0] - (3 if strides[1] >= 0 else 21) * strides[1]
        copy(isa, extents, Access(offset, strides, valid), random(F4, 4 * 41))


def test_an_empty_range_touches_nothing(isa):
    copy(isa, (4, 20), Access(0, (0, 0), ((0, 4), (3, 3))), random(F4, 1))
    copy(isa, (4, 20), Access(-100, (20, 1), ((4, 4), (0, 20))), random(F4, 1))


def test_several_outputs_in_several_dtypes_and_layouts(isa):
    extents = (6, 21)
    arrays = [random(F4, 126), np.zeros(126, F4), np.zeros(126, B1), np.zeros(126 * 2, I8), np.zeros(126, F8)]
    steps = [
        Load(F4, 0, dense(*extents)),
        Constant(F4, "0.5"),
        Apply(F4, "multiply", (0, 1)),
        Apply(B1, "less", (0, 1)),
        Apply(I8, "cast", (0,)),
        Apply(F8, "cast", (0,)),
    ]
    stores = [
        Store(2, 1, dense(*extents)),
        Store(3, 2, Access(0, (1, 6))),
        Store(4, 3, Access(1, (42, 2))),
        Store(5, 4, Access(20, (21, -1))),
    ]
    check(isa, extents, steps, stores, arrays)


CASTS = list(itertools.permutations((F4, F8, I4, I8, B1), 2))


@pytest.mark.parametrize("before, after", CASTS)
def test_casts(isa, before, after):
    steps = [Load(before, 0, dense(37)), Apply(after, "cast", (0,))]
    check(isa, (37,), steps, [Store(1, 1, dense(37))], [random(before, 37), np.zeros(37, after)])


def test_where_and_logic(isa):
    steps = [
        Load(F4, 0, dense(3, 18)),
        Load(B1, 1, Access(0, (0, 1))),
        Load(F4, 2, Access(0, (1, 0))),
        Apply(B1, "less", (0, 2)),
        Apply(B1, "logical_and", (1, 3)),
        Apply(F4, "where", (4, 0, 2)),
    ]
    arrays = [random(F4, 54), random(B1, 18), random(F4, 3), np.zeros(54, F4)]
    check(isa, (3, 18), steps, [Store(5, 3, dense(3, 18))], arrays)


@pytest.mark.parametrize("strides", [(3, 0, 0), (0, 3, 0), (0, 0, 3), (57, 19, 1), (-1, 2, 6), (0, 0, 0)])
def test_an_index(isa, strides):
    steps = [Index(Access(-7, strides)), Index(Access(0, (0, 0, 1))), Apply(I8, "add", (0, 1))]
    check(isa, (2, 3, 19), steps, [Store(2, 0, dense(2, 3, 19))], [np.zeros(114, I8)])


@pytest.mark.parametrize(
    "ranges", [((0, 3), (0, 37)), ((1, 3), (0, 37)), ((0, 3), (5, 30)), ((1, 2), (5, 30)), ((2, 2), (0, 37))]
)
def test_inside(isa, ranges):
    check(isa, (3, 37), [Inside(ranges)], [Store(0, 0, dense(3, 37))], [np.zeros(111, B1)])


def test_updates_in_place(isa):
    steps = [Load(F4, 0, dense(5, 19)), Load(F4, 1, dense(5, 19)), Apply(F4, "subtract", (0, 1))]
    check(isa, (5, 19), steps, [Store(2, 0, dense(5, 19))], [random(F4, 95), random(F4, 95)])


@pytest.mark.parametrize("extents", [(50_003,), (3, 16_384), (2, 16_385), (2, 32_800)])
def test_rows_longer_than_a_piece(isa, extents):
    copy(isa, extents, dense(*extents), random(F4, *extents))
