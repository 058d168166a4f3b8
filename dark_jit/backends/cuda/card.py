"""Cards, through CuPy: their memory, their streams, and their graphs of kernels."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Hashable, Sequence
from typing import Any

import numpy as np

from dark_jit.backends.buffer import Array, Buffer, Shape
from dark_jit.backends.cuda import presence
from dark_jit.backends.cuda.compile import compile_cubin
from dark_jit.backends.cuda.render import Rendered
from dark_jit.backends.cuda.runtime import STATUS_WORDS, Calls, Holders, Kernel, Memory
from dark_jit.dtypes import DType, is_numpys, uint16
from dark_jit.errors import BackendError
from dark_jit.lowering.target import Gpu

_ON_CARD = 3  # cudaMemcpyDeviceToDevice


class CardBuffer(Buffer):
    """A value in a card's memory. Whoever asks for its address on the CPU, or its array, gets a copy, made once.

    Its `owner` is a loan of the memory, which all buffers on it share: it ends with the last of them.
    """

    __slots__ = ("device", "memory")

    def __init__(self, shape: Shape, dtype: DType, loan: Loan) -> None:
        self.shape = shape
        self.dtype = dtype
        self.owner, self.memory = loan, loan.memory
        self.device = None
        self._array = None

    def bound_to(self, device: str) -> CardBuffer:
        """The same value on the same memory, bound to a device."""
        found = CardBuffer(self.shape, self.dtype, self.owner)
        found.device = device
        return found

    @property
    def place(self) -> str:
        """The card."""
        return presence.name_of(self.memory.index)

    @property
    def address(self) -> int:  # type: ignore[override]
        """Where the copy lies."""
        return int(self.array().__array_interface__["data"][0])

    def exported(self) -> Any:
        """The value as an array of CuPy, without a copy; it keeps this buffer alive."""
        cupy = presence.cupy()
        size = max(1, int(np.prod(self.shape, dtype=np.int64)) * self.dtype.itemsize)
        memory = cupy.cuda.UnownedMemory(self.memory.address, size, self, self.memory.index)
        dtype = self.dtype if is_numpys(self.dtype) else uint16  # CuPy has no bfloat16
        return cupy.ndarray(self.shape, dtype, cupy.cuda.MemoryPointer(memory, 0))


class CardMemory:
    """Bytes of a card, from CuPy's pool or of another library's array; `index` is the card's."""

    def __init__(self, array: Any) -> None:
        self.bytes = array
        self.index: int = array.device.id
        self.address: int = array.data.ptr

    def array(self, dtype: DType, shape: Shape) -> Array:
        """A copy on the CPU of what lies in the memory, when all streams have come so far."""
        self.bytes.device.synchronize()
        count = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        copied: Array = self.bytes[:count].get()
        return copied.view(dtype).reshape(shape)


class Loan:
    """Memory that somebody can read."""

    def __init__(self, memory: CardMemory) -> None:
        self.memory = memory

    def array(self, dtype: DType, shape: Shape) -> Array:
        """A copy on the CPU."""
        return self.memory.array(dtype, shape)


class _CardKernel:
    def __init__(self, function: Any, rendered: Rendered) -> None:
        self._function = function
        self._rendered = rendered

    def start(self, pointers: Sequence[int]) -> None:
        """Put it into the current stream."""
        self._function(self._rendered.grid, self._rendered.block, tuple(pointers))


class _Recorded:
    """A CUDA graph, which needs its kernels' modules."""

    def __init__(self, graph: Any, calls: Calls) -> None:
        self._launch = graph.launch
        self._calls = calls

    def __call__(self) -> None:
        self._launch()


