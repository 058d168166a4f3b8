"""Rule 6: stop_gradient and custom_vjp nodes; requires_grad belongs to the handle."""

# ruff: noqa: PLW0108 - the lambdas are the users' functions that are traced

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark


class Double(dark.Operation):
    def forward(self, x: Any) -> Any:
        return x * 2

    def backward(self, dldy: Any, y: Any, x: Any) -> Any:
        return dldy * 2


def detached(x: Any) -> Any:
    return (x.detach() * x).sum()


def without(x: Any) -> Any:
    with dark.no_grad():
        constant = x * x
    return (constant * x).sum()


def stopped(x: Any) -> Any:
    return (dark.stop_gradient(x * x) * x).sum()


def custom(x: Any) -> Any:
    return (Double.apply(x) * x).sum()


@pytest.mark.parametrize(
    ("function", "wanted"),
    [(detached, 3.0), (without, 9.0), (stopped, 9.0), (custom, 12.0)],
    ids=lambda x: getattr(x, "__name__", None),
)
def test_gradients_lazily_and_compiled(function: Callable[[Any], Any], wanted: float) -> None:
    for f in (function, dark.compile(function)):
        p = dark.Parameter([3.0])
        f(p).backward()
        assert p.grad is not None
        assert p.grad.item() == wanted

    @dark.compile
    def inside(p: Any) -> None:
        function(p).backward()

    p = dark.Parameter([3.0])
    inside(p)
    assert p.grad is not None
    assert p.grad.item() == wanted


@pytest.mark.parametrize("function", [detached, without, stopped, custom], ids=lambda f: f.__name__)
def test_both_kinds_of_nodes_vanish(function: Callable[[Any], Any]) -> None:
    f = dark.compile(lambda x: dark.grad(function)(x))
    names = {node.op.name for node in f.graph_for(np.ones(2)).nodes}
    assert names <= {"input", "constant", "multiply", "add", "broadcast_to", "sum", "reshape", "exp"}


def test_requires_grad_belongs_to_the_handle() -> None:
    p = dark.Parameter([1.0])
    q = p.data
    assert not q.requires_grad
    q.requires_grad = True
    (q * 3).sum().backward()
    assert p.grad is None
    assert q.grad is not None
    p.requires_grad = False
    assert not (p * 2).requires_grad
    with pytest.raises(dark.GradientError, match="detach"):
        (q * 2).requires_grad = False


def test_writing_to_a_leaf_that_requires_grad() -> None:
    p = dark.Parameter([1.0, 2.0])
    with pytest.raises(dark.GradientError, match="no_grad"):
        p += 1.0
    with pytest.raises(dark.GradientError, match="no_grad"):
        p[0] = 1.0
    with dark.no_grad():
        p += 1.0
        p[0] = 7.0
    assert p.numpy().tolist() == [7, 3]
    assert p.is_leaf
    (p * 2).sum().backward()
    assert p.grad is not None


def test_in_place_on_a_result_keeps_its_history() -> None:
    p = dark.Parameter([1.0, 2.0])
    y = p * 2
    y *= y
    y += 1.0
    y.sum().backward()
    assert p.grad is not None
    assert p.grad.numpy().tolist() == [8, 16]


def test_ties_and_kinks_as_pytorch() -> None:
    torch = pytest.importorskip("torch")
    x = np.array([0.0, -0.0, 1.0, -1.0, 2.0, 2.0])
    functions: list[tuple[Callable[[Any], Any], Callable[[Any], Any]]] = [
        (dark.relu, torch.relu),
        (dark.abs, torch.abs),
        (dark.sign, torch.sign),
        (lambda v: dark.maximum(v, v[::-1]), lambda v: torch.maximum(v, v.flip(0))),
        (lambda v: dark.max(v), torch.amax),
        (lambda v: dark.clip(v, 0.0, 2.0), lambda v: torch.clip(v, 0.0, 2.0)),
        (lambda v: v**0, lambda v: v**0),
    ]
    for ours, theirs in functions:
        p, t = dark.Parameter(x), torch.tensor(x, requires_grad=True)
        ours(p).sum().backward()
        theirs(t).sum().backward()
        assert p.grad is not None
        np.testing.assert_array_equal(p.grad.numpy(), t.grad.numpy())
