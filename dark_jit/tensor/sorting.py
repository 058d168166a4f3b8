"""Sorting, and what follows from it. NaN counts as the largest value; equal values keep their order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dark_jit import ops
from dark_jit.errors import ArgumentError
from dark_jit.graph.node import Node
from dark_jit.tensor.handle import apply

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor

__all__ = [
    "argsort",
    "searchsorted",
    "sort",
    "topk",
]


def sort(
    x: Any, axis: int | None = -1, *, descending: bool = False, stable: bool = True, dim: int | None = None
) -> Tensor:
    """The values along an axis in ascending, or descending, order; without an axis, all of them as one axis.

    The order of equal values is kept, whatever `stable` says. NaN comes last (first in descending order).
    """
    return apply(_sort, x, axis=axis if dim is None else dim, descending=descending)


def argsort(
    x: Any, axis: int | None = -1, *, descending: bool = False, stable: bool = True, dim: int | None = None
) -> Tensor:
    """The places along an axis in the order in which sort takes them; int64."""
    return apply(_argsort, x, axis=axis if dim is None else dim, descending=descending)


def _flat(x: Node, axis: int | None) -> tuple[Node, int]:
    return (ops.reshape(x, (x.size,)), 0) if axis is None else (x, axis)


def _sort(x: Node, axis: int | None, descending: bool) -> Node:
    return ops.sort(*_flat(x, axis), descending)


def _argsort(x: Node, axis: int | None, descending: bool) -> Node:
    return ops.argsort(*_flat(x, axis), descending)


def topk(
    x: Any, k: int, axis: int = -1, *, largest: bool = True, sorted: bool = True, dim: int | None = None
) -> tuple[Tensor, Tensor]:
    """The k largest, or smallest, values along an axis, in their order whatever `sorted` says, and their places, int64.

    Raises ArgumentError unless 0 <= k <= the axis's extent.
    """
    static = {"k": k, "axis": axis if dim is None else dim, "largest": largest}
    return apply(_topk, x, part=0, **static), apply(_topk, x, part=1, **static)


def _topk(x: Node, part: int, **static: Any) -> Node:
    return ops.topk(x, **static)[part]


def searchsorted(x1: Any, x2: Any, side: str = "left", sorter: Any = None) -> Tensor:
    """Where the values x2 go in x1, a vector in ascending order (or whose order is `sorter`): before equal ones
    ("left") or behind them ("right"); int64. Raises ArgumentError, ShapeError."""
    if side not in ("left", "right"):
        raise ArgumentError(f"searchsorted: side must be 'left' or 'right', got {side!r}")
    return apply(_searchsorted, x1, x2, sorter, right=side == "right")


def _searchsorted(x1: Node, x2: Any, sorter: Node | None, right: bool) -> Node:
    values = x2 if isinstance(x2, Node) else ops.constant(x2, x1.dtype)
    return ops.searchsorted(x1 if sorter is None else ops.take(x1, sorter), values, right)
