"""FILE.py:FUNCTION: run a script until it calls a compiled function of this name, and look at that call."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dark_jit.compiler import CompiledFunction
from dark_jit.errors import ArgumentError

METAVAR = "FILE.py:FUNCTION"
HELP = "Net.forward and forward both name a method"
Use = Callable[[CompiledFunction, tuple[Any, ...], dict[str, Any]], Any]


class _Found(BaseException):
    """Ends the script at the call that was looked for; no `except Exception` of the script stops it."""

    def __init__(self, result: Any) -> None:
        self.result = result


def at_first_call(what: str, script_arguments: list[str], use: Use) -> Any:
    """What `use` makes of the first call of a compiled function, in the place of the call. Raises ArgumentError."""
    file_name, _, name = what.rpartition(":")
    file = Path(file_name)
    if not file_name or not name:
        raise ArgumentError(f"{METAVAR} is wanted, got {what!r}")
    if not file.is_file():
        raise ArgumentError(f"there is no file {file}")
    call, argv, path = CompiledFunction.__call__, sys.argv, list(sys.path)

    def looked_for(function: CompiledFunction, *args: Any, **kwargs: Any) -> Any:
        own = getattr(function, "__qualname__", "").replace(".<locals>", "")
        if own == name or own.endswith(f".{name}"):
            CompiledFunction.__call__ = call  # type: ignore[method-assign]
            raise _Found(use(function, args, kwargs))
        return call(function, *args, **kwargs)

    CompiledFunction.__call__ = looked_for  # type: ignore[method-assign,assignment]
    sys.argv, sys.path[:0] = [str(file), *script_arguments], [str(file.parent.resolve())]
    try:
        runpy.run_path(str(file), run_name="__main__")
    except _Found as found:
        return found.result
    finally:
        CompiledFunction.__call__ = call  # type: ignore[method-assign]
        sys.argv, sys.path[:] = argv, path
    raise ArgumentError(f"{file} has ended, and called no compiled function {name!r}")
