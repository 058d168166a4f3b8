"""conv2d and its two gradients, NCHW to NCHW on our side; PyTorch once in NCHW and once in its channels_last format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

import dark_jit as dark
import onnx_peer
from jax_peer import conv as jax_conv
from jax_peer import jax, jitted
from peers import optional
from timing import OURS, Candidate, Result, measure
from torch_peer import convolution_gradients

torch = optional("torch")


@dataclass(frozen=True)
class Shape:
    """A square convolution: batch x channels x side x side, `kernels` kernels of extent x extent."""

    batch: int
    channels: int
    side: int
    kernels: int
    extent: int
    stride: int = 1
    padding: int = 0

    @property
    def out_side(self) -> int:
        """Height and width of the output."""
        return (self.side + 2 * self.padding - self.extent) // self.stride + 1

    @property
    def flops(self) -> int:
        """Of the forward pass, and of each gradient; products with padding are counted."""
        return 2 * self.batch * self.kernels * self.channels * self.extent**2 * self.out_side**2

    def __str__(self) -> str:
        stride = f" s{self.stride}" if self.stride > 1 else ""
        images = f"{self.batch}x{self.channels}x{self.side}x{self.side}"
        return f"{images} -> {self.kernels}, {self.extent}x{self.extent}{stride}"

    def arrays(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Input, kernels, gradient of the output; normally distributed, always the same."""
        rng = np.random.default_rng(0)
        x = rng.standard_normal((self.batch, self.channels, self.side, self.side), np.float32)
        k = rng.standard_normal((self.kernels, self.channels, self.extent, self.extent), np.float32)
        dy = rng.standard_normal((self.batch, self.kernels, self.out_side, self.out_side), np.float32)
        return x, k, dy


SHAPES = [
    Shape(8, 64, 56, 64, 3, padding=1),
    Shape(8, 128, 28, 128, 3, padding=1),
    Shape(1, 3, 224, 64, 7, stride=2, padding=3),
    Shape(8, 64, 56, 256, 1),
    Shape(8, 256, 14, 256, 3, padding=1),
    Shape(32, 3, 32, 64, 3, padding=1),
    Shape(32, 64, 32, 128, 3, padding=1),
    Shape(32, 256, 8, 512, 3, padding=1),
    Shape(8, 64, 56, 128, 3, stride=2, padding=1),
]


def results(threads: int) -> Iterator[Result]:
    """One row for each shape, in three groups."""
    for shape in SHAPES:
        yield measure("conv2d forward", str(shape), forward(shape, threads), shape.flops)
    for shape in SHAPES:
        yield measure("conv2d weight gradient", str(shape), gradient(shape, "kernels"), shape.flops)
    for shape in SHAPES:
        yield measure("conv2d input gradient", str(shape), gradient(shape, "input"), shape.flops)


def forward(shape: Shape, threads: int) -> dict[str, Candidate]:
    """conv2d(x, k)."""
    x, k, _ = shape.arrays()
    ours = dark.compile(lambda x, k: dark.conv2d(x, k, stride=shape.stride, padding=shape.padding))
    inputs = dark.asarray(x), dark.asarray(k)
    candidates: dict[str, Candidate] = {OURS: lambda: ours(*inputs)}
    for name, arrays in torch_formats(x, k).items():
        candidates[name] = torch_forward(shape, arrays)
    if onnx_peer.available:
        candidates["ONNX Runtime"] = onnx_forward(shape, torch.from_numpy(x), torch.from_numpy(k), threads)
    if jax:
        candidates["jax.jit"] = jitted(lambda x, k: jax_conv(x, k, shape.stride, shape.padding), x, k)
    return candidates


def gradient(shape: Shape, wanted: str) -> dict[str, Candidate]:
    """The gradient of sum(conv2d(x, k) * dy) with respect to the input or to the kernels, and nothing else."""
    x, k, dy = shape.arrays()

    def weighted_sum(x: Any, k: Any, dy: Any) -> Any:
        return dark.sum(dark.conv2d(x, k, stride=shape.stride, padding=shape.padding) * dy)

    ours = dark.compile(dark.grad(weighted_sum, argnums=0 if wanted == "input" else 1))
    inputs = dark.asarray(x), dark.asarray(k), dark.asarray(dy)
    candidates: dict[str, Candidate] = {OURS: lambda: ours(*inputs)}
    for name, arrays in torch_formats(x, k, dy).items():
        candidates[name] = torch_gradient(shape, arrays, wanted)
    return candidates


def torch_formats(*arrays: NDArray[np.float32]) -> dict[str, list[Any]]:
    """The arrays as PyTorch's tensors in both memory formats; nothing where PyTorch is not installed."""
    if not torch:
        return {}
    plain = [torch.from_numpy(array) for array in arrays]
    channels_last = [tensor.to(memory_format=torch.channels_last) for tensor in plain]
    return {"torch NCHW": plain, "torch channels_last": channels_last}


def torch_forward(shape: Shape, arrays: list[Any]) -> Candidate:
    """PyTorch's conv2d."""
    x, k = arrays
    return lambda: torch.nn.functional.conv2d(x, k, stride=shape.stride, padding=shape.padding)


def onnx_forward(shape: Shape, x: Any, k: Any, threads: int) -> Candidate:
    """ONNX Runtime's, whose kernels are constants, laid out beforehand."""
    layer = torch.nn.Conv2d(shape.channels, shape.kernels, shape.extent, shape.stride, shape.padding, bias=False)
    layer.weight.data = k
    return onnx_peer.exported(layer, (x,), threads)


def torch_gradient(shape: Shape, arrays: list[Any], wanted: str) -> Candidate:
    """PyTorch's own gradient kernel, without autograd around it."""
    x, k, dy = arrays
    mask = (wanted == "input", wanted == "kernels")
    return lambda: convolution_gradients(x, k, dy, shape.stride, shape.padding, mask)[0]
