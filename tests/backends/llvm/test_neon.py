"""Every elementwise operation compiles for NEON, on whatever machine this is, and calls nothing but fmod."""

from __future__ import annotations

import pytest

from dark_jit.graph.node import OPS

from ...cross_compile import assembly
from .macro_runs import elementwise_text
from .test_scalar import ALL, BINARY, COMPARISONS, FLOATS, INTS, UNARY

REMAINDERS = frozenset(("fmod", "fmodf"))  # exact for quotients of any size, which nothing shorter is
MATHEMATICAL = ("exp", "log", "tanh", "sin", "cos", "erf")
NARROWING = [
    pair for half in ("float16", "bfloat16") for pair in ((half, "float32"), ("float32", half), ("float64", half))
]
# Of each operation, the dtypes of the operands and of the result.
CASES: dict[str, list[tuple[list[str], str]]] = {
    **{name: [([t], t) for t in dtypes] for name, dtypes in UNARY.items()},
    **{name: [([t, t], "bool" if name in COMPARISONS else t) for t in dtypes] for name, dtypes in BINARY.items()},
    **{name: [([t], t) for t in FLOATS] for name in MATHEMATICAL},
    "power": [([t, t], t) for t in [*INTS, *FLOATS]],
    "nextafter": [([t, t], t) for t in FLOATS],
    "where": [(["bool", t, t], t) for t in ALL],
    "cast": [*(([t], to) for t in ALL for to in ALL if t != to), *((list(pair[:1]), pair[1]) for pair in NARROWING)],
    "philox_low": [(["int64"] * 3, "int64")],
    "philox_high": [(["int64"] * 3, "int64")],
    "multiply_high": [(["int64"] * 2, "int64")],
    "unit_float32": [(["int64"], "float32")],
    "unit_float64": [(["int64"], "float64")],
}


def test_no_operation_is_left_out() -> None:
    names = {op.name for op in OPS.values() if op.kind == "elementwise"}
    # copies compute nothing; operations of tests are defined outside of dark_jit
    assert {name for name in names - {"copy", "placed"} if not name.startswith("test_")} == set(CASES)


@pytest.mark.parametrize("name", CASES)
def test_it_compiles(name: str) -> None:
    for operands, result in CASES[name]:
        lanes = 16 // max(
            8 if t.endswith("64") else 4 if t.endswith("32") else 2 if t.endswith("16") else 1
            for t in [*operands, result]
        )
        text = elementwise_text(name, "neon", operands, result, 64, lanes)
        assert "kernel:" in assembly(text, "neon", REMAINDERS)
