"""Running one kernel, between guard pages and for several numbers of workers; and what it should have computed."""

from __future__ import annotations

import ctypes
import math
import mmap
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from dark_jit import dtypes
from dark_jit.backends.llvm.compile import compile_module
from dark_jit.backends.llvm.render import render
from dark_jit.backends.llvm.target import available_isas, machine
from dark_jit.lowering.kernel import (
    Access,
    Accumulator,
    Apply,
    Argument,
    Body,
    Constant,
    Index,
    Inside,
    KernelSpec,
    Load,
    Step,
)

Array = np.ndarray[Any, Any]

PAGE = mmap.PAGESIZE
NO_ACCESS, READ_WRITE = 0, 3

ISAS = [
    pytest.param(isa, marks=[pytest.mark.isa, pytest.mark.skipif(isa not in available_isas(), reason=f"no {isa} here")])
    for isa in ("avx512", "avx2", "sse2")
]

MEANING: dict[str, Callable[..., Array]] = {
    "add": np.add,
    "subtract": np.subtract,
    "multiply": np.multiply,
    "maximum": np.maximum,
    "less": np.less,
    "logical_and": np.logical_and,
    "where": np.where,
}


def dense(*extents: int) -> Access:
    """The access of a C-order array of these extents."""
    return Access(0, tuple(math.prod(extents[axis + 1 :]) for axis in range(len(extents))))


def strided(shape: Sequence[int], order: Sequence[int]) -> Access:
    """The access of an array of this shape whose axes lie in memory in the given order."""
    inner = dense(*(shape[axis] for axis in order)).strides
    return Access(0, tuple(inner[order.index(axis)] for axis in range(len(shape))))


def arguments_of(arrays: Sequence[Array], written: set[int]) -> tuple[Argument, ...]:
    """A kernel's arguments for these buffers."""
    return tuple(Argument(array.dtype.name, array.size, number in written) for number, array in enumerate(arrays))


def lanes_of(isa: str, *names: str) -> int:
    """How many elements of the widest of these dtypes one vector holds."""
    return machine(isa).lanes(max(np.dtype(name).itemsize for name in names))


def numbers(seed: int, dtype: str, *shape: int) -> Array:
    """Random numbers that are exact in sums of a few; both of them for bool."""
    generator = np.random.default_rng(seed)
    return generator.integers(-99, 99, shape).astype(dtype) if dtype != "bool" else generator.integers(0, 2, shape) > 0


class Guarded:
    """A copy of an array that ends (or starts) where the next (the last) page cannot be touched."""

    def __init__(self, array: Array, at_end: bool) -> None:
        pages = -(-max(array.nbytes, 1) // PAGE)
        self._map = mmap.mmap(-1, (pages + 2) * PAGE)
        start = ctypes.addressof(ctypes.c_char.from_buffer(self._map))
        self._guards = start, start + (pages + 1) * PAGE
        self.address = start + PAGE + (pages * PAGE - array.nbytes if at_end else 0)
        self.array = np.frombuffer(self._map, array.dtype, array.size, self.address - start)
        self.array[:] = array.reshape(-1)
        self._protect(NO_ACCESS)

    def _protect(self, access: int) -> None:
        for page in self._guards:
            assert ctypes.CDLL(None).mprotect(ctypes.c_void_p(page), ctypes.c_size_t(PAGE), access) == 0

    def release(self) -> Array:
        """What the array holds now; its guards are taken down."""
        self._protect(READ_WRITE)
        return self.array.copy()


def run(spec: KernelSpec, arrays: Sequence[Array], isa: str) -> list[Array]:
    """The flat buffers after the kernel ran; checked to be the same for 1, 2 and 3 workers, whoever comes first."""
    assert [(a.dtype.name, a.size) for a in arrays] == [(a.dtype, a.elements) for a in spec.arguments]
    kernel = kernel_of(spec, isa)
    alone, *teams = (run_team(kernel, arrays, team) for team in (1, 2, 3))
    for team in teams:
        assert [a.tobytes() for a in alone] == [a.tobytes() for a in team], "the number of workers changes the result"
    for before, after, argument in zip(arrays, alone, spec.arguments, strict=True):
        assert argument.written or before.tobytes() == after.tobytes(), "an argument that is only read was written"
    return alone


def kernel_of(spec: KernelSpec, isa: str) -> Callable[..., None]:
    """The compiled kernel; its text is checked to be the same each time."""
    text = render(spec, machine(isa)).text
    assert text == render(spec, machine(isa)).text
    address = compile_module(text, isa).address("kernel")
    return ctypes.CFUNCTYPE(None, ctypes.c_void_p, *[ctypes.c_int64] * 3)(address)


def run_team(kernel: Callable[..., None], arrays: Sequence[Array], team: int) -> list[Array]:
    """The buffers after a team of workers ran the kernel, the last worker first."""
    guarded = [Guarded(array, at_end=team % 2 == 1) for array in arrays]
    pointers = (ctypes.c_void_p * len(guarded))(*(one.address for one in guarded))
    for worker in reversed(range(team)):
        kernel(ctypes.addressof(pointers), worker, team, worker)
    return [one.release() for one in guarded]


def evaluate(
    body: Body, extents: Sequence[int], arrays: Sequence[Array], accumulator: Array | None = None
) -> list[Array]:
    """The values of all steps of a body at every index of a space, with NumPy; its stores are made in `arrays`."""
    values: list[Array] = []
    for step in body.steps:
        values.append(np.broadcast_to(_value(step, values, extents, arrays, accumulator), tuple(extents)))
    for store in body.stores:
        positions, valid = _positions(store.access, extents)
        assert valid.all()
        arrays[store.argument].reshape(-1)[positions] = values[store.value]
    return values


def _value(
    step: Step, values: Sequence[Array], extents: Sequence[int], arrays: Sequence[Array], accumulator: Array | None
) -> Any:
    match step:
        case Load():
            positions, valid = _positions(step.access, extents)
            flat = arrays[step.argument].reshape(-1)
            return np.where(valid, flat[np.where(valid, positions, 0)], flat.dtype.type(0))
        case Constant():
            return np.asarray(dtypes.parse_number(step.value, np.dtype(step.dtype)), step.dtype)
        case Index():
            return _positions(step.access, extents)[0]
        case Inside():
            return _inside(step.ranges, extents)
        case Accumulator():
            return accumulator
        case Apply():
            operands = [values[position] for position in step.operands]
            return operands[0].astype(step.dtype) if step.op == "cast" else MEANING[step.op](*operands)


def _positions(access: Access, extents: Sequence[int]) -> tuple[Array, Array]:
    grid = np.indices(extents)
    positions = sum((grid[axis] * s for axis, s in enumerate(access.strides)), np.full(extents, access.offset))
    return positions, _inside(access.valid, extents)


def _inside(ranges: Sequence[tuple[int, int]], extents: Sequence[int]) -> Array:
    grid = np.indices(extents)
    tests = [(low <= grid[axis]) & (grid[axis] < high) for axis, (low, high) in enumerate(ranges)]
    return np.logical_and.reduce(tests) if tests else np.ones(extents, bool)
