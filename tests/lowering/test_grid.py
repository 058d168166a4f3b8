"""How a card cuts contractions: the model's choices, and answers that come before them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit.lowering.fusion import fuse
from dark_jit.lowering.grid import GridContractionSpec
from dark_jit.lowering.nest import Nest
from dark_jit.lowering.select import grid_tilings, select
from dark_jit.lowering.target import Gpu
from dark_jit.transforms import passes

H200 = Gpu("sm_90", 132)


def nest_of(fn: Callable[..., Any], *shapes: tuple[int, ...]) -> Nest:
    graph = dark.compile(fn, backend="reference").graph_for(*(np.zeros(shape, np.float32) for shape in shapes))
    return next(nest for nest in fuse(passes.run(graph)[-1][1]).nests if nest.lead.op.kind == "contraction")


def contraction(nest: Nest, target: Gpu = H200) -> GridContractionSpec:
    (spec,) = [each.spec for each in select(nest, target) if isinstance(each.spec, GridContractionSpec)]
    return spec


def product(rows: int, terms: int, columns: int) -> Nest:
    return nest_of(lambda x, y: x @ y, (rows, terms), (terms, columns))


@pytest.mark.parametrize(
    ("shape", "tile"),
    [((4096, 4096, 4096), (128, 64)), ((32, 32, 32), (32, 32))],  # measured: docs/performance.md
)
def test_large_products_take_large_tiles(shape: tuple[int, int, int], tile: tuple[int, int]) -> None:
    spec = contraction(product(*shape))
    assert (spec.tile.rows, spec.tile.columns) == tile


def test_long_sums_with_few_results_are_cut_into_slices() -> None:
    assert contraction(product(64, 100_000, 64)).chunk
    assert not contraction(product(4096, 4096, 4096)).chunk


@pytest.mark.parametrize("precision", ["default", "tf32", "strict"])
def test_an_answer_comes_before_the_model(precision: str) -> None:
    nest, target = product(1000, 3000, 500), Gpu("sm_90", 132, precision=precision)
    targets = grid_tilings(nest, target, 6)
    specs = [contraction(nest, each) for each in targets]
    assert len(set(specs)) == 6
    assert specs[0] == contraction(nest, target)


def test_an_answer_is_for_one_contraction() -> None:
    nest, other = product(1000, 3000, 500), product(1000, 3000, 501)
    target = grid_tilings(nest, H200, 2)[1]
    assert contraction(nest, target) != contraction(nest)
    assert contraction(other, target) == contraction(other)


def test_an_answer_that_names_no_tile_is_not_taken() -> None:
    nest = product(1000, 3000, 500)
    ((question, _),) = grid_tilings(nest, H200, 1)[0].measured
    assert contraction(nest, H200.answering(question, (7, 7, "fma", 1))) == contraction(nest)
