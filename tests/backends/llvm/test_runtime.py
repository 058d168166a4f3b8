"""Memory, and programs seen from Python. test_pool.py has the programs that run on several workers."""

from __future__ import annotations

import functools
import gc

import numpy as np
import pytest

from dark_jit.backends.llvm import runtime
from dark_jit.backends.llvm.compile import compile_module
from dark_jit.backends.llvm.runtime import Arena, Executable, External, KernelCall, Status, allocate
from dark_jit.backends.llvm.target import machine
from dark_jit.errors import InternalError

from ...concurrency import at_once, run_script

# ---- memory ----


@pytest.fixture(autouse=True)
def fresh_allocator() -> None:
    gc.collect()
    runtime._allocator.release()


@pytest.mark.parametrize("nbytes", [0, 1, 63, 64, 65, 1000, 4096, 100_001, 1 << 20, 1 << 21, (1 << 21) + 1, 10_000_000])
def test_memory_is_aligned_and_all_there(nbytes: int) -> None:
    memory = allocate(nbytes)
    assert memory.address % 64 == 0 and memory.address > 0 and memory.nbytes == nbytes
    view = np.asarray(memory)
    view[:] = 7
    assert view.size == nbytes and view.flags.writeable and (nbytes == 0 or view.ctypes.data == memory.address)


def test_memory_of_two_megabytes_lies_on_huge_pages() -> None:
    assert allocate(1 << 21).address % (1 << 21) == 0


def test_memory_is_used_again() -> None:
    first = allocate(1000)
    address = first.address
    assert allocate(1000).address != address
    del first
    assert allocate(990).address == address


def test_live_memory_does_not_overlap() -> None:
    sizes = np.random.default_rng(0).integers(0, 5000, 300).tolist()
    memories = [allocate(size) for size in sizes]
    for number, memory in enumerate(memories):
        np.asarray(memory)[:] = number % 251
    assert all((np.asarray(memory) == number % 251).all() for number, memory in enumerate(memories))


def test_a_view_keeps_its_memory() -> None:
    memory = allocate(64)
    address, view = memory.address, memory.array(np.float32, (4, 4))[1:, ::2]
    view[:] = 3
    del memory
    assert allocate(64).address != address and (view == 3).all()
    del view
    assert allocate(64).address == address


@pytest.mark.parametrize("dtype", [np.bool_, np.int8, np.uint64, np.float64, np.float16])
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (5,), (2, 3, 4)])
def test_views_of_any_dtype_and_shape(dtype: type, shape: tuple[int, ...]) -> None:
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    view = allocate(size).array(dtype, shape)
    assert view.shape == shape and view.dtype == dtype and view.flags.c_contiguous
    view[...] = 1
    assert (view == 1).all()


def test_a_view_larger_than_its_memory_raises() -> None:
    with pytest.raises(TypeError, match="too small"):
        allocate(64).array(np.float32, (17,))


def test_the_cache_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    allocator = runtime._Allocator()
    monkeypatch.setattr(runtime, "_allocator", allocator)
    size = 1 << 20
    allocator.most_bytes = 9 * size + 1
    memories = [allocate(size) for _ in range(20)]
    assert allocator.kept_bytes == 0
    del memories
    assert allocator.kept_bytes == 9 * size


def test_few_small_blocks_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    allocator = runtime._Allocator()
    monkeypatch.setattr(runtime, "_allocator", allocator)
    memories = [allocate(1024) for _ in range(allocator.kept_small + 20)]
    del memories
    assert len(allocator._small[1024]) == allocator.kept_small


@pytest.mark.parametrize("nbytes", [1, 64, 65, 129, 1000, 4097, 12_345_678, (1 << 30) + 1])
def testsize_classes_waste_little(nbytes: int) -> None:
    size = runtime.size_class(nbytes)
    assert nbytes <= size <= max(64, nbytes + 63, 1.25 * nbytes) and runtime.size_class(size) == size and size % 64 == 0


def test_memory_that_is_not_there_raises() -> None:
    with pytest.raises(MemoryError, match="could not allocate"):
        allocate(1 << 60)


