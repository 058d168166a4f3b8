"""Where a program's kernels run: on a card through CuPy, or on the CPU through the emulator.

Both are a Device: they load kernels, hold memory, and launch. A kernel is launched with the addresses of its buffers,
each at a multiple of ALIGNMENT bytes.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from dark_jit.backends.buffer import Array, Buffer, Shape
from dark_jit.backends.cuda import emulator
from dark_jit.backends.cuda.compile import compile_cubin
from dark_jit.backends.cuda.render import Rendered
from dark_jit.dtypes import DType
from dark_jit.errors import BackendError, InternalError
from dark_jit.lowering.target import Gpu

ALIGNMENT = 64  # bytes; an access needs 16
STATUS_WORDS = 4


class Kernel(Protocol):
    """A kernel that is ready to run."""

    def start(self, pointers: Sequence[int]) -> None:
        """Launch it on the buffers at these addresses; it runs after those that were started before."""
        ...


class Memory(Protocol):
    """Memory of a device, which has it back when the last reference goes."""

    address: int


class Device(Protocol):
    """A machine that runs kernels."""

    target: Gpu

    def load(self, kernels: Sequence[Rendered]) -> list[Kernel]:
        """Compile kernels for this device."""
        ...

    def allocate(self, nbytes: int, zero: bool = False) -> Memory:
        """New memory, with zeros on demand."""
        ...

    def reach(self, buffer: Buffer) -> Memory:
        """The memory of a buffer, on this device; it is copied there if it lies elsewhere."""
        ...

    def buffer(self, memory: Memory, shape: Shape, dtype: DType) -> Buffer:
        """Memory as a program's output."""
        ...

    def words(self, memory: Memory) -> tuple[int, ...]:
        """The status words in memory, when all kernels have run."""
        ...


# ---- the emulator ----


class HostMemory:
    """Aligned memory of the CPU."""

    def __init__(self, nbytes: int, zero: bool = False) -> None:
        self._bytes = (np.zeros if zero else np.empty)(nbytes + ALIGNMENT, np.uint8)
        self.address: int = self._bytes.ctypes.data + -self._bytes.ctypes.data % ALIGNMENT

    def array(self, dtype: DType, shape: Shape) -> Array:
        """The memory's beginning, seen as an array."""
        start = self.address - self._bytes.ctypes.data
        count = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        return self._bytes[start : start + count].view(dtype).reshape(shape)


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
        self._checked = checked
        self._order = order

    def load(self, kernels: Sequence[Rendered]) -> list[Kernel]:
        """Compile kernels by g++. Raises BackendError where there is none."""
        return [_EmulatedKernel(kernel, self._order) for kernel in emulator.load(kernels, self._checked)]

    def allocate(self, nbytes: int, zero: bool = False) -> HostMemory:
        """Aligned memory of the CPU."""
        return HostMemory(nbytes, zero)

    def reach(self, buffer: Buffer) -> Memory:
        """The buffer's own memory, or a copy where it is not aligned."""
        if buffer.address % ALIGNMENT == 0:
            return _Borrowed(buffer)
        array = buffer.array()
        memory = HostMemory(array.nbytes)
        memory.array(buffer.dtype, buffer.shape)[...] = array
        return memory

    def buffer(self, memory: Memory, shape: Shape, dtype: DType) -> Buffer:
        """A buffer that owns the memory."""
        return Buffer(shape, dtype, memory.address, memory)

    def words(self, memory: Memory) -> tuple[int, ...]:
        """The status words."""
        return tuple((ctypes.c_int64 * STATUS_WORDS).from_address(memory.address))


# ---- a card ----


class CardBuffer(Buffer):
    """A value in a card's memory. Whoever asks for its address on the CPU, or its array, gets a copy, made once."""

    __slots__ = ("memory",)

    def __init__(self, shape: Shape, dtype: DType, memory: CardMemory) -> None:
        self.shape = shape
        self.dtype = dtype
        self.owner = self.memory = memory
        self._array = None

    @property
    def address(self) -> int:  # type: ignore[override]
        """Where the copy lies."""
        return int(self.array().__array_interface__["data"][0])


