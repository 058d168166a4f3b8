"""backward(), and the functions that make functions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark

torch = pytest.importorskip("torch")


def cube(x: Any) -> Any:
    return x**3


def test_gradients_accumulate_and_are_forgotten() -> None:
    p = dark.Parameter([1.0, 2.0])
    for times in (1, 2, 3):
        (p * p).sum().backward()
        assert p.grad is not None
        assert p.grad.numpy().tolist() == [2 * times, 4 * times]
    assert p.grad.requires_grad is False
    p.zero_grad()
    assert p.grad is None


def test_two_tensors_on_one_value_have_their_own_gradients() -> None:
    p = dark.Parameter([3.0])
    q = dark.Parameter(p)
    (p * q * q).sum().backward()
    assert p.grad is not None
    assert q.grad is not None
    assert (p.grad.item(), q.grad.item()) == (9, 18)


def test_backward_needs_a_gradient_for_more_than_one_element() -> None:
    p = dark.Parameter([1.0, 2.0])
    with pytest.raises(dark.GradientError, match=r"shape \(2,\) needs a gradient"):
        (p * 2).backward()
    with pytest.raises(dark.ShapeError):
        (p * 2).backward(np.ones(3))
    (p * 2).backward(np.array([1.0, 10.0]))
    assert p.grad is not None
    assert p.grad.numpy().tolist() == [2, 20]


def test_where_no_gradient_is() -> None:
    with pytest.raises(dark.GradientError, match="does not require grad"):
        dark.ones(1).backward()
    p = dark.Parameter([1.0])
    with dark.no_grad():
        y = p * 2
    assert not y.requires_grad
    with pytest.raises(dark.GradientError):
        (y * 1).backward()
    with pytest.raises(dark.DTypeError, match="floating"):
        dark.asarray([1]).requires_grad = True
    with pytest.raises(dark.GradientError, match="floor_divide has no gradient"):
        (p // 2.0).sum().backward()


def test_detach_and_stop_gradient() -> None:
    p = dark.Parameter([3.0])
    (p * p.detach() + dark.stop_gradient(p * p) + p).sum().backward()
    assert p.grad is not None
    assert p.grad.item() == 4


def test_a_pending_detached_value_stops_too() -> None:
    p = dark.Parameter([3.0])
    y = p * p
    (y.detach() * p).sum().backward()
    assert p.grad is not None
    assert p.grad.item() == 9


def test_history_is_released() -> None:
    for forced in (False, True):
        p = dark.Parameter([3.0])
        hidden = p * 2
        loss = (hidden * hidden).sum()
        if forced:
            assert loss.item() == 36
        loss.backward()
        for again in (loss, (hidden * 2).sum()):
            with pytest.raises(dark.GradientError, match="retain_graph=True"):
                again.backward()
        assert loss.item() == 36
        with pytest.raises(dark.GradientError, match="retain_graph=True"):
            loss.backward()
        assert hidden.numpy().tolist() == [6]


def test_history_is_kept_when_asked() -> None:
    p = dark.Parameter([3.0])
    loss = (p * p).sum()
    loss.backward(retain_graph=True)
    loss.backward()
    assert p.grad is not None
    assert p.grad.item() == 12


def test_gradient_of_a_gradient_by_create_graph() -> None:
    p = dark.Parameter([2.0])
    cube(p).sum().backward(create_graph=True)
    first = p.grad
    assert first is not None
    p.zero_grad()
    (first * first).sum().backward()
    assert p.grad is not None
    assert p.grad.item() == 2 * 12 * 12  # d (3 p^2)^2 / dp = 36 p^3


def test_grad_composes() -> None:
    x = dark.asarray(2.0)
    assert dark.grad(cube)(x).item() == 12
    assert dark.grad(dark.grad(cube))(x).item() == 12
    assert dark.grad(dark.grad(dark.grad(cube)))(2.0).item() == 6
    assert not dark.grad(dark.grad(cube))(x).requires_grad


def test_grad_of_several_arguments_and_trees() -> None:
    def f(params: dict[str, Any], x: Any, n: int) -> Any:
        return ((params["a"] * x + params["b"][0]) ** n).sum()

    params = {"a": np.array([1.0, 2.0]), "b": (np.array(3.0),)}
    value, found = dark.value_and_grad(f)(params, np.array([1.0, 1.0]), 2)
    assert value.item() == 16 + 25
    assert found["a"].numpy().tolist() == [8, 10]
    assert found["b"][0].item() == 18
    tree, x = dark.grad(f, argnums=(0, 1))(params, np.array([1.0, 1.0]), 2)
    assert tree["a"].numpy().tolist() == [8, 10]
    assert x.numpy().tolist() == [8, 20]
    assert dark.grad(lambda a, b: a.sum(), argnums=1)(np.ones(2), np.ones(3)).numpy().tolist() == [0, 0, 0]
    with pytest.raises(dark.ArgumentError, match="argnums"):
        dark.grad(f, argnums=3)(params, np.ones(2), 2)
    with pytest.raises(dark.GradientError, match="scalar"):
        dark.grad(lambda x: x * 2)(np.ones(3))
    with pytest.raises(dark.DTypeError, match="floating-point"):
        dark.grad(lambda x: x.sum())(np.ones(3, np.int64))


def test_grad_works_under_no_grad() -> None:
    with dark.no_grad():
        assert dark.grad(cube)(dark.asarray(2.0)).item() == 12


def test_gradient_penalty() -> None:
    """A gradient inside a loss, differentiated with respect to a parameter, as PyTorch's."""
    w, x = np.array([0.5, -1.0, 2.0]), np.array([1.0, 2.0, 3.0])
    p = dark.Parameter(w)
    inner = dark.grad(lambda x: dark.tanh(x * p).sum())(x)
    (inner**2).sum().backward()
    t, u = torch.tensor(w, requires_grad=True), torch.tensor(x, requires_grad=True)
    (torch.autograd.grad(torch.tanh(u * t).sum(), u, create_graph=True)[0] ** 2).sum().backward()
    assert p.grad is not None
    np.testing.assert_allclose(p.grad.numpy(), t.grad.numpy(), rtol=1e-10)


