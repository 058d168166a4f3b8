"""Losses: modules of a prediction and a target."""

from __future__ import annotations

from typing import Any

import dark_jit as dark
from dark_jit.nn.module import Module


class _Loss(Module):
    """A loss with PyTorch's `reduction`: "mean", "sum" or "none". Raises ArgumentError for other words."""

    def __init__(self, reduction: str = "mean") -> None:
        if reduction not in ("mean", "sum", "none"):
            raise dark.ArgumentError(f"reduction must be 'mean', 'sum' or 'none', got {reduction!r}")
        self.reduction = reduction

    def __call__(self, prediction: Any, target: Any) -> dark.Tensor:
        return self.forward(prediction, target)

    def forward(self, prediction: Any, target: Any) -> dark.Tensor:
        """Compute the loss."""
        raise NotImplementedError(f"{type(self).__name__} defines no forward")

    def extra_repr(self) -> str:
        """The reduction, unless it is the mean."""
        return "" if self.reduction == "mean" else f"reduction={self.reduction!r}"


class MSELoss(_Loss):
    """The squared difference of prediction and target."""

    def forward(self, prediction: Any, target: Any) -> dark.Tensor:
        """Both of one shape. Raises ShapeError."""
        return dark.mse(prediction, target, self.reduction)


class BCEWithLogitsLoss(_Loss):
    """Binary cross-entropy of sigmoid(logits) and targets in 0..1. It does not overflow."""

    def forward(self, prediction: Any, target: Any) -> dark.Tensor:
        """Logits and targets of one shape. Raises ShapeError."""
        return dark.bce_with_logits(prediction, target, self.reduction)


class CrossEntropyLoss(_Loss):
    """-log_softmax(logits)[target]; targets are class indices (N, ...) or one-hot (N, classes, ...)."""

    def forward(self, prediction: Any, target: Any) -> dark.Tensor:
        """Logits (N, classes, ...) and targets. Raises ShapeError; IndexOutOfRangeError, when computed, for labels."""
        return dark.cross_entropy(prediction, target, self.reduction)
