"""Windows: when they reach over the edge, and when they tile the image."""

from __future__ import annotations

import pytest

from dark_jit.lowering.kernel import Access, Accumulator, Argument, Body, Load, Store
from dark_jit.lowering.pooling import PoolScatterSpec, PoolScatterTilesSpec, PoolSpec, Windows, scatter

TILES = Windows((7, 6), (3, 3), (2, 2), (2, 2), (0, 0))
OVERLAP = Windows((7, 6), (3, 2), (3, 3), (2, 2), (0, 0))
PADDED = Windows((7, 7), (4, 4), (3, 3), (2, 2), (1, 1))
OVER_THE_END = Windows((7, 6), (4, 3), (2, 2), (2, 2), (0, 0))


@pytest.mark.parametrize(
    "windows, clipped, tile",
    [
        (TILES, (False, False), True),
        (OVERLAP, (False, False), False),
        (PADDED, (True, True), False),
        (OVER_THE_END, (True, False), False),
    ],
)
def test_windows(windows, clipped, tile):
    assert (windows.clipped(0), windows.clipped(1), windows.tile) == (*clipped, tile)


def test_the_form_of_the_gradient_and_its_flops():
    x, g = Load("float32", 0, Access(0, (42, 6, 1, 1))), Load("float32", 1, Access(0, (9, 3, 1, 1)))
    body = Body((Accumulator("float32"),), (Store(0, 2, x.access),))
    arguments = Argument("float32", 42), Argument("float32", 9), Argument("float32", 42, True)
    tiles = scatter((1, 7, 6, 1), arguments, body, 16, TILES, x, g)
    general = scatter((1, 7, 6, 1), arguments, body, 16, OVERLAP, x, g)
    assert (type(tiles), tiles.flops) == (PoolScatterTilesSpec, 9 * 4)
    assert general.band == 8
    assert (type(general), general.flops) == (PoolScatterSpec, 6 * 9)


def test_flops_of_pooling():
    x = Load("float32", 0, Access(0, (42, 6, 1, 1)))
    body = Body((Accumulator("float32"),), (Store(0, 1, Access(0, (9, 3, 1, 1))),))
    arguments = Argument("float32", 42), Argument("float32", 9, True)
    assert PoolSpec((1, 3, 3, 1), arguments, body, 16, TILES, x).flops == 9 * 4
