"""New Tensors: from arrays and numbers, and filled by rule."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dark_jit import dtypes, ops
from dark_jit.backends.buffer import Buffer, Shared
from dark_jit.dtypes import DType
from dark_jit.errors import ArgumentError, DTypeError, ShapeError
from dark_jit.graph import origins
from dark_jit.graph.node import Node
from dark_jit.ops.checks import integer, shape_of
from dark_jit.tensor.devices import bind, on
from dark_jit.tensor.elementwise import astype
from dark_jit.tensor.elementwise import copy as copied
from dark_jit.tensor.handle import Handle, apply, array_node, wrap, wrap_buffer
from dark_jit.tensor.host import card_buffer, checked, host_array, lies_on_card
from dark_jit.tensor.mode import default_dtype, mode

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor


def asarray(
    value: Any, dtype: Any = None, *, copy: bool | None = None, requires_grad: bool = False, device: str | None = None
) -> Tensor:
    """A Tensor of a number, nested lists, or anything that speaks NumPy's or DLPack's protocol.

    Arrays keep their dtype and are copied unless copy=False (then a C-contiguous one of the right dtype is shared,
    and must not be changed); Python floats are of the default dtype. A Tensor of the right dtype is returned as it is
    unless copy=True. Raises DTypeError, ArgumentError.
    """
    wanted = None if dtype is None else dtypes.as_dtype(dtype)
    result = _of_tensor(value, wanted, copy) if isinstance(value, Handle) else _of_host(value, wanted, copy)
    result = on(device, result)
    if requires_grad:
        result = result.detach() if result._requires else result
        result.requires_grad = True
    return result


def _of_tensor(value: Handle, dtype: DType | None, copy: bool | None) -> Tensor:
    tensor: Tensor = value  # type: ignore[assignment]  # a handle is a Tensor
    if dtype is None or tensor.dtype == dtype:
        return copied(tensor) if copy else tensor
    if copy is False:
        raise ArgumentError(f"a {tensor.dtype.name} Tensor can become {dtype.name} only by a copy, but copy=False")
    return astype(tensor, dtype)


def _of_host(value: Any, dtype: DType | None, copy: bool | None) -> Tensor:
    if mode.trace is not None and isinstance(value, bool | int | float | np.generic):
        return _traced_number(value, dtype)
    if lies_on_card(value):
        return _of_card(value, dtype, copy)
    array = value if isinstance(value, np.ndarray) else host_array(value, dtype)
    if dtype is None or array.dtype.kind not in "biuf":  # of what is not supported, real numbers can be converted
        checked(array)
    if mode.trace is not None:
        captured = wrap(array_node(array, mode.trace))
        return captured if dtype is None else astype(captured, dtype)
    wanted = dtype or dtypes.as_dtype(array.dtype)
    if copy is False:
        return wrap_buffer(_shared(array, wanted))
    return wrap_buffer(Buffer.copy_of(array, wanted))


def _of_card(value: Any, dtype: DType | None, copy: bool | None) -> Tensor:
    """What another library has on a card stays there, and is bound to it."""
    buffer = card_buffer(value, copy)
    tensor = wrap_buffer(bind(buffer, buffer.place or ""))
    return tensor if dtype is None or dtype == tensor.dtype else astype(tensor, dtype)


def _traced_number(value: Any, dtype: DType | None) -> Tensor:
    """A number inside a trace is a constant. A Python number must fit into the dtype, NumPy's are cast."""
    if dtype is not None and not isinstance(value, np.generic):
        return made(ops.constant, value=value, dtype=dtype)
    number = apply(_same, value)
    return number if dtype is None else astype(number, dtype)


def _same(value: Node) -> Node:
    return value


def _shared(array: np.ndarray[Any, Any], dtype: DType) -> Buffer:
    if array.dtype != dtype or not array.dtype.isnative or not array.flags.c_contiguous or not array.flags.aligned:
        raise ArgumentError(
            f"copy=False needs a C-contiguous, aligned {dtype.name} array in native byte order, got {array.dtype} "
            f"with strides "
            f"{array.strides}"
        )
    return Shared.of(array)


def made(function: Any, **static: Any) -> Tensor:
    """A Tensor that depends on no other: `function(**static)` is its node."""
    with origins.under(origins.here()):
        return wrap(function(**static))


def _shape_and_dtype(shape: tuple[Any, ...], dtype: Any) -> tuple[tuple[int, ...], DType]:
    """`zeros(2, 3)`, `zeros((2, 3))` and `zeros((2, 3), dtype)` mean the same."""
    extents = list(shape)
    if len(extents) > 1 and dtype is None and isinstance(extents[-1], (type, str, np.dtype)):
        dtype = extents.pop()
    single = len(extents) == 1 and isinstance(extents[0], Sequence)
    wanted = default_dtype() if dtype is None else dtypes.as_dtype(dtype)
    return shape_of(extents[0] if single else tuple(extents)), wanted


