"""Does a function, or a model, compute the same everywhere? Values, gradients, and what training steps leave behind:
lazily and compiled, on every backend, instruction set and number of threads, held to the NumPy interpreter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any

from dark_jit import config, execution
from dark_jit.backends.tolerance import Tolerance
from dark_jit.compiler import CompiledFunction, compile
from dark_jit.dtypes import as_dtype
from dark_jit.errors import ArgumentError
from dark_jit.graph.graph import Graph
from dark_jit.tensor import default_dtype, set_default_dtype
from dark_jit.testing.cases import Array, Case, arrays_of, cases, cast

BACKENDS: tuple[str, ...] = ("reference", "cpu")


def reference(fn: Callable[..., Any]) -> CompiledFunction:
    """The function, run by the NumPy interpreter."""
    return compile(fn, backend="reference")


@contextmanager
def default_backend(name: str) -> Iterator[None]:
    """Inside, lazy code (and compiled functions that name no backend) run on this backend."""
    before, execution.DEFAULT_BACKEND = execution.DEFAULT_BACKEND, name
    try:
        yield
    finally:
        execution.DEFAULT_BACKEND = before


def assert_equivalent(
    fn: Callable[..., Any],
    *args: Any,
    reference: Callable[..., Any] | None = None,
    backends: Sequence[str] | None = None,
    isas: Sequence[str] | None = None,
    threads: Sequence[int] | None = None,
    dtypes: Sequence[Any] | None = None,
    gradients: bool = False,
    steps: int = 0,
    optimizer: Callable[[Any], Any] | None = None,
    rtol: float | None = None,
    atol: float | None = None,
) -> None:
    """Raise AssertionError unless `fn` gives the same lazily and compiled, everywhere, as its reference.

    fn: a function of Tensors or arrays, or a Module, of which each run gets a copy with the same state.
    reference: a function of the same arguments (a NumPy one, say) to hold the values to; by default the NumPy
    interpreter runs `fn`.
    backends, isas (of the CPU backend), threads: where to run; by default all backends, the others as they are set.
    dtypes: floating-point dtypes that floats among arguments and parameters are cast to; by default they stay.
    gradients: compare the gradients with respect to floats among arguments and parameters as well.
    steps, optimizer: train so many steps on the mean square of the results, and compare losses and state;
    `optimizer(parameters)` makes the optimiser.
    rtol, atol: by default derived from dtype and graph (dark_jit.backends.tolerance), relative to the largest magnitude
    of a result or 1. Integers and bools must be equal. Raises ArgumentError for steps without an optimizer.

    Every run draws the same random numbers; afterwards the generator is as before.

    Where a kernel of the CPU backend is wrong, the message names the first such kernel, its worst element, the user's
    line, and a script that reproduces it.
    """
    if steps and optimizer is None:
        raise ArgumentError("steps need an optimizer: a function from parameters to an optimiser")
    places = list(_places(backends or BACKENDS, isas, threads))
    for dtype in (None,) if dtypes is None else map(as_dtype, dtypes):
        with _default_dtype(dtype):
            subject, arguments = (fn, list(args)) if dtype is None else cast(fn, args, dtype)
            for case in cases(subject, arguments, gradients, steps, optimizer):
                held_to = reference if case.name == "values" else None
                _Check(case, held_to, rtol, atol).run(places)


@contextmanager
def _default_dtype(dtype: Any) -> Iterator[None]:
    before = default_dtype()
    set_default_dtype(before if dtype is None else dtype)
    try:
        yield
    finally:
        set_default_dtype(before)


@dataclass(frozen=True)
class _Place:
    """Where and how a function runs."""

    backend: str
    isa: str | None
    threads: int | None
    compiled: bool

    def __str__(self) -> str:
        threads = None if self.threads is None else f"{self.threads} threads"
        where = ", ".join(part for part in (self.backend, self.isa, threads) if part)
        return f"{'compiled' if self.compiled else 'lazily'} on {where}"

    @contextmanager
    def set_up(self) -> Iterator[None]:
        """Inside, code runs there."""
        with default_backend(self.backend), config.overridden(self.isa, self.threads):
            yield

    def wrap(self, fn: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is run."""
        return compile(fn, backend=self.backend) if self.compiled else fn


def _places(backends: Sequence[str], isas: Sequence[str] | None, threads: Sequence[int] | None) -> Iterator[_Place]:
    for backend in backends:
        native = backend != "reference"
        for isa, count in product(isas if isas and native else [None], threads if threads and native else [None]):
            yield _Place(backend, isa, count, compiled=False)
            yield _Place(backend, isa, count, compiled=True)


class _Check:
    """One case, held to its reference everywhere."""

    def __init__(self, case: Case, held_to: Callable[..., Any] | None, rtol: float | None, atol: float | None) -> None:
        self.case = case
        self.by_numpy = held_to is not None
        self.wanted = case.run(reference) if held_to is None else list(arrays_of(held_to(*case.args)))
        self.tolerance = Tolerance(self._graph(), rtol, atol, case.repeat)

    def _graph(self) -> Graph:
        return reference(self.case.make().function).graph_for(*self.case.args)

    def run(self, places: Sequence[_Place]) -> None:
        """Raise AssertionError for the first place that differs."""
        for place in places:
            with place.set_up():
                found = self.case.run(place.wrap)
                if self.by_numpy:
                    found = found[: len(self.wanted)] if len(found) > len(self.wanted) else found
                problem = self._problem(found)
                if problem:
                    raise AssertionError(f"{self.case.name}, {place}: {problem}{self._where(place)}")

    def _problem(self, found: Sequence[Array]) -> str | None:
        if len(found) != len(self.wanted):
            return f"{len(found)} results, the reference has {len(self.wanted)}"
        for number, (one, other) in enumerate(zip(found, self.wanted, strict=True)):
            problem = self.tolerance.problem(one, other)
            if problem:
                return f"result {number} {problem}"
        return None

    def _where(self, place: _Place) -> str:
        """What is known about the kernel that went wrong, as the end of a message."""
        if place.backend != "cpu" or self.by_numpy:
            return ""
        from dark_jit.testing.locate import first_difference  # noqa: PLC0415  (it loads llvmlite)

        function = compile(self.case.make().function, backend="cpu")
        inputs = [buffer.array() for buffer in function.inputs_for(*self.case.args)]
        difference = first_difference(function.program_for(*self.case.args), inputs)
        return f"; {difference}" if difference else "; each kernel alone is right, so it is what lies between them"
