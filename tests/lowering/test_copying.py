"""Which elementwise kernels are transpositions."""

from __future__ import annotations

import pytest

from dark_jit.lowering.copying import TransposeSpec, TransposeTilesSpec, transposition
from dark_jit.lowering.kernel import Access, Accumulator, Argument, Body, ElementwiseSpec, Load, Store

ROWS, COLUMNS = Access(0, (30, 1)), Access(0, (1, 20))


def spec(*loads: Load, extents: tuple[int, ...] = (20, 30), store: Access = ROWS) -> ElementwiseSpec:
    arguments = (*(Argument(load.dtype, 600) for load in loads), Argument("float32", 600, True))
    return ElementwiseSpec(extents, arguments, Body(loads, (Store(0, len(loads), store),)), 16)


def test_the_transposed_load_becomes_the_accumulator():
    plain = spec(Load("float32", 0, COLUMNS), Load("float32", 1, ROWS))
    found = transposition(plain)
    assert found is not None
    assert (found.load, found.across) == (plain.epilogue.steps[0], 0)
    assert found.epilogue.steps == (Accumulator("float32"), plain.epilogue.steps[1])
    assert (found.axes, found.arguments, found.lanes) == (plain.axes, plain.arguments, plain.lanes)


@pytest.mark.parametrize(
    "plain",
    [
        spec(Load("float32", 0, ROWS)),
        spec(Load("float32", 0, Access(0, (0, 1)))),
        spec(Load("float32", 0, COLUMNS), Load("float32", 1, COLUMNS)),
        spec(Load("float32", 0, Access(0, (2, 40)))),
        spec(Load("float32", 0, Access(0, (1, 20), ((0, 20), (1, 30))))),
        spec(Load("bool", 0, COLUMNS)),
        spec(Load("float32", 0, COLUMNS), store=COLUMNS),
        spec(Load("float32", 0, Access(0, (1, 1))), extents=(1, 30), store=ROWS),
        spec(Load("float32", 0, Access(0, (1, 30))), extents=(30, 1), store=Access(0, (1, 1))),
    ],
    ids=["contiguous", "broadcast", "two", "strided", "padded", "bool", "store", "one row", "one column"],
)
def test_others_stay(plain):
    assert transposition(plain) is None


@pytest.mark.parametrize(
    ("extents", "tile"), [((512, 4608), (64, 256)), ((20, 30), (32, 32)), ((100, 5), (64, 16)), ((3, 300), (16, 256))]
)
def test_beside_many_operands_that_lie_along_the_last_axis_it_is_done_in_tiles(extents, tile):
    across, along = Load("float32", 0, Access(0, (1, extents[0]))), Access(0, (extents[1], 1))
    plain = spec(across, Load("float32", 1, along), Load("float32", 2, along), extents=extents, store=along)
    found = transposition(plain)
    assert isinstance(found, TransposeTilesSpec)
    assert (found.load, found.rows, found.columns) == (across, *tile)
    assert type(transposition(plain, vectors=False)) is TransposeSpec


def test_a_border_is_left_out_but_along_the_last_axis():
    plain = spec(Load("float32", 0, Access(0, (1, 20), ((1, 20), (0, 30)))))
    assert transposition(plain) is not None
    assert transposition(plain, vectors=False) is None
