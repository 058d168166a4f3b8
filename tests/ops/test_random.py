"""Random bits by Philox4x32-10, and the numbers that are made of them: exact ones exactly, the others by statistics."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dark_jit import ops
from dark_jit.dtypes import float32, float64
from dark_jit.graph.graph import graph_input
from dark_jit.graph.node import Node, make
from dark_jit.ops.random import MULTIPLY_HIGH, PHILOX_HIGH, PHILOX_LOW, box_muller, more_random_bits, philox4x32
from dark_jit.transforms.autodiff import gradients

from ..equivalence.programs import graph_of
from .meaning import value

Array = np.ndarray[Any, Any]
KEY, DRAW = 0x299F31D0A4093822, 0x0370734413198A2E
INT64 = st.integers(-(2**63), 2**63 - 1)

# Of the file kat_vectors in the authors' library Random123: counter and key, then the result.
KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000 00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]


def drawn(build: Callable[[Node, Node], Node], key: int = KEY, draw: int = DRAW) -> Array:
    """The value of a function of (key, draw)."""
    return value(build, np.int64(key), np.int64(draw))


def words(size: int, key: int = KEY, draw: int = DRAW) -> list[Array]:
    """The four words of the first counters."""
    counter = (np.arange(size), np.zeros(size), np.full(size, draw & 0xFFFFFFFF), np.full(size, draw >> 32))
    found = philox4x32(
        tuple(np.asarray(word, np.uint64) for word in counter),
        tuple(np.full(size, word, np.uint64) for word in (key & 0xFFFFFFFF, key >> 32)),
    )
    return list(found)


@pytest.mark.parametrize(("given", "wanted"), KNOWN_ANSWERS)
def test_known_answers(given: str, wanted: str) -> None:
    numbers = [np.array(int(word, 16), np.uint64) for word in given.split()]
    found = philox4x32(tuple(numbers[:4]), tuple(numbers[4:]))
    assert " ".join(f"{int(word):08x}" for word in found) == wanted


@pytest.mark.parametrize(("given", "wanted"), KNOWN_ANSWERS)
def test_known_answers_of_the_operations(given: str, wanted: str) -> None:
    """The words of place, draw and key are in the order of the library's."""
    halves = [int(word, 16) for word in given.split()]
    place, draw, key = (
        np.array([low | high << 32], np.uint64).view(np.int64) for low, high in zip(*[iter(halves)] * 2, strict=True)
    )
    for op, expected in ((PHILOX_LOW, wanted[:17]), (PHILOX_HIGH, wanted[18:])):
        bits = int(value(lambda *nodes, op=op: make(op, nodes), place, draw, key)[0]) % 2**64
        assert f"{bits % 2**32:08x} {bits >> 32:08x}" == expected


def test_bits_are_those_of_place_draw_and_key() -> None:
    a, b, c, d = words(24)
    low = drawn(lambda k, n: ops.random_bits(k, n, (24,)))
    high = drawn(lambda k, n: more_random_bits(k, n, (24,)))
    np.testing.assert_array_equal(low.view(np.uint64), a | b << 32)
    np.testing.assert_array_equal(high.view(np.uint64), c | d << 32)
    for other in ({"key": KEY + 1}, {"draw": DRAW + 1}, {"key": -KEY}, {"draw": 0}):
        assert not (drawn(lambda k, n: ops.random_bits(k, n, (24,)), **other) == low).any()


@pytest.mark.parametrize("shape", [(24,), (4, 6), (2, 3, 4), (24, 1), (1, 24)])
def test_bits_go_by_the_index_in_c_order(shape: tuple[int, ...]) -> None:
    flat = drawn(lambda k, n: ops.random_bits(k, n, (24,)))
    np.testing.assert_array_equal(drawn(lambda k, n: ops.random_bits(k, n, shape)), flat.reshape(shape))


def test_shapes_of_one_and_of_no_element() -> None:
    assert drawn(lambda k, n: ops.random_bits(k, n, ())) == drawn(lambda k, n: ops.random_bits(k, n, (3,)))[0]
    assert drawn(lambda k, n: ops.random_uniform(k, n, (2, 0), float32)).shape == (2, 0)


def test_uniform_numbers_are_the_first_bits() -> None:
    a, b, *_ = words(1000)
    single = drawn(lambda k, n: ops.random_uniform(k, n, (1000,), float32))
    double = drawn(lambda k, n: ops.random_uniform(k, n, (1000,), float64))
    np.testing.assert_array_equal(single * 2.0**24, b >> 8)
    np.testing.assert_array_equal(double * 2.0**53, (a | b << 32) >> 11)
    np.testing.assert_array_equal(single, np.floor(double * 2.0**24) * 2.0**-24)
    assert (single.dtype, double.dtype) == (float32, float64)


@pytest.mark.parametrize("dtype", [float32, float64])
def test_uniform_numbers_are_uniform(dtype: Any) -> None:
    x = drawn(lambda k, n: ops.random_uniform(k, n, (100_000,), dtype)).astype(np.float64)
    assert 0 <= x.min() < 1e-4
    assert 1 - 1e-4 < x.max() < 1
    assert abs(x.mean() - 0.5) < 4 / math.sqrt(12 * x.size)
    assert abs(x.var() - 1 / 12) < 1e-3
    assert chi_square(np.floor(x * 100).astype(int), 100) < 150  # 99 degrees of freedom: above it 1 in 1500
    assert abs(np.corrcoef(x[:-1], x[1:])[0, 1]) < 4 / math.sqrt(x.size)


