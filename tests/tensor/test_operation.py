"""User-defined operations."""

# ruff: noqa: PLW0108 - the lambdas are the users' functions that are traced

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark


class Cube(dark.Operation):
    def forward(self, x: Any) -> Any:
        return x * x * x

    def backward(self, dldy: Any, y: Any, x: Any) -> Any:
        return dldy * 3.0 * x * x


class Scaled(dark.Operation):
    """x * factor where x > limit; keeps a mask, changes its input in place, has a static argument."""

    def forward(self, x: Any, factor: Any, limit: float, *, shift: float = 0.0) -> Any:
        self.mask = x > limit
        x = x * factor
        x += shift
        return dark.where(self.mask, x, 0.0)

    def backward(self, dldy: Any, y: Any, x: Any, factor: Any, limit: float) -> Any:
        g = dark.where(self.mask, dldy, 0.0)
        return g * factor, g * x, None


def test_forward_and_backward() -> None:
    p = dark.Parameter([1.0, 2.0])
    y = Cube.apply(p)
    assert y.requires_grad
    assert y.numpy().tolist() == [1, 8]
    y.sum().backward()
    assert p.grad is not None
    assert p.grad.numpy().tolist() == [3, 12]


def test_second_order() -> None:
    assert dark.grad(dark.grad(lambda x: Cube.apply(x)))(dark.asarray(2.0)).item() == 12


def test_state_static_arguments_and_tuples() -> None:
    p, q = dark.Parameter([1.0, -2.0, 3.0]), dark.Parameter([2.0, 2.0, 2.0])
    y = Scaled.apply(p, q, 0.0, shift=1.0)
    assert y.numpy().tolist() == [3, 0, 7]
    assert p.numpy().tolist() == [1, -2, 3]
    y.sum().backward()
    assert p.grad is not None
    assert q.grad is not None
    assert p.grad.numpy().tolist() == [2, 0, 2]
    assert q.grad.numpy().tolist() == [1, 0, 3]


def test_each_call_has_an_instance() -> None:
    p = dark.Parameter([1.0])
    first, second = Scaled.apply(p, 2.0, 0.0), Scaled.apply(p, 3.0, 5.0)
    (first + second).sum().backward()
    assert p.grad is not None
    assert p.grad.item() == 2


def test_compiled() -> None:
    p = dark.Parameter([1.0, 2.0])

    @dark.compile
    def step(x: Any) -> Any:
        loss = (Cube.apply(p) * x).sum()
        loss.backward()
        return loss

    assert step(np.array([1.0, 1.0], np.float32)).item() == 9
    assert p.grad is not None
    assert p.grad.numpy().tolist() == [3, 12]


def test_without_gradients() -> None:
    assert not Cube.apply(np.ones(2)).requires_grad
    with dark.no_grad():
        assert not Cube.apply(dark.Parameter([1.0])).requires_grad


def test_mistakes() -> None:
    class Wrong(Cube):
        def backward(self, dldy: Any, y: Any, x: Any) -> Any:
            return dldy, dldy

    class Misshapen(Cube):
        def backward(self, dldy: Any, y: Any, x: Any) -> Any:
            return dldy.sum()

    class NoTensor(Cube):
        def forward(self, x: Any) -> Any:
            return 3

    class OnlyForward(dark.Operation):
        def forward(self, x: Any) -> Any:
            return x

    p = dark.Parameter([1.0, 2.0])
    with pytest.raises(dark.GradientError, match="returned 2 gradients for 1 Tensor"):
        Wrong.apply(p).sum().backward()
    with pytest.raises(dark.GradientError, match=r"shape \(\) for an argument of shape \(2,\)"):
        Misshapen.apply(p).sum().backward()
    with pytest.raises(dark.DTypeError, match="must return a Tensor"):
        NoTensor.apply(p)
    with pytest.raises(dark.GradientError, match="defines no backward"):
        OnlyForward.apply(p).sum().backward()
    with pytest.raises(NotImplementedError):
        dark.Operation.apply(p)
