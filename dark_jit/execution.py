"""From pending nodes to values: canonical graph -> program, cached by the graph -> buffers."""

from __future__ import annotations

import functools
from collections import OrderedDict
from collections.abc import Sequence

from dark_jit import config
from dark_jit.backends.backend import Backend, Program
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.cuda import presence
from dark_jit.backends.placement import Binding, Located, device_of
from dark_jit.backends.reference import ReferenceBackend
from dark_jit.errors import ArgumentError
from dark_jit.graph.graph import Graph, canonical
from dark_jit.graph.node import Node
from dark_jit.locks import Lock
from dark_jit.transforms.markers import without_markers

CAPACITY = 1024
DEFAULT_BACKEND: str | None = None  # runs what names no device, in place of the device that was found


def default_backend() -> str:
    """What runs lazy code, and compiled functions that name no device."""
    return DEFAULT_BACKEND or _found_device()


def default_device() -> str:
    """Where they run: on a card where one is usable and USE_CPU does not forbid it, else on the CPU."""
    backend = default_backend()
    return "cpu" if backend == "reference" else backend


@functools.cache
def _found_device() -> str:
    return "cuda" if not config.use_cpu() and presence.usable() else "cpu"


def backend_named(name: str) -> Backend:
    """The backend 'cpu', 'reference', 'cuda' (also 'cuda:1') or 'cuda-emulator'.

    Raises ArgumentError for others, and BackendError where the machine lacks what one needs."""
    if name == "reference":
        return ReferenceBackend()
    if name == "cpu":
        from dark_jit.backends.llvm.backend import LLVMBackend  # noqa: PLC0415  (llvmlite is loaded when first needed)

        return LLVMBackend()
    if name == "cuda-emulator" or presence.index_of(name) is not None:
        from dark_jit.backends.cuda.backend import CudaBackend  # noqa: PLC0415

        return CudaBackend(name)
    raise ArgumentError(f"there is no backend {name!r}; there are 'cpu', 'cuda', 'cuda-emulator' and 'reference'")


PRECISIONS = ("default", "strict", "tf32", "bf16")  # what a backend may do to sums of products
# The graph, the backend, the instruction set that was asked for, the precision, seconds for tuning, which inputs stand.
Key = tuple[Graph, str, str | None, str, float | None, tuple[int, ...]]


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
        graph, backend, _, precision, tune, still = key
        try:
            program = backend_named(backend).compile(graph, precision, tune, still)
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
    graph: Graph,
    backend: str | None = None,
    precision: str = "default",
    tune: float | None = None,
    still: tuple[int, ...] = (),
) -> Program:
    """The compiled program of a canonical graph; the most recently used ones are kept. The rest as Backend.compile."""
    return _programs.get((graph, backend or default_backend(), config.isa(), precision, tune, still))


def programs_made() -> int:
    """How many programs were compiled in this process so far."""
    return _programs.made


def evaluate(outputs: Sequence[Node], backend: str | None = None) -> list[Buffer]:
    """The values of pending nodes; their leaves are buffers (a leaf's key is its Buffer)."""
    graph, leaves = canonical(without_markers(outputs))
    inputs = [leaf["key"] for leaf in leaves]
    device = device_of(inputs) if Binding.exists and backend is None else None
    if device is None:
        return program_of(graph, backend).run(inputs)
    return Located(program_of(graph, device), device).run(inputs)
