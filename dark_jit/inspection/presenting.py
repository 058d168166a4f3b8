"""Which report a program has."""

from __future__ import annotations

from collections.abc import Sequence

from dark_jit.backends.backend import Program
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.cuda.backend import CudaProgram
from dark_jit.backends.llvm.backend import LLVMProgram
from dark_jit.errors import ArgumentError
from dark_jit.graph.node import Node
from dark_jit.inspection.card import CardReport
from dark_jit.inspection.report import Report


def report_of(
    program: Program, inputs: Sequence[Buffer] = (), traced: Sequence[Node] = (), name: str = "program"
) -> Report | CardReport:
    """The report of a program; the arguments are Report's. Raises ArgumentError for one that has no kernels."""
    if isinstance(program, CudaProgram):
        return CardReport(program, inputs, traced, name)
    if isinstance(program, LLVMProgram):
        return Report(program, inputs, traced, name)
    raise ArgumentError("the reference has no kernels to report on; compile for 'cpu', 'cuda' or 'cuda-emulator'")
