"""Operations on the bits of integers. bool is one bit: on it they are the logical operations."""

from __future__ import annotations

from typing import Any

import numpy as np

from dark_jit import dtypes
from dark_jit.dtypes import DType
from dark_jit.errors import DTypeError
from dark_jit.graph.node import Node
from dark_jit.ops.elementwise import Operand, binary, cast, lift, logical_and, logical_not, logical_or, not_equal, unary

Array = np.ndarray[Any, Any]

_and = binary("bitwise_and", np.bitwise_and, kinds="iu")
_or = binary("bitwise_or", np.bitwise_or, kinds="iu")
_xor = binary("bitwise_xor", np.bitwise_xor, kinds="iu")
_invert = unary("bitwise_invert", np.invert, integers="keep")
_left = binary("bitwise_left_shift", np.left_shift, kinds="iu")
_right = binary("bitwise_right_shift", np.right_shift, kinds="iu")


def bitwise_and(x: Operand, y: Operand) -> Node:
    """The bits that both have. Raises DTypeError for floats."""
    first, second = _bits("bitwise_and", x, y)
    return logical_and(first, second) if first.dtype == dtypes.bool_ else _and(first, second)


def bitwise_or(x: Operand, y: Operand) -> Node:
    """The bits that at least one has. Raises DTypeError for floats."""
    first, second = _bits("bitwise_or", x, y)
    return logical_or(first, second) if first.dtype == dtypes.bool_ else _or(first, second)


def bitwise_xor(x: Operand, y: Operand) -> Node:
    """The bits that exactly one has. Raises DTypeError for floats."""
    first, second = _bits("bitwise_xor", x, y)
    return not_equal(first, second) if first.dtype == dtypes.bool_ else _xor(first, second)


def bitwise_invert(x: Node) -> Node:
    """Every bit flipped; for bool the other one. Raises DTypeError for floats."""
    _refuse_floats("bitwise_invert", x.dtype)
    return logical_not(x) if x.dtype == dtypes.bool_ else _invert(x)


def bitwise_left_shift(x: Operand, y: Operand) -> Node:
    """x * 2**y, without the bits that do not fit: 0 where y is negative or not below the number of bits (as NumPy's).

    bool is shifted as int8. Raises DTypeError for floats.
    """
    return _left(*_numbers("bitwise_left_shift", x, y))


def bitwise_right_shift(x: Operand, y: Operand) -> Node:
    """floor(x / 2**y); where y is negative or not below the number of bits, 0 or, for negative x, -1 (as NumPy's).

    bool is shifted as int8. Raises DTypeError for floats.
    """
    return _right(*_numbers("bitwise_right_shift", x, y))


def _bits(name: str, x: Operand, y: Operand) -> tuple[Node, ...]:
    operands = lift((x, y))
    _refuse_floats(name, operands[0].dtype)
    return operands


def _numbers(name: str, x: Operand, y: Operand) -> tuple[Node, ...]:
    operands = _bits(name, x, y)
    return tuple(cast(operand, dtypes.int8) if operand.dtype == dtypes.bool_ else operand for operand in operands)


def _refuse_floats(name: str, dtype: DType) -> None:
    if dtypes.is_float(dtype):
        raise DTypeError(f"{name} is defined for integers and bool, got {dtype.name}; use astype, or logical_and, ...")
