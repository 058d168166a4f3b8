"""dark's functions against PyTorch's (values and gradients) and NumPy's, in float64."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark

torch = pytest.importorskip("torch")

rng = np.random.default_rng(0)


def normal(*shape: int) -> np.ndarray:
    return rng.standard_normal(shape)


def positive(*shape: int) -> np.ndarray:
    return rng.random(shape) + 0.5


UNARY: list[tuple[str, Callable[[Any], Any], np.ndarray]] = [
    ("negative", torch.negative, normal(3, 4)),
    ("abs", torch.abs, normal(3, 4)),
    ("sign", torch.sign, normal(3, 4)),
    ("floor", torch.floor, normal(3, 4)),
    ("ceil", torch.ceil, normal(3, 4)),
    ("round", torch.round, 3 * normal(3, 4)),
    ("exp", torch.exp, normal(3, 4)),
    ("log", torch.log, positive(3, 4)),
    ("sqrt", torch.sqrt, positive(3, 4)),
    ("rsqrt", torch.rsqrt, positive(3, 4)),
    ("square", torch.square, normal(3, 4)),
    ("reciprocal", torch.reciprocal, positive(3, 4)),
    ("sin", torch.sin, normal(3, 4)),
    ("cos", torch.cos, normal(3, 4)),
    ("tanh", torch.tanh, normal(3, 4)),
    ("sigmoid", torch.sigmoid, normal(3, 4)),
    ("relu", torch.relu, normal(3, 4)),
    ("erf", torch.erf, normal(3, 4)),
    ("gelu", torch.nn.functional.gelu, normal(3, 4)),
]


def check(function: Callable[..., Any], theirs: Callable[..., Any], *arrays: np.ndarray) -> None:
    """Values, and the gradients of a weighted sum of the result, are those of PyTorch."""
    ours = [dark.Tensor(array, requires_grad=True) for array in arrays]
    other = [torch.tensor(array, requires_grad=True) for array in arrays]
    y, wanted = function(*ours), theirs(*other)
    np.testing.assert_allclose(y.numpy(), wanted.detach().numpy(), rtol=1e-12, atol=1e-14)
    weights = np.cos(np.arange(wanted.numel())).reshape(wanted.shape)
    (y * weights).sum().backward()
    (wanted * torch.tensor(weights)).sum().backward()
    for x, t in zip(ours, other, strict=True):
        assert x.grad is not None
        np.testing.assert_allclose(x.grad.numpy(), t.grad.numpy(), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize(("name", "theirs", "x"), UNARY, ids=[row[0] for row in UNARY])
def test_unary(name: str, theirs: Callable[[Any], Any], x: np.ndarray) -> None:
    check(getattr(dark, name), theirs, x)


@pytest.mark.parametrize("name", ["add", "subtract", "multiply", "divide", "maximum", "minimum", "remainder"])
def test_binary_with_broadcasting(name: str) -> None:
    check(getattr(dark, name), getattr(torch, name), normal(3, 1, 4), positive(2, 1))


def test_power() -> None:
    check(dark.power, torch.pow, positive(3, 4), normal(4))
    for exponent in (2, 3, -1, 0.5, 2.0, -2.0):
        check(lambda x, e=exponent: x**e, lambda x, e=exponent: x**e, positive(5))
    check(lambda x: 2.0**x, lambda x: 2.0**x, normal(5))


def test_shapes() -> None:
    check(lambda x: dark.reshape(x, (4, -1)), lambda x: x.reshape(4, -1), normal(2, 3, 4))
    check(lambda x: x.reshape(4, 6).T, lambda x: x.reshape(4, 6).T, normal(2, 3, 4))
    check(lambda x: dark.transpose(x, (2, 0, 1)), lambda x: x.permute(2, 0, 1), normal(2, 3, 4))
    check(lambda x: dark.moveaxis(x, 0, -1), lambda x: torch.moveaxis(x, 0, -1), normal(2, 3, 4))
    check(lambda x: dark.squeeze(x, dim=1), lambda x: x.squeeze(1), normal(2, 1, 4))
    check(lambda x: dark.expand_dims(x, 1), lambda x: x.unsqueeze(1), normal(2, 4))
    check(lambda x: dark.broadcast_to(x, (3, 2, 4)), lambda x: x.expand(3, 2, 4), normal(2, 1))
    check(lambda x: dark.flip(x, 1), lambda x: x.flip(1), normal(2, 4))


def test_joins_and_cuts() -> None:
    check(lambda x, y: dark.cat([x, y], 1), lambda x, y: torch.cat([x, y], 1), normal(2, 3), normal(2, 1))
    check(lambda x, y: dark.stack([x, y], axis=1), lambda x, y: torch.stack([x, y], 1), normal(2, 3), normal(2, 3))
    check(lambda x: dark.split(x, 2, axis=1)[1], lambda x: torch.split(x, 2, 1)[1], normal(2, 4))
    check(lambda x: dark.split(x, [1, 3])[1], lambda x: x[1:3], normal(4, 2))
    check(lambda x: dark.pad(x, ((1, 0), (2, 1))), lambda x: torch.nn.functional.pad(x, (2, 1, 1, 0)), normal(2, 3))
    padded = dark.pad(normal(2, 2), 1, constant_values=7.0).numpy()
    assert padded[0, 0] == padded[-1, -1] == 7


@pytest.mark.parametrize("axis", [None, 0, -1, (0, 2)])
@pytest.mark.parametrize("keep", [False, True])
def test_reductions(axis: Any, keep: bool) -> None:
    x = normal(2, 3, 4)
    dims = (0, 1, 2) if axis is None else axis
    for name, theirs in (("sum", torch.sum), ("mean", torch.mean), ("max", torch.amax), ("min", torch.amin)):
        check(lambda x, n=name: getattr(dark, n)(x, axis, keepdims=keep), lambda x, f=theirs: f(x, dims, keep), x)
    check(lambda x: dark.var(x, dim=axis, keepdim=keep), lambda x: torch.var(x, dims, correction=0, keepdim=keep), x)
    check(lambda x: dark.std(x, axis, keep, ddof=1), lambda x: torch.std(x, dims, correction=1, keepdim=keep), x)


def test_max_of_two_is_elementwise() -> None:
    x = dark.asarray([[1.0, 5.0], [3.0, 2.0]])
    np.testing.assert_array_equal(dark.max(x, 2.5).numpy(), [[2.5, 5], [3, 2.5]])
    np.testing.assert_array_equal(dark.min(x, x.T).numpy(), [[1, 3], [3, 2]])
    np.testing.assert_array_equal(dark.max(x, 1).numpy(), [5, 3])


@pytest.mark.parametrize("name", ["argmax", "argmin"])
def test_arg_extrema_as_numpy(name: str) -> None:
    x = rng.integers(0, 4, (3, 5)).astype(np.float64)
    x[1, 2] = np.nan
    for axis in (None, 0, 1, -1):
        found = getattr(dark, name)(x, axis).numpy()
        np.testing.assert_array_equal(found, getattr(np, name)(x, axis))
        assert found.dtype == np.int64
    assert getattr(dark, name)(x, keepdims=True).shape == (1, 1)


def test_comparisons_and_logic_as_numpy() -> None:
    x, y = np.array([1.0, np.nan, 2.0, -np.inf]), np.array([1.0, 1.0, 3.0, np.inf])
    for name in ("equal", "not_equal", "less", "less_equal", "greater", "greater_equal"):
        np.testing.assert_array_equal(getattr(dark, name)(x, y).numpy(), getattr(np, name)(x, y))
    for name in ("isnan", "isinf", "isfinite"):
        np.testing.assert_array_equal(getattr(dark, name)(x).numpy(), getattr(np, name)(x))
    p, q = x > 0, y > 2
    for name in ("logical_and", "logical_or", "logical_xor"):
        np.testing.assert_array_equal(getattr(dark, name)(p, q).numpy(), getattr(np, name)(p, q))
    assert dark.any(p).item() is True
    assert dark.all(p).item() is False


def test_selection() -> None:
    mask = normal(3, 4) > 0
    check(
        lambda x, y: dark.where(mask, x, y), lambda x, y: torch.where(torch.tensor(mask), x, y), normal(3, 4), normal(4)
    )
    check(lambda x: dark.clip(x, -0.5, 0.5), lambda x: torch.clip(x, -0.5, 0.5), normal(3, 4))
    places = np.array([[2, 0], [1, 2]])
    check(lambda x: dark.take(x, places, axis=0), lambda x: x[torch.tensor(places)], normal(3, 4))
    np.testing.assert_array_equal(dark.one_hot(np.array([2, 0]), 3).numpy(), np.eye(3)[[2, 0]])


def test_products() -> None:
    for a, b in (((3, 4), (4, 2)), ((4,), (4, 2)), ((3, 4), (4,)), ((2, 3, 4), (4, 5)), ((2, 1, 3, 4), (5, 4, 2))):
        check(dark.matmul, torch.matmul, normal(*a), normal(*b))


@pytest.mark.parametrize(
    ("stride", "padding", "dilation", "groups"), [(1, 0, 1, 1), (2, 1, 1, 2), ((1, 2), (0, 3), 2, 1)]
)
def test_convolution(stride: Any, padding: Any, dilation: Any, groups: int) -> None:
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    check(
        lambda x, k, b: dark.conv2d(x, k, bias=b, **options),
        lambda x, k, b: torch.nn.functional.conv2d(x, k, b, **options),
        normal(2, 4, 7, 8),
        normal(6, 4 // groups, 3, 2),
        normal(6),
    )


def test_article_names() -> None:
    x, k = normal(1, 2, 5, 5), normal(3, 2, 2, 2)
    np.testing.assert_allclose(dark.corr2d(x, k, 2).numpy(), dark.conv2d(x, k, 2).numpy())
    spread = dark.dilate(x, 2).numpy()
    assert spread.shape == (1, 2, 9, 9)
    np.testing.assert_array_equal(spread[:, :, ::2, ::2], x)


def test_network_functions() -> None:
    check(
        lambda x: dark.max_pool2d(x, 3, 2, 1), lambda x: torch.nn.functional.max_pool2d(x, 3, 2, 1), normal(2, 2, 7, 6)
    )
    check(lambda x: dark.softmax(x, 1), lambda x: torch.softmax(x, 1), normal(3, 4))
    check(lambda x: dark.log_softmax(x, 0), lambda x: torch.log_softmax(x, 0), normal(3, 4))
    target = np.array([0, 3, 1])
    check(
        lambda x: dark.cross_entropy(x, target),
        lambda x: torch.nn.functional.cross_entropy(x, torch.tensor(target)),
        normal(3, 4),
    )
