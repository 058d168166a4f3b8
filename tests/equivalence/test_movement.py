"""Movement: alone, fused into the kernels that read, and backward."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.graph.node import Node

from .programs import ISAS, MOVED, agree, check, compiled, graph_of, inputs_of, numbers, run

pytestmark = pytest.mark.parametrize("isa", ISAS)


@pytest.mark.parametrize("dtype", MOVED)
def test_each_movement_alone(isa: str, dtype: str) -> None:
    def movements(x: Node) -> list[Node]:
        return [
            ops.reshape(x, (5, 21)),
            ops.transpose(x),
            ops.transpose(x, (0, 2, 1)),
            ops.broadcast_to(x, (2, 3, 5, 7)),
            ops.slice_(x, [(0, 3, 2), (1, 5, 1), (0, 6, 3)]),
            ops.slice_(x, [(0, 3, 1), (2, 2, 1), (0, 7, 1)]),
            ops.pad(x, [(1, 0), (0, 2), (3, 1)]),
            ops.flip(x),
            ops.flip(x, (0, 2)),
            ops.concatenate([x, x, x], 1),
            ops.stack([x, ops.flip(x, 1)], 2),
            ops.dilate(x, (2, 3)),
            ops.moveaxis(x, 0, 2),
            ops.expand_dims(x, (0, 2)),
            ops.squeeze(ops.slice_(x, [(1, 2, 1), (0, 5, 1), (0, 7, 1)])),
        ]

    check(movements, [numbers(1, (3, 5, 7), dtype)], isa)


def test_movement_of_empty_and_single_elements(isa: str) -> None:
    def movements(x: Node) -> list[Node]:
        return [
            ops.reshape(x, (-1,)),
            ops.transpose(x),
            ops.broadcast_to(x, (3, *x.shape)),
            ops.pad(x, [(1, 2)] * x.ndim),
            ops.flip(x),
            ops.concatenate([x, x], 0) if x.ndim else ops.expand_dims(x, 0),
        ]

    for shape in [(), (1,), (0,), (1, 1), (2, 0), (0, 3), (1, 17), (17, 1)]:
        check(movements, [numbers(1, shape)], isa)


@pytest.mark.parametrize("shape", [(1, 5), (17, 33), (64, 64), (31, 129), (3, 16_411), (16_411, 3)])
def test_transposed_operands(isa: str, shape: tuple[int, int]) -> None:
    def both(x: Node, y: Node) -> list[Node]:
        return [ops.add(ops.transpose(x), y), ops.multiply(ops.flip(ops.transpose(y), 0), x)]

    check(both, [numbers(1, shape), numbers(2, shape[::-1])], isa)


def test_transpositions_of_four_axes(isa: str) -> None:
    x = numbers(1, (2, 3, 17, 18))
    for axes in [(0, 2, 3, 1), (0, 3, 1, 2), (3, 2, 1, 0), (1, 0, 3, 2), (2, 3, 0, 1)]:
        check(lambda x: ops.exp(ops.transpose(x, axes)), [x], isa)  # noqa: B023


def test_movements_fuse_into_one_kernel(isa: str) -> None:
    """A cropped, flipped, padded, transposed operand is an index map of a load."""

    def fused(x: Node, y: Node) -> Node:
        cropped = ops.slice_(x, [(1, 9, 2), (0, 7, 1)])
        moved = ops.pad(ops.flip(ops.transpose(cropped), 1), [(2, 1), (0, 3)])
        return ops.add(moved, ops.relu(y))

    program = check(fused, [numbers(1, (9, 7)), numbers(2, (10, 7))], isa, differentiate=False)
    assert len(program.kernels) == 1
    check(fused, [numbers(1, (9, 7)), numbers(2, (10, 7))], isa)


def test_padding_of_a_computed_value_is_zero(isa: str) -> None:
    """exp(pad(x)) is 1 in the border, pad(exp(x)) is 0."""
    check(
        lambda x: [ops.exp(ops.pad(x, [(1, 2), (2, 0)])), ops.pad(ops.exp(x), [(1, 2), (2, 0)])],
        [numbers(1, (5, 19))],
        isa,
    )


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_concatenation_of_computed_parts(isa: str, axis: int) -> None:
    shapes = [[4, 5, 6] for _ in range(4)]
    for shape, extent in zip(shapes, (3, 0, 1, 17), strict=True):
        shape[axis] = extent
    arrays = [numbers(i, shape) for i, shape in enumerate(shapes)]

    def joined(*xs: Node) -> list[Node]:
        parts = [xs[0], ops.exp(xs[1]), ops.tanh(xs[2]), ops.multiply(xs[3], xs[3])]
        whole = ops.concatenate(parts, axis)
        return [whole, ops.relu(whole), ops.sum_(whole, axis)]

    check(joined, arrays, isa)


def test_reshapes_between_computations(isa: str) -> None:
    """Splitting and merging axes, also where the map is not affine."""

    def chain(x: Node) -> list[Node]:
        y = ops.reshape(ops.exp(x), (4, 9, 10))
        z = ops.reshape(ops.transpose(y, (1, 0, 2)), (6, 60))
        w = ops.reshape(ops.slice_(z, [(1, 6, 1), (0, 59, 1)]), (59, 5))
        return [ops.add(y, 1.0), ops.negative(z), w, ops.reshape(ops.pad(w, [(1, 0), (0, 1)]), (-1,))]

    check(chain, [numbers(1, (12, 30))], isa)


@pytest.mark.parametrize("extents", [(2, 2), (2, 3), (3, 4), (1, 5)])
def test_parts_of_padded_flattened_transpositions(isa: str, extents: tuple[int, int]) -> None:
    """Where the map is affine is not where an axis can be divided: 6 of 8 elements are 2 x 3, the 8 are not."""

    def parts(x: Node) -> list[Node]:
        flat = ops.reshape(ops.transpose(x), (-1,))
        padded = ops.pad(flat, [(0, 5)])
        return [
            padded,
            ops.slice_(padded, [(0, flat.size + 2, 1)]),
            ops.sum_(padded),
            ops.flip(ops.pad(flat, [(2, 0)])),
        ]

    check(parts, [numbers(1, extents)], isa)


@pytest.mark.parametrize("length", [100, 400])
def test_long_chains_of_movement(isa: str, length: int) -> None:
    def chain(x: Node) -> Node:
        for _ in range(length):
            x = ops.reshape(ops.transpose(ops.reshape(ops.flip(ops.reshape(x, (8, 8)), 0), (4, 16))), (64,))
        return x

    check(chain, [numbers(1, (64,))], isa, differentiate=False)


def test_interleaving_of_phases(isa: str) -> None:
    """What the gradient of a strided convolution ends with."""

    def interleaved(x: Node, y: Node) -> Node:
        return ops.reshape(ops.stack([ops.exp(x), y], 2), (x.shape[0], 2 * x.shape[1]))

    check(interleaved, [numbers(1, (5, 19)), numbers(2, (5, 19))], isa)


def test_a_view_of_a_huge_broadcast(isa: str) -> None:
    """2**33 elements that never lie in memory; a few of them do. (The interpreter would compute them all.)"""
    x = numbers(1, (8,))
    (node,) = inputs_of([x])
    huge = ops.broadcast_to(ops.expand_dims(node, (0, 2)), (2**16, 8, 2**14))
    part = ops.slice_(ops.exp(huge), [(2**16 - 3, 2**16, 2), (0, 8, 1), (2**14 - 7, 2**14, 3)])
    program = compiled(graph_of([node], [part, ops.sum_(part)]), isa)
    assert program.schedule.arena_bytes < 2**20
    wanted = np.broadcast_to(np.exp(x)[:, None], (2, 8, 3))
    agree(run(program, [x]), [wanted, wanted.sum(dtype=np.float32)])


@pytest.mark.parametrize("dtype", ["float32", "float64", "int16"])
@pytest.mark.parametrize(
    "shape", [(48, 64), (33, 47), (5, 100), (100, 5), (3, 19, 35), (64, 256), (131, 517), (2, 70, 300)]
)
def test_transpositions_beside_other_operands(isa: str, dtype: str, shape: tuple[int, ...]) -> None:
    """As an optimiser's: one operand lies the other way, several do not, and there are several results."""
    x, *others = (numbers(i, shape if i else (*shape[:-2], shape[-1], shape[-2]), dtype) for i in range(4))

    def update(x: Node, a: Node, b: Node, c: Node) -> list[Node]:
        g = ops.transpose(x, (*range(x.ndim - 2), x.ndim - 1, x.ndim - 2))
        first = ops.add(a, g)
        second = ops.add(b, ops.multiply(g, g))
        return [first, second, ops.subtract(c, ops.multiply(first, second))]

    program = check(update, [x, *others], isa, scale=20)
    specs = [task.spec for task in program.schedule.tasks]
    assert any(spec.template == "transpose_tiles" for spec in specs)
