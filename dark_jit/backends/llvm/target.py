"""The CPU of this machine: its instruction sets and caches, and how LLVM is told to generate code for them."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

import llvmlite.binding as llvm

from dark_jit import config
from dark_jit.errors import ArgumentError
from dark_jit.lowering.target import Target


@dataclass(frozen=True)
class Isa:
    """An instruction set: its vectors, LLVM's name of a CPU with no more than it, and the features that it takes."""

    vector_bytes: int
    registers: int
    cpu: str | None
    needs: frozenset[str]


_V3 = frozenset(("avx2", "fma", "bmi", "bmi2", "f16c", "lzcnt", "movbe"))

# From the best to the plainest. Where cpu is None, code is generated for the host itself, so that LLVM can tune for it.
_ISAS = {
    "avx512": Isa(64, 32, None, _V3 | {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}),
    "avx2": Isa(32, 16, "x86-64-v3", _V3),
    "sse2": Isa(16, 16, "x86-64", frozenset(("sse2",))),
    "neon": Isa(16, 32, None, frozenset(("neon",))),
}

_CACHES = Path("/sys/devices/system/cpu/cpu0/cache")
_CACHE_DEFAULTS = {1: 32 << 10, 2: 512 << 10, 3: 8 << 20}
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}


@functools.cache
def available_isas() -> tuple[str, ...]:
    """The instruction sets that this machine has, best first."""
    features = {name for name, present in llvm.get_host_cpu_features().items() if present}
    return tuple(name for name, isa in _ISAS.items() if isa.needs <= features)


def machine(isa: str | None = None) -> Target:
    """Describe this machine, seen as one that has just `isa` (default: DARK_JIT_ISA, else the best there is).

    Raises ArgumentError for an instruction set that is unknown, or that the machine does not have.
    """
    name = _checked(isa or config.isa() or available_isas()[0])
    caches = cache_sizes(_CACHES)
    isa_row = _ISAS[name]
    return Target(name, isa_row.vector_bytes, isa_row.registers, caches[1], caches[2], caches[3], config.cores())


def llvm_cpu_and_features(isa: str) -> tuple[str, str]:
    """LLVM's CPU name and features for `isa`, never more than this machine has. Raises ArgumentError as `machine`."""
    return _cpu_and_features(_checked(isa))


@functools.cache
def _cpu_and_features(isa: str) -> tuple[str, str]:
    cpu = _ISAS[isa].cpu
    if cpu is not None:
        return cpu, ""
    features = llvm.get_host_cpu_features().flatten()
    # Some Intel CPUs are tuned for half vectors, which would halve what the loop vectoriser makes.
    return llvm.get_host_cpu_name(), features + ",-prefer-256-bit" if isa == "avx512" else features


@functools.cache
def cache_sizes(folder: Path) -> dict[int, int]:
    """Bytes of the data caches by level, as /sys tells them; a usual size where it does not."""
    sizes = dict(_CACHE_DEFAULTS)
    for index in sorted(folder.glob("index*")):
        try:
            level, kind, size = ((index / name).read_text().strip() for name in ("level", "type", "size"))
        except OSError:
            continue
        number = re.fullmatch(r"(\d+)([KMG]?)", size)
        if kind != "Instruction" and number and int(level) in sizes:
            sizes[int(level)] = int(number[1]) * _UNITS[number[2]]
    return sizes


def _checked(isa: str) -> str:
    if isa in available_isas():
        return isa
    what = "this machine does not have" if isa in _ISAS else "dark_jit does not know"
    known = ", ".join(available_isas())
    raise ArgumentError(f"{what} the instruction set {isa!r}; it can be one of: {known} (DARK_JIT_ISA)")
