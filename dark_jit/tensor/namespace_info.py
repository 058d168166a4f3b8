"""What this namespace offers: the inspection interface of the Array API standard (2024.12)."""

from __future__ import annotations

from typing import Any

from dark_jit import dtypes, execution
from dark_jit.dtypes import DType
from dark_jit.tensor.data_types import isdtype
from dark_jit.tensor.devices import checked_device, found_devices
from dark_jit.tensor.mode import default_dtype


class NamespaceInfo:
    """The answer of `__array_namespace_info__`."""

    def capabilities(self) -> dict[str, Any]:
        """Masks as indices and shapes that depend on values: yes; of any number of axes."""
        return {"boolean indexing": True, "data-dependent shapes": True, "max dimensions": None}

    def default_device(self) -> str:
        """Where new arrays live."""
        return execution.default_device()

    def devices(self) -> list[str]:
        """All devices."""
        return found_devices()

    def default_dtypes(self, *, device: str | None = None) -> dict[str, DType | None]:
        """The dtypes of new arrays of each kind. There are no complex numbers. Raises ArgumentError."""
        checked_device(device or "cpu")
        floating = default_dtype()
        return {
            "real floating": floating,
            "complex floating": None,
            "integral": dtypes.int64,
            "indexing": dtypes.int64,
        }

    def dtypes(self, *, device: str | None = None, kind: Any = None) -> dict[str, DType]:
        """The standard's dtypes by name: all, or those of a kind as in isdtype; it has no floats of 16 bits. Raises
        ArgumentError, DTypeError."""
        checked_device(device or "cpu")
        standard = (dtype for dtype in dtypes.SUPPORTED if not dtypes.is_half(dtype))
        return {dtype.name: dtype for dtype in standard if kind is None or isdtype(dtype, kind)}


def __array_namespace_info__() -> NamespaceInfo:
    """What this namespace offers."""
    return NamespaceInfo()
