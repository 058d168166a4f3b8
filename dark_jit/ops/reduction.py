"""Reductions: sum, prod, max, min and the places of extrema are primitive, the rest is composed of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dark_jit import dtypes
from dark_jit.dtypes import DType
from dark_jit.errors import DTypeError, ShapeError
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register
from dark_jit.ops.checks import axes_of, axis_of
from dark_jit.ops.elementwise import as_float, cast, divide, equal, multiply, sqrt, stop_gradient, subtract
from dark_jit.ops.half import rounded_once
from dark_jit.ops.movement import broadcast_to, reshape, transpose
from dark_jit.ops.scan import beside, cumprod

Axes = int | Sequence[int] | None


def _infer_reduction(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    axes: tuple[int, ...] = attrs["axes"]
    return tuple(extent for axis, extent in enumerate(inputs[0].shape) if axis not in axes), inputs[0].dtype


def kept(x: Shape, axes: tuple[int, ...]) -> Shape:
    """The shape with the reduced axes kept as extents of 1."""
    return tuple(1 if axis in axes else extent for axis, extent in enumerate(x))


def _expand(g: Node, x: Node, axes: tuple[int, ...]) -> Node:
    return broadcast_to(reshape(g, kept(x.shape, axes)), x.shape)


SUM = register(
    Op(
        "sum",
        "reduction",
        _infer_reduction,
        lambda node, x: np.sum(x, node["axes"], dtype=node.dtype),
        lambda g, node: [_expand(g, node.inputs[0], node["axes"])],
        "Sum over axes, which vanish.",
    )
)


def _extremum_vjp(g: Node, node: Node) -> list[Node | None]:
    """Elements that tie for the extremum share its gradient equally (as torch.amax)."""
    (x,), axes = node.inputs, node["axes"]
    winners = cast(equal(x, _expand(node, x, axes)), x.dtype)
    share = divide(winners, _expand(sum_(winners, axes), x, axes))
    return [multiply(_expand(g, x, axes), stop_gradient(share))]


MAX = register(
    Op(
        "max",
        "reduction",
        _infer_reduction,
        lambda node, x: np.max(x, node["axes"]),
        _extremum_vjp,
        "Maximum over axes.",
    )
)
MIN = register(
    Op(
        "min",
        "reduction",
        _infer_reduction,
        lambda node, x: np.min(x, node["axes"]),
        _extremum_vjp,
        "Minimum over axes.",
    )
)


def _prod_vjp(g: Node, node: Node) -> list[Node | None]:
    """The product of all others, those before and those behind: nothing is divided by, so zeros are right."""
    (x,), axes = node.inputs, node["axes"]
    order = [*(axis for axis in range(x.ndim) if axis not in axes), *axes]
    moved = transpose(x, order)
    flat, at = reshape(moved, (*node.shape, math.prod(x.shape[axis] for axis in axes))), node.ndim
    before = beside(cumprod(flat, at), at, -1, 1.0)
    behind = beside(cumprod(flat, at, reverse=True), at, 1, 1.0)
    others = transpose(reshape(multiply(before, behind), moved.shape), tuple(int(i) for i in np.argsort(order)))
    return [multiply(_expand(g, x, axes), others)]


PROD = register(
    Op(
        "prod",
        "reduction",
        _infer_reduction,
        lambda node, x: np.prod(x, node["axes"], dtype=node.dtype),
        _prod_vjp,
        "Product over axes, which vanish.",
    )
)


def _infer_place(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    return _infer_reduction(inputs, attrs)[0], dtypes.int64


def _place_of(name: str, numpy: Callable[..., Any]) -> Op:
    """Declare the place of an extremum along the one axis of `axes`."""
    doc = f"The place of the first {name[3:]}imum along an axis; NaN wins."
    return register(Op(name, "reduction", _infer_place, lambda node, x: np.asarray(numpy(x, node["axes"][0])), doc=doc))


ARGMAX = _place_of("argmax", np.argmax)
ARGMIN = _place_of("argmin", np.argmin)


def _reduce(op: Op, x: Node, axis: Axes, keepdims: bool) -> Node:
    axes = tuple(sorted(axes_of(axis, x.ndim)))
    if not axes:
        return x
    result = make(op, (x,), axes=axes)
    return reshape(result, kept(x.shape, axes)) if keepdims else result


def sum_(x: Node, axis: Axes = None, keepdims: bool = False, *, dtype: DType | None = None) -> Node:
    """Sum over axes (all by default), in `dtype`; by default bool and integers in int64 or uint64, as NumPy does."""
    return _reduce(SUM, cast(x, dtype or dtypes.accumulator(x.dtype)), axis, keepdims)


def prod(x: Node, axis: Axes = None, keepdims: bool = False, *, dtype: DType | None = None) -> Node:
    """Product over axes (all by default), 1 for none, in `dtype`; by default bool and integers in int64 or uint64."""
    return _reduce(PROD, cast(x, dtype or dtypes.accumulator(x.dtype)), axis, keepdims)


def argmax(x: Node, axis: int | None = None, keepdims: bool = False) -> Node:
    """The place of the first maximum along an axis, or in C order; int64. NaN counts as the largest.

    Raises ShapeError for an empty axis.
    """
    return _place(ARGMAX, x, axis, keepdims)


def argmin(x: Node, axis: int | None = None, keepdims: bool = False) -> Node:
    """The place of the first minimum along an axis, or in C order; int64. NaN counts as the smallest.

    Raises ShapeError for an empty axis.
    """
    return _place(ARGMIN, x, axis, keepdims)


def _place(op: Op, x: Node, axis: int | None, keepdims: bool) -> Node:
    along = reshape(x, (x.size,)) if axis is None else x
    at = 0 if axis is None else axis_of(axis, x.ndim)
    if along.shape[at] == 0:
        raise ShapeError(f"{op.name} over axis {axis} of shape {x.shape}: it is empty and has no extremum")
    found = make(op, (along,), axes=(at,))
    return reshape(found, kept(x.shape, axes_of(axis, x.ndim))) if keepdims else found


def max_(x: Node, axis: Axes = None, keepdims: bool = False) -> Node:
    """Maximum over axes; NaN wins. Raises ShapeError for an empty reduction, which has no maximum."""
    return _extremum(MAX, "maximum", x, axis, keepdims)


def min_(x: Node, axis: Axes = None, keepdims: bool = False) -> Node:
    """Minimum over axes; NaN wins. Raises ShapeError for an empty reduction, which has no minimum."""
    return _extremum(MIN, "minimum", x, axis, keepdims)


def _extremum(op: Op, what: str, x: Node, axis: Axes, keepdims: bool) -> Node:
    if x.size == 0 and 0 not in kept(x.shape, axes_of(axis, x.ndim)):
        raise ShapeError(f"the {what} over axes {axis} of shape {x.shape} is empty and has no value")
    return _reduce(op, x, axis, keepdims)


@rounded_once
def mean(x: Node, axis: Axes = None, keepdims: bool = False) -> Node:
    """Arithmetic mean over axes; NaN where there is nothing to average. Integers are averaged in the default dtype."""
    values = as_float(x)
    count = math.prod(x.shape[a] for a in axes_of(axis, x.ndim))
    return divide(sum_(values, axis, keepdims), float(count))


@rounded_once
def var(x: Node, axis: Axes = None, keepdims: bool = False, ddof: float = 0) -> Node:
    """Variance over axes, from deviations (two passes), divided by count - ddof."""
    x = as_float(x)
    deviation = subtract(x, mean(x, axis, keepdims=True))
    count = math.prod(x.shape[a] for a in axes_of(axis, x.ndim))
    return divide(sum_(multiply(deviation, deviation), axis, keepdims), float(max(count - ddof, 0)))


@rounded_once
def std(x: Node, axis: Axes = None, keepdims: bool = False, ddof: float = 0) -> Node:
    """Square root of the variance."""
    return sqrt(var(x, axis, keepdims, ddof))


def any_(x: Node, axis: Axes = None, keepdims: bool = False) -> Node:
    """Whether any element is true (not zero); False for none."""
    count = sum_(cast(cast(x, dtypes.bool_), dtypes.int64), axis, keepdims)
    return cast(count, dtypes.bool_)


def all_(x: Node, axis: Axes = None, keepdims: bool = False) -> Node:
    """Whether all elements are true (not zero); True for none."""
    zeros = sum_(cast(equal(x, 0), dtypes.int64), axis, keepdims)
    return equal(zeros, 0)


def require_float(x: Node, what: str) -> None:
    """Raise DTypeError unless `x` is of a floating-point dtype."""
    if not dtypes.is_float(x.dtype):
        raise DTypeError(f"{what} needs a floating-point array, got {x.dtype.name}; use astype first")