def chi_square(values: Array, classes: int) -> float:
    """Pearson's statistic for classes that are equally likely."""
    expected = values.size / classes
    return float(((np.bincount(values, minlength=classes) - expected) ** 2 / expected).sum())


@pytest.mark.parametrize("dtype", [float32, float64])
def test_normal_numbers_are_box_and_mullers(dtype: Any) -> None:
    a, b, c, d = words(1000)
    if dtype == float32:
        radius, turn, width = b.astype(np.uint32).view(np.int32), (d >> 8) * 2.0**-24, 32
    else:
        radius, turn, width = (a | b << 32).view(np.int64), ((c | d << 32) >> 11) * 2.0**-53, 64
    u = np.abs(radius.astype(np.longdouble) + 0.5) / 2.0 ** (width - 1)
    wanted = np.sqrt(-2 * np.log(u)) * np.cos(2 * np.pi * turn.astype(np.longdouble))
    found = drawn(lambda k, n: ops.random_normal(k, n, (1000,), dtype))
    assert found.dtype == dtype
    np.testing.assert_allclose(found, wanted.astype(np.float64), rtol=0, atol=16 * np.finfo(dtype).eps)


def test_normal_numbers_of_both_dtypes_are_nearly_the_same() -> None:
    single, double = (drawn(lambda k, n, t=t: ops.random_normal(k, n, (10_000,), t)) for t in (float32, float64))
    np.testing.assert_allclose(single, double, rtol=0, atol=1e-5)


@pytest.mark.parametrize("dtype", [float32, float64])
def test_normal_numbers_are_normal(dtype: Any) -> None:
    x = drawn(lambda k, n: ops.random_normal(k, n, (200_000,), dtype)).astype(np.float64)
    error = 4 / math.sqrt(x.size)
    assert np.isfinite(x).all()
    assert abs(x.mean()) < error
    assert abs(x.var() - 1) < error * math.sqrt(2)
    assert abs((x**3).mean()) < error * math.sqrt(15)
    assert abs((x**4).mean() - 3) < error * math.sqrt(96)
    inside = np.array([np.mean(np.abs(x) < k) for k in (1, 2, 3)])
    np.testing.assert_allclose(inside, [0.682689, 0.954500, 0.997300], atol=error)


@pytest.mark.parametrize(("dtype", "largest"), [("int32", 6.66), ("int64", 9.42)])
def test_the_ends_of_the_normal_distribution(dtype: str, largest: float) -> None:
    """A radius of 0 or -1 is the far end of the tail, one of the largest magnitude the middle."""
    floats = {"int32": float32, "int64": float64}[dtype]
    radius = np.array([0, -1, 1, np.iinfo(dtype).min, np.iinfo(dtype).max], dtype)
    found = value(box_muller, radius, np.zeros(5, floats))
    assert found[:2] == pytest.approx(largest, abs=0.005)
    assert 0.95 * largest < found[2] < found[1]
    assert found[3:].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("low", "count"),
    [(0, 1), (-5, 11), (7, 2**31), (-(2**40), 2**41 + 1), (-(2**63), 2**63), (-(2**63), 2**64 - 1), (-(2**63), 2**64)],
)
def test_integers_are_scaled_bits(low: int, count: int) -> None:
    bits = drawn(lambda k, n: ops.random_bits(k, n, (200,))).view(np.uint64)
    # The whole range needs no scaling, and -2^63 is the same as 2^63.
    wanted = [low + int(r) * count // 2**64 if count < 2**64 else int(r) - 2**64 * (int(r) >= 2**63) for r in bits]
    found = drawn(lambda k, n: ops.random_integers(k, n, (200,), low, count))
    np.testing.assert_array_equal(found, np.array(wanted, np.int64))
    assert found.min() >= low


def test_integers_are_equally_likely() -> None:
    found = drawn(lambda k, n: ops.random_integers(k, n, (70_000,), -3, 7))
    assert chi_square(found + 3, 7) < 20  # 6 degrees of freedom: above it 1 in 350


@given(st.lists(st.tuples(INT64, INT64), min_size=1, max_size=8))
def test_the_upper_half_of_a_product(pairs: list[tuple[int, int]]) -> None:
    x, y = np.array(pairs, np.int64).T.copy()
    wanted = [(int(a) % 2**64) * (int(b) % 2**64) >> 64 for a, b in pairs]
    found = value(lambda x, y: make(MULTIPLY_HIGH, (x, y)), x, y)
    np.testing.assert_array_equal(found.view(np.uint64), np.array(wanted, np.uint64))


def test_key_and_draw_are_inputs_and_the_index_is_a_constant() -> None:
    key, draw = (graph_input(number, (), np.dtype(np.int64)) for number in range(2))
    graph = graph_of([key, draw], [ops.random_uniform(key, draw, (2, 3), float32)])
    assert [node.op.name for node in graph.nodes if not node.inputs] == ["input", "input", "iota"]


def test_draws_are_constants_to_autodiff() -> None:
    key, draw = (graph_input(number, (), np.dtype(np.int64)) for number in range(2))
    x = graph_input(2, (3,), float32)
    noise = ops.random_normal(key, draw, (3,), float32)
    (found,) = gradients([ops.multiply(x, noise)], [ops.constant(1.0, float32, (3,))], [x])
    assert found is ops.multiply(ops.constant(1.0, float32, (3,)), noise)
