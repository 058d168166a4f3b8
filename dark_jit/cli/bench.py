"""`dark-jit bench FILE.py:FUNCTION`: how long a compiled function takes, and which kernels take it."""

from __future__ import annotations

import argparse
import json
import math
import statistics
import time
from dataclasses import dataclass
from typing import Any

from dark_jit.cli.calls import HELP, METAVAR, at_first_call
from dark_jit.compiler import CompiledFunction
from dark_jit.errors import ArgumentError
from dark_jit.inspection import Report

ROUNDS = 15


@dataclass(frozen=True)
class _Timed:
    """Seconds of the first call, of a call in each round, and the Report."""

    first: float
    rounds: list[float]
    report: Any


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser(
        "bench",
        help="time a compiled function",
        description="Runs FILE.py until FUNCTION, a compiled function, is called, and times that call: the first one, "
        "which compiles, then many. They are real calls: a training step trains. The script's own arguments stand "
        "behind --.",
    )
    parser.add_argument("what", metavar=METAVAR, help=HELP)
    parser.add_argument("--seconds", type=float, default=2.0, help="for the calls that count (%(default)s)")
    parser.add_argument("--json", action="store_true", help="the figures for programs")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Time the call and show it. Raises ArgumentError."""
    seconds = arguments.seconds
    if not 0 < seconds < math.inf:
        raise ArgumentError(f"--seconds wants a number above 0, got {seconds}")

    def timed(function: CompiledFunction, args: tuple[Any, ...], kwargs: dict[str, Any]) -> _Timed:
        return _timed(function, args, kwargs, seconds)

    found: _Timed = at_first_call(arguments.what, arguments.script_arguments, timed)
    if arguments.json:
        print(json.dumps(_figures(found)))
    else:
        _show(found)
    return 0


def _timed(function: CompiledFunction, args: tuple[Any, ...], kwargs: dict[str, Any], seconds: float) -> _Timed:
    first = _seconds(function, args, kwargs, 1)
    once = _seconds(function, args, kwargs, 2)
    calls = max(1, round(seconds / ROUNDS / once))
    rounds = [_seconds(function, args, kwargs, calls) for _ in range(ROUNDS)]
    return _Timed(first, rounds, function.inspect(*args, **kwargs))


def _seconds(function: CompiledFunction, args: tuple[Any, ...], kwargs: dict[str, Any], calls: int) -> float:
    """The mean of so many calls in a row."""
    start = time.perf_counter()
    for _ in range(calls):
        function(*args, **kwargs)
    return (time.perf_counter() - start) / calls


def _figures(found: _Timed) -> dict[str, Any]:
    kernels = [
        {"name": kernel.name, "template": kernel.template, "seconds": kernel.seconds, "share_of_roofline": kernel.share}
        for kernel in (found.report.kernels if isinstance(found.report, Report) else [])
    ]
    rounds = {"median": statistics.median(found.rounds), "low": min(found.rounds), "high": max(found.rounds)}
    return {"first_call": found.first, "call": rounds, "kernels": kernels}


def _show(found: _Timed) -> None:
    low, high = 1e3 * min(found.rounds), 1e3 * max(found.rounds)
    print(f"first call {found.first:.3g} s, compilation included")
    print(f"a call     {1e3 * statistics.median(found.rounds):.4g} ms ({low:.4g} .. {high:.4g}, {ROUNDS} rounds)")
    if isinstance(found.report, Report):
        print(f"\neach kernel alone:\n{found.report.timings()}")
