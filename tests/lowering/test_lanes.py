"""How many elements a vector has: a register full of the widest argument, at most two of what is computed."""

from __future__ import annotations

import pytest

from dark_jit.lowering.kernel import Apply, Argument, Body, Constant, Index
from dark_jit.lowering.lanes import fitting, lanes
from dark_jit.lowering.target import Target

TARGET = Target("avx512", 64, 32, 2**15, 2**20, 2**25)


@pytest.mark.parametrize(
    ("arguments", "computed", "count"),
    [
        (["float32", "float32"], "float32", 16),
        (["uint8", "float32"], "float32", 16),  # 16 bytes become a register of floats
        (["uint8", "uint8"], "uint8", 64),
        (["uint8", "uint8"], "float32", 32),  # floats in between take two registers
        (["uint8", "uint8"], "float64", 16),
        (["float32", "bool"], "int64", 16),
        (["int64", "uint8"], "uint8", 8),
        (["bool"], "bool", 64),
        ([], "int16", 16),
    ],
)
def test_lanes(arguments: list[str], computed: str, count: int) -> None:
    body = Body((Constant("float64", "0.5"), Apply(computed, "add", (0, 0))))
    assert lanes([Argument(dtype, 10) for dtype in arguments], [body], TARGET.lanes) == count


def test_an_index_is_computed_too() -> None:
    assert lanes([Argument("int8", 10)], [Body((Index(0),))], TARGET.lanes) == 16


@pytest.mark.parametrize(
    ("count", "extent", "found"), [(64, 100, 64), (64, 33, 64), (64, 32, 32), (64, 5, 8), (64, 1, 4)]
)
def test_short_rows_have_fewer(count: int, extent: int, found: int) -> None:
    assert fitting(count, extent) == found
