"""The walker and its pool: random programs against a model, teams of any size, beside forks, exits and interrupts.

Every test here runs with both ways of waiting: futex, and the portable one.
"""

from __future__ import annotations

import functools
import os
import platform
import signal
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import jinja2
import numpy as np
import pytest

from dark_jit.backends.llvm import pool
from dark_jit.backends.llvm.compile import Module, compile_module
from dark_jit.backends.llvm.runtime import Arena, Executable, External, KernelCall, Slot, Status
from dark_jit.backends.llvm.target import machine
from dark_jit.lowering.kernel import MANY

from ...concurrency import run_script

HERE = Path(__file__).resolve().parent
CELLS, EXTERNAL_BUFFERS, ARENA_BUFFERS, LONGEST = 64, 4, 2, 30
BUFFERS = EXTERNAL_BUFFERS + ARENA_BUFFERS
TRIP = 7
RELAX = "pause" if platform.machine() == "x86_64" else "yield"


@functools.cache
def kernels() -> Module:
    """The kernels of walker_check.ll.j2."""
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    text = environment.from_string((HERE / "walker_check.ll.j2").read_text()).render(cells=CELLS, relax=RELAX)
    return compile_module(text, machine().isa)


def settle(workers: int) -> None:
    """Wait until the threads of a team of `workers` have arrived in the pool."""
    pool.reserve(workers)
    while pool.present() < workers - 1:
        time.sleep(0.0005)


