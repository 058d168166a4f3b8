"""Sums of products over chosen axes; matmul stands with what networks are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dark_jit import ops
from dark_jit.errors import ArgumentError, ShapeError
from dark_jit.graph.node import Node
from dark_jit.ops.checks import axis_of
from dark_jit.ops.movement import broadcast_shapes
from dark_jit.tensor.handle import apply

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor

__all__ = [
    "dot",
    "einsum",
    "inner",
    "outer",
    "tensordot",
    "vecdot",
]


def einsum(subscripts: str, *operands: Any, optimize: Any = True) -> Tensor:
    """The sum of products that `subscripts` names, as NumPy's: "ij,jk->ik" is a matrix product, "ii->i" a diagonal.

    "..." stands for axes that broadcast. Operands are contracted pair by pair, the cheapest pair first, whatever
    `optimize` says. Raises ArgumentError, ShapeError, DTypeError.
    """
    if not isinstance(subscripts, str):
        raise ArgumentError('einsum begins with its subscripts as a string: einsum("ij,jk->ik", a, b)')
    if not operands:
        raise ArgumentError(f"einsum {subscripts!r} has no operands")
    return apply(_einsum, *operands, subscripts=subscripts)


def _einsum(*operands: Any, subscripts: str) -> Node:
    like = next(x for x in operands if isinstance(x, Node))
    return ops.einsum(subscripts, *(x if isinstance(x, Node) else ops.constant(x, like.dtype) for x in operands))


def tensordot(x1: Any, x2: Any, axes: int | Sequence[int | Sequence[int]] = 2) -> Tensor:
    """The sum of products over the last `axes` axes of x1 and the first of x2, or over the pairs of axes given.

    The other axes of x1 come first, then those of x2. Raises ArgumentError, ShapeError, DTypeError.
    """
    if isinstance(axes, Sequence):
        pairs = tuple(tuple(part) if isinstance(part, Sequence) else (part,) for part in axes)
        return apply(ops.tensordot, x1, x2, axes=pairs)
    return apply(ops.tensordot, x1, x2, axes=axes)


def vecdot(x1: Any, x2: Any, axis: int = -1) -> Tensor:
    """The sum of products along an axis; the others broadcast. Raises ShapeError where its extents differ."""
    return apply(_vecdot, x1, x2, axis=axis)


def _vecdot(x: Node, y: Node, axis: int) -> Node:
    shape = broadcast_shapes(x.shape, y.shape)
    at = axis_of(axis, min(x.ndim, y.ndim)) - min(x.ndim, y.ndim)
    if x.shape[at] != y.shape[at]:
        raise ShapeError(f"vecdot of shapes {x.shape} and {y.shape}: the extents of axis {axis} differ")
    products = ops.multiply(ops.broadcast_to(x, shape), ops.broadcast_to(y, shape))
    return ops.cast(ops.sum_(products, at), products.dtype)


def outer(x1: Any, x2: Any) -> Tensor:
    """Each element of x1 times each of x2, both in C order: a matrix."""
    return apply(_outer, x1, x2)


def _outer(x: Node, y: Node) -> Node:
    return ops.multiply(ops.reshape(x, (x.size, 1)), ops.reshape(y, (1, y.size)))


def inner(x1: Any, x2: Any) -> Tensor:
    """The sum of products over the last axis of both; a product where one has no axes. Raises ShapeError."""
    return apply(_inner, x1, x2)


def _inner(x: Any, y: Any) -> Node:
    return _product(x, y, -1)


def dot(x1: Any, x2: Any) -> Tensor:
    """The sum of products over the last axis of x1 and the last but one (or only one) of x2; a product where one has no
    axes. Raises ShapeError."""
    return apply(_dot, x1, x2)


def _dot(x: Any, y: Any) -> Node:
    return _product(x, y, -2)


def _product(x: Any, y: Any, axis: int) -> Node:
    if not (isinstance(x, Node) and isinstance(y, Node) and x.ndim and y.ndim):
        return ops.multiply(x, y)
    return ops.tensordot(x, y, ((-1,), (max(axis, -y.ndim),)))
