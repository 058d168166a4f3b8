"""Which form scans and searches for extrema have, and along which axis their vectors run."""

from __future__ import annotations

import pytest

from dark_jit import ops
from dark_jit.lowering.extrema import ArgReduceRowsSpec, ArgReduceSpec
from dark_jit.lowering.fusion import fuse
from dark_jit.lowering.scanning import ScanRowsSpec, ScanSpec
from dark_jit.lowering.select import select
from dark_jit.lowering.target import Target

from .graphs import F32, graph_of

AVX512 = Target("avx512", 64, 32, 32 << 10, 1 << 20, 32 << 20)


def choices(build, *shapes):
    fusion = fuse(graph_of(build, *shapes, dtype=F32))
    return [choice for nest in fusion.nests for choice in select(nest, AVX512)]


@pytest.mark.parametrize(
    "shape, axis, kind, axes, along",
    [
        ((5, 40), 1, ScanRowsSpec, (5, 40), 1),
        ((40,), 0, ScanRowsSpec, (40,), 0),
        ((5, 40, 1), 1, ScanRowsSpec, (5, 40), 1),
        ((40, 50), 0, ScanSpec, (40, 50), 0),
        ((3, 40, 5, 10), 1, ScanSpec, (3, 40, 50), 1),
    ],
)
def test_sums_run_along_the_last_axis_or_across_it(shape, axis, kind, axes, along):
    (choice,) = choices(lambda x: ops.cumsum(x, axis), shape)
    assert (type(choice.spec), choice.spec.axes, choice.spec.along) == (kind, axes, along)


@pytest.mark.parametrize("shape, axes", [((5, 40), (5, 40, 1)), ((40,), (40, 1)), ((3, 7, 40), (21, 40, 1))])
def test_products_along_the_last_axis_have_one_lane(shape, axes):
    (choice,) = choices(lambda x: ops.cumprod(x, -1), shape)
    assert (type(choice.spec), choice.spec.axes, choice.spec.lanes) == (ScanSpec, axes, 1)
    assert "one lane" in choice.reason


def test_what_is_around_a_scan_joins_it():
    (choice,) = choices(lambda x, y: ops.tanh(ops.add(ops.cumsum(ops.exp(x), 1), y)), (5, 40), (5, 40))
    assert choice.spec.flops == 200 * 4


def test_extrema_of_rows_and_of_columns():
    (choice,) = choices(lambda x: ops.argmax(x, 1), (40, 50))
    assert (type(choice.spec), choice.spec.lanes) == (ArgReduceRowsSpec, 16)
    (choice,) = choices(lambda x: ops.argmin(x, 0), (40, 50))
    assert (type(choice.spec), choice.spec.monoid) == (ArgReduceSpec, "min")
    assert (choice.spec.weights, choice.spec.counter, choice.spec.vectors) == ((1,), "int32", 4)
