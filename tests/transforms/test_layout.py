"""Where channels lie last, and where a copy brings them back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.backends import reference
from dark_jit.graph.graph import graph_input
from dark_jit.graph.node import Node
from dark_jit.transforms import passes
from dark_jit.transforms.layout import CHANNELS_LAST, COPY, is_kernel_gradient, layout, orders, planes

from ..equivalence.programs import graph_of, numbers

F32 = np.dtype("float32")


def image(*shape: int) -> Node:
    return graph_input(0, shape, F32)


K = graph_input(1, (8, 3, 3, 3), F32)


def test_convolutions_and_what_hangs_on_them_lie_channels_last() -> None:
    x = image(2, 3, 10, 10)
    y = ops.conv2d(x, K)
    z = ops.relu(y)
    pooled = ops.max_pool2d(z, 2)
    chosen = orders(graph_of([x, K], [ops.sum_(pooled)]))
    assert [chosen.get(node) for node in (y, z, pooled)] == [CHANNELS_LAST] * 3


def test_inputs_and_outputs_keep_c_order() -> None:
    x = image(2, 3, 10, 10)
    y = ops.conv2d(x, K)
    assert not {x, K, y} & set(orders(graph_of([x, K], [y])))


def test_graphs_without_images_are_left_alone() -> None:
    x = image(2, 3, 4, 5)
    graph = graph_of([x], [ops.exp(x), ops.sum_(x, 1)])
    assert orders(graph) == {}
    assert layout(graph) is graph


def test_a_large_output_gets_a_copy() -> None:
    x, k = image(2, 8, 66, 66), graph_input(1, (16, 8, 3, 3), F32)
    y = ops.conv2d(x, k)
    (copied,) = layout(graph_of([x, k], [y])).outputs
    assert copied.op is COPY
    assert copied.inputs == (y,)


@pytest.mark.parametrize("shape", [(64, 3, 3, 3), (3, 64, 3, 3)], ids=["few terms", "few results"])
def test_planes_that_come_from_outside_and_go_there_stay_planes(shape: tuple[int, ...]) -> None:
    x, k = image(2, shape[1], 66, 66), graph_input(1, shape, F32)
    y = ops.conv2d(ops.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)]), k)
    graph = layout(graph_of([x, k], [ops.relu(y)]))
    assert orders(graph) == {}
    assert COPY not in {node.op for node in graph.nodes}


def test_long_and_wide_graphs_behind_a_plane_are_looked_at_once() -> None:
    x, k = image(1, 3, 20, 20), graph_input(1, (4, 3, 3, 3), F32)
    y = conv = ops.conv2d(x, k)
    for _ in range(40):
        y = ops.add(ops.multiply(y, ops.tanh(y)), y)
    for _ in range(3000):
        y = ops.add(y, conv)
    assert planes(graph_of([x, k], [y])) == {conv}
    assert planes(graph_of([x, k], [y, ops.sum_(y)])) == set()


def test_what_another_convolution_reads_is_no_plane() -> None:
    x, k, more = image(2, 3, 66, 66), graph_input(1, (64, 3, 3, 3), F32), graph_input(2, (64, 64, 3, 3), F32)
    y = ops.conv2d(x, k)
    assert orders(graph_of([x, k, more], [ops.conv2d(y, more)]))[y] == CHANNELS_LAST


def test_a_small_output_is_written_in_c_order_at_once() -> None:
    x = image(1, 3, 10, 10)
    graph = graph_of([x, K], [ops.conv2d(x, K)])
    assert layout(graph) is graph


def test_gradients_of_kernels_are_told_apart() -> None:
    x, g = image(3, 2, 10, 10), graph_input(1, (8, 2, 8, 8), F32)
    assert is_kernel_gradient(ops.conv2d(x, g))
    assert not is_kernel_gradient(ops.conv2d(image(2, 3, 10, 10), K))


@pytest.mark.parametrize("size", [10, 66])
def test_the_passes_mean_the_same_and_are_recorded(size: int) -> None:
    x = image(2, 3, size, size)
    y = ops.relu(ops.conv2d(x, K, stride=2, padding=1))
    graph = graph_of([x, K], [y, ops.sum_(y, (0, 2, 3))])
    values = [numbers(1, x.shape), numbers(2, K.shape)]
    stages = passes.run(graph)
    assert [name for name, _ in stages] == ["traced", *(name for name, _ in passes.PASSES)]
    assert stages[0][1] is graph
    wanted = reference.evaluate(graph, values)
    for _, stage in stages:
        for found, expected in zip(reference.evaluate(stage, values), wanted, strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-4)


def test_a_convolution_of_one_tap_stays_in_c_order_between_outside_and_outside() -> None:
    x, k = image(2, 16, 40, 40), graph_input(1, (24, 16, 1, 1), F32)
    y = ops.conv2d(x, k)
    for outputs in ([y], [ops.relu(ops.multiply(y, 2.0))]):
        graph = graph_of([x, k], outputs)
        found = layout(graph)
        assert "conv2d" not in {node.op.name for node in found.nodes}
        assert COPY not in {node.op for node in found.nodes}
        arrays = [numbers(0, x.shape), numbers(1, k.shape)]
        (wanted,), (value,) = reference.evaluate(graph, arrays), reference.evaluate(found, arrays)
        np.testing.assert_allclose(value, wanted, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(
    "build",
    [
        lambda x, k: ops.conv2d(ops.conv2d(x, graph_input(2, (16, 16, 3, 3), F32)), k),  # inside
        lambda x, k: ops.sum_(ops.conv2d(x, k)),
        lambda x, k: ops.conv2d(x, k, 2),
        lambda x, k: ops.conv2d(x, k, padding=1),
        lambda x, k: ops.conv2d(x, ops.slice_(k, [(0, 8, 1), (0, 16, 1), (0, 1, 1), (0, 1, 1)])),  # fewer channels
    ],
)
def test_others_stay_convolutions(build: Callable[..., Node]) -> None:
    x, k, more = image(2, 16, 80, 80), graph_input(1, (24, 16, 1, 1), F32), graph_input(2, (16, 16, 3, 3), F32)
    found = passes.run(graph_of([x, k, more], [build(x, k)]))[-1][1]
    assert "matmul" not in {node.op.name for node in found.nodes}
