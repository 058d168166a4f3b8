"""Running compiled programs: the memory that they work in, and the one foreign call that runs one.

`allocate` hands out aligned memory and takes it back when the last reference goes. An `Executable` is a list of kernel
calls, ready to run any number of times, from several Python threads at once.
"""

from __future__ import annotations

import ctypes
import functools
import itertools
import mmap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dark_jit.backends.buffer import Buffer
from dark_jit.backends.llvm import pool
from dark_jit.dtypes import is_numpys
from dark_jit.errors import InternalError

ALIGNMENT = 64  # bytes: a cache line, and the widest vector
CACHE_BYTES = 1 << 30  # free memory that is kept for the next allocation
_HUGE = 2 << 20  # bytes of a huge page
_PRIVATE = getattr(mmap, "MAP_PRIVATE", 0) | getattr(mmap, "MAP_ANONYMOUS", 0)  # a fork must not share what we compute
_CLASSES_PER_DOUBLING = 4
_SMALL = 1 << 16  # bytes: blocks up to this size are kept without being counted,
_KEPT_SMALL = 256  # at most so many of one size

# ---- memory ----


class _Block:
    """`size` bytes at `address`; the operating system has them back when the block is dropped."""

    __slots__ = ("_owner", "address", "size")

    def __init__(self, size: int) -> None:
        self.size = size
        if size >= _HUGE and hasattr(mmap, "MADV_HUGEPAGE"):
            mapped = mmap.mmap(-1, size + _HUGE, flags=_PRIVATE)
            mapped.madvise(mmap.MADV_HUGEPAGE)
            self._owner: object = ctypes.c_char.from_buffer(mapped)
            start, alignment = ctypes.addressof(self._owner), _HUGE
        else:
            array = np.empty(size + ALIGNMENT, np.uint8)
            self._owner = array
            start, alignment = array.ctypes.data, ALIGNMENT
        self.address = start + -start % alignment


class _Allocator:
    """Free blocks by size class.

    Without a lock, since a `Memory` may die anywhere: within these methods, in a signal handler's way, or while the
    interpreter ends and who held a lock is gone. `pop` and `append` are atomic, and so is `+=` on a number: threads
    change, and signal handlers run, at calls only.
    """

    def __init__(self) -> None:
        # attributes, as module globals go first when the interpreter ends
        self.most_bytes, self.small, self.kept_small = CACHE_BYTES, _SMALL, _KEPT_SMALL
        self.kept_bytes = 0
        self._free: dict[int, list[_Block]] = {}
        self._small: dict[int, list[_Block]] = {}

    def shelf(self, size: int) -> list[_Block] | None:
        """The free blocks of a size class, to pop from and to append to; None for sizes that are counted."""
        return self._small.setdefault(size, []) if size <= self.small else None

    def take(self, size: int) -> _Block:
        """A free block of a size class, or a new one. Raises MemoryError."""
        try:
            return self._small[size].pop()
        except LookupError:
            return self.take_counted(size)

    def take_counted(self, size: int) -> _Block:
        """The same, for a size of which no small block is free."""
        try:
            block = self._free[size].pop()
            self.kept_bytes -= size
            return block
        except LookupError:
            pass
        try:
            return _Block(size)
        except (OSError, MemoryError):
            self.release()
        try:
            return _Block(size)
        except (OSError, MemoryError):
            raise MemoryError(f"dark_jit could not allocate {size:,} bytes") from None

    def give_back(self, block: _Block) -> None:
        """Keep the block for later, unless enough is kept."""
        if block.size <= self.small:
            free = self._small.setdefault(block.size, [])
            if len(free) < self.kept_small:
                free.append(block)
        elif self.kept_bytes + block.size <= self.most_bytes:
            self.kept_bytes += block.size
            self._free.setdefault(block.size, []).append(block)

    def release(self) -> None:
        """Give the operating system all that is kept."""
        for blocks in (*self._free.values(), *self._small.values()):
            blocks.clear()
        self.kept_bytes = 0


_allocator = _Allocator()


class Memory:
    """`nbytes` bytes of memory at `address`, a multiple of 64.

    Its contents are undefined at first. It is free again when nothing refers to the object or to a view of it.
    """

    __slots__ = ("_allocator", "_block", "address", "nbytes")

    def __init__(self, nbytes: int) -> None:
        self._allocator = _allocator  # referred to from here, as module globals go first when the interpreter ends
        self._block = _allocator.take(size_class(nbytes))
        self.address = self._block.address
        self.nbytes = nbytes

    def __del__(self) -> None:
        if hasattr(self, "_block"):
            self._allocator.give_back(self._block)

    @property
    def __array_interface__(self) -> dict[str, Any]:
        """NumPy's protocol: `np.asarray(memory)` is a view as uint8 that keeps the memory alive."""
        return {"version": 3, "typestr": "|u1", "shape": (self.nbytes,), "data": (self.address, False)}

    def array(self, dtype: npt.DTypeLike, shape: tuple[int, ...]) -> npt.NDArray[Any]:
        """A view as a C-ordered array that keeps the memory alive. Raises TypeError where it would be larger."""
        return np.ndarray(shape, dtype, np.asarray(self))


