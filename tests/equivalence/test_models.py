"""Every model of the series, with identical weights and batches in PyTorch and dark_jit, for five steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

import dark_jit as dark

from . import models
from .models import DARK, Library, torch_library

torch = pytest.importorskip("torch")
STEPS = 5
Array = np.ndarray[Any, Any]
TORCH = torch_library(torch)


def _detection_loss(library: Library, out: Any, target: Any) -> Any:
    """Objectness everywhere; box and classes where there is an object."""
    nn = library.nn
    objectness, box, classes = out[:, :1], library.sigmoid(out[:, 1:5]), out[:, 5:]
    there, wanted_box, wanted_classes = target[:, :1], target[:, 1:5], target[:, 5:]
    binary, square = nn.BCEWithLogitsLoss(), nn.MSELoss()
    return (
        binary(objectness, there)
        + 5 * square(box * there, wanted_box * there)
        + square(classes * there, wanted_classes)
    )


@dataclass(frozen=True)
class Case:
    """A model, how its loss is computed, its optimiser, and a batch."""

    model: Callable[[Library], Any]
    loss: Callable[[Library, Any, Any], Any]
    optimizer: Callable[[Library, Any], Any]
    batch: Callable[[np.random.Generator], tuple[Array, Array]]


def _bce(library: Library, out: Any, target: Any) -> Any:
    return library.nn.BCEWithLogitsLoss()(out, target)


def _mse(library: Library, out: Any, target: Any) -> Any:
    return library.nn.MSELoss()(out, target)


def _cross_entropy(library: Library, out: Any, target: Any) -> Any:
    return library.nn.CrossEntropyLoss()(out, target.reshape(-1))


def _sgd(library: Library, parameters: Any) -> Any:
    return library.optim.SGD(parameters, lr=0.05, momentum=0.9)


def _adam(library: Library, parameters: Any) -> Any:
    return library.optim.Adam(parameters, lr=0.01)


# A bias in front of a normalisation has no gradient but rounding, which Adam would blow up: those models take SGD.
CASES = {
    "logistic regression": Case(
        models.logistic_regression,
        _bce,
        _sgd,
        lambda r: (r.normal(size=(9, 7)), r.integers(0, 2, (9, 1)).astype(float)),
    ),
    "MLP": Case(models.mlp, _mse, _adam, lambda r: (r.normal(size=(9, 7)), r.normal(size=(9, 3)))),
    "ResNet-9": Case(
        models.resnet9, _cross_entropy, _sgd, lambda r: (r.normal(size=(4, 3, 16, 16)), r.integers(0, 10, 4))
    ),
    "UNet": Case(
        models.unet,
        _bce,
        _sgd,
        lambda r: (r.normal(size=(2, 1, 10, 12)), r.integers(0, 2, (2, 1, 10, 12)).astype(float)),
    ),
    "detector": Case(
        models.detector,
        _detection_loss,
        _sgd,
        lambda r: (r.normal(size=(2, 3, 16, 16)), r.random((2, 8, 4, 4)).round(1)),
    ),
    "transformer": Case(
        models.transformer, _cross_entropy, _adam, lambda r: (r.integers(0, 11, (3, 6)), r.integers(0, 11, (3, 6)))
    ),
}


@contextmanager
def dtype_set(dtype: str) -> Iterator[None]:
    """Inside, new floats are of this dtype in both libraries."""
    ours, theirs = dark.default_dtype(), torch.get_default_dtype()
    dark.set_default_dtype(dtype)
    torch.set_default_dtype(getattr(torch, dtype))
    try:
        yield
    finally:
        dark.set_default_dtype(ours)
        torch.set_default_dtype(theirs)


def pair(model: Callable[[Library], Any]) -> tuple[Any, Any]:
    """The model in both libraries, with the same weights, whatever their dtype."""
    theirs, ours = model(TORCH), model(DARK)
    rng = np.random.default_rng(0)
    with torch.no_grad():
        for other in theirs.parameters():
            bound = 1.0 if other.ndim < 2 else other[0].numel() ** -0.5
            other.copy_(torch.tensor(rng.uniform(-bound, bound, other.shape)))
    copy_weights(theirs, ours)
    return theirs, ours


def copy_weights(theirs: Any, ours: Any) -> None:
    """PyTorch's parameters into ours."""
    for mine, other in zip(ours.parameters(), theirs.parameters(), strict=True):
        mine.data = other.detach().numpy().reshape(mine.shape)


