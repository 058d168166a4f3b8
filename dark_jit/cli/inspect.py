"""`dark-jit inspect FILE.py:FUNCTION`: what the first call of a compiled function would run."""

from __future__ import annotations

import argparse
import json
import runpy
import sys
from pathlib import Path
from typing import Any

from dark_jit.compiler import CompiledFunction
from dark_jit.errors import ArgumentError
from dark_jit.inspection import CardKernel, CardReport, Kernel, Report

STAGES = ("text", "source", "ir", "asm", "sass")


class _Found(BaseException):
    """Ends the script at the call that was looked for; no `except Exception` of the script stops it."""

    def __init__(self, report: Report | CardReport) -> None:
        self.report = report


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "inspect",
        help="show what a compiled function runs",
        description="Runs FILE.py until FUNCTION, a compiled function, is called, and shows what the call would run. "
        "The script's own arguments stand behind --.",
    )
    parser.add_argument("what", metavar="FILE.py:FUNCTION", help="Net.forward and forward both name a method")
    parser.add_argument("--html", type=Path, metavar="F", help="write the page that shows everything")
    parser.add_argument("--kernel", type=int, metavar="N", help="show one kernel, number N of the table")
    parser.add_argument("--stage", choices=STAGES, default="source", help="what to show of it (%(default)s)")
    parser.add_argument("--timings", action="store_true", help="measure the kernels")
    parser.add_argument("--json", action="store_true", help="the table for programs")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Find the call and show its Report. Raises ArgumentError."""
    file, _, name = arguments.what.rpartition(":")
    if not file or not name:
        raise ArgumentError(f"inspect wants FILE.py:FUNCTION, got {arguments.what!r}")
    report = _report(Path(file), name, arguments.script_arguments)
    if isinstance(report, CardReport) and (arguments.html is not None or arguments.timings):
        raise ArgumentError("reports of programs for a card have no times and no page; leave out --timings, --html")
    if isinstance(report, Report) and arguments.html is not None:
        report.to_html(arguments.html)
        print(arguments.html)
    elif arguments.kernel is not None:
        print(_stage(_kernel(report, arguments.kernel), arguments.stage))
    elif arguments.json:
        print(json.dumps([_row(kernel) for kernel in report.kernels]))
    else:
        print(report.timings() if isinstance(report, Report) and arguments.timings else report)
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


def _report(file: Path, name: str, script_arguments: list[str]) -> Report | CardReport:
    """The Report of the first call of a compiled function of this name."""
    if not file.is_file():
        raise ArgumentError(f"there is no file {file}")
    call, argv, path = CompiledFunction.__call__, sys.argv, list(sys.path)

    def looked_for(function: CompiledFunction, *args: Any, **kwargs: Any) -> Any:
        own = getattr(function, "__qualname__", "").replace(".<locals>", "")
        if own == name or own.endswith(f".{name}"):
            raise _Found(function.inspect(*args, **kwargs))
        return call(function, *args, **kwargs)

    CompiledFunction.__call__ = looked_for  # type: ignore[method-assign,assignment]
    sys.argv, sys.path[:0] = [str(file), *script_arguments], [str(file.parent.resolve())]
    try:
        runpy.run_path(str(file), run_name="__main__")
    except _Found as found:
        return found.report
    finally:
        CompiledFunction.__call__ = call  # type: ignore[method-assign]
        sys.argv, sys.path[:] = argv, path
    raise ArgumentError(f"{file} has ended, and called no compiled function {name!r}")
