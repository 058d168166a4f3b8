"""max_pool2d and its gradient: overlaps, gaps, padding, ties, NaN; and the gradient's gradient."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from dark_jit import ops
from dark_jit.graph.node import Node
from dark_jit.transforms.autodiff import gradients

from .programs import FLOATS, ISAS, check, numbers
from .strategies import Pooling, poolings

pytestmark = pytest.mark.parametrize("isa", ISAS)


def check_pooling(case: Pooling, dtype: str, isa: str) -> None:
    """Few different values, so that many tie, and some NaN."""
    x = np.round(2 * numbers(1, case.x, dtype))
    x[np.random.default_rng(2).random(case.x) < 0.05] = np.nan
    check(lambda x: ops.max_pool2d(x, case.kernel_size, case.stride, case.padding), [x], isa)


@pytest.mark.parametrize("dtype", FLOATS)
@settings(max_examples=30)
@given(case=poolings())
def test_poolings(isa: str, dtype: str, case: Pooling) -> None:
    check_pooling(case, dtype, isa)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", FLOATS)
@settings(max_examples=300)
@given(case=poolings())
def test_many_poolings(isa: str, dtype: str, case: Pooling) -> None:
    check_pooling(case, dtype, isa)


def test_computed_operands_and_epilogues(isa: str) -> None:
    def pooled(x: Node) -> list[Node]:
        y = ops.max_pool2d(ops.relu(ops.subtract(x, 0.5)), 3, 2, 1)
        return [y, ops.tanh(y), ops.sum_(y, (2, 3)), ops.transpose(y, (0, 2, 3, 1))]

    check(pooled, [numbers(1, (2, 19, 9, 11))], isa)


def test_the_gradient_of_the_gradient(isa: str) -> None:
    def second(x: Node, w: Node) -> list[Node]:
        y = ops.max_pool2d(x, (2, 3), (2, 2))
        (g,) = gradients([y], [ops.multiply(w, w)], [x])
        assert g is not None
        return [g, ops.sum_(ops.multiply(g, ops.exp(x)))]

    check(second, [numbers(1, (2, 3, 6, 7)), numbers(2, (2, 3, 3, 3))], isa)


def test_infinities(isa: str) -> None:
    x = numbers(1, (1, 8, 6, 6))
    x[0, :4] = -np.inf
    x[0, 5, 2] = np.inf
    check(lambda x: ops.max_pool2d(x, 3, 2, 1), [x], isa)