def batches(case: Case, dtype: str) -> list[tuple[Array, Array]]:
    rng = np.random.default_rng(1)
    drawn = [case.batch(rng) for _ in range(STEPS)]
    return [tuple(a.astype(dtype) if a.dtype.kind == "f" else a for a in batch) for batch in drawn]  # type: ignore[misc]


def train(library: Library, case: Case, model: Any, data: list[tuple[Array, Array]], wrap: Any) -> list[float]:
    """The losses; the model has learnt."""
    rule = case.optimizer(library, model.parameters())

    def step(x: Any, y: Any) -> Any:
        loss = case.loss(library, model(x), y)
        loss.backward()
        rule.step()
        rule.zero_grad()
        return loss

    run = wrap(step)
    return [run(library.array(x), library.array(y)).item() for x, y in data]


def weights_of(model: Any) -> list[Array]:
    return [np.array(p.detach().numpy()) for p in model.parameters()]


@pytest.mark.parametrize("name", CASES)
def test_float64_is_the_same(name: str) -> None:
    case = CASES[name]
    with dtype_set("float64"):
        data = batches(case, "float64")
        theirs, lazy = pair(case.model)
        _, compiled = pair(case.model)
        wanted = train(TORCH, case, theirs, data, lambda step: step)
        for ours, wrap in ((compiled, dark.compile), (lazy, lambda step: step)):
            np.testing.assert_allclose(train(DARK, case, ours, data, wrap), wanted, rtol=1e-8)
            for got, other in zip(weights_of(ours), weights_of(theirs), strict=True):
                np.testing.assert_allclose(got, other.reshape(got.shape), rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_float32_is_as_close_to_float64_as_pytorch(name: str) -> None:
    """semantics.md 19."""
    case = CASES[name]
    with dtype_set("float64"):
        exact, _ = pair(case.model)
        exact_losses = train(TORCH, case, exact, batches(case, "float64"), lambda step: step)
    with dtype_set("float32"):
        theirs, ours = pair(case.model)
        train(TORCH, case, theirs, batches(case, "float32"), lambda step: step)
        losses = train(DARK, case, ours, batches(case, "float32"), dark.compile)
    np.testing.assert_allclose(losses, exact_losses, rtol=1e-3)
    for got, other, wanted in zip(weights_of(ours), weights_of(theirs), weights_of(exact), strict=True):
        distance = np.linalg.norm(got.ravel() - wanted.ravel())
        allowed = 2 * np.linalg.norm(other.ravel() - wanted.ravel())
        assert distance <= max(allowed, 1e-5 * np.linalg.norm(wanted))


def _gan_steps(library: Library, nets: tuple[Any, Any], data: list[tuple[Array, Array]], wrap: Any) -> list[float]:
    """Goodfellow et al. 2014: the discriminator learns, then the generator."""
    generator, discriminator = nets
    first, second = _adam(library, discriminator.parameters()), _adam(library, generator.parameters())
    binary = library.nn.BCEWithLogitsLoss()

    def step(images: Any, noise: Any) -> tuple[Any, Any]:
        ones, zeros = images[:, :1, 0, 0] * 0 + 1, images[:, :1, 0, 0] * 0
        real = binary(discriminator(images), ones) + binary(discriminator(generator(noise).detach()), zeros)
        real.backward()
        first.step()
        first.zero_grad()
        fooled = binary(discriminator(generator(noise)), ones)
        fooled.backward()
        second.step()
        second.zero_grad()
        first.zero_grad()
        return real, fooled

    run = wrap(step)
    return [loss.item() for x, y in data for loss in run(library.array(x), library.array(y))]


def test_a_gan_pair() -> None:
    with dtype_set("float64"):
        rng = np.random.default_rng(1)
        data = [(rng.normal(size=(4, 1, 8, 8)), rng.normal(size=(4, 5, 1, 1))) for _ in range(STEPS)]
        pairs = [pair(models.generator), pair(models.discriminator)]
        wanted = _gan_steps(TORCH, (pairs[0][0], pairs[1][0]), data, lambda step: step)
        for wrap in (dark.compile, lambda step: step):
            nets = pair(models.generator)[1], pair(models.discriminator)[1]
            np.testing.assert_allclose(_gan_steps(DARK, nets, data, wrap), wanted, rtol=1e-8)
