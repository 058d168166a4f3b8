"""Where a program's kernels run: on a card (card.py), or on the CPU through the emulator.

Both are a Device: they load kernels, hold memory, and launch. A kernel is launched with the addresses of its buffers,
each at a multiple of ALIGNMENT bytes.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol
from weakref import WeakSet

import numpy as np

from dark_jit.backends.buffer import Array, Buffer, Shape
from dark_jit.backends.cuda import emulator
from dark_jit.backends.cuda.render import Rendered
from dark_jit.dtypes import DType
from dark_jit.errors import InternalError
from dark_jit.locks import Lock
from dark_jit.lowering.target import Gpu

ALIGNMENT = 64  # bytes; an access needs 16
STATUS_WORDS = 4


class Kernel(Protocol):
    """A kernel that is ready to run."""

    def start(self, pointers: Sequence[int]) -> None:
        """Launch it on the buffers at these addresses; it runs after those that were started before."""
        ...


Calls = Sequence[tuple[Kernel, Sequence[int]]]  # kernels with the addresses of their buffers


def launching(calls: Calls) -> Callable[[], None]:
    """What starts kernels, one after another."""

    def launch() -> None:
        for kernel, pointers in calls:
            kernel.start(pointers)

    return launch


class Memory(Protocol):
    """Memory of a device, which has it back when the last reference goes."""

    address: int


class Holder(Protocol):
    """Something that holds memory which it could do without."""

    def release(self) -> None:
        """Let go of it."""
        ...


class Holders:
    """Those whose memory a device may ask for; threads may add to them and ask at once."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._all: WeakSet[Holder] = WeakSet()

    def add(self, holder: Holder) -> None:
        """Ask it from now on, as long as it lives."""
        with self._lock:
            self._all.add(holder)

    def release(self) -> None:
        """Ask all of them."""
        with self._lock:
            found = list(self._all)
        for holder in found:
            holder.release()


class Device(Protocol):
    """A machine that runs kernels. When its memory runs out the `holders` are asked for theirs."""

    target: Gpu
    holders: Holders

    def load(self, kernels: Sequence[Rendered]) -> list[Kernel]:
        """Compile kernels for this device."""
        ...

    def allocate(self, nbytes: int, zero: bool = False) -> Memory:
        """New memory, with zeros on demand."""
        ...

    def current(self) -> AbstractContextManager[Any]:
        """Inside, this device is the one that memory and kernels are for."""
        ...

    def stream(self) -> Hashable:
        """What runs kernels in order now: those of another stream do not wait for them."""
        ...

    def holds(self, buffer: Buffer) -> bool:
        """Whether a buffer lies on this device, where kernels can read it."""
        ...

    def reach(self, buffer: Buffer) -> Memory:
        """The memory of a buffer, on this device; it is copied there if it lies elsewhere."""
        ...

    def fill(self, memory: Memory, buffer: Buffer) -> None:
        """Copy a buffer of the CPU to memory that was made for one like it."""
        ...

    def copy(self, source: Memory, target: Memory, nbytes: int) -> None:
        """Copy memory of this device, when the kernels that were started have run."""
        ...

    def record(self, calls: Calls) -> Callable[[], None]:
        """What starts these kernels, one after another, again and again. They have been launched before."""
        ...

    def buffer(self, memory: Memory, shape: Shape, dtype: DType) -> Buffer:
        """Memory as a program's output."""
        ...

    def reader(self, buffer: Buffer) -> object:
        """What lives as long as anybody can read such an output."""
        ...

    def words(self, memory: Memory) -> tuple[int, ...]:
        """The status words in memory, when all kernels have run."""
        ...


# ---- the emulator ----


class HostMemory:
    """Aligned memory of the CPU."""

    def __init__(self, nbytes: int, zero: bool = False) -> None:
        self.nbytes = nbytes
        self._bytes = (np.zeros if zero else np.empty)(nbytes + ALIGNMENT, np.uint8)
        self.address: int = self._bytes.ctypes.data + -self._bytes.ctypes.data % ALIGNMENT

    def array(self, dtype: DType, shape: Shape) -> Array:
        """The memory's beginning, seen as an array."""
        start = self.address - self._bytes.ctypes.data
        count = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        return self._bytes[start : start + count].view(dtype).reshape(shape)


