"""Sorting: every axis, dtype and direction, with its gradient; and what is composed of it."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from dark_jit import ops
from dark_jit.graph.node import Node

from .programs import DTYPES, FLOATS, ISAS, check, numbers

pytestmark = pytest.mark.parametrize("isa", ISAS)

ORDERS = (False, True)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("shape", [(3, 5, 19), (2, 1, 300), (140, 3), (1,), (1, 1)])
def test_every_axis(isa: str, dtype: str, shape: tuple[int, ...]) -> None:
    """Integers and bool have many ties, where the order decides."""
    both = [(axis, order) for axis in range(len(shape)) for order in ORDERS]
    check(lambda x: [ops.argsort(x, *each) for each in both], [numbers(1, shape, dtype)], isa)
    check(lambda x: [ops.sort(x, *each) for each in both], [numbers(1, shape, dtype)], isa)


@settings(max_examples=12)
@given(data=st.data())
def test_moved_and_computed_operands(isa: str, data: st.DataObject) -> None:
    shape = tuple(data.draw(st.lists(st.sampled_from((1, 2, 3, 5, 17, 40)), min_size=3, max_size=3)))
    order, axis, descending = (
        data.draw(st.permutations(range(3))),
        data.draw(st.integers(0, 2)),
        data.draw(st.booleans()),
    )

    def moved(x: Node) -> list[Node]:
        y = ops.slice_(ops.transpose(ops.flip(x, 1), order), [(0, shape[a], 2) for a in order])
        places = ops.argsort(y, axis, descending)
        flat = ops.reshape(ops.negative(y), (y.shape[0], -1))
        return [places, ops.multiply(places, 2), ops.sort(flat, 1, descending), ops.tanh(ops.sort(y, axis))]

    check(moved, [numbers(1, shape)], isa)


@pytest.mark.parametrize("dtype", FLOATS)
def test_nan_is_the_largest(isa: str, dtype: str) -> None:
    x = numbers(1, (6, 150), dtype)
    x[0, ::7], x[1, 3], x[2], x[3, ::2], x[4, 5:9] = np.nan, -np.inf, np.nan, -0.0, (np.inf, np.nan, -np.inf, -np.nan)
    x[3, 1::2] = 0
    both = [(axis, order) for axis in (0, 1) for order in ORDERS]
    check(lambda x: [ops.argsort(x, *each) for each in both], [x], isa, differentiate=False)


@pytest.mark.parametrize("k", [0, 1, 5, 33])
def test_topk(isa: str, k: int) -> None:
    def largest(x: Node) -> list[Node]:
        return [*ops.topk(x, k), *ops.topk(x, min(k, 7), 0, largest=False)]

    check(largest, [numbers(1, (7, 33))], isa)


@pytest.mark.parametrize("size", [1, 2, 7, 8, 100])
@pytest.mark.parametrize("dtype", ["int32", *FLOATS])
def test_searchsorted(isa: str, size: int, dtype: str) -> None:
    a = np.sort(numbers(1, (size,), dtype))
    v = np.concatenate([numbers(2, (40,), dtype), a, a[:1] - 1, a[-1:] + 1])
    check(lambda a, v: [ops.searchsorted(a, v, right) for right in ORDERS], [a, v], isa, differentiate=False)


def test_a_median_has_a_gradient(isa: str) -> None:
    check(lambda x: ops.slice_(ops.sort(x, 1), [(0, 9, 1), (16, 17, 1)]), [numbers(1, (9, 33))], isa)
