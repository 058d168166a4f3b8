"""From pending nodes to values: canonical graph -> program, cached by the graph -> buffers."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence

from dark_jit.backends.backend import Backend, Program
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.reference import ReferenceBackend
from dark_jit.errors import ArgumentError
from dark_jit.graph.graph import Graph, canonical
from dark_jit.graph.node import Node
from dark_jit.transforms.markers import without_markers

CAPACITY = 1024
DEFAULT_BACKEND = "cpu"  # runs lazy code, and compiled functions that name no backend

_programs: OrderedDict[tuple[Graph, str], Program] = OrderedDict()
_lock = threading.Lock()
_made = 0


def backend_named(name: str) -> Backend:
    """The backend 'cpu' or 'reference'. Raises ArgumentError for others."""
    if name == "reference":
        return ReferenceBackend()
    if name == "cpu":
        from dark_jit.backends.llvm.backend import LLVMBackend  # noqa: PLC0415  (llvmlite is loaded when first needed)

        return LLVMBackend()
    raise ArgumentError(f"there is no backend {name!r}; there are 'cpu' and 'reference'")


def program_of(graph: Graph, backend: str | None = None) -> Program:
    """The compiled program of a canonical graph; the most recently used ones are kept."""
    global _made
    backend = backend or DEFAULT_BACKEND
    key = (graph, backend)
    with _lock:
        program = _programs.get(key)
        if program is None:
            program = _programs[key] = backend_named(backend).compile(graph)
            _made += 1
            if len(_programs) > CAPACITY:
                _programs.popitem(last=False)
        else:
            _programs.move_to_end(key)
    return program


def programs_made() -> int:
    """How many programs were compiled in this process so far."""
    return _made


def evaluate(outputs: Sequence[Node], backend: str | None = None) -> list[Buffer]:
    """The values of pending nodes; their leaves are buffers (a leaf's key is its Buffer)."""
    graph, leaves = canonical(without_markers(outputs))
    return program_of(graph, backend).run([leaf["key"] for leaf in leaves])
