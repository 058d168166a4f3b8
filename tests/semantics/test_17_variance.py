"""Rule 17: variances come from deviations, not from sums of squares; padding is not normalised."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn

SHAPE = (8, 3, 16, 16)
AXES = (0, 2, 3)
FAR = 1e4


def far_away(seed: int = 0) -> np.ndarray:
    """float32 images of mean 1e4 and standard deviation 1: the squares, 1e8, have no room for the variance."""
    return (np.random.default_rng(seed).standard_normal(SHAPE) + FAR).astype(np.float32)


def exact(x: np.ndarray, axes: tuple[int, ...], eps: float = 1e-5) -> np.ndarray:
    wide = x.astype(np.float64)
    return (wide - wide.mean(axes, keepdims=True)) / np.sqrt(wide.var(axes, keepdims=True) + eps)


def test_the_example_is_one_that_sums_of_squares_fail() -> None:
    x = far_away()
    naive = np.mean(x * x, AXES) - np.mean(x, AXES) ** 2
    assert np.abs(naive - 1).max() > 0.5


VARIANCES: list[tuple[Callable[[Any], Any], Any]] = [
    (lambda x: dark.var(x, AXES), AXES),
    (lambda x: dark.var(x, 3), 3),
    (dark.var, None),
    (lambda x: dark.std(x, AXES) ** 2, AXES),
]


@pytest.mark.parametrize(("variance", "axes"), VARIANCES)
def test_variance_of_a_large_mean(variance: Callable[[Any], Any], axes: Any) -> None:
    x = far_away()
    for function in (variance, dark.compile(variance)):
        np.testing.assert_allclose(function(x).numpy(), x.astype(np.float64).var(axes), rtol=1e-5)


@pytest.mark.parametrize("layer", [nn.BatchNorm2d(3), nn.LayerNorm((16, 16)), nn.LayerNorm(16)], ids=repr)
def test_normalisation_of_a_large_mean(layer: nn.Module) -> None:
    """An input is known to 1e4 * 2**-24 = 6e-4, the mean to about as much; that is all that is lost."""
    x = far_away()
    axes = AXES if isinstance(layer, nn.BatchNorm2d) else (2, 3) if layer.weights.ndim == 2 else (3,)  # type: ignore[union-attr]
    for function in (layer, dark.compile(layer)):
        np.testing.assert_allclose(function(x).numpy(), exact(x, axes), atol=4e-3)


def test_running_statistics_of_a_large_mean() -> None:
    layer = nn.BatchNorm2d(3, momentum=1.0)
    x = far_away()
    layer(x).numpy()
    assert layer.running_mean is not None and layer.running_var is not None
    np.testing.assert_allclose(layer.running_mean.numpy().reshape(3), x.astype(np.float64).mean(AXES), rtol=3e-7)
    # An image's mean is rounded at 1e4 * 2**-24, and the images' means differ by a sixteenth.
    np.testing.assert_allclose(layer.running_var.numpy().reshape(3), x.astype(np.float64).var(AXES, ddof=1), rtol=1e-4)


def test_the_gradient_at_a_large_mean() -> None:
    """A constant added to the images changes no gradient."""
    x, weights = far_away(), np.random.default_rng(1).standard_normal(SHAPE)

    def gradient(shift: float, dtype: str) -> np.ndarray:
        p = dark.Parameter((x.astype(np.float64) - shift).astype(dtype))
        (dark.batch_norm(p, training=True) * weights.astype(dtype)).sum().backward()
        assert p.grad is not None
        return p.grad.numpy()

    np.testing.assert_allclose(gradient(0, "float32"), gradient(FAR, "float64"), atol=1e-2)


@pytest.mark.parametrize("training", [True, False])
def test_padding_is_not_normalised(training: bool) -> None:
    """A convolution that pads sees zeros around normalised pixels, however far those were moved."""
    norm, conv = nn.BatchNorm2d(3), nn.Conv2d(3, 4, 3, padding=1)
    norm.bias = dark.Parameter(np.full((1, 3, 1, 1), 1000.0, np.float32))
    norm.train(training)
    x = np.random.default_rng(0).standard_normal(SHAPE).astype(np.float32)
    model = nn.Sequential(norm, conv)
    centred = exact(x, AXES) if training else x / np.sqrt(1 + 1e-5)
    padded = np.pad(centred + 1000.0, ((0, 0), (0, 0), (1, 1), (1, 1)))
    weights, bias = (parameter.numpy().astype(np.float64) for parameter in conv.parameters())
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), (2, 3))
    wanted = np.einsum("ncyxij,ocij->noyx", windows, weights) + bias
    for function in (model, dark.compile(model)):
        np.testing.assert_allclose(function(x).numpy(), wanted, atol=5e-3)
