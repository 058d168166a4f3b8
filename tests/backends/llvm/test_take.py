"""Reading at indices, slices and single elements, and what happens to indices out of range."""

from __future__ import annotations

import math

import pytest

from dark_jit.lowering.gathering import STATUS, GatherSpec, TakeSpec
from dark_jit.lowering.kernel import Access, Accumulator, Apply, Argument, Body, Load, Store

from .kernel_runs import ISAS, Array, arguments_of, dense, kernel_of, lanes_of, np, numbers, run, run_team

pytestmark = pytest.mark.parametrize("isa", ISAS)

SLICES = Access(0, (0, 1, 0))  # over (outer, number of the index, inner)


def spec_of(isa, axes, extent, arrays: list[Array], index: Access = SLICES, node=0, data: Access | None = None):
    """out = maximum(x, x) of x = data[...], from arrays data, index, out; the status is behind them."""
    dtype, inner = arrays[0].dtype.name, axes[-1]
    over = data or Access(0, (extent * inner, 0, 1, inner))
    same = Body((Accumulator(dtype), Apply(dtype, "maximum", (0, 0))), (Store(1, 2, dense(*axes)),))
    arguments = (*arguments_of(arrays[:3], {2}), STATUS)
    indices, values = Load(arrays[1].dtype.name, 1, index), Load(dtype, 0, over)
    kind = GatherSpec if index.strides[-1] else TakeSpec
    return kind(axes, arguments, same, min(16, lanes_of(isa, dtype)), indices, extent, node, values)


def buffers(axes, extent, index: Array, dtype="float32") -> list[Array]:
    outer, _, inner = axes
    data = numbers(0, dtype, outer * extent * inner)
    return [data, index.reshape(-1), np.zeros(math.prod(axes), dtype), np.zeros(4, "int64")]


def indices(extent, *shape, integer="int64") -> Array:
    """Of both signs where there are two."""
    least = 0 if integer.startswith("u") else -extent
    return np.random.default_rng(0).integers(least, extent, shape).astype(integer)


@pytest.mark.parametrize("axes", [(1, 7, 1), (1, 7, 33), (3, 5, 16), (4, 6, 3), (2, 3, 1), (1, 2, 40_000)])
@pytest.mark.parametrize("integer", ["int8", "int32", "int64", "uint8", "uint64"])
def test_slices(isa, axes, integer):
    index = indices(9, axes[1], integer=integer)
    arrays = buffers(axes, 9, index)
    *_, got, status = run(spec_of(isa, axes, 9, arrays), arrays, isa)
    np.testing.assert_array_equal(got.reshape(axes), arrays[0].reshape(axes[0], 9, axes[2])[:, index])
    assert not status.any()


@pytest.mark.parametrize("axes", [(1, 7, 2), (1, 7, 33), (3, 5, 16), (4, 6, 3), (1, 2, 40_000)])
@pytest.mark.parametrize("integer", ["int8", "int32", "int64", "uint8", "uint64"])
def test_elements(isa, axes, integer):
    index = indices(9, *axes, integer=integer)
    arrays = buffers(axes, 9, index)
    *_, got, status = run(spec_of(isa, axes, 9, arrays, dense(*axes)), arrays, isa)
    data = arrays[0].reshape(axes[0], 9, axes[2])
    np.testing.assert_array_equal(got.reshape(axes), np.take_along_axis(data, index, 1))
    assert not status.any()


@pytest.mark.parametrize("dtype", ["float64", "int32", "int64", "bool", "uint8", "int16"])
@pytest.mark.parametrize("each", [False, True])
def test_each_dtype(isa, dtype, each):
    index = indices(4, 2, 3, 21) if each else np.array([2, 0, -1])
    arrays = buffers((2, 3, 21), 4, index, dtype)
    *_, got, _ = run(spec_of(isa, (2, 3, 21), 4, arrays, dense(2, 3, 21) if each else SLICES), arrays, isa)
    data = arrays[0].reshape(2, 4, 21)
    want = np.take_along_axis(data, index, 1) if each else data[:, index]
    np.testing.assert_array_equal(got.reshape(2, 3, 21), want)


