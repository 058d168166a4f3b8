"""CUDA C++ text -> machine code, by NVRTC: no card and no driver are needed.

NVRTC comes as the wheel nvidia-cuda-nvrtc (part of dark_jit[cuda13] and [cuda12]); it is called through ctypes, since a
handful of functions is all there is to it. It makes cubins rather than PTX: a driver older than NVRTC refuses its PTX.
The flags are the same everywhere, so that a number does not depend on where it was computed:
subnormals are kept, division and square root are rounded correctly, and no product is contracted with a sum.
"""

from __future__ import annotations

import ctypes
import functools
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dark_jit.backends.disk import disk_cache, key_of
from dark_jit.errors import BackendError, InternalError

ARCHITECTURES = ("sm_80", "sm_90", "sm_90a", "sm_100", "sm_120")  # what our texts are checked for
FLAGS = ("-std=c++17", "-fmad=false", "-ftz=false", "-prec-div=true", "-prec-sqrt=true")
_LIBRARIES = (
    "nvidia/cu13/lib/libnvrtc.so.13",
    "nvidia/cuda_nvrtc/lib/libnvrtc.so.13",
    "nvidia/cuda_nvrtc/lib/libnvrtc.so.12",
)
_DISASSEMBLERS = ("nvidia/cu13/bin/nvdisasm", "nvidia/cuda_nvdisasm/bin/nvdisasm")
_INSTALL = 'pip install "dark_jit[cuda13]", or nvidia-cuda-nvrtc alone'


@dataclass(frozen=True)
class Resources:
    """What a kernel takes of a multiprocessor: registers a thread, and bytes."""

    registers: int
    shared: int
    stack: int
    spills: int


@dataclass(frozen=True)
class Cubin:
    """Machine code for an architecture."""

    code: bytes
    arch: str
    symbol: str
    resources: Resources

    def sass(self) -> str | None:
        """The instructions, as nvdisasm prints them; None where the wheel nvidia-cuda-nvdisasm is not installed."""
        tool = disassembler()
        if tool is None:
            return None
        with tempfile.NamedTemporaryFile(suffix=".cubin") as file:
            file.write(self.code)
            file.flush()
            done = subprocess.run([tool, "-c", file.name], capture_output=True, text=True, check=False)
        if done.returncode:
            raise InternalError(f"nvdisasm does not take our cubin: {done.stderr.strip()}")
        return done.stdout


def available() -> bool:
    """Whether NVRTC is installed."""
    return _path_of(_LIBRARIES) is not None


def disassembler() -> str | None:
    """The path of nvdisasm, if there is one."""
    return _path_of(_DISASSEMBLERS) or shutil.which("nvdisasm")


@functools.cache
def version() -> tuple[int, int]:
    """NVRTC's. Raises BackendError where it is not installed."""
    major, minor = ctypes.c_int(), ctypes.c_int()
    _succeed(_nvrtc().nvrtcVersion(ctypes.byref(major), ctypes.byref(minor)))
    return major.value, minor.value


@functools.lru_cache(maxsize=1024)
def compile_cubin(text: str, symbol: str, arch: str) -> Cubin:
    """Compile a kernel for an architecture (sm_90), unless an earlier process did.

    Raises BackendError where NVRTC is not installed or does not know the architecture, and InternalError, which quotes
    the lines of the text, where it does not take the text.
    """
    key = key_of("cubin", text, symbol, arch, version(), FLAGS)
    kept = disk_cache().get(key)
    if kept is not None:
        log, _, code = kept.partition(b"\0")
        return Cubin(code, arch, symbol, _resources(log.decode()))
    log, code = _compiled(text, arch)
    disk_cache().put(key, log + b"\0" + code)
    return Cubin(code, arch, symbol, _resources(log.decode()))


def _compiled(text: str, arch: str) -> tuple[bytes, bytes]:
    """What NVRTC says of a kernel, and its cubin."""
    with _program(text) as program:
        options = [flag.encode() for flag in (*FLAGS, f"--gpu-architecture={arch}", "--ptxas-options=-v")]
        failed = _nvrtc().nvrtcCompileProgram(program, len(options), (ctypes.c_char_p * len(options))(*options))
        log = _text_of(program, "ProgramLog").decode(errors="replace").rstrip("\0")
        if failed:
            raise _refused(text, arch, log)
        return log.encode(), _text_of(program, "CUBIN")


# ---- NVRTC ----


class _program:
    """An nvrtcProgram, destroyed in the end."""

    def __init__(self, text: str) -> None:
        self._handle = ctypes.c_void_p()
        made = _nvrtc().nvrtcCreateProgram(ctypes.byref(self._handle), text.encode(), b"kernel.cu", 0, None, None)
        _succeed(made)

    def __enter__(self) -> ctypes.c_void_p:
        return self._handle

    def __exit__(self, *_: object) -> None:
        _nvrtc().nvrtcDestroyProgram(ctypes.byref(self._handle))


def _text_of(program: ctypes.c_void_p, what: str) -> bytes:
    """What nvrtcGetWHAT gives: ProgramLog or CUBIN."""
    size = ctypes.c_size_t()
    _succeed(getattr(_nvrtc(), f"nvrtcGet{what}Size")(program, ctypes.byref(size)))
    memory = ctypes.create_string_buffer(size.value)
    _succeed(getattr(_nvrtc(), f"nvrtcGet{what}")(program, memory))
    return memory.raw


def _succeed(result: int) -> None:
    if result:
        raise BackendError(f"NVRTC failed: {_nvrtc().nvrtcGetErrorString(result).decode()}")


@functools.cache
def _nvrtc() -> ctypes.CDLL:
    path = _path_of(_LIBRARIES)
    if path is None:
        raise BackendError(f"NVRTC, which compiles CUDA kernels, is not installed: {_INSTALL}")
    # NVRTC opens its part of built-in functions by name; some releases do not look beside themselves for it
    for builtins in Path(path).parent.glob("libnvrtc-builtins.so.*"):
        ctypes.CDLL(str(builtins))
    library = ctypes.CDLL(path)
    library.nvrtcGetErrorString.restype = ctypes.c_char_p
    return library


@functools.cache
def _path_of(names: tuple[str, ...]) -> str | None:
    """The first of these files that a wheel has installed."""
    return next((str(path) for name in names for path in _installed(name)), None)


def _installed(name: str) -> Iterator[Path]:
    return (path for root in sys.path if (path := Path(root, name)).is_file())


# ---- what it says ----


def _resources(log: str) -> Resources:
    def number(pattern: str) -> int:
        return sum(int(found) for found in re.findall(pattern, log))

    return Resources(
        registers=number(r"Used (\d+) registers"),
        shared=number(r"(\d+) bytes smem"),
        stack=number(r"(\d+) bytes stack frame"),
        spills=number(r"(\d+) bytes spill stores"),
    )


def _refused(text: str, arch: str, log: str) -> BackendError | InternalError:
    if "--gpu-architecture" in log or "gpu-architecture" in log:
        return BackendError(f"NVRTC {version()} does not know the architecture {arch!r}: {log.strip()}")
    lines = text.splitlines()
    shown = []
    for line in log.splitlines():
        shown.append(line)
        place = re.match(r"kernel\.cu\((\d+)\)", line)
        if place and int(place[1]) <= len(lines):
            shown.append(f"    {place[1]}: {lines[int(place[1]) - 1].strip()}")
    return InternalError("NVRTC does not take a kernel for " + arch + ":\n" + "\n".join(shown))