class _Loan:
    """Memory that somebody reads: arrays of it keep this alive, besides the memory."""

    def __init__(self, memory: HostMemory) -> None:
        self._memory = memory
        self.__array_interface__ = {"version": 3, "typestr": "|u1", "shape": (memory.nbytes,)}
        self.__array_interface__["data"] = (memory.address, False)

    def array(self, dtype: DType, shape: Shape) -> Array:
        """The memory's beginning, seen as an array."""
        count = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        return np.asarray(self)[:count].view(dtype).reshape(shape)


class _Borrowed:
    """Memory that a Buffer holds."""

    def __init__(self, buffer: Buffer) -> None:
        self.address = buffer.address
        self._buffer = buffer


class _EmulatedKernel:
    def __init__(self, kernel: emulator.EmulatedKernel, order: emulator.Order) -> None:
        self._kernel = kernel
        self._order = order

    def start(self, pointers: Sequence[int]) -> None:
        """Run it to its end."""
        faults = self._kernel.launch(pointers, self._order)
        if faults:
            raise KernelFaultError(self._kernel.rendered.symbol, faults)


class KernelFaultError(InternalError):
    """A kernel did something that no kernel may do; `faults` says what and where."""

    def __init__(self, symbol: str, faults: Sequence[emulator.Fault]) -> None:
        super().__init__(f"a {symbol} kernel is wrong:\n  " + "\n  ".join(map(str, faults)))
        self.faults = tuple(faults)


class EmulatedDevice:
    """The CPU, in the role of a card. `checked`: each kernel is watched, and KernelFaultError raised for what it does
    wrong. `order`: in which threads get their turns. `target`: the card that kernels are chosen for."""

    target = Gpu("sm_90", multiprocessors=132)

    def __init__(
        self,
        checked: bool = False,
        order: emulator.Order = emulator.Order.FORWARD,
        target: Gpu = target,
    ) -> None:
        self.target = target
        self.holders = Holders()
        self._checked = checked
        self._order = order

    def load(self, kernels: Sequence[Rendered]) -> list[Kernel]:
        """Compile kernels by g++. Raises BackendError where there is none."""
        return [_EmulatedKernel(kernel, self._order) for kernel in emulator.load(kernels, self._checked)]

    def allocate(self, nbytes: int, zero: bool = False) -> HostMemory:
        """Aligned memory of the CPU."""
        return HostMemory(nbytes, zero)

    def current(self) -> AbstractContextManager[Any]:
        """It is always."""
        return nullcontext()

    def stream(self) -> Hashable:
        """There is one: kernels run at once."""
        return None

    def holds(self, buffer: Buffer) -> bool:
        """Whether it is aligned."""
        return buffer.address % ALIGNMENT == 0

    def reach(self, buffer: Buffer) -> Memory:
        """The buffer's own memory, or a copy where it is not aligned."""
        if self.holds(buffer):
            return _Borrowed(buffer)
        memory = HostMemory(buffer.array().nbytes)
        self.fill(memory, buffer)
        return memory

    def fill(self, memory: Memory, buffer: Buffer) -> None:
        """Copy it."""
        assert isinstance(memory, HostMemory)
        memory.array(buffer.dtype, buffer.shape)[...] = buffer.array()

    def copy(self, source: Memory, target: Memory, nbytes: int) -> None:
        """Copy it."""
        ctypes.memmove(target.address, source.address, nbytes)

    def record(self, calls: Calls) -> Callable[[], None]:
        """They are launched from Python every time."""
        return launching(calls)

    def buffer(self, memory: Memory, shape: Shape, dtype: DType) -> Buffer:
        """A buffer that borrows the memory."""
        assert isinstance(memory, HostMemory)
        return Buffer(shape, dtype, memory.address, _Loan(memory))

    def reader(self, buffer: Buffer) -> object:
        """The loan, which arrays keep alive."""
        return buffer.owner

    def words(self, memory: Memory) -> tuple[int, ...]:
        """The status words."""
        return tuple((ctypes.c_int64 * STATUS_WORDS).from_address(memory.address))
