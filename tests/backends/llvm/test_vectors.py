"""Vectors to and from memory: masks, strides, bool as bytes; and the trees of the reductions."""

from __future__ import annotations

import ctypes
import mmap

import numpy as np
import pytest

from dark_jit.backends.llvm.types import Vector

from .macro_runs import ISAS, Array, run

DTYPES = ["bool", "int8", "uint16", "int32", "int64", "float32", "float64"]
LANES = [1, 2, 4, 8, 16]


def data(dtype: str, size: int) -> Array:
    """Different numbers, or true and false."""
    return (np.arange(size) % 3 == 0) if dtype == "bool" else (np.arange(size) + 1).astype(dtype)


def test_properties_of_a_vector() -> None:
    bits, doubles = Vector("bool", 8), Vector("float64", 4)
    assert (bits.memory_vector, bits.memory_suffix, bits.half) == ("<8 x i8>", "v8i8", Vector("bool", 4))
    assert (doubles.memory_vector, doubles.memory_suffix) == ("<4 x double>", "v4f64")
    assert (doubles.mantissa, doubles.bias) == (52, 1023)
    bytes_, words = Vector("uint8", 64), Vector("int16", 8)
    assert (bytes_.vector, bytes_.suffix, bytes_.kind, bytes_.bits) == ("<64 x i8>", "v64i8", "u", 8)
    assert (words.vector, words.suffix, words.kind, words.bytes) == ("<8 x i16>", "v8i16", "i", 2)
    assert (bytes_.constant(255), words.constant(-300)) == ("splat (i8 255)", "splat (i16 -300)")
    assert (Vector("float32", 1).mantissa, Vector("float32", 1).bias) == (23, 127)


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("lanes", LANES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_load_and_store(dtype: str, lanes: int, isa: str) -> None:
    body = """
{{ vectors.load('%x', t, '%a0', given) }}
  %end = getelementptr {{ t.memory }}, ptr %a1, i64 {{ t.lanes }}
{{ vectors.store(t, '%x', '%a1') }}
{{ vectors.store(t, '%x', '%end', given) }}
"""
    t, x, out = Vector(dtype, lanes), data(dtype, lanes), np.ones(2 * lanes, dtype)
    valid = (lanes + 1) // 2
    given = ", ".join(f"i1 {str(lane < valid).lower()}" for lane in range(lanes))
    run(body, isa, x, out, t=t, given=f"<{given}>")
    loaded = np.where(np.arange(lanes) < valid, x, 0)
    np.testing.assert_array_equal(out, [*loaded, *loaded[:valid], *np.ones(lanes - valid)])


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_a_mask_known_only_when_it_runs(dtype: str, isa: str) -> None:
    body = """
{{ vectors.load('%m', t.like('bool'), '%a0') }}
{{ vectors.load('%x', t, '%a1', '%m') }}
{{ vectors.store(t, '%x', '%a2') }}
{{ vectors.store(t, '%x', '%a3', '%m') }}
"""
    lanes = 8
    mask, x = np.arange(lanes) % 3 != 1, data(dtype, lanes)
    loaded, stored = np.ones(lanes, dtype), np.ones(lanes, dtype)
    run(body, isa, mask, x, loaded, stored, t=Vector(dtype, lanes))
    np.testing.assert_array_equal(loaded, np.where(mask, x, 0))
    np.testing.assert_array_equal(stored, np.where(mask, x, 1))


@pytest.mark.parametrize("isa", ISAS)
def test_lanes_that_are_off_touch_no_memory(isa: str) -> None:
    body = """
{{ vectors.load('%x', t, '%a0', given) }}
{{ vectors.store(t, '%x', '%a0', given) }}
{{ vectors.gather('%y', t, '%a0', 1, given) }}
{{ vectors.scatter(t, '%y', '%a0', 1, given) }}
  %at.last = getelementptr float, ptr %a0, i64 2
{{ vectors.gather('%z', t, '%at.last', -1, given) }}
{{ vectors.store(t, '%z', '%a0', given) }}
"""
    pages = mmap.mmap(-1, 2 * mmap.PAGESIZE)
    memory = np.frombuffer(pages, np.float32)
    guard = ctypes.c_void_p(memory.ctypes.data + mmap.PAGESIZE)
    libc = ctypes.CDLL(None)
    assert libc.mprotect(guard, ctypes.c_size_t(mmap.PAGESIZE), 0) == 0
    given = "<" + ", ".join(f"i1 {str(lane < 3).lower()}" for lane in range(16)) + ">"
    last = mmap.PAGESIZE // 4
    memory[last - 3 : last] = [1, 2, 3]
    run(body, isa, memory[last - 3 : last], t=Vector("float32", 16), given=given)
    assert memory[last - 3 : last].tolist() == [3, 2, 1]


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("stride", [-3, -1, 0, 1, 2, 1000])
@pytest.mark.parametrize("dtype", DTYPES)
def test_gather_and_scatter(dtype: str, stride: int, isa: str) -> None:
    body = """
{{ vectors.load('%m', t.like('bool'), '%a0') }}
  %first = getelementptr {{ t.memory }}, ptr %a1, i64 {{ start }}
{{ vectors.gather('%x', t, '%first', stride) }}
{{ vectors.gather('%y', t, '%first', stride, '%m') }}
  %out = getelementptr {{ t.memory }}, ptr %a2, i64 {{ start }}
{{ vectors.scatter(t, '%x', '%out', stride, '%m') }}
{{ vectors.store(t, '%x', '%a3') }}
{{ vectors.store(t, '%y', '%a4') }}
"""
    lanes = 8
    start, size = max(0, -stride * (lanes - 1)), abs(stride) * (lanes - 1) + 1
    mask, x = np.arange(lanes) % 4 != 2, data(dtype, size)
    places = start + stride * np.arange(lanes)
    scattered, whole, masked = np.zeros(size, dtype), np.ones(lanes, dtype), np.ones(lanes, dtype)
    run(body, isa, mask, x, scattered, whole, masked, t=Vector(dtype, lanes), start=start, stride=stride)
    np.testing.assert_array_equal(whole, x[places])
    np.testing.assert_array_equal(masked, np.where(mask, x[places], 0))
    wanted = np.zeros(size, dtype)
    wanted[places[mask]] = x[places[mask]]
    np.testing.assert_array_equal(scattered, wanted)


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("lanes", LANES)
@pytest.mark.parametrize("dtype", DTYPES)
def test_splats(dtype: str, lanes: int, isa: str) -> None:
    body = """
{{ vectors.load_splat('%x', t, '%a0') }}
{{ vectors.store(t, '%x', '%a1') }}
"""
    out = np.zeros(lanes, dtype)
    run(body, isa, np.ones(1, dtype), out, t=Vector(dtype, lanes))
    np.testing.assert_array_equal(out, 1)


def tree(x: Array, combine: np.ufunc) -> Array:
    """The upper half with the lower, until one is left."""
    while x.size > 1:
        x = combine(x[: x.size // 2], x[x.size // 2 :])
    return x


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("lanes", LANES)
@pytest.mark.parametrize("dtype", ["int8", "uint8", "uint32", "int32", "int64", "float32", "float64"])
def test_reductions_are_trees(dtype: str, lanes: int, isa: str) -> None:
    body = """
{{ vectors.load('%x', t, '%a0') }}
%% for name in ('add', 'max', 'min')
{{ vectors['reduce_' ~ name]('%' ~ name, t, '%x') }}
  %at.{{ name }} = getelementptr {{ t.memory }}, ptr %a1, i64 {{ loop.index0 }}
  store {{ t.scalar }} %{{ name }}, ptr %at.{{ name }}
%% endfor
"""
    x = (np.random.default_rng(4).normal(size=lanes) * 1000).astype(np.int64).astype(dtype)
    with np.errstate(over="ignore"):
        wanted = [tree(x, combine)[0] for combine in (np.add, np.maximum, np.minimum)]
    out = np.zeros(3, dtype)
    run(body, isa, x, out, t=Vector(dtype, lanes))
    np.testing.assert_array_equal(out, wanted)
    if dtype.startswith("float"):
        x[lanes // 3] = np.nan
        run(body, isa, x, out, t=Vector(dtype, lanes))
        assert np.isnan(out).all()
