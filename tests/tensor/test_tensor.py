"""What a Tensor is: attributes, conversions, creation, identity, copies."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
import dark_jit.tensor as dt


def test_attributes() -> None:
    x = dark.asarray(np.ones((2, 3), np.float64))
    assert (x.shape, x.ndim, x.size, x.dtype, x.device, len(x)) == ((2, 3), 2, 6, np.float64, "cpu", 2)
    assert x.T.shape == (3, 2)
    assert [row.shape for row in x] == [(3,), (3,)]
    with pytest.raises(dark.DTypeError, match="no length"):
        len(x.sum())


@pytest.mark.parametrize(
    ("value", "dtype"),
    [
        (1, np.int64),
        (True, np.bool_),
        (1.5, np.float32),
        ([1, 2], np.int64),
        ([1.0, 2], np.float32),
        ([[]], np.float32),
    ],
)
def test_what_python_values_become(value: Any, dtype: Any) -> None:
    assert dark.asarray(value).dtype == dtype


@pytest.mark.parametrize("dtype", [np.bool_, np.int32, np.int64, np.float32, np.float64])
def test_arrays_keep_their_dtype(dtype: Any) -> None:
    array = np.array([[1, 0], [0, 1]]).astype(dtype)
    for given in (array, array[::-1, ::-1], array.T, array.astype(array.dtype.newbyteorder())):
        tensor = dark.asarray(given)
        assert tensor.dtype == dtype
        np.testing.assert_array_equal(tensor.numpy(), given)


@pytest.mark.parametrize(
    "bad", [np.array([object()]), np.array(["a"]), "text", None, np.ones(2, np.complex64), np.ones(2, ">U3")]
)
def test_what_is_no_array_is_refused(bad: Any) -> None:
    with pytest.raises(dark.DTypeError):
        dark.asarray(bad)


def test_asarray_copies_unless_told_not_to() -> None:
    array = np.zeros(3, np.float32)
    copied, shared = dark.asarray(array), dark.asarray(array, copy=False)
    array[:] = 1
    assert copied.numpy().tolist() == [0, 0, 0]
    assert shared.numpy().tolist() == [1, 1, 1]
    with pytest.raises(dark.ArgumentError, match="C-contiguous"):
        dark.asarray(np.zeros((3, 3), np.float32)[:, ::2], copy=False)


def test_numpy_is_a_read_only_view() -> None:
    x = dark.asarray([1.0, 2.0])
    view = x.numpy()
    assert view.ctypes.data == x.numpy().ctypes.data
    with pytest.raises(ValueError, match="read-only"):
        view[0] = 3


def test_numbers() -> None:
    x = dark.asarray([[2.5]])
    assert (x.item(), float(x), int(x), bool(x)) == (2.5, 2.5, 2, True)
    assert [1, 2, 3][dark.asarray(1)] == 2
    assert f"{x:.2f}" == "2.50"
    with pytest.raises(dark.ShapeError, match="ambiguous"):
        bool(dark.ones(2))
    with pytest.raises(dark.ShapeError):
        dark.ones(2).item()


def test_text() -> None:
    assert repr(dark.asarray([1.0, 2.0])) == "Tensor([1., 2.], dtype=float32)"
    assert "requires_grad" in repr(dark.Parameter(np.ones(2)))


def test_equality_is_elementwise_and_hash_is_identity() -> None:
    x, y = dark.ones(2), dark.ones(2)
    assert (x == y).numpy().all()
    assert not (x != 1).numpy().any()
    assert x in {x: 1}
    assert y not in {x: 1}
    assert (x == None) is False  # noqa: E711
    assert (x != "text") is True


def test_operators_as_numpy() -> None:
    a, b = np.array([7, -7, 3]), np.array([2, 2, -2])
    x, y = dark.asarray(a), dark.asarray(b)
    for name in (
        "__add__",
        "__sub__",
        "__mul__",
        "__truediv__",
        "__floordiv__",
        "__mod__",
        "__lt__",
        "__ge__",
        "__radd__",
    ):
        np.testing.assert_allclose(getattr(x, name)(y).numpy(), getattr(a, name)(b))
    np.testing.assert_array_equal((1 - x).numpy(), 1 - a)
    np.testing.assert_array_equal((2 ** abs(x)).numpy(), 2 ** np.abs(a))
    np.testing.assert_array_equal((~(x > 0) | (y > 0) & (x < 3)).numpy(), ~(a > 0) | (b > 0) & (a < 3))
    for name in ("__and__", "__or__", "__xor__", "__lshift__", "__rshift__", "__rand__", "__rlshift__", "__rrshift__"):
        np.testing.assert_array_equal(getattr(x, name)(abs(y)).numpy(), getattr(a, name)(abs(b)))
    np.testing.assert_array_equal((~x).numpy(), ~a)
    with pytest.raises(dark.DTypeError, match="logical_and"):
        x & 0.5


def test_numbers_do_not_promote() -> None:
    x = dark.ones(2, dtype=np.float32)
    assert (x * 2.5).dtype == (x + 1).dtype == (2.0 / x).dtype == np.float32
    assert (dark.asarray([1, 2]) * 0.5).dtype == np.float32
    assert (dark.asarray([1, 2], np.float64) * 0.1).numpy().tolist() == [0.1, 0.2]
    assert dark.add(1, 2).dtype == np.int64
    assert dark.exp(1.0).dtype == np.float32


def test_creation_as_numpy() -> None:
    np.testing.assert_array_equal(dt.arange(5).numpy(), np.arange(5))
    np.testing.assert_allclose(dt.arange(0, 1, 0.25).numpy(), np.arange(0, 1, 0.25))
    np.testing.assert_allclose(dt.linspace(0, 1, 5).numpy(), np.linspace(0, 1, 5))
    np.testing.assert_array_equal(dt.eye(2, 3, k=1).numpy(), np.eye(2, 3, k=1))
    assert dt.zeros(2, 3).shape == dt.zeros((2, 3)).shape == (2, 3)
    assert dt.ones((2, 3), np.int32).dtype == np.int32
    assert dt.full((2,), 7).numpy().tolist() == [7, 7]
    assert dt.full((2,), 7).dtype == np.int64
    assert dt.zeros_like(dt.ones(3, dtype=np.float64)).dtype == np.float64
    assert dt.zeros(()).item() == 0


def test_default_dtype() -> None:
    dark.set_default_dtype(np.float64)
    try:
        assert dark.zeros(2).dtype == dark.asarray(0.5).dtype == np.float64
    finally:
        dark.set_default_dtype(np.float32)
    with pytest.raises(dark.DTypeError):
        dark.set_default_dtype(np.int64)


def test_random_numbers_repeat() -> None:
    dark.manual_seed(3)
    first = [dark.rand(4).numpy(), dark.randn(2, 2).numpy(), dark.randint(5, size=(3,)).numpy()]
    dark.manual_seed(3)
    second = [dark.rand(4).numpy(), dark.randn(2, 2).numpy(), dark.randint(5, size=(3,)).numpy()]
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)
    assert first[2].dtype == np.int64


def test_copies_are_independent() -> None:
    p = dark.Parameter(np.ones(2))
    for twin in (copy.deepcopy(p), copy.copy(p), pickle.loads(pickle.dumps(p))):
        assert type(twin) is dark.Parameter
        assert twin.requires_grad
        twin.data = np.zeros(2)
        assert p.numpy().tolist() == [1, 1]


def test_device() -> None:
    assert dt.is_cuda() is False
    with pytest.raises(dark.ArgumentError, match="device"):
        dark.asarray(1.0, device="tpu")


def test_data_is_assignable() -> None:
    p = dark.Parameter(np.ones((2, 2)))
    p.data = 3.0
    assert p.numpy().tolist() == [[3, 3], [3, 3]]
    p.data = np.eye(2, dtype=np.float32)
    assert p.dtype == np.float64
    p.data -= 1.0
    assert p.numpy().tolist() == [[0, -1], [-1, 0]]
    assert p.requires_grad
    with pytest.raises(dark.ShapeError, match="shape"):
        p.data = np.ones(3)
