"""Rule 12 beyond threads: forks, exits, interrupts, the cores that a process may use; in interpreters of their own."""

from __future__ import annotations

import os
import textwrap

import pytest

from ..concurrency import run_script

HEAD = """
import atexit, functools, gc, multiprocessing, os, signal, sys, threading, time
import numpy as np
import dark_jit as dark
from dark_jit import config
from dark_jit.backends.llvm import pool

a = np.random.default_rng(0).normal(size=(96, 97)).astype(np.float32)
wanted = np.tanh(a @ a.T)   # once: OpenBLAS, unlike dark_jit, can hang in the child of a fork amid its product
counter, other = dark.asarray(0), dark.asarray(0)

@dark.compile
def product(x, y):
    return dark.tanh(x @ y)

@dark.compile
def count():
    counter.data = counter + 1
    other.data = other + 1

def close(found, wanted):
    np.testing.assert_allclose(found.numpy(), wanted, rtol=1e-4, atol=1e-4)

def work(times=1):
    '''Compiled and lazy programs, shared among workers and small, old and new; all results are compared.'''
    for _ in range(times):
        with config.overridden(threads=2):
            close(product(a, a.T), wanted)
            close(dark.exp(dark.asarray(a) / 9).sum(0), np.exp(a / 9).sum(0))
        number = time.perf_counter_ns() % 1000
        close(dark.compile(lambda x: x * number)(a), a * number)
        x = dark.zeros(3)
        x += 2
        assert (x * 3).tolist() == [6, 6, 6]
        before = counter.item()
        count()
        assert counter.item() > before

def child(action=work):
    signal.alarm(30)    # a child that waits for ever is killed
    try:
        action()
        sys.stdout.flush()
        os._exit(0)
    except BaseException as error:
        print(repr(error), flush=True)
        os._exit(1)

def fork(action=work):
    pid = os.fork()
    if pid == 0:
        child(action)
    assert os.waitpid(pid, 0)[1] == 0

def in_background(*actions):
    '''Repeat the actions in a thread each, until `stop` is called.'''
    going, failures = [1], []
    def repeat(action):
        try:
            while going:
                action()
        except BaseException as error:
            failures.append(error)
    threads = [threading.Thread(target=repeat, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    def stop():
        going.clear()
        for thread in threads:
            thread.join()
        assert not failures, failures
    return stop
"""


@pytest.fixture
def on_each_backend() -> None:
    """What is tested here is the CPU's."""


def script(text: str, code: int = 0, **environment: str) -> str:
    """Run a script with the definitions above."""
    return run_script(HEAD + textwrap.dedent(text), code=code, **environment)


# Forks


def test_fork_before_and_after_the_first_use() -> None:
    script("""
        fork()
        work(3)
        for _ in range(5):
            fork()
            work()
    """)


def test_a_child_may_fork_and_end_as_usual() -> None:
    """By sys.exit: what is registered for the end of an interpreter runs in the child too."""
    script("""
        work()
        pid = os.fork()
        if pid == 0:
            work()
            fork()
            sys.exit(7)
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7
        work()
    """)


def test_fork_while_other_threads_compile_and_run() -> None:
    script("""
        work()
        stop = in_background(work, work)
        for _ in range(15):
            fork()
        stop()
        work()
    """)


def test_fork_from_another_thread() -> None:
    script("""
        work()
        stop = in_background(fork, work)
        work(5)
        stop()
    """)


def test_fork_in_the_midst_of_a_trace() -> None:
    """In the child, what the trace had borrowed has its value, others may trace, and the collector is at work."""
    script("""
        traced, forked = threading.Event(), threading.Event()
        p = dark.Parameter([1.0])
        @dark.compile
        def step():
            counter.data = counter + 5
            (p * 2.0).sum().backward()
            traced.set()
            forked.wait()
        def look():
            assert gc.isenabled() and counter.item() == 0 and p.grad is None
            work()
            forked.set()
            step()
            assert counter.item() == 6 and p.grad.item() == 2
        thread = threading.Thread(target=step)
        thread.start()
        traced.wait()
        fork(look)
        forked.set()
        thread.join()
        assert counter.item() == 5 and gc.isenabled()
    """)


