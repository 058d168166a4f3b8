"""semantics.md rule 18: convolutions of dilated, padded, cropped operands are convolutions that never meet an inserted
zero."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from dark_jit import ops
from dark_jit.backends import reference
from dark_jit.graph.graph import Graph, graph_input
from dark_jit.graph.node import Node, make
from dark_jit.ops.convolution import CONV2D
from dark_jit.transforms.autodiff import gradients
from dark_jit.transforms.recognise import recognise
from dark_jit.transforms.simplify import simplify

from ..equivalence.programs import agree, graph_of, numbers, traced
from ..equivalence.strategies import Convolution, convolutions, transposed_convolutions

F64 = np.dtype("float64")


def with_gradients(case: Convolution) -> tuple[Graph, list[Any]]:
    arrays = [numbers(i, shape, "float64") for i, shape in enumerate((case.x, case.k))]
    return traced(lambda x, k: ops.conv2d(x, k, **case.keywords), arrays)


def with_second_gradients(case: Convolution) -> tuple[Graph, list[Any]]:
    """The gradients of the gradients' squares, with respect to x, k and the cotangent."""
    x, k = (graph_input(i, shape, F64) for i, shape in enumerate((case.x, case.k)))
    y = ops.conv2d(x, k, **case.keywords)
    w = graph_input(2, y.shape, F64)
    first = [g for g in gradients([y], [w], [x, k]) if g is not None]
    total = ops.add(*(ops.sum_(ops.multiply(g, g)) for g in first))
    second = [g for g in gradients([total], [ops.constant(1.0, F64)], [x, k, w]) if g is not None]
    assert len(first) + len(second) == 5
    return graph_of([x, k, w], [*first, *second]), [
        numbers(i, node.shape, "float64") for i, node in enumerate((x, k, w))
    ]


def lowered(graph: Graph) -> Graph:
    return simplify(recognise(simplify(graph)))


def check_recognised(graph: Graph, values: list[Any]) -> None:
    result = lowered(graph)
    for node in result.nodes:
        assert node.op.name != "dilate"
        assert not inserts_zeros(node)
        if node.op is CONV2D:
            assert node["padding"] == ((0, 0), (0, 0))
    # Sums of a few products of sums: what is left of it is rounding.
    agree(reference.evaluate(result, values), reference.evaluate(graph, values), scale=1000)


def inserts_zeros(node: Node) -> bool:
    """Whether the node pads behind each element, which is how a dilation is stored where there is no convolution."""
    return node.op.name == "pad" and (node.ndim != 4 or any(map(any, node["pads"][:2])))


@settings(max_examples=60)
@given(case=convolutions())
def test_gradients_meet_no_zeros(case: Convolution) -> None:
    check_recognised(*with_gradients(case))


@settings(max_examples=40)
@given(case=convolutions(largest=6))
def test_gradients_of_gradients_meet_no_zeros(case: Convolution) -> None:
    check_recognised(*with_second_gradients(case))


@settings(max_examples=40)
@given(case=transposed_convolutions())
def test_transposed_convolutions_meet_no_zeros(case: Convolution) -> None:
    arrays = [numbers(i, shape, "float64") for i, shape in enumerate((case.x, case.k))]
    check_recognised(*traced(lambda x, k: ops.conv_transpose2d(x, k, **case.keywords), arrays))


@pytest.mark.slow
@settings(max_examples=1500)
@given(case=convolutions())
def test_many_gradients_meet_no_zeros(case: Convolution) -> None:
    check_recognised(*with_gradients(case))
    check_recognised(*with_second_gradients(case))


def test_the_check_sees_a_stored_dilation() -> None:
    x = graph_input(0, (1, 1, 3, 3), F64)
    result = lowered(graph_of([x], [ops.dilate(x, 2)]))
    assert any(inserts_zeros(node) for node in result.nodes)
    values = [numbers(1, (1, 1, 3, 3), "float64")]
    agree(reference.evaluate(result, values), [np.kron(values[0], [[1.0, 0], [0, 0]])[..., :5, :5]])


def test_gradients_of_a_plain_convolution_are_three_convolutions() -> None:
    """Stride 1: forward, with respect to the image, with respect to the kernel; no more, and none dilated."""
    graph, _ = with_gradients(Convolution((2, 3, 8, 9), (4, 3, 3, 3), (("padding", 1),)))
    convolutions_ = [node for node in lowered(graph).nodes if node.op is CONV2D]
    assert [node["dilation"] for node in convolutions_] == [(1, 1)] * 3


