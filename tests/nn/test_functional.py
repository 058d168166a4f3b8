"""nn.functional has PyTorch's argument order and meaning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit.nn import functional as F

torch = pytest.importorskip("torch")

rng = np.random.default_rng(0)
X, W, B = rng.standard_normal((2, 4, 5, 6)), rng.standard_normal((4, 3, 2, 3)), rng.standard_normal(6)
ROWS = rng.standard_normal((3, 4))
STATISTICS = rng.standard_normal(4), rng.random(4)

# Each is called with our arrays and functions, and with PyTorch's.
CALLS: dict[str, Callable[[Any, Callable[[Any], Any]], Any]] = {
    "linear": lambda f, a: f.linear(a(ROWS), a(W[:, :, 0, 0].T), a(B[:3])),
    "embedding": lambda f, a: f.embedding(a(np.array([[1, 2], [0, 1]])), a(ROWS)),
    "one_hot": lambda f, a: f.one_hot(a(np.array([2, 0])), 3),
    "conv2d": lambda f, a: f.conv2d(a(X), a(np.ones((2, 2, 2, 3))), a(B[:2]), (1, 2), 1, 2, 2),
    "conv_transpose2d": lambda f, a: f.conv_transpose2d(a(X), a(W), a(B), 2, 1, 1, 2, 2),
    "max_pool2d": lambda f, a: f.max_pool2d(a(X), 2, 1, 1),
    "avg_pool2d": lambda f, a: f.avg_pool2d(a(X), (2, 3), 2, 1),
    "interpolate": lambda f, a: f.interpolate(a(X), scale_factor=2, mode="bilinear"),
    "batch_norm": lambda f, a: f.batch_norm(a(X), *map(a, STATISTICS), a(B[:4]), a(B[2:]), False, 0.1, 1e-3),
    "layer_norm": lambda f, a: f.layer_norm(a(X), (6,), a(B), a(-B), 1e-3),
    "softmax": lambda f, a: f.softmax(a(X), 1),
    "log_softmax": lambda f, a: f.log_softmax(a(X), 1),
    "relu": lambda f, a: f.relu(a(X)),
    "leaky_relu": lambda f, a: f.leaky_relu(a(X), 0.2),
    "gelu": lambda f, a: f.gelu(a(X), approximate="tanh"),
    "softplus": lambda f, a: f.softplus(a(X)),
    "sigmoid and tanh": lambda f, a: f.sigmoid(a(X)) + f.tanh(a(X)),
    "flatten": lambda f, a: f.relu(a(X)).flatten() if f is not F else F.flatten(F.relu(a(X))),
    "pad": lambda f, a: f.pad(a(X), (1, 2, 0, 3), value=0.5),
    "pad, reflect": lambda f, a: f.pad(a(X), (5, 0, 1, 4), "reflect"),
    "pad, replicate": lambda f, a: f.pad(a(X), (1, 7, 0, 9), "replicate"),
    "pad, circular": lambda f, a: f.pad(a(X), (6, 2, 0, 1), "circular"),
    "mse_loss": lambda f, a: f.mse_loss(a(X), a(-X), reduction="sum"),
    "bce": lambda f, a: f.binary_cross_entropy_with_logits(a(ROWS), a((ROWS > 0).astype(float)), reduction="none"),
    "cross_entropy": lambda f, a: f.cross_entropy(a(ROWS), a(np.array([0, 3, 1])), reduction="sum"),
    "cross_entropy, options": lambda f, a: f.cross_entropy(
        a(ROWS), a(np.array([0, 3, 1])), a(np.arange(4.0)), ignore_index=3, label_smoothing=0.2
    ),
    "attention": lambda f, a: f.scaled_dot_product_attention(a(X), a(X), a(X), is_causal=True),
}


@pytest.mark.parametrize("name", CALLS)
def test_calls_are_pytorchs(name: str) -> None:
    call = CALLS[name]
    found, wanted = call(F, lambda x: x).numpy(), call(torch.nn.functional, torch.tensor).numpy()
    assert found.dtype == wanted.dtype
    np.testing.assert_allclose(found, wanted, rtol=1e-10, atol=1e-12)


def test_mistakes() -> None:
    for call, error, message in (
        (lambda: F.linear(ROWS, np.ones((2, 3))), dark.ShapeError, r"\(3, 4\) must be that of the weights"),
        (lambda: F.linear(ROWS, np.ones((2, 4)), B), dark.ShapeError, r"bias \(6,\) does not fit weights .*\(2, 4\)"),
        (lambda: F.pad(ROWS, (1, 2, 3)), dark.ArgumentError, "at most 2 axes, the last first"),
        (lambda: F.pad(ROWS, (1,) * 6), dark.ArgumentError, "at most 2 axes"),
        (
            lambda: F.pad(ROWS, (1, 1), "edge"),
            dark.ArgumentError,
            "'constant', 'reflect', 'replicate', 'circular', got",
        ),
        (lambda: F.flatten(ROWS, 1, 0), dark.ArgumentError, "start_dim=1, end_dim=0"),
        (lambda: F.scaled_dot_product_attention(X, X, X, X, is_causal=True), dark.ArgumentError, "not both"),
    ):
        with pytest.raises(error, match=message):
            call()


def test_public_names_are_listed() -> None:
    assert all(callable(getattr(F, name)) for name in F.__all__)