def test_threads_allocate_at_the_same_time() -> None:
    failures: list[int] = []

    def work(number: int) -> None:
        for step in range(1000):
            memories = [allocate(64 << (step % 3)), allocate((1 << 17) << (step % 3))]
            for memory in memories:
                view = np.asarray(memory)[:64]
                view[:] = number
                if (view != number).any():
                    failures.append(step)

    at_once(*[functools.partial(work, number) for number in range(4)])
    gc.collect()
    kept = {size: len(blocks) for size, blocks in runtime._allocator._free.items() if blocks}
    assert not failures and kept
    assert runtime._allocator.kept_bytes == sum(size * count for size, count in kept.items())


def test_a_fork_does_not_share_memory() -> None:
    run_script("""
        import os
        import numpy as np
        from dark_jit.backends.llvm.runtime import allocate
        views = [np.asarray(allocate(size)) for size in (100, 1 << 22)]
        for view in views: view[:] = 1
        pid = os.fork()
        if pid == 0:
            for view in views: view[:] = 2
            os._exit(0)
        os.waitpid(pid, 0)
        assert all((view == 1).all() for view in views)
    """)


# ---- programs ----

TEXT = """
; args: { ptr x, ptr y }; y[0] = x[0] + 1
define void @increment(ptr %args, i64 %worker, i64 %workers) {
  %y.at = getelementptr ptr, ptr %args, i64 1
  %x = load ptr, ptr %args
  %y = load ptr, ptr %y.at
  %value = load i64, ptr %x
  %more = add i64 %value, 1
  store i64 %more, ptr %y
  ret void
}

; args: { ptr x, ptr status }; status[3] = x[0], status[0] = 9
define void @complain(ptr %args, i64 %worker, i64 %workers) {
  %status.at = getelementptr ptr, ptr %args, i64 1
  %x = load ptr, ptr %args
  %status = load ptr, ptr %status.at
  %value = load i64, ptr %x
  %detail.at = getelementptr i64, ptr %status, i64 3
  store i64 %value, ptr %detail.at
  store i64 9, ptr %status
  ret void
}
"""


def increment(source: runtime.Slot, target: runtime.Slot) -> KernelCall:
    return KernelCall(compile_module(TEXT, machine().isa).address("increment"), (source, target), 1, True)


def complain(source: runtime.Slot) -> KernelCall:
    return KernelCall(compile_module(TEXT, machine().isa).address("complain"), (source, Status()), 1, True)


def test_a_program_runs_again_on_other_buffers() -> None:
    program = Executable([increment(External(0), Arena(64)), increment(Arena(64), External(1))], 128, 2)
    for value in (5, 50):
        x, y = np.array([value]), np.zeros(1, np.int64)
        assert program.run([x.ctypes.data, y.ctypes.data], 1) is None
        assert y[0] == value + 2


def test_an_empty_program_runs() -> None:
    assert Executable([], 0, 0).run([], 4) is None


def test_a_status_stops_the_program_and_is_forgotten() -> None:
    x, y = np.array([33]), np.zeros(1, np.int64)
    pointers = [x.ctypes.data, y.ctypes.data]
    bad = Executable([complain(External(0)), increment(External(0), External(1))], 0, 2)
    for _ in range(2):
        assert bad.run(pointers, 1) == (9, 0, 0, 33)
        assert y[0] == 0
    late = Executable([increment(External(0), External(1)), complain(External(0))], 0, 2)
    assert late.run(pointers, 1) == (9, 0, 0, 33)
    assert y[0] == 34


def test_a_status_is_clear_when_a_frame_is_used_again() -> None:
    x, y = np.array([33]), np.zeros(1, np.int64)
    program = Executable([complain(External(0))], 0, 1)
    assert program.run([x.ctypes.data], 1) is not None
    program._calls = ()
    program.frames[0].call.length = 0
    assert program.run([y.ctypes.data], 1) is None


def test_wrong_slots_and_pointers_raise() -> None:
    with pytest.raises(InternalError, match="kernel 0 takes external 2, and the program has 2"):
        Executable([increment(External(2), External(0))], 0, 2)
    with pytest.raises(InternalError, match="kernel 0 takes byte 65 of an arena of 64"):
        Executable([increment(External(0), Arena(65))], 64, 1)
    with pytest.raises(ValueError, match="same size"):
        Executable([increment(External(0), External(1))], 0, 2).run([1], 1)
