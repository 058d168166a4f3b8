"""The Array API standard (2024.12): its names, what parameters mean, its inspection interface and linear algebra."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
import dark_jit.tensor as dt

# Complex numbers are out of scope, and with them conj, imag, real and fft; of linalg, what decomposes matrices.
NAMES = """
    __array_api_version__ __array_namespace_info__ abs acos acosh add all any arange argmax argmin argsort asarray asin
    asinh astype atan atan2 atanh bitwise_and bitwise_invert bitwise_left_shift bitwise_or bitwise_right_shift
    bitwise_xor
    bool broadcast_arrays broadcast_to can_cast ceil clip concat copysign cos cosh count_nonzero cumulative_prod
    cumulative_sum diff divide e empty empty_like equal exp expand_dims expm1 eye finfo flip float32 float64 floor
    floor_divide from_dlpack full full_like greater greater_equal hypot iinfo inf int16 int32 int64 int8 isdtype
    isfinite
    isinf isnan less less_equal linalg linspace log log10 log1p log2 logaddexp logical_and logical_not logical_or
    logical_xor matmul matrix_transpose max maximum mean meshgrid min minimum moveaxis multiply nan negative newaxis
    nextafter nonzero not_equal ones ones_like permute_dims pi positive pow prod reciprocal remainder repeat reshape
    result_type roll round searchsorted sign signbit sin sinh sort sqrt square squeeze stack std subtract sum take
    take_along_axis tan tanh tensordot tile tril triu trunc uint16 uint32 uint64 uint8 unique_all unique_counts
    unique_inverse unique_values unstack var vecdot where zeros zeros_like
