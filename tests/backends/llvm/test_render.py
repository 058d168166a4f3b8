"""The renderer: what all templates are given, and the properties of every text."""

from __future__ import annotations

import re

import pytest

from dark_jit.backends.llvm.render import Renderer, render
from dark_jit.lowering.copying import transposition
from dark_jit.lowering.extrema import plan as extremum_plan
from dark_jit.lowering.gathering import STATUS, GatherSpec, TakeSpec
from dark_jit.lowering.kernel import (
    Access,
    Accumulator,
    Apply,
    Argument,
    Body,
    ElementwiseSpec,
    Inside,
    KernelSpec,
    Load,
    Store,
)
from dark_jit.lowering.pooling import PoolSpec, Windows, scatter
from dark_jit.lowering.reduction import plan
from dark_jit.lowering.scanning import plan as scan_plan
from dark_jit.lowering.scattering import plan as scatter_plan
from dark_jit.lowering.sorting import plan as sort_plan
from dark_jit.lowering.target import Target

AVX512 = Target("avx512", 64, 32, 32 << 10, 1 << 20, 8 << 20)
F4 = "float32"


def elementwise(access: Access, extents: tuple[int, ...]) -> ElementwiseSpec:
    store = Store(0, 1, Access(0, (extents[1], 1)))
    arguments = (Argument(F4, 5000), Argument(F4, extents[0] * extents[1], True))
    return ElementwiseSpec(extents, arguments, Body((Load(F4, 0, access),), (store,)), 16)


def update(extents: tuple[int, int]) -> ElementwiseSpec:
    """Two results from one operand that lies the other way and one that does not."""
    rows, size = Access(0, (extents[1], 1)), extents[0] * extents[1]
    arguments = tuple(Argument(F4, size, written=number > 1) for number in range(4))
    steps = Load(F4, 0, Access(0, (1, extents[0]))), Load(F4, 1, rows), Apply(F4, "add", (0, 1))
    return ElementwiseSpec(extents, arguments, Body(steps, (Store(0, 2, rows), Store(2, 3, rows))), 16)


def pool(kind: str) -> KernelSpec:
    windows = Windows((9, 9), (4, 4), (3, 3) if kind == "overlap" else (2, 2), (2, 2), (0, 0))
    x, g = Load(F4, 0, Access(0, (81 * 20, 180, 20, 1))), Load(F4, 1, Access(0, (320, 80, 20, 1)))
    arguments = (Argument(F4, 1620), Argument(F4, 320), Argument(F4, 1620, True))
    body = Body((Accumulator(F4),), (Store(0, 2, x.access),))
    if kind == "pool":
        return PoolSpec((1, 4, 4, 20), arguments, Body(body.steps, (Store(0, 2, g.access),)), 16, windows, x)
    return scatter((1, 9, 9, 20), arguments, body, 16, windows, x, g)


def reduce(*strides: int) -> KernelSpec:
    prologue = Body((Load(F4, 0, Access(0, strides)),))
    epilogue = Body((Accumulator(F4),), (Store(0, 1, Access(0, (1,))),))
    arguments = (Argument(F4, 5000), Argument(F4, 50, True))
    return plan((50,), (100,), prologue, 0, "sum", epilogue, arguments, AVX512).first


def indexed(index: Access) -> KernelSpec:
    arguments = (Argument(F4, 180), Argument("int32", 100), Argument(F4, 100, True))
    body = Body((Accumulator(F4),), (Store(0, 2, Access(0, (20, 1))),))
    data = Load(F4, 0, Access(0, (0, 1, 20)))
    kind = GatherSpec if index.strides[-1] else TakeSpec
    return kind((5, 20), (*arguments, STATUS), body, 16, Load("int32", 1, index), 9, 3, data)


def scattered(index: Access, values: bool = True, base: bool = False) -> KernelSpec:
    written = Argument(F4 if values else "int64", 360, True)
    arguments = (Argument("int32", 60), Argument(F4, 240), Argument(F4, 360), written)
    loads = Load("int32", 0, index), Load(F4, 1, Access(0, (120, 20, 1))), Load(F4, 2, Access(0, (180, 20, 1)))
    out = Load(written.dtype, 3, Access(0, (180, 20, 1)))
    given = loads[1] if values else None, loads[2] if base else None
    return scatter_plan((2, 9, 20), 6, arguments, out, loads[0], *given, AVX512)


def scan(axis: int) -> KernelSpec:
    bodies = (
        Body((Load(F4, 0, Access(0, (100, 1))),)),
        Body((Accumulator(F4),), (Store(0, 1, Access(0, (100, 1))),)),
    )
    groups = ((50,), (100,), ()) if axis else ((), (50,), (100,))
    return scan_plan(groups, bodies, (0,), "cumsum", False, (Argument(F4, 5000), Argument(F4, 5000, True)), AVX512)[0]


def argreduce(*strides: int) -> KernelSpec:
    bodies = Body((Load(F4, 0, Access(0, strides)),)), Body((Accumulator("int64"),), (Store(0, 1, Access(0, (1,))),))
    arguments = (Argument(F4, 5000), Argument("int64", 50, True))
    return extremum_plan(((50,), (100,)), bodies, 0, "max", arguments, AVX512)[0]


