"""matmul: NumPy's meaning for every rank, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.errors import DTypeError, ShapeError

from .meaning import means, node, refused, value

SHAPES = [
    ((3, 4), (4, 5)), ((4,), (4,)), ((4,), (4, 5)), ((3, 4), (4,)), ((2, 3, 4), (4, 5)), ((2, 3, 4), (4,)),
    ((4,), (2, 4, 5)),
    ((2, 1, 3, 4), (6, 4, 5)), ((3, 0), (0, 4)), ((0, 3), (3, 4)), ((0, 2, 3), (3, 1)),
]  # fmt: skip


@pytest.mark.parametrize("first, second", SHAPES)
def test_as_numpy(first: tuple[int, ...], second: tuple[int, ...]) -> None:
    generator = np.random.default_rng(1)
    a, b = generator.normal(size=first), generator.normal(size=second)
    means(value(ops.matmul, a, b), a @ b)


def test_dtypes() -> None:
    ints = np.array([[1, 2], [3, 4]])
    means(value(ops.matmul, ints, ints), ints @ ints)
    means(value(ops.matmul, ints, ints.astype(np.float32)), (ints @ ints).astype(np.float32))
    means(value(ops.matmul, ints > 2, ints.astype(np.float64)), (ints > 2).astype(np.float64) @ ints)


def test_what_is_refused() -> None:
    refused(lambda: ops.matmul(node(2, 3), node(4, 5)), ShapeError, "(2, 3) and (4, 5)", "inner extents 3 and 4")
    refused(lambda: ops.matmul(node(3), node(4)), ShapeError, "(3,) and (4,)", "3 and 4")
    refused(lambda: ops.matmul(node(2, 3), node(2)), ShapeError, "(2, 3) and (2,)")
    refused(lambda: ops.matmul(node(), node(3)), ShapeError, "at least one axis", "()")
    refused(lambda: ops.matmul(node(3), node()), ShapeError, "at least one axis")
    refused(
        lambda: ops.matmul(node(2, 3, 4), node(3, 4, 5)), ShapeError, "(2, 3, 4) and (3, 4, 5)", "before the last two"
    )
    refused(
        lambda: ops.matmul(node(2, 2, dtype="bool"), node(2, 2, dtype="bool")), DTypeError, "matmul", "bool", "astype"
    )
