"""What comes from the host: Python numbers, lists, arrays of NumPy and of others, as NumPy arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from dark_jit import dtypes
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.cuda import presence
from dark_jit.dtypes import DType
from dark_jit.errors import ArgumentError, DarkError, DTypeError, OutOfRangeError
from dark_jit.tensor.dlpack import imported

_CARD = 2  # DLPack's kDLCUDA


def checked(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The array, if its dtype is supported. Raises DTypeError."""
    dtypes.as_dtype(array.dtype)
    return array


def host_array(value: Any, dtype: DType | None = None) -> np.ndarray[Any, Any]:
    """Nested lists, numbers, or what speaks NumPy's or DLPack's protocol, as an array.

    Python floats are of the given or the default dtype, everything else keeps its own. Raises DTypeError for what is
    none of them, OutOfRangeError for Python numbers that an integer dtype does not hold.
    """
    if hasattr(value, "__dlpack__") and not isinstance(value, np.ndarray | np.generic):
        return _exported(value)
    try:
        array = np.asarray(value)
        if isinstance(value, int | float | list | tuple) and not isinstance(value, np.generic):
            return _of_numbers(value, array, dtype or dtypes.default_float())
        return _numbers_only(value, array)
    except OverflowError:
        what = f"{value}" if isinstance(value, int | float) else f"a number of the {type(value).__name__}"
        where = dtype.name if dtype is not None and dtypes.is_integer(dtype) else "an integer dtype"
        raise OutOfRangeError(f"{what} does not fit into {where}; use a wider dtype, or floats") from None
    except (ValueError, TypeError) as error:
        if isinstance(error, DarkError):
            raise
        raise DTypeError(f"cannot make an array of {type(value).__name__}: {error}") from None


def lies_on_card(value: Any) -> bool:
    """Whether another library's array lies on a card."""
    if isinstance(value, np.ndarray | np.generic | int | float | list | tuple):
        return False
    if hasattr(value, "__dlpack_device__"):
        return int(value.__dlpack_device__()[0]) == _CARD
    return hasattr(value, "__cuda_array_interface__")


def card_buffer(value: Any, copy: bool | None) -> Buffer:
    """The buffer of another library's array on a card: a copy, unless copy=False. Raises DTypeError, BackendError."""
    from dark_jit.backends.cuda.card import adopted  # noqa: PLC0415  (only where there is a card)

    cupy = presence.cupy()
    try:
        array = cupy.from_dlpack(value) if hasattr(value, "__dlpack__") else cupy.asarray(value)
    except (TypeError, BufferError, RuntimeError, ValueError) as error:
        what = f"{type(value).__name__} of dtype {getattr(value, 'dtype', 'unknown')}"
        raise DTypeError(f"cannot take a {what} from its card ({error}); supported are {dtypes.names()}") from None
    dtypes.as_dtype(array.dtype)
    if copy is False and not array.flags.c_contiguous:
        raise ArgumentError(f"copy=False needs a C-contiguous array, got one with strides {array.strides}")
    buffer: Buffer = adopted(array if copy is False else array.copy(order="C"))
    return buffer


def _exported(value: Any) -> np.ndarray[Any, Any]:
    try:
        return imported(value)
    except (TypeError, BufferError, RuntimeError) as error:
        what = f"{type(value).__name__} of dtype {getattr(value, 'dtype', 'unknown')}"
        raise DTypeError(f"cannot take a {what} by DLPack ({error}); supported are {dtypes.names()}") from None


def _of_numbers(value: Any, array: np.ndarray[Any, Any], dtype: DType) -> np.ndarray[Any, Any]:
    """What NumPy made of Python numbers, but floats are of `dtype`, integers are exact and fit into it."""
    kind = array.dtype.kind
    if dtypes.is_integer(dtype) and kind in "biufO":
        return np.array(value, dtype)
    large = kind == "O" or (kind == "f" and array.max(initial=0) >= 2.0**63)  # ints beyond int64 become one of these
    if large and all(isinstance(x, int) for x in np.asarray(value, object).flat):
        return np.array(value, dtypes.uint64)
    return dtypes.convert(array, dtype) if kind == "f" else _numbers_only(value, array)


def _numbers_only(value: Any, array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if array.dtype.kind not in "biufcV" or array.dtype.hasobject:
        raise DTypeError(
            f"cannot use {type(value).__name__} ({array.dtype}) as an array; supported are {dtypes.names()}"
        )
    return array
