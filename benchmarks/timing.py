"""How things are timed: interleaved rounds, medians with their spread, and a check that all candidates agree.

Candidates do the same work in different libraries. They take turns within each round, so that a slow moment of the
machine hits all of them; before each turn there is a pause, because the OpenMP workers of the peers spin on for a while
after a call, and then a warm-up, because a pause lets caches, clocks and sleeping workers go cold.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

OURS = "dark_jit"
PAUSE = 0.01  # seconds before each turn
WARM_UP = 0.004  # seconds of calls before those that count; at least one call
TURN = 0.03  # seconds that the counted calls of a turn are to take
BUDGET = 0.6  # seconds for all turns of one candidate
ROUNDS = (5, 15)  # at least, at most

Candidate = Callable[[], object]


@dataclass(frozen=True)
class Timing:
    """Seconds for one call: the median of the rounds, the fastest and the slowest round."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, samples: Sequence[float]) -> Timing:
        """The summary of one sample for each round."""
        return cls(statistics.median(samples), min(samples), max(samples))


@dataclass(frozen=True)
class Result:
    """One row of a table: the same work by several candidates. `flops` is 0 where time is the figure.

    bytes: what goes to or from memory at least, where that is what the work waits for. unit: "bytes" where the timings
    are not seconds.
    """

    group: str
    name: str
    timings: Mapping[str, Timing] = field(default_factory=dict)
    flops: int = 0
    failure: str = ""
    bytes: int = 0
    unit: str = "seconds"


def measure(
    group: str,
    name: str,
    candidates: Mapping[str, Candidate],
    flops: int = 0,
    tolerance: float = 1e-4,
    nbytes: int = 0,
) -> Result:
    """Times the candidates, or says in `failure` which of them computes something else.

    Outputs may differ from the last candidate's by `tolerance`, relative to its largest value.
    """
    failure = disagreement(candidates, tolerance)
    if failure:
        return Result(group, name, failure=failure)
    return Result(group, name, interleave(candidates), flops, bytes=nbytes)


def disagreement(candidates: Mapping[str, Candidate], tolerance: float) -> str:
    """Which candidate's output differs from the last one's and by how much; empty if none does."""
    outputs = {name: as_numpy(candidate()) for name, candidate in candidates.items()}
    reference_name, reference = list(outputs.items())[-1]
    scale = float(np.max(np.abs(reference)))
    for name, output in outputs.items():
        if output.shape != reference.shape:
            return f"{name} gives shape {output.shape}, {reference_name} {reference.shape}"
        error = float(np.max(np.abs(output - reference)))
        if not error <= tolerance * scale:  # written so that NaN fails too
            return f"{name} differs from {reference_name} by {error:.1e}, where the largest value is {scale:.1e}"
    return ""


def as_numpy(output: Any) -> NDArray[np.float64]:
    """An array, or a tensor of any of the libraries, as float64."""
    if hasattr(output, "detach"):
        output = output.detach().numpy()
    return np.asarray(output, np.float64)


def interleave(candidates: Mapping[str, Candidate]) -> dict[str, Timing]:
    """Seconds for a call of each candidate. The candidate that begins changes from round to round."""
    names = list(candidates)
    duration = {name: seconds_per_call(candidates[name], 2) for name in names}
    slowest = max(TURN, *duration.values())
    rounds = min(max(int(BUDGET / slowest), ROUNDS[0]), ROUNDS[1])
    samples: dict[str, list[float]] = {name: [] for name in names}
    gc.collect()
    gc.disable()
    try:
        for number in range(rounds):
            first = number % len(names)
            for name in names[first:] + names[:first]:
                calls = max(1, round(TURN / duration[name]))
                samples[name].append(turn(candidates[name], calls))
    finally:
        gc.enable()
    return {name: Timing.of(samples[name]) for name in names}


def turn(candidate: Candidate, calls: int) -> float:
    """Pause, warm-up, then the mean time of so many calls."""
    time.sleep(PAUSE)
    start = time.perf_counter()
    candidate()
    while time.perf_counter() - start < WARM_UP:
        candidate()
    return seconds_per_call(candidate, calls)


def seconds_per_call(candidate: Candidate, calls: int) -> float:
    """The mean time of so many calls, one after the other."""
    start = time.perf_counter()
    for _ in range(calls):
        candidate()
    return (time.perf_counter() - start) / calls
