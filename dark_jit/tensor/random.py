"""Random Tensors. Every call is a draw: its numbers depend on the seed, on how many draws there were before, and on
each element's index, and on nothing else (dark_jit.ops.random).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dark_jit import dtypes, ops
from dark_jit.dtypes import DType
from dark_jit.errors import ArgumentError, DTypeError, ShapeError
from dark_jit.graph.node import Node, Shape
from dark_jit.ops.checks import integer, shape_of
from dark_jit.ops.movement import broadcast_shapes
from dark_jit.tensor import elementwise
from dark_jit.tensor.creation import asarray, made
from dark_jit.tensor.generator import next_draw
from dark_jit.tensor.mode import default_dtype

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor

Size = int | Sequence[int] | None

LEAST = 2.0**-24  # the smallest probability other than 0 that bernoulli tells from 0


def rand(*shape: Any, dtype: Any = None) -> Tensor:
    """Uniform numbers in [0, 1); the shape is a tuple or several ints.

    They are multiples of 2^-24 (float32) or 2^-53 (float64), the same on every backend, bit by bit. Raises ShapeError,
    DTypeError.
    """
    return _drawn(ops.random_uniform, _shape(shape), dtype=_floating(dtype))


def randn(*shape: Any, dtype: Any = None) -> Tensor:
    """Normal numbers of mean 0 and variance 1; the shape is a tuple or several ints.

    The random bits are the same on every backend; their logarithm and cosine may differ in the last place. Raises
    ShapeError, DTypeError.
    """
    return _drawn(ops.random_normal, _shape(shape), dtype=_floating(dtype))


def randint(low: int, high: int | None = None, size: int | Sequence[int] = (), dtype: Any = None) -> Tensor:
    """Whole numbers from low (included; 0 where one bound is given) to high, int64 unless said otherwise.

    All are equally likely, up to 2^-64. Raises ArgumentError where there is none, or the dtype does not hold them.
    """
    first, last = (0, integer(low, "high")) if high is None else (integer(low, "low"), integer(high, "high"))
    if first >= last:
        raise ArgumentError(f"randint needs low < high, got {first} and {last}")
    wanted = dtypes.int64 if dtype is None else dtypes.as_dtype(dtype)
    least, most = _limits(wanted)
    if first < least or last - 1 > most:
        raise ArgumentError(f"{wanted.name} does not hold all integers from {first} to {last - 1}")
    drawn = _drawn(ops.random_integers, shape_of(size), low=first, count=last - first)
    return elementwise.astype(drawn, wanted)


def uniform(low: Any = 0.0, high: Any = 1.0, size: Size = None, dtype: Any = None) -> Tensor:
    """Uniform numbers in [low, high): low + (high - low) rand(size), which rounding may take to high.

    low, high: numbers, or arrays that broadcast to `size` (by default to each other). Raises ShapeError, DTypeError.
    """
    first, last = _number_or_array(low), _number_or_array(high)
    drawn = rand(_size(size, first, last), dtype=dtype)
    return elementwise.astype(drawn * (last - first) + first, drawn.dtype)


def normal(loc: Any = 0.0, scale: Any = 1.0, size: Size = None, dtype: Any = None) -> Tensor:
    """Normal numbers of mean `loc` and standard deviation `scale`: loc + scale randn(size).

    loc, scale: numbers, or arrays that broadcast to `size` (by default to each other). Raises ShapeError, DTypeError.
    """
    center, deviation = _number_or_array(loc), _number_or_array(scale)
    drawn = randn(_size(size, center, deviation), dtype=dtype)
    return elementwise.astype(drawn * deviation + center, drawn.dtype)


def bernoulli(p: Any, size: Size = None) -> Tensor:
    """bool: True with probability p, to a multiple of 2^-24.

    p: a number, or an array of probabilities that broadcasts to `size` (by default its own shape). Raises
    ArgumentError for a number outside of [0, 1], ShapeError.
    """
    probability = _probability(p, "the probability of bernoulli")
    return elementwise.less(rand(_size(size, probability), dtype=dtypes.float32), probability)


def dropout(x: Any, p: Any = 0.5, training: bool = True) -> Tensor:
    """Each element of x is 0 with probability p, else x / (1 - p); x itself where not training, or p is 0.

    Hinton et al. 2012, scaled as in PyTorch, so that means stay. The gradient passes through the elements that stay.
    p: a number, or an array that broadcasts to x. Raises ArgumentError for a number outside of [0, 1], DTypeError for
    integers.
    """
    source = asarray(x)
    probability = _probability(p, "the probability of dropout")
    if not dtypes.is_float(source.dtype):
        raise DTypeError(f"dropout needs a floating-point array, got {source.dtype.name}; use astype first")
    if not training or (isinstance(probability, float) and probability == 0):
        return source
    stays = 1.0 - probability
    at_least = max(stays, LEAST) if isinstance(stays, float) else elementwise.maximum(stays, LEAST)
    return elementwise.where(bernoulli(stays, source.shape), source * (1.0 / at_least), 0)


def _drawn(function: Callable[..., Node], shape: Shape, **static: Any) -> Tensor:
    """The Tensor of a new draw."""
    key, draw = next_draw()
    return made(function, key=key, draw=draw, shape=shape, **static)


def _shape(shape: tuple[Any, ...]) -> Shape:
    return shape_of(shape[0] if len(shape) == 1 and isinstance(shape[0], Sequence) else shape)


def _size(size: Size, *parameters: Any) -> Shape:
    """The shape of a draw whose parameters are numbers or arrays."""
    shapes = [tuple(getattr(parameter, "shape", ())) for parameter in parameters]
    if size is None:
        return broadcast_shapes(*shapes)
    wanted = shape_of(size)
    if broadcast_shapes(wanted, *shapes) != wanted:
        raise ShapeError(f"parameters of shapes {', '.join(map(str, shapes))} do not broadcast to size {wanted}")
    return wanted


def _floating(dtype: Any) -> DType:
    wanted = default_dtype() if dtype is None else dtypes.as_dtype(dtype)
    if not dtypes.is_float(wanted):
        raise DTypeError(f"random numbers of {wanted.name} are drawn by randint; floats need a floating-point dtype")
    return wanted


def _limits(dtype: DType) -> tuple[int, int]:
    """The least and the greatest integer up to which a dtype holds all."""
    if dtype.kind == "b":
        return 0, 1
    if dtypes.is_float(dtype):
        most = 2 ** (dtypes.finfo(dtype).nmant + 1)
        return -most, most
    return int(np.iinfo(dtype).min), int(np.iinfo(dtype).max)


def _number_or_array(value: Any) -> Any:
    """A number as a float, which lazy programs take as an input; anything else as a Tensor."""
    return float(value) if isinstance(value, bool | int | float | np.generic) else asarray(value)


def _probability(p: Any, what: str) -> Any:
    """A float in [0, 1], or a Tensor, whose elements are not known yet."""
    found = _number_or_array(p)
    if isinstance(found, float) and not 0 <= found <= 1:
        raise ArgumentError(f"{what} must lie in [0, 1], got {p}")
    return found
