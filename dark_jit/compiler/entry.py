"""One traced program of a compiled function, and a call of it: gather buffers, run, write state back, wrap the
results.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dark_jit import execution
from dark_jit.backends.backend import Program
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.placement import Binding, Located, device_of
from dark_jit.compiler.aliasing import repeated_leaves
from dark_jit.compiler.donation import consume
from dark_jit.compiler.guards import Guards
from dark_jit.compiler.options import Options, watched
from dark_jit.compiler.pytree import mapped
from dark_jit.compiler.quick import Match, matcher
from dark_jit.compiler.trace import (
    Argument,
    ArgumentGrad,
    Captured,
    CapturedArray,
    CapturedGrad,
    FirstDraw,
    RandomKey,
    Tracer,
    array_buffer,
)
from dark_jit.compiler.traced import Base, New, Same, Traced
from dark_jit.compiler.writeback import Overtaken, changes_state, gradient_of, target_of, write_back, written_tensors
from dark_jit.dtypes import float64, is_float
from dark_jit.graph.graph import LEAF, canonical, leaf, topological
from dark_jit.graph.node import Node, rebuild
from dark_jit.locks import Lock
from dark_jit.ops.custom import custom_vjp
from dark_jit.tensor.forcing import force
from dark_jit.tensor.generator import Draws, generator
from dark_jit.tensor.handle import Handle, wrap_buffer
from dark_jit.tensor.markers import VARIABLE, Token, variable
from dark_jit.tensor.mode import state_lock
from dark_jit.tensor.tensor import Tensor
from dark_jit.tensor.views import share
from dark_jit.transforms.autodiff import gradients
from dark_jit.transforms.markers import without_markers


class Entry:
    """The program of one trace, with the recipe of a call."""

    def __init__(
        self,
        key: Any,
        traced: Traced,
        tracer: Tracer,
        guards: Guards,
        objects: Sequence[Any],
        options: Options,
        donated: tuple[int, ...] = (),
    ) -> None:
        self.key = key
        self.traced = traced
        self.guards = guards
        self.objects = objects  # kept alive: the key holds their identities
        self.options = options
        self.donated = donated
        self.sharing = tracer.sharing_guard()
        self.masks = tracer.masks
        self.pinned = [(index, tracer.arguments[index]) for index in tracer.pinned]
        self.pinned_places = tracer.pinned
        self.outside = frozenset(tracer.captured) | frozenset(tracer.assigned)
        self.without_grad = [(handle, grad is None) for handle, grad in tracer.grads.values()]
        self.draws = tracer.draws
        self.graph, leaves = canonical(without_markers(traced.nodes))
        self.sources = [node["key"] for node in leaves]
        self._program: Program | None = None
        self._runner: Program | None = None
        self._elsewhere: dict[str, Program] = {}  # by device
        # For calls with Tensors only: the inputs of the program where it `only_reads`, an empty list where it does
        # more, None for arguments that it does not fit.
        self.match: Match = self._first_match
        self._passed_on: list[tuple[int, int]] | None = None
        self._only_new = False  # whether a call returns one Tensor, on a buffer of its own
        self._turn = Lock()
        self._plan()

    def _plan(self) -> None:
        """Where each input of the program comes from, by kind."""
        places = list(enumerate(self.sources))
        self.arguments = [(place, source.index) for place, source in places if isinstance(source, Argument)]
        self.handles = [(place, source.handle) for place, source in places if isinstance(source, Captured)]
        self.others = [(place, source) for place, source in places if not isinstance(source, Argument | Captured)]
        result = self.traced.result
        self.single = None
        if isinstance(result, New) and result.base is None and not self.donated:
            self.single = None if self.traced.requires[result.index] else result.index
        self.writes = changes_state(self.traced)
        written = {id(target) for target in written_tensors(self.traced)}
        self._rewritten = [(handle, place) for place, handle in self.handles if id(handle) in written]
        arguments = {state.target for state in self.traced.states if isinstance(state.target, int)}
        self._rewritten_others = [place for place, index in self.arguments if index in arguments]
        self._rewritten_others += [p for p, source in self.others if isinstance(source, CapturedGrad | ArgumentGrad)]
        self.gathers = bool(self.traced.argument_grads or self.traced.argument_grad_states)
        self.looks_closer = bool(self.gathers or self.masks or self.sharing is not None)
        self.only_reads = not (self.writes or self.draws or self.others)

    def _first_match(self, args: tuple[Any, ...]) -> list[Buffer] | None:
        """`match`, at its first use."""
        (_, *kinds), _, grad = self.key
        sources = [_place_or_handle(source) for source in self.sources] if self.only_reads else []
        closely = self.without_grad or self.pinned or self.outside or self.looks_closer
        self.match = matcher(kinds, grad, sources, self.guards, self.fits if closely else None)
        return self.match(args)

    @property
    def program(self) -> Program:
        """The compiled program; compiled at the first use."""
        if self._program is None:
            self._program = self._program_on(self.options.backend)
        return self._program

    def _program_on(self, backend: str | None) -> Program:
        """The program on a backend. Tensors from outside that it does not change are likely to stay as they are."""
        options, written = self.options, {place for _, place in self._rewritten}
        still = tuple(place for place, _ in self.handles if place not in written)
        return execution.program_of(self.graph, backend, options.precision, options.tune, still)

    @property
    def runner(self) -> Program:
        """What calls run: the program, or what watches it."""
        if self._runner is None:
            self._runner = watched(self.program, self.options)
        return self._runner

    def _runner_for(self, inputs: Sequence[Buffer]) -> Program:
        """What runs on these inputs: where they are bound to a device, and `compile` was told none, on that one."""
        device = device_of(inputs) if self.options.backend is None else None
        return self._runner or self.runner if device is None else self._located(device)

    def _located(self, device: str) -> Program:
        found = self._elsewhere.get(device)
        if found is None:
            options = self.options
            found = self._elsewhere[device] = Located(watched(self._program_on(device), options), device)
        return found

    def fits(self, leaves: Sequence[Any]) -> bool:
        """Whether this program is right for arguments of its key: nothing that the trace depended on has changed."""
        for handle, missing in self.without_grad:
            if (handle._grad is None) is not missing:
                return False
        for index, value in self.pinned:
            if leaves[index] is not value:
                return False
        if self.outside:
            for index, value in enumerate(leaves):
                if id(value) in self.outside and index not in self.pinned_places:
                    return False
        if self.looks_closer and not self._fits_closely(leaves):
            return False
        return self.guards.hold()

    def _fits_closely(self, leaves: Sequence[Any]) -> bool:
        """What few programs depend on: masks, how Tensors share elements, that no leaf's gradient has two places."""
        if self.gathers and repeated_leaves(leaves) - self.pinned_places:
            return False
        if self.sharing is not None and not self.sharing.holds(leaves):
            return False
        return all(map(_same_mask, self.masks))

    def run(self, leaves: Sequence[Any], in_turn: bool = False) -> Any:
        """Run the program for these arguments; once it has succeeded, results, state and gradients are handed out.

        in_turn: whether no other call of this program can be running, in case it changes state. Raises Overtaken.
        """
        if self.writes and not in_turn:
            with self._turn:
                return self.run(leaves, in_turn=True)
        draws = generator.take(self.draws) if self.draws else None
        try:
            inputs = self.gather(leaves, draws)
            runner = self._runner_for(inputs) if Binding.exists else self._runner or self.runner
            outputs = runner.run(inputs)
        except BaseException:
            if draws is not None:
                generator.give_back(draws)
            raise
        return self._finished(inputs, outputs, leaves)

    def run_on(self, inputs: Sequence[Buffer], leaves: Sequence[Any]) -> Any:
        """Run a program that only reads on the inputs that were matched for these arguments."""
        runner = self._runner_for(inputs) if Binding.exists else self._runner or self.runner
        outputs = runner.run(inputs)
        if self._only_new:
            return wrap_buffer(outputs[self.single])  # type: ignore[index]
        return self._finished(inputs, outputs, leaves)

    def _finished(self, inputs: Sequence[Buffer], outputs: list[Buffer], leaves: Sequence[Any]) -> Any:
        """What the call returns; state and gradients have their new values. Raises Overtaken."""
        if self._passed_on is None:
            self._passed_on = self._find_passed_on(inputs, outputs)
            self._only_new = self.single is not None and not self._passed_on
        for i, place in self._passed_on:
            outputs[i] = self._own(self.sources[place], leaves, outputs[i])
        if self.writes:
            with state_lock:
                self._check_current(leaves, inputs)
                write_back(self.traced, leaves, outputs)
        if self.single is not None:
            return wrap_buffer(outputs[self.single])
        origins = self._origin_nodes(leaves, inputs) if any(self.traced.requires) else ()
        results = mapped(lambda value: self._result(value, leaves, origins, outputs), self.traced.result)
        for place in self.donated:
            consume(leaves[place])
        return results

    def _find_passed_on(self, inputs: Sequence[Buffer], outputs: Sequence[Buffer]) -> list[tuple[int, int]]:
        """The (output, input) pairs where the program hands on the buffer of something that is not a Tensor's own."""
        places = [i for i, source in enumerate(self.sources) if isinstance(source, Argument | CapturedArray)]
        return [(i, place) for place in places for i, output in enumerate(outputs) if output is inputs[place]]

    def gather(self, leaves: Sequence[Any], draws: Draws | None = None) -> list[Buffer]:
        """The inputs of the program for these arguments, as they were at one moment; without `draws` those of the next
        call. Raises Overtaken.
        """
        while True:
            inputs: list[Any] = [None] * len(self.sources)
            with state_lock:
                for place, index in self.arguments:
                    value = leaves[index]
                    inputs[place] = getattr(value, "_buffer", None) or _array_buffer(value)
                for place, handle in self.handles:
                    inputs[place] = handle._buffer
                for place, source in self.others:
                    inputs[place] = _source_buffer(source, leaves, draws)
            if all(inputs):
                return inputs
            for place, buffer in enumerate(inputs):
                if buffer is None:
                    force(_handle_of(self.sources[place], leaves))

    def kept_inputs(self, leaves: Sequence[Any]) -> list[Buffer]:
        """The inputs of the next call, on memory that the caller cannot change."""
        return self._kept(leaves, self.gather(leaves))

    def _kept(self, leaves: Sequence[Any], inputs: Sequence[Buffer]) -> list[Buffer]:
        return [
            self._own(source, leaves, buffer) if isinstance(source, Argument | CapturedArray) else buffer
            for source, buffer in zip(self.sources, inputs, strict=True)
        ]

    def _check_current(self, leaves: Sequence[Any], inputs: Sequence[Buffer]) -> None:
        """Raise Overtaken if what the call read and is about to write is not what it was."""
        for handle, place in self._rewritten:
            if handle._buffer is not inputs[place]:
                raise Overtaken
        for place in self._rewritten_others:
            if _handle_of(self.sources[place], leaves)._buffer is not inputs[place]:
                raise Overtaken
        for handle, missing in self.without_grad:
            if (handle._grad is None) is not missing:
                raise Overtaken

    @staticmethod
    def _own(source: Argument | CapturedArray, leaves: Sequence[Any], buffer: Buffer) -> Buffer:
        """A result's buffer: not on the memory of an array that the caller may change."""
        if isinstance(source, Argument) and isinstance(leaves[source.index], Handle):
            return buffer
        return Buffer.copy_of(buffer.array(), buffer.dtype)

    def _result(
        self, value: Any, leaves: Sequence[Any], origins: Sequence[Callable[[], Node]], outputs: Sequence[Buffer]
    ) -> Any:
        """What is returned for a place in the result's structure."""
        if isinstance(value, Same):
            argument = leaves[value.index]
            return wrap_buffer(force(argument)) if value.index in self.donated else argument
        if not isinstance(value, New):
            return value
        result = wrap_buffer(outputs[value.index])
        if value.base is not None and value.base.target not in self.donated:
            _share(value.base, result, leaves)
        if self.traced.requires[value.index]:
            result._requires = True
            result._history = History(self, value.index, origins, outputs[value.index])
        return result

    def _origin_nodes(self, leaves: Sequence[Any], inputs: Sequence[Buffer]) -> list[Callable[[], Node]]:
        """For each input of the program, how its node is made if a gradient is ever asked: made late, they cost
        nothing. Arrays, which the caller may change by then, are copied.
        """
        found = []
        for source, own in zip(self.sources, self._kept(leaves, inputs), strict=True):
            origin = leaves[source.index] if isinstance(source, Argument) else None
            origin = source.handle if isinstance(source, Captured) else origin
            found.append(_origin(origin if isinstance(origin, Handle) else None, own))
        return found


