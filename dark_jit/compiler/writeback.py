"""After a compiled call has succeeded: the state that it changed gets its new values."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dark_jit.backends.buffer import Buffer
from dark_jit.compiler.traced import Target, Traced
from dark_jit.graph.graph import leaf
from dark_jit.tensor.handle import Handle, wrap_buffer
from dark_jit.tensor.tensor import Tensor
from dark_jit.tensor.views import replace


class Overtaken(Exception):
    """Another thread has changed what a call depended on, or what it read and was about to write."""


def changes_state(traced: Traced) -> bool:
    """Whether there is anything to write back."""
    return any(
        (
            traced.left,
            traced.states,
            traced.grad_states,
            traced.grads,
            traced.argument_grad_states,
            traced.argument_grads,
        )
    )


def written_tensors(traced: Traced) -> list[Target]:
    """What gets new values."""
    return [target for target, _ in traced.left] + [state.target for state in traced.states]


@dataclass
class Changes:
    """New values of Tensors and gradients: all that a call changes."""

    in_place: list[tuple[Handle, Buffer]]  # those that share elements with these are told
    values: list[tuple[Handle, Buffer]]
    rebound: list[Handle]
    gradients: list[tuple[Handle, Any]]

    def make(self) -> None:
        """Make them. To be done again where it was interrupted."""
        for handle, buffer in self.in_place:
            _announce(handle, buffer)
        for handle in self.rebound:
            handle._view = None
        for handle, buffer in self.values:
            handle._settle(buffer)
        for handle, gradient in self.gradients:
            handle._grad = gradient


def _changes(traced: Traced, leaves: Sequence[Any], outputs: Sequence[Buffer]) -> Changes:
    states = [(target_of(state.target, leaves), outputs[state.index]) for state in traced.states]
    rebound = [handle for (handle, _), state in zip(states, traced.states, strict=True) if state.rebound]
    in_place = [(target_of(target, leaves), outputs[index]) for target, index in traced.left]
    in_place += [change for change, state in zip(states, traced.states, strict=True) if not state.rebound]
    added = [(gradient_of(handle), outputs[index]) for handle, index in traced.grad_states]
    added += [(gradient_of(leaves[place]), outputs[index]) for place, index in traced.argument_grad_states]
    gradients = [(handle, _new_gradient(value, outputs)) for handle, value in traced.grads]
    gradients += [(leaves[place], _new_gradient(value, outputs)) for place, value in traced.argument_grads]
    return Changes([*in_place, *added], [*states, *added], rebound, gradients)


class Unfinished:
    """The changes that are being made, and the thread that makes them."""

    changes: Changes | None = None
    thread = 0


def write_back(traced: Traced, leaves: Sequence[Any], outputs: Sequence[Buffer]) -> None:
    """Give Tensors and gradients their new values, all or none, and tell those that share elements with them.

    The caller has the state lock. Raises Overtaken.
    """
    changes = _changes(traced, leaves, outputs)
    Unfinished.thread, Unfinished.changes = threading.get_ident(), changes
    try:
        changes.make()
    except BaseException:  # a signal handler raised: to the end all the same
        changes.make()
        raise
    finally:
        Unfinished.changes = None


def _finish() -> None:
    """In the child of a fork: a thread that was writing back is not here to do the rest."""
    if Unfinished.changes is not None and Unfinished.thread != threading.get_ident():
        Unfinished.changes.make()
        Unfinished.changes = None


os.register_at_fork(after_in_child=_finish)


def _announce(handle: Handle, buffer: Buffer) -> None:
    """Tell those that share elements with `handle` what it becomes."""
    if handle._view is not None:
        replace(handle, leaf(buffer, buffer.shape, buffer.dtype))


def target_of(target: Target, leaves: Sequence[Any]) -> Any:
    """The Tensor (or array) of this call that a trace named."""
    return leaves[target] if isinstance(target, int) else target


def gradient_of(handle: Handle) -> Tensor:
    """The gradient of a handle. That there is one is guarded; raises Overtaken where another thread has taken it."""
    gradient = handle._grad
    if gradient is None:
        raise Overtaken
    return gradient


def _new_gradient(value: int | Handle | None, outputs: Sequence[Buffer]) -> Any:
    return wrap_buffer(outputs[value]) if isinstance(value, int) else value
