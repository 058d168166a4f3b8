"""Layers that normalise by mean and variance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import dark_jit as dark
from dark_jit.nn.weighted import Weighted


class BatchNorm2d(Weighted):
    """Each channel of images x (N, C, H, W) with mean 0 and variance 1, then weights * x + bias (both (1, C, 1, 1)).

    In training with the batch's statistics, towards which the buffers running_mean and running_var, of the same shape,
    move by `momentum`; after eval() with those. affine=False: without weights and bias. track_running_stats=False: with
    the batch's statistics always.
    """

    foreign_names: ClassVar[Mapping[str, str | None]] = {"weight": "weights", "num_batches_tracked": None}

    weights: dark.Parameter | None  # type: ignore[assignment]
    running_mean: dark.Tensor | None
    running_var: dark.Tensor | None

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
    ) -> None:
        if not isinstance(momentum, int | float) or not 0 <= momentum <= 1:
            raise dark.ArgumentError(f"momentum must be a number in 0..1, got {momentum!r}")
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        shape = (1, num_features, 1, 1)
        self.weights = dark.Parameter(dark.ones(shape)) if affine else None
        self.bias = dark.Parameter(dark.zeros(shape)) if affine else None
        self.register_buffer("running_mean", dark.zeros(shape) if track_running_stats else None)
        self.register_buffer("running_var", dark.ones(shape) if track_running_stats else None)

    def forward(self, x: Any) -> dark.Tensor:
        """Same shape as x. Raises ShapeError, also in training where a channel has a single value."""
        if len(x.shape) != 4 or x.shape[1] != self.num_features:
            raise dark.ShapeError(
                f"BatchNorm2d({self.num_features}) needs x (N, {self.num_features}, H, W), got shape {tuple(x.shape)}"
            )
        training = self.training or self.running_mean is None
        return dark.batch_norm(
            x, self.running_mean, self.running_var, self.weights, self.bias, training, self.momentum, self.eps
        )

    def extra_repr(self) -> str:
        """The sizes, and what is not as by default."""
        text = f"{self.num_features}, eps={self.eps}, momentum={self.momentum}"
        text += "" if self.weights is not None else ", affine=False"
        return text + ("" if self.running_mean is not None else ", track_running_stats=False")


class LayerNorm(Weighted):
    """The last axes of x, whose extents are normalized_shape, with mean 0 and variance 1, then weights * x + bias."""

    weights: dark.Parameter | None  # type: ignore[assignment]

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
    ) -> None:
        shape = (normalized_shape,) if isinstance(normalized_shape, int) else tuple(normalized_shape)
        self.normalized_shape, self.eps = shape, eps
        self.weights = dark.Parameter(dark.ones(shape)) if elementwise_affine else None
        self.bias = dark.Parameter(dark.zeros(shape)) if elementwise_affine and bias else None

    def forward(self, x: Any) -> dark.Tensor:
        """Same shape as x. Raises ShapeError."""
        return dark.layer_norm(x, self.normalized_shape, self.weights, self.bias, self.eps)

    def extra_repr(self) -> str:
        """The shape."""
        return f"{self.normalized_shape}, eps={self.eps}"
