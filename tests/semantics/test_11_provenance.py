"""Rule 11: where a node came from is not part of the program; looking it up costs nothing when it runs."""

from __future__ import annotations

from typing import Any

import numpy as np

import dark_jit as dark
from dark_jit import execution
from dark_jit.graph import origins

MODEL = """
import dark_jit as dark

def model(x):
    y = dark.tanh(x)
    return (y * y).sum()
"""


def load(source: str, name: str) -> Any:
    namespace: dict[str, Any] = {"__name__": "user_model"}
    exec(compile(source, name, "exec"), namespace)
    return namespace["model"]


def test_inserting_a_line_compiles_nothing() -> None:
    x = np.ones(3)
    first = load(MODEL, "model.py")
    dark.compile(dark.value_and_grad(first))(x)
    first(dark.asarray(x)).item()
    before = execution.programs_made()
    moved = load(MODEL.replace("    y =", "    # a new line\n    y ="), "model.py")
    dark.compile(dark.value_and_grad(moved))(x)
    moved(dark.asarray(x)).item()
    assert execution.programs_made() == before


def test_nodes_know_their_lines() -> None:
    f = dark.compile(dark.grad(load(MODEL, "somewhere/model.py")))
    graph = f.graph_for(np.ones(4))
    lines = {node.op.name: sorted(map(str, origins.of(node))) for node in graph.nodes}
    assert "model.py:5" in lines["tanh"]
    assert "model.py:5 (backward)" in lines["subtract"]