class CardDevice:
    """The card of a number. Raises BackendError where there is none, or what it needs is not installed."""

    def __init__(self, index: int = 0) -> None:
        self._cupy = presence.cupy()
        count = self._cupy.cuda.runtime.getDeviceCount()
        self.index = index
        if self.index >= count:
            raise BackendError(f"there is no card {self.index}: there are {count}, counted from 0")
        self._device = self._cupy.cuda.Device(self.index)
        arch = f"sm_{self._device.compute_capability}"
        self.target = Gpu(arch, multiprocessors=self._device.attributes["MultiProcessorCount"])
        self.holders = Holders()

    def current(self) -> contextlib.AbstractContextManager[Any]:
        """Inside, this card is the one that CuPy uses."""
        device: contextlib.AbstractContextManager[Any] = self._device
        return device

    def load(self, kernels: Sequence[Rendered]) -> list[Kernel]:
        """Compile kernels by NVRTC for the card's architecture."""
        with self.current():
            return [self._load(rendered) for rendered in kernels]

    def _load(self, rendered: Rendered) -> Kernel:
        module = self._cupy.cuda.function.Module()
        module.load(compile_cubin(rendered.text, rendered.symbol, self.target.arch).code)
        return _CardKernel(module.get_function(rendered.symbol), rendered)

    def stream(self) -> Hashable:
        """CuPy's current one."""
        stream: int = self._cupy.cuda.get_current_stream().ptr
        return stream

    def allocate(self, nbytes: int, zero: bool = False) -> CardMemory:
        """Memory of the card. Raises BackendError where there is not enough, even without what programs keep."""
        make = self._cupy.zeros if zero else self._cupy.empty
        with self.current():
            try:
                return CardMemory(make(max(1, nbytes), np.uint8))
            except self._cupy.cuda.memory.OutOfMemoryError:
                self._release()
            try:
                return CardMemory(make(max(1, nbytes), np.uint8))
            except self._cupy.cuda.memory.OutOfMemoryError as error:
                free, total = self._cupy.cuda.runtime.memGetInfo()
                raise BackendError(
                    f"the card has no {nbytes} bytes left: {free} of {total} are free; "
                    "use smaller batches, or let go of results that are not needed"
                ) from error

    def _release(self) -> None:
        self.holders.release()
        self._cupy.get_default_memory_pool().free_all_blocks()

    def holds(self, buffer: Buffer) -> bool:
        """Whether it lies on this card."""
        return isinstance(buffer, CardBuffer) and buffer.memory.index == self.index

    def reach(self, buffer: Buffer) -> CardMemory:
        """The buffer's memory on the card; a buffer of the CPU or of another card is copied there."""
        if isinstance(buffer, CardBuffer) and self.holds(buffer):
            return buffer.memory
        memory = self.allocate(buffer.array().nbytes)
        self.fill(memory, buffer)
        return memory

    def fill(self, memory: Memory, buffer: Buffer) -> None:
        """Copy it to the card, behind what the current stream does; the buffer is read at once.

        CUDA reads ordinary memory before the call returns, page-locked memory later: the user's may be that, a copy is
        not.
        """
        assert isinstance(memory, CardMemory)
        array = buffer.array().copy()
        if array.nbytes:
            with self.current():
                stream = self._cupy.cuda.get_current_stream()
                memory.bytes[: array.nbytes].set(array.reshape(-1).view(np.uint8), stream)

    def copy(self, source: Memory, target: Memory, nbytes: int) -> None:
        """In the current stream."""
        stream = self._cupy.cuda.get_current_stream().ptr
        self._cupy.cuda.runtime.memcpyAsync(target.address, source.address, nbytes, _ON_CARD, stream)

    def record(self, calls: Calls) -> Callable[[], None]:
        """A CUDA graph of these kernels, which runs in the stream that is current then."""
        stream = self._cupy.cuda.Stream(non_blocking=True)
        with stream:
            stream.begin_capture()
            try:
                for kernel, pointers in calls:
                    kernel.start(pointers)
            finally:
                graph = stream.end_capture()
        return _Recorded(graph, calls)

    def seconds(self, launch: Callable[[], None], runs: int) -> float:
        """How long the card takes for what this starts, the mean of `runs`."""
        events = self._cupy.cuda.Event(), self._cupy.cuda.Event()
        events[0].record()
        for _ in range(runs):
            launch()
        events[1].record()
        events[1].synchronize()
        return float(self._cupy.cuda.get_elapsed_time(*events)) * 1e-3 / runs

    def model(self) -> str:
        """What kind of card it is."""
        properties = self._cupy.cuda.runtime.getDeviceProperties(self.index)
        return str(properties["name"].decode())

    def buffer(self, memory: Memory, shape: Shape, dtype: DType) -> Buffer:
        """A buffer on the card."""
        assert isinstance(memory, CardMemory)
        return CardBuffer(shape, dtype, Loan(memory))

    def reader(self, buffer: Buffer) -> object:
        """The loan: arrays of the CPU are copies, those of CuPy keep a buffer alive."""
        return buffer.owner

    def words(self, memory: Memory) -> tuple[int, ...]:
        """The status words, when the kernels have run."""
        assert isinstance(memory, CardMemory)
        return tuple(int(word) for word in memory.array(np.dtype(np.int64), (STATUS_WORDS,)))


@functools.cache
def card(index: int) -> CardDevice:
    """The card of this number, made once: kernels keep what was loaded. Raises BackendError."""
    return CardDevice(index)


def adopted(array: Any) -> CardBuffer:
    """A buffer on the memory of a C-contiguous array of CuPy, without a copy."""
    return CardBuffer(array.shape, np.dtype(array.dtype), Loan(CardMemory(array.reshape(-1).view(np.uint8))))
