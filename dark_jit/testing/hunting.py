"""Programs that look at what each kernel does: `dark.compile(check=True)` and `dark.compile(nan="raise")`.

Kernels are run alone, each on what those before it have computed, so what one gets wrong is its own doing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np

from dark_jit.backends import reference
from dark_jit.backends.backend import Program
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.llvm.backend import LLVMProgram
from dark_jit.backends.llvm.isolate import Run, alone, nest_of, runs
from dark_jit.dtypes import is_float
from dark_jit.errors import ArgumentError, MismatchError, NaNError
from dark_jit.graph import origins
from dark_jit.graph.node import Node
from dark_jit.testing.locate import first_difference

Array = np.ndarray[Any, Any]


def watched(program: Program, check: bool, nan: bool) -> Program:
    """The program with its kernels held to the reference, looked at for NaN, or both. Raises ArgumentError."""
    if not isinstance(program, LLVMProgram):
        raise ArgumentError('check=True and nan="raise" are for the CPU backend: compile for backend="cpu"')
    return _Watched(program, check, nan)


class _Watched:
    """check: raises MismatchError before anything is computed that a kernel gets wrong. nan: raises NaNError where a
    result has a NaN; only then are kernels looked at one by one.
    """

    def __init__(self, program: LLVMProgram, check: bool, nan: bool) -> None:
        self.program = program
        self.check = check
        self.nan = nan

    def run(self, inputs: Sequence[Buffer]) -> list[Buffer]:
        if self.check:
            difference = first_difference(self.program, [buffer.array() for buffer in inputs])
            if difference is not None:
                raise MismatchError(str(difference))
        outputs = self.program.run(inputs)
        if self.nan and any(_has_nan(buffer.array()) for buffer in outputs):
            raise NaNError(_first_nan(self.program, [buffer.array() for buffer in inputs]))
        return outputs


def _has_nan(array: Array) -> bool:
    return is_float(array.dtype) and bool(np.isnan(array).any())


def _first_nan(program: LLVMProgram, inputs: Sequence[Array]) -> str:
    """Which operation made the first NaN, in words."""
    graph = program.stages[-1][1]
    for node, array in zip(graph.inputs, inputs, strict=True):
        if _has_nan(array):
            return f"argument or captured Tensor number {node['index']}, {node!r}, has a NaN when the call begins"
    infinite = ""
    for run in runs(program, inputs):
        first = None if infinite else _makes(run, _has_infinity)
        if first is not None:
            infinite = f"; {origins.lines(first)}{first!r} has made the first infinity"
        made = _makes(run, _has_nan)
        if made is not None:
            return f"{origins.lines(made)}{made!r} is the first operation that makes a NaN{infinite}"
    return "a result has a NaN, and run alone no kernel makes one: please report this"


def _has_infinity(array: Array) -> bool:
    return is_float(array.dtype) and bool(np.isinf(array).any())


def _makes(run: Run, bad: Any) -> Node | None:
    """The first operation in a nest that makes something bad of operands that are not, as the reference computes it; or
    else a value that the kernels store.
    """
    if any(map(bad, run.operands.values())) or all(map(_is_finite, run.results.values())):
        return None
    graph, originals = alone(nest_of(run.kernels))
    found = reference.evaluate_all(graph, list(run.operands.values()))
    inside = (originals[node] for node in graph.nodes if bad(found[node]))
    stored = (node for node, array in run.results.items() if bad(array))
    return next(chain(inside, stored), None)


def _is_finite(array: Array) -> bool:
    return not is_float(array.dtype) or bool(np.isfinite(array).all())
