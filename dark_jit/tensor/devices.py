"""Where arrays live, and how they get there.

The device is a card where one is usable, else the CPU; USE_CPU=1 forces the CPU. A Tensor that was made or moved with
`device=` is bound to that device, as is what is computed from it; all others go where they are needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dark_jit import execution
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.cuda import presence
from dark_jit.backends.placement import Binding, bound, device_of
from dark_jit.errors import ArgumentError
from dark_jit.graph.graph import LEAF, topological
from dark_jit.tensor.forcing import buffer_of, known_value
from dark_jit.tensor.handle import Handle, wrap_buffer
from dark_jit.tensor.mode import mode

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor


def is_cuda() -> bool:
    """Whether arrays for which no device is named are computed on a card."""
    return presence.index_of(execution.default_device()) is not None


def found_devices() -> list[str]:
    """The CPU, and the cards of this machine."""
    return ["cpu", *(presence.name_of(index) for index in range(presence.count()))]


def checked_device(device: str) -> str:
    """A device by its one name: "cuda" for "cuda:0". Raises ArgumentError for what is none, BackendError for what the
    machine lacks."""
    index = presence.index_of(device) if isinstance(device, str) else None
    if index is not None:
        presence.cupy()
        return presence.name_of(index)
    if device not in ("cpu", "cuda-emulator"):
        raise ArgumentError(f"there is no device {device!r}; there are 'cpu', 'cuda' (or 'cuda:1') and 'cuda-emulator'")
    return device


def where(handle: Handle) -> str:
    """The device on which a Tensor's value is computed, or lies if it is known."""
    buffer = handle._buffer
    if buffer is not None:
        return buffer.device or buffer.place or execution.default_device()
    node = handle._node
    if not Binding.exists or node is None or mode.trace is not None:
        return execution.default_device()
    known = (known_value(each) for each in topological([node]) if each.op is LEAF)
    return device_of(buffer for buffer in known if buffer is not None) or execution.default_device()


def to_device(x: Any, device: str) -> Tensor:
    """The Tensor's value on a device, and bound to it: "cpu", "cuda", "cuda:1" or "cuda-emulator".

    A Tensor that requires a gradient gives a new leaf; the gradient of what was computed does not pass, so such a
    Tensor has to be detached first. Inside of a compiled function values are where it runs, and `x` is returned. Raises
    ArgumentError; BackendError where the machine lacks the device.
    """
    device = checked_device(device)
    if mode.trace is not None:
        return x  # type: ignore[no-any-return]
    buffer = buffer_of(x, "to_device()")
    if buffer.device == device:
        return x  # type: ignore[no-any-return]
    if x._requires and x._token is None:
        raise ArgumentError(
            "the gradient does not pass from one device to another; move what this was computed from, or detach() it"
        )
    new = wrap_buffer(bind(buffer, device))
    new.requires_grad = x._requires
    return new


def bind(buffer: Buffer, device: str) -> Buffer:
    """The buffer's value on a device and bound to it, which programs look for from now on."""
    if device != execution.default_device():
        Binding.exists = True
    return bound(buffer, device)


def on(device: str | None, x: Tensor) -> Tensor:
    """A Tensor on the device that was asked for, if one was."""
    return x if device is None else to_device(x, device)
