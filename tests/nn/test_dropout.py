"""The layer Dropout, and that initial values come from the same generator."""

from __future__ import annotations

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn


def test_dropout_while_training_only() -> None:
    dark.manual_seed(0)
    layer = nn.Dropout(0.25)
    x = np.ones((200, 10), np.float32)
    y = layer(x).numpy()
    assert abs((y == 0).mean() - 0.25) < 0.05
    assert set(y.ravel()) == {np.float32(0), np.float32(4 / 3)}
    assert layer.eval()(x).numpy().min() == 1
    assert (layer.train()(x).numpy() == 0).any()
    assert list(layer.parameters()) == []
    assert repr(nn.Sequential(nn.Dropout(), nn.ReLU())).splitlines()[1].strip() == "(0): Dropout(p=0.5)"


def test_it_is_pytorchs_in_distribution() -> None:
    torch = pytest.importorskip("torch")
    x = np.full(50_000, 2, np.float32)
    dark.manual_seed(0)
    ours, theirs = nn.Dropout(0.1)(x).numpy(), torch.nn.Dropout(0.1)(torch.tensor(x)).numpy()
    assert set(ours) == set(theirs)
    assert abs(ours.mean() - 2) < 0.02


def test_bad_probabilities() -> None:
    for p in (-0.1, 1.1, float("nan")):
        with pytest.raises(dark.ArgumentError, match=r"must lie in \[0, 1\]"):
            nn.Dropout(p)


def test_initial_values_are_draws_of_the_parameters_dtype() -> None:
    dark.manual_seed(5)
    weights = nn.init.random_uniform_(dark.Parameter(np.zeros((3, 4))), -2, 6)
    dark.manual_seed(5)
    np.testing.assert_array_equal(weights.numpy(), dark.uniform(-2, 6, (3, 4), np.float64).numpy())
