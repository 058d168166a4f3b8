"""Scans: which axis, how long, of what, in which direction, with what before and behind them."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from dark_jit import ops
from dark_jit.graph.node import Node

from .programs import DTYPES, FLOATS, ISAS, check, numbers, run

pytestmark = pytest.mark.parametrize("isa", ISAS)


def scans(x: Node) -> list[Node]:
    """Every scan along every axis, in both directions."""
    found = []
    for axis in range(x.ndim):
        for reverse in (False, True):
            found.append(ops.cumsum(x, axis, reverse))
            if x.dtype.kind == "f":
                factors = ops.add(ops.tanh(x), 0.5)
                found += [ops.cumprod(factors, axis, reverse), ops.recurrence(factors, x, axis, reverse)]
            else:
                found.append(ops.cumprod(x, axis, reverse))
    return found


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_scan_of_every_dtype(isa: str, dtype: str) -> None:
    check(scans, [numbers(1, (3, 5, 19), dtype)], isa, scale=3)


@pytest.mark.parametrize("shape", [(1,), (3,), (16,), (37,), (1, 37), (37, 1), (2, 130), (130, 2), (17, 65), (3, 0)])
def test_lengths_of_the_axes(isa: str, shape: tuple[int, ...]) -> None:
    check(scans, [numbers(1, shape)], isa, scale=5)


@pytest.mark.parametrize("shape", [(16_411,), (16_411, 3), (3, 16_411), (5, 2000, 7)])
def test_long_axes(isa: str, shape: tuple[int, ...]) -> None:
    both = [(axis, reverse) for axis in range(len(shape)) for reverse in (False, True)]
    check(lambda x: [ops.cumsum(x, *each) for each in both], [numbers(1, shape)], isa, scale=50)


@settings(max_examples=12)
@given(data=st.data())
def test_moved_operands(isa: str, data: st.DataObject) -> None:
    """Transposed, flipped, sliced, padded and reshaped operands: all but a split scanned axis is an index map."""
    shape = tuple(data.draw(st.lists(st.sampled_from((1, 2, 3, 5, 17)), min_size=3, max_size=3)))
    axis, order = data.draw(st.integers(0, 2)), data.draw(st.permutations(range(3)))

    def moved(x: Node) -> list[Node]:
        y = ops.pad(ops.transpose(ops.flip(x, 1), order), [(1, 0), (0, 2), (0, 0)])
        part = ops.slice_(y, [(0, n, 2) for n in y.shape])
        flat = ops.reshape(y, (y.shape[0], -1))
        return [ops.cumsum(part, axis), ops.cumprod(part, axis), ops.cumsum(flat, axis % 2), ops.cumsum(flat, 1, True)]

    check(moved, [numbers(1, shape)], isa, scale=3)


def test_what_stands_before_and_behind_joins_the_kernel(isa: str) -> None:
    def build(x: Node, y: Node) -> list[Node]:
        total = ops.cumsum(ops.multiply(x, y), 1)
        return [ops.divide(total, ops.add(ops.abs_(y), 1.0))]

    arrays = [numbers(1, (9, 33)), numbers(2, (9, 33))]
    assert len(check(build, arrays, isa, differentiate=False).kernels) == 1
    check(build, arrays, isa)


@pytest.mark.parametrize("dtype", FLOATS)
def test_special_values(isa: str, dtype: str) -> None:
    """NaN and infinities stay from where they come on, and a product that is 0 stays so however large what follows."""
    x = np.ones((6, 40), dtype)
    x[0, 7], x[1, 3], x[2, 0], x[3, 20:22] = np.nan, np.inf, -np.inf, (np.inf, -np.inf)
    x[4, 2], x[5, 30] = 0, 0
    x[4:, 3:] = np.finfo(dtype).max / 8
    x[5, 30] = 0
    check(
        lambda x: [scan(x, axis, r) for scan in (ops.cumsum, ops.cumprod) for axis in (0, 1) for r in (False, True)],
        [x],
        isa,
        differentiate=False,
    )


def test_one_after_another_is_bit_for_bit_as_numpy(isa: str) -> None:
    """But for sums along the last axis, whose lanes are summed up first."""
    x = numbers(1, (50, 33))
    program = check(lambda x: [ops.cumsum(x, 0), ops.cumprod(x, 0), ops.cumprod(x, 1)], [x], isa, differentiate=False)
    for found, wanted in zip(run(program, [x]), (np.cumsum(x, 0), np.cumprod(x, 0), np.cumprod(x, 1)), strict=True):
        np.testing.assert_array_equal(found, wanted)
