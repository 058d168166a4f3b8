"""LLVM's names for vectors of our element types. Templates receive these as `t`."""

from __future__ import annotations

import functools
import struct
from dataclasses import dataclass

from dark_jit import dtypes

_FLOATS = {"float32": "float", "float64": "double"}


@dataclass(frozen=True)
class Vector:
    """A vector of `lanes` elements of a dtype, as it lives in registers (bool is i1 there and i8 in memory).

    Floats of 16 bits are their bits, an integer: nothing is computed with them, and LLVM's half and bfloat would be
    taken apart, element by element, where a machine has no instructions for them.

    Templates ask for these names some hundred thousand times for a program: each is made once, of each vector.
    """

    dtype: str
    lanes: int

    @functools.cached_property
    def scalar(self) -> str:
        """The element: float, double, i8, ..., i64 or i1; whether an integer has a sign is up to the operations."""
        return _FLOATS.get(self.dtype, f"i{self.bits}")

    @functools.cached_property
    def vector(self) -> str:
        """The vector: <16 x float>."""
        return f"<{self.lanes} x {self.scalar}>"

    @functools.cached_property
    def suffix(self) -> str:
        """As intrinsics are named: v16f32."""
        return f"v{self.lanes}{'f' if self.dtype in _FLOATS else 'i'}{self.bits}"

    @functools.cached_property
    def kind(self) -> str:
        """f for floats, i for signed and u for unsigned integers, b for bool."""
        return dtypes.TABLE[self.dtype].kind

    @functools.cached_property
    def is_half(self) -> bool:
        """Whether it is a float of 16 bits."""
        return self.kind == "f" and self.bytes == 2

    @functools.cached_property
    def bits(self) -> int:
        """Width of one element in registers."""
        return 1 if self.dtype == "bool" else 8 * self.bytes

    @functools.cached_property
    def memory(self) -> str:
        """The element in memory: bool is a byte."""
        return "i8" if self.dtype == "bool" else self.scalar

    @functools.cached_property
    def bytes(self) -> int:
        """Bytes of one element in memory."""
        return dtypes.TABLE[self.dtype].itemsize

    @functools.cached_property
    def mask(self) -> str:
        """The type of a mask of as many lanes: <16 x i1>."""
        return f"<{self.lanes} x i1>"

    @functools.cached_property
    def memory_vector(self) -> str:
        """The vector in memory: <16 x i8> for bool."""
        return f"<{self.lanes} x {self.memory}>"

    @functools.cached_property
    def memory_suffix(self) -> str:
        """As intrinsics name the vector in memory: v16i8 for bool."""
        return f"v{self.lanes}i8" if self.kind == "b" else self.suffix

    @functools.cached_property
    def mantissa(self) -> int:
        """Stored mantissa bits of a float: 23 or 52."""
        return 23 if self.dtype == "float32" else 52

    @functools.cached_property
    def bias(self) -> int:
        """Exponent bias of a float: 127 or 1023."""
        return 127 if self.dtype == "float32" else 1023

    @functools.cached_property
    def half(self) -> Vector:
        """Half as many lanes."""
        return vector_of(self.dtype, self.lanes // 2)

    @functools.cached_property
    def integer(self) -> Vector:
        """The signed integer of the same width, lane by lane."""
        return vector_of(f"int{self.bits}", self.lanes)

    def like(self, dtype: str) -> Vector:
        """As many lanes of another dtype."""
        return vector_of(dtype, self.lanes)

    def literal(self, value: float | int | bool | str) -> str:
        """One element as LLVM writes it: 0x3FF8000000000000, 42, true."""
        if self.kind == "b":
            return "true" if value in (True, "True", "1") else "false"
        if self.kind in "iu":
            return str(int(value))
        number = float(value)
        if self.is_half:
            return str(dtypes.half_bits(number, self.dtype))
        if self.dtype == "float32":
            number = dtypes.nearest_float32(number)
        return f"0x{struct.unpack('<Q', struct.pack('<d', number))[0]:016X}"

    def constant(self, value: float | int | bool | str) -> str:
        """All lanes equal, as an operand: splat (float 0x...)."""
        return f"splat ({self.scalar} {self.literal(value)})"


vector_of = functools.cache(Vector)  # always the same object, which knows its names
