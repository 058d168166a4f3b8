"""Reductions: which axes, how long, of what, with what behind them."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.graph.node import Node

from .programs import DTYPES, FLOATS, INTEGERS, ISAS, check, numbers

pytestmark = pytest.mark.parametrize("isa", ISAS)

COMMON = ("bool", "int32", "int64", *FLOATS)  # these in all forms, the others in a few
REDUCTIONS = (ops.sum_, ops.prod, ops.max_, ops.min_, ops.mean, ops.var, ops.any_, ops.all_)


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_reduction_of_every_dtype(isa: str, dtype: str) -> None:
    x = numbers(1, (3, 5, 19), dtype)
    axes = (None, 1, -1, (0, 2)) if dtype in COMMON else (1, -1)
    check(lambda x: [reduce(x, axis) for reduce in REDUCTIONS for axis in axes], [x], isa)


@pytest.mark.parametrize("dtype", FLOATS)
def test_every_choice_of_axes(isa: str, dtype: str) -> None:
    axes = [c for n in range(1, 5) for c in itertools.combinations(range(4), n)]
    check(lambda x: [ops.sum_(x, a, keepdims=len(a) == 2) for a in axes], [numbers(1, (2, 3, 5, 7), dtype)], isa)
    check(lambda x: [ops.max_(x, a) for a in axes], [numbers(2, (2, 3, 5, 7), dtype)], isa)


@pytest.mark.parametrize(
    "shape",
    [(1,), (1, 1), (1, 37), (37, 1), (2, 130), (130, 2), (17, 129), (16_411,), (16_411, 3), (3, 16_411), (70_001,)],
)
def test_lengths_of_the_axes(isa: str, shape: tuple[int, ...]) -> None:
    def reductions(x: Node) -> list[Node]:
        return [ops.sum_(x), ops.max_(x), *(ops.sum_(x, axis) for axis in range(x.ndim)), ops.min_(x, 0)]

    check(reductions, [numbers(1, shape)], isa, scale=2)


def test_empty_reductions(isa: str) -> None:
    def reductions(x: Node) -> list[Node]:
        return [ops.sum_(x, 0), ops.sum_(x), ops.mean(x, 0), ops.any_(x), ops.all_(x), ops.max_(x, 1)]

    check(reductions, [numbers(1, (0, 3))], isa)
    check(lambda x: [ops.sum_(x), ops.max_(x), ops.mean(x), ops.var(x)], [numbers(1, ())], isa)


def test_reductions_of_moved_and_computed_operands(isa: str) -> None:
    def reductions(x: Node, y: Node) -> list[Node]:
        product = ops.multiply(ops.transpose(x), ops.exp(y))
        flipped = ops.flip(ops.slice_(x, [(0, 19, 2), (1, 7, 1)]), 0)
        return [
            ops.sum_(product, 0),
            ops.sum_(product, 1),
            ops.max_(flipped, 0),
            ops.sum_(ops.pad(flipped, [(1, 1), (0, 2)]), 1),
        ]

    check(reductions, [numbers(1, (19, 7)), numbers(2, (7, 19))], isa)


def test_epilogues(isa: str) -> None:
    """What is computed from the result joins the kernel."""

    def root_mean_square(x: Node) -> Node:
        return ops.sqrt(ops.add(ops.mean(ops.multiply(x, x), -1), 1e-5))

    assert len(check(root_mean_square, [numbers(1, (9, 33))], isa, differentiate=False).kernels) == 1
    check(root_mean_square, [numbers(1, (9, 33))], isa)


@pytest.mark.parametrize("dtype", FLOATS)
def test_nan_and_infinities_win(isa: str, dtype: str) -> None:
    x = numbers(1, (6, 41), dtype)
    x[0, 7], x[1, 3], x[2, 40], x[3, :2] = np.nan, np.inf, -np.inf, (np.inf, np.nan)
    x[4] = -np.inf
    check(
        lambda x: [r(x, a) for r in (ops.max_, ops.min_, ops.sum_) for a in (0, 1, None)], [x], isa, differentiate=False
    )


@pytest.mark.parametrize("dtype", DTYPES)
def test_places_of_extrema(isa: str, dtype: str) -> None:
    """Ties among them: the first one wins."""
    x = numbers(1, (3, 5, 37), dtype)

    def places(x: Node) -> list[Node]:
        kinds, moved = (ops.argmax, ops.argmin), ops.flip(ops.transpose(x, (2, 0, 1)), 1)
        return [place(y, axis) for place in kinds for y in (x, moved) for axis in (None, 0, 1, -1)]

    check(places, [x], isa)


@pytest.mark.parametrize("shape", [(1,), (1, 37), (37, 1), (2, 130), (130, 2), (17, 129), (16_411, 3), (3, 16_411)])
def test_places_along_axes_of_any_length(isa: str, shape: tuple[int, ...]) -> None:
    check(
        lambda x: [place(x, a) for place in (ops.argmax, ops.argmin) for a in range(x.ndim)], [numbers(1, shape)], isa
    )


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("special", [np.nan, np.inf, -np.inf])
def test_places_of_special_values(isa: str, dtype: str, special: float) -> None:
    x = numbers(1, (9, 41), dtype)
    x[0, 7], x[1, 3:40], x[2, 40], x[3], x[5, :2] = special, special, special, special, (special, np.nan)
    check(
        lambda x: [place(x, a) for place in (ops.argmax, ops.argmin) for a in (0, 1, None)],
        [x],
        isa,
        differentiate=False,
    )


def test_extrema_of_computed_values(isa: str) -> None:
    """What is computed before and after is part of the kernel."""

    def hits(x: Node, classes: Node) -> Node:
        return ops.equal(ops.argmax(ops.multiply(x, -2.0), 1), classes)

    x, classes = numbers(1, (9, 33)), numbers(2, (9,), "int64")
    program = check(hits, [x, classes], isa, differentiate=False)
    assert [kernel.task.spec.template for kernel in program.kernels] == ["argreduce_rows"]


def test_ties_share_the_gradient_of_a_maximum(isa: str) -> None:
    check(
        lambda x: [ops.max_(x, 0), ops.max_(x), ops.min_(x, 1)], [numbers(1, (9, 23), "int32").astype(np.float32)], isa
    )


@pytest.mark.parametrize("dtype", INTEGERS)
def test_integer_sums_are_exact_and_wide(isa: str, dtype: str) -> None:
    """Sums of the largest; extrema of the least and the largest, of which there are 700 lanes and a rest."""
    info = np.iinfo(dtype)
    x = np.full((3, 701), info.max, dtype)
    x[1:, ::7], x[2, 700] = info.min, info.min

    def reductions(x: Node) -> list[Node]:
        return [ops.sum_(x), ops.sum_(x, 0), ops.sum_(ops.equal(x, x), 1), ops.min_(x, 1), ops.max_(x, 0), ops.min_(x)]

    program = check(reductions, [x], isa)
    wide = "int64" if info.min else "uint64"
    assert [node.dtype.name for node in program.graph.outputs] == [wide, wide, "int64", dtype, dtype, dtype]


@pytest.mark.parametrize("dtype", ["uint8", "int16", "uint32"])
def test_long_reductions_of_narrow_integers(isa: str, dtype: str) -> None:
    """Long enough to be cut into chunks."""
    x = np.random.default_rng(1).integers(0, 200, (70_001,)).astype(dtype)
    check(lambda x: [ops.sum_(x), ops.max_(x), ops.min_(x), ops.mean(x), ops.any_(x)], [x], isa)


@pytest.mark.parametrize("reduce", [ops.sum_, ops.max_])
def test_long_reductions_of_what_is_not_read_in_order(isa: str, reduce: Any) -> None:
    """To one result, in chunks, of every second element, from behind, and both ways."""
    for read in (
        lambda x: ops.slice_(x, [(0, x.size, 2)]),
        lambda x: ops.flip(x, (0,)),
        lambda x: ops.multiply(ops.flip(x, (0,)), x),
    ):
        check(lambda x, read=read: reduce(read(x)), [numbers(1, (1 << 17,))], isa)


@pytest.mark.parametrize("dtype", FLOATS)
def test_variance_far_from_zero(isa: str, dtype: str) -> None:
    """Deviations are squared, not values: a mean of 10,000 does no harm."""
    x = (1e4 + numbers(1, (7, 999))).astype(dtype)
    program = check(lambda x: [ops.var(x, 1), ops.std(x, 1, ddof=1), ops.var(x)], [x], isa, scale=5)
    assert program.graph.outputs[0].shape == (7,)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("shape", [(1, 1), (5, 10), (3, 257), (2, 3, 17), (2, 20_011)])
def test_softmax(isa: str, shape: tuple[int, ...], dtype: str) -> None:
    x = 5 * numbers(1, shape, dtype)
    check(lambda x: [ops.softmax(x), ops.log_softmax(x), ops.softmax(x, 0)], [x], isa)


def test_softmax_of_huge_logits(isa: str) -> None:
    x = np.array([[1000.0, -1000, 0], [1000, 1000, 1000], [-1000, -1000, -1000.5], [0, 0, np.inf]], np.float32)
    check(lambda x: [ops.softmax(x), ops.log_softmax(x)], [x[:3]], isa)
    check(lambda x: [ops.softmax(x), ops.log_softmax(x)], [x], isa, differentiate=False)


@pytest.mark.parametrize("dtype", FLOATS)
def test_cross_entropy(isa: str, dtype: str) -> None:
    logits = 3 * numbers(1, (13, 10), dtype)
    logits[0] = [1000, -1000] * 5
    classes = np.arange(13, dtype=np.int64) % 10
    check(ops.cross_entropy, [logits, classes], isa)
    check(ops.cross_entropy, [logits, classes.astype(np.int32)], isa)
    check(ops.cross_entropy, [logits, classes.astype(np.uint8)], isa)
    check(ops.cross_entropy, [logits, np.abs(numbers(2, (13, 10), dtype))], isa)
