"""The CUDA emulator: runs the text of a CUDA kernel on the CPU, thread by thread, and on demand looks for faults.

A kernel's text is compiled by g++ as it stands, behind `emulation/device.h`, which gives CUDA's keywords and functions
a meaning on the CPU. `emulation/scheduler.cpp` runs the threads of a block as fibres; in check mode
`emulation/checker.cpp` sees every access to memory and finds races, missing barriers, accesses out of bounds or
misaligned, reads of what nobody has written, and barriers that not all threads reach.

Objects are kept in the user's cache folder, by their text.
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np

from dark_jit import dtypes
from dark_jit.backends.cuda.render import Rendered
from dark_jit.config import cores
from dark_jit.errors import BackendError, InternalError
from dark_jit.locks import Lock

SOURCES = Path(__file__).parent / "emulation"
RED_ZONE = 4096  # bytes around each buffer that belong to nobody, in check mode
_COMMON = ("-std=c++17", "-fPIC", "-shared", "-w")
# Integers wrap as a GPU's do; no product is contracted with a sum that does not say so.
_KERNEL = ("-xc++", "-O1", "-fno-strict-aliasing", "-ffp-contract=off", "-fwrapv", f"-I{SOURCES}")
_CHECKED = ("-g1", "-fsanitize=thread,alignment,bounds-strict", "-c")


class Order(IntEnum):
    """The order in which blocks, and the threads of each, get their turns."""

    FORWARD = 0
    BACKWARD = 1
    SHUFFLED = 2


@dataclass(frozen=True)
class Fault:
    """What the emulator found: `kind` as in the list above, what happened, and the line of the kernel's text."""

    kind: str
    message: str
    line: int | None

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}" + (f" (line {self.line})" if self.line else "")


class EmulatedKernel:
    """A kernel's text, compiled for the CPU. `checked`: with a call before each access to memory."""

    def __init__(self, rendered: Rendered, checked: bool = False) -> None:
        self.rendered = rendered
        self.checked = checked
        _runtime()  # before the kernel, which takes its functions from there
        self._library = ctypes.CDLL(str(_compiled(rendered, checked)))

    def launch(self, pointers: Sequence[int], order: Order = Order.FORWARD, seed: int = 0) -> list[Fault]:
        """Run the kernel on the buffers at these addresses, and return what was found wrong.

        A checked kernel runs on copies of them, with red zones around, which are then copied back.
        """
        with _one_at_a_time(self.checked):
            return self._check(pointers, order, seed) if self.checked else self._run(pointers, order, seed)

    def _run(self, pointers: Sequence[int], order: Order, seed: int) -> list[Fault]:
        arguments = (ctypes.c_void_p * len(pointers))(*pointers)
        extents = (ctypes.c_uint * 6)(*self.rendered.grid, *self.rendered.block)
        self._library.launch(arguments, extents, int(order), seed)
        return list(_faults())

    def _check(self, pointers: Sequence[int], order: Order, seed: int) -> list[Fault]:
        sizes = [argument.elements * dtypes.as_dtype(argument.dtype).itemsize for argument in self.rendered.arguments]
        zones = [_Zoned(pointer, size) for pointer, size in zip(pointers, sizes, strict=True)]
        for number, (zone, argument) in enumerate(zip(zones, self.rendered.arguments, strict=True)):
            known = not argument.written or number in self.rendered.updated
            _runtime().emulated_register(
                ctypes.c_void_p(zone.address), ctypes.c_size_t(zone.size), f"a{number}".encode(), int(known)
            )
        faults = self._run([zone.address for zone in zones], order, seed)
        for zone, pointer in zip(zones, pointers, strict=True):
            ctypes.memmove(pointer, zone.address, zone.size)
        return faults


def load(kernels: Sequence[Rendered], checked: bool = False) -> list[EmulatedKernel]:
    """The kernels, compiled side by side. Raises BackendError where there is no g++, or it does not take the text."""
    with ThreadPoolExecutor(max(1, cores())) as pool:
        list(pool.map(lambda rendered: _compiled(rendered, checked), kernels))
    return [EmulatedKernel(rendered, checked) for rendered in kernels]


def available() -> bool:
    """Whether there is a g++, which the emulator needs."""
    return shutil.which("g++") is not None


