"""Layers and losses against PyTorch's: values and gradients, lazily and compiled, and how exact float32 is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn

torch = pytest.importorskip("torch")

Array = np.ndarray[Any, Any]


@dataclass
class Case:
    """A layer of ours and PyTorch's (the same name and arguments unless `theirs` is given), and the shape of x."""

    name: str
    arguments: tuple[Any, ...]
    shape: tuple[int, ...]
    theirs: Callable[[], Any] | None = None
    keywords: dict[str, Any] = field(default_factory=dict)

    def ours(self) -> nn.Module:
        layer: nn.Module = getattr(nn, self.name)(*self.arguments, **self.keywords)
        return layer

    def torch(self) -> Any:
        return self.theirs() if self.theirs else getattr(torch.nn, self.name)(*self.arguments, **self.keywords)

    def __str__(self) -> str:
        return f"{self.name}{self.arguments}{self.keywords or ''}"


def upsample(factor: Any, mode: str) -> Callable[[], Any]:
    return lambda: torch.nn.Upsample(scale_factor=factor, mode=mode)


LAYERS = [
    Case("Linear", (3, 4), (5, 3)),
    Case("Linear", (3, 4, False), (2, 5, 3)),
    Case("Linear", (3, 4), (3,)),
    Case("Conv2d", (2, 4, (3, 2), 2, 1), (2, 2, 6, 5)),
    Case("Conv2d", (4, 4, 3), (1, 4, 7, 7), keywords={"dilation": 2, "groups": 2, "bias": False}),
    Case("Conv2d", (2, 3, 3, 1, (1, 2)), (2, 2, 3, 4), keywords={"padding_mode": "reflect"}),
    Case("ConvTranspose2d", (2, 3, (3, 2), 2, 1, 1), (2, 2, 3, 4)),
    Case("ConvTranspose2d", (4, 6, 3, (1, 3)), (1, 4, 3, 2), keywords={"groups": 2, "dilation": 2, "bias": False}),
    Case("MaxPool2d", (2,), (2, 2, 5, 4)),
    Case("MaxPool2d", (3, 1, 1), (2, 2, 5, 4)),
    Case("AvgPool2d", (2,), (2, 2, 5, 4)),
    Case("AvgPool2d", (3, 2, 1), (2, 2, 5, 4), keywords={"count_include_pad": False}),
    Case("BatchNorm2d", (3,), (4, 3, 2, 5)),
    Case("BatchNorm2d", (3, 1e-3, 0.3, False), (1, 3, 2, 5)),
    Case("LayerNorm", (5,), (3, 4, 5)),
    Case("LayerNorm", ((4, 5), 1e-3), (3, 4, 5), keywords={"bias": False}),
    Case("Upsample2d", (2,), (2, 3, 3, 4), upsample(2, "nearest")),
    Case("Upsample2d", ((2, 3), "bilinear"), (2, 3, 3, 4), upsample((2, 3), "bilinear")),
    Case("Flatten", (), (2, 3, 4)),
    Case("Flatten", (0, 1), (2, 3, 4)),
    Case("ReLU", (), (3, 4)),
    Case("LeakyReLU", (0.1,), (3, 4)),
    Case("Sigmoid", (), (3, 4)),
    Case("Tanh", (), (3, 4)),
    Case("GELU", (), (3, 4)),
    Case("GELU", ("tanh",), (3, 4)),
    Case("Softmax", (1,), (3, 4)),
]


@contextmanager
def default_dtype(dtype: str) -> Iterator[None]:
    before = dark.default_dtype()
    dark.set_default_dtype(dtype)
    try:
        yield
    finally:
        dark.set_default_dtype(before)


def run_ours(case: Case, state: dict[str, Any], x: Array, weights: Array, compiled: bool) -> list[Array]:
    """The result, and the gradients of x and of the parameters."""
    with default_dtype(x.dtype.name):
        layer = case.ours()
    layer.load_state_dict(state)
    leaf = dark.Parameter(x)

    def step() -> Any:
        y = layer(leaf)
        (y * weights).sum().backward()
        return y

    y = (dark.compile(step) if compiled else step)()
    assert y.dtype == x.dtype
    gradients = [parameter.grad for parameter in (leaf, *layer.parameters())]
    return [y.numpy(), *(gradient.numpy() for gradient in gradients if gradient is not None)]


def run_theirs(layer: Any, x: Array, weights: Array) -> list[Array]:
    leaf = torch.tensor(x, requires_grad=True)
    layer.zero_grad()
    y = layer(leaf)
    (y * torch.tensor(weights)).sum().backward()
    return [y.detach().numpy(), leaf.grad.numpy(), *(parameter.grad.numpy() for parameter in layer.parameters())]


def example(case: Case) -> tuple[Any, dict[str, Any], Array, Array]:
    """PyTorch's layer in float64, its state, an input, and weights of the result."""
    rng = np.random.default_rng(0)
    torch.manual_seed(0)
    layer = case.torch().double()
    for parameter in layer.parameters():
        torch.nn.init.uniform_(parameter, -1, 1)
    x = rng.standard_normal(case.shape)
    weights = rng.standard_normal(tuple(layer.eval()(torch.tensor(x)).shape))
    state = {name: value.detach().numpy().copy() for name, value in layer.state_dict().items()}
    return layer.train(), state, x, weights


