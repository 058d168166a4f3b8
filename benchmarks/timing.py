"""How things are timed: interleaved rounds, medians with their spread, and a check of what candidates compute.

Candidates do the same work in different libraries. They take turns within each round, so that a slow moment of the
machine hits all of them; before each turn there is a pause, because the OpenMP workers of the peers spin on for a while
after a call, and then a warm-up, because a pause lets caches, clocks and sleeping workers go cold.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

OURS = "dark_jit"
PAUSE = 0.01  # seconds before each turn
WARM_UP = 0.004  # seconds of calls before those that count; at least one call
SEEDS = (0, 1, 2)  # of arguments, where a row is measured for several

Array = NDArray[Any]
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

    def plain(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    @classmethod
    def from_plain(cls, fields: Mapping[str, Any]) -> Result:
        """The result that gave these."""
        timings = {name: Timing(**timing) for name, timing in fields["timings"].items()}
        return cls(**{**fields, "timings": timings})


@dataclass(frozen=True)
class Clock:
    """How long a call takes: `turn(candidate, calls)` warms the candidate up, then takes the mean of so many calls.

    The counted calls of a turn are to take `seconds`, all turns of one candidate `budget`; the number of rounds lies
    between the two of `rounds`.
    """

    turn: Callable[[Candidate, int], float]
    seconds: float = 0.03
    budget: float = 0.6
    rounds: tuple[int, int] = (5, 15)


def wall_turn(candidate: Candidate, calls: int) -> float:
    """By the clock on the wall, after a pause and a warm-up."""
    time.sleep(PAUSE)
    start = time.perf_counter()
    candidate()
    while time.perf_counter() - start < WARM_UP:
        candidate()
    start = time.perf_counter()
    for _ in range(calls):
        candidate()
    return (time.perf_counter() - start) / calls


WALL = Clock(wall_turn)


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


@dataclass(frozen=True)
class Problem:
    """Candidates with their arguments, what they should compute in float64 (None: what the last one computes), and how
    far they may be from it."""

    candidates: Mapping[str, Candidate]
    reference: Sequence[Array] | None
    tolerance: float


def measure_seeds(
    group: str,
    name: str,
    problem: Callable[[int], Problem],
    clock: Clock = WALL,
    flops: int = 0,
    nbytes: int = 0,
) -> Result:
    """As `measure`, of the problem that each seed gives: the median over the seeds, with the lowest and the highest."""
    medians: dict[str, list[float]] = {}
    for seed in SEEDS:
        given = problem(seed)
        failure = disagreement(given.candidates, given.tolerance, given.reference)
        if failure:
            return Result(group, name, failure=f"{failure} (seed {seed})")
        for library, timing in interleave(given.candidates, clock).items():
            medians.setdefault(library, []).append(timing.median)
    return Result(group, name, {library: Timing.of(found) for library, found in medians.items()}, flops, bytes=nbytes)


def disagreement(
    candidates: Mapping[str, Candidate], tolerance: float, reference: Sequence[Array] | None = None
) -> str:
    """Which candidate's outputs differ from the reference and by how much; empty if none does.

    Without a reference the last candidate's outputs are it.
    """
    outputs = {name: as_arrays(candidate()) for name, candidate in candidates.items()}
    wanted_name, wanted = ("float64", reference) if reference is not None else list(outputs.items())[-1]
    for name, found in outputs.items():
        if len(found) != len(wanted):
            return f"{name} gives {len(found)} outputs, {wanted_name} {len(wanted)}"
        for one, other in zip(found, wanted, strict=True):
            if one.shape != other.shape:
                return f"{name} gives shape {one.shape}, {wanted_name} {other.shape}"
            scale = float(np.max(np.abs(other)))
            error = float(np.max(np.abs(one - other)))
            if not error <= tolerance * scale:  # written so that NaN fails too
                return f"{name} differs from {wanted_name} by {error:.1e}, where the largest value is {scale:.1e}"
    return ""


def as_arrays(output: Any) -> list[NDArray[np.float64]]:
    """One output or several: arrays, tensors of any of the libraries, or buffers of ours, as float64."""
    return [as_numpy(each) for each in (output if isinstance(output, list | tuple) else [output])]


def as_numpy(output: Any) -> NDArray[np.float64]:
    """One of them."""
    for method in ("detach", "cpu", "numpy", "array"):  # PyTorch's, and ours
        if hasattr(output, method):
            output = getattr(output, method)()
    return np.asarray(output, np.float64)


def interleave(candidates: Mapping[str, Candidate], clock: Clock = WALL) -> dict[str, Timing]:
    """Seconds for a call of each candidate. The candidate that begins changes from round to round."""
    names = list(candidates)
    duration = {name: clock.turn(candidates[name], 2) for name in names}
    slowest = max(clock.seconds, *duration.values())
    rounds = min(max(int(clock.budget / slowest), clock.rounds[0]), clock.rounds[1])
    samples: dict[str, list[float]] = {name: [] for name in names}
    gc.collect()
    gc.disable()
    try:
        for number in range(rounds):
            first = number % len(names)
            for name in names[first:] + names[:first]:
                calls = max(1, round(clock.seconds / duration[name]))
                samples[name].append(clock.turn(candidates[name], calls))
    finally:
        gc.enable()
    return {name: Timing.of(samples[name]) for name in names}
