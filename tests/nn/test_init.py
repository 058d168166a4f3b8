"""Initial values: their ranges, that a seed repeats them, and what is refused."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn


def zeros(*shape: int) -> dark.Parameter:
    return dark.Parameter(np.zeros(shape, np.float32))


def test_a_seed_repeats_them() -> None:
    values = []
    for _ in range(2):
        dark.manual_seed(1)
        values.append(nn.Conv2d(2, 4, 3).weights.numpy())
    np.testing.assert_array_equal(values[0], values[1])


@pytest.mark.parametrize(
    ("make", "fan_in"),
    [
        (lambda: nn.Conv2d(2, 64, 3), 18),
        (lambda: nn.Linear(30, 40), 30),
        (lambda: nn.ConvTranspose2d(64, 4, 2), 16),
    ],
)
def test_layers_begin_as_pytorchs(make: Callable[[], Any], fan_in: int) -> None:
    dark.manual_seed(0)
    layer = make()
    for parameter in (layer.weights, layer.bias):
        assert parameter.dtype == np.float32
        assert 0.5 < np.abs(parameter.numpy()).max() * math.sqrt(fan_in) <= 1


UNIFORM: list[tuple[Callable[[dark.Parameter], dark.Parameter], float]] = [
    (nn.init.xavier_uniform_, math.sqrt(6 / 50)),
    (lambda p: nn.init.xavier_uniform_(p, 2.0), 2 * math.sqrt(6 / 50)),
    (nn.init.kaiming_uniform_, math.sqrt(6 / 20)),
    (lambda p: nn.init.kaiming_uniform_(p, math.sqrt(5), "fan_out"), math.sqrt(1 / 30)),
    (lambda p: nn.init.random_uniform_(p, -3, 3), 3.0),
    (lambda p: nn.init.uniform_(p, -3, 3), 3.0),
]


@pytest.mark.parametrize(("fill", "bound"), UNIFORM)
def test_uniform(fill: Callable[[dark.Parameter], dark.Parameter], bound: float) -> None:
    dark.manual_seed(0)
    parameter = zeros(30, 20)
    assert fill(parameter) is parameter
    values = parameter.numpy()
    assert 0.95 * bound < values.max() <= bound
    assert -bound <= values.min() < -0.95 * bound
    assert values.dtype == np.float32


NORMAL: list[tuple[Callable[[dark.Parameter], dark.Parameter], float, float]] = [
    (nn.init.normal_, 0.0, 1.0),
    (lambda p: nn.init.normal_(p, 5.0, 0.1), 5.0, 0.1),
    (nn.init.xavier_normal_, 0.0, math.sqrt(2 / 50)),
    (nn.init.kaiming_normal_, 0.0, math.sqrt(2 / 20)),
]


@pytest.mark.parametrize(("fill", "mean", "std"), NORMAL)
def test_normal(fill: Callable[[dark.Parameter], dark.Parameter], mean: float, std: float) -> None:
    dark.manual_seed(0)
    values = fill(zeros(30, 20)).numpy()
    assert abs(values.mean() - mean) < 0.2 * std
    assert 0.9 < values.std() / std < 1.1


def test_constants() -> None:
    assert (nn.init.constant_(zeros(3), 2.5).numpy() == 2.5).all()
    assert (nn.init.ones_(zeros(3)).numpy() == 1).all()
    assert (nn.init.zeros_(nn.init.ones_(zeros(3))).numpy() == 0).all()
    assert nn.Embedding(500, 4).weights.numpy().std() == pytest.approx(1, abs=0.1)


def test_mistakes() -> None:
    with pytest.raises(dark.ShapeError, match=r"at least two axes \(out, in, ...\), got shape \(1,\)"):
        nn.init.xavier_uniform_(zeros(1))
    with pytest.raises(dark.ArgumentError, match="'fan_in' or 'fan_out', got 'both'"):
        nn.init.kaiming_normal_(zeros(2, 2), mode="both")
    assert nn.init.xavier_uniform_(zeros(0, 0)).shape == (0, 0)