def test_a_trace_may_fork() -> None:
    script("""
        @dark.compile
        def step(x):
            counter.data = counter + 1
            if not pids:
                pids.append(os.fork())
            return x * 2
        pids = []
        assert step(dark.asarray(4)).item() == 8 and counter.item() == 1
        if pids[0] == 0:
            child()
        assert os.waitpid(pids[0], 0)[1] == 0
    """)


def test_fork_in_the_midst_of_a_write_back() -> None:
    """The child finishes it: state is never written half."""
    script("""
        from dark_jit.tensor.handle import Handle
        count()
        halfway, forked, settle = threading.Event(), threading.Event(), Handle._settle
        def slow(self, buffer):
            settle(self, buffer)
            if threading.current_thread() is thread and not halfway.is_set():
                halfway.set()
                forked.wait()
        Handle._settle = slow
        def look():
            assert counter.item() == other.item() == 2, (counter, other)
            work()
        thread = threading.Thread(target=count)
        thread.start()
        halfway.wait()
        fork(look)
        forked.set()
        thread.join()
        assert counter.item() == other.item() == 2
    """)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_multiprocessing(method: str, tmp_path: object) -> None:
    path = os.path.join(str(tmp_path), "job.py")
    with open(path, "w") as file:
        file.write(
            HEAD
            + textwrap.dedent(f"""
            def job(k):
                work()
                return float(product(a[:k], a.T).numpy().sum())

            if __name__ == "__main__":
                {"work()" if method == "fork" else ""}
                with multiprocessing.get_context({method!r}).Pool(2) as workers:
                    found = workers.map(job, range(1, 5))
                np.testing.assert_allclose(found, [np.tanh(a[:k] @ a.T).sum() for k in range(1, 5)], rtol=1e-3)
        """)
        )
    run_script(f"import runpy; runpy.run_path({path!r}, run_name='__main__')")


# Exits

EXITS = {
    "parked workers": "time.sleep(0.05)",
    "a daemon in a long program": """
        def forever():
            x = np.ones((64, 1 << 18), np.float32)
            while True:
                dark.sum(dark.exp(dark.sin(x)), 1).numpy()
        threading.Thread(target=forever, daemon=True).start()
        time.sleep(0.3)
    """,
    "daemons that compile and run": """
        for _ in range(3):
            threading.Thread(target=lambda: work(10**9), daemon=True).start()
        time.sleep(0.2)
    """,
    "a daemon that traces": """
        threading.Thread(target=dark.compile(lambda: time.sleep(100)), daemon=True).start()
        time.sleep(0.1)
    """,
    "pending Tensors": """
        p = dark.Parameter(np.ones(3))
        pending = [dark.asarray(a) @ a.T + k for k in range(5)] + [(p * p).sum()]
        pending[-1].item()
    """,
    "sys.exit in a thread": """
        thread = threading.Thread(target=lambda: (work(), sys.exit(3)))
        thread.start()
        thread.join()
        work()
    """,
    "a thread that outlives the main one": """
        threading.Thread(target=lambda: (time.sleep(0.1), work(3))).start()
    """,
    "work at the end": """
        atexit.register(work)
    """,
    "os._exit beside running workers": """
        threading.Thread(target=lambda: work(10**9), daemon=True).start()
        time.sleep(0.1)
        os._exit(0)
    """,
}


@pytest.mark.parametrize("times", [2, pytest.param(40, marks=pytest.mark.slow)])
@pytest.mark.parametrize("case", EXITS)
def test_interpreters_end_cleanly(case: str, times: int) -> None:
    for _ in range(times):
        script("work()\n" + textwrap.dedent(EXITS[case]))


def test_the_code_of_an_exit_is_kept() -> None:
    script("work()\nsys.exit(5)", code=5)


# Interrupts


