"""What the environment says: threads, instruction set, logging. Every variable is read here and nowhere else.

DARK_JIT_THREADS  the most workers of a program (default, and at most: `cores()`)
DARK_JIT_ISA      the instruction set that CPU kernels are made for (default: the best that the machine has)
DARK_JIT_CACHE_DIR  where compiled kernels are kept for the next process, or "off" (default: the user's cache folder)
USE_CPU           1 or true: the CPU is the device where none is named, even if there is a usable card
DARK_JIT_DEBUG    1: gdb and perf see the lines of CPU kernels' texts (default: 0)
DARK_JIT_LOG      the level of the logger `dark_jit`, for example DEBUG; it then writes to standard error
"""

from __future__ import annotations

import contextlib
import functools
import logging
import math
import os
from collections.abc import Iterator
from pathlib import Path

from dark_jit.errors import ArgumentError

log = logging.getLogger("dark_jit")


def isa() -> str | None:
    """The instruction set that DARK_JIT_ISA asks for, in lower case, or None."""
    return os.environ.get("DARK_JIT_ISA", "").strip().lower() or None


def use_cpu() -> bool:
    """Whether USE_CPU forbids to take a card where no device is named. Raises ArgumentError for what is neither yes nor
    no."""
    wanted = os.environ.get("USE_CPU", "").strip().lower()
    if wanted not in ("", "0", "1", "false", "true"):
        raise ArgumentError(f"USE_CPU is {wanted!r}; set it to 1 or 0, or unset it")
    return wanted in ("1", "true")


@functools.cache
def threads() -> int:
    """The most workers of a program; read once a process. Raises ArgumentError for a DARK_JIT_THREADS below 1."""
    wanted = os.environ.get("DARK_JIT_THREADS", "").strip()
    if not wanted:
        return cores()
    if not wanted.isascii() or not wanted.isdigit() or int(wanted) < 1:
        raise ArgumentError(f"DARK_JIT_THREADS is {wanted!r}; set it to a whole number from 1, or unset it")
    if int(wanted) > cores():
        log.info("DARK_JIT_THREADS is %s, but there are %d cores to use: %d workers", wanted, cores(), cores())
    return min(int(wanted), cores())


def cache_folder() -> Path | None:
    """Where compiled kernels are kept; None for nowhere."""
    wanted = os.environ.get("DARK_JIT_CACHE_DIR", "").strip()
    if wanted.lower() == "off":
        return None
    if wanted:
        return Path(wanted).expanduser()
    from platformdirs import user_cache_path  # noqa: PLC0415  (only where something is compiled)

    return user_cache_path("dark_jit", appauthor=False)


def debug() -> bool:
    """Whether kernels are compiled for gdb and perf. Raises ArgumentError where the texts could lie nowhere."""
    wanted = os.environ.get("DARK_JIT_DEBUG", "").strip().lower()
    if wanted in ("", "0"):
        return False
    if wanted != "1":
        raise ArgumentError(f"DARK_JIT_DEBUG is {wanted!r}; set it to 1 or 0, or unset it")
    if cache_folder() is None:
        raise ArgumentError(
            "DARK_JIT_DEBUG keeps the texts of kernels in a folder; DARK_JIT_CACHE_DIR is 'off', unset it"
        )
    return True


class Exactly:
    """The number of workers of every program, whatever is worth it and however many cores there are; or None."""

    threads: int | None = None


exactly = Exactly()


@contextlib.contextmanager
def overridden(isa: str | None = None, threads: int | None = None) -> Iterator[None]:
    """Inside, programs are made for this instruction set and run by exactly so many workers (None: as before)."""
    before = os.environ.get("DARK_JIT_ISA"), exactly.threads
    _set(isa or before[0], threads or before[1])
    try:
        yield
    finally:
        _set(*before)


def _set(isa: str | None, threads: int | None) -> None:
    if isa is None:
        os.environ.pop("DARK_JIT_ISA", None)
    else:
        os.environ["DARK_JIT_ISA"] = isa
    exactly.threads = threads


@functools.cache
def cores() -> int:
    """How many cores this process may use at once: the affinity mask's, and the cgroup's quota rounded up."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, math.ceil(cgroup_quota(Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")))))


def cgroup_quota(membership: Path, root: Path) -> float:
    """The least CPU quota, in cores, of the cgroups that `membership` (/proc/self/cgroup) names, else a large number.

    Both versions are read: cpu.max of version 2, cpu.cfs_quota_us and cpu.cfs_period_us of version 1.
    """
    quotas = [_quota(folder) for folder in _cgroups(membership, root)]
    return min((quota for quota in quotas if quota is not None), default=float(2**20))


def _cgroups(membership: Path, root: Path) -> Iterator[Path]:
    """The folders of our cgroups and of their parents: a parent's quota binds too."""
    try:
        lines = membership.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if not controllers or "cpu" in controllers.split(","):
            base = root / "cpu" if controllers else root
            inside = Path(path.lstrip("/"))
            yield from (base / parent for parent in (inside, *inside.parents))


def _quota(folder: Path) -> float | None:
    try:
        if (folder / "cpu.max").exists():
            quota, period = (folder / "cpu.max").read_text().split()
        else:
            quota, period = ((folder / f"cpu.cfs_{name}_us").read_text().strip() for name in ("quota", "period"))
        return None if quota in ("max", "-1") else int(quota) / int(period)
    except (OSError, ValueError):
        return None


def _start_log() -> None:
    level = os.environ.get("DARK_JIT_LOG", "").strip().upper()
    if not level:
        return
    if level not in logging.getLevelNamesMapping():
        raise ArgumentError(f"DARK_JIT_LOG is {level!r}; set it to one of DEBUG, INFO, WARNING, ERROR, or unset it")
    log.setLevel(level)
    log.addHandler(logging.StreamHandler())


def _look_again() -> None:
    """In the child of a fork, which may be given other cores before it runs anything."""
    threads.cache_clear()
    cores.cache_clear()


os.register_at_fork(after_in_child=_look_again)
_start_log()
