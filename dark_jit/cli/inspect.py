"""`dark-jit inspect FILE.py:FUNCTION`: what the first call of a compiled function would run."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from dark_jit.cli.calls import HELP, METAVAR, at_first_call
from dark_jit.errors import ArgumentError
from dark_jit.inspection import CardKernel, CardReport, Kernel, Report

STAGES = ("text", "source", "ir", "asm", "sass")


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "inspect",
        help="show what a compiled function runs",
        description="Runs FILE.py until FUNCTION, a compiled function, is called, and shows what the call would run. "
        "The script's own arguments stand behind --.",
    )
    parser.add_argument("what", metavar=METAVAR, help=HELP)
    parser.add_argument("--html", type=Path, metavar="F", help="write the page that shows everything")
    parser.add_argument("--kernel", type=int, metavar="N", help="show one kernel, number N of the table")
    parser.add_argument("--stage", choices=STAGES, default="source", help="what to show of it (%(default)s)")
    parser.add_argument("--timings", action="store_true", help="measure the kernels")
    parser.add_argument("--json", action="store_true", help="the table for programs")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Find the call and show its Report. Raises ArgumentError."""
    report: Report | CardReport = at_first_call(
        arguments.what, arguments.script_arguments, lambda function, args, kwargs: function.inspect(*args, **kwargs)
    )
    if isinstance(report, CardReport) and arguments.html is not None:
        raise ArgumentError("reports of programs for a card have no page; leave out --html")
    if isinstance(report, Report) and arguments.html is not None:
        report.to_html(arguments.html)
        print(arguments.html)
    elif arguments.kernel is not None:
        print(_stage(_kernel(report, arguments.kernel), arguments.stage))
    elif arguments.json:
        print(json.dumps([_row(kernel) for kernel in report.kernels]))
    else:
        print(report.timings() if arguments.timings else report)
    return 0


def _stage(kernel: Kernel | CardKernel, stage: str) -> str:
    found = getattr(kernel, stage, None)
    if found is None:
        raise ArgumentError(
            f"the kernel has no {stage}: those for the CPU have ir and asm, those for a card sass, where nvdisasm is "
            "installed (pip install nvidia-cuda-nvdisasm); all have text and source"
        )
    return str(found)


def _kernel(report: Report | CardReport, number: int) -> Kernel | CardKernel:
    if not 0 <= number < len(report.kernels):
        raise ArgumentError(f"there is no kernel {number}; there are 0 to {len(report.kernels) - 1}")
    return report.kernels[number]


def _row(kernel: Kernel | CardKernel) -> dict[str, object]:
    names = ("name", "template", "lines", "flops", "bytes")
    return {name: getattr(kernel, name) for name in names}
