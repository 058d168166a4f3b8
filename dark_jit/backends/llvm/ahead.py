"""Machine code that a process of its own generates, while this one renders further texts.

Rendering is Python's work and generating code LLVM's; both take seconds for a large program. Where a core is free, a
second process (`generator.py`) begins with the first texts of a large program, and this one, when it has rendered them
all, with the last. Where the process cannot be started or ends, everything is done here.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO, NamedTuple

from dark_jit import config
from dark_jit.backends.llvm import generator

MANY = 24  # texts of a program: fewer are compiled before the process is there
NEW = 4  # texts of which nobody has the code, until it is started
WITH_IT = 4  # texts at most that the process has; it gets new ones when it has half of them


class Generated(NamedTuple):
    """The functions that a text exports, those that it declares, and its object."""

    exported: list[str]
    declared: list[str]
    code: bytes


class Ahead:
    """Texts that will be asked for, and what was generated of them; a context, which ends the process.

    `count`: about how many there will be. `settings`: what LLVM's create_target_machine is told. `is_new`: whether
    nobody has a text's code yet.
    """

    def __init__(self, count: int, settings: Mapping[str, Any], is_new: Callable[[str], bool]) -> None:
        self._worth = count >= MANY and config.threads() > 1 and _core_is_free()
        self._settings = dict(settings)
        self._is_new = is_new
        self._waiting: deque[str] = deque()
        self._done: dict[str, Generated | None] = {}
        self._begun: deque[str] = deque()  # the process has them
        self._closed = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Ahead:
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()

    def add(self, text: str) -> None:
        """Generate its code, if it comes to that."""
        if not self._worth or not self._is_new(text):
            return
        with self._changed:
            self._waiting.append(text)
            self._changed.notify_all()
        if self._thread is None and len(self._waiting) >= NEW:
            self._start()

    def _start(self) -> None:
        thread = threading.Thread(target=self._run, name="dark_jit code generation", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:  # there are too many, or the interpreter ends
            self._worth = False
            config.log.info("code is generated in this process alone: %s", error)
        else:
            self._thread = thread

    def take(self, text: str) -> Generated | None:
        """What was generated; None where the caller has to do it: nobody has begun, or it failed."""
        with self._changed:
            if text in self._waiting:
                self._waiting.remove(text)
                return None
            while text in self._begun:
                self._changed.wait()
            return self._done.pop(text, None)

    def _run(self) -> None:
        """Texts go out some at a time, and ahead of what is asked for: this thread waits for the interpreter each time
        that it has written or read, and the process must not wait for it."""
        try:
            with _process() as process:
                requests: BinaryIO = process.stdin  # type: ignore[assignment]  # a pipe
                generator.send(requests, json.dumps(self._settings).encode())
                while (texts := self._next()) is not None:
                    generator.send(requests, *(text.encode() for text in texts))
                    self._finish(_answer(process))
        except (OSError, ValueError, EOFError) as error:
            config.log.info("code is generated in this process alone: %s", error)
        finally:
            with self._changed:
                self._begun.clear()
                self._changed.notify_all()

    def _next(self) -> list[str] | None:
        """The texts to send now, if any; None when the process has none and there will be no other."""
        with self._changed:
            while not self._waiting and not self._begun and not self._closed:
                self._changed.wait()
            free = WITH_IT - len(self._begun)
            count = min(free, len(self._waiting)) if 2 * free >= WITH_IT else 0
            texts = [self._waiting.popleft() for _ in range(count)]
            self._begun.extend(texts)
            return texts if self._begun else None

    def _finish(self, found: Generated | None) -> None:
        with self._changed:
            self._done[self._begun.popleft()] = found
            self._changed.notify_all()


def _core_is_free() -> bool:
    """Whether one core of the machine had nothing to do in the last minute."""
    try:
        return os.getloadavg()[0] < (os.cpu_count() or 1) - 0.5
    except OSError:
        return True


_BUFFER = 1 << 20  # bytes: some texts are one write, and some objects one read

# Modules are looked for where this process does, and not beside the file.
_START = "import runpy, sys; sys.path[:] = sys.argv[2:]; runpy.run_path(sys.argv[1], run_name='__main__')"


def _process() -> subprocess.Popen[bytes]:
    """In a session of its own: an interrupt from the keyboard is not for it. Raises OSError."""
    if not sys.executable:
        raise OSError("it is not known where the interpreter is")
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _START, generator.__file__, *sys.path],
        bufsize=_BUFFER,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _answer(process: subprocess.Popen[bytes]) -> Generated | None:
    """The answer to the first text that has none. Raises EOFError where the process has ended."""
    answer = generator.received(process.stdout)  # type: ignore[arg-type]  # a pipe
    if answer is None:
        raise EOFError(f"the process ended ({process.poll()})")
    if not answer:
        return None
    exported, declared, code = answer.split(b"\n", 2)
    return Generated(exported.decode().split(), declared.decode().split(), code)
