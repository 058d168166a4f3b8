"""The macros of random bits against NumPy, bit by bit; and that a product of words is one instruction."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit.backends.llvm.compile import compile_module
from dark_jit.graph.node import OPS

from .macro_runs import ISAS, Array, elementwise, elementwise_text

UNITS = {"unit_float32": "float32", "unit_float64": "float64"}
LANES = {"avx512": 8, "avx2": 4, "sse2": 2, "neon": 2}
ARGUMENTS = {"philox_low": 3, "philox_high": 3, "multiply_high": 2}

pytestmark = pytest.mark.parametrize("isa", ISAS)


def operands(count: int) -> list[Array]:
    """Random int64s and the ones at the ends of words and halves, in all pairs."""
    ends = np.array([0, 1, -1, 2**31, 2**32 - 1, 2**32, -(2**31), -(2**32), 2**63 - 1, -(2**63)], np.int64)
    rng = np.random.default_rng(count)
    some = [rng.integers(-(2**63), 2**63 - 1, 200, endpoint=True) for _ in range(count)]
    grids = np.meshgrid(*[ends] * count)
    return [np.concatenate([grid.ravel(), numbers]) for grid, numbers in zip(grids, some, strict=True)]


@pytest.mark.parametrize("name", ARGUMENTS)
@pytest.mark.parametrize("lanes", [1, 2, 4, 8, 16])
def test_the_same_bits_as_numpy(name: str, isa: str, lanes: int) -> None:
    given = operands(ARGUMENTS[name])
    wanted = OPS[name].numpy(None, *given)
    np.testing.assert_array_equal(elementwise(name, isa, *given, lanes=lanes), wanted)


@pytest.mark.parametrize("name", UNITS)
@pytest.mark.parametrize("lanes", [1, 2, 4, 8, 16])
def test_the_same_numbers_as_numpy(name: str, isa: str, lanes: int) -> None:
    (bits,) = operands(1)
    found = elementwise(name, isa, bits, result=UNITS[name], lanes=lanes)
    np.testing.assert_array_equal(found, OPS[name].numpy(None, bits), strict=True)
    assert found.min() == 0
    assert 0.9999 < found.max() < 1


@pytest.mark.parametrize("name", ARGUMENTS)
def test_one_multiplication_a_product(name: str, isa: str) -> None:
    """Philox takes two products in each of ten rounds, but for the last; other instructions take part in none."""
    if isa == "neon":
        pytest.skip("how NEON widens is its own matter")
    text = elementwise_text(name, isa, ["int64"] * ARGUMENTS[name], "int64", LANES[isa], LANES[isa])
    lines = [line.split()[0] for line in compile_module(text, isa).asm.splitlines() if line.startswith("\t")]
    products = [line for line in lines if "mul" in line]
    assert set(products) <= {"pmuludq", "vpmuludq", "vpmullq"}
    assert len(products) == (4 if name == "multiply_high" else 19)
    assert "call" not in " ".join(lines)