def test_vjp_and_jvp() -> None:
    def f(x: Any, y: Any) -> Any:
        return dark.sin(x) * y, {"sum": (x * y).sum()}

    x, y, dx, dy = (np.random.default_rng(i).random(3) for i in range(4))
    result, pullback = dark.vjp(f, x, y)
    gx, gy = pullback((np.ones(3), {"sum": np.array(2.0)}))
    np.testing.assert_allclose(result[0].numpy(), np.sin(x) * y)
    np.testing.assert_allclose(gx.numpy(), np.cos(x) * y + 2 * y)
    np.testing.assert_allclose(gy.numpy(), np.sin(x) + 2 * x)
    result, pushed = dark.jvp(f, (x, y), (dx, dy))
    np.testing.assert_allclose(pushed[0].numpy(), np.cos(x) * y * dx + np.sin(x) * dy)
    np.testing.assert_allclose(pushed[1]["sum"].numpy(), dx @ y + x @ dy)
    with pytest.raises(dark.ShapeError):
        pullback((np.ones(2), {"sum": np.array(2.0)}))
    with pytest.raises(dark.ShapeError):
        dark.jvp(f, (x, y), (dx, dy[:2]))


def test_hessian_vector_product() -> None:
    x, v = np.array([1.0, 2.0]), np.array([1.0, -1.0])
    _, found = dark.jvp(dark.grad(lambda x: (x**3).sum() * x.sum()), (x,), (v,))
    t = torch.tensor(x, requires_grad=True)
    _, wanted = torch.autograd.functional.hvp(lambda x: (x**3).sum() * x.sum(), t, torch.tensor(v))
    np.testing.assert_allclose(found.numpy(), wanted.numpy(), rtol=1e-12)


def test_second_order_through_convolution() -> None:
    rng = np.random.default_rng(0)
    x, k = rng.standard_normal((1, 2, 5, 5)), rng.standard_normal((3, 2, 3, 3))

    def ours(k: Any) -> Any:
        return (dark.grad(lambda x: dark.tanh(dark.conv2d(x, k, 2, 1)).sum())(x) ** 2).sum()

    t, u = torch.tensor(k, requires_grad=True), torch.tensor(x, requires_grad=True)
    y = torch.tanh(torch.nn.functional.conv2d(u, t, stride=2, padding=1)).sum()
    (torch.autograd.grad(y, u, create_graph=True)[0] ** 2).sum().backward()
    np.testing.assert_allclose(dark.grad(ours)(k).numpy(), t.grad.numpy(), rtol=1e-9, atol=1e-12)


def test_modes() -> None:
    @dark.no_grad()
    def double(x: Any) -> Any:
        return x * 2

    p = dark.Parameter([1.0])
    assert not double(p).requires_grad
    with dark.no_grad(), dark.enable_grad():
        assert (p * 2).requires_grad
    assert dark.tensor.is_grad_enabled()
