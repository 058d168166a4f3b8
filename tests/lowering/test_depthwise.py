"""Convolutions with one output channel a group become sums of products with the groups in the lanes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.graph.graph import graph_input, make_graph
from dark_jit.graph.node import Node
from dark_jit.lowering.copying import TransposeSpec
from dark_jit.lowering.kernel import KernelSpec
from dark_jit.lowering.reduction import ReduceSpec
from dark_jit.lowering.schedule import schedule
from dark_jit.lowering.target import Gpu, Machine, Target
from dark_jit.transforms import passes
from dark_jit.transforms.autodiff import gradients

AVX512 = Target("avx512", 64, 32, 32 << 10, 1 << 20, 32 << 20)


def specs(build: Any, *shapes: tuple[int, ...], target: Machine = AVX512) -> list[KernelSpec]:
    inputs = [graph_input(i, shape, np.dtype(np.float32)) for i, shape in enumerate(shapes)]
    outputs = build(*inputs)
    graph = make_graph(inputs, [outputs] if isinstance(outputs, Node) else outputs)
    return [task.spec for task in schedule(passes.run(graph)[-1][1], target).tasks]


def depthwise(x: Node, k: Node) -> Node:
    return ops.conv2d(x, k, padding=1, groups=x.shape[1])


def test_lanes_run_along_the_channels() -> None:
    taps, border, sums = specs(depthwise, (2, 48, 9, 9), (48, 1, 3, 3))
    assert isinstance(border, TransposeSpec) and border.load.access.valid
    assert taps.arguments[1].elements == 9 * 48
    assert isinstance(sums, ReduceSpec)
    assert (sums.template, sums.lanes, sums.reduced) == ("reduce", 16, (3, 3))


def test_the_gradients_too() -> None:
    def both(x: Node, k: Node, g: Node) -> list[Node]:
        return [node for node in gradients([depthwise(x, k)], [g], [x, k]) if node is not None]

    templates = [spec.template for spec in specs(both, (2, 48, 9, 9), (48, 1, 3, 3), (2, 48, 9, 9))]
    assert "conv2d" not in templates
    assert "reduce" in templates


@pytest.mark.parametrize(
    ("build", "shapes"),
    [
        (lambda x, k: ops.conv2d(x, k, groups=4), ((2, 16, 9, 9), (16, 4, 3, 3))),
        (lambda x, k: ops.conv2d(x, k, groups=8), ((2, 16, 9, 9), (8, 2, 3, 3))),  # two channels for one
        (ops.conv2d, ((2, 1, 9, 9), (1, 1, 3, 3))),  # one group
    ],
)
def test_others_are_contractions(build: Any, shapes: tuple[tuple[int, ...], ...]) -> None:
    assert "conv2d" in [spec.template for spec in specs(build, *shapes)]


def test_a_card_has_its_own_way() -> None:
    found = specs(depthwise, (2, 48, 9, 9), (48, 1, 3, 3), target=Gpu("sm_90", 132))
    assert any(spec.template.startswith("conv2d") for spec in found)
    assert all(not spec.load.access.valid for spec in found if isinstance(spec, TransposeSpec))
