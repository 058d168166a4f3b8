"""How far each kernel is from float64, on what it really reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dark_jit import dtypes
from dark_jit.backends import reference
from dark_jit.backends.llvm.backend import LLVMProgram
from dark_jit.backends.llvm.isolate import Run, alone, nest_of, runs
from dark_jit.graph.node import Node

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class KernelError:
    """The error of a value that a kernel stores, against the same computed in float64 from the same operands.

    kernel: its number (of several that work together, the last one's); error: the largest absolute difference, infinite
    where only one of both is finite; relative: that, in parts of the largest magnitude; at: where.
    """

    kernel: int
    node: Node
    error: float
    relative: float
    at: tuple[int, ...]


def kernel_errors(program: LLVMProgram, inputs: Sequence[Array]) -> list[KernelError]:
    """The errors of all kernels on these inputs, the largest relative one first; integers count as wrong or right."""
    found, number = list[KernelError](), -1
    for run in runs(program, inputs):
        number += len(run.kernels)
        found += _of_run(number, run)
    return sorted(found, key=lambda each: -each.relative)


def _of_run(number: int, run: Run) -> Iterator[KernelError]:
    nest = nest_of(run.kernels)
    graph, _ = alone(nest)
    wanted = dict(zip(nest.roots, reference.evaluate_in_float64(graph, list(run.operands.values())), strict=True))
    for node, array in run.results.items():
        yield _error(number, node, array, wanted[node])


def _error(number: int, node: Node, found: Array, wanted: Array) -> KernelError:
    if not found.size:
        return KernelError(number, node, 0.0, 0.0, ())
    with np.errstate(all="ignore"):
        differences = np.abs(found.astype(np.float64) - wanted.astype(np.float64))
    same = (found == wanted) | (np.isnan(found) & np.isnan(wanted)) if dtypes.is_float(found.dtype) else found == wanted
    differences = np.where(same, 0.0, np.where(np.isnan(differences), np.inf, differences))
    at = tuple(int(i) for i in np.unravel_index(int(np.argmax(differences)), differences.shape))
    finite = np.abs(wanted[np.isfinite(wanted)].astype(np.float64))
    largest, error = finite.max(initial=0.0), float(differences[at])
    return KernelError(number, node, error, error / largest if largest else error, at)
