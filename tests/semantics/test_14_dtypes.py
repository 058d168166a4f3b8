"""Rule 14: one table of dtypes; arrays keep theirs, Python numbers take that of the array beside them."""

from __future__ import annotations

import operator
import pickle
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
import dark_jit.tensor as dt
from dark_jit import dtypes

SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
INTEGERS = (*SIGNED, *UNSIGNED)
FLOATS = ("float32", "float64")
ALL = ("bool", *INTEGERS, *FLOATS)
HALVES = ("float16", "bfloat16")

Array = np.ndarray[Any, Any]


def both(function: Callable[..., Any], *arrays: Any) -> Array:
    """The value of a function of Tensors; the same lazily and compiled."""
    lazy = function(*map(dark.asarray, arrays)).numpy()
    compiled = dark.compile(function)(*arrays).numpy()
    assert lazy.dtype == compiled.dtype
    np.testing.assert_array_equal(lazy, compiled)
    return np.asarray(lazy)


def extremes(dtype: str) -> Array:
    """The least, the greatest, and what lies around 0."""
    if dtype == "bool":
        return np.array([True, False, True])
    if dtype in FLOATS:
        return np.array([-1.5, 0.0, 3.0], dtype)
    info = np.iinfo(dtype)
    return np.array([info.min, info.max, 0, 1, 5], dtype)


@pytest.mark.parametrize("name", ALL)
def test_every_dtype_has_a_name_and_is_numpys(name: str) -> None:
    dtype = getattr(dt, name)
    assert dtype == np.dtype(name) == getattr(dark, name)
    x = dt.zeros(3, dtype=dtype)
    assert isinstance(x.dtype, np.dtype)
    assert x.dtype == dtype


@pytest.mark.parametrize("name", ALL)
def test_given_arrays_keep_their_dtype(name: str) -> None:
    array = extremes(name)
    np.testing.assert_array_equal(dark.asarray(array).numpy(), array, strict=True)
    np.testing.assert_array_equal(both(lambda x: x, array), array, strict=True)
    np.testing.assert_array_equal(both(lambda x: x[::-1].reshape(-1, 1).T, array), array[None, ::-1], strict=True)
    swapped = array.astype(array.dtype.newbyteorder(">"))
    np.testing.assert_array_equal(both(lambda x: x, swapped), array, strict=True)


@pytest.mark.parametrize("name", ALL)
def test_new_arrays_of_every_dtype(name: str) -> None:
    for found, wanted in (
        (dt.zeros((2, 3), dtype=name), np.zeros((2, 3), name)),
        (dt.ones(4, dtype=name), np.ones(4, name)),
        (dt.full((3,), 1, name), np.full((3,), 1, name)),
        (dt.full_like(dark.asarray(extremes(name)), 1), np.full_like(extremes(name), 1)),
        (dt.arange(2, dtype=name), np.arange(2, dtype=name)),
        (dt.eye(3, dtype=name), np.eye(3, dtype=name)),
        (dt.linspace(0, 4, 5, dtype=name), np.linspace(0, 4, 5, dtype=name)),
        (dt.asarray([[0, 1], [1, 0]], name), np.asarray([[0, 1], [1, 0]], name)),
        (dt.one_hot(np.array([1, 0]), 3, name), np.eye(3, dtype=name)[[1, 0]]),
    ):
        np.testing.assert_array_equal(found.numpy(), wanted, strict=True)


def test_new_arrays_and_python_floats_are_float32_unless_said() -> None:
    makers: list[Callable[[], Any]] = [
        lambda: dark.zeros(2),
        lambda: dark.asarray([0.5, 1]),
        lambda: dark.asarray(0.5),
        lambda: dark.arange(0.0, 1.0, 0.5),
        lambda: dark.asarray([1, 2]) + 0.5,
        lambda: dark.asarray([True]) * 0.5,
        lambda: dark.exp(dark.asarray([1, 2], dark.uint8)),
        lambda: dark.asarray([1, 2]) / dark.asarray([2, 1]),
        lambda: dark.asarray([1, 2], dark.int8).mean(),
        lambda: dark.asarray([1, 2]).var(),
        lambda: dark.sigmoid(dark.asarray([1, 2])),
        lambda: dark.log1p(dark.asarray([1, 2], dark.uint16)),
        lambda: dark.hypot(dark.asarray([3]), dark.asarray([4])),
        lambda: dark.where(dark.asarray([True]), 0.5, 1),
        lambda: dark.one_hot(np.array([0]), 2),
        lambda: dark.asarray([1, 2]) ** 2.0,
    ]
    compiled = [dark.compile(make) for make in makers]
    for default in (np.float32, np.float64, np.float32):
        dark.set_default_dtype(default)
        try:
            assert dark.default_dtype() == default
            assert [f().dtype for f in (*makers, *compiled)] == [default] * (2 * len(makers))
        finally:
            dark.set_default_dtype(np.float32)