def test_the_kernel_gradient_of_a_strided_convolution_is_dilated_instead() -> None:
    graph, _ = with_gradients(Convolution((2, 3, 9, 9), (4, 3, 3, 3), (("stride", 2),)))
    kernel = [node for node in lowered(graph).nodes if node.op is CONV2D and node["dilation"] == (2, 2)]
    assert len(kernel) == 1
    assert kernel[0].inputs[1].shape == (4, 2, 4, 4)


def test_a_strided_image_gradient_falls_into_phases() -> None:
    """Stride 2 and 3x3: phases with 2x2, 2x1, 1x2 and 1x1 taps, 9 in all."""
    x, k = graph_input(0, (1, 3, 9, 9), F64), graph_input(1, (4, 3, 3, 3), F64)
    (gradient,) = gradients([ops.conv2d(x, k, 2)], [graph_input(2, (1, 4, 4, 4), F64)], [x])
    assert gradient is not None
    result = lowered(graph_of([x, k, graph_input(2, (1, 4, 4, 4), F64)], [gradient]))
    taps = [node.inputs[1].shape[2:] for node in result.nodes if node.op is CONV2D]
    assert sorted(taps) == [(1, 1), (1, 2), (2, 1), (2, 2)]


def test_a_strided_transposed_convolution_falls_into_phases() -> None:
    """Stride 2 and 4x4: four phases with 2x2 taps each, none of which reads an inserted zero."""
    x, k = graph_input(0, (1, 3, 5, 5), F64), graph_input(1, (3, 2, 4, 4), F64)
    result = lowered(graph_of([x, k], [ops.conv_transpose2d(x, k, 2, 1)]))
    assert [node.inputs[1].shape[2:] for node in result.nodes if node.op is CONV2D] == [(2, 2)] * 4
    assert max(node.size for node in result.nodes) == 2 * 10 * 10


def test_the_article_s_way_to_write_it_is_recognised() -> None:
    """dilate, pad and flip by hand, around conv2d."""
    x, k = graph_input(0, (2, 3, 5, 4), F64), graph_input(1, (4, 3, 3, 2), F64)

    def by_hand(x: Node, k: Node) -> list[Node]:
        spread = ops.pad(ops.dilate(x, (2, 3)), [(0, 0), (0, 0), (2, 1), (1, 1)])
        flipped = ops.flip(k, (2, 3))
        cropped = ops.slice_(spread, [(0, 2, 1), (0, 3, 1), (1, 10, 1), (0, 11, 1)])
        return [
            ops.conv2d(spread, flipped),
            ops.conv2d(ops.flip(cropped, 3), ops.dilate(k, 2), stride=2),
            ops.slice_(ops.conv2d(spread, k, padding=1), [(0, 2, 1), (0, 4, 1), (1, 8, 2), (2, 9, 3)]),
        ]

    values = [numbers(i, node.shape, "float64") for i, node in enumerate((x, k))]
    for output in by_hand(x, k):
        check_recognised(graph_of([x, k], [output]), values)


def test_padding_of_channels_or_images_stays() -> None:
    x, k = graph_input(0, (2, 3, 5, 4), F64), graph_input(1, (4, 4, 3, 2), F64)
    values = [numbers(i, node.shape, "float64") for i, node in enumerate((x, k))]
    graph = graph_of([x, k], [ops.conv2d(ops.pad(x, [(1, 0), (0, 1), (1, 1), (0, 0)]), k)])
    agree(reference.evaluate(lowered(graph), values), reference.evaluate(graph, values))


@pytest.mark.parametrize("pads", [((3, 0), (0, 4)), ((0, 5), (2, 2))])
def test_one_sided_padding(pads: Any) -> None:
    x, k = graph_input(0, (1, 2, 5, 6), F64), graph_input(1, (3, 2, 2, 3), F64)
    node = make(CONV2D, (x, k), stride=(2, 1), padding=pads, dilation=(1, 2), groups=1)
    values = [numbers(i, each.shape, "float64") for i, each in enumerate((x, k))]
    check_recognised(graph_of([x, k], [node]), values)


def test_a_convolution_that_others_read_is_not_cropped() -> None:
    x, k = graph_input(0, (1, 2, 5, 6), F64), graph_input(1, (3, 2, 2, 3), F64)
    whole = ops.conv2d(x, k)
    part = ops.slice_(whole, [(0, 1, 1), (0, 3, 1), (0, 2, 1), (0, 4, 1)])
    assert sum(node.op is CONV2D for node in lowered(graph_of([x, k], [whole, part])).nodes) == 1
    assert lowered(graph_of([x, k], [part])).outputs[0].op is CONV2D
