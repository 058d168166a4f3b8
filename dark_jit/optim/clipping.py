"""Keeping gradients small."""

from __future__ import annotations

import math
from collections.abc import Iterable

import dark_jit as dark


@dark.no_grad()
def clip_grad_norm_(
    parameters: dark.Tensor | Iterable[dark.Tensor], max_norm: float, norm_type: float = 2.0
) -> dark.Tensor:
    """Scale all gradients by one factor, so that the norm of all together is at most max_norm (Pascanu et al. 2013).

    norm_type: p of the p-norm, or infinity. Returns the norm before. Raises ArgumentError.
    """
    if not max_norm >= 0 or not norm_type > 0:
        raise dark.ArgumentError(f"max_norm must not be negative and norm_type positive, got {max_norm}, {norm_type}")
    found = _with_gradient(parameters)
    norm = _norm([parameter.grad for parameter in found if parameter.grad is not None], norm_type)
    factor = dark.minimum(max_norm / (norm + 1e-6), 1.0)
    for parameter in found:
        assert parameter.grad is not None
        parameter.grad = parameter.grad * factor.astype(parameter.dtype)
    return norm


def _norm(gradients: list[dark.Tensor], norm_type: float) -> dark.Tensor:
    if not gradients:
        return dark.asarray(0.0)
    if math.isinf(norm_type):
        return dark.max(dark.stack([dark.max(dark.abs(g)) for g in gradients]))
    powers = [dark.sum(g * g) if norm_type == 2 else dark.sum(dark.abs(g) ** norm_type) for g in gradients]
    total = dark.sum(dark.stack(powers))
    return dark.sqrt(total) if norm_type == 2 else total ** (1 / norm_type)


@dark.no_grad()
def clip_grad_value_(parameters: dark.Tensor | Iterable[dark.Tensor], clip_value: float) -> None:
    """Replace gradients beyond -clip_value..clip_value by these bounds. Raises ArgumentError."""
    if not clip_value >= 0:
        raise dark.ArgumentError(f"clip_value must not be negative, got {clip_value}")
    for parameter in _with_gradient(parameters):
        parameter.grad = dark.clip(parameter.grad, -clip_value, clip_value)


def _with_gradient(parameters: dark.Tensor | Iterable[dark.Tensor]) -> list[dark.Tensor]:
    given = [parameters] if isinstance(parameters, dark.Tensor) else parameters
    return [parameter for parameter in given if parameter.grad is not None]
