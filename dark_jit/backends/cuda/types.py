"""CUDA C++'s names for our element types. Templates receive these as `t`."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from dark_jit import dtypes

_NAMES = {
    "bool": "bool",
    "int8": "signed char",
    "int16": "short",
    "int32": "int",
    "int64": "long long",
    "uint8": "unsigned char",
    "uint16": "unsigned short",
    "uint32": "unsigned",
    "uint64": "unsigned long long",
    "float16": "unsigned short",
    "bfloat16": "unsigned short",
    "float32": "float",
    "float64": "double",
}


@dataclass(frozen=True)
class Scalar:
    """An element of a dtype, as it lives in registers and in memory. Floats of 16 bits are their bits."""

    dtype: str

    @property
    def name(self) -> str:
        """In C++: float, long long, bool."""
        return _NAMES[self.dtype]

    @property
    def kind(self) -> str:
        """f for floats, i and u for integers, b for bool."""
        return dtypes.TABLE[self.dtype].kind

    @property
    def bytes(self) -> int:
        """Bytes of one element."""
        return dtypes.TABLE[self.dtype].itemsize

    @property
    def is_half(self) -> bool:
        """Whether it is a float of 16 bits."""
        return self.kind == "f" and self.bytes == 2

    @property
    def bits(self) -> int:
        """Width of one element."""
        return 8 * self.bytes

    @property
    def unsigned(self) -> Scalar:
        """The unsigned integer of the same width, whose arithmetic wraps."""
        return Scalar(f"uint{self.bits}")

    def function(self, name: str) -> str:
        """CUDA's function of this type: expf for float, exp for double."""
        return name + "f" if self.dtype == "float32" else name

    def literal(self, value: float | int | bool | str) -> str:
        """A number as C++ writes it: 0.5f, 42ll, true. Not-a-number and the infinities are given by their bits."""
        if self.kind == "b":
            return "true" if value in (True, "True", "1") else "false"
        if self.is_half:
            return str(dtypes.half_bits(float(value), self.dtype))
        if self.kind == "f":
            return self._float(float(value))
        return self._integer(int(value))

    def _float(self, number: float) -> str:
        with np.errstate(over="ignore"):
            value = np.dtype(self.dtype).type(number)
        if math.isfinite(value):
            return repr(value.item()) if self.dtype == "float64" else f"{value!s}f"
        bits = value.view(f"u{self.bytes}")
        return f"__int_as_float({bits:#x})" if self.bytes == 4 else f"__longlong_as_double({bits:#x}ll)"

    def _integer(self, number: int) -> str:
        suffix = {"int64": "ll", "uint32": "u", "uint64": "ull"}.get(self.dtype, "")
        if number == -(2 ** (self.bits - 1)) and self.bits >= 32:  # C++ has no literal of it
            return f"({number + 1}{suffix} - 1)"
        return f"{number}{suffix}"