def test_an_interrupt_arrives_when_the_program_ends() -> None:
    """State is as before or wholly new, and everything works on."""
    script("""
        x = np.ones((64, 1 << 20), np.float32)
        total = dark.zeros(64)
        @dark.compile
        def long(x):
            counter.data = counter + 1
            other.data = other + 1
            return dark.sum(dark.exp(dark.sin(dark.cos(x))), 1)
        first = long(x).numpy()
        interrupts, known = 0, counter.item()
        for attempt in range(6):
            timer = threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGINT))
            try:
                timer.start()
                if attempt % 2:
                    long(x)
                else:
                    dark.sum(dark.exp(dark.sin(dark.cos(dark.asarray(x)))), 1).numpy()
                time.sleep(2)
            except KeyboardInterrupt:
                interrupts += 1
            timer.join()
            assert counter.item() == other.item() in (known, known + 1)
            known = counter.item()
        assert interrupts == 6
        assert (long(x).numpy() == first).all()
        work()
    """)


def test_signal_handlers_that_raise_leave_state_whole() -> None:
    """Wherever they strike: in a trace, in the program, in the write-back."""
    script("""
        class Stop(Exception):
            pass
        def stop(*_):
            raise Stop
        signal.signal(signal.SIGALRM, stop)
        sys.unraisablehook = lambda *_: None
        states = [dark.asarray(0) for _ in range(12)]
        p = dark.Parameter([0.0])
        def make():
            @dark.compile
            def step():
                for state in states:
                    state.data = state + 1
                (p * 2.0).sum().backward()
            return step
        stops, rng = 0, np.random.default_rng(0)
        steps = [make() for _ in range(4)]
        os.environ["DARK_JIT_CACHE_DIR"] = "off"
        steps[0]()    # Jinja, which renders the kernels, cannot take such a thing
        for number in range(600):
            try:
                # again after a while, for where it strikes in a finaliser Python ignores it
                signal.setitimer(signal.ITIMER_REAL, 10 ** rng.uniform(-5, -1.5), 0.1)
                while True:
                    steps[number % 4]()
            except Stop:
                signal.setitimer(signal.ITIMER_REAL, 0)
                stops += 1
            values = {state.item() for state in states}
            assert len(values) == 1, values
            assert p.grad.item() == 2 * max(values)
            if number % 50 == 49:
                steps = [make() for _ in range(4)]
        assert stops == 600 and max(values) > 100, (stops, values)
        assert gc.isenabled() and sys.getprofile() is None
        work()
    """)


# Finalisers


def test_finalisers_may_use_tensors_wherever_they_run() -> None:
    script("""
        class Cycle:
            def __init__(self):
                self.me = self
            def __del__(self):
                gc.set_threshold(1000)
                count()
                assert (dark.zeros(2) + 1).tolist() == [1, 1]
                global ran
                ran += 1
        ran = 0
        gc.freeze()
        for number in range(300):    # the collection comes after so many objects more
            gc.disable()
            gc.collect()
            Cycle()
            gc.set_threshold(1 + number)
            gc.enable()
            x = dark.asarray([1.0, 2.0])
            x[0] += number
            y = (dark.exp(x * 0) + x).numpy()
            count()
            if number % 60 == 0:
                work()
        gc.collect()
        assert ran > 290 and counter.item() == other.item()
    """)


# Cores


def test_one_core_means_one_worker() -> None:
    """And small programs wake nobody, however many cores there are."""
    script("""
        product(np.ones((8, 8), np.float32), np.ones((8, 8), np.float32)).numpy()
        assert threading.active_count() == 1
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
        config.cores.cache_clear()
        config.threads.cache_clear()
        x = np.ones((400, 400), np.float32)
        assert (product(x, x / 400).numpy() > 0.76).all()
        assert config.threads() == 1 and threading.active_count() == 1
    """)


@pytest.mark.parametrize("asked", ["1", "2", "64"])
def test_there_are_never_more_workers_than_cores(asked: str) -> None:
    script(
        f"""
        cores = len(os.sched_getaffinity(0))
        x = np.ones((500, 500), np.float32)
        product(x, x).numpy()
        assert config.threads() == min({asked}, config.cores()) and config.cores() <= cores
        assert threading.active_count() == config.threads()
        """,
        DARK_JIT_THREADS=asked,
    )


def test_the_child_of_a_fork_looks_at_its_own_cores() -> None:
    script("""
        x = np.ones((500, 500), np.float32)
        product(x, x).numpy()
        def pinned():
            os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
            product(x, x).numpy()
            assert config.threads() == config.cores() == threading.active_count() == 1
        fork(pinned)
    """)
