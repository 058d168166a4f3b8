"""plan: which tiles, pieces and panels a contraction gets."""

from __future__ import annotations

import math

import hypothesis.strategies as st
import pytest
from hypothesis import given

from dark_jit.lowering.contraction import plan
from dark_jit.lowering.contraction_spec import ContractionSpec, Plan
from dark_jit.lowering.kernel import Access, Accumulator, Apply, Argument, Body, Index, Load, Store
from dark_jit.lowering.target import Target
from dark_jit.lowering.tiles import Space, choose

TARGETS = {
    "avx512": Target("avx512", 64, 32, 32 << 10, 1 << 20, 32 << 20),
    "avx2": Target("avx2", 32, 16, 32 << 10, 1 << 20, 32 << 20),
    "sse2": Target("sse2", 16, 16, 32 << 10, 1 << 20, 32 << 20),
    "neon": Target("neon", 16, 32, 64 << 10, 1 << 20, 8 << 20),
}


def gemm(m, n, k, isa="avx512", right="kn", body=None, dtype="float32") -> Plan:
    accesses = {"kn": (0, 1, n), "nk": (0, k, 1)}
    arguments = tuple(Argument(dtype, size, size == m * n) for size in (m * k, k * n, m * n))
    loads = Load(dtype, 0, Access(0, (k, 0, 1))), Load(dtype, 1, Access(0, accesses[right]))
    stored = Body((Accumulator(dtype),), (Store(0, 2, Access(0, (n, 1))),))
    return plan((m, n), (k,), *loads, body or stored, arguments, TARGETS[isa])


def conv(n, h, w, c, o, kernel=3, isa="avx512", body=None) -> ContractionSpec:
    oh, ow = h - kernel + 1, w - kernel + 1
    left = Load("float32", 0, Access(0, (h * w * c, w * c, c, 0, w * c, c, 1)))
    right = Load("float32", 1, Access(0, (0, 0, 0, 1, kernel * c * o, c * o, o)))
    stored = Body((Accumulator("float32"),), (Store(0, 2, Access(0, (oh * ow * o, ow * o, o, 1))),))
    arguments = tuple(Argument("float32", 0) for _ in range(3))
    return plan((n, oh, ow, o), (kernel, kernel, c), left, right, body or stored, arguments, TARGETS[isa]).main


sizes = st.integers(1, 3000)


@given(sizes, sizes, sizes, st.sampled_from(list(TARGETS)), st.sampled_from(["kn", "nk"]))
def test_tiles_fit_into_registers_and_cover_the_space(m, n, k, isa, right):
    planned = gemm(m, n, k, isa, right)
    spec = planned.main
    rows = math.prod(spec.tile)
    assert rows * spec.vectors + spec.vectors < TARGETS[isa].registers
    assert (spec.panels - 1) * spec.panel < spec.axes[-1] <= spec.panels * spec.panel
    assert (spec.blocks - 1) * spec.block < spec.tiles <= spec.blocks * spec.block
    assert spec.reduced[-1] % spec.unroll == 0
    assert spec.pieces == 1 or (spec.partial is not None and spec.chunk % spec.unroll == 0)
    assert (planned.pack is not None) == (spec.packing == "before")
    assert len(spec.arguments) == 3 + (planned.pack is not None)
    assert planned.reason


@given(sizes, sizes, sizes)
def test_panels_have_room_for_the_right_operand(m, n, k):
    planned = gemm(m, n, k, right="nk")
    if planned.pack is not None:
        source, panels = planned.pack.arguments
        assert source.elements == n * k
        assert panels == Argument("float32", planned.main.panels * planned.main.panel * k, True)
        assert planned.main.arguments[3].elements == panels.elements


def test_equal_questions_have_equal_answers():
    assert gemm(300, 200, 100) == gemm(300, 200, 100)


def test_small_operands_are_read_in_place():
    assert gemm(512, 512, 512).main.packing == "none"