class _Zoned:
    """A copy of memory between two red zones; `address` is aligned as CUDA's allocations are."""

    def __init__(self, source: int, size: int) -> None:
        self.size = size
        self._memory = np.zeros(size + 2 * RED_ZONE + 256, np.uint8)
        start: int = self._memory.ctypes.data + RED_ZONE
        self.address = start + -start % 256
        ctypes.memmove(self.address, source, size)


# ---- compiling ----


def _compiled(rendered: Rendered, checked: bool) -> Path:
    text = f'#include "device.h"\n#line 1 "kernel.cu"\n{rendered.text}\nEMULATED_KERNEL({rendered.symbol})\n'
    flags = (*_KERNEL, *(_CHECKED if checked else ()))
    key = hashlib.sha256("\0".join((text, *flags, _sources_text(), _version())).encode()).hexdigest()[:32]
    place = _folder() / f"kernel_{key}.so"
    if not place.exists():
        with tempfile.TemporaryDirectory(dir=_folder()) as scratch:
            source, made = Path(scratch, "kernel.cu"), Path(scratch, "kernel.so")
            source.write_text(text)
            if checked:  # linked without the sanitizer's library: the hooks are ours
                _gcc((*_COMMON[:2], "-w", *flags, str(source)), Path(scratch, "kernel.o"))
                _gcc(("-shared", str(Path(scratch, "kernel.o"))), made)
            else:
                _gcc((*_COMMON, *flags, str(source)), made)
            os.replace(made, place)
    return place


def _gcc(arguments: Sequence[str], output: Path) -> None:
    compiler = shutil.which("g++")
    if compiler is None:
        raise BackendError("device 'cuda-emulator' needs g++, which is not installed (Debian: apt install g++)")
    done = subprocess.run([compiler, *arguments, "-o", str(output)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise InternalError(f"g++ does not take a kernel:\n{done.stderr}")


@functools.cache
def _runtime() -> ctypes.CDLL:
    """The scheduler and the checker; kernels find their functions there."""
    key = hashlib.sha256((_sources_text() + _version()).encode()).hexdigest()[:32]
    place = _folder() / f"runtime_{key}.so"
    if not place.exists():
        with tempfile.TemporaryDirectory(dir=_folder()) as scratch:
            made = Path(scratch, "runtime.so")
            sources = [str(path) for path in sorted(SOURCES.glob("*.cpp"))]
            _gcc((*_COMMON, "-O2", *sources, "-ldl"), made)
            os.replace(made, place)
    library = ctypes.CDLL(str(place), mode=ctypes.RTLD_GLOBAL)
    library.emulated_errors.restype = ctypes.c_char_p
    return library


@functools.cache
def _sources_text() -> str:
    return "".join(path.read_text() for path in sorted(SOURCES.iterdir()) if path.suffix in (".h", ".cpp"))


@functools.cache
def _version() -> str:
    compiler = shutil.which("g++")
    if compiler is None:
        return ""
    return subprocess.run([compiler, "--version"], capture_output=True, text=True, check=False).stdout


@functools.cache
def _folder() -> Path:
    """Where objects are kept: nobody else may write there, since they are loaded."""
    try:
        folder = Path.home() / ".cache" / "dark_jit" / "cuda-emulator"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError):
        folder = Path(tempfile.mkdtemp(prefix="dark_jit-cuda-emulator-"))
    return folder


# ---- running ----

_lock = Lock()


@contextlib.contextmanager
def _one_at_a_time(check: bool) -> Iterator[None]:
    """The runtime runs one grid at a time."""
    with _lock:
        _runtime().emulated_forget_errors()
        _runtime().emulated_check(int(check))
        yield


def _faults() -> Iterator[Fault]:
    for text in _runtime().emulated_errors().decode().splitlines():
        kind, message, place = text.split("|")
        yield Fault(kind, message, _line_of(place))


def _line_of(place: str) -> int | None:
    """The line of the kernel's text: "line 7", or a place in a library, of which its debug information tells."""
    if place.startswith("line "):
        return int(place.removeprefix("line "))
    library, _, offset = place.partition("+")
    tool = shutil.which("addr2line")
    if not offset or tool is None:
        return None
    done = subprocess.run([tool, "-i", "-e", library, offset], capture_output=True, text=True, check=False)
    lines = re.findall(r"kernel\.cu:(\d+)", done.stdout)
    return int(lines[-1]) if lines else None
