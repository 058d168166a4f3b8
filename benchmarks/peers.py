"""The libraries that are compared with, each only where it is installed, and the machine that all of them run on."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os
import platform
from pathlib import Path
from typing import Any

# Every library that runs here reads one of these when it is loaded.
THREAD_VARIABLES = ("DARK_JIT_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
NAMED = ("dark_jit", "numpy", "llvmlite", "torch", "jax", "onnxruntime")


def installed(name: str) -> bool:
    """Whether a module could be imported; does not import it."""
    return importlib.util.find_spec(name) is not None


def optional(name: str) -> Any:
    """The module, or None where it is not installed."""
    return importlib.import_module(name) if installed(name) else None


def thread_environment(threads: int) -> dict[str, str]:
    """This process's environment, with all libraries told to use so many threads.

    OpenBLAS's threads spin for tens of milliseconds after a call, on the cores that the next library needs: here they
    do for 2 ** 20 cycles, which is longer than between two calls of a turn.
    """
    return os.environ | dict.fromkeys(THREAD_VARIABLES, str(threads)) | {"OPENBLAS_THREAD_TIMEOUT": "20"}


def pin(threads: int) -> None:
    """Keeps this process on as many cores as it has threads (the last ones: the first serves most interrupts)."""
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, allowed[-threads:])


def describe_machine() -> dict[str, str]:
    """What a figure has to be read with: processor, cores, versions, load."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    load = f"{os.getloadavg()[0]:.2f}" if hasattr(os, "getloadavg") else "unknown"
    versions = {name: importlib.metadata.version(name) for name in NAMED if has_metadata(name)}
    return {
        "processor": processor(),
        "cores": str(cores),
        "system": platform.platform(),
        "python": platform.python_version(),
        "isa": os.environ.get("DARK_JIT_ISA", "the machine's best"),
        "load before": load,
        **versions,
    }


def has_metadata(name: str) -> bool:
    """Whether the distribution is installed (a checkout on PYTHONPATH is not)."""
    return any(importlib.metadata.distributions(name=name))


def processor() -> str:
    """The processor's name as the system gives it, with family and model: the name alone is often masked."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    fields = dict(reversed([[part.strip() for part in line.split(":", 1)] for line in lines if ":" in line]))
    name = fields.get("model name", platform.machine())
    return f"{name} (family {fields.get('cpu family', '?')}, model {fields.get('model', '?')})"
