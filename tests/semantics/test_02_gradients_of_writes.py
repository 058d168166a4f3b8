"""Rule 2: gradients through writes in place, as PyTorch has them; and what may not be written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark

START = [1.0, 2.0, 3.0, 4.0]
WEIGHTS = np.array([1.0, 10.0, 100.0, 1000.0])


class Dark:
    """What the functions below need of a library."""

    no_grad = dark.no_grad

    @staticmethod
    def zeros(*shape: int) -> Any:
        return dark.zeros(shape, dtype=np.float64)

    @staticmethod
    def array(value: Any) -> Any:
        return dark.asarray(np.asarray(value))

    @staticmethod
    def leaf() -> Any:
        return dark.Parameter(np.array(START))


class Torch:
    """The same of PyTorch."""

    def __init__(self, torch: Any) -> None:
        self.torch, self.no_grad = torch, torch.no_grad

    def zeros(self, *shape: int) -> Any:
        return self.torch.zeros(shape, dtype=self.torch.float64)

    def array(self, value: Any) -> Any:
        return self.torch.tensor(np.asarray(value))

    def leaf(self) -> Any:
        return self.torch.tensor(START, dtype=self.torch.float64, requires_grad=True)


def into_zeros(lib: Any, p: Any) -> Any:
    x = lib.zeros(4)
    x[1:3] = p[:2] * 2.0
    return (x * lib.array(WEIGHTS)).sum()


def through_a_view(lib: Any, p: Any) -> Any:
    y = p * 2.0
    v = y[1:]
    v *= 3.0
    return (y * lib.array(WEIGHTS)).sum() + (v * v).sum()


def seen_by_a_view(lib: Any, p: Any) -> Any:
    y = p * 2.0
    v = y[1:]
    y[2] = p[0]
    return (v * lib.array(WEIGHTS[:3])).sum()


def through_a_detached_twin(lib: Any, p: Any) -> Any:
    y = p * 2.0
    d = y.detach()
    d[0] = 5.0
    return (y * lib.array(WEIGHTS)).sum()


def without_grad(lib: Any, p: Any) -> Any:
    y = p * 2.0
    with lib.no_grad():
        y[0] = 7.0
        y *= 2.0
    return (y * y).sum()


def leaf_without_grad(lib: Any, p: Any) -> Any:
    v = p[1:]
    with lib.no_grad():
        p[1] = 1.0
        v *= 2.0
    return (v * v).sum() + (p * p * p).sum()


def data_of_a_leaf(lib: Any, p: Any) -> Any:
    p.data[0] = 9.0
    p.data -= 1.0
    return (p * p).sum()


def at_a_mask(lib: Any, p: Any) -> Any:
    y = p * 1.0
    y[lib.array([True, False, True, False])] = 0.0
    return (y * y).sum()


def at_integers(lib: Any, p: Any) -> Any:
    y = p * 1.0
    y[lib.array([0, 2])] = p[2:] * 3.0
    return (y * y).sum()


def views_of_views(lib: Any, p: Any) -> Any:
    x = lib.zeros(2, 4)
    x.T[0] = p[:2]
    x.reshape(-1)[3] += p[3]
    x[1] *= p
    return (x * x).sum()


def everything(lib: Any, p: Any) -> Any:
    y = lib.zeros(4)
    y[...] = p
    y[1:] -= p[0]
    return (y * y).sum()


def history_stays_out_of_the_twin(lib: Any, p: Any) -> Any:
    y = p * 1.0
    d = y.detach()
    y[0] = p[3] * 5.0
    return (y * d).sum()


def a_detached_part_of_itself(lib: Any, p: Any) -> Any:
    y = p * 2.0
    with lib.no_grad():
        part = y[:2]
    y[:2] = part
    y[2:] = y[2:].detach()
    y[1:3] += p[:2]
    return (y * lib.array(WEIGHTS)).sum()


CASES = [
    a_detached_part_of_itself,
    into_zeros,
    through_a_view,
    seen_by_a_view,
    through_a_detached_twin,
    without_grad,
    leaf_without_grad,
    data_of_a_leaf,
    at_a_mask,
    at_integers,
    views_of_views,
    everything,
    history_stays_out_of_the_twin,
]


def run(lib: Any, function: Callable[[Any, Any], Any]) -> list[Any]:
    p = lib.leaf()
    result = function(lib, p)
    result.backward()
    return [result.item(), p.grad.numpy(), p.detach().numpy()]


@pytest.mark.parametrize("function", CASES, ids=lambda f: f.__name__)
def test_as_pytorch(function: Callable[[Any, Any], Any]) -> None:
    torch = pytest.importorskip("torch")
    for found, wanted in zip(run(Dark(), function), run(Torch(torch), function), strict=True):
        np.testing.assert_allclose(found, wanted)


@pytest.mark.parametrize("function", CASES, ids=lambda f: f.__name__)
def test_compiled_as_lazily(function: Callable[[Any, Any], Any]) -> None:
    wanted = run(Dark(), function)

    @dark.compile
    def passed(p: Any) -> Any:
        result = function(Dark(), p)
        result.backward()
        return result

    p, captured = dark.Parameter(np.array(START)), dark.Parameter(np.array(START))

    @dark.compile
    def reached() -> Any:
        result = function(Dark(), captured)
        result.backward()
        return result

    for parameter, value in ((p, passed(p)), (captured, reached())):
        assert parameter.grad is not None
        for found, expected in zip([value.item(), parameter.grad, parameter.data], wanted, strict=True):
            np.testing.assert_allclose(np.asarray(found), expected)


def test_second_order_and_a_recurrence() -> None:
    def chain(p: Any) -> Any:
        y = dark.zeros(5, dtype=np.float64)
        y[0] = 1.0
        for i in range(4):
            y[i + 1] = y[i] * p[i]
        return y[4]

    p = np.array(START)
    for function in (dark.grad(chain), dark.compile(dark.grad(chain))):
        np.testing.assert_allclose(function(p).numpy(), 24 / p)
    second = dark.grad(lambda x: (dark.grad(chain)(x) * WEIGHTS).sum())(p)
    np.testing.assert_allclose(second.numpy(), 24 / p * ((WEIGHTS / p).sum() - WEIGHTS / p))


@pytest.mark.parametrize(
    "write",
    [
        lambda p: p.__setitem__(0, 9.0),
        lambda p: p.__iadd__(1.0),
        lambda p: p[1:].__iadd__(1.0),
        lambda p: p.reshape(2, 2).T.__setitem__(0, 1.0),
    ],
    ids=["setitem", "iadd", "view", "view of a view"],
)
def test_a_leaf_that_requires_grad_is_not_written(write: Callable[[Any], Any]) -> None:
    p = dark.Parameter(np.array(START))
    for f in (write, dark.compile(lambda p: [write(p)][:0])):
        with pytest.raises(dark.GradientError, match="no_grad"):
            f(p)
    assert p.numpy().tolist() == START
    with dark.no_grad():
        write(p)
    assert p.numpy().tolist() != START
    assert p.requires_grad
    assert p.is_leaf


def test_a_base_requires_grad_once_a_view_does() -> None:
    p, x = dark.Parameter(np.array(START)), dark.zeros(8, dtype=np.float64)
    head = x[:4]
    head += p
    assert x.requires_grad
    assert head.requires_grad
    (x * x).sum().backward()
    assert p.grad is not None
    np.testing.assert_allclose(p.grad.numpy(), 2 * np.array(START))


def test_gradients_that_accumulate_are_seen_by_views() -> None:
    p = dark.Parameter(np.array(START))
    (p * 2.0).sum().backward()
    assert p.grad is not None
    view = p.grad[1:]
    (p * 3.0).sum().backward()
    assert view.numpy().tolist() == [5, 5, 5]
    dark.compile(lambda: (p * 4.0).sum().backward())()
    assert view.numpy().tolist() == [9, 9, 9]


def test_flat_parameters_are_written_by_a_compiled_step() -> None:
    flat = dark.zeros(6, dtype=np.float64)
    weight, bias = flat[:4].reshape(2, 2), flat[4:]

    @dark.compile
    def step() -> None:
        flat[...] = flat + 1.0

    for count in (1, 2, 3):
        step()
        assert weight.numpy().tolist() == [[count, count]] * 2
        assert bias.numpy().tolist() == [count, count]
    assert step.cache_info().traces == 1
