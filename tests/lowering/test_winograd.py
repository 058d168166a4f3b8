"""Which convolutions are computed by Winograd's method, and how they are cut."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.graph.graph import graph_input, make_graph
from dark_jit.graph.node import Node
from dark_jit.lowering import winograd
from dark_jit.lowering.schedule import Task, schedule
from dark_jit.lowering.target import Target
from dark_jit.lowering.winograd import DIRECT, SIDES, WinogradSpec, WinogradWeightsSpec, question
from dark_jit.transforms import passes

AVX512 = Target("avx512", 64, 32, 32 << 10, 1 << 20, 32 << 20, cores=2)
SSE2 = Target("sse2", 16, 16, 32 << 10, 1 << 20, 32 << 20)
IMAGES, KERNELS = (4, 64, 32, 32), (64, 64, 3, 3)


def tasks(build: Any, *shapes: tuple[int, ...], target: Target = AVX512, dtype: Any = np.float32) -> list[Task]:
    inputs = [graph_input(i, shape, np.dtype(dtype)) for i, shape in enumerate(shapes)]
    outputs = build(*inputs)
    graph = make_graph(inputs, [outputs] if isinstance(outputs, Node) else outputs)
    return list(schedule(passes.run(graph)[-1][1], target).tasks)


def templates(*args: Any, **options: Any) -> list[str]:
    return [task.spec.template for task in tasks(*args, **options)]


def padded(x: Node, k: Node) -> Node:
    return ops.conv2d(x, k, padding=1)


@pytest.mark.parametrize("target", [AVX512, SSE2])
def test_wide_layers_take_it(target: Target) -> None:
    found = tasks(padded, IMAGES, KERNELS, target=target)
    weights, main = (task for task in found if task.spec.template.startswith("winograd"))
    assert isinstance(weights.spec, WinogradWeightsSpec) and isinstance(main.spec, WinogradSpec)
    assert (main.spec.tiles, main.spec.panel % target.lanes(4), weights.spec.panel) == (256, 0, main.spec.panel)
    assert main.spec.pieces >= 2 * target.cores
    assert re.match(r"Winograd's F\(4 x 4, 3 x 3\) takes 0\.\d\d of the direct one's time, by the model", main.reason)


def test_both_directions_take_it() -> None:
    def gradients(x: Node, k: Node, g: Node) -> list[Node]:
        from dark_jit.transforms.autodiff import gradients as of

        return [node for node in of([padded(x, k)], [g], [x, k]) if node is not None]

    found = templates(gradients, IMAGES, KERNELS, IMAGES)
    assert found.count("winograd") == 1  # that of the images
    assert found.count("winograd_points") == 2 and found.count("winograd_gradient") == 1  # that of the kernels
    assert "conv2d" not in found


@pytest.mark.parametrize(
    ("build", "shapes"),
    [
        (lambda x, k: ops.conv2d(x, k, stride=2), (IMAGES, KERNELS)),
        (lambda x, k: ops.conv2d(x, k, dilation=2), (IMAGES, KERNELS)),
        (lambda x, k: ops.conv2d(x, k, groups=2), (IMAGES, (64, 32, 3, 3))),
        (padded, (IMAGES, (64, 64, 5, 5))),
        (padded, (IMAGES, (64, 64, 1, 1))),
        (padded, ((4, 3, 32, 32), (64, 3, 3, 3))),  # few channels
        (padded, ((1, 512, 4, 4), (512, 512, 3, 3))),  # one tile: weights take longer
        (padded, ((8, 2048, 16, 16), (2048, 2048, 3, 3))),  # weights of 268 MB, for large tiles of 604
    ],
)
def test_others_do_not(build: Any, shapes: tuple[tuple[int, ...], ...]) -> None:
    assert "winograd" not in templates(build, *shapes)


def side_of(*shapes: tuple[int, ...], target: Target = AVX512) -> int:
    (main,) = (task.spec for task in tasks(padded, *shapes, target=target) if isinstance(task.spec, WinogradSpec))
    assert (main.points, main.grid[1:]) == ((main.side + 2) ** 2, tuple(-(-n // main.side) for n in main.axes[1:3]))
    return main.side


@pytest.mark.parametrize(
    ("images", "kernels", "side"),
    [
        (IMAGES, KERNELS, 4),
        ((32, 128, 16, 16), (256, 128, 3, 3), 4),
        ((32, 128, 6, 6), (128, 128, 3, 3), 2),  # two large tiles would reach behind the border
        ((32, 256, 5, 5), (256, 256, 3, 3), 2),
        ((32, 512, 4, 4), (512, 512, 3, 3), 2),  # the way of the weights takes long
    ],
)
def test_small_tiles_at_borders_and_for_many_weights(
    images: tuple[int, ...], kernels: tuple[int, ...], side: int
) -> None:
    assert side_of(images, kernels) == side


def block_and_weights(
    images: tuple[int, ...], kernels: tuple[int, ...], target: Target
) -> tuple[WinogradSpec, int, int]:
    """The convolution, and the bytes of a block's numbers and of all transformed weights."""
    (main,) = (task.spec for task in tasks(padded, images, kernels, target=target) if task.spec.template == "winograd")
    assert isinstance(main, WinogradSpec)
    return main, 4 * main.slot_elements, main.arguments[main.weights].bytes


@pytest.mark.parametrize("cores", [1, 2])
def test_a_block_leaves_room_for_the_weights(cores: int) -> None:
    _, block, weights = block_and_weights((32, 32, 32, 32), (64, 32, 3, 3), replace(AVX512, cores=cores))
    assert block + weights <= AVX512.l2_bytes * 3 // 4
    assert block <= AVX512.l2_bytes // 4 * 1.05


def test_many_weights_are_read_for_few_blocks() -> None:
    """Which then do not fit into the second cache, if there is a third one."""
    one = replace(AVX512, cores=1)
    main, block, weights = block_and_weights((32, 512, 8, 8), (512, 512, 3, 3), one)
    assert main.pieces <= 2
    assert weights > one.l2_bytes and one.l2_bytes < block <= one.l3_bytes // 4 * 1.05
    main, block, _ = block_and_weights((32, 512, 8, 8), (512, 512, 3, 3), replace(one, l3_bytes=one.l2_bytes))
    assert main.tiles > 8 * main.block and block <= one.l2_bytes * 0.8


def test_weights_of_large_tiles_may_be_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(winograd, "MOST_WEIGHTS", 16 * 64 * 64 * 4)
    assert side_of(IMAGES, KERNELS) == 2
    monkeypatch.setattr(winograd, "MOST_WEIGHTS", 1)
    assert "winograd" not in templates(padded, IMAGES, KERNELS)


@pytest.mark.parametrize("side", SIDES)
def test_what_was_measured_decides(side: int) -> None:
    axes, reduced = (4, 32, 32, 1, 64), (3, 3, 64)
    measured = AVX512.answering(question(axes, reduced), side)
    assert side_of(IMAGES, KERNELS, target=measured) == side
    measured = AVX512.answering(question(axes, reduced), DIRECT)
    assert "winograd" not in templates(padded, IMAGES, KERNELS, target=measured)


def test_float64_and_strict_sums_do_not() -> None:
    assert "winograd" not in templates(padded, IMAGES, KERNELS, dtype=np.float64)
    assert "winograd" not in templates(padded, IMAGES, KERNELS, target=replace(AVX512, strict=True))
