"""Tracing: one run of a function with symbolic arguments, and what it read, assigned and returned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dark_jit.backends.buffer import Buffer
from dark_jit.compiler.aliasing import SharingGuard, mirrored, repeated_leaves
from dark_jit.dtypes import as_dtype, float64, int64
from dark_jit.errors import TraceError
from dark_jit.graph.graph import leaf
from dark_jit.graph.node import Node
from dark_jit.ops.elementwise import add
from dark_jit.tensor.forcing import force
from dark_jit.tensor.handle import Handle, dtype_of, shape_of, where, wrap
from dark_jit.tensor.host import checked
from dark_jit.tensor.markers import Token, variable
from dark_jit.tensor.tensor import Tensor
from dark_jit.tensor.views import View, catch_up


@dataclass(eq=False)
class Argument:
    """An input of the program: the leaf number `index` of the arguments."""

    index: int


@dataclass(eq=False)
class ArgumentGrad:
    """An input: the gradient of an argument."""

    index: int


@dataclass(eq=False)
class Captured:
    """An input: the value of a Tensor from outside."""

    handle: Handle


@dataclass(eq=False)
class CapturedGrad:
    """An input: the gradient of a Tensor from outside, whichever that is at the call."""

    handle: Handle


@dataclass(eq=False)
class CapturedArray:
    """An input: a NumPy array from outside. Its buffer lies on the array's memory where that is possible."""

    array: np.ndarray[Any, Any]

    def buffer(self) -> Buffer:
        """The array's value now."""
        return array_buffer(self.array)


@dataclass(eq=False)
class RandomKey:
    """An input: the key of the random numbers."""


@dataclass(eq=False)
class FirstDraw:
    """An input: the number of the call's first draw of random numbers."""


def array_buffer(value: np.ndarray[Any, Any] | np.generic) -> Buffer:
    """The buffer of an array, read in place where it is contiguous and of native byte order."""
    array = np.asarray(value)
    if array.flags.c_contiguous and array.flags.aligned and array.dtype.isnative:
        return Buffer.of(array)
    return Buffer.copy_of(array, as_dtype(array.dtype))


class _Borrowed:
    """A handle from outside that the trace assigns to, and its state before. Other threads wait for it meanwhile."""

    def __init__(self, handle: Handle) -> None:
        self.handle = handle
        self._state: tuple[Any, ...] | None = None

    def take(self, borrower: Tracer) -> None:
        """Remember the state, in one step with the sign that the handle is borrowed: without a call between."""
        handle = self.handle
        self._state = handle._buffer, handle._node, handle._history, handle._requires, handle._token, handle._view
        handle._trace = borrower

    def give_back(self) -> None:
        """Restore the state."""
        handle = self.handle
        traced = handle._buffer, handle._node  # what dies may run other threads: not before all is set
        if self._state is not None and handle._trace is not None:
            handle._buffer, handle._node, handle._history, handle._requires, handle._token, handle._view = self._state
            handle._trace = None
        del traced


