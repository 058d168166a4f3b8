"""The linear algebra extension of the Array API standard (2024.12), but for what decomposes matrices."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from dark_jit import ops
from dark_jit.dtypes import is_float
from dark_jit.errors import ArgumentError, DTypeError, ShapeError
from dark_jit.graph.node import Node
from dark_jit.ops.checks import axis_of
from dark_jit.tensor import rearrange
from dark_jit.tensor.handle import apply
from dark_jit.tensor.linear import matmul
from dark_jit.tensor.movement import matrix_transpose
from dark_jit.tensor.products import outer, tensordot, vecdot

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor

__all__ = [
    "cross",
    "diagonal",
    "matmul",
    "matrix_norm",
    "matrix_power",
    "matrix_transpose",
    "outer",
    "tensordot",
    "trace",
    "vecdot",
    "vector_norm",
]

_DECOMPOSING = frozenset(
    {"cholesky", "det", "eig", "eigh", "eigvals", "eigvalsh", "inv", "lstsq", "lu", "matrix_rank", "pinv", "qr"}
    | {"slogdet", "solve", "svd", "svdvals"}
)
_MATRIX_NORMS = ("fro", 1, -1, math.inf, -math.inf)


def __getattr__(name: str) -> NoReturn:
    if name in _DECOMPOSING:
        raise AttributeError(
            f"dark_jit decomposes no matrices, so it has no linalg.{name}; NumPy's takes x.numpy(), without gradients"
        )
    raise AttributeError(f"module 'dark_jit.tensor.linalg' has no attribute {name!r}; it has {', '.join(__all__)}")


def cross(x1: Any, x2: Any, *, axis: int = -1) -> Tensor:
    """The cross product of vectors of three elements along an axis; the other axes broadcast. Raises ShapeError."""
    return apply(_cross, x1, x2, axis=axis)


def _cross(x1: Node, x2: Node, axis: int) -> Node:
    at = axis_of(axis, x1.ndim), axis_of(axis, x2.ndim)
    if x1.shape[at[0]] != 3 or x2.shape[at[1]] != 3:
        raise ShapeError(f"cross needs 3 elements along axis {axis}, got shapes {x1.shape} and {x2.shape}")
    first = ops.multiply(ops.roll(x1, -1, at[0]), ops.roll(x2, -2, at[1]))
    return ops.subtract(first, ops.multiply(ops.roll(x1, -2, at[0]), ops.roll(x2, -1, at[1])))


def diagonal(x: Any, *, offset: int = 0) -> Tensor:
    """The diagonals of the matrices in the last two axes."""
    return rearrange.diagonal(x, offset, -2, -1)


def trace(x: Any, *, offset: int = 0, dtype: Any = None) -> Tensor:
    """The sums of the diagonals of the matrices in the last two axes."""
    total = rearrange.trace(x, offset, -2, -1)
    return total if dtype is None else total.astype(dtype)


def matrix_power(x: Any, n: int) -> Tensor:
    """x @ x @ ... with n factors, by squaring; n = 0: the identity. Raises ArgumentError for n < 0, ShapeError."""
    return apply(_matrix_power, x, n=n)


def _matrix_power(x: Node, n: int) -> Node:
    if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
        raise ShapeError(f"matrix_power needs square matrices, got shape {x.shape}")
    if n < 0:
        raise ArgumentError(f"matrix_power needs n >= 0, got {n}: dark_jit inverts no matrices")
    if n == 0:
        size = x.shape[-1]
        one = ops.equal(ops.reshape(ops.iota(size), (size, 1)), ops.iota(size))
        return ops.broadcast_to(ops.cast(one, x.dtype), x.shape)
    half = _matrix_power(x, n // 2) if n > 1 else None
    square = x if half is None else ops.matmul(half, half)
    return ops.matmul(square, x) if half is not None and n % 2 else square


def vector_norm(x: Any, *, axis: int | Sequence[int] | None = None, keepdims: bool = False, ord: float = 2) -> Tensor:
    """(sum of |x|^ord)^(1/ord) over axes, by default all; infinity: the greatest |x|, -infinity: the least, 0: how many
    are not 0. Raises DTypeError for integers.
    """
    return apply(_vector_norm, x, axis=axis, keepdims=keepdims, ord=ord)


def _vector_norm(x: Node, axis: Any, keepdims: bool, ord: float) -> Node:
    _require_float(x, "vector_norm")
    size = ops.abs_(x)
    if math.isinf(ord):
        return (ops.max_ if ord > 0 else ops.min_)(size, axis, keepdims)
    if ord == 0:
        return ops.sum_(ops.cast(ops.not_equal(x, 0), x.dtype), axis, keepdims)
    if ord == 1:
        return ops.sum_(size, axis, keepdims)
    if ord == 2:
        return ops.sqrt(ops.sum_(ops.multiply(x, x), axis, keepdims))
    return ops.power(ops.sum_(ops.power(size, ord), axis, keepdims), 1 / ord)


def matrix_norm(x: Any, *, keepdims: bool = False, ord: Any = "fro") -> Tensor:
    """The norms of the matrices in the last two axes: "fro", 1 and -1 (columns' sums), infinity and -infinity (rows').

    Raises ArgumentError for others, which need singular values, ShapeError, DTypeError.
    """
    return apply(_matrix_norm, x, keepdims=keepdims, ord=ord)


def _matrix_norm(x: Node, keepdims: bool, ord: Any) -> Node:
    _require_float(x, "matrix_norm")
    if x.ndim < 2:
        raise ShapeError(f"matrix_norm needs at least two axes, got shape {x.shape}")
    if ord not in _MATRIX_NORMS:
        raise ArgumentError(f"matrix_norm: ord must be one of {', '.join(map(repr, _MATRIX_NORMS))}, got {ord!r}")
    if ord == "fro":
        return _vector_norm(x, (-2, -1), keepdims, 2)
    sums = ops.sum_(ops.abs_(x), -2 if abs(ord) == 1 else -1, keepdims=True)
    return (ops.max_ if ord > 0 else ops.min_)(sums, (-2, -1), keepdims)


def _require_float(x: Node, name: str) -> None:
    if not is_float(x.dtype):
        raise DTypeError(f"{name} needs a floating-point array, got {x.dtype.name}; use astype first")
