"""Rule 9: NumPy's functions and operators on Tensors are ours."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark


def test_operators_with_arrays_on_the_left() -> None:
    p = dark.Parameter(np.array([1.0, 2.0, 3.0], np.float32))
    for y in (
        np.ones(3, np.float32) * p,
        np.float32(2) * p,
        np.exp(p),
        [1, 2, 3] * p,
        np.ones((2, 3)) @ p.astype(np.float64),
    ):
        assert isinstance(y, dark.Tensor)
        assert y.requires_grad
    (np.float32(2) * p).sum().backward()
    assert p.grad is not None
    assert p.grad.numpy().tolist() == [2, 2, 2]
    assert (np.float64(1) * p).dtype == np.float64
    assert (np.arange(3) < p).numpy().tolist() == [True, True, True]


@pytest.mark.parametrize("name", ["sqrt", "negative", "sin", "tanh", "isfinite", "absolute", "square"])
def test_unary_functions(name: str) -> None:
    x = np.array([0.5, 2.0])
    found = getattr(np, name)(dark.asarray(x))
    assert isinstance(found, dark.Tensor)
    np.testing.assert_allclose(found.numpy(), getattr(np, name)(x), rtol=1e-15)


def test_array_functions() -> None:
    x = np.arange(6.0).reshape(2, 3)
    t = dark.asarray(x)
    for found, wanted in (
        (np.sum(t, axis=0), np.sum(x, axis=0)),
        (np.mean(t), np.mean(x)),
        (np.max(t, axis=1, keepdims=True), np.max(x, axis=1, keepdims=True)),
        (np.concatenate([t, x]), np.concatenate([x, x])),
        (np.stack([t, t], axis=1), np.stack([x, x], axis=1)),
        (np.transpose(t), x.T),
        (np.reshape(t, (3, 2)), x.reshape(3, 2)),
        (np.where(t > 2, t, 0.0), np.where(x > 2, x, 0.0)),
        (np.clip(t, 1, 4), np.clip(x, 1, 4)),
        (np.add.reduce(t, axis=1), np.add.reduce(x, axis=1)),
        (np.zeros_like(t), np.zeros_like(x)),
        (np.argmax(t, axis=1), np.argmax(x, axis=1)),
    ):
        assert isinstance(found, dark.Tensor)
        np.testing.assert_allclose(found.numpy(), wanted)


def test_what_has_no_equivalent_names_numpy() -> None:
    t = dark.ones(3)
    for call in (
        lambda: np.fft.fft(t),
        lambda: np.heaviside(t, t),
        lambda: np.add.accumulate(t),
        lambda: np.add(t, t, out=t.numpy()),
    ):
        with pytest.raises(dark.DTypeError, match=r"\.numpy\(\)"):
            call()


def test_conversion() -> None:
    t = dark.ones(3)
    array = np.asarray(t)
    assert array.dtype == np.float32
    assert not array.flags.writeable
    assert np.array(t, np.float64).flags.writeable
    shared: Any = np.from_dlpack(t)
    assert shared.ctypes.data == t.numpy().ctypes.data
    assert t.__array_namespace__() is dark.tensor
    assert dark.asarray(memoryview(np.ones(3))).dtype == np.float64


def test_inside_a_trace() -> None:
    f = dark.compile(lambda x: np.exp(x) * np.float32(2) + np.ones(2, np.float32))
    np.testing.assert_allclose(f(np.zeros(2, np.float32)).numpy(), [3, 3])
