"""LLVM's names for vectors of our element types. Templates receive these as `t`."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass

_SCALARS = {"bool": "i1", "int32": "i32", "int64": "i64", "float32": "float", "float64": "double"}
_SUFFIXES = {"bool": "i1", "int32": "i32", "int64": "i64", "float32": "f32", "float64": "f64"}
_BYTES = {"bool": 1, "int32": 4, "int64": 8, "float32": 4, "float64": 8}


@dataclass(frozen=True)
class Vector:
    """A vector of `lanes` elements of a dtype, as it lives in registers (bool is i1 there and i8 in memory)."""

    dtype: str
    lanes: int

    @property
    def scalar(self) -> str:
        """The element: float, double, i32, i64 or i1."""
        return _SCALARS[self.dtype]

    @property
    def vector(self) -> str:
        """The vector: <16 x float>."""
        return f"<{self.lanes} x {self.scalar}>"

    @property
    def suffix(self) -> str:
        """As intrinsics are named: v16f32."""
        return f"v{self.lanes}{_SUFFIXES[self.dtype]}"

    @property
    def kind(self) -> str:
        """f for floats, i for integers, b for bool."""
        return "b" if self.dtype == "bool" else self.dtype[0]

    @property
    def bits(self) -> int:
        """Width of one element in registers."""
        return 1 if self.dtype == "bool" else 8 * _BYTES[self.dtype]

    @property
    def memory(self) -> str:
        """The element in memory: bool is a byte."""
        return "i8" if self.dtype == "bool" else self.scalar

    @property
    def bytes(self) -> int:
        """Bytes of one element in memory."""
        return _BYTES[self.dtype]

    @property
    def mask(self) -> str:
        """The type of a mask of as many lanes: <16 x i1>."""
        return f"<{self.lanes} x i1>"

    @property
    def memory_vector(self) -> str:
        """The vector in memory: <16 x i8> for bool."""
        return f"<{self.lanes} x {self.memory}>"

    @property
    def memory_suffix(self) -> str:
        """As intrinsics name the vector in memory: v16i8 for bool."""
        return f"v{self.lanes}i8" if self.kind == "b" else self.suffix

    @property
    def mantissa(self) -> int:
        """Stored mantissa bits of a float: 23 or 52."""
        return 23 if self.dtype == "float32" else 52

    @property
    def bias(self) -> int:
        """Exponent bias of a float: 127 or 1023."""
        return 127 if self.dtype == "float32" else 1023

    @property
    def half(self) -> Vector:
        """Half as many lanes."""
        return Vector(self.dtype, self.lanes // 2)

    @property
    def integer(self) -> Vector:
        """The signed integer of the same width, lane by lane."""
        return Vector(f"int{self.bits}", self.lanes)

    def like(self, dtype: str) -> Vector:
        """As many lanes of another dtype."""
        return Vector(dtype, self.lanes)

    def literal(self, value: float | int | bool | str) -> str:
        """One element as LLVM writes it: 0x3FF8000000000000, 42, true."""
        if self.kind == "b":
            return "true" if value in (True, "True", "1") else "false"
        if self.kind == "i":
            return str(int(value))
        number = float(value)
        if self.dtype == "float32" and math.isfinite(number):
            number = _round_to_float32(number)
        return f"0x{struct.unpack('<Q', struct.pack('<d', number))[0]:016X}"

    def constant(self, value: float | int | bool | str) -> str:
        """All lanes equal, as an operand: splat (float 0x...)."""
        return f"splat ({self.scalar} {self.literal(value)})"


def _round_to_float32(number: float) -> float:
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        return math.copysign(math.inf, number)
