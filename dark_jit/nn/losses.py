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
        loss: dark.Tensor = super().__call__(prediction, target)
        return loss

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
    """Binary cross-entropy of sigmoid(logits) and targets in 0..1. It does not overflow.

    weight: factors of the losses, pos_weight: of the part that target 1 has; both broadcast, and are buffers.
    """

    weight: dark.Tensor | None
    pos_weight: dark.Tensor | None

    def __init__(self, reduction: str = "mean", *, weight: Any = None, pos_weight: Any = None) -> None:
        super().__init__(reduction)
        self.register_buffer("weight", _tensor(weight))
        self.register_buffer("pos_weight", _tensor(pos_weight))

    def forward(self, prediction: Any, target: Any) -> dark.Tensor:
        """Logits and targets of one shape. Raises ShapeError."""
        return dark.bce_with_logits(prediction, target, self.reduction, weight=self.weight, pos_weight=self.pos_weight)


class CrossEntropyLoss(_Loss):
    """-log_softmax(logits)[target]; targets are class indices (N, ...) or one-hot (N, classes, ...).

    weight (classes,): factors of the classes, a buffer. ignore_index: a label whose places count for nothing; none by
    default. label_smoothing: the share of the target that goes to all classes alike.
    """

    weight: dark.Tensor | None

    def __init__(
        self,
        reduction: str = "mean",
        *,
        weight: Any = None,
        ignore_index: int | None = None,
        label_smoothing: float = 0.0,
    ) -> None:
        super().__init__(reduction)
        self.register_buffer("weight", _tensor(weight))
        self.ignore_index, self.label_smoothing = ignore_index, label_smoothing

    def forward(self, prediction: Any, target: Any) -> dark.Tensor:
        """Logits (N, classes, ...) and targets. Raises ShapeError; IndexOutOfRangeError, when computed, for labels."""
        return dark.cross_entropy(
            prediction,
            target,
            self.reduction,
            weight=self.weight,
            ignore_index=self.ignore_index,
            label_smoothing=self.label_smoothing,
        )


def _tensor(weight: Any) -> dark.Tensor | None:
    return None if weight is None else dark.asarray(weight).detach()
