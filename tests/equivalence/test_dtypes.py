"""Operands of any two dtypes, of all magnitudes: promoted, compared, converted, moved, reduced."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from dark_jit import dtypes, ops
from dark_jit.graph.node import Node

from .programs import FLOATS, ISAS, Array, check, numbers

pytestmark = pytest.mark.parametrize("isa", ISAS)

supported = st.sampled_from(dtypes.SUPPORTED)
extents = st.sampled_from((1, 2, 3, 17, 64, 65))


def all_magnitudes(seed: int, shape: tuple[int, ...], dtype: dtypes.DType) -> Array:
    """Random bits of integers, with the extremes among them; normal floats."""
    if not dtypes.is_integer(dtype):
        return numbers(seed, shape, dtype.name)
    generator, info = np.random.default_rng(seed), np.iinfo(dtype)
    x = generator.integers(info.min, info.max, shape, dtype, endpoint=True)
    x.flat[:: max(2, x.size // 5)] = info.max
    x.flat[1 :: max(2, x.size // 5)] = info.min
    return x


def everything(x: Node, y: Node, third: dtypes.DType) -> list[Node]:
    """Comparisons of the two; if they have a common dtype, what it is good for."""
    found = [ops.less(x, y), ops.equal(x, y), ops.less_equal(ops.transpose(y), ops.transpose(x))]
    if dtypes.incomparable(x.dtype, y.dtype):
        return [*found, ops.cast(x, third), ops.flip(y)]
    higher = ops.maximum(x, y)
    if higher.dtype != np.bool_:
        found += [ops.add(x, y), ops.subtract(x, y), ops.multiply(x, y)]
    return [
        *found,
        ops.cast(higher, third),
        ops.where(ops.cast(x, dtypes.bool_), y, higher),
        ops.concatenate([ops.flip(higher, 1), ops.pad(higher, [(0, 0), (1, 2)])], 1),
        ops.transpose(ops.cast(x, third)),
        ops.sum_(higher, 1),
        ops.max_(ops.cast(higher, third), 0),
        ops.min_(higher),
    ]


@settings(max_examples=8)
@given(
    first=supported,
    second=supported,
    third=supported,
    shape=st.tuples(extents, extents),
    seed=st.integers(0, 2**32 - 2),
)
def test_operands_of_any_dtypes(
    isa: str, first: dtypes.DType, second: dtypes.DType, third: dtypes.DType, shape: tuple[int, int], seed: int
) -> None:
    x, y = all_magnitudes(seed, shape, first), all_magnitudes(seed + 1, shape, second)
    program = check(lambda x, y: everything(x, y, third), [x, y], isa, differentiate=False)
    assert {node.dtype.name for node in program.graph.outputs} <= set(dtypes.TABLE)


@pytest.mark.parametrize("dtype", FLOATS)
def test_images_become_floats_and_back(isa: str, dtype: str) -> None:
    """Bytes to floats and back is one kernel each way, and nothing is lost."""
    images = np.random.default_rng(0).integers(0, 256, (3, 21, 19, 3)).astype(np.uint8)
    to = np.dtype(dtype)

    def normalised(x: Node) -> Node:
        return ops.divide(ops.cast(ops.transpose(x, (0, 3, 1, 2)), to), 255.0)

    def back(x: Node) -> Node:
        return ops.cast(ops.rint(ops.multiply(x, 255.0)), dtypes.uint8)

    forth = check(normalised, [images], isa, differentiate=False)
    assert len(forth.kernels) == 1
    floats = (images.transpose(0, 3, 1, 2) / np.array(255, dtype)).astype(dtype)
    assert len(check(back, [floats], isa, differentiate=False).kernels) == 1
    check(lambda x: ops.subtract(back(normalised(x)), ops.transpose(x, (0, 3, 1, 2))), [images], isa)
    check(lambda x: [ops.mean(x, (1, 2)), ops.var(x, (0, 1, 2)), ops.max_(x, (1, 2))], [images], isa)