class OwnBuffer(Buffer):
    """A buffer with memory of its own: one object less for each result of a program than a Buffer over a Memory."""

    __slots__ = ("_block", "_home")

    _home: _Allocator | list[_Block]  # not a module's global, as those go first when the interpreter ends

    def __init__(
        self, shape: tuple[int, ...], dtype: np.dtype[Any], size: int, shelf: list[_Block] | None = None
    ) -> None:
        """`size` is the `size_class` of the bytes that are needed, `shelf` is the allocator's for it, if it has one."""
        self._home = _allocator if shelf is None else shelf
        block = shelf.pop() if shelf else _allocator.take_counted(size)  # between the two no other thread runs
        self.shape, self.dtype, self.address, self._block = shape, dtype, block.address, block

    def __del__(self, kept: int = _KEPT_SMALL) -> None:
        try:
            block, home = self._block, self._home
        except AttributeError:  # there was no memory for it
            return
        if isinstance(home, _Allocator):
            home.give_back(block)
        elif len(home) < kept:
            home.append(block)

    @property
    def __array_interface__(self) -> dict[str, Any]:
        """NumPy's protocol: a read-only view that keeps the buffer alive."""
        return {"version": 3, "typestr": self.dtype.str, "shape": self.shape, "data": (self.address, True)}

    def array(self) -> npt.NDArray[Any]:
        """A read-only view; made anew each time, as a kept one would keep the buffer alive."""
        array = np.asarray(self)
        return array if is_numpys(self.dtype) else array.view(self.dtype)


def shelf(size: int) -> list[_Block] | None:
    """Where the free blocks of a size class are kept, to be passed to OwnBuffer; None for large ones."""
    return _allocator.shelf(size)


def fresh_block(size: int) -> _Block:
    """Memory of a size class whose shelf is empty. Raises MemoryError."""
    return _allocator.take_counted(size)


def allocate(nbytes: int) -> Memory:
    """`nbytes` (0 or more) of uninitialised memory, aligned to 64 bytes. Raises MemoryError."""
    return Memory(nbytes)


