"""The state of a Tensor, and how operations on nodes become operations on Tensors.

A handle stands for a value that is either known (`_buffer`) or pending (`_node`). It can be rebound; nodes and
buffers never change. A handle that requires grad is a leaf (it has a token: its node is a `variable`, made when it is
first used) or a result (its node is its history, kept beside the buffer as long as a gradient can be asked).
"""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dark_jit import dtypes
from dark_jit.backends.buffer import Buffer
from dark_jit.dtypes import DType
from dark_jit.errors import DarkError, DonatedError, TraceError
from dark_jit.graph import origins
from dark_jit.graph.graph import LEAF, leaf
from dark_jit.graph.node import Node, Shape
from dark_jit.ops.elementwise import cast, constant, stop_gradient
from dark_jit.tensor.host import checked, host_array
from dark_jit.tensor.markers import Token, variable
from dark_jit.tensor.mode import Trace, default_dtype, mode, state_lock, trace_lock

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor
    from dark_jit.tensor.views import View


_NUMBERS = (int, float)


class Handle:
    """The state of a Tensor. Compared and hashed by identity.

    Threads may share one. Readers take no lock: what they read or compare and what they set between two calls is one
    step, as the interpreter changes threads (and runs signal handlers) at calls only. A handle has a node or a buffer
    at any time.
    """

    __slots__ = (
        "__weakref__",
        "_buffer",  # the value, where it is known
        "_grad",  # the gradient that backward() gathered
        "_history",  # makes the node of a compiled call's result when a gradient is asked
        "_node",  # the value as a graph
        "_order",  # when it was last counted among the live handles: programs do not depend on addresses
        "_reference",  # the weak reference by which the set of live handles knows this one
        "_requires",  # whether gradients flow through this handle
        "_token",  # stands for this handle in graphs, where it is a leaf that requires grad
        "_trace",  # the trace that the value belongs to
        "_view",  # which elements this handle shares with others, if it does (dark_jit.tensor.views)
        "_weak",  # the value of a float argument of a traced function: adapts to the dtype beside it
    )

    _buffer: Buffer | None
    _grad: Tensor | None
    _history: Callable[[], Node] | None
    _node: Node | None
    _order: int
    _reference: weakref.ref[Handle] | None
    _requires: bool
    _token: Token | None
    _trace: Trace | Donated | None
    _view: View | None
    _weak: bool

    def _value_node(self) -> Node:
        """The node of this value, which no other thread's trace may have borrowed; a known value's is made at the first
        use.
        """
        node = self._node
        return self._new_node(self._trace) if node is None else node  # type: ignore[arg-type]  # not a donated one

    def _new_node(self, trace: Trace | None) -> Node:
        buffer, node, history, token = self._buffer, self._node, self._history, self._token
        if buffer is None or node is not None or self._trace is not trace:  # bound anew meanwhile
            return self._operand(trace)
        new = history() if history is not None else leaf(buffer, buffer.shape, buffer.dtype)
        if token is not None:
            new = variable(new, token)
        if self._buffer is buffer and self._node is None and self._history is history and self._token is token:
            self._node, self._history = new, None
        return new

    def _operand(self, trace: Trace | None) -> Node:
        """The node by which an operation reads this handle, inside `trace` if there is one."""
        node, owner = self._node, self._trace
        if owner is trace:
            return self._new_node(trace) if node is None else node
        if owner is None and trace is not None:
            return trace.capture(self)
        if returned(self):
            return self._operand(trace)
        raise leaked(self)

    def _pending_node(self) -> Node | None:
        """The node that this handle waits for; None where its value is known, or a trace has borrowed it."""
        return self._node if self._buffer is None and self._trace is None else None

    def _become(self, node: Node) -> None:
        """Take a pending value of the same shape and dtype."""
        token = self._token
        if token is not None:
            node = variable(stop_gradient(node), token)
        if mode.trace is not None:
            mode.trace.assigning(self)
            self._bind(None, node)
        else:
            with state_lock:
                self._bind(None, node)
            _register(self)

    def _give_away(self, node: Node) -> None:
        """Lose the value for good; `node` has its shape and dtype."""
        before = self._buffer, self._node, self._history, self._view
        self._buffer, self._node, self._history, self._view, self._trace = None, node, None, None, DONATED
        del before
        if self._reference is not None:
            _live.discard(self._reference)

    def _settle(self, buffer: Buffer) -> None:
        """Take a known value; a history that there was is dropped."""
        with state_lock:
            self._bind(buffer, None)
        self._forget()

    def _bind(self, buffer: Buffer | None, node: Node | None) -> None:
        while self._trace is not None and self._trace is not mode.trace and returned(self):
            pass
        before = self._buffer, self._node, self._history  # what dies may run other threads: not before all is set
        self._buffer, self._node, self._history = buffer, node, None
        del before

    def _exchange(self, node: Node, new: Node | None, buffer: Buffer | None = None) -> None:
        """Take another node, or none, and the value, if it is given; not if a thread has bound this handle anew."""
        before = self._node, self._buffer
        if self._node is node:
            self._node = new
            if buffer is not None:
                self._buffer = buffer
        del before

    def _forget(self) -> None:
        """Count this handle among the live ones no more; unless another thread has bound it anew."""
        if self._reference is not None:
            _live.discard(self._reference)
            if self._buffer is None:
                _live.add(self._reference)


