"""Small networks train as in PyTorch: identical weights and batches, lazily and compiled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn, optim

torch = pytest.importorskip("torch")

STEPS = 5


def upsample(lib: Any) -> Any:
    return nn.Upsample2d(2, "bilinear") if lib is nn else torch.nn.Upsample(scale_factor=2, mode="bilinear")


def classifier(lib: Any) -> Any:
    """A CNN with batch normalisation, both poolings and a classifying head."""
    return lib.Sequential(
        lib.Conv2d(1, 4, 3, padding=1, bias=False),
        lib.BatchNorm2d(4),
        lib.ReLU(),
        lib.MaxPool2d(2),
        lib.Conv2d(4, 6, 3, padding=1),
        lib.LeakyReLU(0.1),
        lib.AvgPool2d(2),
        lib.Flatten(),
        lib.Linear(6, 3),
    )


def segmenter(lib: Any) -> Any:
    """Down and up again: a class for each pixel."""
    return lib.Sequential(
        lib.Conv2d(1, 4, 3, 2, 1),
        lib.BatchNorm2d(4),
        lib.GELU(),
        lib.ConvTranspose2d(4, 3, 2, 2),
        lib.AvgPool2d(2),
        upsample(lib),
    )


def rows(lib: Any) -> Any:
    """A network of fully connected layers on the images' rows."""
    return lib.Sequential(lib.Linear(4, 8), lib.LayerNorm(8), lib.Tanh(), lib.Linear(8, 3), lib.Flatten(1, 2))


rng = np.random.default_rng(0)
IMAGES = rng.random((STEPS, 6, 1, 4, 4))
CASES: dict[str, tuple[Callable[[Any], Any], np.ndarray, str, np.ndarray]] = {
    "classifier": (classifier, IMAGES, "CrossEntropyLoss", rng.integers(0, 3, (STEPS, 6))),
    "segmenter": (segmenter, IMAGES, "CrossEntropyLoss", rng.integers(0, 3, (STEPS, 6, 4, 4))),
    "rows": (rows, IMAGES[:, :, 0], "BCEWithLogitsLoss", rng.random((STEPS, 6, 12))),
}


def train_theirs(model: Any, criterion: Any, batches: np.ndarray, targets: np.ndarray) -> list[float]:
    adam, losses = torch.optim.Adam(model.parameters(), lr=0.01), []
    for x, y in zip(batches, targets, strict=True):
        adam.zero_grad()
        loss = criterion(model(torch.tensor(x)), torch.tensor(y))
        loss.backward()
        adam.step()
        losses.append(loss.item())
    return losses


def train_ours(
    model: nn.Module, criterion: nn.Module, batches: np.ndarray, targets: np.ndarray, compiled: bool
) -> list[float]:
    adam = optim.Adam(model.parameters(), lr=0.01)

    def step(x: Any, y: Any) -> Any:
        loss = criterion(model(x), y)
        loss.backward()
        adam.step()
        adam.zero_grad()
        return loss

    run = dark.compile(step) if compiled else step
    losses = [run(x, y).item() for x, y in zip(batches, targets, strict=True)]
    assert not isinstance(run, dark.CompiledFunction) or run.cache_info().programs == 1
    return losses


@pytest.mark.parametrize("compiled", [False, True], ids=["lazy", "compiled"])
@pytest.mark.parametrize("name", CASES)
def test_training(name: str, compiled: bool) -> None:
    build, batches, loss, targets = CASES[name]
    torch.manual_seed(0)
    theirs = build(torch.nn).double()
    dark.set_default_dtype("float64")
    try:
        ours = build(nn)
    finally:
        dark.set_default_dtype("float32")
    ours.load_state_dict(theirs.state_dict())
    found = train_ours(ours, getattr(nn, loss)(), batches, targets, compiled)
    wanted = train_theirs(theirs, getattr(torch.nn, loss)(), batches, targets)
    np.testing.assert_allclose(found, wanted, rtol=1e-9)
    state = theirs.state_dict()
    for place, value in ours.state_dict().items():
        name = place.replace("weights", "weight")
        np.testing.assert_allclose(value.numpy().reshape(state[name].shape), state[name], rtol=1e-7, atol=1e-10)
