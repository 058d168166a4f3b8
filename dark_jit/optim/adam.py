"""Adam (Kingma and Ba 2015) and AdamW (Loshchilov and Hutter 2019), as PyTorch has them."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

import dark_jit as dark
from dark_jit.optim.optimizer import Optimizer, decayed, numbered


class Adam(Optimizer):
    """m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2; p <- p - lr / (1 - b1^t) * m / (sqrt(v / (1 - b2^t)) + eps).

    t counts the steps in which the parameter had a gradient. weight_decay adds weight_decay * p to g.
    """

    def __init__(
        self,
        params: Iterable[dark.Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, lr)
        if not all(0 <= beta < 1 for beta in betas):
            raise dark.ArgumentError(f"betas must be in [0, 1), got {betas}")
        self.betas, self.eps, self.weight_decay = tuple(betas), eps, weight_decay
        self._means, self._squares = self._zeros(), self._zeros()
        self._counts = dark.asarray(np.zeros(len(self.params)))

    @dark.no_grad()
    def step(self) -> None:
        """Change every parameter that has a gradient."""
        self._counts.data = self._counts + np.array([float(p.grad is not None) for p in self.params])
        rates = self._lr / (1.0 - self.betas[0] ** self._counts)
        corrections = dark.sqrt(1.0 - self.betas[1] ** self._counts)
        for i, parameter in enumerate(self.params):
            if parameter.grad is not None:
                self._update(i, parameter, rates.astype(parameter.dtype)[i], corrections.astype(parameter.dtype)[i])

    def _update(self, i: int, parameter: dark.Tensor, rate: dark.Tensor, correction: dark.Tensor) -> None:
        """Change one parameter; `rate` is lr / (1 - b1^t), `correction` sqrt(1 - b2^t)."""
        gradient = self._gradient(parameter)
        mean, square, (first, second) = self._means[i], self._squares[i], self.betas
        mean.data = first * mean + (1.0 - first) * gradient
        square.data = second * square + (1.0 - second) * gradient * gradient
        parameter.data = self._shrunk(parameter) - rate * mean / (dark.sqrt(square) / correction + self.eps)

    def _gradient(self, parameter: dark.Tensor) -> dark.Tensor:
        return decayed(parameter, self.weight_decay)

    def _shrunk(self, parameter: dark.Tensor) -> dark.Tensor:
        """The parameter before the step."""
        return parameter

    def _named_state(self) -> dict[str, dark.Tensor]:
        gathered = numbered("means", self._means) | numbered("squares", self._squares)
        return super()._named_state() | {"counts": self._counts} | gathered


class AdamW(Adam):
    """Adam whose weight decay is not part of the gradient: p is first multiplied by 1 - lr * weight_decay."""

    def __init__(
        self,
        params: Iterable[dark.Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay)

    def _gradient(self, parameter: dark.Tensor) -> dark.Tensor:
        return decayed(parameter, 0.0)

    def _shrunk(self, parameter: dark.Tensor) -> dark.Tensor:
        """The parameter after its decay."""
        return parameter * (1.0 - self._lr * self.weight_decay).astype(parameter.dtype)
