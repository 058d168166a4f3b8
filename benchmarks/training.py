"""A whole training step of the small CNN of examples/train_digits.py, beside PyTorch with the same weights."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

import dark_jit as dark
from dark_jit import nn, optim
from peers import optional
from timing import OURS, Candidate, Result, Timing, measure

torch = optional("torch")

BATCH = 64
LEARNING_RATE = 1e-3
NAME = f"digits CNN, batch {BATCH}, Adam"


def results(threads: int) -> Iterator[Result]:
    """How long the first call takes, trace and compilation included; then the step itself."""
    start = time.perf_counter()
    our_step(build_model(nn))()
    yield Result("first call", NAME, {OURS: Timing.of([time.perf_counter() - start])})

    model = build_model(nn)
    candidates = {OURS: our_step(model)}
    if torch:
        candidates["torch"] = torch_step(torch_copy(model), fused=False)
        candidates["torch, fused Adam"] = torch_step(torch_copy(model), fused=True)
    yield measure("training step", NAME, candidates, tolerance=1e-3)


def results_torch_compile(threads: int) -> Iterator[Result]:
    """The step beside torch.compile's, which takes a C++ compiler and some twenty seconds to make."""
    model = build_model(nn)
    peer = torch_step(torch.compile(torch_copy(model)), fused=True)
    yield measure("training step", NAME, {OURS: our_step(model), "torch.compile": peer}, tolerance=1e-3)


def build_model(library: Any) -> Any:
    """The model, from our nn or from torch.nn: the layers have the same names."""
    return library.Sequential(
        library.Conv2d(1, 16, 3, padding=1),
        library.ReLU(),
        library.MaxPool2d(2),
        library.Conv2d(16, 32, 3, padding=1),
        library.ReLU(),
        library.MaxPool2d(2),
        library.Flatten(),
        library.Linear(32 * 2 * 2, 10),
    )


def torch_copy(model: Any) -> Any:
    """PyTorch's model with the weights that ours has now."""
    copy = build_model(torch.nn)
    with torch.no_grad():
        for theirs, ours in zip(copy.parameters(), model.parameters(), strict=True):
            theirs.copy_(torch.from_numpy(ours.numpy().reshape(theirs.shape).copy()))
    return copy


def batch() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Images in 0..1 and labels, always the same."""
    rng = np.random.default_rng(0)
    return rng.random((BATCH, 1, 8, 8), np.float32), rng.integers(0, 10, BATCH)


def our_step(model: Any) -> Candidate:
    """The compiled step, called with NumPy arrays as a training loop would."""
    images, labels = batch()
    optimizer = optim.Adam(model.parameters(), lr=LEARNING_RATE)
    cross_entropy = nn.CrossEntropyLoss()

    @dark.compile
    def step(images: dark.Tensor, labels: dark.Tensor) -> dark.Tensor:
        loss = cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    return lambda: step(images, labels)


def torch_step(model: Any, fused: bool) -> Candidate:
    """PyTorch's step, called with tensors. Adam's fused form is its fastest on a CPU."""
    images, labels = (torch.from_numpy(array) for array in batch())
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, fused=fused)
    cross_entropy = torch.nn.CrossEntropyLoss()

    def step() -> object:
        loss = cross_entropy(model(images), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    return step
