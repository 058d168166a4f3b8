"""How many workers run a short program: what the clock says.

Whether a second worker pays depends on how long cores take to wake and to meet, and on what else they do; a model of
the work does not know. Results are the same with any number of workers, so the first runs try what comes into question,
and the fastest is kept for a while.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any

from dark_jit import config

TRIES = 12  # runs with each number of workers; the first one wakes threads, and half of the others may be disturbed
KEPT = 20_000  # runs until it is tried again
FASTER = 0.95  # of the time of fewer workers, more of them may take at most
SHORT = 64  # shares of work: beyond, all workers pay

Status = tuple[int, ...] | None
Runner = Callable[[Sequence[int], int], Status]


class Pace:
    """The runs of a program that is worth `most` workers."""

    def __init__(self, most: int, shares: int, run: Runner) -> None:
        """`shares`: how much work there is, in what a worker's wake is worth."""
        self._run = run
        self._candidates = sorted({1, max(1, most // 2), most}) if shares <= SHORT else [most]
        self._workers = most
        self._runs = 0  # since the last decision, or the last try
        self._times: dict[int, list[float]] | None = None
        if len(self._candidates) > 1:
            self._try_again()

    @property
    def workers(self) -> int:
        """How many run it now; while it is tried, the most."""
        return self._workers

    def run(self, pointers: Sequence[int]) -> Status:
        """Run the program on the buffers at `pointers`; None, or the status if it is set."""
        times = self._times
        if times is not None:
            return self._tried(pointers, times)
        self._runs += 1
        if self._runs >= KEPT and len(self._candidates) > 1:
            self._try_again()
        return self._at_most(pointers, self._workers)

    def _at_most(self, pointers: Sequence[int], workers: int) -> Status:
        """A run; the child of a fork may have fewer cores than there were."""
        return self._run(pointers, min(workers, config.threads()))

    def _try_again(self) -> None:
        self._times = {workers: [] for workers in self._candidates}

    def _tried(self, pointers: Sequence[int], times: dict[int, list[Any]]) -> Status:
        """A run with the number of workers that has fewest runs so far, the most first."""
        workers = min(self._candidates, key=lambda count: (len(times[count]), -count))
        start = time.perf_counter()
        status = self._at_most(pointers, workers)
        times[workers].append(time.perf_counter() - start)
        if all(len(each) >= TRIES for each in times.values()):
            self._workers, self._times, self._runs = _fastest(times), None, 0
        return status


def _fastest(times: dict[int, list[float]]) -> int:
    """The number of workers with the least time; fewer, unless more are clearly faster."""
    best, least = 0, 0.0
    for workers in sorted(times):
        typical = statistics.median(times[workers][1:])
        if not best or typical <= FASTER * least:
            best, least = workers, typical
    return best
