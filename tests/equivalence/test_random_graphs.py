"""Graphs that hypothesis draws: reused nodes, several outputs, everything that may or may not fuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from .programs import FLOATS, ISAS, check_graph, numbers, traced
from .strategies import programs

pytestmark = pytest.mark.parametrize("isa", ISAS)


def check_program(shapes: Any, build: Any, dtype: str, isa: str, differentiate: bool) -> None:
    arrays = [numbers(i, shape, dtype) for i, shape in enumerate(shapes)]
    # Away from the kinks of floor, relu, sign and comparisons, where one rounding more decides.
    arrays = [np.round(array * 8) / 8 + dtype_step(dtype) for array in arrays]
    graph, values = traced(build, [array.astype(dtype) for array in arrays], differentiate)
    check_graph(graph, values, isa, scale=20)


def dtype_step(dtype: str) -> float:
    return 0.0371 if dtype == "float32" else 0.03701


@pytest.mark.parametrize("dtype", FLOATS)
@settings(max_examples=15)
@given(drawn=programs())
def test_random_graphs(isa: str, dtype: str, drawn: Any) -> None:
    check_program(*drawn, dtype, isa, differentiate=True)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", FLOATS)
@settings(max_examples=400)
@given(drawn=programs())
def test_many_random_graphs(isa: str, dtype: str, drawn: Any) -> None:
    check_program(*drawn, dtype, isa, differentiate=True)
