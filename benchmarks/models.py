"""Models that are timed whole, each built from our nn or from torch.nn: the layers have the same names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True)
class Case:
    """A model and a batch: `build(library)` makes the model, inputs are of `shape`, labels of `places` in `classes`."""

    name: str
    build: Callable[[Any], Any]
    shape: tuple[int, ...]
    places: tuple[int, ...]
    classes: int

    def batch(self, seed: int = 0) -> tuple[Array, Array]:
        """Inputs in 0..1 and labels, for a seed always the same."""
        rng = np.random.default_rng(seed)
        return rng.random(self.shape, np.float32), rng.integers(0, self.classes, self.places)


def digits_cnn(nn: Any) -> Any:
    """The model of examples/train_digits.py."""
    return nn.Sequential(
        *(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(32 * 2 * 2, 10)),
    )


def mlp(nn: Any) -> Any:
    """784-512-256-10."""
    return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10))


def residual(nn: Any, body: Any) -> Any:
    """body(x) + x."""

    class Residual(nn.Module):  # type: ignore[misc]  # its base is given
        def __init__(self) -> None:
            super().__init__()
            self.body = body

        def forward(self, x: Any) -> Any:
            return self.body(x) + x

    return Residual()


def resnet9(nn: Any) -> Any:
    """ResNet-9 for 32 x 32 images (Page, "How to Train Your ResNet", 2018)."""

    def block(channels: int, out: int, pool: bool = False) -> list[Any]:
        layers = [nn.Conv2d(channels, out, 3, padding=1), nn.BatchNorm2d(out), nn.ReLU()]
        return [*layers, nn.MaxPool2d(2)] if pool else layers

    return nn.Sequential(
        *block(3, 64),
        *block(64, 128, pool=True),
        residual(nn, nn.Sequential(*block(128, 128), *block(128, 128))),
        *block(128, 256, pool=True),
        *block(256, 512, pool=True),
        residual(nn, nn.Sequential(*block(512, 512), *block(512, 512))),
        nn.MaxPool2d(4),
        nn.Flatten(),
        nn.Linear(512, 10),
    )


def unet(nn: Any) -> Any:
    """A UNet of three levels (Ronneberger et al. 2015) with transposed convolutions, for 3 classes."""

    def double(channels: int, out: int) -> Any:
        return nn.Sequential(
            *(nn.Conv2d(channels, out, 3, padding=1), nn.ReLU(), nn.Conv2d(out, out, 3, padding=1), nn.ReLU())
        )

    class UNet(nn.Module):  # type: ignore[misc]  # its base is given
        def __init__(self) -> None:
            super().__init__()
            self.down1, self.down2, self.bottom = double(3, 32), double(32, 64), double(64, 128)
            self.up2, self.up1 = nn.ConvTranspose2d(128, 64, 2, stride=2), nn.ConvTranspose2d(64, 32, 2, stride=2)
            self.join2, self.join1 = double(128, 64), double(64, 32)
            self.pool, self.head = nn.MaxPool2d(2), nn.Conv2d(32, 3, 1)

        def forward(self, x: Any) -> Any:
            first = self.down1(x)
            second = self.down2(self.pool(first))
            bottom = self.bottom(self.pool(second))
            joined = self.join2(concatenate([self.up2(bottom), second]))
            return self.head(self.join1(concatenate([self.up1(joined), first])))

    return UNet()


def concatenate(images: list[Any]) -> Any:
    """Images side by side along the channels, in the library that they are of."""
    if type(images[0]).__module__.startswith("torch"):
        import torch  # noqa: PLC0415  (only where it is a peer)

        return torch.cat(images, 1)
    import dark_jit as dark  # noqa: PLC0415

    return dark.cat(images, 1)


def transformer_block(nn: Any) -> Any:
    """Two encoder blocks before a classifier of the first token (Vaswani et al. 2017): 128 wide, 4 heads, GELU."""

    class Block(nn.Module):  # type: ignore[misc]  # its base is given
        def __init__(self, width: int, heads: int) -> None:
            super().__init__()
            self.attention = nn.MultiheadAttention(width, heads, batch_first=True)
            self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
            self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

        def forward(self, x: Any) -> Any:
            normed = self.norm1(x)
            x = x + self.attention(normed, normed, normed, need_weights=False)[0]
            return x + self.mlp(self.norm2(x))

    class Classifier(nn.Module):  # type: ignore[misc]  # its base is given
        def __init__(self) -> None:
            super().__init__()
            self.blocks, self.head = nn.Sequential(Block(128, 4), Block(128, 4)), nn.Linear(128, 10)

        def forward(self, x: Any) -> Any:
            return self.head(self.blocks(x)[:, 0])

    return Classifier()


DIGITS = Case("digits CNN, batch 64", digits_cnn, (64, 1, 8, 8), (64,), 10)
CASES = (
    DIGITS,
    Case("MLP 784-512-256-10, batch 128", mlp, (128, 784), (128,), 10),
    Case("ResNet-9, batch 32 of 32 x 32", resnet9, (32, 3, 32, 32), (32,), 10),
    Case("UNet, batch 4 of 64 x 64", unet, (4, 3, 64, 64), (4, 64, 64), 3),
    Case("transformer, batch 8 of 64 x 128", transformer_block, (8, 64, 128), (8,), 10),
)
IN_JAX = CASES[:3]  # those whose layers jax_peer has
LEARNING_RATE = 1e-3