def test_large_operands_are_packed_for_many_rows():
    assert gemm(1024, 1024, 1024).main.packing == "before"
    assert gemm(64, 4096, 1024).main.packing == "within"
    assert gemm(4, 4096, 1024).main.packing == "none"


def test_half_vectors_for_few_columns():
    assert gemm(50, 8, 20).main.lanes == 8
    assert gemm(50, 9, 20).main.lanes == 16
    assert gemm(50, 4, 20, dtype="float64").main.lanes == 4


def test_a_long_sum_rests_in_the_output_if_that_is_all_it_becomes():
    spec = gemm(32, 64, 40000).main
    assert spec.pieces > 1 and spec.partial.argument == 2


def test_a_long_sum_with_an_epilogue_rests_in_a_scratch_buffer():
    body = Body((Accumulator("float32"), Apply("float32", "negative", (0,))), (Store(1, 2, Access(0, (64, 1))),))
    spec = gemm(32, 64, 40000, body=body).main
    assert spec.partial.argument == 3
    assert spec.arguments[3] == Argument("float32", 32 * 64, True)


def test_a_long_sum_does_not_rest_where_its_results_are_no_neighbours():
    """As in an image that is stored channel by channel: what rests is read and written in vectors."""
    apart = Body((Accumulator("float32"),), (Store(0, 2, Access(0, (1, 64))),))
    spec = gemm(64, 64, 1 << 16, body=apart).main
    assert spec.pieces > 1 and spec.partial.argument == 3 and spec.partial.access.strides[-1] == 1


def test_short_sums_are_not_cut():
    assert gemm(512, 512, 1024).main.pieces == 1
    assert conv(8, 10, 10, 512, 512).pieces > 1


def test_kernel_rows_and_channels_merge():
    spec = conv(2, 10, 12, 16, 32)
    assert (spec.axes, spec.reduced) == ((2, 8, 10, 32), (3, 48))


def test_a_1x1_convolution_becomes_a_product():
    spec = conv(2, 8, 8, 16, 32, kernel=1)
    assert (spec.template, spec.axes, spec.reduced) == ("gemm", (128, 32), (16,))


def test_an_index_keeps_its_axis_apart():
    along = Index(Access(0, (0, 1, 0, 0)))
    steps = (Accumulator("float32"), along, Apply("float32", "cast", (1,)), Apply("float32", "add", (0, 2)))
    body = Body(steps, (Store(3, 2, Access(0, (2048, 256, 32, 1))),))
    spec = conv(2, 8, 8, 16, 32, kernel=1, body=body)
    assert spec.axes == (2, 8, 8, 32)
    assert spec.epilogue.steps[1] == along


@pytest.mark.parametrize("width", [7, 8, 14, 28, 56])
def test_rows_divide_usual_widths_well(width):
    spec = conv(8, width + 2, width + 2, 64, 64)
    pixels = math.prod(count * rows for count, rows in zip(spec.tile_counts, spec.tile, strict=True))
    assert pixels <= 1.15 * 8 * width * width


def test_rows_do_not_crowd_the_first_cache():
    space = Space((1024,), (1024,), 1024, 16, 1024, 4)
    assert max(choose(space, TARGETS["avx512"]).rows) <= 8


def test_batches_are_not_rows():
    b, m, n, k = 4, 3, 40, 50
    loads = Load("float32", 0, Access(0, (m * k, k, 0, 1))), Load("float32", 1, Access(0, (n * k, 0, 1, n)))
    body = Body((Accumulator("float32"),), (Store(0, 2, Access(0, (m * n, n, 1))),))
    arguments = tuple(Argument("float32", size) for size in (b * m * k, b * n * k, b * m * n))
    spec = plan((b, m, n), (k,), *loads, body, arguments, TARGETS["avx512"]).main
    assert spec.tile == (1, 3)


def test_flops_are_counted():
    assert gemm(3, 5, 7).main.flops == 2 * 3 * 5 * 7
