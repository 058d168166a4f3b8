"""Reading and writing by basic indices, as NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark

BASE = np.arange(60.0).reshape(3, 4, 5)
KEYS: list[Any] = [
    0,
    -1,
    (1, 2),
    (1, 2, 3),
    slice(1, None),
    (slice(None), slice(None, None, 2)),
    (slice(None, None, -1), slice(3, None, -2)),
    (Ellipsis, 0),
    (0, Ellipsis, slice(1, 3)),
    (None, 1),
    (slice(None), None, Ellipsis, None),
    (slice(2, 1), slice(None)),
    (slice(10, None),),
    (slice(-2, 10),),
    (slice(1, 1, -1),),
    (),
    Ellipsis,
]


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_reading(key: Any) -> None:
    np.testing.assert_array_equal(dark.asarray(BASE)[key].numpy(), BASE[key])


@pytest.mark.parametrize("key", KEYS, ids=str)
def test_writing(key: Any) -> None:
    for value in (7.0, np.arange(BASE[key].size, dtype=np.float64).reshape(BASE[key].shape)):
        wanted, found = BASE.copy(), dark.asarray(BASE)
        wanted[key] = value
        found[key] = value
        np.testing.assert_array_equal(found.numpy(), wanted)


@pytest.mark.parametrize(
    "key", [np.array([2, 0, -1]), (slice(None), [0, 3]), (1, np.array([[0, 1], [2, 3]]), slice(2))], ids=str
)
def test_integer_arrays(key: Any) -> None:
    np.testing.assert_array_equal(dark.asarray(BASE)[key].numpy(), BASE[key])


def test_writing_other_dtypes() -> None:
    for dtype in (np.bool_, np.int64, np.float32):
        wanted = np.zeros((2, 3), dtype)
        found = dark.asarray(wanted)
        wanted[:, ::2] = 1
        found[:, ::2] = 1
        np.testing.assert_array_equal(found.numpy(), wanted)


def test_dilation_by_writing() -> None:
    def spread(x: Any) -> Any:
        wide = dark.zeros((1, 2, 5, 5), np.float64)
        wide[:, :, ::4, ::4] = x
        return wide

    x = np.arange(8.0).reshape(1, 2, 2, 2)
    for function in (spread, dark.compile(spread)):
        np.testing.assert_array_equal(function(x).numpy(), dark.dilate(x, 4).numpy())


def test_gradients_flow_through_reads_and_writes() -> None:
    p = dark.Parameter(np.ones(4))
    x = dark.zeros(6, dtype=np.float64)
    x[1:5] = p * 2
    (x[::-1][:3] * np.array([1.0, 2.0, 3.0])).sum().backward()
    assert p.grad is not None
    assert p.grad.numpy().tolist() == [0, 0, 6, 4]


def test_bad_indices() -> None:
    x = dark.ones((2, 3))
    with pytest.raises(IndexError, match="index 2 is out of range for axis 0 with extent 2"):
        x[2]
    for key in ((0, 0, 0), (..., ...), "a", 1.5, slice(None, None, 0), np.bool_(True), (np.array([0]), np.array([0]))):
        with pytest.raises(dark.DarkError):
            x[key]
    with pytest.raises(dark.ShapeError):
        x[0] = np.ones((2, 2))


def test_writing_where_views_live_is_refused() -> None:
    x = dark.ones((2, 3))
    row = x[0]
    with pytest.raises(dark.ArgumentError, match="shares elements"):
        x[0] = 5.0
    with pytest.raises(dark.ArgumentError, match="shares elements"):
        row += 1.0
    del row
    x[0] = 5.0
    assert x.numpy()[0].tolist() == [5, 5, 5]


def test_in_place_operators() -> None:
    x = y = dark.asarray([1.0, 2.0])
    x += 1
    x *= 2
    x -= np.array([1.0, 1.0], np.float32)
    x /= 2.0
    x **= 2
    assert y is x
    np.testing.assert_allclose(y.numpy(), [((1 + 1) * 2 - 1) ** 2 / 4, ((2 + 1) * 2 - 1) ** 2 / 4])
    with pytest.raises(dark.ShapeError):
        x += np.ones((3, 2), np.float32)
    counts = dark.asarray([1, 2])
    with pytest.raises(dark.DTypeError):
        counts += 0.5
