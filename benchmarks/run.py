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

from peak import COPY, FMA
from peers import describe_machine, thread_environment
from tables import group_table
from timing import Result, Timing
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
            fields = json.loads(line)
            fields["timings"] = {name: Timing(**timing) for name, timing in fields["timings"].items()}
            yield Result(**fields)
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
            groups: dict[str, list[Result]] = {}
            with console.status(suite) as status:
                for result in run_suite(suite, threads):
                    groups.setdefault(result.group, []).append(result)
                    limits |= limit(result)
                    figures.append({"threads": threads, **as_plain(result)})
                    status.update(f"{suite}: {result.name} done")
            for group, rows in groups.items():
                console.print(group_table(f"{group}, {threads} thread{'s' * (threads > 1)}", rows, limits))
    return figures


def limit(result: Result) -> dict[str, float]:
    """What the rows after a peak's are held to: operations or bytes in a second."""
    work = {FMA: result.flops, COPY: result.bytes}
    if result.group not in work or result.failure:
        return {}
    (timing,) = result.timings.values()
    return {result.group: work[result.group] / timing.low}


def as_plain(result: Result) -> dict[str, Any]:
    """A result for JSON."""
    timings = {name: vars(timing) for name, timing in result.timings.items()}
    return {**vars(result), "timings": timings}


def main() -> int:
    """Returns 1 if a row failed: a wrong result or a suite that ended early."""
    arguments = parse_arguments()
    console = Console()
    if not console.is_terminal:
        console = Console(width=160)
    machine = describe_machine()
    console.print("; ".join(f"{name}: {value}" for name, value in machine.items()), highlight=False)
    figures = run_all(console, arguments.only, arguments.threads)
    if arguments.json:
        arguments.json.write_text(json.dumps({"machine": machine, "results": figures}, indent=1) + "\n")
    return int(any(figure["failure"] for figure in figures))


if __name__ == "__main__":
    raise SystemExit(main())
