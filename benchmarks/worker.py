"""Runs one suite in this process and prints its results as JSON lines; run.py starts one such process for each suite.

    python benchmarks/worker.py SUITE THREADS

A process each, because libraries read the number of threads when they are loaded.
"""

from __future__ import annotations

import importlib
import json
import sys

from peers import pin

# Suite -> (module, function). The function takes the number of threads and yields Results.
SUITES = {
    "peak": ("peak", "results"),
    "gemm": ("gemm", "results"),
    "conv": ("conv", "results"),
    "elementwise": ("rows", "elementwise_results"),
    "rows": ("rows", "rows_results"),
    "train": ("training", "results"),
    "inference": ("training", "inference_results"),
    "train-torch-compile": ("training", "results_torch_compile"),
    "import": ("overhead", "import_results"),
    "call": ("overhead", "call_results"),
    "footprint": ("footprint", "results"),
    "size": ("footprint", "size_results"),
}


def main(suite: str, threads: int) -> None:
    """Each result is printed as soon as it is there."""
    pin(threads)
    module, function = SUITES[suite]
    for result in getattr(importlib.import_module(module), function)(threads):
        print(json.dumps(result.plain()), flush=True)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
