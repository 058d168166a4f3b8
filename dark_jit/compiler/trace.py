"""Tracing: one run of a function with symbolic arguments, and what it read, assigned and returned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dark_jit.backends.buffer import Buffer
from dark_jit.compiler.pytree import is_leaf, mapped
from dark_jit.dtypes import as_dtype, float64, int64
from dark_jit.errors import TraceError
from dark_jit.graph.graph import leaf
from dark_jit.graph.node import Node
from dark_jit.ops.elementwise import add, cast
from dark_jit.tensor.handle import Handle, dtype_of, shape_of, wrap
from dark_jit.tensor.host import checked
from dark_jit.tensor.markers import RELEASED, Token, variable
from dark_jit.tensor.mode import default_dtype, tracing
from dark_jit.tensor.tensor import Tensor


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


@dataclass
class _Saved:
    """The state of a handle before the trace assigned to it."""

    handle: Handle
    state: tuple[Any, ...]


_STATE = ("_buffer", "_node", "_history", "_requires", "_token", "_family")


class Tracer:
    """The trace in progress (mode.Trace): turns what comes from outside into inputs, and remembers what is assigned."""

    def __init__(self, arguments: Sequence[Any], pinned: frozenset[int]) -> None:
        self.arguments = arguments
        self.pinned = pinned
        self.proxies: dict[int, Tensor] = {}
        self.proxy_grads: dict[int, Tensor] = {}
        self.aliased: set[int] = set()
        self.captured: dict[int, tuple[Handle, Node]] = {}
        self.arrays: dict[int, Node] = {}
        self.assigned: dict[int, _Saved] = {}
        self.grads: dict[int, tuple[Handle, Tensor | None]] = {}
        self.draws = 0
        self._key, self._first_draw = (leaf(source, (), int64) for source in (RandomKey(), FirstDraw()))
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
        return found[1]

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

    def assigning(self, handle: Handle) -> None:
        """Remember the state of a handle from outside, before its first assignment."""
        if handle._trace is None:
            index = self._argument_of.get(id(handle))
            if index is not None and index not in self.pinned:
                self.aliased.add(index)
            self.assigned[id(handle)] = _Saved(handle, tuple(getattr(handle, name) for name in _STATE))
            handle._trace = self

    def grad_of(self, handle: Handle) -> Handle | None:
        """The gradient of a handle; that of one from outside is an input, and whether there is one is guarded."""
        outside = handle._trace is None or id(handle) in self.assigned
        if outside and id(handle) not in self.grads:
            self.grads[id(handle)] = (handle, handle._grad)
            if handle._grad is not None and id(handle._grad) not in self.captured:
                self._capture(handle._grad, CapturedGrad(handle))
        return handle._grad

    def draw(self) -> tuple[Node, Node]:
        """The key and the number of the next draw: each call takes as many numbers as there are draws."""
        number = add(self._first_draw, self.draws)
        self.draws += 1
        return self._key, number

    def restore(self) -> None:
        """Give every handle from outside its state back."""
        for saved in self.assigned.values():
            for name, value in zip(_STATE, saved.state, strict=True):
                setattr(saved.handle, name, value)
            saved.handle._trace = None
        for handle, grad in self.grads.values():
            handle._grad = grad


@dataclass
class Traced:
    """What a trace found: nodes over sources, and where their values go.

    `nodes[i]` belongs to the places that say i.
    """

    nodes: list[Node] = field(default_factory=list)
    states: list[tuple[Handle, int]] = field(default_factory=list)
    grad_states: list[tuple[Handle, int]] = field(default_factory=list)  # the gradient of the handle, in place
    grads: list[tuple[Handle, int | Handle | None]] = field(default_factory=list)  # another gradient, or none
    argument_states: list[tuple[int, int]] = field(default_factory=list)
    argument_grad_states: list[tuple[int, int]] = field(default_factory=list)
    argument_grads: list[tuple[int, int | Handle | None]] = field(default_factory=list)
    result: Any = None
    requires: list[bool] = field(default_factory=list)

    def add(self, node: Node, requires: bool = False) -> int:
        """The place of a value among the outputs."""
        self.nodes.append(node)
        self.requires.append(requires)
        return len(self.nodes) - 1


@dataclass(frozen=True)
class New:
    """In the result's structure: a new Tensor of output `index`."""

    index: int


