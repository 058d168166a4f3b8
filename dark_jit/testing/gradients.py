"""Compare gradients with central differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from dark_jit.errors import DTypeError
from dark_jit.tensor import Tensor, vjp
from dark_jit.testing.equivalence import arrays_of

Array = np.ndarray[Any, Any]


def gradcheck(fn: Callable[..., Any], *args: Any, eps: float = 1e-6, rtol: float = 1e-5, atol: float = 1e-7) -> None:
    """Raise AssertionError unless the gradient of `fn` agrees with central differences (f(x + eps) - f(x - eps)) / "
    "2 eps.

    args: float64 arrays or Tensors; of others (integers, masks) no gradient is taken. The results are weighted with
    fixed pseudo-random numbers, so that all of them are checked at once. Raises DTypeError for float32 arguments.
    """
    values = [_array(x) for x in args]
    places = [i for i, value in enumerate(values) if value.dtype.kind == "f"]

    def of_floats(*floats: Any) -> Any:
        arguments: list[Any] = list(values)
        for place, x in zip(places, floats, strict=True):
            arguments[place] = x
        return fn(*arguments)

    floats = [values[place] for place in places]
    result, pullback = vjp(of_floats, *floats)
    weights = _weights(list(arrays_of(result)))
    cotangents = weights[0] if isinstance(result, Tensor) else _like(result, iter(weights))
    for place, gradient in zip(places, pullback(cotangents), strict=True):
        numeric = _differences(of_floats, floats, places.index(place), weights, eps)
        np.testing.assert_allclose(
            gradient.numpy(),
            numeric,
            rtol=rtol,
            atol=atol,
            err_msg=f"gradient of argument {place} and central differences",
        )


def _array(value: Any) -> Array:
    array = value.numpy() if isinstance(value, Tensor) else np.asarray(value)
    if array.dtype.kind == "f" and array.dtype != np.float64:
        raise DTypeError(f"gradcheck needs float64 arguments, got {array.dtype}: differences of others are too coarse")
    return array


def _weights(results: Sequence[Array]) -> list[Array]:
    """Fixed numbers in [0.5, 1.5): none vanishes."""
    rng = np.random.default_rng(0)
    return [np.asarray(rng.random(result.shape) + 0.5) for result in results]


def _like(tree: Any, values: Any) -> Any:
    if isinstance(tree, tuple | list):
        return type(tree)(_like(part, values) for part in tree)
    if isinstance(tree, dict):
        return {key: _like(part, values) for key, part in tree.items()}
    return next(values)


def _differences(
    fn: Callable[..., Any], floats: Sequence[Array], place: int, weights: Sequence[Array], eps: float
) -> Array:
    """The gradient of the weighted sum of results with respect to one argument, element by element."""
    gradient = np.zeros(floats[place].shape)
    for index in np.ndindex(gradient.shape):
        ends: list[float] = []
        for sign in (eps, -eps):
            moved = [np.array(x) for x in floats]
            moved[place][index] += sign
            results = arrays_of(fn(*moved))
            ends.append(sum(float(np.sum(w * y)) for w, y in zip(weights, results, strict=True)))
        gradient[index] = (ends[0] - ends[1]) / (2 * eps)
    return gradient