class Random:
    """A random program over six buffers, two of them in the arena, and what NumPy says that it does."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.census = np.zeros((pool.MAXIMUM + 1, 2), np.int64)
        self.real = self.rng.integers(0, 2**63, (EXTERNAL_BUFFERS, CELLS), np.uint64)
        self.turn = (np.arange(CELLS) + np.arange(CELLS)[:, None]) % CELLS
        self.write()

    def write(self) -> None:
        """Draw another program."""
        rng, self.steps = self.rng, []
        calls = [KernelCall(kernels().address("census"), (External(0),), MANY, False)]
        for target in range(EXTERNAL_BUFFERS, BUFFERS):  # the arena's contents are undefined at first
            self.steps.append((target - EXTERNAL_BUFFERS, target, False, target == BUFFERS - 1, 0))
        mean, left, roles = rng.choice([1, 2, 5, 100]), False, np.arange(BUFFERS)
        for _ in range(rng.integers(0, LONGEST + 1)):
            # Entries between two barriers are independent: 0, 1 are read, 2, 3 written in parallel, 4, 5 serially.
            roles = roles if left else rng.permutation(BUFFERS)
            left = rng.random() >= 1 / mean
            serial = rng.random() < 0.25
            source, target = roles[rng.integers(2)], roles[(4 if serial else 2) + rng.integers(2)]
            self.steps.append((source, target, serial, not left, 1))
        self.parameters = np.zeros((len(self.steps), 5), np.uint64)
        self.parameters[:, 0] = rng.integers(0, CELLS, len(self.steps))
        self.parameters[:, 1] = rng.integers(0, 2**63, len(self.steps), np.uint64)
        self.parameters[:, 2] = [keep for *_, keep in self.steps]
        self.parameters[:, 4] = rng.choice([0, 0, 255, 2047])
        if rng.random() < 0.2:
            self.parameters[rng.integers(len(self.steps)), 3] = TRIP
        for row, (source, target, serial, barrier, _) in enumerate(self.steps):
            slots = (self.slot(source), self.slot(target), External(1 + EXTERNAL_BUFFERS + row), Status())
            calls.append(KernelCall(kernels().address("mix"), slots, 1 if serial else MANY, bool(barrier)))
        self.program = Executable(calls, ARENA_BUFFERS * CELLS * 8, 1 + EXTERNAL_BUFFERS + len(self.steps))
        rows = [*self.real, *self.parameters]
        self.pointers = [self.census.ctypes.data, *(row.__array_interface__["data"][0] for row in rows)]

    @staticmethod
    def slot(buffer: int) -> Slot:
        if buffer < EXTERNAL_BUFFERS:
            return External(1 + int(buffer))
        return Arena((int(buffer) - EXTERNAL_BUFFERS) * CELLS * 8)

    def model(self) -> tuple[np.ndarray, tuple[int, ...] | None]:
        """What the external buffers and the status should be after a run."""
        cells, status = np.zeros((BUFFERS, CELLS), np.uint64), None
        cells[:EXTERNAL_BUFFERS] = self.real
        for (source, target, _, barrier, _), (shift, factor, keep, trip, _) in zip(
            self.steps, self.parameters, strict=True
        ):
            cells[target] = cells[target] * keep + cells[source][self.turn[shift]] * factor + np.uint64(1)
            status = (TRIP, int(shift), 0, 0) if trip else status
            if status and barrier:
                break
        return cells[:EXTERNAL_BUFFERS], status

    def check(self, workers: int, teams: set[int]) -> int:
        """Run the program and compare all that it did; return the size of its team, which must be in `teams`."""
        expected, expected_status = self.model()
        self.census[:] = 0
        status = self.program.run(self.pointers, workers)
        team = int(self.census[0, 1])
        assert status == expected_status
        assert team in teams
        assert (self.census[:team] == (1, team)).all() and not self.census[team:].any()
        assert (self.real == expected).all(), "wrong numbers"
        return team

    def stress(self, programs: int, most: int, busy: bool = False) -> set[int]:
        """Check random programs on random numbers of workers, each three times; the team sizes that were seen."""
        seen = set()
        for _ in range(programs):
            self.write()
            for workers in self.rng.integers(1, most + 1, 3).tolist():
                seen.add(self.check(workers, {1, workers} if busy else {workers}))
        return seen


@pytest.fixture(params=["futex", "portable"], autouse=True)
def waiting(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A walker, and a pool of its own, that wait in this way."""
    if request.param == "portable":
        monkeypatch.setattr(pool, "_CALLS", {})
    elif "@syscall" not in pool.walker_text():
        pytest.skip("the walker knows no futex on this system")
    pool.walker.cache_clear()
    process = pool._Process()
    monkeypatch.setattr(pool, "_process", process)
    monkeypatch.setattr(pool, "reserve", process.reserve)
    yield request.param
    process._close()
    pool.walker.cache_clear()


@pytest.fixture
def script(waiting: str) -> Callable[[str], str]:
    """Runs a script in an interpreter of its own, with this file as `t`; its output."""
    head = "import os, signal, sys, threading, time\nimport tests.backends.llvm.test_pool as t\n"
    head += "t.pool._CALLS = {}\n" if waiting == "portable" else ""
    return lambda text: run_script(head + textwrap.dedent(text))


