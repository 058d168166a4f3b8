"""After a compiled call has succeeded: the state that it changed gets its new values."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from dark_jit.backends.buffer import Buffer
from dark_jit.compiler.traced import Target, Traced
from dark_jit.graph.graph import leaf
from dark_jit.tensor.handle import Handle, wrap_buffer
from dark_jit.tensor.tensor import Tensor
from dark_jit.tensor.views import replace

_lock = threading.Lock()


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


def write_back(traced: Traced, leaves: Sequence[Any], outputs: Sequence[Buffer]) -> None:
    """Give Tensors and gradients their new values, and tell those that share elements with them."""
    with _lock:
        in_place = [(target_of(target, leaves), index) for target, index in traced.left]
        in_place += [(target_of(s.target, leaves), s.index) for s in traced.states if not s.rebound]
        gradients = [(gradient_of(handle), index) for handle, index in traced.grad_states]
        gradients += [(gradient_of(leaves[place]), index) for place, index in traced.argument_grad_states]
        for handle, index in (*in_place, *gradients):
            _announce(handle, outputs[index])
        for state in traced.states:
            handle = target_of(state.target, leaves)
            if state.rebound:
                handle._view = None
            handle._settle(outputs[state.index])
        for handle, index in gradients:
            handle._settle(outputs[index])
        for handle, value in traced.grads:
            handle._grad = _new_gradient(value, outputs)
        for place, value in traced.argument_grads:
            leaves[place]._grad = _new_gradient(value, outputs)


def _announce(handle: Handle, buffer: Buffer) -> None:
    """Tell those that share elements with `handle` what it becomes."""
    if handle._view is not None:
        replace(handle, leaf(buffer, buffer.shape, buffer.dtype))


def target_of(target: Target, leaves: Sequence[Any]) -> Any:
    """The Tensor (or array) of this call that a trace named."""
    return leaves[target] if isinstance(target, int) else target


def gradient_of(handle: Handle) -> Tensor:
    """The gradient of a handle that has one."""
    assert handle._grad is not None, "that there is a gradient is guarded"
    return handle._grad


def _new_gradient(value: int | Handle | None, outputs: Sequence[Buffer]) -> Any:
    return wrap_buffer(outputs[value]) if isinstance(value, int) else value
