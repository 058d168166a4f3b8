"""The table of dtypes: names, limits, promotion, numbers, conversion."""

from __future__ import annotations

import itertools
import math
import sys
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from dark_jit import dtypes
from dark_jit.errors import DTypeError, OutOfRangeError

Array = np.ndarray[Any, Any]

pytest.importorskip("ml_dtypes", reason="bfloat16 needs ml_dtypes (extra half)")
ALL = dtypes.supported()
NAMES = tuple(dtypes.TABLE)
SIGNED = ("int8", "int16", "int32", "int64")
UNSIGNED = ("uint8", "uint16", "uint32", "uint64")
FLOATS = ("float16", "bfloat16", "float32", "float64")
PAIRS = list(itertools.product(NAMES, NAMES))

supported = st.sampled_from(ALL)


def has_common(first: str, second: str) -> bool:
    """Whether the Array API defines a common dtype, or bool is one of them."""
    kinds = {dtypes.TABLE[name].kind for name in (first, second)}
    if kinds == {"i", "u"}:
        return "uint64" not in (first, second)
    return len(kinds) == 1 or "b" in kinds


def test_the_table_is_numpys() -> None:
    assert ["bool", *SIGNED, *UNSIGNED, *FLOATS] == list(dtypes.TABLE)
    rows = [row for row in dtypes.TABLE.values() if row.name != "bfloat16"]
    for row, dtype in zip(rows, dtypes.SUPPORTED, strict=True):
        assert (row.name, row.kind, row.itemsize) == (dtype.name, dtype.kind, dtype.itemsize)
        assert getattr(dtypes, {"bool": "bool_"}.get(row.name, row.name)) is dtype


@pytest.mark.parametrize("dtype", ALL)
def test_limits_are_numpys(dtype: dtypes.DType) -> None:
    if dtypes.is_integer(dtype):
        assert dtypes.limits(dtype) == (np.iinfo(dtype).min, np.iinfo(dtype).max)
    assert dtypes.limits(dtypes.bool_) == (0, 1)


@pytest.mark.parametrize(("first", "second"), [pair for pair in PAIRS if has_common(*pair)])
def test_promotion_is_that_of_the_array_api(first: str, second: str) -> None:
    found = dtypes.promote(dtypes.as_dtype(first), dtypes.as_dtype(second))
    both_half = {first, second} == {"float16", "bfloat16"}
    assert found == (np.float32 if both_half else np.result_type(dtypes.as_dtype(first), dtypes.as_dtype(second)))
    assert found in ALL


@pytest.mark.parametrize("integer", [*SIGNED, *UNSIGNED])
def test_integers_that_meet_floats_take_the_floats_dtype(integer: str) -> None:
    for name in FLOATS:
        floating = dtypes.as_dtype(name)
        assert dtypes.promote(np.dtype(integer), floating) == dtypes.promote(floating, np.dtype(integer)) == floating


@pytest.mark.parametrize("signed", SIGNED)
def test_uint64_and_signed_integers_have_no_common_dtype(signed: str) -> None:
    for pair in ((dtypes.uint64, np.dtype(signed)), (np.dtype(signed), dtypes.uint64)):
        with pytest.raises(DTypeError, match=f"{pair[0].name} and {pair[1].name} have no common dtype.*astype"):
            dtypes.promote(*pair)


@given(supported, supported, supported)
def test_promotion_is_a_lattice(a: dtypes.DType, b: dtypes.DType, c: dtypes.DType) -> None:
    """The order of operands does not matter, and nothing goes down."""

    def joined(*operands: dtypes.DType) -> dtypes.DType | None:
        try:
            found = operands[0]
            for other in operands[1:]:
                found = dtypes.promote(found, other)
        except DTypeError:
            return None
        return found

    assert joined(a, b) == joined(b, a)
    assert joined(a, a) == a
    results = {joined(*order) for order in itertools.permutations((a, b, c))} - {None}
    assert len(results) <= 1
    for result in results:
        assert result is not None
        assert all(dtypes.promote(each, result) == result for each in (a, b, c))


@given(supported, st.data())
def test_a_common_dtype_holds_the_integers_of_both(first: dtypes.DType, data: st.DataObject) -> None:
    second = data.draw(supported)
    if dtypes.is_float(first) or dtypes.is_float(second) or not has_common(first.name, second.name):
        return
    low, high = dtypes.limits(dtypes.promote(first, second))
    for each in (first, second):
        assert low <= dtypes.limits(each)[0] <= dtypes.limits(each)[1] <= high


@pytest.mark.parametrize("name", NAMES)
def test_names_of_dtypes(name: str) -> None:
    dtype = dtypes.as_dtype(name)
    for spelling in (name, dtype, dtype.type, dtype.newbyteorder(">")):
        found = dtypes.as_dtype(spelling)
        assert found == dtype
        assert found.isnative
    assert dtypes.as_dtype(np.dtype("longlong")) is dtypes.int64


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("complex64", ("complex64 is not supported", "complex numbers are out of scope", "float64")),
        (complex, ("complex128 is not supported", "complex numbers are out of scope")),
        (object, ("object is not supported", "supported are bool, int8")),
        ("datetime64[s]", ("is not supported",)),
        ("U3", ("is not supported",)),
        (np.longdouble, ("is not supported",)),
        ("nonsense", ("'nonsense' is not a dtype", "supported are bool, int8")),
        (3, ("3 is not a dtype",)),
        ([], ("is not supported",)),
    ],
)
def test_what_is_no_dtype_here_is_refused(value: Any, parts: tuple[str, ...]) -> None:
    with pytest.raises(DTypeError) as caught:
        dtypes.as_dtype(value)
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize("name", NAMES)
def test_numbers_beside_an_array(name: str) -> None:
    dtype = dtypes.as_dtype(name)
    assert dtypes.of_number(True, dtype) == dtype
    assert dtypes.of_number(3, dtype) == (np.int64 if name == "bool" else dtype)
    assert dtypes.of_number(0.5, dtype) == (dtype if name in FLOATS else np.float32)


