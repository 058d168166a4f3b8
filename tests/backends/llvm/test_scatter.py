"""Adding up and writing at indices: who owns what, repeated indices in order, indices out of range."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from dark_jit.backends.llvm.target import machine
from dark_jit.lowering.kernel import Access, Load, dense
from dark_jit.lowering.scattering import LastWriterSpec, ScatterSlicesSpec, ScatterSpec, plan

from .kernel_runs import ISAS, Array, arguments_of, kernel_of, np, numbers, run, run_team

pytestmark = pytest.mark.parametrize("isa", ISAS)

# (outer, extent, inner) and the number of indices; some are owned by columns, some by rows
SIZES = [
    ((1, 7, 1), 30),
    ((1, 1, 1), 1),
    ((3, 7, 5), 30),
    ((1, 9, 70), 13),
    ((20, 3, 1), 4),
    ((2, 5, 333), 9),
    ((1, 40, 1031), 3),
    ((1, 5, 3), 0),
    ((1, 1003, 1), 40),
    ((9, 33, 1), 7),
]


def spec_of(isa, axes, count, arrays: list[Array], each: bool, step: str = "add") -> LastWriterSpec:
    """From arrays index, values, base, out; the status is behind them. `each`: an index for each element."""
    outer, _, inner = axes
    over = dense((outer, count, inner)) if each else Access(0, (0, 1, 0))
    index = Load(arrays[0].dtype.name, 0, over)
    values = Load(arrays[1].dtype.name, 1, dense((outer, count, inner))) if step != "last" else None
    base = Load(arrays[2].dtype.name, 2, dense(axes)) if step == "write" else None
    out = Load(arrays[3].dtype.name, 3, dense(axes))
    return plan(axes, count, arguments_of(arrays[:4], {3}), out, index, values, base, machine(isa))


def buffers(axes, index: Array, count, dtype="float32") -> list[Array]:
    """What was in the result before must not matter."""
    outer, _, inner = axes
    size = math.prod(axes)
    values, base = numbers(0, dtype, outer * count * inner), numbers(1, dtype, size)
    return [index.reshape(-1), values, base, np.full(size, 77).astype(dtype), np.zeros(4, "int64")]


def indices(extent, *shape) -> Array:
    return np.random.default_rng(0).integers(-extent, extent, shape)


def added(axes, updates: Array, index: Array) -> Array:
    """The sums, an index at a time."""
    outer, _, inner = axes
    out = np.zeros(axes, updates.dtype)
    count = index.shape[-2] if index.ndim == 3 else index.size
    values = updates.reshape(outer, count, inner)
    for j, i, k in np.ndindex(count, outer, inner):
        with np.errstate(over="ignore"):  # narrow integers wrap around
            out[i, index[i, j, k] if index.ndim == 3 else index[j], k] += values[i, j, k]
    return out


@pytest.mark.parametrize("axes, count", SIZES)
@pytest.mark.parametrize("integer", ["int8", "int64", "uint8", "uint64"])
@pytest.mark.parametrize("dtype", ["float32", "int64", "uint8", "int16"])
def test_slices_are_added_up(isa, axes, count, integer, dtype):
    index = indices(axes[1] if axes[1] < 100 or "64" in integer else 100, count)
    index = (index % axes[1] if integer.startswith("u") else index).astype(integer)
    arrays = buffers(axes, index, count, dtype)
    spec = spec_of(isa, axes, count, arrays, each=False)
    assert type(spec) is (ScatterSlicesSpec if axes[2] > 1 else ScatterSpec)
    *_, got, status = run(spec, arrays, isa)
    np.testing.assert_array_equal(got.reshape(axes), added(axes, arrays[1], index))
    assert not status.any()


@pytest.mark.parametrize("axes, count", SIZES)
@pytest.mark.parametrize("dtype", ["float64", "int32"])
def test_elements_are_added_up(isa, axes, count, dtype):
    index = indices(axes[1], axes[0], count, axes[2])
    arrays = buffers(axes, index, count, dtype)
    *_, got, status = run(spec_of(isa, axes, count, arrays, each=True), arrays, isa)
    np.testing.assert_array_equal(got.reshape(axes), added(axes, arrays[1], index))
    assert not status.any()


@pytest.mark.parametrize("axes, count", SIZES)
@pytest.mark.parametrize("dtype", ["float32", "int64", "bool", "uint8", "int16"])
@pytest.mark.parametrize("each", [False, True])
def test_writing_over_a_base(isa, axes, count, dtype, each):
    """The last of equal indices wins."""
    index = indices(axes[1], *((axes[0], count, axes[2]) if each else (count,)))
    arrays = buffers(axes, index, count, dtype)
    spec = spec_of(isa, axes, count, arrays, each, "write")
    assert type(spec) is (ScatterSlicesSpec if axes[2] > 1 and not each else ScatterSpec) and spec.flops == 0
    *_, got, status = run(spec, arrays, isa)
    want, values = arrays[2].copy().reshape(axes), arrays[1].reshape(axes[0], count, axes[2])
    for j in range(count):
        if each:
            np.put_along_axis(want, index[:, j : j + 1], values[:, j : j + 1], 1)
        else:
            want[:, index[j]] = values[:, j]
    np.testing.assert_array_equal(got.reshape(axes), want)
    assert not status.any()


@pytest.mark.parametrize("axes, count", SIZES)
def test_the_last_writer(isa, axes, count):
    index = indices(axes[1], axes[0], count, axes[2])
    arrays = buffers(axes, index, count, "int64")
    spec = spec_of(isa, axes, count, arrays, True, "last")
    assert type(spec) is LastWriterSpec
    *_, got, status = run(spec, arrays, isa)
    want = np.full(axes, -1)
    for j in range(count):
        np.put_along_axis(want, index[:, j : j + 1], j, 1)
    np.testing.assert_array_equal(got.reshape(axes), want)
    assert not status.any()


def test_a_base_that_lies_transposed(isa):
    arrays = buffers((1, 40, 1), np.array([3]), 1)
    arrays[2] = numbers(1, "float32", 80)
    spec = replace(spec_of(isa, (1, 40, 1), 1, arrays, False, "write"), base=Load("float32", 2, Access(79, (0, -2, 0))))
    *_, got, _ = run(spec, arrays, isa)
    want = arrays[2][::-2].copy()
    want[3] = arrays[1][0]
    np.testing.assert_array_equal(got, want)


@pytest.mark.parametrize("axes", [(1, 3, 1), (1, 3, 40), (9, 3, 2)])
def test_floats_are_added_in_the_order_of_the_indices(isa, axes):
    """1e8 swallows a 1 that comes after it, and keeps what came before."""
    outer, _, inner = axes
    values = np.array([1, 1, 1, 1, 1e8, 1, 1, -1e8], "float32")
    index = np.zeros(8, int)
    arrays = buffers(axes, index, 8)
    arrays[1] = np.broadcast_to(values[:, None], (outer, 8, inner)).astype("float32").reshape(-1)
    *_, got, _ = run(spec_of(isa, axes, 8, arrays, each=False), arrays, isa)
    want = np.float32(0)
    for value in values:
        want = np.float32(want + value)
    assert set(got.reshape(axes)[:, 0].ravel()) == {want}


@pytest.mark.parametrize("axes", [(1, 5, 1), (2, 5, 33), (9, 5, 2), (1, 5, 1000)])
@pytest.mark.parametrize("wrong", [5, -6, 2**40, -(2**63), 2**63 - 1])
@pytest.mark.parametrize("each", [False, True])
def test_an_index_out_of_range_is_recorded_and_writes_nothing(isa, axes, wrong, each):
    shape = (axes[0], 6, axes[2]) if each else (6,)
    index = indices(axes[1], *shape)
    place = (0, 2, axes[2] - 1) if each else (2,)
    index[place] = wrong
    arrays = buffers(axes, index, 6)
    spec = replace(spec_of(isa, axes, 6, arrays, each), node=41)
    *_, got, status = run(spec, arrays, isa)
    assert status.tolist() == [42, wrong, 0, 0]
    values = arrays[1].copy().reshape(axes[0], 6, axes[2])
    values[place if each else (slice(None), 2)] = 0
    index[place] = 0
    np.testing.assert_array_equal(got.reshape(axes), added(axes, values, index))


def test_the_first_offender_stays(isa):
    index = np.array([1, 99, -99])
    arrays = buffers((1, 5, 4), index, 3)
    kernel = kernel_of(replace(spec_of(isa, (1, 5, 4), 3, arrays, each=False), node=6), isa)
    assert run_team(kernel, arrays, 1)[-1].tolist() == [7, 99, 0, 0]
    assert run_team(kernel, [*arrays[:-1], np.array([5, 17, 0, 0])], 1)[-1].tolist() == [5, 17, 0, 0]


def test_flops_and_bytes(isa):
    arrays = buffers((2, 5, 20), np.zeros(6, int), 6)
    spec = spec_of(isa, (2, 5, 20), 6, arrays, each=False)
    assert (spec.flops, spec.bytes) == (2 * 6 * 20, sum(array.nbytes for array in arrays))