"""
X = np.random.default_rng(0).standard_normal((2, 3, 3))
INTEGERS = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)


def test_names() -> None:
    assert [name for name in NAMES.split() if not hasattr(dt, name)] == []
    for name in ("conj", "complex64"):
        with pytest.raises(AttributeError, match="there are no complex numbers"):
            getattr(dt, name)


def test_inspection() -> None:
    info = dark.zeros(1).__array_namespace__().__array_namespace_info__()
    assert info.capabilities()["boolean indexing"]
    assert (info.default_device(), info.devices()) == ("cpu", ["cpu"])
    assert info.default_dtypes()["real floating"] == dark.float32
    assert list(info.dtypes(kind=("bool", "real floating"))) == ["bool", "float32", "float64"]
    assert len(info.dtypes()) == 11
    with pytest.raises(dark.ArgumentError, match="no device 'tpu'"):
        info.dtypes(device="tpu")


def test_devices() -> None:
    made = [
        dt.zeros(2, device="cpu"),
        dt.ones(shape=(2,), device="cpu"),
        dt.empty(shape=2, device="cpu"),
        dt.full(2, 1.0, device="cpu"),
        dt.arange(2, device="cpu"),
        dt.linspace(0, 1, 2, device="cpu"),
        dt.eye(2, device="cpu")[0],
        dt.zeros_like(np.ones(2), device="cpu"),
        dt.from_dlpack(np.ones(2), device="cpu"),
        dt.astype(np.ones(2), dt.float32, device="cpu"),
    ]
    assert all(x.shape == (2,) and x.to_device("cpu").device == "cpu" for x in made)
    with pytest.raises(dark.ArgumentError, match="no device 'tpu'"):
        dt.zeros(2, device="tpu")


def test_copies_share_nothing() -> None:
    x = dark.asarray(np.zeros(4, np.float32))
    copies = [
        dt.asarray(x, copy=True),
        x.copy(),
        x.clone(),
        dt.astype(x, x.dtype),
        dt.reshape(x, shape=(4,), copy=True),
    ]
    shared = [dt.asarray(x), dt.astype(x, x.dtype, copy=False), dt.reshape(x, (2, 2), copy=False)]
    x[0] = 1
    assert [float(y.ravel()[0]) for y in copies + shared] == [0.0] * 5 + [1.0] * 3
    with pytest.raises(dark.ArgumentError, match="copy=False"):
        dt.asarray(x, dt.int32, copy=False)
    with pytest.raises(dark.ArgumentError, match="copy=False"):
        dt.reshape(dt.reshape(x, (2, 2)).T, (4,), copy=False)


def test_gradients_flow_through_copies() -> None:
    x = dark.Parameter([2.0])
    (x.clone() * 3).sum().backward()
    assert x.grad is not None
    assert x.grad.item() == 3


def test_dlpack_of_before_version_1_gets_a_copy() -> None:
    x = dark.asarray(X)
    assert type(x.__dlpack__()).__name__ == "PyCapsule"
    with pytest.raises(BufferError, match="readonly"):
        x.__dlpack__(copy=False)
    assert not np.from_dlpack(x).flags.writeable


def test_parameters() -> None:
    np.testing.assert_allclose(dt.var(X, 0, correction=1).numpy(), X.var(0, ddof=1))
    np.testing.assert_allclose(dt.std(X, 1, correction=0.5).numpy(), X.std(1, ddof=0.5))
    np.testing.assert_array_equal(dt.concat([X, X[0]], axis=None).numpy(), np.concatenate([X, X[0]], axis=None))
    np.testing.assert_array_equal(dt.clip(X).numpy(), X)
    np.testing.assert_array_equal(dt.permute_dims(X, axes=(2, 0, 1)).numpy(), X.transpose(2, 0, 1))
    assert not np.signbit(dt.sign(np.array([-0.0])).numpy())[0]
    with pytest.raises(IndexError, match="axis 3 is out of range"):
        dt.flip(X, axis=3)


@pytest.mark.parametrize("axes", [0, 1, 2, ((0,), (0,)), ((), ())])
def test_products_of_integers_keep_their_dtype(axes: Any) -> None:
    x, y = INTEGERS[0] * np.uint8(29), INTEGERS[1]
    found = dt.tensordot(x, y, axes=axes)
    np.testing.assert_array_equal(found.numpy(), np.tensordot(x, y, axes), strict=True)
    np.testing.assert_array_equal(dt.vecdot(x, y).numpy(), np.vecdot(x, y), strict=True)
    np.testing.assert_array_equal(dt.einsum("ij->i", x).numpy(), np.einsum("ij->i", x), strict=True)


CALLS: dict[str, Any] = {
    "cross": lambda lib: lib.cross(X, X[:, ::-1]),
    "cross along another axis": lambda lib: lib.cross(X, X[:1], axis=1),
    "cross of integers": lambda lib: lib.cross(INTEGERS.astype(np.int32), np.array([1, 2, 3], np.int32)),
    "diagonal": lambda lib: lib.diagonal(X, offset=1),
    "trace": lambda lib: lib.trace(X, offset=-1),
    "trace in another dtype": lambda lib: lib.trace(INTEGERS, dtype=np.dtype("float32")),
    "matrix_transpose": lambda lib: lib.matrix_transpose(X),
    **{f"matrix_power {n}": lambda lib, n=n: lib.matrix_power(X, n) for n in (0, 1, 2, 5)},
    **{f"vector_norm {p}": lambda lib, p=p: lib.vector_norm(X, axis=(0, 2), ord=p) for p in (0, 1, 2, 3.5, math.inf)},
    "vector_norm of all": lambda lib: lib.vector_norm(X, keepdims=True, ord=-math.inf),
    **{f"matrix_norm {p}": lambda lib, p=p: lib.matrix_norm(X, ord=p) for p in ("fro", 1, -1, math.inf, -math.inf)},
    "matrix_norm, kept": lambda lib: lib.matrix_norm(X, keepdims=True),
}


@pytest.mark.parametrize("name", CALLS)
def test_linalg(name: str) -> None:
    found, wanted = CALLS[name](dt.linalg).numpy(), CALLS[name](np.linalg)
    assert (found.dtype, found.shape) == (wanted.dtype, wanted.shape)
    np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-15)


def test_gradients_of_linalg() -> None:
    dark.testing.gradcheck(dt.linalg.cross, X, X[:, ::-1])
    dark.testing.gradcheck(lambda x: dt.linalg.matrix_power(x, 3), X)
    dark.testing.gradcheck(lambda x: dt.linalg.matrix_norm(x, ord=1) + dt.linalg.vector_norm(x, ord=3), X)


def test_mistakes_of_linalg() -> None:
    for make, error, message in (
        (lambda: dt.linalg.cross(X[..., :2], X), dark.ShapeError, r"3 elements along axis -1, got shapes \(2, 3, 2\)"),
        (lambda: dt.linalg.matrix_power(X[:, :2], 2), dark.ShapeError, "square matrices"),
        (lambda: dt.linalg.matrix_power(X, -1), dark.ArgumentError, "inverts no matrices"),
        (lambda: dt.linalg.matrix_norm(X, ord="nuc"), dark.ArgumentError, "ord must be one of 'fro'"),
        (lambda: dt.linalg.vector_norm(INTEGERS), dark.DTypeError, "use astype"),
        (lambda: dt.linalg.svd, AttributeError, "decomposes no matrices"),
        (lambda: dt.linalg.svdd, AttributeError, "it has cross"),
    ):
        with pytest.raises(error, match=message):
            make()
