"""Gradient clipping against PyTorch's, lazily and inside a compiled step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import optim

torch = pytest.importorskip("torch")

GRADIENTS = [np.array([[3.0, -4], [0, 12]]), np.array([0.5])]


def ours() -> list[dark.Parameter]:
    """Two parameters with gradients, and one without."""
    parameters = [dark.Parameter(np.zeros_like(g)) for g in GRADIENTS]
    for parameter, gradient in zip(parameters, GRADIENTS, strict=True):
        parameter.grad = dark.asarray(gradient)
    return [*parameters, dark.Parameter(np.zeros(3))]


def theirs() -> list[Any]:
    parameters = [torch.nn.Parameter(torch.zeros(g.shape, dtype=torch.float64)) for g in GRADIENTS]
    for parameter, gradient in zip(parameters, GRADIENTS, strict=True):
        parameter.grad = torch.tensor(gradient)
    return parameters


def check(parameters: Sequence[dark.Tensor], wanted: Sequence[Any]) -> None:
    for mine, other in zip(parameters, wanted, strict=False):
        assert mine.grad is not None
        np.testing.assert_allclose(mine.grad.numpy(), other.grad.numpy(), rtol=1e-12)


@pytest.mark.parametrize("norm_type", [2.0, 1.0, 3.0, float("inf")])
@pytest.mark.parametrize("max_norm", [1.0, 100.0, 0.0])
def test_norms(max_norm: float, norm_type: float) -> None:
    parameters, others = ours(), theirs()
    norm = optim.clip_grad_norm_(iter(parameters), max_norm, norm_type)
    wanted = torch.nn.utils.clip_grad_norm_(others, max_norm, norm_type)
    assert norm.item() == pytest.approx(wanted.item(), rel=1e-12)
    check(parameters, others)
    assert parameters[2].grad is None


def test_values() -> None:
    parameters, others = ours(), theirs()
    optim.clip_grad_value_(parameters, 2.5)
    torch.nn.utils.clip_grad_value_(others, 2.5)
    check(parameters, others)
    optim.clip_grad_value_(parameters[0], 1.0)
    assert parameters[0].grad is not None
    assert np.abs(parameters[0].grad.numpy()).max() == 1


def test_inside_a_compiled_step() -> None:
    p = dark.Parameter(np.full(4, 10.0, np.float32))
    optimizer = optim.SGD([p], 1.0)

    @dark.compile
    def step() -> Any:
        dark.sum(p * p).backward()
        norm = optim.clip_grad_norm_(optimizer.params, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        return norm

    norms = [step().item() for _ in range(10)]
    assert norms[0] == pytest.approx(40)
    assert np.linalg.norm(p.numpy()) == pytest.approx(10, rel=1e-5)
    assert p.dtype == np.float32
    assert step.cache_info()[:2] == (1, 1)


def test_nothing_to_clip() -> None:
    p = dark.Parameter([1.0])
    assert optim.clip_grad_norm_([p], 1.0).item() == 0
    optim.clip_grad_value_(p, 1.0)
    assert p.grad is None


def test_mistakes() -> None:
    p = dark.Parameter([1.0])
    with pytest.raises(dark.ArgumentError, match=r"must not be negative and norm_type positive, got -1\.0, 2\.0"):
        optim.clip_grad_norm_(p, -1.0)
    with pytest.raises(dark.ArgumentError, match="norm_type positive"):
        optim.clip_grad_norm_(p, 1.0, 0.0)
    with pytest.raises(dark.ArgumentError, match="clip_value must not be negative"):
        optim.clip_grad_value_(p, float("nan"))
