"""Where a compiled program goes wrong: the first kernel that differs from the reference on the same operands."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dark_jit.backends import reference
from dark_jit.backends.backend import Program
from dark_jit.backends.llvm.backend import CompiledKernel, LLVMProgram
from dark_jit.backends.llvm.isolate import Isolated, alone, kernels_of_nests, nest_of, run_nest
from dark_jit.backends.llvm.trial import kept
from dark_jit.backends.tolerance import Tolerance
from dark_jit.graph import origins
from dark_jit.graph.node import Node

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Difference:
    """A kernel, the user's lines that it computes, the value that it gets wrong, how, a script that runs it alone."""

    kernel: int
    template: str
    lines: tuple[str, ...]
    node: Node
    problem: str
    script: Path

    def __str__(self) -> str:
        lines = f", of {', '.join(self.lines)}" if self.lines else ""
        return (
            f"the first kernel that differs is number {self.kernel} ({self.template}{lines}); what it computes for "
            f"{origins.lines(self.node)}{self.node!r} {self.problem}. To run it alone: python {self.script}"
        )


def first_difference(program: Program, inputs: Sequence[Array]) -> Difference | None:
    """The first kernel that is wrong for these inputs of a program of the CPU backend; None where all are right."""
    assert isinstance(program, LLVMProgram)
    values = reference.evaluate_all(program.stages[-1][1], inputs)
    number = 0
    for kernels in kernels_of_nests(program):
        nest = nest_of(kernels)
        graph, originals = alone(nest)
        allowed = Tolerance(graph, None, None)
        for node, found in run_nest(program, kernels, values).items():
            problem = allowed.problem(found, values[node])
            if problem:
                lines = tuple(origins.described(o for each in originals.values() for o in origins.of(each)))
                template = kernels[-1].task.spec.template
                script = _write_script(program, kernels, values, f"{template}, {', '.join(lines)}")
                return Difference(number, template, lines, node, problem, script)
        number += len(kernels)
    return None


_SCRIPT = '''"""A kernel that differs from the reference: {kernel}.

Its text and the memory that it is given are beside this file, in kernels.json and before.npz; what the reference
computes is in wanted.npz. Needs dark_jit.
"""

from pathlib import Path

from dark_jit.backends.llvm.trial import compare

compare(Path(__file__).parent)
'''


def _write_script(
    program: LLVMProgram, kernels: tuple[CompiledKernel, ...], values: Mapping[Node, Array], kernel: str
) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="dark_jit-"))
    kept(folder, Isolated(program, kernels, values), program.target.isa, values)
    script = folder / "reproduce.py"
    script.write_text(_SCRIPT.format(kernel=kernel))
    return script
