"""What is paid before any work is done: the import, and one call of a compiled function on eight floats."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import numpy as np

import dark_jit as dark
from peers import installed, optional
from timing import OURS, Candidate, Result, Timing, measure

torch = optional("torch")

IMPORT_ROUNDS = 11
IMPORT_PROGRAM = "import time; start = time.perf_counter(); import {}; print(time.perf_counter() - start)"


def import_results(threads: int) -> Iterator[Result]:
    """`import NAME` in a fresh interpreter, the libraries taking turns; the first round only warms the disk cache."""
    names = [name for name in ("dark_jit", "torch", "numpy") if installed(name)]
    samples: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(IMPORT_ROUNDS + 1):
        for name in names:
            samples[name].append(import_seconds(name))
    yield Result("import", "import", {name: Timing.of(samples[name][1:]) for name in names})


def import_seconds(name: str) -> float:
    """Seconds that the import statement takes in a fresh interpreter."""
    command = [sys.executable, "-c", IMPORT_PROGRAM.format(name)]
    with_bytecode = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}  # what an installed package has
    return float(subprocess.run(command, check=True, capture_output=True, text=True, env=with_bytecode).stdout)


def call_results(threads: int) -> Iterator[Result]:
    """tanh(x + y) on eight floats."""
    x, y = np.linspace(-1, 1, 8, dtype=np.float32), np.ones(8, np.float32)
    ours, inputs = dark.compile(lambda x, y: dark.tanh(x + y)), (dark.asarray(x), dark.asarray(y))
    candidates: dict[str, Candidate] = {OURS: lambda: ours(*inputs)}
    if torch:
        torch_x, torch_y = torch.from_numpy(x), torch.from_numpy(y)
        candidates["torch"] = lambda: torch.tanh(torch_x + torch_y)
    candidates["numpy"] = lambda: np.tanh(x + y)
    yield measure("call", "tanh(x + y), 8 floats", candidates)
