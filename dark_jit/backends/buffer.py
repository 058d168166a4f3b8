"""Buffers: immutable, contiguous values in memory. A Tensor's leaf is one; programs read them and make new ones."""

from __future__ import annotations

import math
from typing import Any, Self

import numpy as np

from dark_jit.dtypes import DType, convert, is_float, is_half, is_integer

Array = np.ndarray[Any, Any]
Shape = tuple[int, ...]


class Buffer:
    """`shape` and `dtype` of a value and where it lies: C order, native byte order. Compared by identity.

    `owner` is whatever keeps the memory alive; `array()` is a read-only view of it. `device` is the one that the value
    is bound to, if somebody has chosen one. `shared` says that others may write to the memory.
    """

    __slots__ = ("__weakref__", "_array", "address", "dtype", "owner", "shape")

    device: str | None = None
    shared = False

    def __init__(self, shape: Shape, dtype: DType, address: int, owner: Any, array: Array | None = None) -> None:
        self.shape = shape
        self.dtype = dtype
        self.address = address
        self.owner = owner
        self._array = array

    @property
    def place(self) -> str | None:
        """The card on which the value lies; None for the CPU."""
        return None

    @classmethod
    def of(cls, array: Array) -> Self:
        """The buffer of a C-contiguous array of a supported dtype, without a copy."""
        return cls(array.shape, array.dtype, array.__array_interface__["data"][0], array, array)

    @staticmethod
    def copy_of(value: Any, dtype: DType) -> Buffer:
        """A buffer with a copy of the value (any strides, any byte order)."""
        array = np.asarray(value)
        if is_float(array.dtype) and (is_integer(dtype) or is_half(dtype)):
            array = convert(array, dtype)
        return Buffer.of(np.array(array, dtype, order="C", copy=True, ndmin=0))

    def array(self) -> Array:
        """A read-only NumPy view; it keeps the buffer's memory alive."""
        if self._array is None:
            self._array = self.owner.array(self.dtype, self.shape)
        view = self._array.view()
        view.flags.writeable = False
        return view

    def window(self, offset: int, shape: Shape) -> Buffer:
        """The elements from number `offset` on, as an array of `shape`, on the same memory."""
        return Window(self, offset, shape)

    def __repr__(self) -> str:
        return f"<Buffer {self.dtype.name}{list(self.shape)}>"


class Shared(Buffer):
    """A buffer on memory that somebody else has as well, and may write."""

    __slots__ = ()

    shared = True


class Window(Buffer):
    """A part of another buffer, which it keeps alive: elements that lie side by side."""

    __slots__ = ("_offset", "_whole", "shared")

    def __init__(self, whole: Buffer, offset: int, shape: Shape) -> None:
        self.shape, self.dtype = shape, whole.dtype
        self.address = whole.address + offset * whole.dtype.itemsize
        self.shared = whole.shared
        self._whole: Buffer = whole._whole if isinstance(whole, Window) else whole
        self._offset: int = whole._offset + offset if isinstance(whole, Window) else offset

    def array(self) -> Array:
        """A read-only NumPy view; it keeps the whole buffer's memory alive."""
        flat = self._whole.array().reshape(-1)
        return flat[self._offset : self._offset + math.prod(self.shape)].reshape(self.shape)
