"""Whole programs on the emulator: NumPy's numbers in any order of threads, and nothing that is forbidden."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit.backends.cuda import emulator
from dark_jit.backends.cuda.emulator import Order
from dark_jit.backends.cuda.runtime import EmulatedDevice

from .programs import PROGRAMS, assert_right, kernels_of, run

pytestmark = pytest.mark.skipif(not emulator.available(), reason="the emulator needs g++")


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_numbers(name: str) -> None:
    assert_right(PROGRAMS[name], EmulatedDevice())


@pytest.mark.parametrize("name", PROGRAMS)
def test_watched_and_backwards(name: str) -> None:
    assert_right(PROGRAMS[name], EmulatedDevice(checked=True, order=Order.BACKWARD))


@pytest.mark.parametrize("name", ["rows by many warps", "columns, in chunks", "product in slices", "transposition"])
def test_the_order_of_threads_changes_no_bit(name: str) -> None:
    results = [run(PROGRAMS[name], EmulatedDevice(order=order)) for order in Order]
    for others in results[1:]:
        for first, other in zip(results[0], others, strict=True):
            np.testing.assert_array_equal(first, other)


def test_the_programs_use_every_template() -> None:
    used = {kernel.symbol for case in PROGRAMS.values() for kernel in kernels_of(case)}
    families = {"elementwise", "transpose", "reduce", "reduce_rows", "gemm", "conv2d", "pool", "pool_scatter"}
    families |= {"argreduce", "scan", "rank_sort", "take", "scatter", "last_writer"}
    assert used == families
