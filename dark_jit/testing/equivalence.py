"""Compare a function's results: lazily and compiled, on every backend, with the NumPy interpreter or a NumPy
function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from dark_jit import execution
from dark_jit.compiler import CompiledFunction, compile
from dark_jit.tensor import Tensor

BACKENDS = ("reference", "cpu")
_RTOL = {"float32": 1e-5, "float64": 1e-12}
_ATOL = {"float32": 1e-6, "float64": 1e-13}


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
    rtol: float | None = None,
    atol: float | None = None,
) -> None:
    """Raise AssertionError unless `fn` gives the same lazily and compiled, on each backend, as its reference.

    reference: a function of the same arguments (a NumPy one, say); by default `fn` itself under the NumPy interpreter.
    backends: names, by default all. rtol, atol: by default those of the result's dtype; integers and bools must be
    equal.
    """
    wanted = list(arrays_of((reference or compile(fn, backend="reference"))(*args)))
    for backend in BACKENDS if backends is None else backends:
        with default_backend(backend):
            _compare(list(arrays_of(fn(*args))), wanted, f"lazily on {backend}", rtol, atol)
        _compare(list(arrays_of(compile(fn, backend=backend)(*args))), wanted, f"compiled on {backend}", rtol, atol)


def arrays_of(tree: Any) -> Iterator[np.ndarray[Any, Any]]:
    """The arrays in nested tuples, lists and dicts."""
    if isinstance(tree, tuple | list):
        for part in tree:
            yield from arrays_of(part)
    elif isinstance(tree, dict):
        for part in tree.values():
            yield from arrays_of(part)
    else:
        yield tree.numpy() if isinstance(tree, Tensor) else np.asarray(tree)


def _compare(
    found: Sequence[np.ndarray[Any, Any]],
    wanted: Sequence[np.ndarray[Any, Any]],
    how: str,
    rtol: float | None,
    atol: float | None,
) -> None:
    if len(found) != len(wanted):
        raise AssertionError(f"{how}: {len(found)} results, the reference has {len(wanted)}")
    for place, (one, other) in enumerate(zip(found, wanted, strict=True)):
        what = f"{how}, result {place}"
        if one.shape != other.shape:
            raise AssertionError(f"{what}: shape {one.shape}, the reference has {other.shape}")
        if one.dtype.kind == "f":
            relative, absolute = _default(_RTOL, rtol, one), _default(_ATOL, atol, one)
            np.testing.assert_allclose(one, other, relative, absolute, err_msg=what)
        else:
            np.testing.assert_array_equal(one, other, err_msg=what)


def _default(table: dict[str, float], given: float | None, array: np.ndarray[Any, Any]) -> float:
    return table[array.dtype.name] if given is None else given
