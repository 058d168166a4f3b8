"""What comes from the host: exact integers, floats of the wanted dtype, and what is no array."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from dark_jit import dtypes
from dark_jit.errors import DTypeError, OutOfRangeError
from dark_jit.tensor.host import host_array


@pytest.mark.parametrize(
    ("value", "dtype", "wanted"),
    [
        (3, None, np.int64(3)), (True, None, np.bool_(True)), (0.1, None, np.float32(0.1)),
        (0.1, "float64", np.float64(0.1)), ([0.1, 1], None, np.array([0.1, 1], np.float32)),
        ([1, 2], "uint8", np.array([1, 2], np.uint8)), ([1.9, -1.9], "int8", np.array([1, -1], np.int8)),
        ([1, 2**63 + 1], None, np.array([1, 2**63 + 1], np.uint64)), (2**63, None, np.uint64(2**63)),
        ([2**63 + 1, 0], "uint64", np.array([2**63 + 1, 0], np.uint64)), ([[], []], None, np.zeros((2, 0), np.float32)),
        ([1e300, 1.0], "float64", np.array([1e300, 1])), ([2.0**63, 1], None, np.array([2.0**63, 1], np.float32)),
        (np.float64(0.1), None, np.float64(0.1)), ([True, 2], None, np.array([1, 2])),
    ],
)  # fmt: skip
def test_numbers_and_lists(value: Any, dtype: str | None, wanted: Any) -> None:
    found = host_array(value, None if dtype is None else np.dtype(dtype))
    np.testing.assert_array_equal(found, wanted)
    assert found.dtype == np.asarray(wanted).dtype


@pytest.mark.parametrize(
    ("value", "dtype", "message"),
    [
        (300, "uint8", "300 does not fit into uint8"),
        ([1, -1], "uint16", "a number of the list does not fit into uint16"),
        ([[1], [2**40]], "int32", "does not fit into int32"),
        (2**64, None, "does not fit into an integer dtype"),
        ([2**64, 1], None, "does not fit into an integer dtype"),
        ([-1, 2**63], None, "does not fit into an integer dtype"),
        (1e20, "int8", "does not fit into int8"),
    ],
)
def test_numbers_that_no_dtype_holds(value: Any, dtype: str | None, message: str) -> None:
    with pytest.raises(OutOfRangeError, match=message):
        host_array(value, None if dtype is None else np.dtype(dtype))


@pytest.mark.parametrize("dtype", [None, dtypes.int8, dtypes.float32])
@pytest.mark.parametrize("value", ["text", ["1"], [None, 1], {}, object(), [[1], [1, 2]], b"bytes"])
def test_what_is_no_array(value: Any, dtype: dtypes.DType | None) -> None:
    with pytest.raises(DTypeError, match=r"cannot make an array of|cannot use .* as an array; supported are"):
        host_array(value, dtype)


def test_nan_is_no_integer() -> None:
    with pytest.raises(DTypeError, match="NaN"):
        host_array([float("nan")], dtypes.int8)


class Exporter:
    """Speaks DLPack, but not of this dtype."""

    dtype = "bfloat16"

    def __dlpack__(self, **_: Any) -> Any:
        raise BufferError("no such dtype")

    def __dlpack_device__(self) -> tuple[int, int]:
        return (1, 0)


def test_what_dlpack_cannot_say() -> None:
    with pytest.raises(DTypeError, match=r"Exporter of dtype bfloat16 by DLPack \(no such dtype\); supported are bool"):
        host_array(Exporter())
