"""What a program keeps between its runs: no result changes under whoever holds it, and addresses come again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.cuda import card, emulator, frame
from dark_jit.backends.cuda.backend import CudaProgram
from dark_jit.backends.cuda.card import CardDevice
from dark_jit.backends.cuda.runtime import Calls, EmulatedDevice, Holders, HostMemory
from dark_jit.backends.placement import bound
from dark_jit.errors import IndexOutOfRangeError

from .programs import Array, graph_of

pytestmark = pytest.mark.skipif(not emulator.available(), reason="the emulator needs g++")


class Recording(EmulatedDevice):
    """Counts what is recorded, and what recorded runs are made of."""

    def __init__(self) -> None:
        super().__init__()
        self.recorded = self.replayed = self.filled = 0

    def record(self, calls: Calls) -> Callable[[], None]:
        launch = super().record(calls)
        self.recorded += 1

        def replay() -> None:
            self.replayed += 1
            launch()

        return replay

    def fill(self, memory: HostMemory, buffer: Buffer) -> None:  # type: ignore[override]  # it is one of the emulator's
        self.filled += 1
        super().fill(memory, buffer)


def _program(fn: Callable[..., object], *arrays: Array) -> tuple[CudaProgram, Recording]:
    device = Recording()
    return CudaProgram(graph_of((fn, list(arrays))), device), device


def _floats(count: int, start: float = 0) -> Array:
    return np.arange(start, start + count, dtype=np.float32)


@pytest.mark.parametrize("count", [3, 100])
def test_results_that_are_held_keep_their_values(count: int) -> None:
    x = _floats(count)
    program, _ = _program(lambda x: (x + 1, dark.sum(x)), x)
    held = [program.run([Buffer.of(x + k)]) for k in range(8)]
    for k, (more, total) in enumerate(held):
        np.testing.assert_array_equal(more.array(), x + k + 1)
        np.testing.assert_allclose(total.array(), (x + k).sum(), rtol=1e-6)


def test_arrays_of_results_that_are_not_held_keep_their_values() -> None:
    x = _floats(100)
    program, _ = _program(lambda x: x + 1, x)
    arrays = [program.run([Buffer.of(x + k)])[0].array() for k in range(5)]
    for k, array in enumerate(arrays):
        np.testing.assert_array_equal(array, x + k + 1)


class _Memory:
    """Bytes that nobody computes with."""

    index = 0

    def __init__(self) -> None:
        self.address = id(self)


class _Card:
    """As a CardDevice, without a card."""

    index = 0
    holds, reach, buffer, reader = CardDevice.holds, CardDevice.reach, CardDevice.buffer, CardDevice.reader

    def allocate(self, nbytes: int, zero: bool = False) -> _Memory:
        return _Memory()


@pytest.mark.parametrize("kept", ["itself", "bound", "a view of what is bound"])
def test_memory_on_a_card_is_not_given_twice_while_any_buffer_is_on_it(
    kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    device: Any = _Card()
    monkeypatch.setattr(card, "card", lambda index: device)
    monkeypatch.setattr(card, "CardMemory", _Memory)
    (node,) = graph_of((lambda x: x + 1, [_floats(100)])).outputs
    output = frame._Output(device, node)
    first = output.take()
    held: Any = output.give(first)
    if kept != "itself":
        held = bound(held, "cuda")
    if kept == "a view of what is bound":
        held = bound(bound(held, "cuda"), "cuda")
    assert output.take() is not first
    del held
    assert output.take() is first


def test_a_run_inside_of_a_run_has_memory_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A finaliser may run anywhere, and compute."""
    x, z = _floats(100), _floats(100, 7)
    program, _ = _program(lambda x: (dark.sum(x * 2), dark.cumsum(x, 0)), x)
    inner: list[Array] = []
    original = frame._Output.give

    def give(self: frame._Output, memory: Any) -> Buffer:
        if not inner:
            inner.append(z)
            inner[0] = program.run([Buffer.of(z)])[0].array()
        return original(self, memory)

    monkeypatch.setattr(frame._Output, "give", give)
    total, running = program.run([Buffer.of(x)])
    np.testing.assert_allclose(total.array(), 2 * x.sum(), rtol=1e-6)
    np.testing.assert_allclose(running.array(), x.cumsum(), rtol=1e-6)
    np.testing.assert_allclose(inner[0], 2 * z.sum(), rtol=1e-6)
    assert len(program._frames) == 1


