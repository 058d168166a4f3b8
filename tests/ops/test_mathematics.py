"""The composed functions, held to NumPy in higher precision; the errors are those that docs/accuracy.md states."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import testing

ULPS = 3.0
# name: (NumPy's name, an interval)
FUNCTIONS = {
    "expm1": ("expm1", -40.0, 80.0),
    "log1p": ("log1p", -0.9999, 1e3),
    "log2": ("log2", 1e-30, 1e30),
    "log10": ("log10", 1e-30, 1e30),
    "sinh": ("sinh", -88.0, 88.0),
    "cosh": ("cosh", -88.0, 88.0),
    "asinh": ("arcsinh", -1e6, 1e6),
    "acosh": ("arccosh", 1.0, 1e6),
    "atanh": ("arctanh", -0.99999, 0.99999),
    "tan": ("tan", -100.0, 100.0),
    "atan": ("arctan", -20.0, 20.0),
    "asin": ("arcsin", -1.0, 1.0),
    "acos": ("arccos", -1.0, 1.0),
    "trunc": ("trunc", -100.0, 100.0),
}
BINARY = {"atan2": "arctan2", "hypot": "hypot", "copysign": "copysign", "nextafter": "nextafter"}
SPECIAL = [0.0, -0.0, 1, -1, np.inf, -np.inf, np.nan, 0.5, -0.5, 2, 1e-30, -1e-30, 1e30, -1e30, 88, 89, -89, 700]


def close(got: Any, wanted: Any, ulps: float = ULPS) -> None:
    """Within so many units in the last place; NaN, infinities and signs of zeros are alike."""
    spacing = np.spacing(np.abs(wanted.astype(got.dtype)))
    with np.errstate(invalid="ignore"):
        near = np.abs(got.astype(wanted.dtype) - wanted) <= ulps * spacing
    same = (got == wanted) | (np.isnan(got) & np.isnan(wanted))
    wrong = ~(near | same)
    assert not wrong.any(), (got[wrong][:5], wanted[wrong][:5])
    zero = (got == 0) & (wanted == 0)
    assert (np.signbit(got) == np.signbit(wanted))[zero].all()


def numbers(low: float, high: float, dtype: str) -> np.ndarray:
    """Spread evenly, and over the magnitudes."""
    rng = np.random.default_rng(0)
    small = 10 ** rng.uniform(-30, np.log10(max(-low, high)), 4000) * rng.choice([-1, 1], 4000)
    return np.concatenate([rng.uniform(low, high, 4000), small[(low <= small) & (small <= high)]]).astype(dtype)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_one_operand(name: str, dtype: str) -> None:
    theirs, low, high = FUNCTIONS[name]
    ours, reference = getattr(dark, name), getattr(np, theirs)
    x = numbers(low, high, dtype)
    wide = np.float64 if dtype == "float32" else np.longdouble
    with np.errstate(all="ignore"):
        close(ours(x).numpy(), reference(x.astype(wide)))
        special = np.array(SPECIAL, dtype)
        close(ours(special).numpy(), reference(special))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", BINARY)
def test_two_operands(name: str, dtype: str) -> None:
    ours, reference = getattr(dark, name), getattr(np, BINARY[name])
    rng = np.random.default_rng(0)
    x, y = (rng.choice([-1, 1], 4000) * 10 ** rng.uniform(-15, 15, 4000) for _ in range(2))
    first, second = np.meshgrid(SPECIAL, SPECIAL)
    x, y = (np.concatenate([a, b.ravel()]).astype(dtype) for a, b in ((x, first), (y, second)))
    with np.errstate(all="ignore"):
        close(ours(x, y).numpy(), reference(x, y))


def test_logaddexp() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.uniform(-800, 800, (2, 4000))
    special = np.array([np.inf, -np.inf, np.nan, 0.0, 1e300])
    first, second = (part.ravel() for part in np.meshgrid(special, special))
    x, y = np.concatenate([x, first]), np.concatenate([y, second])
    with np.errstate(invalid="ignore"):
        wanted = np.logaddexp(x, y)
    np.testing.assert_allclose(dark.logaddexp(x, y).numpy(), wanted, rtol=1e-14, atol=1e-15)


def test_integers_and_signs() -> None:
    x = np.array([-3, 0, 4])
    assert dark.trunc(x).numpy().tolist() == [-3, 0, 4]
    assert dark.trunc(x).dtype == np.int64
    assert dark.signbit(x).numpy().tolist() == [True, False, False]
    assert dark.signbit([0.0, -0.0, np.nan, -np.inf]).numpy().tolist() == [False, True, False, True]
    assert dark.atan(x).dtype == np.float32
    assert dark.nextafter(1.0, np.float64(2)).item() == np.nextafter(1.0, 2.0)


def test_of_powers_the_logarithms_are_exact_in_float32() -> None:
    exponents = np.arange(-126, 128)
    assert (dark.log2(np.ldexp(np.float32(1), exponents)).numpy() == exponents).all()
    assert (dark.log10((10.0 ** np.arange(11)).astype(np.float32)).numpy() == np.arange(11)).all()


INSIDE = {"acosh": (1.5, 3.0), "log1p": (-0.5, 2.0), "log2": (0.5, 3.0), "log10": (0.5, 3.0)}


@pytest.mark.parametrize("name", [name for name in FUNCTIONS if name != "trunc"])
def test_gradients(name: str) -> None:
    low, high = INSIDE.get(name, (-0.9, 0.9))
    x = np.random.default_rng(0).uniform(low, high, 5)
    testing.gradcheck(getattr(dark, name), x)
    testing.gradgradcheck(getattr(dark, name), x)


@pytest.mark.parametrize("name", ["atan2", "hypot", "logaddexp"])
def test_gradients_of_two(name: str) -> None:
    x, y = np.random.default_rng(0).uniform(0.5, 2, (2, 5))
    testing.gradcheck(getattr(dark, name), x, -y)
    testing.gradgradcheck(getattr(dark, name), x, y)


def test_gradients_stay_finite() -> None:
    x = dark.Parameter(np.array([0.0, 1e-30, 40.0, -200.0, 1e30], np.float32))
    dark.asinh(x).sum().backward()
    assert x.grad is not None
    np.testing.assert_allclose(x.grad.numpy(), 1 / np.hypot(x.numpy().astype(float), 1), rtol=1e-5)
    y = dark.Parameter(np.array([-1e4, -1.0, 1e4], np.float32))
    dark.logaddexp(y, 0.0).sum().backward()
    assert y.grad is not None
    np.testing.assert_allclose(y.grad.numpy(), [0, 1 / (1 + np.e), 1], rtol=1e-6)


def test_numpys_functions_of_tensors() -> None:
    x = dark.asarray([0.25, 0.5])
    for name in ("arcsin", "arccos", "arctan", "arcsinh", "arctanh", "log1p", "expm1", "sinh", "cosh", "tan", "trunc"):
        assert isinstance(getattr(np, name)(x), dark.Tensor)
    np.testing.assert_allclose(np.arctan2(x, 1.0).numpy(), np.arctan2([0.25, 0.5], 1.0), rtol=1e-6)


def test_im2col() -> None:
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 3, 7, 6)), rng.normal(size=(4, 3, 3, 2))
    columns = dark.im2col(x, 3, 2, stride=2, padding=1)
    product = dark.asarray(w.reshape(4, -1)) @ columns
    np.testing.assert_allclose(product.numpy().ravel(), dark.conv2d(x, w, 2, 1).numpy().ravel(), rtol=1e-12)
    torch = pytest.importorskip("torch")
    unfolded = torch.nn.functional.unfold(torch.tensor(x), (3, 2), stride=2, padding=1)
    np.testing.assert_array_equal(columns.numpy(), unfolded.numpy())
    testing.gradcheck(lambda x: dark.im2col(x, 2, 2), x[:1, :1, :3, :3])
    with pytest.raises(dark.ShapeError, match="larger than the padded image"):
        dark.im2col(x, 9, 2)
    with pytest.raises(dark.ShapeError, match="needs images"):
        dark.im2col(x[0], 2, 2)
