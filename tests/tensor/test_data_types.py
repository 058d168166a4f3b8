"""Questions about dtypes, as the Array API asks them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
import dark_jit.tensor as dt
from dark_jit import dtypes

X = dark.asarray([1, 2], dt.uint8)
KINDS = ("bool", "signed integer", "unsigned integer", "integral", "real floating", "complex floating", "numeric")


@pytest.mark.parametrize(
    ("operands", "result"),
    [
        ((X, dt.int8, 7, True), "int16"), ((X, 0.5), "float32"), ((X, 300), "uint8"), ((X,), "uint8"),
        ((1, 0.5), "float32"), ((1,), "int64"), ((True,), "bool"), ((True, 1), "int64"), ((X, np.int8(1)), "int16"),
        ((np.float64(1), 0.5), "float64"), ((np.ones(2, np.float64), X), "float64"), ((dt.bool, 2), "int64"),
        (("int32", dt.uint16), "int32"), ((dt.uint64, -1), "uint64"),
    ],
)  # fmt: skip
def test_result_types(operands: tuple[Any, ...], result: str) -> None:
    assert dt.result_type(*operands) == result
    assert isinstance(dt.result_type(*operands), np.dtype)


def test_numpy_asks_for_the_result_type_of_tensors() -> None:
    assert np.result_type(X, np.int8) == dt.int16
    assert np.can_cast(X, np.int16)


@pytest.mark.parametrize("kind", KINDS)
def test_kinds_are_numpys(kind: str) -> None:
    for dtype in dtypes.SUPPORTED:
        assert dt.isdtype(dtype, kind) == np.isdtype(dtype, kind)


def test_dtypes_and_tuples_are_kinds() -> None:
    assert dt.isdtype(dt.uint8, dt.uint8)
    assert not dt.isdtype(dt.uint8, dt.int8)
    assert dt.isdtype("uint8", ("bool", dt.uint8))
    assert dt.isdtype(dt.int8, ("bool", ("real floating", "integral")))
    assert not dt.isdtype(dt.int8, ())


def test_casts_that_lose_nothing() -> None:
    for first in dtypes.SUPPORTED:
        for second in dtypes.SUPPORTED:
            assert dt.can_cast(first, second) == np.can_cast(first, second)
    assert dt.can_cast(X, dt.int16)
    assert not dt.can_cast(X, dt.int8)


def test_limits() -> None:
    assert (dt.iinfo(X).max, dt.iinfo(dt.int16).min, dt.iinfo("uint64").bits) == (255, -(2**15), 64)
    assert (dt.finfo(dt.float32).eps, dt.finfo(dark.zeros(1)).bits) == (2.0**-23, 32)
    assert dt.iinfo(np.int8(3)).dtype == dt.int8
    assert (dt.finfo("float16").eps, dt.finfo(dt.float16).max) == (2.0**-10, 65504)


def test_of_bfloat16() -> None:
    pytest.importorskip("ml_dtypes", reason="bfloat16 needs ml_dtypes (extra half)")
    info = dt.finfo(dark.zeros(1, dtype="bfloat16"))
    assert (info.bits, info.eps, float(info.max)) == (16, 2.0**-7, 2.0**128 - 2.0**120)
    assert dt.isdtype("bfloat16", "real floating")
    assert not dt.isdtype(dt.bfloat16, ("integral", "bool", dt.float16))
    assert dt.can_cast(dt.bfloat16, dt.float32)
    assert not dt.can_cast(dt.float16, "bfloat16")
    assert not dt.can_cast("bfloat16", dt.float16)
    assert dt.promote_types("bfloat16", dt.float16) == dt.float32
    assert dt.result_type("bfloat16", 3.5, dt.int64) == dt.bfloat16 == dark.bfloat16


@pytest.mark.parametrize(
    ("mistake", "message"),
    [
        (lambda: dt.isdtype(dt.int8, "whole"), "'whole' is no kind of dtype; the kinds are 'bool', 'signed integer'"),
        (lambda: dt.isdtype("nonsense", "bool"), "is not a dtype"),
        (lambda: dt.iinfo(dt.float32), "iinfo needs an integer dtype, got float32; use finfo"),
        (lambda: dt.iinfo(dt.bool), "iinfo needs an integer dtype, got bool"),
        (lambda: dt.finfo(dt.int8), "finfo needs a floating-point dtype, got int8; use iinfo"),
        (lambda: dt.finfo("longdouble"), "is not supported"),
        (lambda: dt.result_type(dt.uint64, dt.int8), "no common dtype"),
        (lambda: dt.promote_types(dt.int64, "uint64"), "no common dtype"),
        (lambda: dt.can_cast(dt.int8, complex), "complex numbers are out of scope"),
    ],
)
def test_mistakes(mistake: Callable[[], Any], message: str) -> None:
    with pytest.raises(dark.DTypeError, match=message):
        mistake()


def test_nothing_has_no_result_type() -> None:
    with pytest.raises(dark.ArgumentError, match="at least one"):
        dt.result_type()
