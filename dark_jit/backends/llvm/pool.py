"""The thread pool: worker threads that are parked in native code and walk programs together.

templates/llvm/walker.ll.j2 holds the protocol. Workers are Python daemon threads, each inside one foreign call for its
whole life, so they cost the interpreter nothing. They start when first wanted. A child of a fork starts its own; at
exit they are told to leave and joined.
"""

from __future__ import annotations

import atexit
import ctypes
import functools
import os
import platform
import threading
from typing import Any, NamedTuple

import numpy as np

from dark_jit import config
from dark_jit.backends.disk import disk_cache, key_of
from dark_jit.backends.llvm.compile import compile_module
from dark_jit.backends.llvm.target import machine
from dark_jit.backends.sources import sources
from dark_jit.locks import Lock

BARRIER = 1  # the flag of an entry of a program
MAXIMUM = 64  # workers beside the caller

_SPIN = 2000  # pauses awake at a barrier: some 30 us, less than a sleep and a wake cost
_LINGER = 4000  # pauses awake before a worker parks
_YIELDS, _NAP_US = 200, 200  # without futex: yields before naps, and their length
_ALIGNMENT = 128

_RELAX = {"x86_64": "pause", "AMD64": "pause", "aarch64": "yield", "arm64": "yield"}


class SystemCalls(NamedTuple):
    """The numbers of the system calls that the walker makes."""

    futex: int
    gettid: int
    sched_setaffinity: int
    sched_getaffinity: int


_CALLS = {("Linux", "x86_64"): SystemCalls(202, 186, 203, 204), ("Linux", "aarch64"): SystemCalls(98, 178, 122, 123)}


def walker_text(system: str = platform.system(), architecture: str = platform.machine()) -> str:
    """The IR of the walker for a system; by default this one."""
    variables = {
        "maximum": MAXIMUM,
        "relax": _RELAX.get(architecture, ""),
        "calls": _CALLS.get((system, architecture)),
        "yields": _YIELDS,
        "nap": _NAP_US,
        "BARRIER": BARRIER,
    }
    key = key_of("walker", variables, sources())
    kept = disk_cache().get(key)
    if kept is not None:
        return kept.decode()
    from dark_jit.backends.templates import template_environment  # noqa: PLC0415  (jinja2 comes with it)

    text = template_environment().get_template("llvm/walker.ll.j2").render(variables)
    disk_cache().put(key, text.encode())
    return text


class Walker:
    """The walker's entry points; a foreign call of any of them but `run_briefly` lets go of the GIL."""

    def __init__(self) -> None:
        # The helpers of the walker want to be inlined, hence level 2.
        self._module = compile_module(walker_text(), machine().isa, level=2)
        pointer, word, half = ctypes.c_void_p, ctypes.c_int64, ctypes.c_int32
        self.bytes = self._function("walker_bytes", word)
        self.open = self._function("walker_open", None, pointer, word, half, half)
        self.present = self._function("walker_present", word, pointer)
        self.run = self._function("walker_run", word, pointer)
        self.run_briefly = ctypes.PYFUNCTYPE(word, pointer)(self._module.address("walker_run"))
        self.worker = self._function("walker_worker", None, pointer)
        self.orphan = self._function("walker_orphan", None, pointer)
        self.leave = self._function("walker_leave", None, pointer)

    def _function(self, name: str, result: Any, *parameters: Any) -> Any:
        return ctypes.CFUNCTYPE(result, *parameters)(self._module.address(name))


@functools.cache
def walker() -> Walker:
    """The walker of this process, compiled when first wanted."""
    return Walker()


class Pool:
    """The shared memory of the protocol, and the threads that were started for it."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []
        self._memory = np.zeros(walker().bytes() + _ALIGNMENT, np.uint8)
        self.address = self._memory.ctypes.data + -self._memory.ctypes.data % _ALIGNMENT
        walker().open(self.address, config.cores(), _SPIN, _LINGER)

    def grow(self, workers: int) -> None:
        """Start the threads that a team of `workers` wants; runs do without those that cannot be started."""
        while len(self.threads) < min(workers - 1, MAXIMUM):
            name = f"dark_jit worker {len(self.threads) + 1}"
            thread = threading.Thread(target=walker().worker, args=(self.address,), name=name, daemon=True)
            self.threads.append(thread)  # before it starts: an interrupt here costs a worker, not the protocol
            try:
                thread.start()
            except RuntimeError:  # no more threads, or the interpreter is ending
                self.threads.pop()
                return

    def close(self) -> None:
        """Send all workers home, once the run in progress ends, and wait until they are gone."""
        walker().leave(self.address)
        for thread in self.threads:
            if thread.ident is not None:
                thread.join()


class _Process:
    """What this process has: at most one pool, made when first wanted."""

    def __init__(self) -> None:
        self.pool: Pool | None = None
        self._lock = Lock()
        self._ending = False
        self._former: list[Pool] = []  # a call that is being prepared, or runs, may still point to their memory
        atexit.register(self._close)
        os.register_at_fork(after_in_child=self._forget)

    def reserve(self, workers: int) -> int | None:
        """The address of the pool, with threads for a team of `workers`; None once the interpreter is ending."""
        pool = self.pool
        if pool is None or len(pool.threads) < min(workers - 1, MAXIMUM):
            with self._lock:
                if self._ending:
                    return None
                pool = self.pool = self.pool or Pool()
                pool.grow(workers)
        return pool.address

    def _close(self) -> None:
        """At exit; runs that begin now do without workers, so that one of those in progress is the last with them."""
        with self._lock:
            self._ending = True
            pool = self._give_up()
        if pool is not None:
            pool.close()

    def _give_up(self) -> Pool | None:
        pool, self.pool = self.pool, None
        if pool is not None:
            self._former.append(pool)
        return pool

    def _forget(self) -> None:
        """In the child of a fork: the parent's workers are not here."""
        pool = self._give_up()
        if pool is not None:
            walker().orphan(pool.address)


_process = _Process()
reserve = _process.reserve


def present() -> int:
    """How many workers have arrived in the pool; threads that were just started may be on their way."""
    return 0 if _process.pool is None else int(walker().present(_process.pool.address))
