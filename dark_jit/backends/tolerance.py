"""How far a result of floats may lie from the reference's: derived from the graph that computes it.

Each operation rounds: an elementwise one by its stated error (docs/accuracy.md), a sum of n terms by about sqrt(n)
units in the last place (Higham 2002, Accuracy and Stability of Numerical Algorithms, section 4.5). Along a path through
the graph these add up; `SLACK` allows for what the functions on the way amplify. The tolerance is relative to the
largest magnitude in the result.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dark_jit.dtypes import DType, finfo, float32, float64, is_float, is_half
from dark_jit.graph.graph import Graph
from dark_jit.graph.node import Node

Array = np.ndarray[Any, Any]
SLACK = 8.0
_EXACT = ("leaf", "constant", "movement", "gather", "marker")
_ULPS = {"exp": 1.1, "tanh": 1.5, "erf": 1.5, "sin": 2.0, "cos": 2.0, "power": 1.5}


class Tolerance:
    """What a result may differ by: given as by NumPy's allclose, or derived from a graph that is run `repeat` times."""

    def __init__(self, graph: Graph, rtol: float | None, atol: float | None, repeat: int = 1) -> None:
        self.given = None if rtol is None and atol is None else (rtol or 0.0, atol or 0.0)
        self.derived: dict[DType, float] = {}
        for node, found in zip(graph.outputs, tolerances(graph), strict=True):
            self.derived[node.dtype] = max(self.derived.get(node.dtype, 0.0), repeat * found)

    def problem(self, found: Array, wanted: Array) -> str | None:
        """How a result differs by more than is allowed, in words; None if it does not."""
        if found.shape != wanted.shape:
            return f"has shape {found.shape}, the reference's {wanted.shape}"
        wrong = self._excess(found, wanted)
        if not wrong.size or wrong.max() <= 0:
            return None
        index = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
        at, allowed = [int(i) for i in index], self._allowed(found)
        return f"differs most at {at}: {found[index]}, the reference has {wanted[index]} (allowed: {allowed})"

    def _allowed(self, found: Array) -> str:
        if not is_float(found.dtype):
            return "nothing"
        rtol, atol = self._limits(found)
        return f"rtol {rtol:.3g}, atol {atol:.3g}" if self.given else f"{rtol:.3g} of the largest magnitude, or of 1"

    def _limits(self, found: Array) -> tuple[float, float]:
        return self.given or (self.derived.get(found.dtype, SLACK * epsilon(found.dtype)), 0.0)

    def _excess(self, found: Array, wanted: Array) -> Array:
        """By how much more than is allowed each element differs; infinite where just one is NaN."""
        if not is_float(found.dtype):
            return np.asarray(found != wanted, float)
        rtol, atol = self._limits(found)
        if is_half(found.dtype):
            found, wanted = found.astype(float64), wanted.astype(float64)
        with np.errstate(all="ignore"):
            magnitude = np.abs(wanted)
            if self.given is None:
                magnitude = np.full(wanted.shape, magnitude[np.isfinite(magnitude)].max(initial=1.0))
            excess = np.asarray(np.abs(found - wanted) - (atol + rtol * magnitude))
        excess[np.isnan(excess)] = np.inf
        excess[(found == wanted) | (np.isnan(found) & np.isnan(wanted))] = 0.0
        return excess


def tolerances(graph: Graph) -> list[float]:
    """For each output the tolerance relative to its largest magnitude; 0 for integers and bools, which must be
    equal."""
    errors: dict[Node, float] = {}
    for node in graph.nodes:
        errors[node] = _own_error(node) + max((errors[source] for source in node.inputs), default=0.0)
    return [SLACK * (errors[node] + epsilon(node.dtype)) if is_float(node.dtype) else 0.0 for node in graph.outputs]


def epsilon(dtype: DType) -> float:
    """The distance from 1 to the next float; 0 for other dtypes."""
    return float(finfo(dtype).eps) if is_float(dtype) else 0.0


def _own_error(node: Node) -> float:
    """What an operation adds. Floats of 16 bits are computed in float32, and rounded once."""
    if is_half(node.dtype):
        return _own_units(node) * epsilon(float32) + (epsilon(node.dtype) if node.op.kind not in _EXACT else 0.0)
    return _own_units(node) * epsilon(node.dtype)


def _own_units(node: Node) -> float:
    if node.op.kind == "elementwise":
        return _ULPS.get(node.op.name, 1.0)
    if node.op.kind == "reduction" and node.size:
        return math.sqrt(node.inputs[0].size / node.size)
    if node.op.name == "matmul":
        return math.sqrt(node.inputs[0].shape[-1])
    if node.op.kind == "contraction":
        return math.sqrt(math.prod(node.inputs[1].shape[1:]))
    return 0.0
