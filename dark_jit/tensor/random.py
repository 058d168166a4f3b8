"""Random arrays. For now NumPy's generator draws them on the host, when they are made; not inside compiled
functions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dark_jit import dtypes
from dark_jit.errors import ArgumentError, TraceError
from dark_jit.ops.checks import integer, shape_of
from dark_jit.tensor.creation import of_new_array
from dark_jit.tensor.handle import where
from dark_jit.tensor.mode import default_dtype, mode

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor


class _State:
    generator: np.random.Generator | None = None


def manual_seed(seed: int) -> None:
    """Start the sequence of random numbers anew; equal seeds give equal sequences."""
    if integer(seed, "a seed") < 0:
        raise ArgumentError(f"a seed must not be negative, got {seed}")
    _State.generator = np.random.default_rng(seed)


def generator(what: str) -> np.random.Generator:
    """The generator in use. Raises TraceError inside a compiled function, which would draw once and for all."""
    if mode.trace is not None:
        raise TraceError(
            f"{where()}{what} cannot draw inside a compiled function yet; draw outside and pass the array in"
        )
    if _State.generator is None:
        _State.generator = np.random.default_rng()
    return _State.generator


def _shape(shape: tuple[Any, ...]) -> tuple[int, ...]:
    return shape_of(shape[0] if len(shape) == 1 and isinstance(shape[0], Sequence) else shape)


def rand(*shape: Any, dtype: Any = None) -> Tensor:
    """Uniform numbers in [0, 1); the shape is a tuple or several ints. Drawn on the host by NumPy, when called."""
    wanted = default_dtype() if dtype is None else dtypes.as_dtype(dtype)
    return of_new_array(np.asarray(generator("rand").random(_shape(shape)), wanted))


def randn(*shape: Any, dtype: Any = None) -> Tensor:
    """Normal numbers of mean 0 and variance 1. Drawn on the host by NumPy, when called."""
    wanted = default_dtype() if dtype is None else dtypes.as_dtype(dtype)
    return of_new_array(np.asarray(generator("randn").standard_normal(_shape(shape)), wanted))


def randint(low: int, high: int | None = None, size: int | Sequence[int] = (), dtype: Any = None) -> Tensor:
    """Whole numbers from low (included; 0 where one bound is given) to high, int64.

    Drawn on the host by NumPy, when called.
    """
    first, last = (0, low) if high is None else (low, high)
    if integer(first, "low") >= integer(last, "high"):
        raise ArgumentError(f"randint needs low < high, got {first} and {last}")
    wanted = dtypes.int64 if dtype is None else dtypes.as_dtype(dtype)
    return of_new_array(np.asarray(generator("randint").integers(first, last, shape_of(size)), wanted))
