"""Which operands of a contraction are copied first on a card, and what the copies hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit.lowering.schedule import schedule
from dark_jit.lowering.target import Gpu
from dark_jit.transforms import passes


def _product(x: Any, y: Any) -> Any:
    return x @ y


def _convolution(x: Any, w: Any) -> Any:
    return dark.conv2d(x, w, padding=1)


def copied(fn: Callable[..., Any], *shapes: tuple[int, ...], precision: str = "default", arch: str = "sm_90") -> int:
    """How many copies stand before the contraction of a program."""
    graph = dark.compile(fn, backend="reference").graph_for(*(np.zeros(shape, np.float32) for shape in shapes))
    tasks = schedule(passes.run(graph)[-1][1], Gpu(arch, 132, precision=precision)).tasks
    return sum("neighbours in memory" in task.reason for task in tasks)


@pytest.mark.parametrize("precision", ["default", "tf32", "strict"])
def test_the_kernel_of_a_large_convolution_is_copied_and_its_image_is_not(precision: str) -> None:
    assert copied(_convolution, (64, 64, 28, 28), (64, 64, 3, 3), precision=precision) == 1


def test_a_small_convolution_is_not_worth_it() -> None:
    assert copied(_convolution, (2, 16, 8, 8), (16, 16, 3, 3)) == 0


def test_tensor_cores_read_matrices_either_way() -> None:
    for fn in (_product, lambda x, y: x @ y.T, lambda x, y: x.T @ y):
        assert copied(fn, (4096, 4096), (4096, 4096)) == 0


def test_the_ordinary_units_want_neighbouring_lines() -> None:
    large = (4096, 4096), (4096, 4096)
    assert copied(_product, *large, precision="strict") == 1
    assert copied(lambda x, y: x @ y.T, *large, precision="strict") == 2
    assert copied(lambda x, y: x.T @ y, *large, precision="strict") == 0
    assert copied(_product, *large, arch="sm_75") == 1


def test_a_copy_that_costs_more_than_it_gives_is_not_made() -> None:
    assert copied(_product, (4096, 4096), (4096, 64), precision="strict") == 0


def test_batches_are_left_alone() -> None:
    assert copied(_product, (8, 2048, 2048), (8, 2048, 2048), precision="strict") == 0
