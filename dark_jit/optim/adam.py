"""Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019), as PyTorch has them."""

from __future__ import annotations

import numpy as np

import dark_jit as dark
from dark_jit.optim.groups import ParamGroup
from dark_jit.optim.optimizer import Optimizer, Params, decayed, numbered


class Adam(Optimizer):
    """m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2; p <- p - lr / (1 - b1^t) * m / (sqrt(v / (1 - b2^t)) + eps).

    t counts the steps in which the parameter had a gradient. weight_decay adds weight_decay * p to g.
    """

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, lr, betas=tuple(betas), eps=eps, weight_decay=weight_decay)
        self._means, self._squares = self._zeros(), self._zeros()
        self._counts = dark.asarray(np.zeros(len(self.params)))

    def _check(self, group: ParamGroup) -> None:
        if not all(0 <= beta < 1 for beta in group.betas):
            raise dark.ArgumentError(f"betas must be in [0, 1), got {group.betas}")

    @dark.no_grad()
    def step(self) -> None:
        """Change every parameter that has a gradient."""
        self._counts.data = self._counts + np.array([float(p.grad is not None) for p in self.params])
        factors = {id(group): self._factors(group) for group in self.param_groups}
        for i, parameter, group in self._with_gradient():
            rates, corrections = (factor.astype(parameter.dtype) for factor in factors[id(group)])
            self._update(i, parameter, group, rates[i], corrections[i])

    def _factors(self, group: ParamGroup) -> tuple[dark.Tensor, dark.Tensor]:
        """lr / (1 - b1^t) and sqrt(1 - b2^t), for all parameters' t."""
        first, second = group.betas
        return group.lr / (1.0 - first**self._counts), dark.sqrt(1.0 - second**self._counts)

    def _update(
        self, i: int, parameter: dark.Tensor, group: ParamGroup, rate: dark.Tensor, correction: dark.Tensor
    ) -> None:
        """Change one parameter; `rate` is lr / (1 - b1^t), `correction` sqrt(1 - b2^t)."""
        gradient = self._gradient(parameter, group)
        mean, square, (first, second) = self._means[i], self._squares[i], group.betas
        mean.data = first * mean + (1.0 - first) * gradient
        square.data = second * square + (1.0 - second) * gradient * gradient
        parameter.data = self._shrunk(parameter, group) - rate * mean / (dark.sqrt(square) / correction + group.eps)

    def _gradient(self, parameter: dark.Tensor, group: ParamGroup) -> dark.Tensor:
        return decayed(parameter, group.weight_decay)

    def _shrunk(self, parameter: dark.Tensor, group: ParamGroup) -> dark.Tensor:
        """The parameter before the step."""
        return parameter

    def _named_state(self) -> dict[str, dark.Tensor]:
        gathered = numbered("means", self._means) | numbered("squares", self._squares)
        return super()._named_state() | {"counts": self._counts} | gathered


class AdamW(Adam):
    """Adam whose weight decay is not part of the gradient: p is first multiplied by 1 - lr * weight_decay."""

    def __init__(
        self,
        params: Params,
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)

    def _gradient(self, parameter: dark.Tensor, group: ParamGroup) -> dark.Tensor:
        return decayed(parameter, 0.0)

    def _shrunk(self, parameter: dark.Tensor, group: ParamGroup) -> dark.Tensor:
        """The parameter after its decay."""
        kept = 1.0 - group.lr * float(group.weight_decay)
        return parameter * kept.astype(parameter.dtype)
