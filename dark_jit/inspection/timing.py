"""How long kernels take: measured alone and warm, on buffers of the measurement's own."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dark_jit import config
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.llvm.backend import LLVMProgram
from dark_jit.backends.llvm.runtime import Executable, External, KernelCall, Memory, allocate
from dark_jit.lowering.schedule import Place, Slot

ROUNDS = 7  # of which the fastest counts: other processes can only make one slower
LEAST = 300e-6  # seconds that a round takes at least, so that its start does not count
MOST_RUNS = 1024  # of a kernel in one round
STATUS_BYTES = 64


@dataclass(frozen=True)
class Profile:
    """Seconds of each kernel of a program, in order, and of the whole program; `workers` took part."""

    kernels: tuple[float, ...]
    program: float
    workers: int


def profile(program: LLVMProgram, inputs: Sequence[Buffer]) -> Profile:
    """Run a program's kernels one after the other, each several times.

    Only memory of the profile's own is written: no Tensor, and nothing that the program keeps, changes. An error that a
    kernel records (an index out of range) is passed over, as kernels go on with a valid index.
    """
    workers = workers_of(program)
    addresses = _Memory(program, inputs)
    calls = [
        KernelCall(kernel.module.address("kernel"), _externals(kernel.task.slots), kernel.task.most_workers, True)
        for kernel in program.kernels
    ]
    pointers = [[addresses.of(slot) for slot in kernel.task.slots] for kernel in program.kernels]
    seconds = tuple(seconds_of(call, at, workers) for call, at in zip(calls, pointers, strict=True))
    return Profile(seconds, _program_seconds(program, pointers, workers), workers)


def workers_of(program: LLVMProgram) -> int:
    """How many workers run a program."""
    return config.exactly.threads or program.pace.workers


def seconds_of(call: KernelCall, pointers: Sequence[int], workers: int) -> float:
    """The time of one run of a kernel."""
    once = _fastest(Executable([call], 0, len(pointers)), pointers, workers, 1)
    runs = min(MOST_RUNS, math.ceil(LEAST / once))
    return _fastest(Executable([call] * runs, 0, len(pointers)), pointers, workers, ROUNDS) / runs


def _fastest(executable: Executable, pointers: Sequence[int], workers: int, rounds: int) -> float:
    executable.run(pointers, workers)
    return min(_timed(lambda: executable.run(pointers, workers)) for _ in range(rounds))


def _timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def _externals(slots: Sequence[Slot], first: int = 0) -> tuple[External, ...]:
    return tuple(External(first + number) for number in range(len(slots)))


def _program_seconds(program: LLVMProgram, pointers: Sequence[Sequence[int]], workers: int) -> float:
    """The time of the kernels that run each time in a row, with the barriers of the schedule."""
    calls, first = [], 0
    pointers = pointers[program.schedule.prepared :]
    for kernel, at in zip(program.kernels[program.schedule.prepared :], pointers, strict=True):
        slots = _externals(kernel.task.slots, first)
        task, address = kernel.task, kernel.module.address("kernel")
        calls.append(KernelCall(address, slots, task.most_workers, task.barrier, task.blocks, task.follows))
        first += len(at)
    flat = [pointer for at in pointers for pointer in at]
    return _fastest(Executable(calls, 0, len(flat)), flat, workers, ROUNDS)


class _Memory:
    """Where the buffers of a program lie in a measurement: inputs are only read, all else is memory of its own."""

    def __init__(self, program: LLVMProgram, inputs: Sequence[Buffer]) -> None:
        outputs = program.schedule.graph.outputs
        self.inputs = inputs
        self.outputs = [allocate(node.size * node.dtype.itemsize) for node in outputs]
        self.arena = allocate(program.schedule.arena_bytes)
        self.kept = [allocate(size) for size in program.schedule.kept]
        self.status = _zeroed(STATUS_BYTES)

    def of(self, slot: Slot) -> int:
        """The address of a slot."""
        match slot.place:
            case Place.INPUT:
                return self.inputs[slot.index].address
            case Place.OUTPUT:
                return self.outputs[slot.index].address
            case Place.ARENA:
                return self.arena.address + slot.index
            case Place.KEPT:
                return self.kept[slot.index].address
            case Place.STATUS:
                return self.status.address


def _zeroed(nbytes: int) -> Memory:
    memory = allocate(nbytes)
    memory.array("uint8", (nbytes,)).fill(0)
    return memory
