"""The table of element types: which there are, how they promote, and what a Python number becomes.

Promotion is the Array API standard's (2024.12, "Type Promotion Rules"). Where the standard leaves it open:
- bool goes up to every other kind, and integers that meet floats take the float's dtype, as PyTorch's do;
- uint64 and a signed integer have no common dtype. NumPy takes float64, which holds neither: that is an error here,
  except in comparisons, which compare the integers themselves.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from dark_jit.errors import DTypeError, OutOfRangeError

DType = np.dtype[Any]
Number = bool | int | float


class ElementType(NamedTuple):
    """A row of the table. kind: b (bool), i (signed), u (unsigned), f (floating point); itemsize: bytes in memory."""

    name: str
    kind: str
    itemsize: int


TABLE: dict[str, ElementType] = {
    row.name: row
    for row in (
        ElementType("bool", "b", 1),
        ElementType("int8", "i", 1),
        ElementType("int16", "i", 2),
        ElementType("int32", "i", 4),
        ElementType("int64", "i", 8),
        ElementType("uint8", "u", 1),
        ElementType("uint16", "u", 2),
        ElementType("uint32", "u", 4),
        ElementType("uint64", "u", 8),
        ElementType("float32", "f", 4),
        ElementType("float64", "f", 8),
    )
}
_LATER = ("float16", "bfloat16")  # these come with the CUDA backend

SUPPORTED: tuple[DType, ...] = tuple(np.dtype(name) for name in TABLE)
_KNOWN: dict[Any, DType] = {dtype: dtype for dtype in SUPPORTED}

bool_, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float32, float64 = SUPPORTED


def as_dtype(value: Any) -> DType:
    """The supported dtype that `value` names (a NumPy dtype, a scalar type or a string); native byte order.

    Raises DTypeError for anything outside the table.
    """
    try:
        dtype: DType = np.dtype(value).newbyteorder("=")
    except TypeError:
        if isinstance(value, str) and value in _LATER:
            raise DTypeError(_unsupported(value)) from None
        raise DTypeError(f"{value!r} is not a dtype; supported are {names()}") from None
    found = _KNOWN.get(dtype)
    if found is None:
        raise DTypeError(_unsupported(dtype.name))
    return found


def _unsupported(name: str) -> str:
    hint = ""
    if name in _LATER:
        hint = ": it comes with the CUDA backend, use float32 until then"
    elif name.startswith("complex"):
        hint = ": complex numbers are out of scope"
    return f"dtype {name} is not supported{hint}; supported are {names()}"


def names() -> str:
    """The supported dtypes, for messages."""
    return ", ".join(TABLE)


def is_float(dtype: DType) -> bool:
    """Whether gradients exist for this dtype."""
    return dtype.kind == "f"


def is_integer(dtype: DType) -> bool:
    """Whether the dtype is a signed or an unsigned integer."""
    return dtype.kind in "iu"


def limits(dtype: DType) -> tuple[int, int]:
    """The least and the greatest value of an integer dtype, or of bool."""
    bits = 8 * dtype.itemsize
    if dtype.kind == "i":
        return -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    return 0, 1 if dtype.kind == "b" else 2**bits - 1


def promote(first: DType, second: DType) -> DType:
    """The common dtype of two arrays. Raises DTypeError for uint64 and a signed integer."""
    if first == second:
        return first
    if is_float(first) != is_float(second):
        return first if is_float(first) else second
    if incomparable(first, second):
        raise DTypeError(
            f"{first.name} and {second.name} have no common dtype that holds both; use astype on one of them: int64 "
            "where all values are below 2**63, else uint64 or float64"
        )
    return _KNOWN[np.promote_types(first, second)]


def incomparable(first: DType, second: DType) -> bool:
    """Whether one is uint64 and the other a signed integer."""
    return (first == uint64 and second.kind == "i") or (second == uint64 and first.kind == "i")


def accumulator(dtype: DType) -> DType:
    """The dtype in which sums and products are gathered: bool and integers go up to int64 or uint64, as NumPy's."""
    if is_float(dtype):
        return dtype
    return uint64 if dtype.kind == "u" else int64


class _Default:
    """What `set_default_float` sets."""

    dtype: DType = float32


def default_float() -> DType:
    """The dtype of Python floats and of what is computed from integers: float32 unless it was set."""
    return _Default.dtype


def set_default_float(dtype: DType) -> None:
    """Set the dtype of Python floats. Raises DTypeError unless it is a floating-point dtype."""
    if not is_float(dtype):
        raise DTypeError(f"the default dtype must be floating point, got {dtype.name}")
    _Default.dtype = dtype


def of_number(value: Number, beside: DType) -> DType:
    """The dtype of a Python number that meets an array of dtype `beside`: the array's, unless the number's kind is
    higher; then int64 or the default."""
    if isinstance(value, bool) or is_float(beside):
        return beside
    if isinstance(value, int):
        return int64 if beside.kind == "b" else beside
    return default_float()


def check_fits(value: Number, dtype: DType) -> None:
    """Raise OutOfRangeError unless an integer dtype holds a number (its whole part); NaN fits nowhere."""
    low, high = limits(dtype)
    if not low - 1 < value < high + 1:
        raise OutOfRangeError(f"{value} does not fit into {dtype.name} ({low} to {high}); use a wider dtype")


def convert(array: np.ndarray[Any, Any], dtype: DType) -> np.ndarray[Any, Any]:
    """The values in another dtype, copied: what `cast` means, and how host arrays are taken in.

    Floats are cut towards zero by integers, which saturate (NaN becomes 0); integers wrap around.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        if array.dtype.kind != "f" or not is_integer(dtype):
            return array.astype(dtype)
        low, high = limits(dtype)
        values = np.nan_to_num(array.astype(np.float64))
        beyond = float(high + 1)  # the greatest itself may be no float64
        inside = np.clip(values, float(low), np.nextafter(beyond, 0)).astype(dtype)
        return np.where(values >= beyond, np.asarray(high, dtype), inside)


def number_text(value: Number) -> str:
    """Canonical text of a number: equal texts mean equal bits (0.0 and -0.0 differ, all NaN are one)."""
    if isinstance(value, float) and math.isnan(value):
        return "nan"
    return repr(value)


def parse_number(text: str, dtype: DType) -> Number:
    """The number that `number_text` wrote, as the Python type of `dtype`'s kind."""
    if dtype.kind == "b":
        return text in ("True", "1")
    return float(text) if is_float(dtype) else int(text)
