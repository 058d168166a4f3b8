"""The table of element types: which there are, how they promote, and what a Python number becomes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dark_jit.errors import DTypeError

DType = np.dtype[Any]

bool_: DType = np.dtype(np.bool_)
int32: DType = np.dtype(np.int32)
int64: DType = np.dtype(np.int64)
float32: DType = np.dtype(np.float32)
float64: DType = np.dtype(np.float64)

SUPPORTED: tuple[DType, ...] = (bool_, int32, int64, float32, float64)

Number = bool | int | float


def as_dtype(value: Any) -> DType:
    """The supported dtype that `value` names (a NumPy dtype, a scalar type or a string); native byte order.

    Raises DTypeError for anything outside the table.
    """
    try:
        dtype: DType = np.dtype(value).newbyteorder("=")
    except TypeError:
        raise DTypeError(f"{value!r} is not a dtype; supported are {names()}") from None
    if dtype not in SUPPORTED:
        hint = "; complex numbers are out of scope" if dtype.kind == "c" else ""
        raise DTypeError(f"dtype {dtype} is not supported; supported are {names()}{hint}")
    return dtype


def names() -> str:
    """The supported dtypes, for messages."""
    return ", ".join(dtype.name for dtype in SUPPORTED)


def is_float(dtype: DType) -> bool:
    """Whether gradients exist for this dtype."""
    return dtype.kind == "f"


def promote(first: DType, second: DType) -> DType:
    """The common dtype of two arrays. Integers that meet floats take the float's dtype (Array API leaves that open)."""
    if first == second:
        return first
    if is_float(first) != is_float(second):
        return first if is_float(first) else second
    return np.promote_types(first, second)


def of_number(value: Number, beside: DType) -> DType:
    """The dtype of a Python number that meets an array of dtype `beside`: the array's, unless the number's kind is
    higher."""
    if isinstance(value, bool) or (isinstance(value, int) and beside.kind in "if"):
        return beside
    if isinstance(value, int):
        return int64
    return beside if is_float(beside) else float32


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