def returned(handle: Handle) -> bool:
    """Whether another thread's trace had borrowed a handle from outside. This waits until it has given it back."""
    borrower = handle._trace
    with trace_lock:
        return handle._trace is not borrower


def usable(handle: Handle) -> bool:
    """Whether this thread may read and bind a handle: not one that a trace leaked, nor one that was donated.

    This waits for another thread's trace that has borrowed it.
    """
    while handle._trace is not None and handle._trace is not mode.trace:
        if not returned(handle):
            return False
    return True


class Donated:
    """The class of what stands in the place of a trace where a Tensor was donated and has no value any more."""


DONATED = Donated()


def leaked(handle: Handle) -> DarkError:
    """The error for a traced Tensor that is used outside of its trace, or for one that was donated."""
    if isinstance(handle._trace, Donated):
        return DonatedError(
            f"{where()}this Tensor was donated to a compiled function and cannot be used any more; use what the "
            f"function returned, or leave the argument out of donate="
        )
    node = handle._node
    what = f"{node.dtype.name}{list(node.shape)}" if node is not None else "value"
    return TraceError(
        f"{where()}this traced Tensor ({what}) belongs to a compiled function that has ended; return it from the "
        f"function "
        "instead of storing it"
    )


def where() -> str:
    """The user's line, to begin a message with."""
    return "".join(f"{origin}: " for origin in origins.here())


# Handles whose value is pending or that keep a history. Each handle has one reference, so that the set compares
# references
# by identity and never asks two Tensors whether they are equal (which would be an operation).
_live: set[weakref.ref[Handle]] = set()

_orders = itertools.count()

PENDING_NODES = 10_000
CHECK_LEAST = 1_000
NODES_PER_RESULT = 4  # about: an operation, and the broadcasts and constants that it needs


class _Budget:
    """About how many nodes may still be made before the pending graphs are counted."""

    left = PENDING_NODES
    limit_reached: Callable[[], int] = staticmethod(lambda: PENDING_NODES)


def on_budget_spent(count: Callable[[], int]) -> None:
    """Set what is called when many results were made: it may force them, and returns how many nodes are pending."""
    _Budget.limit_reached = staticmethod(count)


def live_handles() -> list[Handle]:
    """The living handles whose value is pending or that keep a history, in the order in which they became so."""
    found = (reference() for reference in list(_live))
    return sorted((handle for handle in found if handle is not None), key=lambda handle: handle._order)


def _register(handle: Handle) -> None:
    if handle._reference is None:
        handle._reference = weakref.ref(handle, _live.discard)
    handle._order = next(_orders)
    _live.add(handle._reference)
    spend(NODES_PER_RESULT)


def spend(nodes: int) -> None:
    """Count nodes made; now and then the pending graphs are looked at, and forced if they have grown too large."""
    _Budget.left -= nodes
    if _Budget.left <= 0:
        _Budget.left = PENDING_NODES
        _Budget.left = max(CHECK_LEAST, PENDING_NODES - _Budget.limit_reached())


class _Concrete:
    """The class of results; dark_jit.tensor.tensor sets it, which stands above this module."""

    cls: type[Tensor]


def set_class(cls: type[Tensor]) -> None:
    """Set the class of results."""
    _Concrete.cls = cls


def _blank(cls: type[Tensor]) -> Tensor:
    new = cls.__new__(cls)
    new._buffer = new._node = new._grad = new._history = new._reference = new._token = new._view = None
    new._trace = None
    new._requires = new._weak = False
    return new


def wrap(node: Node, requires: bool = False, weak: bool = False) -> Tensor:
    """A new Tensor of a node's value."""
    new = _blank(_Concrete.cls)
    new._node = node
    new._requires = requires
    new._weak = weak
    new._trace = mode.trace
    if new._trace is None and node.op is not LEAF:
        _register(new)
    return new