@pytest.mark.parametrize("name", INTEGERS)
def test_arithmetic_of_integers_is_numpys(name: str) -> None:
    """It wraps around; comparisons, extrema and reductions know the sign."""
    x = extremes(name)
    y = np.roll(x, 1)
    with np.errstate(over="ignore"):
        for function in (operator.add, operator.sub, operator.mul, operator.lt, operator.ge, operator.and_):
            np.testing.assert_array_equal(both(function, x, y), function(x, y), strict=True)
        for function in (operator.neg, operator.pos, abs, operator.invert, lambda x: x << 1, lambda x: x >> 1):
            np.testing.assert_array_equal(both(function, x), function(x), strict=True)
        for reduce in ("sum", "max", "min", "any", "all"):
            np.testing.assert_array_equal(both(lambda x: getattr(x, reduce)(), x), getattr(x, reduce)(), strict=True)  # noqa: B023
    divisor = np.array([3, 7, 1, 2, 100], name)
    np.testing.assert_array_equal(both(operator.floordiv, x, divisor), x // divisor, strict=True)
    np.testing.assert_array_equal(both(operator.mod, x, divisor), x % divisor, strict=True)
    np.testing.assert_array_equal(both(dt.sign, x), np.sign(x), strict=True)
    np.testing.assert_array_equal(both(lambda x: x.mean(), divisor), np.float32(22.6), strict=True)
    np.testing.assert_array_equal(both(lambda a, b: a @ b, x, y), x @ y, strict=True)


def pairs() -> Iterator[tuple[str, str]]:
    for first in ("bool", *INTEGERS):
        for second in ("bool", *INTEGERS):
            if first < second and "uint64" not in (first, second):
                yield first, second


def test_dtypes_promote_as_the_array_api_says() -> None:
    x = {name: dark.asarray(extremes(name)[:3]) for name in ALL}
    for first, second in pairs():
        wanted = np.result_type(first, second)
        results = (x[first] + x[second], dt.maximum(x[first], x[second]), dt.where(x["bool"], x[first], x[second]))
        assert {result.dtype for result in results} == {wanted}
        assert dt.result_type(x[first], second) == dt.promote_types(first, second) == wanted
    for integer in INTEGERS:
        for name in FLOATS:
            assert (x[integer] + x[name]).dtype == (x[name] * x[integer]).dtype == name


@pytest.mark.parametrize("signed", SIGNED)
def test_uint64_and_signed_integers_meet_in_comparisons_only(signed: str) -> None:
    x, y = np.array([0, 2**63, 2**64 - 1], np.uint64), np.array([-1, 5, 0], signed)
    for function in (operator.lt, operator.le, operator.eq, operator.ne, operator.gt, operator.ge):
        np.testing.assert_array_equal(both(function, x, y), function(x, y), strict=True)
    for combine in (operator.add, operator.and_, dt.maximum, lambda x, y: dt.concat([x, y])):
        for call in (combine, dark.compile(combine)):
            with pytest.raises(dark.DTypeError, match=r"uint64 .*no common dtype.*use astype"):
                call(dark.asarray(x), dark.asarray(y))
    np.testing.assert_array_equal(both(lambda a, b: a.astype(dt.int64) + b, x, y), x.astype(np.int64) + y)


@pytest.mark.parametrize("name", ALL)
def test_python_numbers_do_not_promote(name: str) -> None:
    x = extremes(name)
    if name == "bool":
        assert both(lambda x: x + 1, x).dtype == np.int64
        return
    for function in (lambda x: x + 1, lambda x: 1 + x, lambda x: dt.maximum(x, 3), lambda x: x + True, lambda x: x * 2):
        assert both(function, x).dtype == name
    assert both(lambda x: x + 0.5, x).dtype == (name if name in FLOATS else np.float32)
    if name != "uint64":
        assert both(lambda x: np.int64(1) * x, x).dtype == (name if name in FLOATS else np.int64)


@pytest.mark.parametrize(("name", "number"), [("uint8", 300), ("uint8", -1), ("int8", 200), ("uint64", 2**64)])
def test_python_ints_that_do_not_fit_are_refused(name: str, number: int) -> None:
    """As by NumPy: at the call, with an OverflowError."""
    x = dark.asarray(extremes(name))

    def assign(x: Any) -> Any:
        y = x + 0
        y[0] = number
        return y

    calls: list[Callable[[Any], Any]] = [
        lambda x: x + number,
        lambda x: number * x,
        lambda x: dt.where(x == 0, x, number),
        lambda x: dt.full_like(x, number),
        lambda x: x + dt.asarray(number, name),
        lambda x: dt.pad(x, 1, constant_values=number),
        assign,
    ]
    for call in calls:
        for run in (call, dark.compile(call)):
            with pytest.raises(dark.OutOfRangeError, match=str(number)) as caught:
                run(x)
            assert isinstance(caught.value, OverflowError)
            assert isinstance(caught.value, dark.DTypeError)
    with pytest.raises(dark.OutOfRangeError, match="wider"):
        dt.asarray([1, number], name)
    np.testing.assert_array_equal(both(lambda x: x < number, extremes(name)), extremes(name) < number)
    np.testing.assert_array_equal(both(lambda x: x == number, extremes(name)), extremes(name) == number)


@pytest.mark.parametrize("source", ALL)
def test_conversions(source: str) -> None:
    """Integers wrap around; floats are cut towards zero and saturate, lazily, compiled and taken from the host."""
    x = extremes(source)
    if source in FLOATS:
        x = np.array([0.9, -0.9, 127.5, -300.0, 3e5, 1e30, -1e30, np.inf, -np.inf, np.nan], source)
    for target in ALL:
        found = both(lambda x: x.astype(target), x)  # noqa: B023
        assert found.dtype == target
        np.testing.assert_array_equal(dark.asarray(x, target).numpy(), found, strict=True)
        if source not in FLOATS or target not in INTEGERS:
            with np.errstate(over="ignore"):
                np.testing.assert_array_equal(found, x.astype(target), strict=True)
            continue
        info = np.iinfo(target)
        wanted = [0 if np.isnan(value) else min(max(float(value), info.min), info.max) for value in x]
        assert found.tolist() == [int(min(max(int(value), info.min), info.max)) for value in wanted]


@pytest.mark.parametrize("name", INTEGERS)
def test_indices_of_every_integer_dtype(name: str) -> None:
    x, index = np.arange(300.0).reshape(100, 3), np.array([0, 99, 5], name)
    np.testing.assert_array_equal(both(lambda x, i: x[i], x, index), x[index])
    np.testing.assert_array_equal(both(lambda x, i: dt.take(x, i, 0), x, index), x[index])
    assert [10, 20, 30][dark.asarray(2, name)] == 30
    for call in (dt.take, dark.compile(dt.take)):
        with pytest.raises(dark.IndexOutOfRangeError, match="index 100 is out of range"):
            call(x[:, 0], np.array([100], name)).numpy()


@pytest.mark.parametrize("name", HALVES)
def test_floats_of_16_bits(name: str) -> None:
    """They are taken in, kept, promoted, written in place and handed on like other floats."""
    pytest.importorskip("ml_dtypes", reason="bfloat16 needs ml_dtypes (extra half)")
    dtype = getattr(dark, name)
    given = np.array([0.1, -2.5, 3e4, np.inf]).astype(dtype)
    np.testing.assert_array_equal(both(lambda x: x[::-1], given), given[::-1], strict=True)
    x = dark.asarray(given)
    for made in (
        dt.zeros(2, dtype=name),
        dt.asarray([0.1], name),
        x * 2.5,
        x + 1,
        x / 3,
        dark.exp(x),
        x.sum(),
        x.mean(),
    ):
        assert made.dtype == dtype
    assert (x + np.float32(1)).dtype == (x * dark.ones(4)).dtype == dark.float32
    assert (x * dark.arange(4)).dtype == dtype
    assert both(lambda x: x.astype(np.int8), given).tolist() == [0, -2, 127, 127]
    assert repr(x[:1]) == f"Tensor([0.1{'' if name == 'float16' else '00098'}], dtype={name})"
    x[1:3] = 7
    x += 1
    np.testing.assert_array_equal(x.numpy(), np.array([1.1, 8, 8, np.inf]).astype(dtype), strict=True)
    x += dark.ones(4) / 8
    assert x.dtype == dtype
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(x)).numpy(), x.numpy(), strict=True)


