"""Buffers, and windows on parts of them."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

import dark_jit as dark
from dark_jit.backends.buffer import Buffer


def test_a_window_is_a_part_of_the_memory() -> None:
    whole = Buffer.copy_of(np.arange(12.0).reshape(3, 4), np.dtype(np.float64))
    window = whole.window(4, (2, 3))
    assert window.address == whole.address + 4 * 8
    assert window.array().tolist() == [[4, 5, 6], [7, 8, 9]]
    assert np.shares_memory(window.array(), whole.array())
    inner = window.window(3, (3, 1)).window(1, (1,))
    assert inner.array().tolist() == [8]
    assert inner.address == window.address + 4 * 8
    assert whole.window(12, (0,)).array().shape == (0,)
    with pytest.raises(ValueError, match="read-only"):
        window.array()[0, 0] = 1


def test_a_window_keeps_the_memory_alive() -> None:
    x = dark.asarray(np.arange(6.0)) * 2.0
    x.numpy()
    whole = x._buffer
    assert whole is not None
    alive, window = weakref.ref(whole), whole.window(2, (2,))
    del whole, x
    gc.collect()
    assert alive() is not None
    array = window.array()
    del window
    gc.collect()
    assert array.tolist() == [4, 6]


@pytest.mark.parametrize("dtype", [np.bool_, np.int8, np.float32, np.float64])
def test_programs_read_windows_at_any_offset(dtype: type) -> None:
    array = np.arange(64).astype(dtype)
    x = dark.asarray(array)
    for start in (0, 1, 3, 17):
        for count in (0, 1, 5, 33):
            part = x[start : start + count]
            np.testing.assert_array_equal(dark.stack([part, part]).numpy()[1], array[start : start + count])
            np.testing.assert_array_equal((part.astype(np.float64) * 2.0).numpy(), array[start : start + count] * 2.0)