class Tracer:
    """The trace in progress (mode.Trace): turns what comes from outside into inputs, and remembers what is assigned."""

    def __init__(self, arguments: Sequence[Any], pinned: frozenset[int]) -> None:
        self.arguments = arguments
        self.pinned = pinned
        self.proxies: dict[int, Tensor] = {}
        self.proxy_grads: dict[int, Tensor] = {}
        self.aliased = set(repeated_leaves(arguments) - pinned)  # guarded by identity, in another trace
        self.captured: dict[int, tuple[Handle, Node]] = {}
        self.arrays: dict[int, Node] = {}
        self.assigned: dict[int, _Borrowed] = {}
        self.grads: dict[int, tuple[Handle, Tensor | None]] = {}  # those from outside that were looked at
        self.new_grads: dict[int, Tensor | None] = {}  # those that were assigned to handles from outside
        self.draws = 0
        self._key, self._first_draw = (leaf(source, (), int64) for source in (RandomKey(), FirstDraw()))
        self.written: dict[int, Handle] = {}  # in place, not by an assignment
        self.rebound: set[int] = set()
        self.left: list[tuple[Handle, View, Node]] = []  # what was written in place before it was rebound
        self.reshapes = False
        self.masks: list[tuple[Any, Any]] = []  # those that were looked at, and their values
        self._forsaken: set[int] = set()  # families of Tensors from outside that were rebound
        self._mirrored = mirrored(arguments)
        self._argument_of = {id(value): i for i, value in enumerate(arguments) if isinstance(value, Handle)}

    def proxy(self, index: int) -> Any:
        """What the traced function gets for its argument leaf number `index`."""
        value = self.arguments[index]
        if index in self.pinned:
            return value
        source = Argument(index)
        if isinstance(value, float) and not isinstance(value, np.generic):
            new = wrap(leaf(source, (), float64), weak=True)
        elif isinstance(value, Handle):
            new = wrap(leaf(source, shape_of(value), dtype_of(value)), requires=value._requires)
            if value._requires:
                new._token = Token(new)
                new._node = variable(new._value_node(), new._token)
            if value._grad is not None:
                new._grad = wrap(leaf(ArgumentGrad(index), shape_of(value._grad), dtype_of(value._grad)))
                self.proxy_grads[index] = new._grad
        else:
            array = checked(np.asarray(value))
            new = wrap(leaf(source, array.shape, as_dtype(array.dtype)))
        if index in self._mirrored:
            family, view = self._mirrored[index]
            family.add(new, view)
        self.proxies[index] = new
        return new

    # The protocol of mode.Trace

    def capture(self, handle: Handle) -> Node:
        """The node that stands for a Tensor from outside."""
        found = self.captured.get(id(handle))
        if found is None:
            index = self._argument_of.get(id(handle))
            if index is not None and index not in self.pinned:
                self.aliased.add(index)
            found = self._capture(handle, Captured(handle))
            if handle._view is not None:
                self._catch_up(handle, found[1])
        return found[1] if handle._trace is None else handle._value_node()

    def _catch_up(self, handle: Handle, node: Node) -> None:
        """A view from outside that is first used after its elements were written through another Tensor."""
        sources = [(view, value) for _, view, value in self.left]
        others = [x for x in self.written.values() if x is not handle]
        sources += [(x._view, x._value_node()) for x in others if x._view is not None]
        if any(view.family is handle._view.family for view, _ in sources if handle._view is not None):
            self.assigning(handle)
            handle._buffer, handle._node = None, node
            catch_up(handle, sources)

    def _capture(self, handle: Handle, source: Captured | CapturedGrad) -> tuple[Handle, Node]:
        node = leaf(source, shape_of(handle), dtype_of(handle))
        if handle._requires:
            node = variable(node, handle._token or Token(handle))
        self.captured[id(handle)] = found = (handle, node)
        return found

    def capture_array(self, array: np.ndarray[Any, Any]) -> Node:
        """The node that stands for an array from outside."""
        node = self.arrays.get(id(array))
        if node is None:
            node = self.arrays[id(array)] = leaf(CapturedArray(array), array.shape, as_dtype(array.dtype))
        return node

    def has_seen(self, handle: Handle) -> bool:
        """Whether a handle is the trace's own, or was captured."""
        return handle._trace is self or id(handle) in self.captured

    def writing(self, handle: Handle) -> None:
        """Note a write in place."""
        self.written[id(handle)] = handle
        if handle._view is not None and id(handle._view.family) in self._forsaken and not self._is_outer(handle):
            raise TraceError(
                f"{where()}a view of a Tensor is written in place after the Tensor got another value by .data = ...; "
                f"inside a compiled function, write first"
            )

    def rebinding(self, handle: Handle) -> None:
        """Note an assignment."""
        self.assigning(handle)
        if handle._view is not None and self._is_outer(handle):
            self._forsaken.add(id(handle._view.family))
            if id(handle) in self.written and id(handle) not in self.rebound:
                self.left.append((handle, handle._view, handle._value_node()))
        self.rebound.add(id(handle))

    def _is_outer(self, handle: Handle) -> bool:
        """Whether a handle is from outside, or stands for an argument."""
        if handle._trace is None or id(handle) in self.assigned:
            return True
        return any(handle is proxy for proxy in self.proxies.values())

    def outside(self) -> dict[int, Handle]:
        """The Tensors from outside that were read or assigned, by identity."""
        found = {key: handle for key, (handle, _) in self.captured.items()}
        return found | {key: saved.handle for key, saved in self.assigned.items()}

    def sharing_guard(self) -> SharingGuard | None:
        """What a trace that wrote in place depended on."""
        if not self.written:
            return None
        outside = self.outside()
        arguments = [None if place in self.pinned else x for place, x in enumerate(self.arguments)]
        written = {place for place, proxy in self.proxies.items() if id(proxy) in self.written}
        written |= {len(arguments) + i for i, key in enumerate(outside) if key in self.written}
        if not written and not self.reshapes:
            return None
        return SharingGuard(arguments, list(outside.values()), written, self.reshapes)

    def overlapping(self) -> frozenset[int]:
        """The arguments that share elements with a Tensor from outside, where one of them is written."""
        guard = self.sharing_guard()
        return frozenset() if guard is None else guard.mixed(len(self.arguments))

    def known(self, mask: Handle | np.ndarray[Any, Any]) -> np.ndarray[Any, Any] | None:
        """The elements of a mask from outside; that they stay the same is guarded."""
        if not isinstance(mask, Handle):
            self.masks.append((mask, mask.copy()))
            return mask
        if mask._trace is not None:
            return None
        buffer = force(mask)
        self.masks.append((mask, buffer))
        return buffer.array()

    def assigning(self, handle: Handle) -> None:
        """Remember the state of a handle from outside, before its first assignment."""
        if handle._trace is None:
            index = self._argument_of.get(id(handle))
            if index is not None and index not in self.pinned:
                self.aliased.add(index)
            borrowed = self.assigned[id(handle)] = _Borrowed(handle)
            borrowed.take(self)

    def grad_of(self, handle: Handle) -> Tensor | None:
        """The gradient of a handle; that of one from outside is an input, and whether there is one is guarded."""
        if handle._trace is not None and id(handle) not in self.assigned:
            return handle._grad
        if id(handle) not in self.grads:
            grad = handle._grad
            self.grads[id(handle)] = (handle, grad)
            if grad is not None and id(grad) not in self.captured:
                self._capture(grad, CapturedGrad(handle))
        return self.new_grads.get(id(handle), self.grads[id(handle)][1])

    def set_grad(self, handle: Handle, grad: Tensor | None) -> None:
        """Give a handle a gradient; one from outside gets it when a call has ended, and other threads see it then."""
        self.grad_of(handle)
        if id(handle) in self.grads:
            self.new_grads[id(handle)] = grad
        else:
            handle._grad = grad

    def draw(self) -> tuple[Node, Node]:
        """The key and the number of the next draw: each call takes as many numbers as there are draws."""
        number = add(self._first_draw, self.draws)
        self.draws += 1
        return self._key, number

    def restore(self) -> None:
        """Give every handle from outside its state back. May be called again where it was interrupted."""
        for borrowed in self.assigned.values():
            borrowed.give_back()
