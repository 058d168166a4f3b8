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
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.llvm.backend import LLVMProgram
from dark_jit.backends.llvm.isolate import alone, kernels_of_nests, nest_of, reads, run_nest
from dark_jit.backends.llvm.target import machine
from dark_jit.backends.tolerance import Tolerance
from dark_jit.graph import origins
from dark_jit.graph.graph import Graph
from dark_jit.graph.node import Node
from dark_jit.graph.text import parse, print_graph

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
                script = _write_script(graph, program.target.isa, [values[read] for read in reads(nest)])
                lines = tuple(origins.described(o for each in originals.values() for o in origins.of(each)))
                return Difference(number, kernels[-1].task.spec.template, lines, node, problem, script)
        number += len(kernels)
    return None


_SCRIPT = '''"""One kernel that differs from the reference. Needs dark_jit; the operands are beside this file."""

import numpy as np

from dark_jit.testing.locate import compare

GRAPH = """
{graph}"""

operands = np.load({operands!r})
compare(GRAPH, [operands[f"operand{{number}}"] for number in range(len(operands.files))], isa={isa!r})
'''


def _write_script(graph: Graph, isa: str, operands: Sequence[Array]) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="dark_jit-"))
    arrays = folder / "operands.npz"
    named: Mapping[str, Array] = {f"operand{number}": operand for number, operand in enumerate(operands)}
    np.savez(arrays, **named)  # type: ignore[arg-type]  # NumPy's stub takes the names for a flag
    script = folder / "reproduce.py"
    script.write_text(_SCRIPT.format(graph=print_graph(graph), operands=str(arrays), isa=isa))
    return script


def compare(text: str, operands: Sequence[Array], isa: str | None = None) -> None:
    """Compile the graph of a text for an instruction set, run it, and print how far each output is from the
    reference."""
    graph = parse(text)
    program = LLVMProgram(graph, machine(isa))
    found = program.run([Buffer.copy_of(operand, operand.dtype) for operand in operands])
    for number, (buffer, wanted) in enumerate(zip(found, reference.evaluate(graph, operands), strict=True)):
        error = np.abs(buffer.array().astype(float) - wanted.astype(float)).max(initial=0.0)
        print(f"output {number}: largest error {error:.3g}, largest magnitude {np.abs(wanted).max(initial=0.0):.3g}")