def sort(extent: int) -> KernelSpec:
    access = Access(0, (extent, 1))
    body = Body((Accumulator("int64"),), (Store(0, 1, access),))
    arguments = (Argument(F4, 5 * extent), Argument("int64", 5 * extent, True))
    return sort_plan((5, extent), arguments, body, Load(F4, 0, access), False, AVX512)[0]


SPECS = {
    "elementwise": elementwise(Access(0, (100, 1)), (50, 100)),
    "transpose": transposition(elementwise(Access(0, (1, 50)), (50, 100))),
    "transpose_tiles": transposition(update((50, 300))),
    "reduce": reduce(1, 50),
    "reduce_rows": reduce(100, 1),
    "pool": pool("pool"),
    "pool_scatter": pool("overlap"),
    "pool_scatter_tiles": pool("tiles"),
    "argreduce": argreduce(1, 50),
    "argreduce_rows": argreduce(100, 1),
    "scan": scan(0),
    "scan_rows": scan(1),
    "take": indexed(Access(0, (1, 0))),
    "gather": indexed(Access(0, (20, 1))),
    "scatter": scattered(Access(0, (120, 20, 1))),
    "scatter_slices": scattered(Access(0, (6, 1, 0)), base=True),
    "last_writer": scattered(Access(0, (120, 20, 1)), values=False),
    "rank_sort": sort(40),
    "radix_sort": sort(1000),
}


@pytest.fixture(params=SPECS)
def text(request: pytest.FixtureRequest) -> str:
    spec = SPECS[request.param]
    assert spec is not None and spec.template == request.param
    return render(spec, AVX512).text


def test_a_text_opens_with_its_formula_and_has_no_empty_lines(text):
    first, second = text.splitlines()[:2]
    assert first.startswith("; ") and (":" in first or second.startswith(";   "))
    assert not re.search(r"\n\s*\n|[ \t]\n", text)
    assert text.endswith("}\n") or re.search(r"\ndeclare [^\n]+\n$", text)


def test_what_is_called_is_declared_once_and_in_order(text):
    declared = re.findall(r"^declare .*?@([\w.]+)", text, re.MULTILINE)
    assert declared == sorted(set(declared)) == sorted(set(re.findall(r"call [^@\n]*@([\w.]+)", text)))


def test_values_and_blocks_are_indented_and_named(text):
    body = text[text.index("entry:") : text.index("\n}")].splitlines()
    assert all(re.match(r"(  \S|[\w.]+:$)", line) for line in body)
    assert not re.search(r"%\d", text)


def test_parameters_tell_their_dtype_and_size():
    params = Renderer(SPECS["elementwise"], AVX512).params()
    assert params.splitlines() == [
        "  %a0.at = getelementptr ptr, ptr %args, i64 0    ; float32[5000]",
        "  %a0 = load ptr, ptr %a0.at",
        "  %a1.at = getelementptr ptr, ptr %args, i64 1    ; float32[5000], written",
        "  %a1 = load ptr, ptr %a1.at",
    ]
    assert Renderer(SPECS["elementwise"], AVX512).params([1]).count("load") == 1


def test_an_address_adds_only_what_is_not_zero():
    renderer = Renderer(SPECS["elementwise"], AVX512)
    assert renderer.address("%p", 0, Access(7, (0, 1)), ["%i", "0"]) == "  %p = getelementptr float, ptr %a0, i64 7\n"
    assert renderer.address("%p", 0, Access(0, (0, 1)), ["%i", "%j"]) == "  %p = getelementptr float, ptr %a0, i64 %j\n"
    assert renderer.address("%p", 0, Access(7, (3, 1)), ["%i", "%j"]) == (
        "  %p.step0 = mul nsw i64 %i, 3\n"
        "  %p.sum0 = add nsw i64 7, %p.step0\n"
        "  %p.sum1 = add nsw i64 %p.sum0, %j\n"
        "  %p = getelementptr float, ptr %a0, i64 %p.sum1\n"
    )


def test_only_ranges_that_leave_something_out_are_tested():
    spec = elementwise(Access(0, (100, 1), ((0, 50), (0, 100))), (50, 100))
    assert "icmp u" not in Renderer(spec, AVX512).emit(spec.epilogue, "", ["%i", "%j"], 16, "v")
    spec = elementwise(Access(0, (100, 1), ((0, 50), (1, 100))), (50, 100))
    assert Renderer(spec, AVX512).emit(spec.epilogue, "", ["%i", "%j"], 16, "v").count("icmp ult") == 1


@pytest.mark.parametrize("ranges, ands", [(((0, 50), (0, 100)), 1), (((1, 50), (0, 100)), 1), (((1, 50), (1, 100)), 1)])
def test_inside_always_defines_its_value(ranges, ands):
    body = Body((Inside(ranges),), (Store(0, 1, Access(0, (100, 1))),))
    spec = ElementwiseSpec((50, 100), (Argument(F4, 1), Argument("bool", 5000, True)), body, 16)
    text = Renderer(spec, AVX512).emit(body, "", ["%i", "%j"], 16, "v")
    assert len(re.findall(r"%v0 = and ", text)) == ands
