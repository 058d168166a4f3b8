"""Work large enough to be shared: the same bits for one, two and three workers, in every kind of kernel.

`run`, behind `check`, compares them; here the kernels are checked to be shared at all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.graph.node import Node
from dark_jit.transforms.autodiff import gradients

from .programs import ISAS, check, numbers

pytestmark = pytest.mark.parametrize("isa", ISAS)

Build = Callable[..., Node | Sequence[Node]]


def _statistics(x: Node) -> list[Node]:
    return [ops.sum_(x), ops.sum_(x, 0), ops.max_(x, 1), ops.mean(ops.multiply(x, x), (0, 1))]


def _network(x: Node, k: Node, w: Node) -> Node:
    y = ops.max_pool2d(ops.relu(ops.conv2d(x, k, padding=1)), 2)
    return ops.cross_entropy(
        ops.matmul(ops.reshape(y, (y.shape[0], -1)), w), ops.constant(1, np.dtype("int64"), (y.shape[0],))
    )


CASES: dict[str, tuple[Build, list[np.ndarray], set[str]]] = {
    "elementwise": (
        lambda x, y: ops.tanh(ops.add(x, y)),
        [numbers(1, (301, 207)), numbers(2, (207,))],
        {"elementwise"},
    ),
    "reductions": (_statistics, [numbers(1, (503, 301))], {"reduce"}),
    "rows": (ops.softmax, [numbers(1, (101, 1003))], {"elementwise"}),
    "gemm": (ops.matmul, [numbers(1, (173, 131)), numbers(2, (131, 190))], {"gemm"}),
    "conv2d": (
        lambda x, k: ops.conv2d(x, k, stride=2, padding=1),
        [numbers(1, (4, 16, 31, 30)), numbers(2, (40, 16, 3, 3))],
        {"conv2d"},
    ),
    "pooling": (lambda x: ops.max_pool2d(x, 3, 2, 1), [numbers(1, (4, 33, 31, 30))], {"pool"}),
    "transposition beside others": (
        lambda x, y, z: [ops.add(y, ops.transpose(x, (1, 0))), ops.multiply(z, ops.transpose(x, (1, 0)))],
        [numbers(1, (257, 301)), numbers(2, (301, 257)), numbers(3, (301, 257))],
        set(),
    ),
    "transposition": (lambda x: ops.flip(ops.transpose(x, (0, 2, 1))), [numbers(1, (3, 257, 301))], set()),
    "gather": (ops.take, [numbers(1, (99, 300)), np.arange(700) % 99], {"take", "scatter_slices"}),
    "elements": (
        lambda x, i: [ops.take_along_axis(x, i, 0), ops.take_along_axis(x, i, 1)],
        [numbers(1, (99, 99)), np.arange(9801).reshape(99, 99) * 7 % 99],
        {"gather", "scatter"},
    ),
    "writing": (
        lambda x, i, v: [ops.put(x, i, v), ops.put(x, i, ops.transpose(v), 1)],
        [numbers(1, (103, 103)), np.arange(200) * 7 % 103, numbers(2, (200, 103))],
        {"scatter_slices", "scatter"},
    ),
    "counting": (
        lambda u, i: ops.scatter_add(u, i, 0, (1003,)),
        [numbers(1, (30_001,)), np.arange(30_001) * 7 % 1003],
        {"scatter", "gather"},
    ),
    "scans": (
        lambda x: [ops.cumsum(x, 0), ops.cumsum(x, 1), ops.cumprod(ops.tanh(x), 1)],
        [numbers(1, (101, 303))],
        {"scan", "scan_rows"},
    ),
    "extrema": (
        lambda x: [ops.argmax(x, 0), ops.argmin(x, 1)],
        [numbers(1, (301, 303))],
        {"argreduce", "argreduce_rows"},
    ),
    "sorts": (
        lambda x: [ops.sort(x, 1), ops.argsort(ops.reshape(x, (-1, 7)), 1)],
        [numbers(1, (140, 301))],
        {"radix_sort", "rank_sort", "gather"},
    ),
    "a network": (
        _network,
        [numbers(1, (20, 3, 20, 20)), numbers(2, (16, 3, 3, 3)), numbers(3, (1600, 10))],
        {"conv2d", "gemm"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_shared_work_gives_the_same_bits(isa: str, name: str) -> None:
    build, arrays, expected = CASES[name]
    program = check(build, arrays, isa, scale=3)
    shared = {kernel.task.spec.template for kernel in program.kernels if not kernel.task.serial}
    assert shared >= expected
    assert shared


def test_a_training_step_is_the_same_for_any_number_of_workers(isa: str) -> None:
    """Gradients are reductions over the batch: where rounding would show."""

    def step(x: Node, k: Node, w: Node) -> list[Node]:
        loss = _network(x, k, w)
        found = gradients([loss], [ops.constant(1.0, loss.dtype)], [k, w])
        return [ops.subtract(p, ops.multiply(g, 0.1)) for p, g in zip((k, w), found, strict=True) if g is not None]

    arrays = CASES["a network"][1]
    assert len(check(step, arrays, isa, differentiate=False).graph.outputs) == 2
