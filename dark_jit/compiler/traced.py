"""What a trace found: the values that it computes, and where they go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dark_jit.compiler.aliasing import follow
from dark_jit.compiler.pytree import is_leaf, mapped
from dark_jit.compiler.trace import Argument, ArgumentGrad, Tracer
from dark_jit.errors import TraceError
from dark_jit.graph.node import Node
from dark_jit.ops.elementwise import cast
from dark_jit.tensor.handle import Handle
from dark_jit.tensor.markers import RELEASED
from dark_jit.tensor.mode import default_dtype, traced
from dark_jit.tensor.tensor import Tensor
from dark_jit.tensor.views import Step, View

Target = int | Handle  # a Tensor that is passed as this leaf of the arguments, or one from outside


@dataclass(frozen=True)
class State:
    """A Tensor whose value after the call is output `index`: written in place, or rebound."""

    target: Target
    index: int
    rebound: bool


@dataclass
class Traced:
    """What a trace found: nodes over sources, and where their values go.

    `nodes[i]` belongs to the places that say i.
    """

    nodes: list[Node] = field(default_factory=list)
    left: list[tuple[Target, int]] = field(default_factory=list)  # in place, before it was rebound
    states: list[State] = field(default_factory=list)
    grad_states: list[tuple[Handle, int]] = field(default_factory=list)  # the gradient of the handle, in place
    grads: list[tuple[Handle, int | Handle | None]] = field(default_factory=list)  # another gradient, or none
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
class Base:
    """What a result is a view of, and how."""

    target: Target
    step: Step
    writable: bool
    detached: bool


@dataclass(frozen=True)
class New:
    """In the result's structure: a new Tensor of output `index`, where `base` is set a view of that."""

    index: int
    base: Base | None = None


@dataclass(frozen=True)
class Same:
    """In the result's structure: the Tensor that was passed as argument leaf `index`."""

    index: int


def run(tracer: Tracer, function: Callable[..., Any], args: Any, kwargs: Any) -> Traced:
    """Run `function` under the trace."""
    count = iter(range(len(tracer.arguments)))

    def symbolically() -> Traced:
        inside, named = mapped(lambda value: tracer.proxy(next(count)) if is_leaf(value) else value, (args, kwargs))
        return _collect(tracer, function(*inside, **named))

    return traced(tracer, symbolically)


def _collect(tracer: Tracer, result: Any) -> Traced:
    traced = Traced()
    places = {id(proxy): index for index, proxy in tracer.proxies.items()}
    traced.result = mapped(lambda value: _result(tracer, traced, places, value), result)
    for handle, _, node in tracer.left:
        traced.left.append((places.get(id(handle), handle), traced.add(node)))
    owners = {id(grad): handle for handle, grad in tracer.grads.values() if grad is not None}
    for saved in tracer.assigned.values():
        index = traced.add(_state_node(saved.handle))
        if id(saved.handle) in owners:
            traced.grad_states.append((owners[id(saved.handle)], index))
        else:
            traced.states.append(State(saved.handle, index, id(saved.handle) in tracer.rebound))
    for handle, before in tracer.grads.values():
        grad = tracer.new_grads.get(id(handle), before)
        if grad is not before:
            traced.grads.append((handle, _grad_output(tracer, traced, grad)))
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
    return New(traced.add(node, requires), _base(tracer, value))


def _base(tracer: Tracer, value: Handle) -> Base | None:
    """The Tensor from outside, or passed as an argument, that a result is a view of."""
    if value._view is None:
        return None
    outer = {id(proxy._view): index for index, proxy in tracer.proxies.items() if proxy._view is not None}
    handles = {id(found._view): found for found in tracer.outside().values() if found._view is not None}
    view: View | None = value._view
    steps: list[Step] = []
    while view is not None:
        target: Target | None = outer.get(id(view), handles.get(id(view)))
        if target is not None:
            step = (follow, {"steps": tuple(reversed(steps))})
            return Base(target, step, value._view.writable, value._view.group is not view.group)
        if view.step is not None:
            steps.append(view.step)
        view = view.parent
    return None


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
        traced.states.append(State(index, traced.add(_state_node(proxy)), id(proxy) in tracer.rebound))
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
