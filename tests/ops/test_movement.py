"""Movement: NumPy's meaning, what vanishes, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.errors import ArgumentError, DTypeError, ShapeError

from .meaning import means, node, refused, value

A = np.arange(24, dtype=np.float64).reshape(2, 3, 4)


def test_as_numpy() -> None:
    means(value(lambda x: ops.reshape(x, (4, -1)), A), A.reshape(4, -1))
    means(value(ops.transpose, A), A.T)
    means(value(lambda x: ops.transpose(x, (1, -1, 0)), A), A.transpose(1, 2, 0))
    means(value(lambda x: ops.broadcast_to(x, (5, 2, 3, 4)), A), np.broadcast_to(A, (5, 2, 3, 4)))
    means(value(lambda x: ops.slice_(x, [(0, 2, 1), (1, 3, 1), (0, 4, 3)]), A), A[:, 1:3, ::3])
    means(value(lambda x: ops.slice_(x, [(1, 0, 1), (0, 3, 1), (0, 4, 1)]), A), A[1:0])
    means(value(lambda x: ops.pad(x, [(1, 0), (0, 2), (3, 3)]), A), np.pad(A, [(1, 0), (0, 2), (3, 3)]))
    means(value(lambda x: ops.flip(x, (0, 2)), A), np.flip(A, (0, 2)))
    means(value(ops.flip, A), np.flip(A))
    means(value(lambda x: ops.concatenate([x, x], -1), A), np.concatenate([A, A], -1))
    means(value(lambda x: ops.stack([x, x, x], 1), A), np.stack([A] * 3, 1))
    means(value(lambda x: ops.expand_dims(x, (0, -1)), A), np.expand_dims(A, (0, -1)))
    means(value(ops.squeeze, A[:1, :, :1]), A[:1, :, :1].squeeze())
    means(value(lambda x: ops.squeeze(x, 2), A[:1, :, :1]), A[:1, :, :1].squeeze(2))
    means(value(lambda x: ops.moveaxis(x, (0, 1), (-1, 0)), A), np.moveaxis(A, (0, 1), (-1, 0)))
    means(
        value(lambda x: ops.crop_or_pad(x, ((1, -1), (-1, 2), (0, 0))), A), np.pad(A[:1, 1:], [(1, 0), (0, 2), (0, 0)])
    )


@pytest.mark.parametrize("axes", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (-1, 0, 1)])
@pytest.mark.parametrize("targets", [(0, 1, 2), (2, 0, 1), (1, -1, 0)])
def test_moveaxis_of_all_axes(axes: tuple[int, ...], targets: tuple[int, ...]) -> None:
    means(value(lambda x: ops.moveaxis(x, axes, targets), A), np.moveaxis(A, axes, targets))


def test_what_moves_nothing_is_the_operand() -> None:
    x = node(2, 3, 1)
    same = [
        ops.reshape(x, (2, 3, 1)),
        ops.transpose(x, (0, 1, 2)),
        ops.broadcast_to(x, (2, 3, 1)),
        ops.slice_(x, [(0, 2, 1), (0, 3, 1), (0, 1, 1)]),
        ops.pad(x, [(0, 0)] * 3),
        ops.flip(x, 2),
        ops.concatenate([x]),
        ops.dilate(x, 1),
    ]
    assert all(each is x for each in same)


X = node(2, 3, 4)


def test_reshape_refuses() -> None:
    refused(lambda: ops.reshape(X, (5, 5)), ShapeError, "(2, 3, 4) (24 elements)", "(5, 5) (25 elements)")
    refused(lambda: ops.reshape(X, (7, -1)), ShapeError, "(2, 3, 4)", "(7, -1)")
    refused(lambda: ops.reshape(X, (-1, -1)), ShapeError, "(-1, -1)")
    refused(lambda: ops.reshape(X, (-2,)), ShapeError, "negative", "(-2,)")
    refused(lambda: ops.reshape(node(0, 3), (-1, 0)), ShapeError, "(0, 3)", "(-1, 0)")
    refused(lambda: ops.reshape(X, (2.0, 12)), ArgumentError, "integer", "2.0")  # type: ignore[list-item, arg-type]


def test_transpose_refuses() -> None:
    refused(lambda: ops.transpose(X, (0, 1)), ArgumentError, "(0, 1)", "not a permutation", "(2, 3, 4)")
    refused(lambda: ops.transpose(X, (0, 1, 1)), ArgumentError, "not a permutation")
    refused(lambda: ops.transpose(X, (0, 1, 3)), ArgumentError, "axis 3", "3 axes")


def test_broadcast_to_refuses() -> None:
    refused(lambda: ops.broadcast_to(X, (3, 3, 4)), ShapeError, "(2, 3, 4)", "(3, 3, 4)")
    refused(lambda: ops.broadcast_to(X, (3, 4)), ShapeError, "(2, 3, 4)", "(3, 4)")
    refused(lambda: ops.broadcast_to(X, (-1, 3, 4)), ShapeError, "negative")


def test_slice_refuses() -> None:
    whole = [(0, 3, 1), (0, 4, 1)]
    refused(lambda: ops.slice_(X, [(0, 1, 1)]), ShapeError, "3 axes", "(2, 3, 4)", "got 1")
    refused(lambda: ops.slice_(X, [(0, 1, 1)] * 4), ShapeError, "got 4")
    refused(lambda: ops.slice_(X, [(0, 3, 1), *whole]), ArgumentError, "0:3:1", "axis 0", "(2, 3, 4)")
    refused(lambda: ops.slice_(X, [(-1, 1, 1), *whole]), ArgumentError, "-1:1:1")
    refused(lambda: ops.slice_(X, [(0, 2, 0), *whole]), ArgumentError, "0:2:0")
    refused(lambda: ops.slice_(X, [(0, 2, -1), *whole]), ArgumentError, "0:2:-1")


def test_pad_refuses() -> None:
    refused(lambda: ops.pad(X, [(1, 1)]), ShapeError, "3 axes", "(2, 3, 4)")
    refused(lambda: ops.pad(X, [(1, -1), (0, 0), (0, 0)]), ArgumentError, "must not be negative", "slice the array")
    refused(lambda: ops.pad(X, [(1.5, 1), (0, 0), (0, 0)]), ArgumentError, "integer", "1.5")  # type: ignore[list-item]


def test_flip_and_axes_refuse() -> None:
    refused(lambda: ops.flip(X, 3), ArgumentError, "axis 3", "3 axes")
    refused(lambda: ops.flip(X, (0, -3)), ArgumentError, "(0, -3)", "twice")
    refused(lambda: ops.flip(X, 1.0), ArgumentError, "integer")  # type: ignore[arg-type]
    refused(lambda: ops.squeeze(X, 0), ShapeError, "(0,)", "(2, 3, 4)", "extents of 1")
    refused(lambda: ops.squeeze(X, 7), ArgumentError, "axis 7")
    refused(lambda: ops.expand_dims(X, 5), ArgumentError, "axis 5", "4 axes")
    refused(lambda: ops.expand_dims(X, (0, 0)), ArgumentError, "twice")
    refused(lambda: ops.moveaxis(X, (0, 1), 2), ArgumentError, "(0, 1)", "(2,)")
    refused(lambda: ops.moveaxis(X, (0, 0), (1, 2)), ArgumentError, "twice")
    refused(lambda: ops.moveaxis(X, 3, 0), ArgumentError, "axis 3")


def test_concatenate_refuses() -> None:
    refused(lambda: ops.concatenate([]), ShapeError, "at least one")
    refused(lambda: ops.concatenate([X, node(2, 4, 4)]), ShapeError, "(2, 3, 4)", "(2, 4, 4)", "axis 0")
    refused(lambda: ops.concatenate([X, node(3, 4)]), ShapeError, "(3, 4)")
    refused(lambda: ops.concatenate([X, X], 3), ArgumentError, "axis 3")
    refused(lambda: ops.concatenate([node(), node()]), ArgumentError, "0 axes")
    refused(lambda: ops.concatenate([X, node(2, 3, 4, dtype="float64")]), DTypeError, "float32", "float64", "astype")
    refused(lambda: ops.stack([]), ShapeError, "at least one")
    refused(lambda: ops.stack([X, node(2, 3)]), ShapeError, "other extents differ")
    refused(lambda: ops.stack([X, X], 4), ArgumentError, "axis 4")


def test_shapes_past_32_bits_are_numbers_like_others() -> None:
    huge = ops.broadcast_to(X, (2**20, 2**20, 2, 3, 4))
    assert huge.size == 24 * 2**40
    assert ops.reshape(huge, (-1,)).shape == (24 * 2**40,)
    part = ops.slice_(ops.reshape(huge, (2**40, 24)), [(2**40 - 1, 2**40, 1), (0, 24, 1)])
    assert part.shape == (1, 24)
    assert ops.sum_(huge, (0, 1)).shape == (2, 3, 4)
