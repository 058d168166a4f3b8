"""The lock that everything shared between threads is guarded by."""

from __future__ import annotations

import os
import threading
from weakref import WeakSet

_ReentrantLock = type(threading.RLock())


class Lock(_ReentrantLock):  # type: ignore[valid-type, misc]
    """A reentrant lock that the child of a fork finds free, if another thread of the parent held it.

    Reentrant, because the garbage collector may run a user's finaliser, and that dark_jit's own operations, wherever
    memory is allocated. What it guards must be consistent between any two steps: in the child nobody finishes them.
    """

    __slots__ = ()

    def __new__(cls) -> Lock:
        """A free lock."""
        lock: Lock = super().__new__(cls)
        _all.add(lock)
        return lock


_all: WeakSet[Lock] = WeakSet()


def _free_in_child() -> None:
    """The threads that held locks are not in the child; only the one that forked is."""
    for lock in _all:
        if not lock._is_owned():
            lock._at_fork_reinit()


os.register_at_fork(after_in_child=_free_in_child)