@pytest.mark.parametrize("compiled", [False, True], ids=["lazy", "compiled"])
@pytest.mark.parametrize("case", LAYERS, ids=str)
def test_layers_in_float64(case: Case, compiled: bool) -> None:
    layer, state, x, weights = example(case)
    found, wanted = run_ours(case, state, x, weights, compiled), run_theirs(layer, x, weights)
    assert len(found) == len(wanted)
    for mine, theirs in zip(found, wanted, strict=True):
        np.testing.assert_allclose(mine.reshape(theirs.shape), theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("case", LAYERS, ids=str)
def test_layers_in_float32(case: Case) -> None:
    """semantics.md 19: at most twice as far from float64 as PyTorch is, or a few roundings."""
    layer, state, x, weights = example(case)
    x, weights = x.astype("float32"), weights.astype("float32")
    state = {name: value.astype("float32") for name, value in state.items()}
    exact_layer = case.torch().double()
    exact_layer.load_state_dict({name: torch.tensor(value) for name, value in state.items()})
    exact = run_theirs(exact_layer, x.astype("float64"), weights.astype("float64"))
    layer.load_state_dict({name: torch.tensor(value) for name, value in state.items()})
    found, theirs = run_ours(case, state, x, weights, True), run_theirs(layer.float(), x, weights)
    for mine, other, wanted in zip(found, theirs, exact, strict=True):
        distance = np.linalg.norm(mine.reshape(wanted.shape) - wanted)
        assert distance <= max(2 * np.linalg.norm(other - wanted), 1e-6 * np.linalg.norm(wanted), 1e-7)


INDICES = np.array([0, 2, 1, 2])
PIXELS = np.arange(24).reshape(2, 3, 4) % 5


def losses() -> list[tuple[str, tuple[int, ...], Array, dict[str, Any]]]:
    rng = np.random.default_rng(1)
    three, five = np.array([0.5, 0.0, 2.0]), np.array([1.0, 2, 0.25, 0, 3])
    return [
        ("MSELoss", (4, 3), rng.standard_normal((4, 3)), {}),
        ("BCEWithLogitsLoss", (4, 3), (rng.random((4, 3)) > 0.5).astype(float), {}),
        ("BCEWithLogitsLoss", (4, 3), rng.random((4, 3)), {}),
        ("BCEWithLogitsLoss", (4, 3), rng.random((4, 3)), {"weight": rng.random((4, 1)), "pos_weight": three}),
        ("CrossEntropyLoss", (4, 3), INDICES, {}),
        ("CrossEntropyLoss", (4, 3), np.eye(3)[INDICES], {}),
        ("CrossEntropyLoss", (2, 5, 3, 4), PIXELS, {}),
        ("CrossEntropyLoss", (2, 5, 3), rng.random((2, 5, 3)), {}),
        ("CrossEntropyLoss", (4, 3), INDICES, {"weight": three}),
        ("CrossEntropyLoss", (4, 3), np.array([0, -100, 2, -100]), {"ignore_index": -100}),
        ("CrossEntropyLoss", (2, 5, 3, 4), PIXELS, {"weight": five, "ignore_index": 2, "label_smoothing": 0.1}),
        ("CrossEntropyLoss", (2, 5, 3, 4), PIXELS, {"label_smoothing": 0.3}),
        ("CrossEntropyLoss", (2, 5, 3), rng.random((2, 5, 3)), {"weight": five, "label_smoothing": 0.1}),
        ("CrossEntropyLoss", (5,), np.array(4), {"weight": five, "label_smoothing": 1.0}),
    ]


LOSSES = [pytest.param(*row, id=f"{row[0]}{row[2].shape}{'-'.join(row[3])}") for row in losses()]


@pytest.mark.parametrize("compiled", [False, True], ids=["lazy", "compiled"])
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize(("name", "shape", "target", "options"), LOSSES)
def test_losses(
    name: str, shape: tuple[int, ...], target: Array, options: dict[str, Any], reduction: str, compiled: bool
) -> None:
    logits = np.random.default_rng(0).standard_normal(shape) * 3
    logits.flat[0] = 0.0
    x, t = dark.Parameter(logits), torch.tensor(logits, requires_grad=True)
    criterion = getattr(nn, name)(reduction, **options)

    def step() -> Any:
        loss = criterion(x, target)
        loss.sum().backward()
        return loss

    loss = (dark.compile(step) if compiled else step)()
    theirs = {key: torch.tensor(value) if isinstance(value, np.ndarray) else value for key, value in options.items()}
    wanted = getattr(torch.nn, name)(reduction=reduction, **theirs)(t, torch.tensor(target))
    wanted.sum().backward()
    np.testing.assert_allclose(loss.numpy(), wanted.detach().numpy(), rtol=1e-11, atol=1e-14)
    assert x.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), t.grad.numpy(), rtol=1e-9, atol=1e-13)
