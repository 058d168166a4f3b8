"""Against PyTorch, forward and backward: convolution, pooling, losses, activations; ties, kinks and NaN as there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from dark_jit import ops
from dark_jit.backends import reference
from dark_jit.graph.node import Node

from .programs import FLOATS, Array, agree, compiled, numbers, run, traced
from .strategies import Convolution, Pooling, convolutions, poolings

torch = pytest.importorskip("torch", reason="torch is one of the peers")
functional = torch.nn.functional

BACKENDS = ("reference", "cpu")


def same_as_torch(
    build: Callable[..., Node], theirs: Callable[..., Any], arrays: Sequence[Array], backend: str, scale: float = 2
) -> None:
    """The value, and the gradients of all float arrays for one random cotangent."""
    graph, values = traced(build, arrays)
    found = reference.evaluate(graph, values) if backend == "reference" else run(compiled(graph, best_isa()), values)
    tensors = [torch.tensor(array, requires_grad=array.dtype.kind == "f") for array in arrays]
    y = theirs(*tensors)
    y.backward(torch.tensor(values[len(arrays)]))
    wanted = [y.detach().numpy(), *(t.grad.numpy() for t in tensors if t.requires_grad)]
    agree(found, [np.asarray(w) for w in wanted], scale)


def best_isa() -> str:
    from dark_jit.backends.llvm.target import machine

    return machine().isa


@pytest.mark.parametrize("backend", BACKENDS)
@settings(max_examples=15)
@given(case=convolutions())
def test_conv2d(backend: str, case: Convolution) -> None:
    shapes = (case.x, case.k, case.k[:1])
    arrays = [numbers(i, shape) for i, shape in enumerate(shapes)]
    same_as_torch(
        lambda x, k, b: ops.conv2d(x, k, bias=b, **case.keywords),
        lambda x, k, b: functional.conv2d(x, k, b, **case.keywords),
        arrays,
        backend,
    )


@pytest.mark.parametrize("backend", BACKENDS)
@settings(max_examples=20)
@given(case=poolings())
def test_max_pool2d(backend: str, case: Pooling) -> None:
    """Many ties: the first one in row-major order takes the gradient."""
    x = np.round(numbers(1, case.x))
    same_as_torch(
        lambda x: ops.max_pool2d(x, case.kernel_size, case.stride, case.padding),
        lambda x: functional.max_pool2d(x, case.kernel_size, case.stride, case.padding),
        [x],
        backend,
    )


@pytest.mark.parametrize("backend", BACKENDS)
def test_max_pool2d_of_nan_and_infinities(backend: str) -> None:
    x = np.round(numbers(1, (2, 9, 6, 6)))
    x[0, 0, 1, 1] = x[0, 3, 2, 2] = np.nan
    x[1, 1] = -np.inf
    x[1, 2, 3, 3] = np.inf
    same_as_torch(lambda x: ops.max_pool2d(x, 3, 2, 1), lambda x: functional.max_pool2d(x, 3, 2, 1), [x], backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", FLOATS)
def test_cross_entropy(backend: str, dtype: str) -> None:
    logits = 3 * numbers(1, (23, 10), dtype)
    logits[0], logits[1], logits[2] = [1000, -1000] * 5, 1000, -1000
    classes = np.arange(23) * 7 % 10
    same_as_torch(ops.cross_entropy, functional.cross_entropy, [logits, classes], backend)
    weights = np.abs(numbers(2, (23, 10), dtype))
    nodes = [logits, (weights / weights.sum(1, keepdims=True)).astype(dtype)]
    same_as_torch(ops.cross_entropy, functional.cross_entropy, nodes, backend)


ACTIVATIONS = {
    "softmax": (ops.softmax, lambda x: functional.softmax(x, -1)),
    "log_softmax": (ops.log_softmax, lambda x: functional.log_softmax(x, -1)),
    "gelu": (ops.gelu, functional.gelu),
    "sigmoid": (ops.sigmoid, torch.sigmoid),
    "relu": (ops.relu, torch.relu),
    "tanh": (ops.tanh, torch.tanh),
    "erf": (ops.erf, torch.erf),
    "abs": (ops.abs_, torch.abs),
    "sign": (ops.sign, torch.sign),
    "amax": (lambda x: ops.max_(x, 1), lambda x: torch.amax(x, 1)),
    "amin": (lambda x: ops.min_(x, 1), lambda x: torch.amin(x, 1)),
    "var": (lambda x: ops.var(x, 0, ddof=1), lambda x: torch.var(x, 0)),
    "square": (lambda x: ops.power(x, 2.0), lambda x: x**2),
    "cube": (lambda x: ops.power(x, 3.0), lambda x: x**3),
    "clamp": (lambda x: ops.minimum(ops.maximum(x, -0.5), 1.0), lambda x: torch.clamp(x, -0.5, 1.0)),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations_and_reductions(name: str, dtype: str, backend: str) -> None:
    ours, theirs = ACTIVATIONS[name]
    x = 2 * numbers(1, (7, 33), dtype)
    if name not in ("clamp",):
        x[0, :8] = 0  # a kink, and ties
    same_as_torch(ours, theirs, [x], backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("name", ["maximum", "minimum"])
def test_ties_of_two_operands(name: str, backend: str) -> None:
    x, y = np.round(numbers(1, (5, 33))), np.round(numbers(2, (5, 33)))
    same_as_torch(getattr(ops, name), getattr(torch, name), [x, y], backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_powers(backend: str) -> None:
    x = np.concatenate([np.abs(numbers(1, (30,))), np.zeros(3, np.float32)])
    y = np.concatenate([numbers(2, (30,)), np.array([2, 1, 3], np.float32)])
    same_as_torch(ops.power, torch.pow, [x, y], backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_an_embedding(backend: str) -> None:
    indices = np.array([[1, 1, 3], [10, 1, 0]])
    same_as_torch(ops.take, lambda w, i: functional.embedding(i, w), [numbers(1, (11, 9)), indices], backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", FLOATS)
def test_reading_and_writing_at_indices(dtype: str, backend: str) -> None:
    """Repeated indices among them, but for writes: there PyTorch does not say which one wins."""
    x, u = numbers(1, (5, 19), dtype), numbers(2, (7, 19), dtype)
    rows, places = np.array([4, 0, 0, 3, 1, 4, 4]), np.random.default_rng(0).integers(0, 5, (7, 19))
    once = np.argsort(numbers(3, (5, 19)), 0)
    pairs: list[tuple[Callable[..., Node], Callable[..., Any], list[Array]]] = [
        (lambda x, i: ops.take_along_axis(x, i, 0), lambda x, i: torch.gather(x, 0, i), [x, places]),
        (
            lambda u, i: ops.scatter_add(u, i, 0, (5, 19)),
            lambda u, i: torch.zeros(5, 19, dtype=u.dtype).index_add(0, i, u),
            [u, rows],
        ),
        (
            lambda u, i: ops.scatter_add_along_axis(u, i, 0, (5, 19)),
            lambda u, i: torch.zeros(5, 19, dtype=u.dtype).scatter_add(0, i, u),
            [u, places],
        ),
        (ops.put, lambda x, i, v: x.index_copy(0, i, v), [x, np.array([3, 0]), u[:2]]),
        (lambda x, i, v: ops.put_along_axis(x, i, v, 0), lambda x, i, v: x.scatter(0, i, v), [x, once, u[:5]]),
    ]
    for ours, theirs, arrays in pairs:
        same_as_torch(ours, theirs, arrays, backend)


SCANS_AND_SORTS: dict[str, tuple[Callable[[Node], Node], Callable[[Any], Any]]] = {
    "cumsum": (lambda x: ops.cumsum(x, 1), lambda x: torch.cumsum(x, 1)),
    "cumprod": (lambda x: ops.cumprod(x, 0), lambda x: torch.cumprod(x, 0)),
    "prod": (lambda x: ops.prod(x, 0), lambda x: torch.prod(x, 0)),
    "sort": (lambda x: ops.sort(x, 1), lambda x: torch.sort(x, dim=1, stable=True).values),
    "descending": (
        lambda x: ops.sort(x, 0, descending=True),
        lambda x: torch.sort(x, dim=0, stable=True, descending=True).values,
    ),
    "topk": (lambda x: ops.topk(x, 5, 1)[0], lambda x: torch.topk(x, 5, 1).values),
    "tril": (lambda x: ops.tril(x, 2), lambda x: torch.tril(x, 2)),
    "roll": (lambda x: ops.roll(x, (2, -3), (0, 1)), lambda x: torch.roll(x, (2, -3), (0, 1))),
    "repeat": (lambda x: ops.repeat(x, 3, 1), lambda x: torch.repeat_interleave(x, 3, 1)),
    "diff": (lambda x: ops.diff(x, 2, 0), lambda x: torch.diff(x, 2, 0)),
    "diagonal": (lambda x: ops.diagonal(x, 0, 1, 3), lambda x: torch.diagonal(x, 3, 0, 1)),
}


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", SCANS_AND_SORTS)
def test_scans_sorts_and_rearrangements(name: str, dtype: str, backend: str) -> None:
    ours, theirs = SCANS_AND_SORTS[name]
    x = numbers(1, (7, 33), dtype)
    x[2, 3:5] = 0  # factors of 0, which the gradients of products do not divide by
    same_as_torch(ours, theirs, [x], backend)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("subscripts", ["ij,jk->ik", "bij,bkj->bik", "ij,j->i", "i,j->ij", "iij->j"])
def test_einsum(subscripts: str, backend: str) -> None:
    extents = {"i": 5, "j": 17, "k": 8, "b": 3}
    terms = subscripts.split("->", maxsplit=1)[0].split(",")
    arrays = [numbers(i, [extents[letter] for letter in term]) for i, term in enumerate(terms)]
    same_as_torch(lambda *xs: ops.einsum(subscripts, *xs), lambda *xs: torch.einsum(subscripts, *xs), arrays, backend)