def test_an_index_for_each_row_and_transposed_data(isa):
    index = np.random.default_rng(0).integers(0, 9, (5, 3))
    arrays = buffers((5, 3, 18), 9, index)
    spec = spec_of(isa, (5, 3, 18), 9, arrays, Access(0, (3, 1, 0)), data=Access(0, (18, 0, 1, 90)))
    *_, got, _ = run(spec, arrays, isa)
    data = arrays[0].reshape(9, 5, 18).swapaxes(0, 1)
    np.testing.assert_array_equal(got.reshape(5, 3, 18), np.take_along_axis(data, index[..., None], 1))


def test_elements_of_strided_data_at_strided_indices(isa):
    """Data and index are transposed and walked backwards."""
    index = indices(9, 18, 5)
    arrays = buffers((1, 5, 18), 9, index)
    arrays[0] = numbers(0, "float32", 18 * 9)
    spec = spec_of(isa, (1, 5, 18), 9, arrays, Access(85, (0, 1, -5)), data=Access(153, (0, 0, -9, 1)))
    *_, got, _ = run(spec, arrays, isa)
    data = arrays[0].reshape(18, 9)[::-1].T
    np.testing.assert_array_equal(got.reshape(5, 18), np.take_along_axis(data, index[::-1].T, 0))


@pytest.mark.parametrize("wrong", [9, -10, 2**31 - 1, -(2**31), 2**40, -(2**63), 2**63 - 1])
def test_an_index_out_of_range_is_recorded_and_reads_nothing_outside(isa, wrong):
    index = np.array([3, wrong, -9])
    arrays = buffers((2, 3, 20), 9, index)
    *_, got, status = run(spec_of(isa, (2, 3, 20), 9, arrays, node=41), arrays, isa)
    assert status.tolist() == [42, wrong, 0, 0]
    np.testing.assert_array_equal(got.reshape(2, 3, 20), arrays[0].reshape(2, 9, 20)[:, [3, 0, 0]])


@pytest.mark.parametrize("wrong", [9, -10, 2**40, -(2**63), 2**63 - 1])
@pytest.mark.parametrize("lane", [0, 3, 16, 19])
def test_one_lane_out_of_range(isa, wrong, lane):
    index = indices(9, 2, 3, 20)
    index[1, 1, lane] = wrong
    arrays = buffers((2, 3, 20), 9, index)
    *_, got, status = run(spec_of(isa, (2, 3, 20), 9, arrays, dense(2, 3, 20), node=41), arrays, isa)
    assert status.tolist() == [42, wrong, 0, 0]
    index[1, 1, lane] = 0
    np.testing.assert_array_equal(
        got.reshape(2, 3, 20), np.take_along_axis(arrays[0].reshape(2, 9, 20), index, 1), "the others are as ever"
    )


@pytest.mark.parametrize("each", [False, True])
def test_the_first_offender_stays(isa, each):
    index = np.array([1, 99, -99, 98, 2])
    axes, over = ((1, 1, 5), dense(1, 1, 5)) if each else ((1, 5, 5), SLICES)
    arrays = buffers(axes, 9, index)
    kernel = kernel_of(spec_of(isa, axes, 9, arrays, over, node=6), isa)
    assert run_team(kernel, arrays, 1)[-1].tolist() == [7, 99, 0, 0]
    earlier = np.array([5, 17, 0, 0])
    assert run_team(kernel, [*arrays[:-1], earlier], 1)[-1].tolist() == [5, 17, 0, 0]


def test_flops_and_bytes(isa):
    arrays = buffers((2, 3, 20), 9, np.zeros(3, "int64"))
    spec = spec_of(isa, (2, 3, 20), 9, arrays)
    assert spec.arguments[-1] == Argument("int64", 4, True)
    assert (spec.flops, spec.bytes) == (120, sum(array.nbytes for array in arrays))
