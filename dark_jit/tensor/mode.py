"""What holds for the running thread: the trace in progress, whether gradients are recorded; and what threads share: the
locks and the default dtype.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ContextDecorator, contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import numpy as np

from dark_jit import dtypes
from dark_jit.dtypes import DType
from dark_jit.graph.node import Node
from dark_jit.locks import Lock

if TYPE_CHECKING:
    from dark_jit.tensor.handle import Handle

F = TypeVar("F", bound=Callable[..., Any])


# Held while Tensors get new values, or are read together. A thread that traces never waits for it.
state_lock = Lock()
# Held while a function is traced. Tensors from outside that it assigns are lent to the trace until it ends.
trace_lock = Lock()


class Trace(Protocol):
    """A function that is being traced: what it reads from outside is captured, what it assigns is recorded."""

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

    def grad_of(self, handle: Handle) -> Handle | None:
        """The gradient that a handle has at this point of the trace; that it was looked at is noted."""
        ...

    def draw(self) -> tuple[Node, Node]:
        """The key and the number of the next draw of random numbers; it is counted."""
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


@contextmanager
def tracing(trace: Trace) -> Iterator[None]:
    """Inside, operations belong to `trace`. The gradient mode is restored afterwards, whatever happens."""
    before = mode.grad
    mode.trace = trace
    try:
        yield
    finally:
        mode.trace = None
        mode.grad = before


def default_dtype() -> DType:
    """The dtype of new arrays and of Python floats: float32 unless `set_default_dtype` said otherwise."""
    return dtypes.default_float()


def set_default_dtype(dtype: Any) -> None:
    """Set the dtype of new arrays and of Python floats. Raises DTypeError unless it is a floating-point dtype."""
    dtypes.set_default_float(dtypes.as_dtype(dtype))
    Epoch.advance()
