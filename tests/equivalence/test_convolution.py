"""conv2d and both of its gradients, for parameters that hypothesis draws and for shapes of real networks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from dark_jit import ops
from dark_jit.graph.node import Node
from dark_jit.lowering.contraction_spec import ContractionSpec
from dark_jit.transforms.autodiff import gradients

from .programs import FLOATS, ISAS, check, numbers
from .strategies import Convolution, convolutions

pytestmark = pytest.mark.parametrize("isa", ISAS)


def check_convolution(case: Convolution, dtype: str, isa: str) -> None:
    arrays = [numbers(1, case.x, dtype), numbers(2, case.k, dtype), numbers(3, case.k[:1], dtype)]
    program = check(lambda x, k, b: ops.conv2d(x, k, bias=b, **case.keywords), arrays, isa)
    lowered = program.stages[-1][1]
    assert not any(node.op.name == "dilate" for node in lowered.nodes)


@pytest.mark.parametrize("dtype", FLOATS)
@settings(max_examples=8)
@given(case=convolutions())
def test_convolutions(isa: str, dtype: str, case: Convolution) -> None:
    check_convolution(case, dtype, isa)


@pytest.mark.slow
@pytest.mark.parametrize("dtype", FLOATS)
@settings(max_examples=150)
@given(case=convolutions(largest=25))
def test_many_convolutions(isa: str, dtype: str, case: Convolution) -> None:
    check_convolution(case, dtype, isa)


@settings(max_examples=3)
@given(case=convolutions(largest=6))
def test_gradients_of_gradients(isa: str, case: Convolution) -> None:
    def second(x: Node, k: Node) -> list[Node]:
        y = ops.conv2d(x, k, **case.keywords)
        found = gradients([y], [ops.multiply(y, y)], [x, k])
        return [g for g in found if g is not None]

    check(second, [numbers(1, case.x, "float64"), numbers(2, case.k, "float64")], isa, scale=100)


NETWORKS: dict[str, tuple[tuple[int, ...], tuple[int, ...], dict[str, Any]]] = {
    "digits": ((6, 1, 8, 8), (16, 1, 3, 3), {"padding": 1}),
    "digits, second": ((3, 16, 4, 4), (32, 16, 3, 3), {"padding": 1}),
    "3x3": ((2, 20, 15, 14), (24, 20, 3, 3), {"padding": 1}),
    "strided": ((2, 16, 15, 14), (33, 16, 3, 3), {"stride": 2, "padding": 1}),
    "stem": ((1, 3, 40, 39), (20, 3, 7, 7), {"stride": 2, "padding": 3}),
    "1x1": ((2, 33, 9, 10), (40, 33, 1, 1), {}),
    "1x1 strided": ((2, 18, 9, 10), (17, 18, 1, 1), {"stride": 2}),
    "depthwise": ((2, 19, 10, 11), (19, 1, 3, 3), {"padding": 1, "groups": 19}),
    "multiplied depthwise": ((2, 6, 10, 11), (18, 1, 3, 3), {"padding": 1, "groups": 6}),
    "grouped": ((2, 32, 8, 9), (32, 16, 3, 3), {"padding": 1, "groups": 2}),
    "atrous": ((1, 8, 19, 18), (8, 8, 3, 3), {"padding": 4, "dilation": 4}),
    "the whole image": ((5, 7, 6, 5), (11, 7, 6, 5), {}),
    "a row": ((2, 3, 1, 30), (5, 3, 1, 5), {"padding": (0, 2)}),
    "padding alone": ((1, 2, 3, 3), (2, 2, 1, 1), {"padding": 4}),
    "larger stride than kernel": ((2, 3, 17, 17), (4, 3, 2, 2), {"stride": 5}),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_convolutions_of_networks(isa: str, name: str) -> None:
    x, k, keywords = NETWORKS[name]
    check_convolution(Convolution(x, k, tuple(keywords.items())), "float32", isa)


@pytest.mark.parametrize(
    "shapes", [((0, 2, 5, 5), (3, 2, 3, 3)), ((2, 2, 5, 5), (0, 2, 3, 3)), ((2, 0, 5, 5), (3, 0, 3, 3))]
)
def test_empty_convolutions(isa: str, shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    check(
        lambda x, k: ops.conv2d(x, k, padding=1, stride=2), [numbers(i, shape) for i, shape in enumerate(shapes)], isa
    )


def test_a_layer_is_one_kernel_behind_its_packing(isa: str) -> None:
    """Bias, activation and residual are the epilogue of the convolution."""

    def layer(x: Node, k: Node, b: Node, r: Node) -> Node:
        return ops.add(ops.relu(ops.conv2d(x, k, padding=1, bias=b)), r)

    arrays = [numbers(1, (2, 5, 9, 8)), numbers(2, (20, 5, 3, 3)), numbers(3, (20,)), numbers(4, (2, 20, 9, 8))]
    program = check(layer, arrays, isa, differentiate=False)
    templates = [kernel.task.spec.template for kernel in program.kernels]
    assert templates.count("conv2d") == 1
    assert templates[-1] == "conv2d"


def test_two_layers_and_a_pooling(isa: str) -> None:
    """Layouts inside of a program, flattened at its end."""

    def network(x: Node, k: Node, b: Node, second: Node, w: Node) -> Node:
        y = ops.max_pool2d(ops.relu(ops.conv2d(x, k, padding=1, bias=b)), 2)
        y = ops.relu(ops.conv2d(y, second, padding=1))
        return ops.matmul(ops.reshape(y, (y.shape[0], -1)), w)

    shapes = [(3, 2, 8, 9), (17, 2, 3, 3), (17,), (9, 17, 3, 3), (9 * 4 * 4, 7)]
    check(network, [numbers(i, shape) for i, shape in enumerate(shapes)], isa)


@pytest.mark.parametrize("dtype", FLOATS)
def test_long_sums_for_images_channel_by_channel(isa: str, dtype: str) -> None:
    """Pieces of the sums rest in memory, and the results are no neighbours there."""
    arrays = [numbers(1, (1, 3000, 5, 7), dtype), numbers(2, (50, 3000, 3, 3), dtype)]
    program = check(lambda x, k: ops.conv2d(x, k, stride=2, padding=1), arrays, isa)
    specs = [task.spec for task in program.schedule.tasks]
    assert any(isinstance(spec, ContractionSpec) and spec.pieces > 1 for spec in specs)


def test_operands_that_are_views(isa: str) -> None:
    """A cropped, flipped, transposed image and kernel."""

    def viewed(x: Node, k: Node) -> Node:
        image = ops.transpose(ops.slice_(ops.flip(x, 2), [(0, 2, 1), (1, 9, 1), (0, 9, 1), (0, 6, 2)]), (0, 3, 1, 2))
        return ops.conv2d(image, ops.transpose(ops.flip(k, (2, 3)), (1, 0, 3, 2)), stride=(2, 1))

    check(viewed, [numbers(1, (2, 10, 9, 6)), numbers(2, (3, 5, 2, 3))], isa)


def test_a_dilated_value_that_no_convolution_reads(isa: str) -> None:
    check(lambda x: [ops.dilate(ops.exp(x), (3, 2)), ops.sum_(ops.dilate(x, 2), 1)], [numbers(1, (2, 5, 7))], isa)


def test_nan_touches_only_the_windows_that_see_it(isa: str) -> None:
    x, k = numbers(1, (1, 3, 9, 9)), numbers(2, (17, 3, 3, 3))
    x[0, 1, 4, 4] = np.nan
    check(lambda x, k: ops.conv2d(x, k, padding=1), [x, k], isa, differentiate=False)