def wrap_buffer(buffer: Buffer) -> Tensor:
    """A new Tensor of a known value."""
    new = object.__new__(_Concrete.cls)  # as _blank; each compiled call comes by here
    new._buffer = buffer
    new._node = new._grad = new._history = new._reference = new._token = new._view = new._trace = None
    new._requires = new._weak = False
    return new


def apply(function: Callable[..., Node], *operands: Any, **static: Any) -> Tensor:
    """The Tensor of `function(*nodes, **static)`, where the nodes are the operands' (Tensors, arrays, numbers, None).

    Every operation passes here: operands become nodes, the user's line is recorded, the result is wrapped.
    """
    nodes, requires, weak = lift(operands)
    with origins.under(origins.here()):
        try:
            node = function(*nodes, **static)
        except DarkError as error:
            origins.cut(error)
            raise
        if requires and not mode.grad:
            node, requires = stop_gradient(node), False
    floating = dtypes.is_float(node.dtype)
    return wrap(node, requires and floating, weak and floating)


def lift(operands: Sequence[Any]) -> tuple[list[Any], bool, bool]:
    """Operands as nodes (or numbers, which become constants), whether one requires grad, and whether all are weak."""
    trace = mode.trace
    found: list[Any] = []
    requires, weak, adapt, nodes = False, True, False, 0
    for x in operands:
        if isinstance(x, Handle):
            found.append(x._operand(trace))
            requires = requires or x._requires
            nodes += 1
            adapt = adapt or x._weak
            weak = weak and x._weak
        elif x is None or (isinstance(x, _NUMBERS) and not isinstance(x, np.generic)):
            found.append(x)
            adapt = adapt or isinstance(x, float)
        else:
            found.append(array_node(x, trace))
            nodes += 1
            weak = False
    if not nodes:
        return _numbers(found), False, False
    if adapt and (trace is None or not weak):
        _adapt(operands, found, trace)
    return found, requires, weak


def _numbers(found: list[Any]) -> list[Any]:
    """Operands that are numbers only: the first becomes an array of the default dtype, or of int64 or bool."""
    first = found[0]
    if isinstance(first, bool):
        dtype = dtypes.bool_
    else:
        dtype = default_dtype() if any(isinstance(x, float) for x in found) else dtypes.int64
    return [constant(first, dtype), *found[1:]]


def _adapt(operands: Sequence[Any], found: list[Any], trace: Trace | None) -> None:
    """Give weakly typed operands (Python floats, float arguments) the dtype of the arrays that they meet.

    In lazy code a float becomes a 0-d input: another value is then the same program. Inside a trace it is a constant.
    """
    beside = _strong_dtype(operands, found)
    for i, x in enumerate(operands):
        if isinstance(x, Handle):
            if x._weak:
                found[i] = cast(found[i], dtypes.of_number(1.0, beside))
        elif trace is None and isinstance(found[i], float):
            found[i] = number_node(found[i], dtypes.of_number(found[i], beside))


def _strong_dtype(operands: Sequence[Any], found: Sequence[Any]) -> DType:
    """The widest floating-point dtype among the arrays, else bool: beside integers a float is of the default dtype."""
    dtype = dtypes.bool_
    for x, node in zip(operands, found, strict=True):
        if isinstance(node, Node) and dtypes.is_float(node.dtype) and not (isinstance(x, Handle) and x._weak):
            dtype = dtypes.promote(dtype, node.dtype)
    return dtype


def number_node(value: float, dtype: DType) -> Node:
    """A 0-d input of a lazy program."""
    return leaf(Buffer.of(np.array(value, dtype)), (), dtype)


def array_node(value: Any, trace: Trace | None) -> Node:
    """The node of a NumPy array, a NumPy scalar, or nested lists of numbers. Copied; inside a trace captured
    instead.
    """
    if isinstance(value, np.generic) and trace is not None:
        return constant(value.item(), checked(np.asarray(value)).dtype)
    array = checked(value if isinstance(value, np.ndarray) else host_array(value))
    if trace is not None:
        return trace.capture_array(array)
    dtype = dtypes.as_dtype(array.dtype)
    return leaf(Buffer.copy_of(array, dtype), array.shape, dtype)


def shape_of(handle: Handle) -> Shape:
    """The shape of a handle's value."""
    known: Buffer | Node = handle._node or handle._buffer  # type: ignore[assignment]  # it has one of them
    return known.shape


def dtype_of(handle: Handle) -> DType:
    """The dtype of a handle's value."""
    known: Buffer | Node = handle._node or handle._buffer  # type: ignore[assignment]
    return known.dtype
