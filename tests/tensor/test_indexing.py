"""Reading and writing by basic indices, as NumPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


ROWS, COLUMNS = np.array([2, 0, -1]), np.array([[0], [-1]])
ARRAYS: list[Any] = [
    ROWS,
    [2, 0],
    [],
    np.array(1),
    (slice(None), [0, 3]),
    (1, np.array([[0, 1], [2, 3]]), slice(2)),
    (ROWS, ROWS),
    (ROWS, slice(None), COLUMNS),
    (slice(None, None, -1), COLUMNS, ROWS),
    (0, slice(None), ROWS),
    (slice(None), 0, ROWS),
    (ROWS, None, 1),
    (ROWS.astype(np.int32), Ellipsis, 2),
    (ROWS, ROWS, ROWS),
]


@pytest.mark.parametrize("key", ARRAYS, ids=str)
def test_integer_arrays(key: Any) -> None:
    items = key if isinstance(key, tuple) else (key,)
    tensors = tuple(dark.asarray(item) if isinstance(item, np.ndarray) else item for item in items)
    wanted = BASE[key]
    for found in (dark.asarray(BASE)[key], dark.asarray(BASE)[tensors], dark.compile(lambda x: x[key])(BASE)):
        assert found.shape == wanted.shape
        np.testing.assert_array_equal(found.numpy(), wanted)


@pytest.mark.parametrize("key", ARRAYS, ids=str)
def test_writing_at_integer_arrays(key: Any) -> None:
    def write(x: Any, value: Any) -> Any:
        x[key] = value
        return x

    for value in (np.array(7.0), 100 + np.arange(BASE[key].size, dtype=np.float64).reshape(BASE[key].shape)):
        wanted = write(BASE.copy(), value)
        for function in (write, dark.compile(write)):
            np.testing.assert_array_equal(function(dark.asarray(BASE), value).numpy(), wanted)


def test_of_repeated_indices_the_last_counts() -> None:
    x = dark.asarray(np.zeros(4))
    x[[1, 2, 1, -3]] = np.array([1.0, 2.0, 3.0, 4.0])
    assert x.numpy().tolist() == [0, 4, 2, 0]
    x[[1, 1]] += 1.0
    assert x.numpy().tolist() == [0, 5, 2, 0]


@st.composite
def keys(draw: Any, shape: tuple[int, ...]) -> Any:
    """An index with integer arrays, a mask, and everything else."""
    common = draw(st.sampled_from([(), (1,), (3,), (2, 2), (0,)]))
    masked = []

    def items(left: list[int]) -> list[Any]:
        found: list[Any] = []
        while left:
            kind = draw(st.sampled_from(["slice", "integer", "new", "array", "array", "mask"]))
            extent = left[0]
            if kind == "new":
                found.append(None)
            elif kind == "slice" or not extent:
                found.append(draw(st.slices(extent)))
                del left[:1]
            elif kind == "integer":
                found.append(draw(st.integers(-extent, extent - 1)))
                del left[:1]
            elif kind == "mask" and not masked:
                axes = draw(st.integers(1, min(2, len(left))))
                masked.append(np.array(draw(drawn(tuple(left[:axes]), st.booleans())), bool).reshape(left[:axes]))
                found.append(masked[0])
                del left[:axes]
            else:
                own = draw(st.sampled_from([common, common[1:], (1,) * len(common)]))
                found.append(np.array(draw(drawn(own, st.integers(-extent, extent - 1))), np.int64).reshape(own))
                del left[:1]
        return found

    before = draw(st.integers(0, len(shape)))
    after = draw(st.integers(before, len(shape)))
    first = items(list(shape[:before]))
    return (*first, ..., *items(list(shape[after:]))) if draw(st.booleans()) else tuple(first)


def drawn(shape: tuple[int, ...], elements: Any) -> Any:
    count = int(np.prod(shape))
    return st.lists(elements, min_size=count, max_size=count)


def check_index(data: st.DataObject) -> None:
    shape = data.draw(st.sampled_from([(3,), (2, 3), (4, 1), (2, 3, 4), (2, 0, 3), (2, 1, 3, 2)]))
    base = np.arange(np.prod(shape), dtype=np.float64).reshape(shape)
    key = data.draw(keys(shape))
    try:
        part = np.asarray(base[key])
    except IndexError:  # shapes that do not broadcast
        with pytest.raises(dark.DarkError):
            dark.asarray(base)[key]
        return
    x = dark.asarray(base)
    np.testing.assert_array_equal(x[key].numpy(), part, strict=True)
    own = data.draw(st.sampled_from([(), part.shape, part.shape[1:], (1,) * part.ndim, (*part.shape[:-1], 1)]))
    value = (100 + np.arange(np.prod(own), dtype=np.float64)).reshape(own)
    value = value if part.ndim or not value.ndim else value[0]
    if value.ndim <= part.ndim:
        base[key] = value
        x[key] = value
        np.testing.assert_array_equal(x.numpy(), base)


@settings(max_examples=100)
@given(data=st.data())
def test_random_indices(data: st.DataObject) -> None:
    check_index(data)


@pytest.mark.slow
@settings(max_examples=1000)
@given(data=st.data())
def test_many_random_indices(data: st.DataObject) -> None:
    check_index(data)


def test_known_integers_are_checked_at_once() -> None:
    x = dark.asarray(BASE)
    for key in (np.array([0, 3]), [-4], (slice(None), [0, 4]), ([0, 1], [0, 4])):
        with pytest.raises(dark.IndexOutOfRangeError, match="out of range for an axis of extent"):
            x[key]
        with pytest.raises(dark.IndexOutOfRangeError, match="out of range for an axis of extent"):
            x[key] = 0.0
    for key in (dark.asarray([0, 3]), (dark.asarray([0, 1]), dark.asarray([0, -5]))):
        with pytest.raises(dark.IndexOutOfRangeError):
            x[key].numpy()


def test_gradients_at_integer_arrays() -> None:
    p, q = dark.Parameter(BASE), dark.Parameter(np.ones((2, 5)))
    key = ([0, 2], [1, 1])
    y = p * 2.0
    y[key] = q * 3.0
    ((y * y).sum() + (p[[0, 0], :, [1, 2]] * 5.0).sum()).backward()
    wanted = 8 * BASE
    wanted[key] = 0.0
    np.add.at(wanted, ([0, 0], slice(None), [1, 2]), 5.0)
    assert p.grad is not None
    assert q.grad is not None
    np.testing.assert_allclose(p.grad.numpy(), wanted)
    np.testing.assert_allclose(q.grad.numpy(), np.full((2, 5), 18.0))


def test_parts_of_a_known_array_lie_on_its_memory() -> None:
    x = dark.asarray(BASE)
    for key in KEYS:
        part = x[key]
        lies = np.shares_memory(part.numpy(), x.numpy())
        side_by_side = BASE[key].flags.c_contiguous if isinstance(BASE[key], np.ndarray) else True
        assert lies == bool(side_by_side and part.size)
        np.testing.assert_array_equal((part * 2.0).numpy(), BASE[key] * 2)
    assert np.shares_memory(x.reshape(4, -1)[1:][0, 2:5].numpy(), x.numpy())


def test_a_loop_over_parts_compiles_once() -> None:
    from dark_jit.execution import programs_made

    x = dark.asarray(BASE)
    (x[0] * 3.0).numpy()
    before = programs_made()
    for i in range(1, 3):
        (x[i] * 3.0).numpy()
    assert programs_made() == before


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
    for key in ((0, 0, 0), (..., ...), "a", 1.5, slice(None, None, 0), np.bool_(True), np.array([0.5])):
        with pytest.raises(dark.DarkError):
            x[key]
    with pytest.raises(dark.ShapeError):
        x[0] = np.ones((2, 2))


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
