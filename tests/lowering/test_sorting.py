"""Which kernel sorts, and along which axis."""

from __future__ import annotations

import pytest

from dark_jit import ops
from dark_jit.lowering.fusion import fuse
from dark_jit.lowering.select import select
from dark_jit.lowering.sorting import RANKED, SLOTS, RadixSortSpec, RankSortSpec
from dark_jit.lowering.target import Target

from .graphs import F32, F64, graph_of

AVX512 = Target("avx512", 64, 32, 32 << 10, 1 << 20, 32 << 20)


def choices(build, *shapes, dtype=F32):
    fusion = fuse(graph_of(build, *shapes, dtype=dtype))
    return [choice for nest in fusion.nests for choice in select(nest, AVX512)]


@pytest.mark.parametrize("dtype, lanes, key", [(F32, 16, "int32"), (F64, 8, "int64")])
def test_short_lines_are_ranked_and_long_ones_distributed(dtype, lanes, key):
    (choice,) = choices(ops.argsort, (3, RANKED * lanes), dtype=dtype)
    assert (type(choice.spec), choice.spec.lanes, choice.spec.key) == (RankSortSpec, lanes, key)
    (choice,) = choices(ops.argsort, (3, RANKED * lanes + 1), dtype=dtype)
    assert (type(choice.spec), choice.spec.digits, choice.spec.slots) == (RadixSortSpec, dtype.itemsize, 3)
    assert choice.arguments[-1] == "pairs"


def test_scratch_does_not_grow_with_the_number_of_lines():
    first, second = (choices(ops.argsort, (lines, 200))[0].spec.arguments[-1].elements for lines in (SLOTS, 50 * SLOTS))
    assert first == second == SLOTS * 2 * 200


def test_another_axis_is_read_where_it_lies():
    (choice,) = choices(lambda x: ops.argsort(ops.transpose(x)), (40, 30))
    assert choice.spec.axes == (30, 40)
    assert choice.spec.load.access.strides == (1, 30)


def test_what_follows_joins_the_sort():
    (choice,) = choices(lambda x: ops.add(ops.argsort(x), 1), (5, 40))
    assert choice.spec.template == "rank_sort"


def test_sorted_values_are_gathered():
    kinds = [choice.spec.template for choice in choices(ops.sort, (5, 40))]
    assert kinds == ["rank_sort", "gather"]
