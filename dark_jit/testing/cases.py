"""What is compared of a function or model: its values, its gradients, what training steps leave behind."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dark_jit.dtypes import is_float
from dark_jit.tensor import Parameter, Tensor, mean
from dark_jit.tensor.generator import generator

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Work:
    """A function to run, and the state that it leaves behind."""

    function: Callable[..., Any]
    state: Callable[[], Any]


@dataclass(frozen=True)
class Case:
    """`make` makes the work anew, over a fresh copy of the model; it is called `repeat` times for `args`."""

    name: str
    args: tuple[Any, ...]
    make: Callable[[], Work]
    repeat: int = 1

    def run(self, wrap: Callable[[Callable[..., Any]], Callable[..., Any]]) -> list[Array]:
        """The results of all calls, and then the state. Every run draws the same random numbers."""
        work = self.make()
        function = wrap(work.function)
        with generator.preserved():
            found = [array for _ in range(self.repeat) for array in arrays_of(function(*self.args))]
            return [*found, *arrays_of(work.state())]


def cases(
    fn: Callable[..., Any],
    args: Sequence[Any],
    gradients: bool,
    steps: int,
    optimizer: Callable[[Any], Any] | None,
) -> Iterator[Case]:
    """The values; the gradients, if asked for; training, for `steps` above 0."""

    def value() -> Work:
        model = _fresh(fn)
        return Work(model, lambda: _state(model))

    def gradient() -> Work:
        model = _fresh(fn)
        return Work(_gradients(model, _parameters(model)), lambda: _state(model))

    def training() -> Work:
        model = _fresh(fn)
        assert optimizer is not None
        return Work(_step(model, optimizer(_parameters(model))), lambda: _state(model))

    yield Case("values", tuple(args), value)
    if gradients:
        yield Case("gradients", tuple(_requiring(x) for x in args), gradient)
    if steps:
        yield Case(f"{steps} training steps", tuple(args), training, steps)


def _fresh(fn: Any) -> Any:
    return copy.deepcopy(fn) if hasattr(fn, "parameters") else fn


def _parameters(fn: Any) -> list[Tensor]:
    return list(fn.parameters()) if hasattr(fn, "parameters") else []


def _state(fn: Any) -> list[Any]:
    return list(fn.state_dict().values()) if hasattr(fn, "state_dict") else []


def _requiring(x: Any) -> Any:
    return Parameter(x) if isinstance(x, Tensor | np.ndarray) and is_float(x.dtype) else x


def _gradients(fn: Callable[..., Any], parameters: Sequence[Tensor]) -> Callable[..., Any]:
    """A function that returns the gradients, with respect to all that requires one, of a fixed weighting of the
    results.
    """

    def run(*args: Any) -> list[Any]:
        wrt = [x for x in args if isinstance(x, Tensor) and x.requires_grad] + list(parameters)
        results = [y for y in leaves(fn(*args)) if isinstance(y, Tensor) and y.requires_grad]
        for number, y in enumerate(results):
            (y * weights(number, y.shape, y.dtype)).sum().backward(retain_graph=True)
        found = [x.grad for x in wrt]
        for x in wrt:
            x.zero_grad()
        return [gradient for gradient in found if gradient is not None]

    return run


def _step(fn: Callable[..., Any], rule: Any) -> Callable[..., Any]:
    """A training step on the mean square of the results; returns the loss."""

    def run(*args: Any) -> Any:
        losses = [mean(y * y) for y in leaves(fn(*args)) if is_float(y.dtype)]
        loss: Any = sum(losses[1:], losses[0])
        loss.backward()
        rule.step()
        rule.zero_grad()
        return loss

    return run


def weights(seed: int, shape: tuple[int, ...], dtype: Any) -> Array:
    """Fixed numbers in [0.5, 1.5): none vanishes, and no two results are weighted alike."""
    return np.asarray(np.random.default_rng(seed).random(shape) + 0.5, dtype)


def leaves(tree: Any) -> Iterator[Any]:
    """What nested tuples, lists and dicts hold."""
    if isinstance(tree, tuple | list):
        for part in tree:
            yield from leaves(part)
    elif isinstance(tree, dict):
        for part in tree.values():
            yield from leaves(part)
    else:
        yield tree


def arrays_of(tree: Any) -> Iterator[Array]:
    """The arrays in nested tuples, lists and dicts."""
    for leaf in leaves(tree):
        yield leaf.numpy() if isinstance(leaf, Tensor) else np.asarray(leaf)


def cast(fn: Callable[..., Any], args: Sequence[Any], dtype: Any) -> tuple[Callable[..., Any], list[Any]]:
    """The function or model, and the arguments, with their floats in another dtype."""
    model = _fresh(fn)
    for module in model.modules() if hasattr(model, "modules") else ():
        for name, value in list(vars(module).items()):
            if isinstance(value, Tensor) and is_float(value.dtype):
                setattr(module, name, type(value)(value.numpy(), dtype))
    return model, [_in(x, dtype) for x in args]


def _in(x: Any, dtype: Any) -> Any:
    return x.astype(dtype) if isinstance(x, Tensor | np.ndarray) and is_float(x.dtype) else x
