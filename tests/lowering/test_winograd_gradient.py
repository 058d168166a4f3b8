"""Which gradients of kernels are computed by Winograd's method, and how they are cut."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.graph.graph import graph_input, make_graph
from dark_jit.graph.node import Node
from dark_jit.lowering import winograd_gradient
from dark_jit.lowering.schedule import Task, schedule
from dark_jit.lowering.target import Target
from dark_jit.lowering.winograd_gradient import WinogradGradientSpec, WinogradPointsSpec
from dark_jit.transforms import passes
from dark_jit.transforms.autodiff import gradients

AVX512 = Target("avx512", 64, 32, 48 << 10, 2 << 20, 32 << 20, cores=2)
SSE2 = Target("sse2", 16, 16, 32 << 10, 1 << 20, 32 << 20)


def tasks(
    images: tuple[int, ...], kernels: tuple[int, ...], target: Target = AVX512, dtype: Any = np.float32, **options: Any
) -> list[Task]:
    """The kernels that compute the gradient of a convolution's kernels."""
    x, k = (graph_input(i, shape, np.dtype(dtype)) for i, shape in enumerate((images, kernels)))
    y = ops.conv2d(x, k, **{"padding": 1, **options})
    g = graph_input(2, y.shape, np.dtype(dtype))
    (found,) = gradients([y], [g], [k])
    assert isinstance(found, Node)
    return list(schedule(passes.run(make_graph([x, k, g], [found]))[-1][1], target).tasks)


def main_of(*args: Any, **options: Any) -> WinogradGradientSpec:
    (found,) = (task.spec for task in tasks(*args, **options) if task.spec.template == "winograd_gradient")
    assert isinstance(found, WinogradGradientSpec)
    return found


@pytest.mark.parametrize("target", [AVX512, SSE2])
def test_wide_layers_take_it(target: Target) -> None:
    found = tasks((4, 64, 30, 32), (128, 64, 3, 3), target)
    inputs, of_outputs = (task.spec for task in found if task.spec.template == "winograd_points")
    assert isinstance(inputs, WinogradPointsSpec) and isinstance(of_outputs, WinogradPointsSpec)
    assert (inputs.side, inputs.extents, inputs.panel) == (6, (32, 34), target.lanes(4))
    assert (of_outputs.side, of_outputs.extents, of_outputs.tiles) == (4, (30, 32), 256)
    assert "of the direct one's time, by the model" in found[-1].reason or "along different axes" in found[-1].reason


def test_sums_fit_into_the_second_cache() -> None:
    main = main_of((32, 512, 8, 8), (512, 512, 3, 3))
    assert main.slot_elements * 4 <= AVX512.l2_bytes * 0.6
    assert main.lanes % main.rows == 0 and main.block % main.lanes == 0
    assert main.rows * main.vectors + main.vectors < AVX512.registers
    assert main.chunk < main.tiles + 1 and main.chunk % main.unroll == 0
    assert main.panels * main.blocks >= 2 * AVX512.cores and main.slots == 2


def test_few_channels_are_shared_too() -> None:
    main = main_of((32, 32, 32, 32), (32, 32, 3, 3))
    assert main.panels * main.blocks >= AVX512.cores


@pytest.mark.parametrize(
    ("images", "kernels", "options"),
    [
        ((4, 64, 32, 32), (64, 64, 3, 3), {"stride": 2}),
        ((4, 64, 32, 32), (64, 64, 3, 3), {"dilation": 2}),
        ((4, 64, 32, 32), (64, 32, 3, 3), {"groups": 2}),
        ((4, 64, 32, 32), (64, 64, 5, 5), {}),
        ((4, 64, 32, 32), (64, 64, 1, 1), {"padding": 0}),
        ((4, 3, 32, 32), (64, 3, 3, 3), {}),  # few channels
        ((1, 64, 3, 3), (64, 64, 3, 3), {}),  # one tile
        ((64, 64, 224, 224), (64, 64, 3, 3), {}),  # transformed tiles of 3.7 GB
        ((4, 64, 32, 32), (64, 64, 3, 3), {"dtype": np.float64}),
        ((4, 64, 32, 32), (64, 64, 3, 3), {"target": replace(AVX512, strict=True)}),
    ],
)
def test_others_do_not(images: tuple[int, ...], kernels: tuple[int, ...], options: dict[str, Any]) -> None:
    assert "winograd_gradient" not in [task.spec.template for task in tasks(images, kernels, **options)]


def test_reasons_are_given() -> None:
    layer = winograd_gradient.Layer(0, 1, 2, 4, 32, 32, 64, 64)
    assert winograd_gradient.suits(layer, "float64", AVX512) == (False, "Winograd's method is for float32")
    assert winograd_gradient.suits(layer, "float32", replace(AVX512, strict=True)) == (False, "precision is strict")
    large = replace(layer, images=5000)
    assert "would take more than" in winograd_gradient.suits(large, "float32", AVX512)[1]
