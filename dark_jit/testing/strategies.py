"""Hypothesis strategies: shapes, arrays, and small graphs of operations. Needs the extra `test`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import hypothesis.strategies as st
import numpy as np

from dark_jit.dtypes import as_dtype, is_float
from dark_jit.tensor import Tensor, concat, maximum, minimum, pad, relu, reshape, sin, softmax, tanh, transpose, where

Array = np.ndarray[Any, Any]
Shape = tuple[int, ...]

EXTENTS = (0, 1, 2, 3, 5, 8, 16, 17, 31)  # nothing, one, primes, whole vectors and their tails


def shapes(least: int = 0, most: int = 4, extents: Sequence[int] = EXTENTS) -> st.SearchStrategy[Shape]:
    """Shapes of `least` to `most` axes."""
    return st.lists(st.sampled_from(extents), min_size=least, max_size=most).map(tuple)


@st.composite
def arrays(draw: st.DrawFn, dtype: Any = np.float32, shape: Shape | st.SearchStrategy[Shape] | None = None) -> Array:
    """Arrays of a dtype: of many strides, floats around 1, integers of few digits."""
    wanted = draw(shapes()) if shape is None else draw(shape) if isinstance(shape, st.SearchStrategy) else shape
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    step = draw(st.sampled_from((1, 1, 2, -1)))
    order = draw(st.permutations(range(len(wanted))))
    base = tuple(wanted[axis] * abs(step) for axis in order)
    numbers = rng.normal(size=base) if is_float(as_dtype(dtype)) else rng.integers(0, 10, base)
    strided = numbers.astype(as_dtype(dtype))[tuple(slice(None, None, step) for _ in base)]
    return np.transpose(strided, np.argsort(order)) if wanted else np.asarray(strided)


@st.composite
def broadcastable(draw: st.DrawFn, count: int = 2, most: int = 3) -> tuple[Shape, ...]:
    """Several shapes that broadcast together."""
    whole = draw(shapes(0, most))
    found = []
    for _ in range(count):
        kept = whole[draw(st.integers(0, len(whole))) :]
        found.append(tuple(extent if draw(st.booleans()) else 1 for extent in kept))
    return tuple(found)


Program = Callable[..., list[Tensor]]

_UNARY: tuple[Callable[[Tensor], Tensor], ...] = (
    tanh,
    sin,
    relu,
    lambda x: -x,
    lambda x: softmax(x, -1),
    lambda x: x * x,
)
_BINARY: tuple[Callable[[Tensor, Tensor], Tensor], ...] = (
    lambda x, y: x + y,
    lambda x, y: x * y,
    maximum,
    minimum,
    lambda x, y: where(x > 0.25, x, y),
)


@st.composite
def graphs(draw: st.DrawFn, most: int = 10) -> tuple[Shape, Program]:
    """The shape of two matrices, and a function of them that returns several results of up to `most` operations.

    Results are used again; the operations are elementwise, movements, reductions and matrix products.
    """
    shape = draw(st.tuples(st.sampled_from(EXTENTS[1:]), st.sampled_from(EXTENTS[1:])))
    steps = draw(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 99)), min_size=1, max_size=most))

    def program(x: Tensor, y: Tensor) -> list[Tensor]:
        values = [x, y]
        for kind, number in steps:
            values.append(_step(kind, number, values[-1], values[number % len(values)]))
        return values[2:]

    return shape, program


def _step(kind: int, number: int, x: Tensor, y: Tensor) -> Tensor:
    """One more value, of the same shape."""
    if kind < 4:
        return _UNARY[number % len(_UNARY)](x)
    if kind < 7:
        return _BINARY[number % len(_BINARY)](x, y)
    if kind == 7:
        return x - x.mean(number % 2, keepdims=True)
    if kind == 8:
        return tanh(x @ (transpose(y) @ x))
    rows = x.shape[0]
    doubled = concat([pad(x, ((1, 0), (0, 0))), y], axis=0)
    return reshape(doubled[rows + 1 - number % 2 : 2 * rows + 1 - number % 2], x.shape)