class History:
    """The history of a compiled call's result: the traced graph over the call's inputs, made when a gradient is
    asked.
    """

    def __init__(self, entry: Entry, index: int, origins: Sequence[Callable[[], Node]], value: Buffer) -> None:
        self.output = entry.traced.nodes[index]
        self.sources = entry.sources
        self.origins = origins
        self.value = value

    def __call__(self) -> Node:
        """The node of the result: its value, with the gradient rule of the traced graph."""
        over = {id(source): origin() for source, origin in zip(self.sources, self.origins, strict=True)}
        graph = self._inlined(over)
        wrt = [node for node in over.values() if is_float(node.dtype) and node.op is not LEAF]
        value = leaf(self.value, self.value.shape, self.value.dtype)
        return custom_vjp(value, wrt, lambda g: gradients([graph], [g], wrt))

    def _inlined(self, over: dict[int, Node]) -> Node:
        """The traced output with this call's nodes in place of its sources."""
        new: dict[Node, Node] = {}
        for node in topological([self.output]):
            if node.op is LEAF:
                new[node] = over.get(id(node["key"]), node)
            elif node.op is VARIABLE and node.inputs[0].op is LEAF and id(node.inputs[0]["key"]) in over:
                new[node] = new[node.inputs[0]]
            else:
                new[node] = rebuild(node, tuple(new[source] for source in node.inputs)) if node.inputs else node
        return new[self.output]


