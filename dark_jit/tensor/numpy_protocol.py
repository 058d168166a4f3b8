"""How a Tensor meets NumPy: NumPy's functions on Tensors become ours, and values can be exported without a copy."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dark_jit import dtypes
from dark_jit.backends.cuda import presence
from dark_jit.errors import DTypeError
from dark_jit.tensor import (
    creation,
    data_types,
    devices,
    elementwise,
    linear,
    mathematics,
    movement,
    products,
    rearrange,
    reduction,
    scan,
    searching,
    sorting,
)
from dark_jit.tensor.dlpack import named_bfloat16
from dark_jit.tensor.forcing import buffer_of
from dark_jit.tensor.handle import Handle

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor

_CPU, _CARD = 1, 2  # DLPack's kDLCPU and kDLCUDA

_MODULES = (
    *(elementwise, mathematics, reduction, scan, sorting, searching),
    *(movement, rearrange, products, linear, creation, data_types),
)


def equivalent(name: str) -> Callable[..., Any] | None:
    """The function of this package that means what NumPy's function of this name means, if there is one."""
    for module in _MODULES:
        found = vars(module).get(name)
        if callable(found) and not name.startswith("_"):
            return found  # type: ignore[no-any-return]
    return None


def _unsupported(name: str) -> DTypeError:
    return DTypeError(f"np.{name} has no equivalent for Tensors; use .numpy() for the value as an array")


class NumPyProtocol:
    """The protocols of NumPy, the Array API and DLPack, copying, and pickling."""

    __slots__ = ()

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        function = equivalent(ufunc.__name__)
        if method == "reduce" and ufunc.__name__ in _REDUCED:
            function, method = equivalent(_REDUCED[ufunc.__name__]), "__call__"
        if function is None or method != "__call__" or "out" in kwargs:
            raise _unsupported(ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}")
        return function(*inputs, **kwargs)

    def __array_function__(
        self, func: Callable[..., Any], types: Iterable[type], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        function = equivalent(func.__name__)
        if function is None:
            raise _unsupported(func.__name__)
        return function(*args, **kwargs)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray[Any, Any]:
        array = buffer_of(_handle(self), "a NumPy array").array()
        return array if dtype is None and not copy else np.array(array, dtype, copy=copy)

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        import dark_jit.tensor  # noqa: PLC0415  (the namespace is this package itself)

        return dark_jit.tensor

    def __dlpack__(
        self,
        *,
        stream: Any = None,
        max_version: tuple[int, int] | None = None,
        dl_device: tuple[Any, int] | None = None,
        copy: bool | None = None,
    ) -> Any:
        """The value, which consumers must not change. Those of before DLPack 1.0, which cannot know, get a copy; of
        what lies on a card they do not, as they would not know either way."""
        buffer = buffer_of(_handle(self), "DLPack")
        if buffer.place is not None and (dl_device is None or int(dl_device[0]) == _CARD):
            exported: Any = buffer
            array = exported.exported()
            capsule = array.__dlpack__(stream=stream, max_version=max_version, dl_device=dl_device, copy=copy)
            return capsule if dtypes.is_numpys(buffer.dtype) else named_bfloat16(capsule)
        array = buffer.array()
        if not dtypes.is_numpys(buffer.dtype):
            array = array.view(np.uint16)
        if copy is None and (max_version is None or max_version < (1, 0)):
            array = array.copy()
        capsule = array.__dlpack__(stream=stream, max_version=max_version, dl_device=dl_device, copy=copy)
        return capsule if dtypes.is_numpys(buffer.dtype) else named_bfloat16(capsule)

    def __dlpack_device__(self) -> tuple[int, int]:
        place = buffer_of(_handle(self), "DLPack").place
        return (_CPU, 0) if place is None else (_CARD, presence.index_of(place) or 0)

    @property
    def __cuda_array_interface__(self) -> dict[str, Any]:
        """Where the value lies on its card, until the Tensor is assigned to; consumers must not change it."""
        handle = _handle(self)
        on_card = presence.index_of(devices.where(handle)) is not None  # those that only ask force nothing
        buffer: Any = buffer_of(handle, "the CUDA array interface") if on_card else None
        if buffer is None or buffer.place is None:
            raise AttributeError("__cuda_array_interface__: the value lies in the CPU's memory")
        if not dtypes.is_numpys(buffer.dtype):
            raise AttributeError("__cuda_array_interface__ has no word for bfloat16; use DLPack")
        interface: dict[str, Any] = buffer.exported().__cuda_array_interface__
        return interface

    def __copy__(self) -> Tensor:
        return _twin(_handle(self))

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        new = memo[id(self)] = _twin(_handle(self))
        for name, value in getattr(self, "__dict__", {}).items():
            setattr(new, name, copy.deepcopy(value, memo))
        return new

    def __reduce__(self) -> tuple[Any, ...]:
        handle = _handle(self)
        return _restore, (
            type(handle),
            buffer_of(handle, "pickle").array(),
            handle._requires,
            getattr(self, "__dict__", None),
        )


_REDUCED = {
    "add": "sum",
    "multiply": "prod",
    "maximum": "max",
    "minimum": "min",
    "logical_and": "all",
    "logical_or": "any",
}


def _handle(protocol: NumPyProtocol) -> Handle:
    assert isinstance(protocol, Handle)
    return protocol


def _twin(handle: Handle) -> Tensor:
    """Another handle of the same class on the same immutable value; a result's history is not copied."""
    cls: Any = type(handle)
    new: Tensor = cls(handle)
    new.requires_grad = handle._requires
    return new


def _restore(cls: Any, array: np.ndarray[Any, Any], requires: bool, attributes: dict[str, Any] | None) -> Tensor:
    new: Tensor = cls(array)
    new.requires_grad = requires
    for name, value in (attributes or {}).items():
        setattr(new, name, value)
    return new
