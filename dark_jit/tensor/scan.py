"""Running sums and products: NumPy's cumsum and cumprod, and the Array API's cumulative_sum and cumulative_prod."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from dark_jit import dtypes, ops
from dark_jit.errors import ArgumentError
from dark_jit.graph.node import Node
from dark_jit.ops.checks import axis_of
from dark_jit.tensor.handle import apply
from dark_jit.tensor.reduction import one_of

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor

__all__ = [
    "cumprod",
    "cumsum",
    "cumulative_prod",
    "cumulative_sum",
]


def cumsum(x: Any, axis: int | None = None, dtype: Any = None, *, dim: int | None = None) -> Tensor:
    """The sum of the elements up to each one along an axis; without an axis, of all in C order, as one axis.

    Integers and bool are summed as int64 or uint64. Floats are added one after another, but for the last axis: there
    the lanes of a vector are summed up first.
    """
    return _scanned(ops.cumsum, x, one_of(axis, dim, "axis and dim"), dtype)


def cumprod(x: Any, axis: int | None = None, dtype: Any = None, *, dim: int | None = None) -> Tensor:
    """The product of the elements up to each one along an axis; without an axis, of all in C order, as one axis.

    Integers and bool are multiplied as int64 or uint64.
    """
    return _scanned(ops.cumprod, x, one_of(axis, dim, "axis and dim"), dtype)


def cumulative_sum(x: Any, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Tensor:
    """cumsum, with a 0 before all others if include_initial. Several axes need `axis`: raises ArgumentError."""
    return _scanned(_cumulative, x, axis, dtype, scan=ops.cumsum, initial=0 if include_initial else None)


def cumulative_prod(x: Any, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Tensor:
    """cumprod, with a 1 before all others if include_initial. Several axes need `axis`: raises ArgumentError."""
    return _scanned(_cumulative, x, axis, dtype, scan=ops.cumprod, initial=1 if include_initial else None)


def _scanned(function: Callable[..., Node], x: Any, axis: int | None, dtype: Any, **static: Any) -> Tensor:
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    return apply(_along, x, scanned=function, axis=axis, dtype=wanted, **static)


def _along(x: Node, scanned: Callable[..., Node], axis: int | None, **static: Any) -> Node:
    if scanned is _cumulative and axis is None and x.ndim != 1:
        raise ArgumentError(f"an array of {x.ndim} axes needs `axis`; cumsum and cumprod flatten without one")
    flat = ops.reshape(x, (x.size,)) if axis is None else x
    return scanned(flat, axis=0 if axis is None else axis_of(axis, x.ndim), **static)


def _cumulative(x: Node, axis: int, scan: Callable[..., Node], initial: int | None, dtype: dtypes.DType | None) -> Node:
    found = scan(x, axis, dtype=dtype)
    if initial is None:
        return found
    first = ops.constant(initial, found.dtype, tuple(1 if a == axis else n for a, n in enumerate(x.shape)))
    return ops.concatenate([first, found], axis)
