"""Operators and methods of a Tensor: each is a function of this package under another spelling."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from dark_jit import ops
from dark_jit.tensor import devices, elementwise, linear, movement, products, reduction, scan, sorting
from dark_jit.tensor.handle import Handle, apply
from dark_jit.tensor.mode import together

if TYPE_CHECKING:
    from types import NotImplementedType

    from dark_jit.tensor.tensor import Tensor


class Operators(Handle):
    """What `x + y`, `x == y`, `x.sum()` and the like mean."""

    __slots__ = ()

    def __add__(self, other: Any) -> Tensor:
        return elementwise.add(self, other)

    def __radd__(self, other: Any) -> Tensor:
        return elementwise.add(other, self)

    def __sub__(self, other: Any) -> Tensor:
        return elementwise.subtract(self, other)

    def __rsub__(self, other: Any) -> Tensor:
        return elementwise.subtract(other, self)

    def __mul__(self, other: Any) -> Tensor:
        return elementwise.multiply(self, other)

    def __rmul__(self, other: Any) -> Tensor:
        return elementwise.multiply(other, self)

    def __truediv__(self, other: Any) -> Tensor:
        return elementwise.divide(self, other)

    def __rtruediv__(self, other: Any) -> Tensor:
        return elementwise.divide(other, self)

    def __floordiv__(self, other: Any) -> Tensor:
        return elementwise.floor_divide(self, other)

    def __rfloordiv__(self, other: Any) -> Tensor:
        return elementwise.floor_divide(other, self)

    def __mod__(self, other: Any) -> Tensor:
        return elementwise.remainder(self, other)

    def __rmod__(self, other: Any) -> Tensor:
        return elementwise.remainder(other, self)

    def __pow__(self, other: Any) -> Tensor:
        return elementwise.power(self, other)

    def __rpow__(self, other: Any) -> Tensor:
        return elementwise.power(other, self)

    def __matmul__(self, other: Any) -> Tensor:
        return linear.matmul(self, other)

    def __rmatmul__(self, other: Any) -> Tensor:
        return linear.matmul(other, self)

    def __neg__(self) -> Tensor:
        return elementwise.negative(self)

    def __pos__(self) -> Tensor:
        return elementwise.positive(self)

    def __abs__(self) -> Tensor:
        return elementwise.abs(self)

    def __invert__(self) -> Tensor:
        return elementwise.bitwise_invert(self)

    def __and__(self, other: Any) -> Tensor:
        return elementwise.bitwise_and(self, other)

    def __or__(self, other: Any) -> Tensor:
        return elementwise.bitwise_or(self, other)

    def __xor__(self, other: Any) -> Tensor:
        return elementwise.bitwise_xor(self, other)

    __rand__, __ror__, __rxor__ = __and__, __or__, __xor__

    def __lshift__(self, other: Any) -> Tensor:
        return elementwise.bitwise_left_shift(self, other)

    def __rlshift__(self, other: Any) -> Tensor:
        return elementwise.bitwise_left_shift(other, self)

    def __rshift__(self, other: Any) -> Tensor:
        return elementwise.bitwise_right_shift(self, other)

    def __rrshift__(self, other: Any) -> Tensor:
        return elementwise.bitwise_right_shift(other, self)

    def __eq__(self, other: object) -> Tensor | NotImplementedType:  # type: ignore[override]
        return elementwise.equal(self, other) if _is_operand(other) else NotImplemented

    def __ne__(self, other: object) -> Tensor | NotImplementedType:  # type: ignore[override]
        return elementwise.not_equal(self, other) if _is_operand(other) else NotImplemented

    __hash__ = object.__hash__

    def __lt__(self, other: Any) -> Tensor:
        return elementwise.less(self, other)

    def __le__(self, other: Any) -> Tensor:
        return elementwise.less_equal(self, other)

    def __gt__(self, other: Any) -> Tensor:
        return elementwise.greater(self, other)

    def __ge__(self, other: Any) -> Tensor:
        return elementwise.greater_equal(self, other)

    # In place: the handle becomes the result

    def _write(self, result: Tensor) -> None:
        raise NotImplementedError

    def __iadd__(self, other: Any) -> Tensor:
        return self._update(elementwise.add, other)

    def __isub__(self, other: Any) -> Tensor:
        return self._update(elementwise.subtract, other)

    def __imul__(self, other: Any) -> Tensor:
        return self._update(elementwise.multiply, other)

    def __itruediv__(self, other: Any) -> Tensor:
        return self._update(elementwise.divide, other)

    def __imatmul__(self, other: Any) -> Tensor:
        return self._update(linear.matmul, other)

    def __ipow__(self, other: Any) -> Tensor:
        return self._update(elementwise.power, other)

    def __ifloordiv__(self, other: Any) -> Tensor:
        return self._update(elementwise.floor_divide, other)

    def __imod__(self, other: Any) -> Tensor:
        return self._update(elementwise.remainder, other)

    def __iand__(self, other: Any) -> Tensor:
        return self._update(elementwise.bitwise_and, other)

    def __ior__(self, other: Any) -> Tensor:
        return self._update(elementwise.bitwise_or, other)

    def __ixor__(self, other: Any) -> Tensor:
        return self._update(elementwise.bitwise_xor, other)

    def __ilshift__(self, other: Any) -> Tensor:
        return self._update(elementwise.bitwise_left_shift, other)

    def __irshift__(self, other: Any) -> Tensor:
        return self._update(elementwise.bitwise_right_shift, other)

    def _update(self, operation: Callable[[Any, Any], Tensor], other: Any) -> Tensor:
        """Read and write in one step: what threads add to one Tensor adds up."""
        with together():
            self._write(operation(self, other))
        return self  # type: ignore[return-value]  # a handle is a Tensor

    # Methods

    sum = reduction.sum
    mean = reduction.mean
    var = reduction.var
    std = reduction.std
    max = reduction.max
    min = reduction.min
    any = reduction.any
    all = reduction.all
    argmax = reduction.argmax
    argmin = reduction.argmin
    argsort = sorting.argsort
    topk = sorting.topk
    prod = reduction.prod
    cumsum = scan.cumsum
    cumprod = scan.cumprod
    dot = products.dot
    reshape = movement.reshape
    ravel = movement.ravel
    view = movement.reshape
    transpose = movement.transpose
    squeeze = movement.squeeze
    take = movement.take
    astype = elementwise.astype
    copy = elementwise.copy
    clone = elementwise.copy
    clip = elementwise.clip
    abs = elementwise.abs
    exp = elementwise.exp
    log = elementwise.log
    sqrt = elementwise.sqrt
    tanh = elementwise.tanh
    sigmoid = elementwise.sigmoid
    relu = elementwise.relu
    pow = elementwise.power
    round = elementwise.round

    def to_device(self, device: str, /, *, stream: None = None) -> Tensor:
        """As `dark_jit.tensor.to_device`."""
        return devices.to_device(self, device)

    def flatten(self) -> Tensor:
        """A copy of all elements in C order, in one axis."""
        return apply(ops.reshape, self, shape=(-1,))


def _is_operand(value: object) -> bool:
    return isinstance(value, Handle | np.ndarray | np.generic | bool | int | float | list | tuple)
