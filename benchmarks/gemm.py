"""Matrix products: a @ b, and x @ W.T as in nn.Linear. The peers write into a given array: no page faults."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

import dark_jit as dark
import onnx_peer
from jax_peer import jax, jitted
from peers import optional
from timing import OURS, Candidate, Result, measure

torch = optional("torch")

if torch:

    class Product(torch.nn.Module):  # type: ignore[misc,name-defined,unused-ignore]
        """a @ b, for ONNX Runtime."""

        def forward(self, a: Any, b: Any) -> Any:
            return a @ b

    class Linear(torch.nn.Module):  # type: ignore[misc,name-defined,unused-ignore]
        """x @ W.T, for ONNX Runtime, which may lay out W beforehand."""

        def __init__(self, weights: Any) -> None:
            super().__init__()
            self.weights = weights

        def forward(self, x: Any) -> Any:
            return x @ self.weights.t()


# (m, n, k): a is m x k, b is k x n.
SHAPES = [
    (128, 128, 128),
    (256, 256, 256),
    (512, 512, 512),
    (1024, 1024, 1024),
    (2048, 2048, 2048),
    (64, 4096, 1024),
    (64, 1024, 4096),
    (128, 10, 512),
    (3136, 64, 576),
]
ODD_SHAPES = [(1, 1000, 512), (17, 33, 65), (127, 129, 131), (513, 511, 509), (1000, 1000, 1000)]
# (batch, outputs, inputs)
LINEAR_SHAPES = [(64, 4096, 1024), (64, 1024, 4096), (512, 1024, 1024), (128, 512, 512), (1024, 4096, 1024)]


def results(threads: int) -> Iterator[Result]:
    """One row for each shape."""
    for group, shapes in (("gemm", SHAPES), ("gemm, odd shapes", ODD_SHAPES)):
        for m, n, k in shapes:
            a, b = random_matrices((m, k), (k, n))
            yield measure(group, f"{m} x {n} x {k}", product(a, b, threads), 2 * m * n * k)
    for batch, outputs, inputs in LINEAR_SHAPES:
        x, weights = random_matrices((batch, inputs), (outputs, inputs))
        name = f"{batch} x {outputs} x {inputs}"
        yield measure("x @ W.T", name, linear(x, weights, threads), 2 * batch * outputs * inputs)


def random_matrices(*shapes: tuple[int, int]) -> list[NDArray[np.float32]]:
    """Normally distributed, always the same."""
    rng = np.random.default_rng(0)
    return [rng.standard_normal(shape, np.float32) for shape in shapes]


def product(a: NDArray[np.float32], b: NDArray[np.float32], threads: int) -> dict[str, Candidate]:
    """a @ b."""
    ours, inputs = dark.compile(lambda a, b: a @ b), (dark.asarray(a), dark.asarray(b))
    out = np.empty((a.shape[0], b.shape[1]), np.float32)
    candidates: dict[str, Candidate] = {OURS: lambda: ours(*inputs)}
    if torch:
        torch_a, torch_b, torch_out = torch.from_numpy(a), torch.from_numpy(b), torch.empty(out.shape)
        candidates["torch"] = lambda: torch.mm(torch_a, torch_b, out=torch_out)
        if onnx_peer.available:
            candidates["ONNX Runtime"] = onnx_peer.exported(Product(), (torch_a, torch_b), threads)
    if jax:
        candidates["jax.jit"] = jitted(lambda a, b: a @ b, a, b)
    candidates["numpy"] = lambda: np.matmul(a, b, out=out)
    return candidates


def linear(x: NDArray[np.float32], weights: NDArray[np.float32], threads: int) -> dict[str, Candidate]:
    """x @ weights.T, the second operand given untransposed."""
    ours, inputs = dark.compile(lambda x, weights: x @ weights.T), (dark.asarray(x), dark.asarray(weights))
    out = np.empty((x.shape[0], weights.shape[0]), np.float32)
    candidates: dict[str, Candidate] = {OURS: lambda: ours(*inputs)}
    if torch:
        torch_x, torch_weights, torch_out = torch.from_numpy(x), torch.from_numpy(weights), torch.empty(out.shape)
        candidates["torch"] = lambda: torch.mm(torch_x, torch_weights.t(), out=torch_out)
        if onnx_peer.available:
            candidates["ONNX Runtime"] = onnx_peer.exported(Linear(torch_weights), (torch_x,), threads)
    if jax:
        candidates["jax.jit"] = jitted(lambda x, weights: x @ weights.T, x, weights)
    candidates["numpy"] = lambda: np.matmul(x, weights.T, out=out)
    return candidates
