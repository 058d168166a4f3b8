"""dark_jit: a readable tensor compiler. The public names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dark_jit import tensor as _tensor
from dark_jit.compiler import CompiledFunction, Guarded, Inspected, Options, compile, present_with, watch_with
from dark_jit.errors import (
    ArgumentError,
    AxisError,
    DarkError,
    DonatedError,
    DTypeError,
    GradientError,
    IndexOutOfRangeError,
    IntegerDivisionError,
    MismatchError,
    NaNError,
    OutOfRangeError,
    OverrideError,
    ShapeError,
    TraceError,
)
from dark_jit.graph.origins import named_scope
from dark_jit.tensor import *  # noqa: F403

if TYPE_CHECKING:
    from dark_jit import inspection, nn, optim, series, testing
    from dark_jit.backends.backend import Program
    from dark_jit.inspection import CardReport, Report

__version__ = "0.1.0"

_LAZY = ("inspection", "nn", "optim", "series", "testing")

__all__ = [
    "ArgumentError",
    "AxisError",
    "CompiledFunction",
    "DTypeError",
    "DarkError",
    "DonatedError",
    "GradientError",
    "Guarded",
    "IndexOutOfRangeError",
    "IntegerDivisionError",
    "MismatchError",
    "NaNError",
    "OutOfRangeError",
    "OverrideError",
    "ShapeError",
    "TraceError",
    "compile",
    "inspect",
    "inspection",
    "named_scope",
    "nn",
    "optim",
    "series",
    "testing",
]
__all__ += _tensor.__all__


def _report(found: Inspected) -> Report | CardReport:
    from dark_jit.inspection import report_of

    return report_of(found.program, found.inputs, found.traced, found.name)


def _watched(program: Program, options: Options) -> Program:
    from dark_jit.testing.hunting import watched

    return watched(program, check=options.check, nan=options.nan == "raise")


present_with(_report)
watch_with(_watched)


def inspect(fn: CompiledFunction, *args: Any, **kwargs: Any) -> Any:
    """The Report of the program that `fn`, a compiled function, runs for these arguments; for a card a CardReport."""
    return fn.inspect(*args, **kwargs)


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext dark_jit` calls."""
    from dark_jit.inspection import load_ipython_extension as load

    load(shell)


def __getattr__(name: str) -> Any:
    """The parts that stand above the core are imported at their first use."""
    if name in _LAZY:
        from importlib import import_module

        return import_module(f"dark_jit.{name}")
    if name == "bfloat16":
        return _tensor.bfloat16
    raise _tensor.unknown("dark_jit", name, __all__)
