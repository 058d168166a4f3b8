"""How a function is compiled."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from dark_jit import execution
from dark_jit.backends.backend import Program
from dark_jit.errors import ArgumentError


@dataclass(frozen=True)
class Options:
    """What `compile` was told, besides donations. Raises ArgumentError."""

    backend: str | None = None
    precision: str = "default"
    check: bool = False
    nan: str | None = None
    tune: float | None = None

    def __post_init__(self) -> None:
        if self.backend is not None:
            execution.backend_named(self.backend)
        if self.precision not in execution.PRECISIONS:
            names = ", ".join(map(repr, execution.PRECISIONS))
            raise ArgumentError(f"precision must be one of {names}, got {self.precision!r}")
        if self.nan not in (None, "raise"):
            raise ArgumentError(f'nan must be None or "raise", got {self.nan!r}')
        if self.tune is not None:
            self._check_tune(self.tune)

    def _check_tune(self, seconds: object) -> None:
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds < math.inf:
            raise ArgumentError(f"tune must be None or a number of seconds, at least 0, got {seconds!r}")
        if self.backend in ("reference", "cuda-emulator"):
            raise ArgumentError(f"tune is for kernels of the CPU and of cards, not for {self.backend!r}")


Watcher = Callable[[Program, Options], Program]
_watchers: list[Watcher] = []


def watch_with(watcher: Watcher) -> None:
    """Let programs that are to be checked run under this: what stands above registers itself."""
    _watchers.append(watcher)


def watched(program: Program, options: Options) -> Program:
    """The program, under a watcher where the options ask for one."""
    return _watchers[-1](program, options) if options.check or options.nan else program
