"""Ten training steps of a small CNN: compiled, lazy and interpreted agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn, optim

STEPS = 10


def build(dtype: str) -> nn.Module:
    """The digits model, always with the same weights."""
    dark.manual_seed(3)
    model = nn.Sequential(
        nn.Conv2d(1, 6, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(6, 10, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(40, 10),
    )
    for parameter in model.parameters():
        parameter.data = parameter.numpy().astype(dtype)
    return model


def batches(dtype: str) -> list[tuple[np.ndarray, np.ndarray]]:
    rng = np.random.default_rng(5)
    return [(rng.random((16, 1, 8, 8)).astype(dtype), rng.integers(0, 10, 16)) for _ in range(STEPS)]


def train(dtype: str, optimizer: str, wrap: Callable[[Any], Any]) -> tuple[list[float], list[np.ndarray]]:
    """The losses and the parameters after ten steps."""
    with_dtype = dark.default_dtype()
    dark.set_default_dtype(dtype)
    try:
        model = build(dtype)
        rule = (
            optim.Adam(model.parameters(), lr=0.01) if optimizer == "Adam" else optim.SGD(model.parameters(), 0.1, 0.9)
        )
        loss_of = nn.CrossEntropyLoss()

        def step(images: Any, labels: Any) -> Any:
            loss = loss_of(model(images), labels)
            loss.backward()
            rule.step()
            rule.zero_grad()
            return loss

        run = wrap(step)
        losses = [run(dark.asarray(images), dark.asarray(labels)).item() for images, labels in batches(dtype)]
        return losses, [parameter.numpy() for parameter in model.parameters()]
    finally:
        dark.set_default_dtype(with_dtype)


def interpreted(step: Any) -> Any:
    return dark.compile(step, backend="reference")


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_compiled_lazy_and_reference_agree_in_float64(optimizer: str) -> None:
    expected_losses, expected = train("float64", optimizer, interpreted)
    for wrap in (dark.compile, lambda step: step):
        losses, parameters = train("float64", optimizer, wrap)
        np.testing.assert_allclose(losses, expected_losses, rtol=1e-10)
        for got, wanted in zip(parameters, expected, strict=True):
            assert got.dtype == np.float64
            np.testing.assert_allclose(got, wanted, rtol=1e-8, atol=1e-10)
