"""Which device a value has to be computed with on, where somebody has chosen.

A buffer that was put on a device by name is bound to it, and so is all that is computed from it; other buffers go where
they are needed. (JAX has the same rule for what it calls committed arrays.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dark_jit.backends.backend import Program
from dark_jit.backends.buffer import Buffer
from dark_jit.errors import DeviceError


class Bound(Buffer):
    """A buffer in the CPU's memory that is bound to "cpu" or "cuda-emulator"."""

    __slots__ = ("device", "shared")

    def __init__(self, inner: Buffer, device: str) -> None:
        self.shape, self.dtype, self.address, self.owner = inner.shape, inner.dtype, inner.address, inner
        self._array = inner.array()
        self.device, self.shared = device, inner.shared


class Binding:
    """Whether any buffer was bound to another device than what is taken anyway: until then nobody has to look."""

    exists = False


def bound(buffer: Buffer, device: str) -> Buffer:
    """The buffer's value on a device, and bound to it. Raises BackendError where the machine lacks what it needs."""
    from dark_jit.backends.cuda import presence  # noqa: PLC0415  (only where devices have names)

    if buffer.device == device:
        return buffer
    index = presence.index_of(device)
    if index is None:
        return Bound(buffer, device)
    from dark_jit.backends.cuda.card import CardBuffer, card  # noqa: PLC0415

    there = card(index)
    if not there.holds(buffer):
        buffer = there.buffer(there.reach(buffer), buffer.shape, buffer.dtype)
    assert isinstance(buffer, CardBuffer)
    return buffer.bound_to(device)


def device_of(buffers: Iterable[Buffer]) -> str | None:
    """The device that some of these are bound to; None where none is. Raises DeviceError where there are several."""
    found = list(dict.fromkeys(buffer.device for buffer in buffers if buffer.device is not None))
    if len(found) > 1:
        raise DeviceError(f"values on {found[0]!r} and on {found[1]!r} meet; move one of them by x.to_device(...)")
    return found[0] if found else None


class Located:
    """A program on a device that its inputs are bound to: what it computes is bound to it, too."""

    def __init__(self, program: Program, device: str) -> None:
        self.program = program
        self.device = device

    def run(self, inputs: Sequence[Buffer]) -> list[Buffer]:
        """As the program's; an output that is an input is that input's buffer."""
        given = set(map(id, inputs))
        outputs = self.program.run(inputs)
        return [output if id(output) in given else bound(output, self.device) for output in outputs]
