"""What is checked before anything is timed, and how rounds and seeds become a row."""

from __future__ import annotations

import json
import math
import time

import numpy as np
import pytest

import dark_jit as dark
from dark_jit.backends.buffer import Buffer
from timing import (
    SEEDS,
    Candidate,
    Clock,
    Problem,
    Result,
    Timing,
    as_arrays,
    interleave,
    measure,
    measure_seeds,
    wall_turn,
)


def ticking(times: dict[Candidate, float]) -> Clock:
    """A clock that calls candidates as often as it is told, and has been told what they take."""

    def turn(candidate: Candidate, calls: int) -> float:
        for _ in range(calls):
            candidate()
        return times[candidate]

    return Clock(turn, seconds=3.0, budget=12.0, rounds=(2, 5))


def ones() -> object:
    return np.ones(3)


def wrong() -> object:
    return np.ones(3) + 0.01


@pytest.mark.usefixtures("untimed")
def test_candidates_that_agree_are_timed() -> None:
    row = measure("group", "name", {"a": ones, "b": ones}, flops=2, nbytes=4)
    assert (row.group, row.name, row.flops, row.bytes, row.failure) == ("group", "name", 2, 4, "")
    assert list(row.timings) == ["a", "b"]


def test_the_clock_on_the_wall_leaves_out_the_warm_up() -> None:
    slow = iter([0.02])
    assert 0.001 < wall_turn(lambda: time.sleep(next(slow, 0.001)), 3) < 0.02


@pytest.mark.usefixtures("untimed")
def test_a_candidate_that_differs_from_the_last_one_is_named() -> None:
    row = measure("group", "name", {"a": wrong, "b": ones})
    assert row.failure == "a differs from b by 1.0e-02, where the largest value is 1.0e+00"
    assert not row.timings
    assert not measure("group", "name", {"a": wrong, "b": ones}, tolerance=0.02).failure


def test_nan_is_a_difference() -> None:
    assert "differs" in measure("group", "name", {"a": lambda: np.full(3, math.nan), "b": ones}).failure


def test_another_shape_or_number_of_outputs_is_a_difference() -> None:
    assert measure("g", "n", {"a": lambda: np.ones((1, 3)), "b": ones}).failure == "a gives shape (1, 3), b (3,)"
    assert measure("g", "n", {"a": lambda: [ones(), ones()], "b": ones}).failure == "a gives 2 outputs, b 1"


def test_each_candidate_is_called_once_for_the_check() -> None:
    """Training steps change their parameters."""
    calls: list[str] = []
    measure("g", "n", {name: lambda name=name: calls.append(name) or len(calls) for name in "ab"}, tolerance=0)
    assert calls == ["a", "b"]


def test_outputs_of_any_library_become_float64() -> None:
    values = [1.5, 2.5]
    array = np.array(values, np.float32)
    for found in as_arrays([array, dark.asarray(array), Buffer.of(array), (1.5, 2.5)]):
        assert found.dtype == np.float64
        assert found.tolist() == values
    torch = pytest.importorskip("torch", reason="torch is one of the peers")
    assert as_arrays(torch.tensor(values, requires_grad=True))[0].tolist() == values


def test_turns_are_as_long_and_as_many_as_the_clock_says() -> None:
    calls = {"quick": 0, "slow": 0}

    def quick() -> object:
        calls["quick"] += 1
        return None

    def slow() -> object:
        calls["slow"] += 1
        return None

    found = interleave({"quick": quick, "slow": slow}, ticking({quick: 1.0, slow: 4.0}))
    assert calls == {"quick": 2 + 3 * 3, "slow": 2 + 3 * 1}  # two to begin with; three rounds of four seconds in twelve
    assert found == {"quick": Timing(1.0, 1.0, 1.0), "slow": Timing(4.0, 4.0, 4.0)}


def test_a_row_is_the_median_over_seeds_with_the_lowest_and_the_highest() -> None:
    times: dict[Candidate, float] = {}

    def problem(seed: int) -> Problem:
        def candidate() -> object:
            return np.full(3, seed)

        times[candidate] = {0: 5.0, 1: 1.0, 2: 2.0}[seed]
        return Problem({"a": candidate}, [np.full(3, float(seed))], 1e-6)

    row = measure_seeds("group", "name", problem, ticking(times), flops=7)
    assert SEEDS == (0, 1, 2)
    assert row == Result("group", "name", {"a": Timing(2.0, 1.0, 5.0)}, flops=7)


def test_every_seed_is_held_to_float64() -> None:
    def problem(seed: int) -> Problem:
        return Problem({"a": wrong if seed == 1 else ones, "b": ones}, [np.ones(3)], 1e-3)

    row = measure_seeds("group", "name", problem, ticking({ones: 1.0}))
    assert row.failure == "a differs from float64 by 1.0e-02, where the largest value is 1.0e+00 (seed 1)"
    assert not row.timings


def test_results_go_through_json() -> None:
    row = Result("group", "name", {"a": Timing(2.0, 1.0, 5.0)}, 3, "", 4, "bytes")
    assert Result.from_plain(json.loads(json.dumps(row.plain()))) == row
