"""Functions of dtypes: the Array API standard's, and NumPy's promote_types."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from dark_jit import dtypes
from dark_jit.dtypes import DType
from dark_jit.errors import ArgumentError, DTypeError
from dark_jit.tensor.handle import Handle, dtype_of

_KINDS = {
    "bool": "b",
    "signed integer": "i",
    "unsigned integer": "u",
    "integral": "iu",
    "real floating": "f",
    "complex floating": "",
    "numeric": "iuf",
}


def promote_types(type1: Any, type2: Any) -> DType:
    """The dtype of what two arrays of these dtypes make together. Raises DTypeError for uint64 and a signed integer."""
    return dtypes.promote(dtypes.as_dtype(type1), dtypes.as_dtype(type2))


def result_type(*arrays_and_dtypes: Any) -> DType:
    """The dtype of what arrays, dtypes and Python numbers make together; numbers go up only where their kind is higher.

    Raises DTypeError where there is none, ArgumentError for no arguments.
    """
    if not arrays_and_dtypes:
        raise ArgumentError("result_type needs at least one array or dtype")
    numbers = [x for x in arrays_and_dtypes if isinstance(x, bool | int | float) and not isinstance(x, np.generic)]
    strong = [_dtype_of(x) for x in arrays_and_dtypes if not any(x is number for number in numbers)]
    start = functools.reduce(dtypes.promote, strong) if strong else dtypes.bool_
    return functools.reduce(
        lambda dtype, number: dtypes.promote(dtype, dtypes.of_number(number, dtype)), numbers, start
    )


def can_cast(from_: Any, to: Any) -> bool:
    """Whether every value of a dtype (or of an array's) is one of the other dtype too: NumPy's "safe" casting."""
    return np.can_cast(_dtype_of(from_), dtypes.as_dtype(to))


def isdtype(dtype: Any, kind: Any) -> bool:
    """Whether a dtype is the other one, of the kind, or one of a tuple of both.

    Kinds: "bool", "signed integer", "unsigned integer", "integral", "real floating", "complex floating", "numeric".
    Raises DTypeError for others.
    """
    if isinstance(kind, tuple):
        return any(isdtype(dtype, one) for one in kind)
    found = dtypes.as_dtype(dtype)
    if not isinstance(kind, str):
        return found == dtypes.as_dtype(kind)
    if kind not in _KINDS:
        raise DTypeError(f"{kind!r} is no kind of dtype; the kinds are {', '.join(map(repr, _KINDS))}")
    return dtypes.kind_of(found) in _KINDS[kind]


def iinfo(type: Any) -> np.iinfo[Any]:
    """The limits of an integer dtype, or of an array's: bits, min, max, dtype. Raises DTypeError for other dtypes."""
    dtype = _dtype_of(type)
    if not dtypes.is_integer(dtype):
        raise DTypeError(f"iinfo needs an integer dtype, got {dtype.name}; use finfo for floats")
    return np.iinfo(dtype)


def finfo(type: Any) -> Any:
    """The limits of a float dtype, or of an array's: bits, eps, min, max, smallest_normal, dtype.

    Raises DTypeError for other dtypes.
    """
    dtype = _dtype_of(type)
    if not dtypes.is_float(dtype):
        raise DTypeError(f"finfo needs a floating-point dtype, got {dtype.name}; use iinfo for integers")
    return dtypes.finfo(dtype)


def _dtype_of(value: Any) -> DType:
    """The dtype of an array, or the one that the value names."""
    if isinstance(value, Handle):
        return dtype_of(value)
    return dtypes.as_dtype(value.dtype if isinstance(value, np.ndarray | np.generic) else value)
