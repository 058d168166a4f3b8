"""What tests of threads, forks and exits share: functions run at once, scripts in interpreters of their own."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dark_jit

ROOT = Path(__file__).resolve().parents[1]
PACKAGE_ROOT = Path(dark_jit.__file__).resolve().parents[1]


@contextmanager
def restless() -> Iterator[None]:
    """Inside, the interpreter changes between threads as often as it can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


def at_once(*functions: Callable[[], Any], seconds: float = 120) -> list[Any]:
    """The results of the functions, each run by a thread of its own, all started together. Raises what one raised."""
    start, results, failures = threading.Barrier(len(functions)), [None] * len(functions), []

    def call(place: int) -> None:
        try:
            start.wait()
            results[place] = functions[place]()
        except BaseException as error:
            failures.append(error)

    with restless():
        threads = [threading.Thread(target=call, args=(place,), daemon=True) for place in range(len(functions))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(seconds)
    if failures:
        raise failures[0]
    assert not any(thread.is_alive() for thread in threads), "threads wait for each other"
    return results


def run_script(text: str, seconds: float = 60, code: int = 0, **environment: str) -> str:
    """The output of a script in an interpreter of its own, which must end with this code and complain of nothing.

    It can import `tests`, and the dark_jit that is tested here. `environment` is added to what is set.
    """
    path = os.pathsep.join([str(PACKAGE_ROOT), str(ROOT), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", textwrap.dedent(text)],
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        env={**os.environ, "PYTHONPATH": path, **environment},
    )
    assert done.returncode == code and not done.stderr, (done.returncode, done.stdout, done.stderr)
    return done.stdout
