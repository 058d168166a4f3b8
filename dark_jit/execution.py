"""From pending nodes to values: canonical graph -> program, cached by the graph -> buffers."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from dark_jit import config
from dark_jit.backends.backend import Backend, Program
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.reference import ReferenceBackend
from dark_jit.errors import ArgumentError
from dark_jit.graph.graph import Graph, canonical
from dark_jit.graph.node import Node
from dark_jit.locks import Lock
from dark_jit.transforms.markers import without_markers

CAPACITY = 1024
DEFAULT_BACKEND = "cpu"  # runs lazy code, and compiled functions that name no backend


def backend_named(name: str) -> Backend:
    """The backend 'cpu', 'reference', 'cuda' or 'cuda-emulator'. Raises ArgumentError for others, and BackendError
    where the machine lacks what one needs."""
    if name == "reference":
        return ReferenceBackend()
    if name == "cpu":
        from dark_jit.backends.llvm.backend import LLVMBackend  # noqa: PLC0415  (llvmlite is loaded when first needed)

        return LLVMBackend()
    if name in ("cuda", "cuda-emulator"):
        from dark_jit.backends.cuda.backend import CudaBackend  # noqa: PLC0415

        return CudaBackend(name)
    raise ArgumentError(f"there is no backend {name!r}; there are 'cpu', 'reference', 'cuda' and 'cuda-emulator'")


PRECISIONS = ("default", "strict", "tf32", "bf16")  # what a backend may do to sums of products
# The graph, the backend, the instruction set that was asked for, the precision, seconds for tuning.
Key = tuple[Graph, str, str | None, str, float | None]


class _Programs:
    """The most recently used programs. Threads that want the same one wait for one compilation, others do not wait."""

    def __init__(self) -> None:
        self.made = 0
        self._found: OrderedDict[Key, Program] = OrderedDict()
        self._lock = Lock()
        self._compiling: dict[Key, Lock] = {}

    def get(self, key: Key) -> Program:
        """The program of a graph on a backend."""
        program = self._look(key)
        if program is None:
            with self._lock:
                compiling = self._compiling.setdefault(key, Lock())
            with compiling:
                program = self._look(key) or self._make(key)
        return program

    def _look(self, key: Key) -> Program | None:
        with self._lock:
            program = self._found.get(key)
            if program is not None:
                self._found.move_to_end(key)
            return program

    def _make(self, key: Key) -> Program:
        graph, backend, _, precision, tune = key
        try:
            program = backend_named(backend).compile(graph, precision, tune)
            self._keep(key, program)
        finally:
            with self._lock:
                self._compiling.pop(key, None)
        return program

    def _keep(self, key: Key, program: Program) -> None:
        with self._lock:
            self.made += 1
            self._found[key] = program
            if len(self._found) > CAPACITY:
                self._found.popitem(last=False)


_programs = _Programs()


def program_of(
    graph: Graph, backend: str | None = None, precision: str = "default", tune: float | None = None
) -> Program:
    """The compiled program of a canonical graph; the most recently used ones are kept."""
    return _programs.get((graph, backend or DEFAULT_BACKEND, config.isa(), precision, tune))


def programs_made() -> int:
    """How many programs were compiled in this process so far."""
    return _programs.made


def evaluate(outputs: Sequence[Node], backend: str | None = None) -> list[Buffer]:
    """The values of pending nodes; their leaves are buffers (a leaf's key is its Buffer)."""
    graph, leaves = canonical(without_markers(outputs))
    return program_of(graph, backend).run([leaf["key"] for leaf in leaves])
