"""What it costs besides time at work: memory of a training step, bytes on disk, seconds until the first result."""

from __future__ import annotations

import importlib.metadata
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from models import CASES, Case
from peers import has_metadata, installed
from timing import OURS, Candidate, Result, Timing

STEPS = 4
NEEDED = {OURS: ("dark_jit", "numpy", "llvmlite", "jinja2", "markupsafe", "platformdirs")}


def results(threads: int) -> Iterator[Result]:
    """The largest resident set; the first step with nothing on disk, and with what the first has left there."""
    for case in CASES:
        peaks = {name: float(child("memory", name, case)) for name in libraries()}
        timings = {library: Timing.of([peak]) for library, peak in peaks.items()}
        yield Result("training steps, largest resident set", case.name, timings, unit="bytes")
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            for state in ("nothing on disk", "from disk"):
                seconds = float(child("first", OURS, case, DARK_JIT_CACHE_DIR=folder))
                yield Result("first step", f"{case.name}, {state}", {OURS: Timing.of([seconds])})


def size_results(threads: int) -> Iterator[Result]:
    """Bytes of what is installed, with all that it needs."""
    found = {OURS: sum(map(distribution_bytes, NEEDED[OURS]))}
    if has_metadata("torch"):
        found["torch"] = distribution_bytes("torch") + distribution_bytes("numpy")
    timings = {library: Timing.of([float(size)]) for library, size in found.items()}
    yield Result("size", "installed, with what it needs", timings, unit="bytes")


def libraries() -> list[str]:
    """Ours, and PyTorch where it is installed."""
    return [OURS, "torch"] if installed("torch") else [OURS]


def distribution_bytes(name: str) -> int:
    """Of its files, and of those of libraries that came with it in one folder."""
    files = importlib.metadata.files(name) or []
    paths = [Path(str(file.locate())) for file in files]
    if name == "dark_jit":
        root = Path(__file__).parents[1]
        paths = [path for name in ("dark_jit", "templates") for path in (root / name).rglob("*.*")]
    return sum(path.stat().st_size for path in paths if path.is_file())


def child(what: str, library: str, case: Case, **environment: str) -> str:
    """What a process of its own prints."""
    command = [sys.executable, __file__, what, library, case.name]
    found = subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, **environment})
    return str(json.loads(found.stdout.splitlines()[-1]))


def main(what: str, library: str, name: str) -> None:
    """In the child: print the largest resident set after some steps, or the seconds of the first one."""
    case = next(case for case in CASES if case.name == name)
    step = _our_step(case) if library == OURS else _torch_step(case)
    start = time.perf_counter()
    step()
    seconds = time.perf_counter() - start
    for _ in range(STEPS if what == "memory" else 0):
        step()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps(peak if what == "memory" else seconds))


def _our_step(case: Case) -> Candidate:
    """With no peer in the process."""
    sys.modules.update(dict.fromkeys(("torch", "jax", "onnxruntime"), None))  # type: ignore[arg-type]
    import training  # noqa: PLC0415
    from dark_jit import nn  # noqa: PLC0415

    return training.our_step(case, case.build(nn))


def _torch_step(case: Case) -> Candidate:
    """In a process that does not import dark_jit."""
    from torch_peer import torch, torch_step  # noqa: PLC0415

    return torch_step(case, case.build(torch.nn), fused=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
