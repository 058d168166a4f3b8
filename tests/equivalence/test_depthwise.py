"""Depthwise convolutions, and images that are bordered and laid out channels last in one step."""

from __future__ import annotations

from typing import Any

import pytest

from dark_jit import ops
from dark_jit.graph.node import Node

from .programs import FLOATS, ISAS, check, numbers

pytestmark = pytest.mark.parametrize("isa", ISAS)

CASES = [
    ((2, 17, 7, 5), 3, {"padding": 1}),
    ((1, 40, 6, 19), 3, {"padding": (2, 0), "stride": 2}),
    ((3, 2, 5, 5), 2, {"dilation": 2}),
    ((2, 33, 1, 1), 1, {}),
    ((1, 16, 18, 18), 5, {"padding": 2, "stride": (2, 1)}),
]


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize(("shape", "side", "options"), CASES)
def test_forward_and_backward(isa: str, dtype: str, shape: tuple[int, ...], side: int, options: dict[str, Any]) -> None:
    x, k = numbers(1, shape, dtype), numbers(2, (shape[1], 1, side, side), dtype)
    check(lambda x, k: ops.relu(ops.conv2d(x, k, groups=shape[1], **options)), [x, k], isa, scale=8)


@pytest.mark.parametrize("dtype", [*FLOATS, "int32", "uint8"])
@pytest.mark.parametrize("shape", [(2, 19, 5, 33), (1, 16, 16, 16), (3, 5, 1, 7), (1, 64, 2, 1)])
def test_bordered_transpositions(isa: str, dtype: str, shape: tuple[int, ...]) -> None:
    """Along each axis but the one that ends up last."""

    def bordered(x: Node) -> list[Node]:
        last = ops.transpose(x, (0, 2, 3, 1))
        return [
            ops.add(ops.pad(last, [(0, 0), (1, 2), (3, 1), (0, 0)]), 1),
            ops.pad(last, [(1, 0), (0, 0), (0, 17), (0, 0)]),
            ops.pad(last, [(0, 0), (0, 0), (1, 1), (0, 2)]),
        ]

    check(bordered, [numbers(1, shape, dtype)], isa)
