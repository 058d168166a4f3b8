"""The Tensor: a lazy, rebindable handle on an immutable value, with NumPy's methods and operators."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from dark_jit import dtypes
from dark_jit.dtypes import DType
from dark_jit.errors import DTypeError, GradientError, ShapeError, TraceError
from dark_jit.graph.node import Shape
from dark_jit.ops.elementwise import stop_gradient
from dark_jit.tensor import autograd, creation, devices, elementwise, indexing, movement, views
from dark_jit.tensor.forcing import buffer_of
from dark_jit.tensor.handle import (
    Donated,
    apply,
    dtype_of,
    leaked,
    set_class,
    shape_of,
    usable,
    where,
    wrap,
    wrap_buffer,
)
from dark_jit.tensor.markers import Token
from dark_jit.tensor.mode import Epoch, mode, together
from dark_jit.tensor.numpy_protocol import NumPyProtocol
from dark_jit.tensor.operators import Operators

Array = np.ndarray[Any, Any]
_KINDS = "buif"  # what is written in place may only go up: bool, unsigned, signed, floating point


class Tensor(Operators, NumPyProtocol):
    """An array whose operations build a graph; `.numpy()`, `.item()`, `bool()` and printing compute it.

    value: a number, nested lists, an array or a Tensor (copied). Raises DTypeError, ArgumentError.
    """

    __slots__ = ()

    def __init__(
        self, value: Any, dtype: Any = None, *, requires_grad: bool = False, device: str | None = None
    ) -> None:
        source = creation.asarray(value, dtype, device=device)
        self._grad = self._history = self._node = self._reference = self._token = self._view = None
        self._requires = self._weak = False
        self._trace = mode.trace
        self._buffer = source._buffer if mode.trace is None and source._trace is None else None
        if self._buffer is None:
            self._become(source.detach()._operand(mode.trace))
        self.requires_grad = requires_grad

    # What is known without computing

    @property
    def shape(self) -> Shape:
        """The extents of the axes."""
        return shape_of(self)

    @property
    def dtype(self) -> DType:
        """The element type, a NumPy dtype."""
        return dtype_of(self)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """The number of elements."""
        size = 1
        for extent in self.shape:
            size *= extent
        return size

    @property
    def device(self) -> str:
        """Where the value is computed, or lies: "cpu", "cuda", "cuda:1" or "cuda-emulator"."""
        return devices.where(self)

    @property
    def T(self) -> Tensor:
        """The axes in reversed order."""
        return movement.transpose(self)

    @property
    def mT(self) -> Tensor:
        """The last two axes exchanged."""
        return movement.matrix_transpose(self)

    def __len__(self) -> int:
        if not self.shape:
            raise DTypeError("a 0-d Tensor has no length")
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    # The number itself

    def numpy(self) -> Array:
        """The value as a read-only NumPy array on the same memory. Computes it.

        TraceError inside a compiled function.
        """
        return buffer_of(self, ".numpy()").array()

    def item(self) -> Any:
        """The value of a Tensor of one element as a Python number. Computes it.

        TraceError inside a compiled function.
        """
        return self._number(".item()")

    def tolist(self) -> Any:
        """The value as nested lists of Python numbers."""
        return buffer_of(self, ".tolist()").array().tolist()

    def _number(self, asked: str) -> Any:
        if self.size != 1:
            raise ShapeError(f"{asked} needs a Tensor of one element, got shape {self.shape}")
        return buffer_of(self, asked).array().item()

    def __bool__(self) -> bool:
        if self.size != 1:
            raise ShapeError(f"the truth of a Tensor of shape {self.shape} is ambiguous; use dark.any or dark.all")
        return bool(self._number("bool()"))

    def __float__(self) -> float:
        return float(self._number("float()"))

    def __int__(self) -> int:
        return int(self._number("int()"))

    def __index__(self) -> int:
        if not dtypes.is_integer(self.dtype):
            raise DTypeError(f"only an integer Tensor can be an index, got {self.dtype.name}")
        return int(self._number("an index"))

    def __repr__(self) -> str:
        head = type(self).__name__
        if isinstance(self._trace, Donated):
            return f"{head}(shape={self.shape}, dtype={self.dtype.name}, donated)"
        if mode.trace is not None or self._trace is not None:
            return f"{head}(shape={self.shape}, dtype={self.dtype.name}, traced)"
        text = np.array2string(self.numpy(), separator=", ", prefix=head + "(")
        return f"{head}({text}, dtype={self.dtype.name}{', requires_grad=True' if self._requires else ''})"

    def __format__(self, spec: str) -> str:
        return format(self.item(), spec) if spec else str(self)

    # Gradients

    @property
    def requires_grad(self) -> bool:
        """Whether gradients flow to, or through, this Tensor. Settable where it is not the result of such Tensors."""
        return self._requires

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        if bool(wanted) == self._requires:
            return
        if not wanted and not self.is_leaf:
            raise GradientError("a result cannot stop requiring grad; use detach()")
        if wanted and not dtypes.is_float(self.dtype):
            raise DTypeError(f"only floating-point Tensors can require grad, got {self.dtype.name}")
        if mode.trace is not None and self._trace is not mode.trace:
            raise TraceError(
                f"{where()}requires_grad of a Tensor from outside cannot change inside a compiled function"
            )
        value = self._node if self._buffer is None else None
        self._token = Token(self) if wanted else None
        self._requires = bool(wanted)
        if value is None:
            self._node = None
        else:
            self._become(stop_gradient(value))
        Epoch.advance()

    @property
    def is_leaf(self) -> bool:
        """Whether gradients end here: not the result of an operation on Tensors that require grad."""
        return not self._requires or self._token is not None

    @property
    def grad(self) -> Tensor | None:
        """The gradient that backward() gathered, or None. Settable to None or an array of this Tensor's shape."""
        return self._grad if mode.trace is None else mode.trace.grad_of(self)

    @grad.setter
    def grad(self, value: Any) -> None:
        if value is not None:
            value = creation.asarray(value, self.dtype)
            if value.shape != self.shape:
                raise ShapeError(f"a gradient of shape {value.shape} does not fit a Tensor of shape {self.shape}")
        if mode.trace is not None:
            mode.trace.set_grad(self, value)
        else:
            self._grad = value

    def zero_grad(self) -> None:
        """Forget the gradient."""
        self.grad = None

    def backward(self, gradient: Any = None, retain_graph: bool = False, create_graph: bool = False) -> None:
        """Add the gradient of this Tensor to the `.grad` of every leaf that it depends on and that requires grad.

        More than one element needs `gradient`, of this shape. The history is released unless retain_graph (or
        create_graph, with which the gradients can be differentiated again). Raises GradientError.
        """
        autograd.backward(self, gradient, retain_graph, create_graph)

    def detach(self) -> Tensor:
        """The same value, through which no gradient flows."""
        with together():
            buffer = self._buffer
            if mode.trace is None and self._trace is None and buffer is not None:
                return views.share(self, wrap_buffer(buffer), None, detached=True)
            node = self._operand(mode.trace)
            return views.share(self, wrap(stop_gradient(node) if self._requires else node), None, detached=True)

    @property
    def data(self) -> Tensor:
        """The value, detached: writing to it writes to this Tensor.

        Assign a Tensor, array or number of this shape to rebind this Tensor to it; its views keep the old elements.
        """
        return self.detach()

    @data.setter
    def data(self, value: Any) -> None:
        if views.same_elements(value, self, None):
            return  # the end of x.data += v
        new = creation.asarray(value, self.dtype)
        if new.shape != self.shape:
            if new.ndim:
                raise ShapeError(
                    f"cannot assign a value of shape {new.shape} to .data of a Tensor of shape {self.shape}"
                )
            new = movement.broadcast_to(new, self.shape)
        self._assign(new)

    def _assign(self, new: Tensor) -> None:
        """Take the value of `new`, not its history; this Tensor becomes a leaf, and shares elements with no other."""
        if not usable(self):
            raise leaked(self)
        if mode.trace is not None:
            mode.trace.rebinding(self)
        self._view = None
        if self._requires and self._token is None:
            self._requires = False
        buffer = new._buffer
        if mode.trace is None and buffer is not None and self._trace is None:
            self._settle(buffer)
        else:
            node = new._operand(mode.trace)
            self._become(stop_gradient(node) if new._requires else node)

    # Elements

    def __getitem__(self, key: Any) -> Tensor:
        parser = indexing.Parser(key, self.shape)
        if parser.arrays:
            return indexing.gathered(self, parser)
        index, offset = parser.index, parser.index.offset_in(self.shape)
        with together():
            known = None if offset is None else views.window(self, offset, index.shape)
            part = apply(indexing.read, self, index=index) if known is None else known
            if not index.shape and not _has_ellipsis(key):
                return part  # as NumPy's: a number, not a view
            return views.share(self, part, (indexing.read, {"index": index}))

    def __setitem__(self, key: Any, value: Any) -> None:
        parser = indexing.Parser(key, self.shape)
        step: views.Step = (indexing.read, {"index": parser.index})
        if not parser.arrays and views.same_elements(value, self, step):
            return  # the end of x[key] += v
        with together():
            views.write(self, indexing.written(self, parser, value), step)

    def _write(self, result: Tensor) -> None:
        """Become `result`, in place: what `x += v` does."""
        if result.shape != self.shape:
            raise ShapeError(f"cannot write a result of shape {result.shape} in place into shape {self.shape}")
        if _KINDS.index(dtypes.kind_of(result.dtype)) > _KINDS.index(dtypes.kind_of(self.dtype)):
            raise DTypeError(f"cannot write a {result.dtype.name} result in place into {self.dtype.name}; use astype")
        views.write(self, elementwise.astype(result, self.dtype))


def _has_ellipsis(key: Any) -> bool:
    return key is Ellipsis or (isinstance(key, tuple) and any(item is Ellipsis for item in key))


class Parameter(Tensor):
    """A Tensor that requires grad: what a model learns. value: as for Tensor; given arrays keep their dtype."""

    def __init__(self, value: Any, dtype: Any = None, *, requires_grad: bool = True, device: str | None = None) -> None:
        super().__init__(value, dtype, requires_grad=requires_grad, device=device)


class Constant(Tensor):
    """A Tensor that does not require grad."""

    def __init__(self, value: Any, dtype: Any = None, *, device: str | None = None) -> None:
        super().__init__(value, dtype, device=device)


set_class(Tensor)
