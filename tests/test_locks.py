"""The lock: reentrant, and free in the child of a fork unless the thread that forked has it."""

from __future__ import annotations

from dark_jit import locks
from dark_jit.locks import Lock

from .concurrency import at_once, run_script


def test_one_thread_has_it_and_may_take_it_again() -> None:
    lock, inside = Lock(), []

    def work() -> None:
        for _ in range(200):
            with lock, lock:
                inside.append(1)
                assert len(inside) == 1
                inside.pop()

    at_once(*[work] * 4)


def test_the_child_of_a_fork_finds_it_free() -> None:
    run_script("""
        import os, threading
        from dark_jit.locks import Lock
        theirs, mine = Lock(), Lock()
        taken, done = threading.Event(), threading.Event()
        def hold():
            with theirs:
                taken.set()
                done.wait()
        thread = threading.Thread(target=hold)
        thread.start()
        taken.wait()
        with mine:
            pid = os.fork()
            if pid == 0:
                os._exit(0 if theirs.acquire(timeout=5) and mine._is_owned() else 1)
            assert os.waitpid(pid, 0)[1] == 0
            assert not theirs.acquire(blocking=False)
        done.set()
        thread.join()
    """)


def test_a_lock_is_forgotten_with_its_owner() -> None:
    before = len(locks._all)
    lock = Lock()
    assert len(locks._all) == before + 1
    del lock
    assert len(locks._all) == before
