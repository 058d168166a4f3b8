"""The NumPy interpreter: any graph, node by node. It defines what every other backend must compute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dark_jit import dtypes
from dark_jit.backends.buffer import Buffer
from dark_jit.graph.graph import INPUT, Graph
from dark_jit.graph.node import Node, intern_node
from dark_jit.ops.half import meaning

Array = np.ndarray[Any, Any]


def evaluate(graph: Graph, inputs: Sequence[Array]) -> list[Array]:
    """The outputs of the graph for these inputs (one array per input node, of its shape and dtype)."""
    values = evaluate_all(graph, inputs)
    return [values[node] for node in graph.outputs]


def evaluate_all(graph: Graph, inputs: Sequence[Array]) -> dict[Node, Array]:
    """The value of every node of the graph."""
    values: dict[Node, Array] = {}
    with np.errstate(all="ignore"):
        for node in graph.nodes:
            values[node] = _value(node, values, inputs)
    return values


def _value(node: Node, values: dict[Node, Array], inputs: Sequence[Array]) -> Array:
    if node.op is INPUT:
        return np.asarray(inputs[node["index"]])
    result = meaning(node, *(values[source] for source in node.inputs))
    if result.shape != node.shape or result.dtype != node.dtype:
        raise AssertionError(f"{node!r}: NumPy gave {result.dtype}{result.shape}")
    return result


def evaluate_in_float64(graph: Graph, inputs: Sequence[Array]) -> list[Array]:
    """The outputs of the graph if all that is float32 in it were float64, in float64."""
    values: dict[Node, Array] = {}
    with np.errstate(all="ignore"):
        for node in graph.nodes:
            if node.op is INPUT:
                found = np.asarray(inputs[node["index"]])
            else:
                found = np.asarray(node.op.numpy(_widened(node), *(values[source] for source in node.inputs)))
            values[node] = found.astype(np.float64) if node.dtype == np.float32 else found
    return [values[node] for node in graph.outputs]


def _widened(node: Node) -> Node:
    """The operation with float64 where it says float32; numbers stay as float32 has rounded them."""
    if node.dtype != np.float32:
        return node
    attrs = dict(node.attrs)
    if attrs.get("dtype") == "float32":
        attrs["dtype"] = "float64"
        if "value" in attrs:
            attrs["value"] = dtypes.number_text(float(np.float32(str(attrs["value"]))))
    return intern_node(node.op, node.inputs, tuple(sorted(attrs.items())), node.shape, dtypes.float64)


class ReferenceProgram:
    """A graph that is interpreted at each run."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph

    def run(self, inputs: Sequence[Buffer]) -> list[Buffer]:
        """The outputs, in new buffers."""
        outputs = evaluate(self.graph, [buffer.array() for buffer in inputs])
        return [Buffer.copy_of(output, output.dtype) for output in outputs]


class ReferenceBackend:
    """Runs graphs by NumPy, slowly and plainly."""

    name = "reference"

    def compile(
        self, graph: Graph, precision: str = "default", tune: float | None = None, still: tuple[int, ...] = ()
    ) -> ReferenceProgram:
        """A program that interprets the graph, in whatever precision the same."""
        return ReferenceProgram(graph)
