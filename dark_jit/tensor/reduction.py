"""Reductions of Tensors over axes: NumPy's meaning (axes vanish unless keepdims), PyTorch's spellings dim and keepdim
too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dark_jit import dtypes, ops
from dark_jit.errors import ArgumentError
from dark_jit.graph.node import Node
from dark_jit.tensor.handle import Handle, apply

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor

__all__ = [
    "all",
    "amax",
    "amin",
    "any",
    "argmax",
    "argmin",
    "max",
    "mean",
    "min",
    "prod",
    "std",
    "sum",
    "var",
]

Axes = int | Sequence[int] | None


def one_of(first: Any, second: Any, names: str) -> Any:
    """The one of two spellings of an argument that was given. Raises ArgumentError for both."""
    if second is None:
        return first
    if first is not None:
        raise ArgumentError(f"{names} are two names of one argument; give one of them")
    return second


def _reduce(
    function: Callable[..., Node], x: Any, axis: Axes, keepdims: bool, dim: Axes, keepdim: bool | None, **static: Any
) -> Tensor:
    axes = one_of(axis, dim, "axis and dim")
    return apply(function, x, axis=axes, keepdims=keepdims if keepdim is None else keepdim, **static)


def sum(
    x: Any,
    axis: Axes = None,
    keepdims: bool = False,
    *,
    dtype: Any = None,
    dim: Axes = None,
    keepdim: bool | None = None,
) -> Tensor:
    """Sum over axes, by default all. bool and integers are summed as int64 or uint64, unless dtype is given."""
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    return _reduce(ops.sum_, x, axis, keepdims, dim, keepdim, dtype=wanted)


def prod(
    x: Any,
    axis: Axes = None,
    keepdims: bool = False,
    *,
    dtype: Any = None,
    dim: Axes = None,
    keepdim: bool | None = None,
) -> Tensor:
    """Product over axes, by default all; 1 for none. bool and integers are multiplied as int64 or uint64, unless dtype
    is given."""
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    return _reduce(ops.prod, x, axis, keepdims, dim, keepdim, dtype=wanted)


def mean(x: Any, axis: Axes = None, keepdims: bool = False, *, dim: Axes = None, keepdim: bool | None = None) -> Tensor:
    """Arithmetic mean over axes, by default all."""
    return _reduce(ops.mean, x, axis, keepdims, dim, keepdim)


def var(
    x: Any,
    axis: Axes = None,
    keepdims: bool = False,
    *,
    ddof: float = 0,
    correction: float | None = None,
    dim: Axes = None,
    keepdim: bool | None = None,
) -> Tensor:
    """Variance over axes: the squared deviations' sum over count - ddof (or correction)."""
    less = ddof if correction is None else correction
    return _reduce(ops.var, x, axis, keepdims, dim, keepdim, ddof=less)


def std(
    x: Any,
    axis: Axes = None,
    keepdims: bool = False,
    *,
    ddof: float = 0,
    correction: float | None = None,
    dim: Axes = None,
    keepdim: bool | None = None,
) -> Tensor:
    """Square root of the variance."""
    less = ddof if correction is None else correction
    return _reduce(ops.std, x, axis, keepdims, dim, keepdim, ddof=less)


def any(x: Any, axis: Axes = None, keepdims: bool = False, *, dim: Axes = None, keepdim: bool | None = None) -> Tensor:
    """Whether any element is true (not zero)."""
    return _reduce(ops.any_, x, axis, keepdims, dim, keepdim)


def all(x: Any, axis: Axes = None, keepdims: bool = False, *, dim: Axes = None, keepdim: bool | None = None) -> Tensor:
    """Whether all elements are true (not zero)."""
    return _reduce(ops.all_, x, axis, keepdims, dim, keepdim)


def max(x: Any, axis: Any = None, keepdims: bool = False, *, dim: Axes = None, keepdim: bool | None = None) -> Tensor:
    """Maximum over axes (an int or a tuple); elementwise where the second argument is a Tensor, an array or a float."""
    if _is_operand(axis):
        return apply(ops.maximum, x, axis)
    return _reduce(ops.max_, x, axis, keepdims, dim, keepdim)


def min(x: Any, axis: Any = None, keepdims: bool = False, *, dim: Axes = None, keepdim: bool | None = None) -> Tensor:
    """Minimum over axes (an int or a tuple); elementwise where the second argument is a Tensor, an array or a float."""
    if _is_operand(axis):
        return apply(ops.minimum, x, axis)
    return _reduce(ops.min_, x, axis, keepdims, dim, keepdim)


def _is_operand(value: Any) -> bool:
    return isinstance(value, Handle | np.ndarray | float)


amax, amin = max, min


def argmax(
    x: Any, axis: int | None = None, keepdims: bool = False, *, dim: int | None = None, keepdim: bool | None = None
) -> Tensor:
    """The place of the first maximum along an axis, or in C order; int64. NaN counts as the largest.

    Raises ShapeError for an empty axis.
    """
    return _reduce(ops.argmax, x, axis, keepdims, dim, keepdim)


def argmin(
    x: Any, axis: int | None = None, keepdims: bool = False, *, dim: int | None = None, keepdim: bool | None = None
) -> Tensor:
    """The place of the first minimum along an axis, or in C order; int64. NaN counts as the smallest.

    Raises ShapeError for an empty axis.
    """
    return _reduce(ops.argmin, x, axis, keepdims, dim, keepdim)
