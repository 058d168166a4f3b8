"""Scans: at each place of an axis, what has been gathered up to there. Sums are of the running kind, in order.

    cumsum        s[j] = s[j - 1] + x[j]
    cumprod       p[j] = p[j - 1] * x[j]
    recurrence    h[j] = a[j] * h[j - 1] + b[j],    h[-1] = 0

Each also runs in reverse, from the last place to the first. They are closed under differentiation: the gradient of a
cumsum is a cumsum in reverse, that of the other two is a recurrence in reverse, which divides by nothing and so is
right where factors are 0.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dark_jit import dtypes
from dark_jit.dtypes import DType
from dark_jit.errors import DTypeError
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register
from dark_jit.ops.checks import axis_of
from dark_jit.ops.elementwise import cast, constant, multiply
from dark_jit.ops.movement import concatenate, slice_


def _infer_same(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[0].shape, inputs[0].dtype


def _accumulate(numpy: np.ufunc) -> Any:
    """The NumPy meaning of a scan by a ufunc."""

    def meaning(node: Node, x: Any) -> Any:
        if node["reverse"]:
            x = np.flip(x, node["axis"])
        found = numpy.accumulate(x, node["axis"], dtype=node.dtype)
        return np.flip(found, node["axis"]) if node["reverse"] else found

    return meaning


def beside(x: Node, axis: int, step: int, fill: float) -> Node:
    """At each place of an axis the element `step` (1 or -1) places further; `fill` where there is none."""
    extent = x.shape[axis]
    if extent == 0:
        return x
    kept = [(0, n, 1) for n in x.shape]
    kept[axis] = (1, extent, 1) if step > 0 else (0, extent - 1, 1)
    end = constant(fill, x.dtype, tuple(1 if a == axis else n for a, n in enumerate(x.shape)))
    parts = [slice_(x, kept), end]
    return concatenate(parts if step > 0 else parts[::-1], axis)


def _ahead(node: Node) -> int:
    return -1 if node["reverse"] else 1


def _gathered_behind(g: Node, factor: Node, node: Node) -> Node:
    """The gradient that reaches each element of h[j] = factor[j] * h[j - 1] + ... from itself and all that follow."""
    following = beside(factor, node["axis"], _ahead(node), 0.0)
    return recurrence(following, g, node["axis"], not node["reverse"])


CUMSUM: Op = register(
    Op(
        "cumsum",
        "scan",
        _infer_same,
        _accumulate(np.add),
        lambda g, node: [_scan(CUMSUM, (g,), node["axis"], not node["reverse"])],
        "Running sums along an axis.",
    )
)


def _cumprod_vjp(g: Node, node: Node) -> list[Node | None]:
    before = beside(node, node["axis"], -_ahead(node), 1.0)
    return [multiply(_gathered_behind(g, node.inputs[0], node), before)]


CUMPROD = register(
    Op("cumprod", "scan", _infer_same, _accumulate(np.multiply), _cumprod_vjp, "Running products along an axis.")
)


def _numpy_recurrence(node: Node, a: Any, b: Any) -> Any:
    factors, terms = np.moveaxis(a, node["axis"], 0), np.moveaxis(b, node["axis"], 0)
    h, state = np.empty_like(terms), np.zeros(terms.shape[1:], node.dtype)
    for j in range(len(terms))[:: -1 if node["reverse"] else 1]:
        h[j] = state = factors[j] * state + terms[j]
    return np.moveaxis(h, 0, node["axis"])


def _recurrence_vjp(g: Node, node: Node) -> list[Node | None]:
    behind = _gathered_behind(g, node.inputs[0], node)
    return [multiply(behind, beside(node, node["axis"], -_ahead(node), 0.0)), behind]


RECURRENCE = register(
    Op(
        "recurrence",
        "scan",
        _infer_same,
        _numpy_recurrence,
        _recurrence_vjp,
        "(a, b): h[j] = a[j] * h[j - 1] + b[j] along an axis, from 0.",
    )
)


def _scan(op: Op, operands: tuple[Node, ...], axis: int, reverse: bool) -> Node:
    return make(op, operands, axis=axis_of(axis, operands[0].ndim), reverse=reverse)


def cumsum(x: Node, axis: int, reverse: bool = False, *, dtype: DType | None = None) -> Node:
    """The sums of the first elements along an axis (in reverse: of the last), in `dtype`; by default as sum."""
    return _scan(CUMSUM, (cast(x, dtype or dtypes.accumulator(x.dtype)),), axis, reverse)


def cumprod(x: Node, axis: int, reverse: bool = False, *, dtype: DType | None = None) -> Node:
    """The products of the first elements along an axis (in reverse: of the last), in `dtype`; by default as prod."""
    return _scan(CUMPROD, (cast(x, dtype or dtypes.accumulator(x.dtype)),), axis, reverse)


def recurrence(a: Node, b: Node, axis: int, reverse: bool = False) -> Node:
    """h[j] = a[j] * h[j - 1] + b[j] along an axis, where h before the first is 0; a and b are of one shape and float
    dtype. Raises DTypeError for other dtypes."""
    if not dtypes.is_float(a.dtype):
        raise DTypeError(f"recurrence needs a floating-point array, got {a.dtype.name}; use astype first")
    return _scan(RECURRENCE, (a, b), axis, reverse)