@dataclass(frozen=True)
class Same:
    """In the result's structure: the Tensor that was passed as argument leaf `index`."""

    index: int


def run(tracer: Tracer, function: Callable[..., Any], args: Any, kwargs: Any) -> Traced:
    """Run `function` under the trace. Every handle has its state back afterwards, also after an exception."""
    count = iter(range(len(tracer.arguments)))
    try:
        with tracing(tracer):
            args, kwargs = mapped(lambda value: tracer.proxy(next(count)) if is_leaf(value) else value, (args, kwargs))
            result = function(*args, **kwargs)
            return _collect(tracer, result)
    finally:
        tracer.restore()


def _collect(tracer: Tracer, result: Any) -> Traced:
    traced = Traced()
    places = {id(proxy): index for index, proxy in tracer.proxies.items()}
    traced.result = mapped(lambda value: _result(tracer, traced, places, value), result)
    owners = {id(grad): handle for handle, grad in tracer.grads.values() if grad is not None}
    for saved in tracer.assigned.values():
        index = traced.add(_state_node(saved.handle))
        if id(saved.handle) in owners:
            traced.grad_states.append((owners[id(saved.handle)], index))
        else:
            traced.states.append((saved.handle, index))
    for handle, before in tracer.grads.values():
        if handle._grad is not before:
            traced.grads.append((handle, _grad_output(tracer, traced, handle._grad)))
    for index, proxy in tracer.proxies.items():
        _collect_proxy(tracer, traced, index, proxy)
    return traced


def _result(tracer: Tracer, traced: Traced, places: dict[int, int], value: Any) -> Any:
    """What stands in the result's structure for a value that the function returned."""
    if not isinstance(value, Handle):
        return value
    index = places.get(id(value))
    if index is not None and isinstance(tracer.arguments[index], Handle):
        return Same(index)
    if value._trace is None or id(value) in tracer.assigned:
        return value
    node = value._operand(tracer)
    if value._weak:
        node = cast(node, default_dtype())
    requires = value._requires and value._token is None and node.op is not RELEASED
    return New(traced.add(node, requires))


def _state_node(handle: Handle) -> Node:
    if handle._requires and handle._token is None:
        raise TraceError(
            "a Tensor from outside was written in place with a result that requires grad; its history cannot leave "
            "the compiled "
            "function. Return the result, or detach() it"
        )
    return handle._value_node()


def _grad_output(tracer: Tracer, traced: Traced, grad: Tensor | None) -> int | Handle | None:
    if grad is None or grad._trace is None or id(grad) in tracer.assigned:
        return grad
    return traced.add(grad._value_node())


def _collect_proxy(tracer: Tracer, traced: Traced, index: int, proxy: Tensor) -> None:
    """What was assigned to an argument, or to its gradient."""
    if not isinstance(tracer.arguments[index], Handle):
        return
    node = proxy._value_node()
    if not _reads(node, Argument, index):
        traced.argument_states.append((index, traced.add(_state_node(proxy))))
    grad, before = proxy._grad, tracer.proxy_grads.get(index)
    if grad is not before:
        traced.argument_grads.append((index, _grad_output(tracer, traced, grad)))
    elif grad is not None and not _reads(grad._value_node(), ArgumentGrad, index):
        traced.argument_grad_states.append((index, traced.add(grad._value_node())))


def _reads(node: Node, kind: type[Argument] | type[ArgumentGrad], index: int) -> bool:
    """Whether a node is still the untouched input that stands for an argument."""
    while node.op.name == "variable":
        node = node.inputs[0]
    source = node["key"] if node.op.name == "leaf" else None
    return isinstance(source, kind) and source.index == index