class CardMemory:
    """Memory of a card, from CuPy's pool."""

    def __init__(self, cupy: Any, nbytes: int, zero: bool = False) -> None:
        try:
            self.bytes = (cupy.zeros if zero else cupy.empty)(max(1, nbytes), cupy.uint8)
        except cupy.cuda.memory.OutOfMemoryError as error:
            free, total = cupy.cuda.runtime.memGetInfo()
            raise BackendError(
                f"the card has no {nbytes} bytes left: {free} of {total} are free; "
                "use smaller batches, or let go of results that are not needed"
            ) from error
        self.address: int = self.bytes.data.ptr

    def array(self, dtype: DType, shape: Shape) -> Array:
        """A copy on the CPU of what lies in the memory."""
        count = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        copied: Array = self.bytes[:count].get()
        return copied.view(dtype).reshape(shape)


class _CardKernel:
    def __init__(self, function: Any, rendered: Rendered) -> None:
        self._function = function
        self._rendered = rendered

    def start(self, pointers: Sequence[int]) -> None:
        """Put it into the current stream."""
        self._function(self._rendered.grid, self._rendered.block, tuple(pointers))


class CardDevice:
    """The current card. Raises BackendError where there is none, or what it needs is not installed."""

    def __init__(self) -> None:
        self._cupy = _cupy()
        device = self._cupy.cuda.Device()
        arch = f"sm_{device.compute_capability}"
        self.target = Gpu(arch, multiprocessors=device.attributes["MultiProcessorCount"])

    def load(self, kernels: Sequence[Rendered]) -> list[Kernel]:
        """Compile kernels by NVRTC for the card's architecture."""
        return [self._load(rendered) for rendered in kernels]

    def _load(self, rendered: Rendered) -> Kernel:
        module = self._cupy.cuda.function.Module()
        module.load(compile_cubin(rendered.text, rendered.symbol, self.target.arch).code)
        return _CardKernel(module.get_function(rendered.symbol), rendered)

    def allocate(self, nbytes: int, zero: bool = False) -> CardMemory:
        """Memory of the card."""
        return CardMemory(self._cupy, nbytes, zero)

    def reach(self, buffer: Buffer) -> Memory:
        """The buffer's memory on the card; a buffer of the CPU is copied there."""
        if isinstance(buffer, CardBuffer):
            return buffer.memory
        array = buffer.array()
        memory = self.allocate(array.nbytes)
        if array.nbytes:
            memory.bytes.set(array.reshape(-1).view(np.uint8))
        return memory

    def buffer(self, memory: Memory, shape: Shape, dtype: DType) -> Buffer:
        """A buffer on the card."""
        assert isinstance(memory, CardMemory)
        return CardBuffer(shape, dtype, memory)

    def words(self, memory: Memory) -> tuple[int, ...]:
        """The status words, when the stream has come so far."""
        assert isinstance(memory, CardMemory)
        return tuple(int(word) for word in memory.array(np.dtype(np.int64), (STATUS_WORDS,)))


@functools.cache
def _cupy() -> Any:
    """CuPy, on a machine that has a card."""
    try:
        ctypes.CDLL("libcuda.so.1")
    except OSError:
        raise BackendError(
            "device 'cuda' needs an NVIDIA card with its driver, and there is no libcuda.so.1 here; "
            "'cpu' runs everywhere, 'cuda-emulator' runs the CUDA kernels on the CPU"
        ) from None
    try:
        import cupy  # noqa: PLC0415  (an optional dependency, loaded when first needed)
    except ImportError:
        raise BackendError("device 'cuda' needs CuPy: pip install \"dark_jit[cuda13]\" (or [cuda12])") from None
    if not cupy.cuda.is_available():
        raise BackendError("the CUDA driver finds no card, or is too old for the CuPy that is installed")
    return cupy
