"""Rule 19: what float32 can promise: losses, and parameters about as close to the float64 run as PyTorch's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark

from ..equivalence.test_training import batches, build, interpreted, train


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
def test_float32_is_as_close_to_float64_as_pytorch(optimizer: str) -> None:
    """Losses within 1e-3; each parameter at most twice as far from the float64 run as PyTorch's."""
    torch = pytest.importorskip("torch")
    exact_losses, exact = train("float64", optimizer, interpreted)
    losses, ours = train("float32", optimizer, dark.compile)
    theirs = _torch_parameters(torch, optimizer)
    np.testing.assert_allclose(losses, exact_losses, rtol=1e-3)
    for got, other, wanted in zip(ours, theirs, exact, strict=True):
        distance = np.linalg.norm(got - wanted)
        allowed = 2 * np.linalg.norm(other.reshape(wanted.shape) - wanted)
        assert distance <= max(allowed, 1e-6 * np.linalg.norm(wanted))


def _torch_parameters(torch: Any, optimizer: str) -> list[np.ndarray]:
    library = torch.nn
    model = library.Sequential(
        library.Conv2d(1, 6, 3, padding=1),
        library.ReLU(),
        library.MaxPool2d(2),
        library.Conv2d(6, 10, 3, stride=2, padding=1),
        library.ReLU(),
        library.Flatten(),
        library.Linear(40, 10),
    )
    with torch.no_grad():
        for theirs, ours in zip(model.parameters(), build("float32").parameters(), strict=True):
            theirs.copy_(torch.tensor(ours.numpy().reshape(theirs.shape)))
    rule = (
        torch.optim.Adam(model.parameters(), 0.01)
        if optimizer == "Adam"
        else torch.optim.SGD(model.parameters(), 0.1, 0.9)
    )
    for images, labels in batches("float32"):
        rule.zero_grad()
        library.functional.cross_entropy(model(torch.tensor(images)), torch.tensor(labels)).backward()
        rule.step()
    return [parameter.detach().numpy() for parameter in model.parameters()]
