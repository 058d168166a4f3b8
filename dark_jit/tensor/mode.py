"""What holds for the running thread: the trace in progress, whether gradients are recorded; and what threads share: the
locks and the default dtype.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, ContextDecorator, nullcontext
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np

from dark_jit import dtypes
from dark_jit.dtypes import DType
from dark_jit.graph.node import Node
from dark_jit.locks import Lock

if TYPE_CHECKING:
    from dark_jit.tensor.handle import Handle
    from dark_jit.tensor.tensor import Tensor

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")


# Held while Tensors get new values, or are read together. A thread that traces never waits for it.
state_lock = Lock()
# Held while a function is traced. Tensors from outside that it assigns are lent to the trace until it ends.
trace_lock = Lock()


def together() -> AbstractContextManager[object]:
    """Inside, no other thread gives Tensors new values. A trace needs no such thing: it borrows what it assigns."""
    return state_lock if mode.trace is None else nullcontext()


class Trace(Protocol):
    """A function that is being traced: what it reads from outside is captured, what it assigns is recorded."""

    reshapes: bool  # whether it was asked if a reshape is a view, which depends on the strides of Tensors from outside

    def capture(self, handle: Handle) -> Node:
        """The node that stands for a Tensor from outside of the trace."""
        ...

    def capture_array(self, array: np.ndarray[Any, Any]) -> Node:
        """The node that stands for a NumPy array; it is read again at each call."""
        ...

    def assigning(self, handle: Handle) -> None:
        """Note that a handle is about to get another value."""
        ...

    def writing(self, handle: Handle) -> None:
        """Note that this value comes from a write in place."""
        ...

    def rebinding(self, handle: Handle) -> None:
        """Note that this value comes from an assignment, after which the handle shares elements with no other."""
        ...

    def has_seen(self, handle: Handle) -> bool:
        """Whether a handle belongs to the trace, or was captured by it."""
        ...

    def known(self, mask: Handle | np.ndarray[Any, Any]) -> np.ndarray[Any, Any] | None:
        """The elements of a mask where they are known; it is guarded that they stay the same."""
        ...

    def grad_of(self, handle: Handle) -> Tensor | None:
        """The gradient that a handle has at this point of the trace; that it was looked at is noted."""
        ...

    def draw(self) -> tuple[Node, Node]:
        """The key and the number of the next draw of random numbers; it is counted."""
        ...

    def set_grad(self, handle: Handle, grad: Tensor | None) -> None:
        """Note the gradient that a handle has from now on."""
        ...

    def restore(self) -> None:
        """Give the handles from outside that were assigned their state back. May be called twice."""
        ...


class Mode(threading.local):
    """The running thread's trace, if any, and whether results keep their history."""

    trace: Trace | None = None
    grad: bool = True


mode = Mode()


class Epoch:
    """Counts what compiled functions look into: changes of guarded objects, requires_grad, the default dtype."""

    value = 0

    @classmethod
    def advance(cls) -> None:
        """Something changed."""
        cls.value += 1


class _GradMode(ContextDecorator):
    """Context manager and decorator that sets whether results keep their history."""

    _wanted: bool

    def __init__(self) -> None:
        self._before: dict[int, list[bool]] = {}  # by thread: those that call a decorated function share this object

    def __call__(self, function: F) -> F:
        """Decorate a function."""
        return super().__call__(function)

    def __enter__(self) -> None:
        self._before.setdefault(threading.get_ident(), []).append(mode.grad)
        mode.grad = self._wanted

    def __exit__(self, *_: object) -> None:
        mode.grad = self._before[threading.get_ident()].pop()


class no_grad(_GradMode):
    """Inside, results do not keep their history: no gradient flows through them. Also a decorator."""

    _wanted = False


class enable_grad(_GradMode):
    """Inside, results keep their history again. Also a decorator."""

    _wanted = True


def is_grad_enabled() -> bool:
    """Whether results keep their history."""
    return mode.grad


class _Running:
    """The trace in progress, and the thread that traces."""

    trace: Trace | None = None
    thread = 0


def traced(trace: Trace, function: Callable[[], T]) -> T:
    """The result of `function`, in which operations belong to `trace`. The caller has the trace lock.

    Handles from outside, and the gradient mode, are as before afterwards, whatever is raised wherever.
    """
    before = mode.grad
    try:
        _Running.thread, _Running.trace = threading.get_ident(), trace
        mode.trace = trace
        return function()
    finally:  # no context manager: a signal handler may raise before it gets to do anything
        try:
            _end(trace, before)
        except BaseException:
            _end(trace, before)
            raise


def _end(trace: Trace, grad: bool) -> None:
    trace.restore()
    mode.trace = _Running.trace = None
    mode.grad = grad


def _give_back() -> None:
    """In the child of a fork: a thread that was tracing is not here to give back what it borrowed."""
    if _Running.trace is not None and _Running.thread != threading.get_ident():
        _Running.trace.restore()
        _Running.trace = None


os.register_at_fork(after_in_child=_give_back)


def default_dtype() -> DType:
    """The dtype of new arrays and of Python floats: float32 unless `set_default_dtype` said otherwise."""
    return dtypes.default_float()


def set_default_dtype(dtype: Any) -> None:
    """Set the dtype of new arrays and of Python floats. Raises DTypeError unless it is a floating-point dtype."""
    dtypes.set_default_float(dtypes.as_dtype(dtype))
    Epoch.advance()
