"""The roofline: what is computed from the ceilings, and that they are measured as kernels are."""

from __future__ import annotations

import pytest

from dark_jit.backends.llvm.target import machine
from dark_jit.inspection.roofline import SIZES, Roofline, roofline

ROOF = Roofline(1, {"float32": 100e9, "float64": 50e9}, ((1 << 14, 400e9), (1 << 20, 100e9), (1 << 26, 20e9)))


@pytest.mark.parametrize(("nbytes", "speed"), [(1, 400e9), (1 << 14, 400e9), (1 << 21, 100e9), (1 << 30, 20e9)])
def test_a_kernel_is_held_to_a_copy_of_its_size(nbytes: int, speed: float) -> None:
    assert ROOF.bandwidth(nbytes) == speed


def test_the_slower_of_arithmetic_and_memory_decides() -> None:
    assert ROOF.seconds(10**9, 1 << 14, "float32") == pytest.approx(0.01)
    assert ROOF.seconds(10**9, 1 << 14, "float64") == pytest.approx(0.02)
    assert ROOF.seconds(1, 1 << 26, "float32") == pytest.approx((1 << 26) / 20e9)
    assert (ROOF.bound(10**9, 1 << 14, "float32"), ROOF.bound(1, 1 << 26, "float32")) == ("compute", "memory")


def test_ceilings_are_measured_once() -> None:
    target = machine()
    found = roofline(target, 1)
    assert found is roofline(target, 1)
    assert [size for size, _ in found.bandwidths] == list(SIZES)
    assert found.bandwidths[0][1] > found.bandwidths[-1][1] > 1e8  # the first cache is faster than memory
    assert found.peaks["float32"] > 1.3 * found.peaks["float64"] > 1e9
