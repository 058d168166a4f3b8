"""Operations on bits: NumPy's meaning, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.errors import DTypeError

from .meaning import means, node, refused, value


@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_right_shift_as_numpy(dtype: str) -> None:
    x = np.array([0, 1, -1, 12345, -12345, np.iinfo(dtype).max, np.iinfo(dtype).min], dtype)
    for count in (0, 1, 8, 31, 63, 64, -1):
        counts = np.full_like(x, count)
        means(value(ops.bitwise_right_shift, x, counts), np.right_shift(x, counts))


def test_floats_are_refused() -> None:
    refused(lambda: ops.bitwise_right_shift(node(3), 1), DTypeError, "bitwise_right_shift", "float32")
