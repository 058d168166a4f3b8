"""Taking slices at indices, and what happens to indices out of range."""

from __future__ import annotations

import math

import pytest

from dark_jit.lowering.gathering import TakeSpec
from dark_jit.lowering.kernel import Access, Accumulator, Apply, Argument, Body, Load, Store

from .kernel_runs import ISAS, Array, arguments_of, dense, kernel_of, lanes_of, np, numbers, run, run_team

pytestmark = pytest.mark.parametrize("isa", ISAS)


def take_spec(isa, axes, extent, arrays: list[Array], index: Access, node=0, data: Access | None = None) -> TakeSpec:
    """out = data[...] + data[...], from arrays data, index, out, status."""
    dtype, outer, _, inner = arrays[0].dtype.name, *axes
    loads = Load(dtype, 0, data or dense(outer, extent, inner)), Load(arrays[1].dtype.name, 1, index)
    same = Body((Accumulator(dtype), Apply(dtype, "maximum", (0, 0))), (Store(1, 2, dense(*axes)),))
    return TakeSpec(axes, arguments_of(arrays, {2, 3}), same, lanes_of(isa, dtype), loads[0], extent, loads[1], node)


def buffers(axes, extent, index: Array, dtype="float32") -> list[Array]:
    outer, _, inner = axes
    data = numbers(0, dtype, outer * extent * inner)
    return [data, index.reshape(-1), np.zeros(math.prod(axes), dtype), np.zeros(4, "int64")]


@pytest.mark.parametrize("axes", [(1, 7, 1), (1, 7, 33), (3, 5, 16), (4, 6, 3), (2, 3, 1), (1, 2, 40_000)])
@pytest.mark.parametrize("integer", ["int8", "int32", "int64", "uint8", "uint64"])
def test_slices(isa, axes, integer):
    extent = 9
    index = (
        np.random.default_rng(0).integers(0 if integer.startswith("u") else -extent, extent, axes[1]).astype(integer)
    )
    arrays = buffers(axes, extent, index)
    *_, got, status = run(take_spec(isa, axes, extent, arrays, Access(0, (0, 1, 0))), arrays, isa)
    data = arrays[0].reshape(axes[0], extent, axes[2])
    np.testing.assert_array_equal(got.reshape(axes), data[:, index])
    assert not status.any()


@pytest.mark.parametrize("dtype", ["float64", "int32", "int64", "bool", "uint8", "int16"])
def test_each_dtype(isa, dtype):
    index = np.array([2, 0, -1])
    arrays = buffers((2, 3, 21), 4, index, dtype)
    *_, got, _ = run(take_spec(isa, (2, 3, 21), 4, arrays, Access(0, (0, 1, 0))), arrays, isa)
    np.testing.assert_array_equal(got.reshape(2, 3, 21), arrays[0].reshape(2, 4, 21)[:, index])


def test_an_index_for_each_row(isa):
    """As take_along_axis: the index depends on the outer coordinate too; and data is stored transposed."""
    index = np.random.default_rng(0).integers(0, 9, (5, 3))
    arrays = buffers((5, 3, 18), 9, index)
    spec = take_spec(isa, (5, 3, 18), 9, arrays, Access(0, (3, 1, 0)), data=Access(0, (18, 90, 1)))
    *_, got, _ = run(spec, arrays, isa)
    data = arrays[0].reshape(9, 5, 18).swapaxes(0, 1)
    np.testing.assert_array_equal(got.reshape(5, 3, 18), np.take_along_axis(data, index[..., None], 1))


@pytest.mark.parametrize("wrong", [9, -10, 2**31 - 1, -(2**31), 2**40, -(2**63), 2**63 - 1])
def test_an_index_out_of_range_is_recorded_and_reads_nothing_outside(isa, wrong):
    index = np.array([3, wrong, -9])
    arrays = buffers((2, 3, 20), 9, index)
    spec = take_spec(isa, (2, 3, 20), 9, arrays, Access(0, (0, 1, 0)), node=41)
    *_, got, status = run(spec, arrays, isa)
    assert status.tolist() == [42, wrong, 0, 0]
    data = arrays[0].reshape(2, 9, 20)
    np.testing.assert_array_equal(got.reshape(2, 3, 20), data[:, [3, 0, 0]])


def test_the_first_offender_stays(isa):
    index = np.array([99, -99, 98])
    arrays = buffers((1, 3, 5), 9, index)
    kernel = kernel_of(take_spec(isa, (1, 3, 5), 9, arrays, Access(0, (0, 1, 0)), node=6), isa)
    assert run_team(kernel, arrays, 1)[-1].tolist() == [7, 99, 0, 0]
    earlier = np.array([5, 17, 0, 0])
    assert run_team(kernel, [*arrays[:-1], earlier], 1)[-1].tolist() == [5, 17, 0, 0]


def test_flops_and_bytes(isa):
    arrays = buffers((2, 3, 20), 9, np.zeros(3, "int64"))
    spec = take_spec(isa, (2, 3, 20), 9, arrays, Access(0, (0, 1, 0)))
    assert spec.arguments[-1] == Argument("int64", 4, True)
    assert (spec.flops, spec.bytes) == (120, sum(array.nbytes for array in arrays))