def _origin(handle: Handle | None, buffer: Buffer) -> Callable[[], Node]:
    """How to make the node of an input of a finished call: the handle may have been rebound by then."""
    if handle is None or not handle._requires:
        return lambda: leaf(buffer, buffer.shape, buffer.dtype)
    token: Token | None = handle._token
    if token is not None:
        return lambda: variable(leaf(buffer, buffer.shape, buffer.dtype), token)
    node = handle._value_node()
    return lambda: node


def _place_or_handle(source: Any) -> Any:
    """For the short way: the number of an argument, or the Tensor from outside."""
    return source.index if isinstance(source, Argument) else source.handle


def _share(base: Base, result: Tensor, leaves: Sequence[Any]) -> None:
    """Note a result as a view of the Tensor that it is one of; not of an array."""
    target = target_of(base.target, leaves)
    if isinstance(target, Handle):
        share(target, result, base.step, base.writable, base.detached)


def _same_mask(mask: tuple[Any, Any]) -> bool:
    """Whether a mask that the trace looked at is unchanged."""
    now, before = mask
    return now._buffer is before if isinstance(now, Handle) else np.array_equal(now, before)


def _array_buffer(value: Any) -> Buffer | None:
    """The buffer of an argument; None for a Tensor, whose value is pending."""
    if isinstance(value, Handle):
        return None
    if isinstance(value, np.ndarray | np.generic):
        return array_buffer(value)
    return Buffer.of(np.array(value, float64))


def _source_buffer(source: Any, leaves: Sequence[Any], draws: Draws | None) -> Buffer | None:
    if isinstance(source, RandomKey):
        return (draws or generator.take(0)).key
    if isinstance(source, FirstDraw):
        return (draws or generator.take(0)).first_number()
    if isinstance(source, CapturedArray):
        return source.buffer()
    if isinstance(source, CapturedGrad | ArgumentGrad):
        return _handle_of(source, leaves)._buffer
    assert isinstance(source, Buffer)
    return source


def _handle_of(source: Any, leaves: Sequence[Any]) -> Handle:
    """The Tensor whose value an input is. Raises Overtaken."""
    if isinstance(source, Captured):
        return source.handle
    if isinstance(source, Argument):
        argument: Handle = leaves[source.index]
        return argument
    return gradient_of(source.handle if isinstance(source, CapturedGrad) else leaves[source.index])
