"""The functions that draw: shapes, dtypes, ranges, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import execution, testing


@pytest.fixture(autouse=True)
def seeded() -> None:
    dark.manual_seed(2)


@pytest.mark.parametrize("draw", [dark.rand, dark.randn])
def test_shapes_and_dtypes(draw: Callable[..., Any]) -> None:
    assert [draw(*shape).shape for shape in [(), (3,), (2, 3), ((2, 3),), ([4],)]] == [(), (3,), (2, 3), (2, 3), (4,)]
    assert draw(2).dtype == np.float32
    assert draw(2, dtype=np.float64).dtype == draw(2, dtype="float64").dtype == np.float64
    dark.set_default_dtype(np.float64)
    try:
        assert draw(2).dtype == np.float64
    finally:
        dark.set_default_dtype(np.float32)
    assert not draw(2).requires_grad


def test_ranges_of_randint() -> None:
    found = dark.randint(-2, 3, (1000,)).numpy()
    assert (set(found), found.dtype) == (set(range(-2, 3)), np.int64)
    assert set(dark.randint(3, size=(100,)).numpy()) == {0, 1, 2}
    assert dark.randint(5).shape == ()
    for dtype in (np.int32, np.float32, np.float64):
        few = dark.randint(7, 9, (50,), dtype)
        assert (few.dtype, set(few.numpy())) == (dtype, {7, 8})
    assert set(dark.randint(2, size=(50,), dtype=bool).numpy()) == {False, True}
    whole = dark.randint(-(2**63), 2**63, (200,)).numpy()
    assert (whole < 0).any()
    assert (whole > 2**62).any()


def test_uniform_and_normal() -> None:
    x = dark.uniform(-3, 5, (20_000,)).numpy()
    assert -3 <= x.min() < -2.99
    assert 4.99 < x.max() <= 5
    y = dark.normal(10, 0.5, (20_000,)).numpy()
    assert abs(y.mean() - 10) < 0.02
    assert abs(y.std() - 0.5) < 0.02
    assert (x.dtype, y.dtype) == (np.float32, np.float32)
    assert dark.uniform().shape == dark.normal().shape == ()


def test_parameters_that_are_arrays_broadcast() -> None:
    """Each element is a draw of its own, in the shape of the parameters or in the larger one that is asked for."""
    assert dark.uniform(np.zeros((2, 1)), np.ones(3)).shape == (2, 3)
    spread = dark.normal(np.array([0.0, 100.0]), size=(1000, 2)).numpy()
    assert spread.dtype == np.float32
    np.testing.assert_allclose(spread.mean(0), [0, 100], atol=0.2)
    assert len(np.unique(spread)) > 1990
    assert dark.bernoulli(np.array([0.0, 1.0, 0.0])).numpy().tolist() == [False, True, False]
    assert dark.bernoulli(dark.asarray([0.0, 1.0]), (3, 2)).numpy().tolist() == [[False, True]] * 3
    with pytest.raises(dark.ShapeError, match=r"\(2,\) and \(3,\) do not broadcast"):
        dark.bernoulli(np.ones(3), 2)
    with pytest.raises(dark.ShapeError, match=r"do not broadcast to size \(3,\)"):
        dark.uniform(np.ones((2, 1)), 1.0, 3)


def test_gradients_of_parameters() -> None:
    p, scale = dark.Parameter(np.array([1.0, 2.0])), dark.Parameter(np.array(3.0))
    dark.manual_seed(1)
    dark.normal(p, scale, (4, 2), np.float64).sum().backward()
    dark.manual_seed(1)
    noise = dark.randn(4, 2, dtype=np.float64).numpy()
    assert p.grad is not None
    assert scale.grad is not None
    assert p.grad.numpy().tolist() == [4, 4]
    np.testing.assert_allclose(scale.grad.numpy(), noise.sum())


def test_bernoulli() -> None:
    found = dark.bernoulli(0.25, (40_000,)).numpy()
    assert found.dtype == np.bool_
    assert abs(found.mean() - 0.25) < 0.01
    assert not dark.bernoulli(0, (1000,)).numpy().any()
    assert dark.bernoulli(1, (1000,)).numpy().all()
    assert dark.bernoulli(0.5).shape == ()


MISTAKES: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: dark.rand(-1), dark.ShapeError, "must not be negative"),
    (lambda: dark.rand(2.5), dark.ArgumentError, "must be an integer"),
    (lambda: dark.rand(2, dtype=int), dark.DTypeError, "int64 are drawn by randint"),
    (lambda: dark.randn(2, dtype=np.complex64), dark.DTypeError, "complex"),
    (lambda: dark.randint(0), dark.ArgumentError, "low < high, got 0 and 0"),
    (lambda: dark.randint(0.5), dark.ArgumentError, "high must be an integer"),
    (lambda: dark.randint(2**63 + 1), dark.ArgumentError, "int64 does not hold"),
    (lambda: dark.randint(0, 2**31 + 1, dtype=np.int32), dark.ArgumentError, "int32 does not hold"),
    (lambda: dark.randint(0, 2**25, dtype=np.float32), dark.ArgumentError, "float32 does not hold"),
    (lambda: dark.bernoulli(1.5), dark.ArgumentError, r"must lie in \[0, 1\], got 1.5"),
    (lambda: dark.bernoulli(float("nan")), dark.ArgumentError, "must lie in"),
    (lambda: dark.dropout(dark.ones(2), -0.1), dark.ArgumentError, "of dropout must lie in"),
    (lambda: dark.dropout(dark.ones(2), 2, training=False), dark.ArgumentError, "of dropout must lie in"),
    (lambda: dark.dropout(np.arange(3)), dark.DTypeError, "use astype"),
    (lambda: dark.uniform("a"), dark.DTypeError, "cannot use str"),
]


@pytest.mark.parametrize(("mistake", "kind", "message"), MISTAKES, ids=[message for _, _, message in MISTAKES])
def test_mistakes_take_no_draw(mistake: Callable[[], Any], kind: type[Exception], message: str) -> None:
    for call in (mistake, dark.compile(mistake)):
        with pytest.raises(kind, match=message):
            call()
    found = dark.rand(3).numpy()
    dark.manual_seed(2)
    np.testing.assert_array_equal(dark.rand(3).numpy(), found)


# dropout


def test_dropout_keeps_or_drops_and_scales() -> None:
    for dtype in (np.float32, np.float64):
        x = np.full((100, 100), 3, dtype)
        y = dark.dropout(x, 0.25)
        assert y.dtype == dtype
        kept = y.numpy() != 0
        assert abs(kept.mean() - 0.75) < 0.02
        np.testing.assert_allclose(y.numpy()[kept], 4, rtol=1e-6)


def test_dropout_that_drops_nothing_is_the_identity() -> None:
    x = dark.ones(3)
    assert dark.dropout(x, training=False) is x
    assert dark.dropout(x, 0) is x
    assert dark.dropout(x, 0.0) is x
    first = dark.rand(2).numpy()
    dark.manual_seed(2)
    np.testing.assert_array_equal(dark.rand(2).numpy(), first)  # no draw was taken


def test_dropout_that_drops_everything() -> None:
    x = dark.Parameter(np.array([1.0, np.inf, np.nan, -2.0]))
    y = dark.dropout(x, 1.0)
    assert y.numpy().tolist() == [0] * 4
    y.sum().backward()
    assert x.grad is not None
    assert x.grad.numpy().tolist() == [0] * 4


def test_what_is_dropped_does_not_matter() -> None:
    x = np.where(np.arange(1000) % 2, np.nan, np.inf)
    y = dark.dropout(x, 0.5).numpy()
    assert 300 < (y == 0).sum() < 700


def test_the_gradient_of_dropout_is_its_mask() -> None:
    x = dark.Parameter(np.linspace(1, 2, 50))
    y = dark.dropout(x, 0.3)
    y.sum().backward()
    assert x.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), y.numpy() / x.numpy(), rtol=1e-6)
    testing.gradcheck(lambda x: dark.tanh(dark.dropout(x * x, 0.4)), np.linspace(-1, 1, 12).reshape(3, 4))
    both = dark.grad(lambda x: dark.sum(dark.grad(lambda x: dark.sum(dark.dropout(x, 0.5) ** 3))(x)))
    dark.manual_seed(8)
    second = both(np.ones(20)).numpy()
    dark.manual_seed(8)
    np.testing.assert_allclose(second, 6 * dark.dropout(np.ones(20), 0.5).numpy() ** 3)


@pytest.mark.parametrize("p", [0.0, 0.25, 1.0])
def test_the_probability_may_be_a_float_argument_or_a_tensor(p: float) -> None:
    f = dark.compile(dark.dropout)
    x = dark.Parameter(np.full(2000, 3.0, np.float32))
    for y in (f(x, p), dark.dropout(x, dark.asarray(p))):
        assert y.dtype == np.float32
        assert abs((y.numpy() == 0).mean() - p) < 0.05
        assert {*y.numpy()} <= {np.float32(0), np.float32(3 / (1 - p)) if p < 1 else 0}
        y.sum().backward()
        assert x.grad is not None
        np.testing.assert_allclose(x.grad.numpy(), y.numpy() / 3, rtol=1e-6)
        x.zero_grad()


def test_another_probability_is_the_same_lazy_program() -> None:
    x = dark.ones(5)
    (dark.dropout(x, 0.5) + dark.uniform(0, 1, 5) + dark.normal(1, 2, 5)).numpy()
    before = execution.programs_made()
    for p in (0.25, 0.75, 1.0):
        (dark.dropout(x, p) + dark.uniform(1, p + 2, 5) + dark.normal(p, 3, 5)).numpy()
    assert execution.programs_made() == before


def test_torch_has_the_same_dropout() -> None:
    torch = pytest.importorskip("torch")
    x = np.ones(40_000, np.float32)
    ours, theirs = dark.dropout(x, 0.3).numpy(), torch.nn.functional.dropout(torch.tensor(x), 0.3).numpy()
    assert set(ours) == set(theirs)
    assert abs((ours == 0).mean() - (theirs == 0).mean()) < 0.02