def test_the_two_floats_of_16_bits_meet_in_float32() -> None:
    pytest.importorskip("ml_dtypes", reason="bfloat16 needs ml_dtypes (extra half)")
    x, y = dark.asarray([1.001], "float16"), dark.asarray([300.0], "bfloat16")
    assert (x + y).dtype == dark.float32
    assert x.astype("bfloat16").astype("float16").item() == 1
    assert y.astype(dark.float16).item() == 300
    assert (dark.asarray([1e30], "bfloat16")).astype("float16").item() == np.inf


@pytest.mark.parametrize("name", HALVES)
def test_pytorch_shares_them(name: str) -> None:
    pytest.importorskip("ml_dtypes", reason="bfloat16 needs ml_dtypes (extra half)")
    torch = pytest.importorskip("torch")
    theirs = torch.linspace(-2, 2, 12, dtype=getattr(torch, name)).reshape(3, 4)
    ours = dark.from_dlpack(theirs.T)
    assert ours.dtype == getattr(dark, name)
    back = torch.from_dlpack(ours)
    assert back.dtype == theirs.dtype
    assert torch.equal(back, theirs.T)
    shared = dark.from_dlpack(theirs, copy=False)
    theirs[0, 0] = 5
    assert shared[0, 0].item() == 5


def test_bfloat16_needs_ml_dtypes_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    dtypes.bfloat16.cache_clear()
    x = dark.ones(2)
    for call in (lambda: x.astype("bfloat16"), lambda: dt.zeros(2, dtype="bfloat16"), lambda: dark.bfloat16):
        with pytest.raises(dark.DTypeError, match=r'bfloat16 needs ml_dtypes: pip install "dark_jit\[half\]"'):
            call()


