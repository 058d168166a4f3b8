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
