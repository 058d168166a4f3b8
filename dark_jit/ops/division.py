"""Integer division. The kernel divides without trapping; a guard beside it records operands that have no quotient."""

from __future__ import annotations

from typing import Any

import numpy as np

from dark_jit import dtypes
from dark_jit.dtypes import DType
from dark_jit.errors import IntegerDivisionError
from dark_jit.graph import origins
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register
from dark_jit.ops import elementwise
from dark_jit.ops.elementwise import Operand, add, cast, constant, equal, lift, logical_and, where
from dark_jit.ops.movement import broadcast_to, reshape
from dark_jit.ops.reduction import max_

MESSAGES = {
    1: "integer division by 0; use where(y == 0, 1, y) as the divisor, or divide floats",
    2: "integer division overflows: the least integer divided by -1; use a wider dtype or divide floats",
}


def _infer_guard(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[1].shape, inputs[0].dtype


def _numpy_guard(node: Node, zero: Any, fault: Any) -> Any:
    if fault[0]:
        raise division_error(int(fault[0]), node)
    return np.take(zero, fault)


def division_error(fault: int, node: Node) -> IntegerDivisionError:
    """The error for a fault number that a guard found."""
    return IntegerDivisionError(origins.lines(node) + MESSAGES[fault])


DIVISION_GUARD = register(
    Op(
        "division_guard",
        "gather",
        _infer_guard,
        _numpy_guard,
        doc="(zero, fault): 0, or an error where fault is not 0.",
        fault=lambda node, fault: division_error(fault, node),
    )
)


def _guarded(result: Node, fault: Node) -> Node:
    """The result, plus a 0 that is there only if no element has a fault."""
    if not result.size:
        return result
    worst = reshape(max_(fault), (1,))
    zero = make(DIVISION_GUARD, (broadcast_to(constant(0, result.dtype), (1,)), worst), axis=0)
    return add(result, reshape(zero, ()))


def floor_divide(x: Operand, y: Operand) -> Node:
    """Elementwise quotient, rounded down. Integers raise IntegerDivisionError, when the program runs, for division by 0
    and for the least integer by -1."""
    first, second = lift((x, y))
    quotient = elementwise.floor_divide(first, second)
    if not dtypes.is_integer(first.dtype) or _divides(y):
        return quotient
    fault = _by_zero(second)
    if first.dtype.kind == "i":
        least, _ = dtypes.limits(first.dtype)
        fault = where(logical_and(equal(first, least), equal(second, -1)), 2, fault)
    return _guarded(quotient, fault)


def remainder(x: Operand, y: Operand) -> Node:
    """Elementwise remainder with the sign of the divisor. Integers raise IntegerDivisionError for 0."""
    first, second = lift((x, y))
    rest = elementwise.remainder(first, second)
    return _guarded(rest, _by_zero(second)) if dtypes.is_integer(first.dtype) and not _divides(y) else rest


def _divides(y: Operand) -> bool:
    """Whether the divisor is a number by which every integer can be divided."""
    return isinstance(y, int) and y not in (0, -1)


def _by_zero(divisor: Node) -> Node:
    """1 where the divisor is 0, else 0."""
    return cast(equal(divisor, 0), dtypes.int8)