def test_complex_is_out_and_says_so() -> None:
    x, z = dark.ones(2), np.ones(2, np.complex64)
    for use in (
        lambda: x.astype(complex),
        lambda: dt.asarray(z),
        lambda: dt.asarray(z, dt.float32),
        lambda: x + z,
        lambda: x * 1j,
        lambda: dt.full((2,), 1j),
        lambda: dark.compile(lambda y: y)(z),
    ):
        with pytest.raises(dark.DTypeError, match=r"complex|real number"):
            use()


@pytest.mark.parametrize(
    "value", [np.array([1, None]), np.array(["1"]), [[1], [1, 2]], {}, np.array(["2020"], "M8[s]")]
)
def test_other_arrays_are_refused(value: Any) -> None:
    for use in (lambda: dt.asarray(value), lambda: dt.asarray(value, dt.int8), lambda: dark.ones(1) + value):
        with pytest.raises(dark.DTypeError, match=r"supported are bool, int8|cannot make an array"):
            use()


def test_writing_in_place_never_goes_down() -> None:
    x = dark.asarray([1, 2, 255], dt.uint8)
    x += 1
    x <<= 1
    x |= 1
    assert x.numpy().tolist() == [5, 7, 1]
    for other in (dark.asarray([1, 1, 1], dt.int8), 0.5):
        with pytest.raises(dark.DTypeError, match=r"cannot write a .* result in place into uint8; use astype"):
            x += other
    y = dark.zeros(2, dtype=dt.float64)
    y[0] = 0.1
    y[1:] = [0.2]
    assert y.numpy().tolist() == [0.1, 0.2]


def test_floats_have_no_bits() -> None:
    x = dark.ones(2)
    for combine in (operator.and_, operator.or_, operator.xor, operator.lshift, operator.rshift):
        with pytest.raises(dark.DTypeError, match="defined for integers and bool, got float32"):
            combine(x, x)
    with pytest.raises(dark.DTypeError, match="defined for integers and bool, got float32"):
        operator.invert(x)


def test_shifts_by_any_number() -> None:
    x, y = np.array([1, -1, 100, -100, 1], np.int8), np.array([7, 9, -1, -1, 1], np.int8)
    np.testing.assert_array_equal(both(operator.lshift, x, y), np.left_shift(x, y), strict=True)
    np.testing.assert_array_equal(both(operator.rshift, x, y), np.right_shift(x, y), strict=True)
    np.testing.assert_array_equal(both(lambda x: 1 << (x & 7), x), np.left_shift(1, x & 7).astype(np.int8))
    bools = np.array([True, False])
    np.testing.assert_array_equal(both(operator.lshift, bools, bools), bools << bools, strict=True)