def test_memory_is_released_in_the_middle_of_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    x = _floats(1000).reshape(10, 100)
    program, device = _program(lambda x: dark.cumsum(dark.sum(x * x, axis=0), 0), x)
    original = frame.Frame._launch

    def launch(self: frame.Frame, *places: Any) -> None:
        device.holders.release()  # as another thread might, between any two steps
        original(self, *places)

    monkeypatch.setattr(frame.Frame, "_launch", launch)
    for _ in range(5):
        (found,) = program.run([Buffer.of(x)])
        np.testing.assert_allclose(found.array(), (x * x).sum(0).cumsum(), rtol=1e-5)


def test_holders_come_and_go_while_they_are_asked() -> None:
    class Some:
        def release(self) -> None: ...

    holders, stop = Holders(), threading.Event()

    def add() -> None:
        while not stop.is_set():
            holders.add(Some())

    thread = threading.Thread(target=add)
    thread.start()
    try:
        for _ in range(3000):
            holders.release()
    finally:
        stop.set()
        thread.join()


def test_a_step_that_is_fed_its_own_result_is_recorded() -> None:
    x = _floats(100)
    program, device = _program(lambda x: (x * 0.5 + 1, dark.max(x)), x)
    state, want = Buffer.copy_of(x, x.dtype), x
    losses = []
    for _ in range(12):
        state, loss = program.run([state])
        losses.append((loss, want.max()))
        want = want * np.float32(0.5) + 1
    np.testing.assert_array_equal(state.array(), want)
    for loss, largest in losses:
        assert loss.array() == largest
    assert 1 <= device.recorded <= 3
    assert device.replayed >= 8


def test_what_comes_once_is_not_recorded() -> None:
    x = _floats(100)
    program, device = _program(lambda x: x + 1, x)
    kept = [program.run([Buffer.copy_of(x, x.dtype)]) for _ in range(6)]
    assert (len(kept), device.recorded) == (6, 0)


def test_inputs_from_elsewhere_come_to_the_same_place_and_only_when_they_are_new() -> None:
    whole = [_floats(101, 10 * k) for k in range(4)]  # whole[1:] is not aligned, so the device does not hold it
    program, device = _program(lambda x: x * 2, whole[0][1:])
    buffers = [Buffer.of(array[1:]) for array in whole]
    for number in (0, 0, 0, 1, 1, 2, 0, 3):
        (result,) = program.run([buffers[number]])
        np.testing.assert_array_equal(result.array(), whole[number][1:] * 2)
        del result
    assert device.filled == 5
    assert device.replayed > 0


def test_after_an_error_the_next_run_is_right() -> None:
    table, good, bad = _floats(4), np.array([1, 3]), np.array([1, 7])
    program, _ = _program(lambda x, i: dark.take(x, i, 0), table, good)
    inputs = [Buffer.copy_of(array, array.dtype) for array in (table, good, bad)]
    for _ in range(3):
        with pytest.raises(IndexOutOfRangeError, match="7 is out of range"):
            program.run([inputs[0], inputs[2]])
        (result,) = program.run(inputs[:2])
        np.testing.assert_array_equal(result.array(), table[good])


def test_what_is_kept_can_be_asked_back() -> None:
    x = _floats(1000).reshape(10, 100)
    program, device = _program(lambda x: (dark.cumsum(dark.sum(x * x, axis=0), 0), x + 1), x)
    buffer = Buffer.copy_of(x, x.dtype)
    for _ in range(4):
        first, second = program.run([buffer])
        device.holders.release()
        np.testing.assert_allclose(first.array(), (x * x).sum(0).cumsum(), rtol=1e-5)
        np.testing.assert_array_equal(second.array(), x + 1)