def zeros(
    *extents: Any, shape: Any = None, dtype: Any = None, requires_grad: bool = False, device: str | None = None
) -> Tensor:
    """An array of zeros; the shape is a tuple or several ints."""
    return _filled(0, *_shape_and_dtype(extents if shape is None else (shape,), dtype), requires_grad, device)


def ones(
    *extents: Any, shape: Any = None, dtype: Any = None, requires_grad: bool = False, device: str | None = None
) -> Tensor:
    """An array of ones; the shape is a tuple or several ints."""
    return _filled(1, *_shape_and_dtype(extents if shape is None else (shape,), dtype), requires_grad, device)


def full(
    shape: int | Sequence[int],
    fill_value: Any,
    dtype: Any = None,
    *,
    requires_grad: bool = False,
    device: str | None = None,
) -> Tensor:
    """An array with `fill_value`, a number, in every element; without a dtype, of the number's kind."""
    if not isinstance(fill_value, bool | int | float | np.generic):
        raise DTypeError(f"full needs a number, got {type(fill_value).__name__}; use broadcast_to")
    if dtype is None:
        dtype = host_array(fill_value).dtype
    number = fill_value.item() if isinstance(fill_value, np.generic) else fill_value
    return _filled(number, shape_of(shape), dtypes.as_dtype(dtype), requires_grad, device)


def _filled(value: Any, shape: tuple[int, ...], dtype: DType, requires_grad: bool, device: str | None) -> Tensor:
    new = on(device, made(ops.constant, value=value, dtype=dtype, shape=shape))
    new.requires_grad = requires_grad
    return new


def empty(*extents: Any, shape: Any = None, dtype: Any = None, device: str | None = None) -> Tensor:
    """An array whose elements do not matter. They are zeros, so that no program depends on what lay in memory."""
    return zeros(*extents, shape=shape, dtype=dtype, device=device)


def empty_like(x: Any, dtype: Any = None, *, device: str | None = None) -> Tensor:
    """An array like `x` whose elements do not matter."""
    return zeros_like(x, dtype, device=device)


def from_dlpack(x: Any, *, device: str | None = None, copy: bool | None = None) -> Tensor:
    """A Tensor of what speaks DLPack's protocol: a copy, unless copy=False (it is shared then, and must not change).

    Raises DTypeError for dtypes that dark_jit lacks, ArgumentError.
    """
    return asarray(x if lies_on_card(x) else host_array(x), copy=copy, device=device)


def zeros_like(x: Any, dtype: Any = None, *, device: str | None = None) -> Tensor:
    """Zeros of the shape and dtype of `x`."""
    return full_like(x, 0, dtype, device=device)


def ones_like(x: Any, dtype: Any = None, *, device: str | None = None) -> Tensor:
    """Ones of the shape and dtype of `x`."""
    return full_like(x, 1, dtype, device=device)


def full_like(x: Any, fill_value: Any, dtype: Any = None, *, device: str | None = None) -> Tensor:
    """An array like `x` with `fill_value` in every element."""
    like = asarray(x)
    return full(like.shape, fill_value, dtype or like.dtype, device=device)


def arange(
    start: float, stop: float | None = None, step: float = 1, dtype: Any = None, *, device: str | None = None
) -> Tensor:
    """start, start + step, ... before stop; int64 for ints, the default dtype for floats.

    Raises OutOfRangeError for numbers that an integer dtype does not hold.
    """
    first, last = (0, start) if stop is None else (start, stop)
    if step == 0:
        raise ArgumentError("arange needs a step that is not 0")
    return on(device, _host(np.arange(first, last, step), dtype))


def linspace(
    start: float, stop: float, num: int = 50, *, endpoint: bool = True, dtype: Any = None, device: str | None = None
) -> Tensor:
    """`num` evenly spaced numbers from start to stop (included unless endpoint=False)."""
    if integer(num, "num") < 0:
        raise ShapeError(f"linspace needs num >= 0, got {num}")
    return on(device, _host(np.linspace(start, stop, num, endpoint=endpoint), dtype))


def eye(n_rows: int, n_cols: int | None = None, *, k: int = 0, dtype: Any = None, device: str | None = None) -> Tensor:
    """Ones on the k-th diagonal, zeros elsewhere."""
    rows, columns = shape_of((n_rows, n_rows if n_cols is None else n_cols))
    return on(device, _host(np.eye(rows, columns, k=integer(k, "k")), dtype))


def _host(array: np.ndarray[Any, Any], dtype: Any) -> Tensor:
    """A Tensor of an array that NumPy just made."""
    own = default_dtype() if dtypes.is_float(array.dtype) else array.dtype
    wanted = own if dtype is None else dtypes.as_dtype(dtype)
    if dtypes.is_integer(wanted) and array.size:
        dtypes.check_fits(array.min().item(), wanted)
        dtypes.check_fits(array.max().item(), wanted)
    return of_new_array(np.asarray(dtypes.convert(array, wanted), order="C"))


def of_new_array(array: np.ndarray[Any, Any]) -> Tensor:
    """A Tensor on an array that nobody else holds."""
    return wrap_buffer(Buffer.of(array)) if mode.trace is None else wrap(array_node(array, mode.trace))
