"""`dark-jit doctor`: what dark_jit finds on this machine, and what is missing."""

from __future__ import annotations

import argparse
import importlib.util
import json
import platform
import shutil
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import dark_jit
from dark_jit import config
from dark_jit.backends.disk import disk_cache
from dark_jit.cli import tables
from dark_jit.errors import DarkError

_PACKAGES = ("numpy", "llvmlite", "jinja2", "platformdirs")
# What each extra is for, and a module by which it shows.
_EXTRAS = {
    "the examples' data and progress bars": ("sklearn", 'pip install "dark_jit[examples]"'),
    "tests of your own operations": ("pytest", 'pip install "dark_jit[test]"'),
    "CUDA cards": ("cupy", 'pip install "dark_jit[cuda13]"'),
}


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("doctor", help="what dark_jit finds on this machine, and what is missing")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Look at everything; 1 if programs cannot run."""
    found, problems = _machine(), []
    try:
        problems += _trial()
    except DarkError as error:
        problems.append(str(error))
    if arguments.json:
        print(json.dumps({**found, "missing": _missing(), "problems": problems}))
        return int(bool(problems))
    tables.show("This machine", found)
    for what, how in _missing().items():
        print(f"not installed, for {what}: {how}")
    for problem in problems:
        print(f"problem: {problem}")
    print("programs cannot run" if problems else "programs run")
    return int(bool(problems))


def _machine() -> dict[str, object]:
    from dark_jit.backends.llvm.target import available_isas, machine  # noqa: PLC0415  (llvmlite)

    target, usage = machine(), disk_cache().usage()
    caches = ", ".join(tables.size(n) for n in (target.l1_bytes, target.l2_bytes, target.l3_bytes))
    return {
        "dark_jit": dark_jit.__version__,
        "python": platform.python_version(),
        **{name: _version(name) for name in _PACKAGES},
        "system": platform.platform(),
        "processor": _processor(),
        "instruction sets": ", ".join(available_isas()),
        "in use": target.isa,
        "data caches": caches,
        "cores": config.cores(),
        "workers": config.threads(),
        "kernels on disk": f"{usage.entries} in {usage.folder}" if usage.folder else "off",
        "C++ compiler (for cuda-emulator)": shutil.which("g++") or "none",
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as file:
            names = [line.partition(":")[2].strip() for line in file if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or platform.machine()


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def _missing() -> dict[str, str]:
    """What is not installed: what it is for, and how to get it."""
    return {what: how for what, (module, how) in _EXTRAS.items() if importlib.util.find_spec(module) is None}


def _trial() -> list[str]:
    """Run something small on the CPU."""
    found = dark_jit.asarray([3.0, 4.0])
    norm = dark_jit.sqrt((found * found).sum()).item()
    return [] if norm == 5.0 else [f"sqrt(3 * 3 + 4 * 4) is {norm}"]
