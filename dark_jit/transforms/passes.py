"""The passes that a graph goes through before lowering, in order. Each is pure; `run` records what each one made."""

from __future__ import annotations

from collections.abc import Callable

from dark_jit.graph.graph import Graph
from dark_jit.transforms.layout import layout
from dark_jit.transforms.narrow import narrow
from dark_jit.transforms.recognise import recognise
from dark_jit.transforms.simplify import simplify
from dark_jit.transforms.widen import widen

PASSES: tuple[tuple[str, Callable[[Graph], Graph]], ...] = (
    ("widen", widen),
    ("simplify", simplify),
    ("recognise", recognise),
    ("simplify again", simplify),
    ("layout", layout),
)


def run(graph: Graph, halves: bool = False) -> list[tuple[str, Graph]]:
    """The graph as traced and after each pass, with the names; the last one is what gets lowered.

    halves: whether the machine multiplies floats of 16 bits as they are.
    """
    stages = [("traced", graph)]
    for name, transform in (*PASSES, *([("narrow", narrow)] if halves else [])):
        stages.append((name, transform(stages[-1][1])))
    return stages
