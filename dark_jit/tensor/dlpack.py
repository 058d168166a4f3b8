"""bfloat16 by DLPack, of which NumPy refuses it: words of 16 bits go in its place, under bfloat16's name.

The layouts are those of DLPack 1.0, DLManagedTensor ("dltensor") and DLManagedTensorVersioned ("dltensor_versioned").
"""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np

from dark_jit import dtypes

_UNSIGNED, _BFLOAT = 1, 4  # DLDataTypeCode
_TENSOR = {b"dltensor": 0, b"dltensor_versioned": 32}  # where the DLTensor lies behind a capsule's pointer
_CODE, _BITS = 20, 21  # where in a DLTensor its dtype lies

_name = ctypes.pythonapi.PyCapsule_GetName
_name.restype, _name.argtypes = ctypes.c_char_p, [ctypes.py_object]
_pointer = ctypes.pythonapi.PyCapsule_GetPointer
_pointer.restype, _pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]


def _renamed(capsule: Any, old: int, new: int) -> bool:
    """Change the kind of a capsule's elements from one to another, if it is the one and they have 16 bits."""
    name = _name(capsule)
    tensor = _pointer(capsule, name) + _TENSOR[name]
    code, bits = (ctypes.c_uint8.from_address(tensor + place) for place in (_CODE, _BITS))
    found = code.value == old and bits.value == 16
    if found:
        code.value = new
    return found


def named_bfloat16(capsule: Any) -> Any:
    """A capsule of words as one of bfloat16."""
    _renamed(capsule, _UNSIGNED, _BFLOAT)
    return capsule


class _Words:
    """Another library's array, for NumPy: bfloat16 as words. `renamed`: whether it was that."""

    def __init__(self, value: Any) -> None:
        self._value = value
        self.renamed = False

    def __dlpack__(self, **options: Any) -> Any:
        capsule = self._value.__dlpack__(**options)
        self.renamed = _renamed(capsule, _BFLOAT, _UNSIGNED)
        return capsule

    def __dlpack_device__(self) -> Any:
        return self._value.__dlpack_device__()


def imported(value: Any) -> np.ndarray[Any, Any]:
    """An array of what speaks DLPack's protocol. Raises what NumPy and the other library raise."""
    words = _Words(value)
    array = np.from_dlpack(words)
    return array.view(dtypes.bfloat16()) if words.renamed else array
