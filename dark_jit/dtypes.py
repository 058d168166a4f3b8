"""The table of element types: which there are, how they promote, and what a Python number becomes.

Promotion is the Array API standard's (2024.12, "Type Promotion Rules"). Where the standard leaves it open:
- bool goes up to every other kind, and integers that meet floats take the float's dtype, as PyTorch's do;
- uint64 and a signed integer have no common dtype. NumPy takes float64, which holds neither: that is an error here,
  except in comparisons, which compare the integers themselves;
- float16 and bfloat16 go up to float32 together, as JAX's and PyTorch's.

The floats of 16 bits are a format of storage: what is computed from them is computed in float32 and rounded once
(ops/half.py). NumPy has no bfloat16; that of ml_dtypes is used where it is installed, and loaded when it is first
needed. To NumPy it is no float (its kind is V), so questions about kinds are for `kind_of` and what is built on it.
"""

from __future__ import annotations

import functools
import math
import struct
from typing import Any, NamedTuple, NoReturn

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
        ElementType("float16", "f", 2),
        ElementType("bfloat16", "f", 2),
        ElementType("float32", "f", 4),
        ElementType("float64", "f", 8),
    )
}

# Those that NumPy has; `supported` knows all.
SUPPORTED: tuple[DType, ...] = tuple(np.dtype(name) for name in TABLE if name != "bfloat16")
_KNOWN: dict[Any, DType] = {dtype: dtype for dtype in SUPPORTED}

bool_, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float16, float32, float64 = SUPPORTED


@functools.cache
def bfloat16() -> DType:
    """The dtype of bfloat16. Raises DTypeError where ml_dtypes is not installed."""
    try:
        import ml_dtypes  # noqa: PLC0415  (few need it)
    except ImportError:
        raise DTypeError('bfloat16 needs ml_dtypes: pip install "dark_jit[half]"') from None
    dtype: DType = np.dtype(ml_dtypes.bfloat16)
    _KNOWN[dtype] = dtype
    return dtype


def supported() -> tuple[DType, ...]:
    """All dtypes that can be used here: bfloat16 where ml_dtypes is installed."""
    try:
        return (*SUPPORTED, bfloat16())
    except DTypeError:
        return SUPPORTED


def as_dtype(value: Any) -> DType:
    """The supported dtype that `value` names (a NumPy dtype, a scalar type or a string); native byte order.

    Raises DTypeError for anything outside the table.
    """
    if isinstance(value, str) and value == "bfloat16":
        return bfloat16()
    try:
        dtype: DType = np.dtype(value).newbyteorder("=")
    except TypeError:
        raise DTypeError(f"{value!r} is not a dtype; supported are {names()}") from None
    found = _KNOWN.get(dtype)
    if found is None:
        return bfloat16() if dtype.name == "bfloat16" else _refuse(dtype.name)
    return found


def _refuse(name: str) -> NoReturn:
    hint = ": complex numbers are out of scope" if name.startswith("complex") else ""
    raise DTypeError(f"dtype {name} is not supported{hint}; supported are {names()}")


def names() -> str:
    """The supported dtypes, for messages."""
    return ", ".join(TABLE)


@functools.cache
def type_name(dtype: DType) -> str:
    """The name of a dtype; NumPy puts it together anew each time."""
    return dtype.name


def kind_of(dtype: DType) -> str:
    """The kind in the table; of dtypes that are not in it, NumPy's."""
    return "f" if dtype.kind == "V" and dtype.name == "bfloat16" else dtype.kind


def is_float(dtype: DType) -> bool:
    """Whether gradients exist for this dtype."""
    return kind_of(dtype) == "f"


def is_numpys(dtype: DType) -> bool:
    """Whether NumPy has the dtype itself, and its protocols have words for it."""
    return dtype.kind != "V"


def is_half(dtype: DType) -> bool:
    """Whether the dtype is a float of 16 bits, with which nothing is computed as it is."""
    return dtype.itemsize == 2 and is_float(dtype)


def finfo(dtype: DType) -> Any:
    """The limits of a float dtype, as NumPy's finfo."""
    if is_numpys(dtype):
        return np.finfo(dtype)
    import ml_dtypes  # noqa: PLC0415  (the dtype is its)

    made: Any = ml_dtypes.finfo
    return made(dtype)


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
    if is_half(first) and is_half(second):
        return float32
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

    Floats are cut towards zero by integers, which saturate (NaN becomes 0); integers wrap around. Integers become
    floats of 16 bits by way of float32.
    """
    with np.errstate(invalid="ignore", over="ignore"):
        if is_half(dtype):
            return _narrowed(array, dtype)
        if not is_float(array.dtype) or not is_integer(dtype):
            return array.astype(dtype)
        low, high = limits(dtype)
        values = np.nan_to_num(array.astype(np.float64))
        beyond = float(high + 1)  # the greatest itself may be no float64
        inside = np.clip(values, float(low), np.nextafter(beyond, 0)).astype(dtype)
        return np.where(values >= beyond, np.asarray(high, dtype), inside)


def _narrowed(array: np.ndarray[Any, Any], dtype: DType) -> np.ndarray[Any, Any]:
    """The values as floats of 16 bits; float64 is rounded once."""
    if array.dtype == float64:
        return _rounded_to_odd(array).astype(dtype)
    return array.astype(float32).astype(dtype)


def _rounded_to_odd(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """float64 as float32, of whose two neighbours the odd one is taken: rounded again, to 16 bits, that is the nearest
    (Boldo and Melquiond, Emulation of FMA and correctly rounded sums, 2008)."""
    near = array.astype(float32, order="C")
    bits = near.view(np.uint32)
    inexact = (near != array) & ~np.isnan(array)
    bits -= (np.abs(near) > np.abs(array)) & inexact  # towards zero
    bits |= inexact
    return near


def nearest_float32(number: float) -> float:
    """A number rounded to float32; infinite where it is beyond. Without NumPy's errstate, in which Python 3.11 crashes
    where a garbage collection runs a finaliser that comes here as well."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return math.copysign(math.inf, number)


def half_bits(number: float, name: str) -> int:
    """The bits of the float of 16 bits that is next to a number."""
    return int(convert(np.asarray(number, float64), as_dtype(name)).view(uint16))


def number_text(value: Number) -> str:
    """Canonical text of a number: equal texts mean equal bits (0.0 and -0.0 differ, all NaN are one)."""
    if isinstance(value, float) and math.isnan(value):
        return "nan"
    return repr(value)


def parse_number(text: str, dtype: DType) -> Number:
    """The number that `number_text` wrote, as the Python type of `dtype`'s kind."""
    if kind_of(dtype) == "b":
        return text in ("True", "1")
    return float(text) if is_float(dtype) else int(text)
