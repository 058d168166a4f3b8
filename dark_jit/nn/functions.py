"""Layers without parameters: activations, pooling, shapes; and losses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import dark_jit as dark
from dark_jit.nn.module import Module

Pair = int | Sequence[int]


class Flatten(Module):
    """The axes from start_dim to end_dim as one; by default all but the first."""

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim, self.end_dim = start_dim, end_dim

    def forward(self, x: Any) -> dark.Tensor:
        """x (N, ...) to (N, elements)."""
        shape = x.shape
        start, end = self.start_dim % len(shape), self.end_dim % len(shape)
        count = 1
        for extent in shape[start : end + 1]:
            count *= extent
        return dark.reshape(x, (*shape[:start], count, *shape[end + 1 :]))


class MaxPool2d(Module):
    """The maximum over each window; the stride is the window unless given."""

    def __init__(self, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0) -> None:
        self.kernel_size, self.stride, self.padding = kernel_size, stride, padding

    def forward(self, x: Any) -> dark.Tensor:
        """x (N, C, H, W) to (N, C, OH, OW)."""
        return dark.max_pool2d(x, self.kernel_size, self.stride, self.padding)

    def extra_repr(self) -> str:
        """The window."""
        return f"{self.kernel_size}, stride={self.stride or self.kernel_size}, padding={self.padding}"


class Dropout(Module):
    """While training, each element is 0 with probability p, else x / (1 - p); in eval mode x stays as it is."""

    def __init__(self, p: float = 0.5) -> None:
        if not 0 <= p <= 1:
            raise dark.ArgumentError(f"the probability of dropout must lie in [0, 1], got {p}")
        self.p = p

    def forward(self, x: Any) -> dark.Tensor:
        """Elementwise."""
        return dark.dropout(x, self.p, self.training)

    def extra_repr(self) -> str:
        """The probability."""
        return f"p={self.p}"


class ReLU(Module):
    """max(x, 0)."""

    def forward(self, x: Any) -> dark.Tensor:
        """Elementwise."""
        return dark.relu(x)


class LeakyReLU(Module):
    """x where positive, else negative_slope * x."""

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = negative_slope

    def forward(self, x: Any) -> dark.Tensor:
        """Elementwise."""
        return dark.where(dark.greater(x, 0), x, dark.multiply(x, self.negative_slope))

    def extra_repr(self) -> str:
        """The slope."""
        return f"negative_slope={self.negative_slope}"


class Sigmoid(Module):
    """1 / (1 + exp(-x))."""

    def forward(self, x: Any) -> dark.Tensor:
        """Elementwise."""
        return dark.sigmoid(x)


class Tanh(Module):
    """The hyperbolic tangent."""

    def forward(self, x: Any) -> dark.Tensor:
        """Elementwise."""
        return dark.tanh(x)


class GELU(Module):
    """x times the normal distribution's cumulative function, exact form."""

    def forward(self, x: Any) -> dark.Tensor:
        """Elementwise."""
        return dark.gelu(x)


class Softmax(Module):
    """exp(x) / sum(exp(x)) along an axis."""

    def __init__(self, dim: int = -1) -> None:
        self.dim = dim

    def forward(self, x: Any) -> dark.Tensor:
        """Same shape as x."""
        return dark.softmax(x, self.dim)


class _Criterion(Module):
    """A loss: a module of a prediction and a target."""

    def __call__(self, prediction: Any, target: Any) -> dark.Tensor:
        return self.forward(prediction, target)

    def forward(self, prediction: Any, target: Any) -> dark.Tensor:
        """Compute the loss."""
        raise NotImplementedError(f"{type(self).__name__} defines no forward")


class _Loss(_Criterion):
    """A loss with PyTorch's `reduction`: "mean", "sum" or "none"."""

    def __init__(self, reduction: str = "mean") -> None:
        if reduction not in ("mean", "sum", "none"):
            raise dark.ArgumentError(f"reduction must be 'mean', 'sum' or 'none', got {reduction!r}")
        self.reduction = reduction

    def _reduced(self, losses: dark.Tensor) -> dark.Tensor:
        if self.reduction == "none":
            return losses
        return dark.mean(losses) if self.reduction == "mean" else dark.sum(losses)


class MSELoss(_Loss):
    """The squared difference of prediction and target."""

    def forward(self, prediction: Any, target: Any) -> dark.Tensor:
        """Both of one shape."""
        _same_shape("MSELoss", prediction, target)
        return self._reduced(dark.square(dark.subtract(prediction, target)))


class BCEWithLogitsLoss(_Loss):
    """Binary cross-entropy of sigmoid(logits): max(x, 0) - x y + log(1 + exp(-|x|)), which does not overflow."""

    def forward(self, prediction: Any, target: Any) -> dark.Tensor:
        """Logits and targets (in 0..1) of one shape."""
        logits = prediction
        _same_shape("BCEWithLogitsLoss", logits, target)
        # maximum, not relu: at 0 its gradient is 1/2, as that of the sigmoid asks.
        positive = dark.subtract(dark.maximum(logits, 0.0), dark.multiply(logits, target))
        return self._reduced(positive + dark.log(1.0 + dark.exp(dark.negative(dark.abs(logits)))))


class CrossEntropyLoss(_Criterion):
    """Mean over the batch of -log_softmax(logits)[target]; targets are class indices (N,) or one-hot (N, classes)."""

    def forward(self, prediction: Any, target: Any) -> dark.Tensor:
        """Logits (N, classes) and targets."""
        one_hot = len(target.shape) == len(prediction.shape)
        return dark.cross_entropy(prediction, dark.astype(target, prediction.dtype) if one_hot else target)


def _same_shape(name: str, first: Any, second: Any) -> None:
    if tuple(first.shape) != tuple(second.shape):
        raise dark.ShapeError(
            f"{name}: prediction {tuple(first.shape)} and target {tuple(second.shape)} differ in shape"
        )
