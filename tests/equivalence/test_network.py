"""The operations that networks are made of, with their gradients: transposed convolutions, average pooling, upsampling,
normalisation, losses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from dark_jit import ops
from dark_jit.graph.node import Node

from .programs import FLOATS, ISAS, check, numbers
from .strategies import Convolution, Pooling, poolings, transposed_convolutions

pytestmark = pytest.mark.parametrize("isa", ISAS)


@pytest.mark.parametrize("dtype", FLOATS)
@settings(max_examples=2)
@given(case=transposed_convolutions())
def test_transposed_convolutions(isa: str, dtype: str, case: Convolution) -> None:
    arrays = [numbers(1, case.x, dtype), numbers(2, case.k, dtype)]
    program = check(lambda x, k: ops.conv_transpose2d(x, k, **case.keywords), arrays, isa)
    assert not any(node.op.name == "dilate" for node in program.stages[-1][1].nodes)


@pytest.mark.parametrize("everywhere", [True, False])
@settings(max_examples=3)
@given(case=poolings())
def test_average_pooling(isa: str, everywhere: bool, case: Pooling) -> None:
    def pooled(x: Node) -> Node:
        return ops.avg_pool2d(x, case.kernel_size, case.stride, case.padding, everywhere)

    check(pooled, [numbers(1, case.x)], isa)


@pytest.mark.parametrize("shape", [(2, 3, 4, 5), (1, 1, 1, 1), (2, 17, 3, 7), (1, 2, 0, 3)])
def test_upsampling(isa: str, shape: tuple[int, ...]) -> None:
    check(lambda x: [ops.upsample2d(x, (2, 3)), ops.upsample2d(x, (3, 2), "bilinear")], [numbers(1, shape)], isa)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("shape", [(3, 5, 4, 7), (2, 17), (64, 1, 1, 1), (1, 19, 3, 3)])
def test_batch_norm(isa: str, dtype: str, shape: tuple[int, ...]) -> None:
    def normal(x: Node, scale: Node, shift: Node, centre: Node) -> list[Node]:
        return [
            ops.batch_norm(x, scale, shift),
            ops.batch_norm_with(x, centre, ops.multiply(centre, centre), scale, shift),
        ]

    channels = [numbers(seed, shape[1:2], dtype) for seed in (2, 3, 4)]
    check(normal, [numbers(1, shape, dtype), *channels], isa, scale=10)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize(
    ("shape", "extents"), [((3, 5, 7), (7,)), ((2, 3, 4, 5), (4, 5)), ((4, 67), (67,)), ((3, 1), (1,))]
)
def test_layer_norm(isa: str, dtype: str, shape: tuple[int, ...], extents: tuple[int, ...]) -> None:
    arrays = [numbers(1, shape, dtype), numbers(2, extents, dtype), numbers(3, extents, dtype)]
    check(lambda x, scale, shift: ops.layer_norm(x, extents, scale, shift), arrays, isa, scale=10)


LOSSES: dict[str, tuple[Callable[..., Node], Any]] = {
    "mse": (ops.mse, numbers(5, (7, 19))),
    "bce": (ops.bce_with_logits, np.random.default_rng(5).random((7, 19)).astype("float32")),
    "indices": (ops.cross_entropy, np.arange(7, dtype=np.int32)),
    "probabilities": (ops.cross_entropy, np.random.default_rng(5).random((7, 19)).astype("float32")),
}


@pytest.mark.parametrize("reduction", ["mean", "none"])
@pytest.mark.parametrize("name", LOSSES)
def test_losses(isa: str, name: str, reduction: str) -> None:
    loss, target = LOSSES[name]
    logits = 10 * numbers(1, (7, 19))
    logits[0, :4] = 1000, -1000, 0, 90
    check(lambda x, y: loss(x, y, reduction), [logits, target], isa)


def test_labels_of_pixels(isa: str) -> None:
    labels = np.arange(60).reshape(3, 4, 5) % 6
    check(ops.cross_entropy, [numbers(1, (3, 6, 4, 5)), labels], isa)


def test_padding_with_its_own_elements(isa: str) -> None:
    modes = ("edge", "reflect", "symmetric", "wrap")
    pads = [(0, 0), (1, 2), (2, 0), (3, 1)]
    check(lambda x: [ops.pad_with(x, pads, mode) for mode in modes], [numbers(1, (2, 3, 4, 17))], isa)


def test_activations(isa: str) -> None:
    def activations(x: Node) -> list[Node]:
        return [ops.sigmoid(x), ops.softplus(x), ops.leaky_relu(x, 0.2), ops.gelu(x), ops.gelu(x, "tanh")]

    x = 5 * numbers(1, (5, 37))
    x[0, :6] = 0, 88, -88, 104, -104, -20
    check(activations, [x], isa)
