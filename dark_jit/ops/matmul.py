"""Matrix multiplication, batched."""

from __future__ import annotations

import math

import numpy as np

from dark_jit import dtypes
from dark_jit.dtypes import DType
from dark_jit.errors import DTypeError, ShapeError
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register
from dark_jit.ops.elementwise import cast, multiply
from dark_jit.ops.movement import broadcast_shapes, broadcast_to, expand_dims, reshape, squeeze, transpose
from dark_jit.ops.reduction import sum_


def _infer_matmul(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    a, b = inputs
    return (*a.shape[:-1], b.shape[-1]), a.dtype


def _transposed(x: Node) -> Node:
    """The last two axes exchanged."""
    return transpose(x, (*range(x.ndim - 2), x.ndim - 1, x.ndim - 2))


MATMUL = register(
    Op(
        "matmul",
        "contraction",
        _infer_matmul,
        lambda _, a, b: np.matmul(a, b),
        lambda g, node: [matmul(g, _transposed(node.inputs[1])), matmul(_transposed(node.inputs[0]), g)],
        "(..., m, k) times (..., k, n), batch axes equal.",
    )
)


def _batch_axes(a: Node, b: Node) -> tuple[int, ...]:
    try:
        return broadcast_shapes(a.shape[:-2], b.shape[:-2])
    except ShapeError:
        raise ShapeError(f"matmul of shapes {a.shape} and {b.shape}: the axes before the last two differ") from None


def matmul(a: Node, b: Node) -> Node:
    """NumPy's `@`: the last two axes are matrices, the others broadcast; vectors are rows or columns.

    Raises ShapeError where the inner extents differ or an operand has no axes.
    """
    if not a.ndim or not b.ndim:
        raise ShapeError(f"matmul needs at least one axis on both sides, got shapes {a.shape} and {b.shape}")
    if a.shape[-1] != b.shape[-2:][0]:
        raise ShapeError(
            f"matmul of shapes {a.shape} and {b.shape}: inner extents {a.shape[-1]} and {b.shape[-2:][0]} differ"
        )
    if a.ndim == 1:
        return squeeze(matmul(expand_dims(a, 0), b), -1 if b.ndim == 1 else -2)
    if b.ndim == 1:
        return squeeze(matmul(a, expand_dims(b, 1)), -1)
    dtype = dtypes.promote(a.dtype, b.dtype)
    if dtype == dtypes.bool_:
        raise DTypeError("matmul is not defined for bool; use astype first")
    if b.ndim == 2 < a.ndim and dtypes.is_float(dtype):
        return _rows_product(cast(a, dtype), cast(b, dtype))
    batch = _batch_axes(a, b)
    a = broadcast_to(cast(a, dtype), (*batch, *a.shape[-2:]))
    b = broadcast_to(cast(b, dtype), (*batch, *b.shape[-2:]))
    if not dtypes.is_float(dtype):
        return _integer_product(a, b)
    return make(MATMUL, (a, b))


def _rows_product(a: Node, b: Node) -> Node:
    """(..., k) times one matrix (k, n): all rows in one product, so that the gradient of b is one too."""
    rows = reshape(a, (math.prod(a.shape[:-1]), a.shape[-1]))
    return reshape(make(MATMUL, (rows, b)), (*a.shape[:-1], b.shape[-1]))


def _integer_product(a: Node, b: Node) -> Node:
    """The sum of products, which wraps around in the operands' own dtype."""
    return sum_(multiply(expand_dims(a, -1), expand_dims(b, -3)), -2, dtype=a.dtype)