@functools.lru_cache(1024)
def size_class(nbytes: int) -> int:
    """What is taken for `nbytes`: rounded up to the next of four sizes per power of two, at least a cache line."""
    step = max(ALIGNMENT, (1 << max(nbytes - 1, 0).bit_length()) // (2 * _CLASSES_PER_DOUBLING))
    return max(step, -(-nbytes // step) * step)


# ---- programs ----


@dataclass(frozen=True)
class External:
    """An argument: pointer number `index` of those that a run is given."""

    index: int


@dataclass(frozen=True)
class Arena:
    """An argument: the place `offset` bytes into the run's arena."""

    offset: int


@dataclass(frozen=True)
class Status:
    """An argument: the run's status words, four i64. Word 0 other than 0 stops the run at the next barrier."""


Slot = External | Arena | Status


@dataclass(frozen=True)
class KernelCall:
    """One kernel of a program: its address, its arguments, and how the workers share it.

    `most_workers` may do so at once; 1: worker 0 alone. `barrier`: all workers have finished it and all before it when
    the next starts.
    `blocks`, if not 0: it is called for so many blocks of its work in turn, for each one together with the kernels that
    `follow`; all of them have the same number.
    """

    address: int
    arguments: tuple[Slot, ...]
    most_workers: int
    barrier: bool
    blocks: int = 0
    follows: bool = False


class _Call(ctypes.Structure):
    """%Call of walker.ll.j2."""

    _fields_ = (
        ("pool", ctypes.c_void_p),
        ("program", ctypes.c_void_p),
        ("length", ctypes.c_int64),
        ("workers", ctypes.c_int64),
        ("bindings", ctypes.c_void_p),
        ("binding_count", ctypes.c_int64),
        ("status", ctypes.c_int64 * 4),
    )


_WORD = 8
_CALL_WORDS = ctypes.sizeof(_Call) // _WORD
_STATUS_AT = _Call.status.offset
_ENTRY_WORDS = 6


class _Layout:
    """Where things are in a frame, in words: the call, the external pointers, the kernels' arguments, the entries."""

    def __init__(self, calls: Sequence[KernelCall], externals: int) -> None:
        counts = [len(call.arguments) for call in calls]
        self.externals = externals
        self.arguments = [_CALL_WORDS + externals + before for before in itertools.accumulate(counts, initial=0)]
        self.entries = self.arguments.pop()
        self.words = self.entries + _ENTRY_WORDS * len(calls)
        pairs = [
            (_CALL_WORDS + slot.index, place + i)
            for call, place in zip(calls, self.arguments, strict=True)
            for i, slot in enumerate(call.arguments)
            if isinstance(slot, External)
        ]
        self.bindings = np.array(pairs, np.int64).reshape(-1, 2)


class _Frame:
    """All that belongs to one run at a time: the call with its status, the pointers, the arguments, the arena."""

    __slots__ = ("_arena", "_memory", "address", "call", "pointers")

    def __init__(self, calls: Sequence[KernelCall], layout: _Layout, arena_bytes: int) -> None:
        self._arena = allocate(arena_bytes)
        self._memory = allocate(layout.words * _WORD)
        self.address = self._memory.address
        self.pointers: Any = (ctypes.c_uint64 * layout.externals).from_address(self.address + _CALL_WORDS * _WORD)
        self.call = _Call.from_address(self.address)
        self.call.pool, self.call.workers = None, 1
        self.call.program = self.address + layout.entries * _WORD
        self.call.length = len(calls)
        self.call.bindings = layout.bindings.ctypes.data
        self.call.binding_count = len(layout.bindings)
        self._write_entries(calls, layout)

    def _write_entries(self, calls: Sequence[KernelCall], layout: _Layout) -> None:
        words = self._memory.array(np.uint64, (layout.words,))
        for index, (call, place) in enumerate(zip(calls, layout.arguments, strict=True)):
            for i, slot in enumerate(call.arguments):
                if not isinstance(slot, External):
                    words[place + i] = self._address_of(slot)
            entry = layout.entries + _ENTRY_WORDS * index
            count = _together(calls[index:])
            most = min(each.most_workers for each in calls[index : index + count])
            code, flags = (call.address, self.address + place * _WORD), pool.BARRIER * call.barrier
            words[entry : entry + _ENTRY_WORDS] = *code, flags, count, call.blocks, most

    def _address_of(self, slot: Arena | Status) -> int:
        return self.address + _STATUS_AT if isinstance(slot, Status) else self._arena.address + slot.offset


def _together(calls: Sequence[KernelCall]) -> int:
    """How many calls, from the first one on, go together."""
    return 1 + sum(1 for _ in itertools.takewhile(lambda call: call.follows, calls[1:]))


class Executable:
    """A program of compiled kernels. Threads may run it at the same time: each run leases a frame with an arena."""

    def __init__(self, calls: Sequence[KernelCall], arena_bytes: int, externals: int) -> None:
        """Each run has `arena_bytes` of scratch memory and is given `externals` pointers.

        Raises InternalError for a slot that lies outside them.
        """
        self._calls = tuple(calls)
        self._check(arena_bytes, externals)
        self._arena_bytes = arena_bytes
        self._layout = _Layout(self._calls, externals)
        self.shares_work = not all(call.most_workers == 1 for call in self._calls)
        self.frames: list[_Frame] = []  # free ones; no other thread runs between a look at it and a pop
        self._walk = pool.walker().run

    def run(self, pointers: Sequence[int], workers: int) -> tuple[int, ...] | None:
        """Run the program on the buffers at `pointers`, by at most `workers` workers; None, or the status if it is set.

        There are fewer workers where another run has the pool. The GIL is released meanwhile; an interrupt of the
        keyboard arrives when the program has ended.
        """
        frame = self.frames.pop() if self.frames else self.new_frame()
        frame.pointers[:] = pointers
        if self.shares_work:
            call = frame.call
            call.pool = pool.reserve(workers) if workers > 1 else None
            call.workers = workers if call.pool else 1
        status = tuple(frame.call.status) if self._walk(frame.address) else None
        self.frames.append(frame)
        return status

    def new_frame(self) -> _Frame:
        """A frame for one run at a time, to be appended to `frames` after it."""
        return _Frame(self._calls, self._layout, self._arena_bytes)

    def _check(self, arena_bytes: int, externals: int) -> None:
        for number, call in enumerate(self._calls):
            for slot in call.arguments:
                if isinstance(slot, External) and not 0 <= slot.index < externals:
                    raise InternalError(f"kernel {number} takes external {slot.index}, and the program has {externals}")
                if isinstance(slot, Arena) and not 0 <= slot.offset <= arena_bytes:
                    raise InternalError(f"kernel {number} takes byte {slot.offset} of an arena of {arena_bytes}")
