"""Settings that all tests share."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import tempfile

import hypothesis
import pytest

# No deadline: a first example compiles kernels. The same examples in every run: a failure is a change's own.
# .ci/full takes twice as many (--hypothesis-profile=full).
for name, examples in (("dark_jit", 50), ("full", 100)):
    hypothesis.settings.register_profile(name, max_examples=examples, deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("dark_jit")

_CACHE = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """A cache of compiled kernels that this run alone has; processes that run a part of it, and children, find it."""
    # A shell starts what it runs in the background with SIGINT ignored; tests of interrupts need it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.setdefault("USE_CPU", "1")  # tests that want a card name it
    if not hasattr(config, "workerinput"):
        folder = tempfile.mkdtemp(prefix="dark_jit-cache-")
        config.stash[_CACHE] = os.environ["DARK_JIT_CACHE_DIR"] = folder


def pytest_collection_finish() -> None:
    """Some ten thousand tests and what they import stay; the collector, and who asks it for referrers as a trace does,
    need not walk over them each time."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove it."""
    if folder := config.stash.get(_CACHE, ""):
        shutil.rmtree(folder, ignore_errors=True)
