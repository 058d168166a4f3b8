"""A small network and its training step, which the tests of reports look at."""

from __future__ import annotations

from typing import Any

import numpy as np

import dark_jit as dark
from dark_jit import nn, optim


class Block(nn.Module):
    def __init__(self, channels: int, width: int) -> None:
        self.conv = nn.Conv2d(channels, width, 3, padding=1)

    def forward(self, x: Any) -> Any:
        return dark.relu(self.conv(x))  # BLOCK


class Net(nn.Module):
    def __init__(self) -> None:
        self.layer1 = Block(3, 8)
        self.layer2 = Block(8, 8)
        self.head = nn.Linear(8, 4)

    def forward(self, x: Any) -> Any:
        x = self.layer2(self.layer1(x))
        return self.head(dark.mean(x, axis=(2, 3)))  # HEAD


def training_step() -> tuple[Any, Net, tuple[Any, ...]]:
    """A compiled step, the network that it trains, and arguments."""
    dark.manual_seed(0)
    net = Net()
    loss_of = nn.CrossEntropyLoss()
    sgd = optim.SGD(net.parameters(), 0.1)

    @dark.compile
    def step(x: Any, labels: Any) -> Any:
        loss = loss_of(net(x), labels)
        sgd.zero_grad()
        loss.backward()
        sgd.step()  # UPDATE
        return loss

    images = np.random.default_rng(0).normal(size=(2, 3, 8, 8)).astype(np.float32)
    return step, net, (images, np.array([1, 3]))


def place(mark: str) -> str:
    """The line of this file that bears a mark, as reports name it."""
    with open(__file__) as lines:
        number = next(number for number, line in enumerate(lines, 1) if line.rstrip().endswith(f"# {mark}"))
    return f"models.py:{number}"
