"""Work that waits for memory: elementwise expressions, and what goes along rows (softmax, layer and batch norm)."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

import dark_jit as dark
from dark_jit import nn
from jax_peer import jax, jitted, jnp
from peers import optional
from timing import OURS, Candidate, Result, measure
from torch_peer import compiled

torch = optional("torch")
Functions = Mapping[str, Callable[..., Any]]
LARGE = (1 << 24,)
ROWS = (4096, 1024)
IMAGES = (32, 64, 32, 32)


def elementwise_results(threads: int) -> Iterator[Result]:
    """Expressions over 16 million floats, 64 MiB an array."""
    yield row("x * y + x", in_each(lambda m: lambda x, y: x * y + x), LARGE, 2)
    yield row("tanh(x)", in_each(lambda m: m.tanh), LARGE, 1)
    yield row("exp(-x * x)", in_each(lambda m: lambda x: m.exp(-x * x)), LARGE, 1)
    yield row("gelu (tanh) of x * y + 1", in_each(lambda m: lambda x, y: gelu(m, x * y + 1)), LARGE, 2)


def in_each(made: Callable[[Any], Callable[..., Any]]) -> Functions:
    """A function in each library that is there."""
    libraries = {OURS: dark, "torch": torch, "jax": jnp, "numpy": np}
    return {name: made(library) for name, library in libraries.items() if library}


def gelu(library: Any, x: Any) -> Any:
    """By its approximation with tanh (Hendrycks and Gimpel 2016)."""
    return 0.5 * x * (1 + library.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))


def rows_results(threads: int) -> Iterator[Result]:
    """Softmax and layer norm of 4096 rows of 1024; batch norm of images and its gradient, as in training."""
    softmax: dict[str, Any] = {OURS: lambda x: dark.softmax(x, axis=-1)}
    layer_norm: dict[str, Any] = {OURS: lambda x: dark.layer_norm(x, ROWS[1:])}
    if torch:
        softmax["torch"] = lambda x: torch.softmax(x, -1)
        layer_norm["torch"] = lambda x: torch.nn.functional.layer_norm(x, ROWS[1:])
    if jax:
        softmax["jax"] = jax.nn.softmax
        layer_norm["jax"] = lambda x: (x - x.mean(1, keepdims=True)) * jax.lax.rsqrt(x.var(1, keepdims=True) + 1e-5)
    yield row("softmax, 4096 x 1024", softmax, ROWS, 1)
    yield row("layer norm, 4096 x 1024", layer_norm, ROWS, 1)
    yield measure("rows", "batch norm and its gradient, 32 x 64 x 32 x 32", batch_norms(), tolerance=1e-3)


def row(name: str, functions: Functions, shape: tuple[int, ...], count: int) -> Result:
    """The functions on `count` arrays, normally distributed, always the same."""
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(shape, np.float32) for _ in range(count)]
    candidates: dict[str, Candidate] = {}
    for library, fn in functions.items():
        candidates |= CANDIDATES[library](fn, arrays)
    group = "elementwise" if shape == LARGE else "rows"
    return measure(group, name, candidates, nbytes=(count + 1) * arrays[0].nbytes)


def of_ours(fn: Callable[..., Any], arrays: list[NDArray[Any]]) -> dict[str, Candidate]:
    """Compiled."""
    ours, inputs = dark.compile(fn), [dark.asarray(array) for array in arrays]
    return {OURS: lambda: ours(*inputs)}


def of_torch(fn: Callable[..., Any], arrays: list[NDArray[Any]]) -> dict[str, Candidate]:
    """Eager; and compiled, where there is a C++ compiler."""
    inputs = [torch.from_numpy(array) for array in arrays]
    candidates: dict[str, Candidate] = {"torch": lambda: fn(*inputs)}
    if shutil.which("g++"):
        fast = compiled(fn)
        candidates["torch.compile"] = lambda: fast(*inputs)
    return candidates


CANDIDATES: Mapping[str, Callable[..., dict[str, Candidate]]] = {
    OURS: of_ours,
    "torch": of_torch,
    "jax": lambda fn, arrays: {"jax.jit": jitted(fn, *arrays)},
    "numpy": lambda fn, arrays: {"numpy": lambda: fn(*arrays)},
}


def batch_norms() -> dict[str, Candidate]:
    """The gradient of the images of sum(batch norm of images * weights); the candidates that are there."""
    rng = np.random.default_rng(0)
    x, w = (rng.standard_normal(IMAGES, np.float32) for _ in range(2))
    layer, inputs = nn.BatchNorm2d(IMAGES[1]), (dark.asarray(x), dark.asarray(w))
    gradient = dark.compile(dark.grad(lambda x, w: dark.sum(layer(x) * w)))
    candidates: dict[str, Candidate] = {OURS: lambda: gradient(*inputs)}
    if torch:
        candidates["torch"] = torch_batch_norm(x, w)
    return candidates


def torch_batch_norm(x: NDArray[Any], w: NDArray[Any]) -> Candidate:
    """PyTorch's."""
    layer, images, weights = torch.nn.BatchNorm2d(IMAGES[1]), torch.from_numpy(x), torch.from_numpy(w)
    images.requires_grad_()

    def run() -> object:
        return torch.autograd.grad((layer(images) * weights).sum(), images)[0]

    return run
