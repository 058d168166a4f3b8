"""Times dark_jit beside NumPy, PyTorch, JAX and ONNX Runtime, where installed, in the same run, and prints tables.

    python benchmarks/run.py                               # all suites but train-torch-compile, one thread
    python benchmarks/run.py --threads 1,2 --only gemm,conv
    python benchmarks/run.py --json results.json           # the figures and the machine, for later comparison

A cell is the median, with the slowest and the fastest round in brackets where that is GFLOP/s, the fastest and the
slowest where it is time. A ratio above 1 means that dark_jit is faster. No test looks at these figures.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console

from peers import describe_machine, thread_environment
from report import make_console, print_groups, print_machine, write_figures
from timing import Result
from worker import SUITES

LEFT_OUT = "train-torch-compile"
WITHOUT_THREADS = {"import", "size"}


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Time dark_jit beside its peers.")
    parser.add_argument("--threads", default="1", help="numbers of threads, comma-separated (%(default)s)")
    default = ",".join(suite for suite in SUITES if suite != LEFT_OUT)
    parser.add_argument("--only", default=default, help=f"which of {', '.join(SUITES)} (all but {LEFT_OUT})")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    arguments = parser.parse_args()
    arguments.only = arguments.only.split(",")
    unknown = [suite for suite in arguments.only if suite not in SUITES]
    if unknown:
        parser.error(f"no suite is named {', '.join(unknown)}; there are {', '.join(SUITES)}")
    try:
        arguments.threads = [int(number) for number in arguments.threads.split(",")]
    except ValueError:
        parser.error("--threads takes numbers, such as 1 or 1,2")
    return arguments


def run_suite(suite: str, threads: int) -> Iterator[Result]:
    """The results of one suite, as they come; a row with the exit status if its process fails."""
    command = [sys.executable, str(Path(__file__).with_name("worker.py")), suite, str(threads)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=thread_environment(threads)) as process:
        assert process.stdout is not None
        for line in process.stdout:
            yield Result.from_plain(json.loads(line))
    if process.returncode:
        yield Result(suite, "(stopped)", failure=f"the suite's process ended with status {process.returncode}")


def run_all(console: Console, suites: list[str], thread_counts: list[int]) -> list[dict[str, Any]]:
    """Runs the suites and prints a table for each group of results; returns the figures as plain data."""
    figures = []
    for threads in thread_counts:
        limits: dict[str, float] = {}
        for suite in suites:
            if suite in WITHOUT_THREADS and threads != thread_counts[0]:
                continue
            results = []
            with console.status(suite) as status:
                for result in run_suite(suite, threads):
                    results.append(result)
                    figures.append({"threads": threads, **result.plain()})
                    status.update(f"{suite}: {result.name} done")
            print_groups(console, results, limits, f", {threads} thread{'s' * (threads > 1)}")
    return figures


def main() -> int:
    """Returns 1 if a row failed: a wrong result or a suite that ended early."""
    arguments = parse_arguments()
    console, machine = make_console(), describe_machine()
    print_machine(console, machine)
    figures = run_all(console, arguments.only, arguments.threads)
    if arguments.json:
        write_figures(arguments.json, machine, figures)
    return int(any(figure["failure"] for figure in figures))


if __name__ == "__main__":
    raise SystemExit(main())
