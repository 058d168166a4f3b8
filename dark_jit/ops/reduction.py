"""Reductions: sum and max are primitive, the rest is composed of them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from dark_jit import dtypes
from dark_jit.dtypes import DType
from dark_jit.errors import DTypeError, ShapeError
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register
from dark_jit.ops.checks import axes_of
from dark_jit.ops.elementwise import cast, divide, equal, multiply, negative, sqrt, stop_gradient, subtract
from dark_jit.ops.movement import broadcast_to, reshape

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


def _max_vjp(g: Node, node: Node) -> list[Node | None]:
    """Elements that tie for the maximum share its gradient equally (as torch.amax)."""
    (x,), axes = node.inputs, node["axes"]
    winners = cast(equal(x, _expand(node, x, axes)), x.dtype)
    share = divide(winners, _expand(sum_(winners, axes), x, axes))
    return [multiply(_expand(g, x, axes), stop_gradient(share))]


MAX = register(
    Op("max", "reduction", _infer_reduction, lambda node, x: np.max(x, node["axes"]), _max_vjp, "Maximum over axes.")
)


def _reduce(op: Op, x: Node, axis: Axes, keepdims: bool) -> Node:
    axes = tuple(sorted(axes_of(axis, x.ndim)))
    if not axes:
        return x
    result = make(op, (x,), axes=axes)
    return reshape(result, kept(x.shape, axes)) if keepdims else result


def sum_(x: Node, axis: Axes = None, keepdims: bool = False) -> Node:
    """Sum over axes (all by default). bool and int32 are summed as int64, as NumPy does."""
    if x.dtype in (dtypes.bool_, dtypes.int32):
        x = cast(x, dtypes.int64)
    return _reduce(SUM, x, axis, keepdims)


def max_(x: Node, axis: Axes = None, keepdims: bool = False) -> Node:
    """Maximum over axes; NaN wins. Raises ShapeError for an empty reduction, which has no maximum."""
    if x.size == 0 and 0 not in kept(x.shape, axes_of(axis, x.ndim)):
        raise ShapeError(f"the maximum over axes {axis} of shape {x.shape} is empty and has no value")
    return _reduce(MAX, x, axis, keepdims)


def min_(x: Node, axis: Axes = None, keepdims: bool = False) -> Node:
    """Minimum over axes; NaN wins. Raises ShapeError for an empty reduction."""
    if x.dtype == dtypes.bool_:
        return cast(min_(cast(x, dtypes.int32), axis, keepdims), dtypes.bool_)
    return negative(max_(negative(x), axis, keepdims))


def mean(x: Node, axis: Axes = None, keepdims: bool = False) -> Node:
    """Arithmetic mean over axes; NaN where there is nothing to average. Integers become float32."""
    values = x if dtypes.is_float(x.dtype) else cast(x, dtypes.float32)
    count = math.prod(x.shape[a] for a in axes_of(axis, x.ndim))
    return divide(sum_(values, axis, keepdims), float(count))


def var(x: Node, axis: Axes = None, keepdims: bool = False, ddof: int = 0) -> Node:
    """Variance over axes, from deviations (two passes), divided by count - ddof."""
    if not dtypes.is_float(x.dtype):
        x = cast(x, dtypes.float32)
    deviation = subtract(x, mean(x, axis, keepdims=True))
    count = math.prod(x.shape[a] for a in axes_of(axis, x.ndim))
    return divide(sum_(multiply(deviation, deviation), axis, keepdims), float(count - ddof))


def std(x: Node, axis: Axes = None, keepdims: bool = False, ddof: int = 0) -> Node:
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
