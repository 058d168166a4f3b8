"""What gpu.py measures: each piece of work in dark_jit, in PyTorch, and in NumPy, which computes it in float64."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

import dark_jit as dark
from peak import COPY
from peers import optional
from timing import SEEDS, Array
from torch_peer import convolution_gradients

torch = optional("torch")

# The group of a product's rows at each precision, and how far a result may be from float64's, of its largest value.
# TF32 keeps 11 bits of each operand.
PRECISIONS = {"default": ("float32", 1e-4), "strict": ("float32, strict", 1e-4), "tf32": ("TF32", 2e-3)}


@dataclass(frozen=True)
class Sizes:
    """How large the work is."""

    elements: int = 1 << 26
    reduced: tuple[int, int] = (16384, 4096)
    side: int = 8192  # of what is transposed
    products: tuple[tuple[int, int, int], ...] = (  # m x k by k x n
        (1024, 1024, 1024),
        (4096, 4096, 4096),
        (8192, 1024, 1024),
        (4096, 4096, 128),
    )
    convolutions: tuple[tuple[int, int, int, int], ...] = ((64, 64, 56, 64), (64, 256, 14, 256))  # n, c, side, kernels


@dataclass(frozen=True)
class Case:
    """Some work: its three forms, the shapes of its arguments, and what it moves and computes."""

    name: str
    ours: Callable[..., Any]
    theirs: Callable[..., Any]
    reference: Callable[..., Any]
    shapes: tuple[tuple[int, ...], ...]
    flops: int = 0
    moved: int = 0  # bytes, each buffer once
    group: str = ""  # where there is nothing to choose a precision for

    @property
    def groups(self) -> dict[str, tuple[str, float]]:
        """The precisions at which it is measured: the group, and how far results may be from float64's."""
        return {"default": (self.group, 1e-4)} if self.group else PRECISIONS


@functools.lru_cache(maxsize=len(SEEDS))
def problem(case: Case, seed: int) -> tuple[list[Array], list[Array]]:
    """Arguments, normally distributed, and what comes of them; kept for the precisions of one case."""
    rng = np.random.default_rng(seed)
    arrays: list[Array] = [rng.standard_normal(shape, np.float32) for shape in case.shapes]
    results = case.reference(*(array.astype(np.float64) for array in arrays))
    return arrays, list(results) if isinstance(results, tuple) else [results]


def cases(sizes: Sizes) -> Iterator[Case]:
    """What is measured. The first is a copy, to whose speed those that wait for memory are held."""
    yield from memory_cases(sizes)
    for m, k, n in sizes.products:
        name = f"{m} x {k} @ {k} x {n}"
        yield Case(name, product, product, product, ((m, k), (k, n)), flops=2 * m * k * n)
    for batch, channels, side, kernels in sizes.convolutions:
        x, w, dy = (batch, channels, side, side), (kernels, channels, 3, 3), (batch, kernels, side, side)
        flops = 2 * batch * side**2 * channels * kernels * 9
        name = f"conv2d {x}, {kernels} of 3 x 3"
        yield Case(name, our_conv, torch_conv, conv_reference, (x, w), flops=flops)
        gradients = our_gradients, torch_gradients, gradients_reference
        yield Case(f"its gradients, {x}", *gradients, (x, w, dy), flops=2 * flops)


def memory_cases(sizes: Sizes) -> Iterator[Case]:
    """What waits for memory."""
    flat, reduced, square = (sizes.elements,), sizes.reduced, (sizes.side, sizes.side)
    size, rows = 4 * sizes.elements, 4 * reduced[0] * reduced[1]

    def case(name: str, ours: Any, theirs: Any, reference: Any, *shapes: tuple[int, ...], moved: int) -> Case:
        return Case(name, ours, theirs, reference, shapes, moved=moved, group="memory")

    copied = f"copy, {size >> 20} MiB"
    yield Case(copied, lambda x: x + 0.0, lambda x: x.clone(), lambda x: x, (flat,), moved=2 * size, group=COPY)
    yield case("relu(x * y + x)", chain, torch_chain, chain_reference, flat, flat, moved=3 * size)
    yield case("sum of all", dark.sum, lambda x: x.sum(), np.sum, flat, moved=size)
    sum_rows = (lambda x: dark.sum(x, axis=1)), (lambda x: x.sum(1)), (lambda x: x.sum(1))
    yield case("sum of rows", *sum_rows, reduced, moved=rows)
    sum_columns = (lambda x: dark.sum(x, axis=0)), (lambda x: x.sum(0)), (lambda x: x.sum(0))
    yield case("sum of columns", *sum_columns, reduced, moved=rows)
    moved = 8 * sizes.side**2
    yield case("transposition", lambda x: x.T + 0.0, lambda x: x.T.contiguous(), np.transpose, square, moved=moved)


# ---- the three forms ----


def product(x: Any, y: Any) -> Any:
    """The same in every library."""
    return x @ y


def chain(x: Any, y: Any) -> Any:
    """Three operations in one kernel."""
    return dark.relu(x * y + x)


def torch_chain(x: Any, y: Any) -> Any:
    """As PyTorch writes it."""
    return torch.relu(x * y + x)


def chain_reference(x: Array, y: Array) -> Array:
    """In NumPy."""
    result: Array = np.maximum(x * y + x, 0)
    return result


def our_conv(x: Any, w: Any) -> Any:
    """3 x 3, with zeros around."""
    return dark.conv2d(x, w, padding=1)


def torch_conv(x: Any, w: Any) -> Any:
    """As PyTorch writes it."""
    return torch.nn.functional.conv2d(x, w, padding=1)


def our_gradients(x: Any, w: Any, dy: Any) -> Any:
    """Of the images and of the kernels."""
    _, pullback = dark.vjp(our_conv, x, w)
    return pullback(dy)


def torch_gradients(x: Any, w: Any, dy: Any) -> Any:
    """Both by one call."""
    return convolution_gradients(x, w, dy, 1, 1)


def conv_reference(x: Array, w: Array) -> Array:
    """A matrix product for each of the nine elements of a kernel."""
    side = x.shape[2]
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    total = np.zeros((w.shape[0], x.shape[0], side, side))
    for i, j in np.ndindex(3, 3):
        total += np.tensordot(w[:, :, i, j], padded[:, :, i : i + side, j : j + side], (1, 1))
    return np.moveaxis(total, 0, 1)


def gradients_reference(x: Array, w: Array, dy: Array) -> tuple[Array, Array]:
    """For the images a convolution with the kernels turned around, for the kernels nine matrix products."""
    side = x.shape[2]
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    dw = np.zeros(w.shape)
    for i, j in np.ndindex(3, 3):
        dw[:, :, i, j] = np.tensordot(dy, padded[:, :, i : i + side, j : j + side], ((0, 2, 3), (0, 2, 3)))
    return conv_reference(dy, np.swapaxes(w, 0, 1)[:, :, ::-1, ::-1]), dw
