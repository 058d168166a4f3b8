"""Matrix products: sizes around the tiles, layouts, batches, epilogues, long sums."""

from __future__ import annotations

import itertools
import random

import pytest

from dark_jit.lowering.contraction_spec import ContractionSpec
from dark_jit.lowering.kernel import Access, Accumulator, Apply, Body, Constant, Load, Store

from .contraction_runs import check, contract, plain
from .kernel_runs import ISAS, dense, np, numbers

pytestmark = pytest.mark.parametrize("isa", ISAS)


def product(isa, m, n, k, *, dtype="float32", left="mk", right="kn", high=99, **more) -> ContractionSpec:
    """Check a product whose operands lie in memory in these orders of axes."""
    a, b = numbers(1, dtype, m * k) % high, numbers(2, dtype, k * n) % high
    accesses = {"mk": (k, 0, 1), "km": (1, 0, m), "kn": (0, 1, n), "nk": (0, k, 1)}
    out = numbers(3, dtype, m, n)
    return check(isa, (m, n), (k,), Access(0, accesses[left]), Access(0, accesses[right]), [a, b, out], **more)


@pytest.mark.parametrize("k", [0, 1, 2, 3, 17])
def test_sizes_around_the_tiles(isa, k):
    sizes = random.Random(k).sample(list(itertools.product(range(1, 30), range(1, 100))), 6)
    for m, n in [*sizes, (1, 1), (13, 33)]:
        product(isa, m, n, k, right="kn" if m % 2 else "nk", left="mk" if n % 2 else "km")


@pytest.mark.slow
@pytest.mark.parametrize("k", [0, 1, 2, 3, 17])
@pytest.mark.parametrize("m", range(1, 26))
def test_all_sizes_around_the_tiles(isa, m, k):
    for n in range(1, 66 if isa == "avx512" else 34):
        product(isa, m, n, k)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("left", ["mk", "km"])
@pytest.mark.parametrize("right", ["kn", "nk"])
def test_layouts(isa, left, right, dtype):
    spec = product(isa, 21, 70, 37, left=left, right=right, dtype=dtype)
    assert spec.packing == ("within" if right == "nk" else "none")


def test_panels_are_packed_first_for_many_rows(isa):
    spec = product(isa, 300, 70, 37, right="nk")
    assert spec.packing == "before"


def test_the_last_panel_may_be_narrow(isa):
    for n in (1, 3, 16, 17, 47, 49, 97):
        product(isa, 9, n, 20, right="nk")
        product(isa, 260, n, 20, right="nk")


def test_long_sums_are_cut_into_pieces(isa):
    assert product(isa, 20, 50, 30000, high=3).pieces > 1


def test_long_sums_of_packed_panels(isa):
    assert product(isa, 20, 50, 5001, right="nk", high=9).pieces > 1


def test_a_long_sum_rests_in_a_scratch_buffer_if_it_has_an_epilogue(isa):
    body = Body((Accumulator("float32"), Apply("float32", "add", (0, 0))), (Store(1, 2, dense(7, 33)),))
    spec = product(isa, 7, 33, 30000, high=3, epilogue=body)
    assert spec.pieces > 1 and spec.partial.argument == 3


def test_bias_relu_and_a_second_output(isa):
    m, n, k = 14, 37, 9
    body = Body(
        (
            Accumulator("float32"),
            Load("float32", 3, Access(0, (0, 1))),
            Apply("float32", "add", (0, 1)),
            Constant("float32", "0.0"),
            Apply("float32", "maximum", (2, 3)),
            Apply("bool", "less", (3, 2)),
        ),
        (Store(4, 2, dense(m, n)), Store(5, 4, dense(m, n))),
    )
    arrays = [numbers(1, "float32", m, k), numbers(2, "float32", k, n), numbers(3, "float32", m, n)]
    arrays += [numbers(4, "float32", n), numbers(5, "bool", m, n)]
    check(isa, (m, n), (k,), Access(0, (k, 0, 1)), Access(0, (0, 1, n)), arrays, body, written=(2, 4))


def test_batches(isa):
    b, m, n, k = 3, 7, 18, 20
    arrays = [numbers(1, "float32", b, m, k), numbers(2, "float32", b, k, n), numbers(3, "float32", b, m, n)]
    left = Access(0, (m * k, k, 0, 1))
    check(isa, (b, m, n), (k,), left, Access(0, (k * n, 0, 1, n)), arrays)
    check(isa, (b, m, n), (k,), left, Access(0, (k * n, 0, k, 1)), arrays)


def test_a_batch_of_one_right_operand_is_one_product(isa):
    b, m, n, k = 3, 7, 18, 5
    arrays = [numbers(1, "float32", b, m, k), numbers(2, "float32", k, n), numbers(3, "float32", b, m, n)]
    spec = check(isa, (b, m, n), (k,), Access(0, (m * k, k, 0, 1)), Access(0, (0, 0, 1, n)), arrays)
    assert spec.axes == (b * m, n)


def test_slices_of_larger_matrices(isa):
    m, n, k = 11, 35, 6
    arrays = [numbers(1, "float32", 40, 50), numbers(2, "float32", 60, 70), numbers(3, "float32", 30, 80)]
    body = Body((Accumulator("float32"),), (Store(0, 2, Access(85, (80, 1))),))
    check(isa, (m, n), (k,), Access(103, (100, 0, 1)), Access(71, (0, 1, 140)), arrays, body)
    check(isa, (m, n), (k,), Access(103, (100, 0, 1)), Access(71, (0, 1, 140)), arrays, transposed_store(m, n))


def transposed_store(m, n) -> Body:
    return Body((Accumulator("float32"),), (Store(0, 2, Access(1, (1, m))),))


def test_an_outer_product_has_nothing_reduced(isa):
    arrays = [numbers(1, "float32", 9), numbers(2, "float32", 20), numbers(3, "float32", 9, 20)]
    check(isa, (9, 20), (), Access(0, (1, 0)), Access(0, (0, 1)), arrays)


@pytest.mark.parametrize("k", [0, 19])
def test_one_row_or_one_column(isa, k):
    product(isa, 1, 50, k)
    product(isa, 50, 1, k)
    product(isa, 1, 50, k, right="nk")


@pytest.mark.parametrize("k", [500, 30000])
def test_sums_do_not_depend_on_workers_when_they_round(isa, k):
    generator = np.random.default_rng(0)
    a, b, out = (generator.standard_normal(shape, np.float32) for shape in ((70, k), (k, 90), (70, 90)))
    left, right = Access(0, (k, 0, 1)), Access(0, (0, 1, 90))
    spec, got = contract(isa, (70, 90), (k,), left, right, [a, b, out], plain("float32", 2, 70, 90))
    assert spec.blocks * spec.panels > 3
    expected = a.astype(np.float64) @ b
    np.testing.assert_allclose(got[2].reshape(70, 90), expected, atol=1e-6 * np.sqrt(k) * abs(expected).max() ** 0.5)
