"""Matrix products: extents around the tiles, operands that lie otherwise, batches, epilogues."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.graph.node import Node

from .programs import FLOATS, INTEGERS, ISAS, check, numbers, run

pytestmark = pytest.mark.parametrize("isa", ISAS)

EXTENTS = [
    (1, 1, 1), (1, 7, 3), (7, 1, 3), (5, 9, 1), (13, 17, 19), (33, 31, 64), (12, 65, 128), (64, 10, 57), (3, 130, 300),
    (130, 3, 5), (200, 97, 33),
]  # fmt: skip


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("extents", EXTENTS)
def test_products_and_their_gradients(isa: str, extents: tuple[int, int, int], dtype: str) -> None:
    m, n, k = extents
    check(ops.matmul, [numbers(1, (m, k), dtype), numbers(2, (k, n), dtype)], isa)


@pytest.mark.parametrize("extents", [(5, 7, 3), (33, 70, 41)])
def test_transposed_operands(isa: str, extents: tuple[int, int, int]) -> None:
    m, n, k = extents

    def products(a: Node, b: Node) -> list[Node]:
        return [
            ops.matmul(ops.transpose(a), ops.transpose(b)),
            ops.transpose(ops.matmul(ops.transpose(a), ops.transpose(b))),
        ]

    check(products, [numbers(1, (k, m)), numbers(2, (n, k))], isa)


@pytest.mark.parametrize("extents", [(5, 7, 3), (33, 40, 41)])
def test_sliced_and_flipped_operands(isa: str, extents: tuple[int, int, int]) -> None:
    m, n, k = extents

    def product(a: Node, b: Node) -> Node:
        left = ops.flip(ops.slice_(a, [(1, m + 1, 1), (0, 2 * k, 2)]), 0)
        right = ops.slice_(ops.flip(b, (0, 1)), [(0, k, 1), (2, n + 2, 1)])
        return ops.matmul(left, right)

    check(product, [numbers(1, (m + 2, 2 * k)), numbers(2, (k, n + 3))], isa)


def test_computed_and_padded_operands(isa: str) -> None:
    check(
        lambda a, b: ops.matmul(ops.exp(a), ops.pad(b, [(1, 2), (0, 3)])),
        [numbers(1, (9, 20)), numbers(2, (17, 30))],
        isa,
    )


@pytest.mark.parametrize(
    "shapes",
    [
        ((4, 5, 6), (4, 6, 7)),
        ((2, 3, 5, 6), (6, 7)),
        ((5, 6), (3, 6, 7)),
        ((2, 1, 5, 4), (3, 4, 9)),
        ((0, 5, 6), (6, 7)),
    ],
)
def test_batches_broadcast(isa: str, shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    check(ops.matmul, [numbers(i, shape) for i, shape in enumerate(shapes)], isa)


@pytest.mark.parametrize("shapes", [((7,), (7,)), ((7,), (7, 9)), ((9, 7), (7,)), ((3, 9, 7), (7,)), ((7,), (3, 7, 9))])
def test_vectors(isa: str, shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    check(ops.matmul, [numbers(i, shape) for i, shape in enumerate(shapes)], isa)


@pytest.mark.parametrize("shapes", [((0, 3), (3, 4)), ((3, 0), (0, 4)), ((3, 4), (4, 0))])
def test_empty_products(isa: str, shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    """A sum over nothing is 0."""
    check(ops.matmul, [numbers(i, shape) for i, shape in enumerate(shapes)], isa)


@pytest.mark.parametrize("dtype", INTEGERS)
def test_integer_products(isa: str, dtype: str) -> None:
    """They wrap around, as NumPy's."""
    generator, info = np.random.default_rng(1), np.iinfo(dtype)
    a, b = (generator.integers(info.min, info.max, shape, dtype, endpoint=True) for shape in ((5, 19), (19, 7)))
    program = check(ops.matmul, [a, b], isa)
    assert program.graph.outputs[0].dtype.name == dtype
    np.testing.assert_array_equal(run(program, [a, b])[0], a @ b)


@pytest.mark.parametrize(
    ("first", "second"), [("float64", "float32"), ("int32", "float32"), ("uint8", "float32"), ("uint8", "int8")]
)
def test_products_of_two_dtypes_promote(isa: str, first: str, second: str) -> None:
    check(ops.matmul, [numbers(1, (5, 19), first), numbers(2, (19, 7), second)], isa)


def test_a_linear_layer_is_one_kernel(isa: str) -> None:
    """x @ W.T + b, an activation, a residual: the epilogue of one product."""

    def layer(x: Node, w: Node, b: Node, r: Node) -> Node:
        return ops.add(ops.relu(ops.add(ops.matmul(x, ops.transpose(w)), b)), r)

    arrays = [numbers(1, (33, 17)), numbers(2, (29, 17)), numbers(3, (29,)), numbers(4, (33, 29))]
    program = check(layer, arrays, isa, differentiate=False)
    assert [kernel.task.spec.template for kernel in program.kernels if kernel.task.spec.template != "pack"] == ["gemm"]
    check(layer, arrays, isa)


def test_nan_and_infinity_go_through(isa: str) -> None:
    a, b = numbers(1, (9, 17)), numbers(2, (17, 21))
    a[3, 5], b[2, 20], a[0, 0] = np.nan, np.inf, -np.inf
    check(ops.matmul, [a, b], isa, differentiate=False)


def test_several_outputs_of_one_product(isa: str) -> None:
    """The product itself, its activation and a sum over it."""

    def outputs(a: Node, b: Node) -> list[Node]:
        y = ops.matmul(a, b)
        return [y, ops.tanh(y), ops.sum_(y, 0), ops.softmax(y), ops.transpose(ops.exp(y))]

    check(outputs, [numbers(1, (21, 13)), numbers(2, (13, 35))], isa)


def test_an_array_times_its_own_transpose(isa: str) -> None:
    """Both operands are one buffer, also where the right one is packed."""
    for shape in ((3, 1000), (40, 33), (300, 7)):
        check(lambda x: ops.matmul(x, ops.transpose(x)), [numbers(1, shape)], isa)
