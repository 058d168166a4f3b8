"""dark_jit: a readable tensor compiler. The public names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dark_jit import tensor as _tensor
from dark_jit.compiler import CompiledFunction, Guarded, Inspected, compile, present_with
from dark_jit.errors import (
    ArgumentError,
    AxisError,
    DarkError,
    DonatedError,
    DTypeError,
    GradientError,
    IndexOutOfRangeError,
    IntegerDivisionError,
    OutOfRangeError,
    ShapeError,
    TraceError,
)
from dark_jit.graph.origins import named_scope
from dark_jit.tensor import *  # noqa: F403

if TYPE_CHECKING:
    from dark_jit import inspection, nn, optim, series, testing
    from dark_jit.inspection import Report

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
    "OutOfRangeError",
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


def _report(found: Inspected) -> Report:
    from dark_jit.inspection import Report

    return Report(found.program, found.inputs, found.traced, found.name)


present_with(_report)


def inspect(fn: CompiledFunction, *args: Any, **kwargs: Any) -> Report:
    """The Report of the program that `fn`, a compiled function, runs for these arguments."""
    report: Report = fn.inspect(*args, **kwargs)
    return report


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext dark_jit` calls."""
    from dark_jit.inspection import load_ipython_extension as load

    load(shell)


def __getattr__(name: str) -> Any:
    """The parts that stand above the core are imported at their first use."""
    if name in _LAZY:
        from importlib import import_module

        return import_module(f"dark_jit.{name}")
    raise _tensor.unknown("dark_jit", name, __all__)