@pytest.mark.parametrize("name", [*SIGNED, *UNSIGNED])
def test_which_numbers_fit(name: str) -> None:
    dtype = np.dtype(name)
    low, high = dtypes.limits(dtype)
    for number in (low, high, 0, float(low)):
        dtypes.check_fits(number, dtype)
    for number in (low - 1, high + 1, float("nan"), float("inf"), -1e300):
        with pytest.raises(OutOfRangeError, match=rf"does not fit into {name} \({low} to {high}\)") as caught:
            dtypes.check_fits(number, dtype)
        assert isinstance(caught.value, OverflowError)
        assert isinstance(caught.value, DTypeError)


@pytest.mark.parametrize("name", NAMES)
def test_accumulators_are_numpys(name: str) -> None:
    dtype = dtypes.as_dtype(name)
    assert dtypes.accumulator(dtype) == np.sum(np.zeros(1, dtype)).dtype


@given(supported, supported, st.lists(st.floats(width=64), min_size=1, max_size=5))
def test_conversion_saturates_floats_and_wraps_integers(
    source: dtypes.DType, target: dtypes.DType, numbers: list[float]
) -> None:
    if dtypes.is_half(target):
        return
    with np.errstate(over="ignore"):
        floats = np.array(numbers).astype(np.float32 if source == np.float32 else np.float64)
    array = floats if source in (np.float32, np.float64) else dtypes.convert(floats, source)
    found = dtypes.convert(array, target)
    assert found.dtype == target
    for one, other in zip(array.tolist(), found.tolist(), strict=True):
        if not dtypes.is_integer(target):
            with np.errstate(over="ignore"):
                np.testing.assert_equal(other, np.asarray(one).astype(target).item())
            continue
        low, high = dtypes.limits(target)
        if dtypes.is_float(source):
            whole = 0 if np.isnan(one) else min(max(one, low - 1.0), high + 1.0)
            assert other == min(max(int(whole), low), high)
        else:
            assert (other - int(one)) % 2 ** (8 * target.itemsize) == 0


@pytest.mark.parametrize("name", ["float16", "bfloat16"])
def test_conversion_to_16_bits_rounds_once(name: str) -> None:
    """Halfway between two neighbours to the even one; whatever lies beside that to the nearer one."""
    dtype = dtypes.as_dtype(name)
    lower = np.arange(0, dtypes.half_bits(np.inf, name) - 1, dtype=np.uint16)
    low, high = (bits.view(dtype).astype(np.float64) for bits in (lower, lower + np.uint16(1)))
    middle, even = (low + high) / 2, np.where(lower % 2, high, low)
    for sign in (1.0, -1.0):
        for number, wanted in ((middle, even), (np.nextafter(middle, 0), low), (np.nextafter(middle, np.inf), high)):
            found = dtypes.convert(sign * number, dtype)
            np.testing.assert_array_equal(found, (sign * wanted).astype(np.float32).astype(dtype), strict=True)
    greatest = float(low.max() + 2 * (high.max() - low.max()))  # where the next number would be
    special = dtypes.convert(np.array([greatest, -np.inf, np.nan, 1e300, -1e-300]), dtype)
    np.testing.assert_array_equal(special.astype(np.float64), [np.inf, -np.inf, np.nan, np.inf, -0.0])
    np.testing.assert_array_equal(
        dtypes.convert(np.array([2**40 + 1, -3, 2**31]), dtype), dtypes.convert(np.array([2.0**40, -3, 2.0**31]), dtype)
    )


def test_without_ml_dtypes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ml_dtypes", None)
    dtypes.bfloat16.cache_clear()
    with pytest.raises(DTypeError, match=r'bfloat16 needs ml_dtypes: pip install "dark_jit\[half\]"'):
        dtypes.as_dtype("bfloat16")
    assert dtypes.supported() == dtypes.SUPPORTED


@pytest.mark.parametrize("name", NAMES)
def test_the_text_of_a_number_reads_back(name: str) -> None:
    dtype = dtypes.as_dtype(name)
    numbers: list[Any] = [True, False] if name == "bool" else [*map(int, (0, 1))]
    numbers += list(dtypes.limits(dtype)) if dtypes.is_integer(dtype) else []
    numbers += [0.1, -0.0, float("inf"), float("nan")] if name in FLOATS else []
    for number in numbers:
        np.testing.assert_equal(dtypes.parse_number(dtypes.number_text(number), dtype), number)


def test_the_default_is_a_float() -> None:
    assert dtypes.default_float() == "float32"
    with pytest.raises(DTypeError, match="must be floating point, got int8"):
        dtypes.set_default_float(dtypes.int8)


def test_numbers_are_rounded_to_float32_as_numpy_rounds() -> None:
    numbers = [0.0, -0.0, 0.1, 1e-45, 1e-46, 3.4028234e38, 3.4028235677973366e38, -1e39, 1e300, math.inf]
    with np.errstate(over="ignore"):
        wanted = [float(np.float32(number)) for number in numbers]
    found = [dtypes.nearest_float32(number) for number in numbers]
    assert list(map(repr, found)) == list(map(repr, wanted))
    assert math.isnan(dtypes.nearest_float32(math.nan))
