"""The models of the series, each written once: `library` is PyTorch or dark_jit under the same names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

import dark_jit as dark
from dark_jit import nn as dark_nn
from dark_jit import optim as dark_optim

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Library:
    """What models are written with. `cat`, `permute` and `softmax` are spelt differently in the two."""

    nn: Any
    optim: Any
    cat: Any
    permute: Any
    softmax: Any
    sigmoid: Any
    array: Any


DARK = Library(
    dark_nn,
    dark_optim,
    lambda xs: dark.cat(xs, 1),
    dark.transpose,
    lambda x: dark.softmax(x, -1),
    dark.sigmoid,
    dark.asarray,
)


def torch_library(torch: Any) -> Library:
    """PyTorch under these names."""
    return Library(
        torch.nn,
        torch.optim,
        lambda xs: torch.cat(xs, 1),
        lambda x, axes: x.permute(axes),
        lambda x: torch.softmax(x, -1),
        torch.sigmoid,
        torch.as_tensor,
    )


def logistic_regression(library: Library) -> Any:
    return library.nn.Linear(7, 1)


def mlp(library: Library) -> Any:
    nn = library.nn
    return nn.Sequential(nn.Linear(7, 16), nn.ReLU(), nn.Linear(16, 12), nn.Tanh(), nn.Linear(12, 3))


def _convolution(nn: Any, inputs: int, outputs: int, pool: bool = False) -> Any:
    layers = [nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU()]
    return nn.Sequential(*layers, nn.MaxPool2d(2)) if pool else nn.Sequential(*layers)


def resnet9(library: Library) -> Any:
    """He et al. 2016 in nine layers, at an eighth of the usual width."""
    nn = library.nn

    class Residual(nn.Module):  # type: ignore[misc]
        def __init__(self, channels: int) -> None:
            super().__init__()
            self.first, self.second = _convolution(nn, channels, channels), _convolution(nn, channels, channels)

        def forward(self, x: Any) -> Any:
            return x + self.second(self.first(x))

    return nn.Sequential(
        _convolution(nn, 3, 8),
        _convolution(nn, 8, 16, pool=True),
        Residual(16),
        _convolution(nn, 16, 32, pool=True),
        _convolution(nn, 32, 64, pool=True),
        Residual(64),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(64, 10),
    )


def unet(library: Library) -> Any:
    """Ronneberger et al. 2015 with two levels."""
    nn = library.nn

    class UNet(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.down, self.pool, self.middle = _convolution(nn, 1, 6), nn.MaxPool2d(2), _convolution(nn, 6, 12)
            self.up, self.last = nn.ConvTranspose2d(12, 6, 2, stride=2), _convolution(nn, 12, 6)
            self.out = nn.Conv2d(6, 1, 1)

        def forward(self, x: Any) -> Any:
            wide = self.down(x)
            deep = self.up(self.middle(self.pool(wide)))
            return self.out(self.last(library.cat([deep, wide])))

    return UNet()


def generator(library: Library) -> Any:
    nn = library.nn
    return nn.Sequential(
        nn.ConvTranspose2d(5, 8, 4),
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.ConvTranspose2d(8, 1, 4, stride=2, padding=1),
        nn.Tanh(),
    )


def discriminator(library: Library) -> Any:
    nn = library.nn
    return nn.Sequential(
        nn.Conv2d(1, 8, 4, stride=2, padding=1), nn.LeakyReLU(0.2), nn.Flatten(), nn.Linear(8 * 4 * 4, 1)
    )


def detector(library: Library) -> Any:
    """YOLO's head (Redmon et al. 2016): for each cell of a grid an objectness, a box and class scores."""
    nn = library.nn
    return nn.Sequential(
        _convolution(nn, 3, 8, pool=True), _convolution(nn, 8, 16, pool=True), nn.Conv2d(16, 1 + 4 + 3, 1)
    )


def transformer(library: Library) -> Any:
    """An encoder block (Vaswani et al. 2017, normalisation first) over an embedding, with a linear head."""
    nn, width, heads = library.nn, 12, 3

    class Block(nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.embedding = nn.Embedding(11, width)
            self.norm, self.query, self.key, self.value, self.merge = (
                nn.LayerNorm(width),
                *(nn.Linear(width, width) for _ in range(4)),
            )
            self.norm2, self.wide, self.gelu, self.narrow = (
                nn.LayerNorm(width),
                nn.Linear(width, 4 * width),
                nn.GELU(),
                nn.Linear(4 * width, width),
            )
            self.head = nn.Linear(width, 11)

        def split(self, x: Any) -> Any:
            return library.permute(x.reshape(x.shape[0], x.shape[1], heads, width // heads), (0, 2, 1, 3))

        def attend(self, x: Any) -> Any:
            q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
            weights = library.softmax(q @ library.permute(k, (0, 1, 3, 2)) * (width // heads) ** -0.5)
            return self.merge(library.permute(weights @ v, (0, 2, 1, 3)).reshape(x.shape))

        def forward(self, tokens: Any) -> Any:
            x = self.embedding(tokens)
            x = x + self.attend(self.norm(x))
            x = x + self.narrow(self.gelu(self.wide(self.norm2(x))))
            return self.head(x).reshape(-1, 11)

    return Block()
