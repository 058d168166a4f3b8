"""Code that another process generates: it is the same, errors are the same, and without the process all goes on."""

from __future__ import annotations

import itertools
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import config, execution
from dark_jit.backends.disk import DiskCache
from dark_jit.backends.llvm import ahead, compile
from dark_jit.backends.llvm.ahead import Ahead, Generated
from dark_jit.backends.llvm.compile import ahead_of, compile_module
from dark_jit.backends.llvm.target import machine
from dark_jit.errors import InternalError

ISA = machine().isa


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """As on a machine with two, where nothing was compiled before."""
    cache = DiskCache(tmp_path / "cache")
    monkeypatch.setattr(compile, "disk_cache", lambda: cache)
    monkeypatch.setattr(compile, "_modules", {})
    monkeypatch.setattr(compile, "_loaded", {})
    monkeypatch.setattr(config, "threads", lambda: 2)
    monkeypatch.setattr(ahead, "NEW", 1)
    monkeypatch.setattr(os, "getloadavg", lambda: (0.2, 2.0, 2.0))
    yield


def _text(number: int) -> str:
    return f"define i64 @answer() {{\n  ret i64 {number}\n}}\n"


def _answer(text: str, ahead: Ahead | None) -> int:
    import ctypes

    return int(ctypes.CFUNCTYPE(ctypes.c_int64)(compile_module(text, ISA, ahead=ahead).address("answer"))())


def _wait(ahead: Ahead, count: int) -> None:
    """Until so many texts are done, or the process has ended."""
    end = time.monotonic() + 30
    while len(ahead._done) < count and ahead._thread is not None and ahead._thread.is_alive():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_its_code_runs_and_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [_text(number) for number in range(5)]
    with ahead_of(ISA, ahead.MANY) as other:
        for text in texts:
            other.add(text)
        _wait(other, len(texts))
        own = compile._compiled
        monkeypatch.setattr(compile, "_compiled", None)  # nothing is generated here
        assert [_answer(text, other) for text in texts] == list(range(5))
        monkeypatch.setattr(compile, "_modules", {})
        assert [_answer(text, None) for text in texts] == list(range(5))  # from disk
    assert not other._thread.is_alive()  # type: ignore[union-attr]  # it was started
    made = own(texts[3], ISA, 0)
    monkeypatch.setattr(compile, "_compiled", own)
    with ahead_of(ISA, ahead.MANY) as other:
        monkeypatch.setattr(other, "_is_new", lambda text: True)
        other.add(texts[3])
        _wait(other, 1)
        assert other.take(texts[3]) == Generated(made.defined, [], made.code)


def test_what_nobody_has_begun_is_done_here() -> None:
    with ahead_of(ISA, ahead.MANY) as other:
        other._waiting.extend([_text(1), _text(2)])  # without a process
        assert other.take(_text(1)) is None
        assert other.take(_text(3)) is None
        assert list(other._waiting) == [_text(2)]


def test_programs_use_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "MANY", 3)
    monkeypatch.setattr(execution, "_programs", execution._Programs())
    started: list[int] = []
    original = ahead._process

    def counted() -> object:
        started.append(1)
        return original()

    monkeypatch.setattr(ahead, "_process", counted)
    x = np.random.default_rng(0).standard_normal((37, 41)).astype(np.float32)

    def fn(x: dark.Tensor) -> dark.Tensor:
        for axis in range(6):
            x = dark.cumsum(dark.softmax(x + axis, axis=axis % 2), axis % 2)
        return x @ x.T

    found = dark.compile(fn)(x).numpy()
    np.testing.assert_allclose(found, dark.compile(fn, backend="reference")(x).numpy(), rtol=1e-4)
    assert started == [1]


@pytest.mark.parametrize(("threads", "count"), [(1, 100), (2, 1)])
def test_small_programs_and_one_core_do_without(threads: int, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "threads", lambda: threads)
    with ahead_of(ISA, count) as other:
        other.add(_text(1))
        assert other._thread is None
        assert _answer(_text(1), other) == 1


def test_a_busy_machine_does_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getloadavg", lambda: (os.cpu_count() or 1, 0.0, 0.0))
    with ahead_of(ISA, ahead.MANY) as other:
        other.add(_text(1))
        assert other._thread is None


def test_what_is_there_is_not_generated_again() -> None:
    assert _answer(_text(1), None) == 1
    with ahead_of(ISA, ahead.MANY) as other:
        other.add(_text(1))
        assert other._thread is None


# ---- mistakes ----


def test_errors_are_those_of_this_process() -> None:
    wrong, unsafe = "define i64 @answer() {\n  ret i32 1\n}\n", "declare void @nowhere()\n" + _text(1)
    with ahead_of(ISA, ahead.MANY) as other:
        for text in (wrong, unsafe, _text(7)):
            other.add(text)
        _wait(other, 3)
        with pytest.raises(InternalError, match="LLVM refuses"):
            _answer(wrong, other)
        with pytest.raises(InternalError, match="@nowhere is declared, and nothing defines it"):
            _answer(unsafe, other)
        assert _answer(_text(7), other) == 7


@pytest.mark.parametrize("interpreter", ["", "/nowhere/python"])
def test_where_it_cannot_be_started_all_is_done_here(interpreter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", interpreter)
    with ahead_of(ISA, ahead.MANY) as other:
        for number in range(5):
            other.add(_text(number))
        assert [_answer(_text(number), other) for number in range(5)] == list(range(5))


def test_where_no_thread_can_be_started_all_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with ahead_of(ISA, ahead.MANY) as other:
        for number in range(5):
            other.add(_text(number))
        assert [_answer(_text(number), other) for number in range(5)] == list(range(5))


def test_when_it_ends_the_rest_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    original, answers = ahead._answer, itertools.count()

    def dying(process: object) -> object:
        if next(answers) == 2:
            os.kill(process.pid, signal.SIGKILL)  # type: ignore[attr-defined]
            process.stdout.read()  # type: ignore[attr-defined]  # what it had ready
        return original(process)  # type: ignore[arg-type]

    monkeypatch.setattr(ahead, "_answer", dying)
    with ahead_of(ISA, ahead.MANY) as other:
        for number in range(5):
            other.add(_text(number))
        _wait(other, 5)
        assert len(other._done) == 2
        assert [_answer(_text(number), other) for number in range(5)] == list(range(5))


def test_an_error_on_the_way_ends_the_process() -> None:
    with pytest.raises(KeyError), ahead_of(ISA, ahead.MANY) as other:
        for number in range(50):
            other.add(_text(number))
        raise KeyError
    assert other._thread is not None
    assert not other._thread.is_alive()
