"""Which form a reduction takes, and where it is cut."""

from __future__ import annotations

import math

import pytest

from dark_jit.lowering.kernel import Access, Accumulator, Apply, Argument, Body, Index, Load, Store
from dark_jit.lowering.reduction import Plan, ReduceRowsSpec, ReduceSpec, identity, plan
from dark_jit.lowering.target import Target

AVX512 = Target("avx512", 64, 32, 32 << 10, 1 << 20, 8 << 20)


def strides(*extents: int) -> tuple[int, ...]:
    return tuple(math.prod(extents[axis + 1 :]) for axis in range(len(extents)))


def plan_of(
    axes: tuple[int, ...], reduced: tuple[int, ...], access: Access, dtype: str = "float32", monoid: str = "sum"
) -> Plan:
    prologue = Body((Load(dtype, 0, access),))
    epilogue = Body((Accumulator(dtype),), (Store(0, 1, Access(0, strides(*axes))),))
    arguments = (Argument(dtype, math.prod((*axes, *reduced))), Argument(dtype, math.prod(axes), True))
    return plan(axes, reduced, prologue, 0, monoid, epilogue, arguments, AVX512)  # type: ignore[arg-type]


def test_vectors_run_along_the_axis_of_contiguous_loads():
    columns = plan_of((400, 64), (30,), Access(0, (64 * 30, 1, 64))).first
    rows = plan_of((400, 64), (30,), Access(0, strides(400, 64, 30))).first
    assert (type(columns), columns.vectors, columns.unroll) == (ReduceSpec, 4, 1)
    assert (type(rows), rows.axes, rows.unroll) == (ReduceRowsSpec, (25_600,), 1)


def test_neighbouring_axes_merge_and_the_contiguous_one_comes_last():
    nhwc = plan_of((64,), (8, 5, 7), Access(0, (1, 5 * 7 * 64, 7 * 64, 64))).first
    assert (nhwc.axes, nhwc.reduced) == ((64,), (280,))
    turned = plan_of((90,), (7, 5), Access(0, (35, 1, 7))).first
    assert (type(turned), turned.reduced) == (ReduceRowsSpec, (35,))


@pytest.mark.parametrize(
    "width, tile", [(16, (1, 4)), (32, (2, 2)), (48, (3, 1)), (80, (5, 1)), (160, (5, 1)), (176, (8, 1)), (512, (8, 1))]
)
def test_strips_are_even_where_possible(width, tile):
    first = plan_of((width,), (100,), Access(0, (1, width))).first
    assert (first.vectors, first.unroll) == tile


def test_an_odd_length_is_not_unrolled():
    assert plan_of((16,), (101,), Access(0, (1, 16))).first.unroll == 1


def test_enough_results_are_not_cut():
    chosen = plan_of((100,), (1_000_000,), Access(0, (1_000_000, 1)))
    assert chosen.second is None
    assert chosen.reason == "1 of 1 loads are contiguous along the last reduced axis"


def test_few_results_of_a_long_reduction_are_cut():
    chosen = plan_of((64,), (100_000,), Access(0, (1, 64)))
    assert chosen.reason.endswith("only 1 piece(s) of work, hence 256 chunks of 391")
    first, second = chosen.first, chosen.second
    assert second is not None
    assert (first.axes, first.reduced, first.split, first.chunk) == ((256, 64), (100_000,), 0, 391)
    scratch = Argument("float32", 256 * 64, True)
    assert first.arguments == (Argument("float32", 6_400_000), Argument("float32", 64), scratch)
    assert second.arguments == (
        Argument("float32", 256 * 64),
        Argument("float32", 6_400_000),
        Argument("float32", 64, True),
    )
    assert (second.axes, second.reduced) == ((64,), (256,))
    assert second.epilogue.stores == (Store(0, 2, Access(0, (1,))),)


def test_short_ones_are_not_worth_a_cut():
    assert plan_of((64,), (200,), Access(0, (1, 64))).second is None


def test_a_full_reduction_has_one_result():
    first = plan_of((), (100,), Access(0, (1,))).first
    assert (first.axes, first.reduced) == ((1,), (100,))


def test_an_index_along_a_reduced_axis_moves_with_it():
    steps = (Load("float32", 0, Access(0, (1, 7, 1))), Index(Access(0, (0, 1, 0))), Index(Access(0, (0, 0, 1))))
    prologue = Body((*steps, Apply("int64", "add", (1, 2))))
    epilogue = Body((Accumulator("int64"),), (Store(0, 1, Access(0, (1,))),))
    arguments = (Argument("float32", 35), Argument("int64", 1, True))
    first = plan((1,), (5, 7), prologue, 3, "sum", epilogue, arguments, AVX512).first
    assert first.reduced == (5, 7)
    assert first.prologue.steps[1:3] == steps[1:]


def test_flops_count_each_element_once_also_in_chunks():
    whole = plan_of((100,), (50,), Access(0, (50, 1)))
    assert whole.first.flops == 5000
    cut = plan_of((1,), (1_000_000,), Access(0, (0, 1)))
    assert cut.first.flops == 1_000_000


@pytest.mark.parametrize(
    "monoid, dtype, value",
    [
        ("sum", "float32", "0"),
        ("sum", "int64", "0"),
        ("max", "float64", "-inf"),
        ("min", "float32", "inf"),
        ("max", "int32", "-2147483648"),
        ("min", "int64", "9223372036854775807"),
        ("max", "bool", "False"),
        ("min", "bool", "True"),
    ],
)
def test_identity(monoid, dtype, value):
    assert identity(monoid, dtype) == value


@pytest.mark.parametrize("operations, vectors", [(0, 8), (20, 2)])
def test_a_long_epilogue_behind_few_chunks_is_not_written_out_often(operations: int, vectors: int) -> None:
    steps = (Accumulator("float32"), *(Apply("float32", "tanh", (n,)) for n in range(operations)))
    epilogue = Body(steps, (Store(operations, 1, Access(0, (1,))),))
    arguments = (Argument("float32", 512 * 4096), Argument("float32", 512, True))
    prologue = Body((Load("float32", 0, Access(0, (1, 512))),))
    made = plan((512,), (4096,), prologue, 0, "sum", epilogue, arguments, AVX512)
    assert made.second is not None
    assert (made.first.vectors, made.second.vectors) == (8, vectors)
