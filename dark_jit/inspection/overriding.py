"""Kernels with a text of the user's: tried, held to the reference, and only then run in calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from dark_jit.backends import reference
from dark_jit.backends.llvm.backend import LLVMProgram
from dark_jit.backends.llvm.compile import compile_module
from dark_jit.backends.llvm.isolate import Isolated, alone, nest_of, runs
from dark_jit.backends.llvm.render import Rendered
from dark_jit.backends.llvm.trial import tried
from dark_jit.backends.tolerance import Tolerance
from dark_jit.errors import OverrideError
from dark_jit.graph.node import Node

Array = np.ndarray[Any, Any]


def override(program: LLVMProgram, number: int, text: str, inputs: Sequence[Array], seconds: float) -> None:
    """Let the program run this text for kernel `number`. Raises OverrideError where it computes something else."""
    isolated, operands = _isolated(program, number, inputs)
    texts = [text if kernel is program.kernels[number] else kernel.rendered.text for kernel in isolated.kernels]
    found = tried(isolated, texts, program.target.isa, seconds)
    nest = nest_of(isolated.kernels)
    graph, _ = alone(nest)
    allowed = Tolerance(graph, None, None)
    for node, wanted in zip(nest.roots, reference.evaluate(graph, list(operands.values())), strict=True):
        problem = allowed.problem(found[node], wanted) if node in found else None
        if problem:
            raise OverrideError(f"the edited kernel is refused: its {node!r} {problem}")
    kernel = program.kernels[number]
    module = compile_module(text, program.target.isa)
    program.replace(number, replace(kernel, rendered=Rendered(text, {}), module=module))


def _isolated(program: LLVMProgram, number: int, inputs: Sequence[Array]) -> tuple[Isolated, dict[Node, Array]]:
    """The kernels of the nest that the kernel belongs to, and what they read."""
    wanted = program.kernels[number]
    run = next(run for run in runs(program, inputs) if any(kernel is wanted for kernel in run.kernels))
    return Isolated(program, run.kernels, run.operands), dict(run.operands)
