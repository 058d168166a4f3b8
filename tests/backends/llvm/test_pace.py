"""The number of workers of a short program follows the clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import config
from dark_jit.backends.llvm import pace
from dark_jit.backends.llvm.pace import KEPT, SHORT, TRIES, Pace


class Machine:
    """Runs of a program take as many seconds as is said for each number of workers."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, seconds: Mapping[int, float]) -> None:
        monkeypatch.setattr(config, "threads", lambda: 8)
        self.now, self.seconds, self.asked = 0.0, dict(seconds), list[int]()
        monkeypatch.setattr(pace.time, "perf_counter", lambda: self.now)

    def run(self, pointers: Sequence[int], workers: int) -> tuple[int, ...] | None:
        self.asked.append(workers)
        self.now += self.seconds[workers]
        return (workers,) if pointers else None


def chosen(machine: Machine, most: int, shares: int = 4) -> int:
    found = Pace(most, shares, machine.run)
    for _ in range(10 * TRIES):
        found.run([])
    return machine.asked[-1]


@pytest.mark.parametrize(
    ("seconds", "want"),
    [
        ({1: 1.0, 2: 0.6}, 2),
        ({1: 1.0, 2: 0.97}, 1),  # within noise
        ({1: 1.0, 2: 3.0}, 1),
        ({1: 1.0, 4: 0.5, 8: 0.3}, 8),
        ({1: 1.0, 4: 0.5, 8: 0.9}, 4),
        ({1: 1.0, 4: 2.0, 8: 0.9}, 8),
    ],
)
def test_the_fastest_is_kept(seconds: dict[int, float], want: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen(Machine(monkeypatch, seconds), max(seconds)) == want


def test_the_first_run_has_most_workers_and_its_time_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, {1: 1.0, 2: 100.0})
    found = Pace(2, 4, machine.run)
    found.run([])
    machine.seconds[2] = 0.5
    for _ in range(2 * TRIES):
        found.run([])
    assert machine.asked[:3] == [2, 1, 2]
    assert found.workers == 2


def test_long_programs_and_those_for_one_worker_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    for most, shares in ((2, SHORT + 1), (1, 1)):
        machine = Machine(monkeypatch, {1: 0.1, 2: 1.0})
        chosen(machine, most, shares)
        assert set(machine.asked) == {most}


def test_it_is_tried_again_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, {1: 1.0, 2: 2.0})
    found = Pace(2, 4, machine.run)
    for _ in range(2 * TRIES):
        found.run([])
    machine.seconds[2] = 0.5
    for _ in range(KEPT - 1):
        found.run([])
    assert found.workers == 1
    for _ in range(2 * TRIES + 1):
        found.run([])
    assert found.workers == 2


def test_the_child_of_a_fork_may_have_fewer_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = Machine(monkeypatch, {1: 1.0, 2: 0.8, 4: 0.5})
    found = Pace(4, 4, machine.run)
    monkeypatch.setattr(config, "threads", lambda: 2)
    for _ in range(10 * TRIES):
        found.run([])
    assert set(machine.asked) == {1, 2}


def test_the_status_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Pace(2, 4, Machine(monkeypatch, {1: 1.0, 2: 2.0}).run)
    assert [found.run([7]) is None for _ in range(3 * TRIES)] == [False] * (3 * TRIES)


def test_values_do_not_depend_on_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(config, "threads", lambda: 4)
    x = np.random.default_rng(0).standard_normal((300, 301)).astype(np.float32)
    fn = dark.compile(lambda x: dark.softmax(x @ x.T, axis=1) @ x)
    assert fn.program_for(x).schedule.workers > 1  # type: ignore[attr-defined]
    results = [fn(x).numpy() for _ in range(4 * TRIES)]
    for each in results[1:]:
        np.testing.assert_array_equal(each, results[0])
