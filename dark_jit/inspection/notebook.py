"""Reports in notebooks: after `%load_ext dark_jit`, `%%dark_inspect` above a cell shows the call on its last line."""

from __future__ import annotations

import ast
from types import MethodType
from typing import Any

from dark_jit.compiler import CompiledFunction
from dark_jit.errors import ArgumentError
from dark_jit.inspection.card import CardReport
from dark_jit.inspection.report import Report

_HOW = "%%dark_inspect shows the call on the last line of its cell; end it with one, as in step(x, y)"


def load_ipython_extension(shell: Any) -> None:
    """Add the cell magic `dark_inspect` to an IPython shell."""
    shell.register_magic_function(lambda line, cell: inspect_cell(shell, cell), "cell", "dark_inspect")


def inspect_cell(shell: Any, cell: str) -> Report | CardReport:
    """Run a cell but for its last line, and return the Report of the call that stands there. It is not run itself.

    Raises what the cell raises, and ArgumentError where the last line is no call of a compiled function.
    """
    source = shell.transform_cell(cell)
    body = ast.parse(source).body
    last = body[-1] if body else None
    if not isinstance(last, ast.Expr) or not isinstance(last.value, ast.Call):
        raise ArgumentError(_HOW)
    lines = source.splitlines()
    before = "\n".join([*lines[: last.lineno - 1], lines[last.lineno - 1][: last.col_offset].rstrip("; ")])
    name = shell.compile.cache(before)  # by which the Report finds its lines
    exec(shell.compile(before, name, "exec"), shell.user_ns)
    function, args, kwargs = _evaluated(last.value, shell.user_ns)
    if isinstance(function, MethodType):
        args, function = (function.__self__, *args), function.__func__
    if not isinstance(function, CompiledFunction):
        raise ArgumentError(
            f"{ast.unparse(last.value.func)} is no compiled function; put @dark.compile above it. {_HOW}"
        )
    report: Report | CardReport = function.inspect(*args, **kwargs)
    return report


def _evaluated(call: ast.Call, names: dict[str, Any]) -> tuple[Any, tuple[Any, ...], dict[str, Any]]:
    """What is called, and with what."""
    gather = ast.Call(ast.Name("gather", ast.Load()), [call.func, *call.args], call.keywords)
    expression = ast.fix_missing_locations(ast.Expression(gather))
    found: tuple[Any, tuple[Any, ...], dict[str, Any]] = eval(
        compile(expression, "<dark_inspect>", "eval"),
        {**names, "gather": lambda function, *args, **kwargs: (function, args, kwargs)},
    )
    return found