@pytest.mark.parametrize("runs", [4_500, pytest.param(100_000, marks=pytest.mark.slow)])
def test_random_programs_on_teams_of_any_size(runs: int, waiting: str) -> None:
    settle(4)
    fewer = 10 if waiting == "portable" and runs < 100_000 else 1  # it naps
    assert Random(0).stress(-(-runs // 3 // fewer), most=4) == {1, 2, 3, 4}


def test_callers_at_the_same_time_do_not_disturb_each_other() -> None:
    settle(4)
    failures: list[BaseException] = []

    def call(seed: int) -> None:
        try:
            Random(seed).stress(100, most=4, busy=True)
        except BaseException as error:
            failures.append(error)

    callers = [threading.Thread(target=call, args=(seed,)) for seed in range(1, 5)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert not failures


def test_threads_that_run_one_program_have_arenas_of_their_own() -> None:
    settle(3)
    shared, copies = Random(11), []
    while shared.model()[1] is not None:
        shared.write()
    start, outcomes = shared.real.copy(), []

    def call(real: np.ndarray, census: np.ndarray) -> None:
        pointers = [census.ctypes.data, *(row.ctypes.data for row in real), *shared.pointers[1 + EXTERNAL_BUFFERS :]]
        for _ in range(300):
            real[:] = start
            shared.program.run(pointers, 3)
            outcomes.append(real.copy())

    for _ in range(4):
        copies.append(threading.Thread(target=call, args=(start.copy(), np.zeros_like(shared.census))))
        copies[-1].start()
    for thread in copies:
        thread.join()
    assert len(outcomes) == 1200 and all((outcome == shared.model()[0]).all() for outcome in outcomes)


def test_one_worker_and_serial_programs_leave_the_pool_alone(script: Callable[[str], str]) -> None:
    script("""
        program = t.Random(1)
        program.check(1, {1})
        serial = t.KernelCall(t.kernels().address("census"), (t.External(0),), 1, True)
        t.Executable([serial, serial], 0, 1).run([program.census.ctypes.data], 4)
        assert program.census[0].tolist() == [3, 1], program.census
        assert t.pool._process.pool is None and threading.active_count() == 1
    """)


def test_walker_text_is_the_same_each_time(waiting: str) -> None:
    text = pool.walker_text()
    assert text == pool.walker_text() and ("@syscall" in text) == (waiting == "futex")


SLEEPER = """
    program = t.Random(2)
    t.settle(2)
    worker = t.pool._process.pool.threads[0].native_id
    allowed = os.sched_getaffinity(0)
    def until_it_sleeps():
        with open(f"/proc/self/task/{worker}/stat") as stat:
            while stat.read().rpartition(")")[2].split()[0] != "S":
                time.sleep(0.001)
                stat.seek(0)
    def run_after_sleep():
        until_it_sleeps()
        program.check(2, {2})
        return os.sched_getaffinity(worker)
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system has no affinities")
def test_a_worker_that_slept_may_use_its_callers_cores(script: Callable[[str], str], waiting: str) -> None:
    """It is woken beside its caller's core, and is not kept there. Without futex nothing is changed."""
    script(
        SLEEPER
        + f"""
    if {waiting == "futex" and len(os.sched_getaffinity(0)) > 1}:
        for core in allowed:
            os.sched_setaffinity(worker, [core])
            assert run_after_sleep() == allowed
    for _ in range(20):
        assert run_after_sleep() == allowed == os.sched_getaffinity(0)
    """
    )


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system has no affinities")
def test_a_team_on_one_core(script: Callable[[str], str]) -> None:
    script(
        SLEEPER
        + """
    core = [min(allowed)]
    os.sched_setaffinity(0, core)
    for _ in range(5):
        run_after_sleep()
        assert os.sched_getaffinity(0) == set(core)
    """
    )


@pytest.mark.skipif(len(getattr(os, "sched_getaffinity", lambda _: ())(0)) < 2, reason="needs two cores")
def test_a_worker_is_woken_beside_its_callers_core() -> None:
    """Seen in the affinity that it has while it walks, where it does not give the core back to itself."""
    text = pool.walker_text()
    if "@syscall" not in text:
        pytest.skip("the portable walker wakes nobody")
    run_script(
        "import os, time\nimport tests.backends.llvm.test_pool as t\n"
        f"t.pool.walker_text = lambda: {text.replace('call void @regain(ptr %mailbox)', '')!r}"
        + textwrap.dedent(SLEEPER)
        + textwrap.dedent("""
        for core in allowed:
            os.sched_setaffinity(0, [core])
            os.sched_setaffinity(0, allowed)    # here we are, with all allowed
            assert len(run_after_sleep()) == len(allowed) - 1
        """)
    )


def test_runs_that_begin_after_the_end_are_alone() -> None:
    settle(3)
    program = Random(4)
    program.check(3, {3})
    pool._process._close()
    assert program.check(3, {1}) == 1 and pool.present() == 0


FORK_CHILD = """
def child():
    signal.alarm(20)
    try:
        assert t.pool._process.pool is None
        program.check(3, {1, 2, 3})
        t.settle(3)
        for _ in range(5):
            program.check(3, {3})
            program.check(2, {2})
        threads = t.pool._process.pool.threads
        t.pool._process._close()
        os._exit(3 if any(thread.is_alive() for thread in threads) else 0)
    except BaseException as error:
        print("child:", repr(error), flush=True)
        os._exit(1)

def fork(times):
    for _ in range(times):
        pid = os.fork()
        if pid == 0:
            child()
        assert os.waitpid(pid, 0)[1] == 0
        program.check(3, {1, 3})
"""


def test_fork_before_and_after_the_first_use(script: Callable[[str], str]) -> None:
    script(
        FORK_CHILD
        + textwrap.dedent("""
        program = t.Random(7)
        pid = os.fork()
        if pid == 0:
            child()
        assert os.waitpid(pid, 0)[1] == 0
        t.settle(3)
        fork(20)
    """)
    )


def test_fork_beside_a_running_program(script: Callable[[str], str]) -> None:
    script(
        FORK_CHILD
        + textwrap.dedent("""
        program, other, going = t.Random(7), t.Random(8), True
        t.settle(3)
        def background():
            while going:
                other.check(3, {1, 3})
        thread = threading.Thread(target=background)
        thread.start()
        fork(30)
        going = False
        thread.join()
    """)
    )


@pytest.mark.parametrize(
    "last",
    [
        "time.sleep(0.05)",
        "program.check(4, {4})",
        "from dark_jit.backends.llvm.runtime import allocate; kept = allocate(100)",
        """
def call(seed):
    other = t.Random(seed)
    while True: other.check(4, {1, 4})
for seed in range(2): threading.Thread(target=call, args=(seed,), daemon=True).start()
time.sleep(0.1)
""",
        """
pid = os.fork()
program.check(4, {4} if pid else {1, 2, 3, 4})
if pid and os.waitpid(pid, 0)[1]: os._exit(9)
""",
    ],
    ids=["parked", "spinning", "with live memory", "daemon callers", "in a child too"],
)
def test_the_interpreter_ends_with_live_workers(last: str, script: Callable[[str], str]) -> None:
    source = f"program = t.Random(1); t.settle(4); program.check(4, {{4}})\n{last}\nprint(time.time(), flush=True)\n"
    assert time.time() - float(script(source).split()[-1]) < 2


def test_an_interrupt_arrives_when_the_program_ends() -> None:
    settle(2)
    pauses, census = np.array([10_000_000], np.uint64), Random(3)
    doze = KernelCall(kernels().address("doze"), (External(0),), MANY, True)
    program = Executable([doze, doze], 0, 1)
    start = time.perf_counter()
    program.run([pauses.ctypes.data], 2)
    whole = time.perf_counter() - start
    pauses[0] = int(pauses[0] * 0.1 / whole)
    for _ in range(5):
        timer = threading.Timer(0.02, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        start = time.perf_counter()
        with pytest.raises(KeyboardInterrupt):
            program.run([pauses.ctypes.data], 2)
            time.sleep(1)
        assert 0.04 < time.perf_counter() - start < 1
        timer.join()
        census.check(2, {2})


def test_signals_change_no_numbers(script: Callable[[str], str]) -> None:
    script("""
        hits = []
        signal.signal(signal.SIGALRM, lambda *_: hits.append(1))
        t.settle(4)
        program = t.Random(5)
        signal.setitimer(signal.ITIMER_REAL, 0.0005, 0.0005)
        program.stress(300 if t.pool._CALLS else 40, most=4)
        signal.setitimer(signal.ITIMER_REAL, 0, 0)
        assert len(hits) > 50, len(hits)
    """)
