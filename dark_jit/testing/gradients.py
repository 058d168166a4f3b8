"""Compare gradients, and gradients of gradients, with central differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dark_jit.dtypes import is_float
from dark_jit.errors import DTypeError
from dark_jit.tensor import Tensor, vjp
from dark_jit.tensor.generator import generator
from dark_jit.testing.cases import Array, arrays_of, leaves, weights

Function = Callable[..., Any]


def gradcheck(fn: Function, *args: Any, eps: float = 1e-6, rtol: float = 1e-5, atol: float = 1e-7) -> None:
    """Raise AssertionError unless the gradient of `fn` agrees with (f(x + eps) - f(x - eps)) / 2 eps.

    args: float64 arrays or Tensors; of others (integers, masks) no gradient is taken. The results are weighted with
    fixed pseudo-random numbers, so that all of them are checked at once. Where `fn` draws random numbers, it draws the
    same in every run. Raises DTypeError for float32 arguments.
    """
    of_floats, floats, places = _of_floats(fn, args)
    for number, gradient in enumerate(_weighted_gradients(of_floats)(*floats)):
        np.testing.assert_allclose(
            gradient.numpy(),
            _differences(of_floats, floats, number, eps),
            rtol=rtol,
            atol=atol,
            err_msg=f"gradient of argument {places[number]} and central differences",
        )


def gradgradcheck(fn: Function, *args: Any, eps: float = 1e-6, rtol: float = 1e-4, atol: float = 1e-6) -> None:
    """Raise AssertionError unless the gradient of the gradient of `fn` agrees with central differences of the
    gradient. Arguments and errors as for `gradcheck`.
    """
    of_floats, floats, _ = _of_floats(fn, args)
    gradcheck(_weighted_gradients(of_floats), *floats, eps=eps, rtol=rtol, atol=atol)


def _of_floats(fn: Function, args: Sequence[Any]) -> tuple[Function, list[Array], list[int]]:
    """`fn` as a function of its float arguments alone, these, and their places."""
    values = [_array(x) for x in args]
    places = [i for i, value in enumerate(values) if is_float(value.dtype)]

    def of_floats(*floats: Any) -> Any:
        arguments: list[Any] = list(values)
        for place, x in zip(places, floats, strict=True):
            arguments[place] = x
        with generator.preserved():
            return fn(*arguments)

    return of_floats, [values[place] for place in places], places


def _array(value: Any) -> Array:
    array = value.numpy() if isinstance(value, Tensor) else np.asarray(value)
    if is_float(array.dtype) and array.dtype != np.float64:
        raise DTypeError(f"gradcheck needs float64 arguments, got {array.dtype}: differences of others are too coarse")
    return array


def _weighted_gradients(fn: Function) -> Function:
    """The gradients of the weighted sum of the results with respect to all arguments."""

    def run(*floats: Any) -> Any:
        results, pullback = vjp(lambda *xs: [y for y in leaves(fn(*xs)) if is_float(y.dtype)], *floats)
        return pullback([weights(number, y.shape, y.dtype) for number, y in enumerate(results)])

    return run


def _differences(fn: Function, floats: Sequence[Array], number: int, eps: float) -> Array:
    """The gradient of the weighted sum with respect to one argument, element by element."""
    gradient = np.zeros(floats[number].shape)
    for index in np.ndindex(gradient.shape):
        ends = []
        for sign in (eps, -eps):
            moved = [np.array(x) for x in floats]
            moved[number][index] += sign
            ends.append(_weighted_sum(fn(*moved)))
        gradient[index] = (ends[0] - ends[1]) / (2 * eps)
    return gradient


def _weighted_sum(result: Any) -> float:
    floats = [y for y in arrays_of(result) if is_float(y.dtype)]
    return sum(float(np.sum(weights(number, y.shape, y.dtype) * y)) for number, y in enumerate(floats))
