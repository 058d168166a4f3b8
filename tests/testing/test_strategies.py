"""The strategies draw what they say, and graphs of them are the same everywhere."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import find, given, settings

from dark_jit import testing
from dark_jit.testing import strategies


@given(strategies.arrays(np.int32, strategies.shapes(2, 2)))
def test_arrays(array: Any) -> None:
    assert array.dtype == np.int32
    assert array.ndim == 2


@given(strategies.arrays("float16", (2, 3)))
def test_arrays_of_16_bits(array: Any) -> None:
    assert (array.dtype, array.shape) == (np.float16, (2, 3))


def test_arrays_of_all_kinds_are_drawn() -> None:
    drawn = strategies.arrays(shape=(3, 5))
    assert find(drawn, lambda a: not a.flags.c_contiguous).shape == (3, 5)
    assert find(drawn, lambda a: min(a.strides) < 0).shape == (3, 5)
    assert find(strategies.shapes(), lambda shape: 0 in shape) is not None


@given(strategies.broadcastable(3))
def test_broadcastable(shapes: Any) -> None:
    np.broadcast_shapes(*shapes)


@settings(max_examples=10)
@given(case=strategies.graphs())
def test_graphs(case: Any) -> None:
    shape, program = case
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=shape), rng.normal(size=shape)
    assert all(result.shape == shape for result in program(testing.cases.Parameter(x), testing.cases.Parameter(y)))
    testing.assert_equivalent(program, x, y, backends=["cpu"], gradients=True)
