"""Selecting by a mask of truth values."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from dark_jit import ops
from dark_jit.dtypes import bool_
from dark_jit.errors import DTypeError, ShapeError, TraceError
from dark_jit.graph.node import Node
from dark_jit.tensor.forcing import buffer_of
from dark_jit.tensor.handle import Handle, apply, dtype_of, where
from dark_jit.tensor.host import host_array
from dark_jit.tensor.mode import mode

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor


def mask(x: Any, m: Any) -> Tensor:
    """The elements of x where m is true, in C order; where m has fewer axes, the slices of x: NumPy's x[m].

    How many there are must be known, so m is computed at once. Inside a compiled function that is a TraceError, unless
    m is an array, a list or a Tensor from outside: it is guarded that it stays the same. Raises DTypeError, ShapeError.
    """
    given = m if isinstance(m, Handle | np.ndarray) else host_array(m)
    dtype = dtype_of(given) if isinstance(given, Handle) else given.dtype
    if dtype != bool_:
        raise DTypeError(f"mask needs a bool mask, got {dtype.name}; compare it with something, or use take")
    chosen = known_mask(given, "mask")
    return apply(_masked, x, np.flatnonzero(chosen), shape=chosen.shape)


def known_mask(m: Any, asked: str) -> np.ndarray[Any, Any]:
    """The elements of a mask, computed now. Raises TraceError, for what `asked`, where a trace does not know them."""
    if mode.trace is None:
        return buffer_of(m, asked).array() if isinstance(m, Handle) else m
    known = mode.trace.known(m)
    if known is None:
        raise TraceError(
            f"{where()}{asked}: how many elements a mask selects is not known inside a compiled function. Write "
            "dark.where(m, x, 0), for a mean dark.sum(dark.where(m, x, 0)) / dark.sum(m), or select outside"
        )
    return known


def _masked(x: Node, places: Node, shape: tuple[int, ...]) -> Node:
    if x.shape[: len(shape)] != shape:
        raise ShapeError(f"mask: the mask {shape} must have the shape of the first axes of x, {x.shape}")
    rows = ops.reshape(x, (math.prod(shape), *x.shape[len(shape) :]))
    return ops.take(rows, places, 0)
