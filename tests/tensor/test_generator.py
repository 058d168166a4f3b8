"""The generator's state: who gets which draw."""

from __future__ import annotations

import os
import threading

import numpy as np
import pytest

import dark_jit as dark
from dark_jit.tensor.generator import Draws, Generator


def numbers(draws: Draws) -> list[int]:
    return list(range(draws.first, draws.first + draws.count))


def test_draws_are_counted() -> None:
    generator = Generator()
    generator.seed(5)
    assert [numbers(generator.take(count)) for count in (1, 3, 0, 2)] == [[0], [1, 2, 3], [], [4, 5]]
    assert generator.take().key.array().item() == 5
    generator.seed(5)
    assert generator.take().first == 0


def test_a_draw_that_did_not_happen_is_given_back_unless_another_came_after() -> None:
    generator = Generator()
    first = generator.take(2)
    generator.give_back(first)
    assert generator.take(2) == first
    second = generator.take()
    third = generator.take()
    generator.give_back(second)
    assert generator.take().first == third.first + 1
    last = generator.take()
    generator.seed(1)
    generator.give_back(last)
    assert generator.take().first == 0


def test_preserved() -> None:
    generator = Generator()
    before = generator.take()
    with generator.preserved():
        generator.seed(3)
        generator.take(10)
    assert generator.take() == Draws(before.key, 1, 1)
    with pytest.raises(KeyError), generator.preserved():
        generator.take()
        raise KeyError
    assert generator.take() == Draws(before.key, 2, 1)


def test_without_a_seed_the_system_chooses() -> None:
    keys = {Generator().take().key.array().item() for _ in range(3)}
    assert len(keys) == 3


def test_threads_share_no_draw() -> None:
    generator = Generator()
    found: list[int] = []

    def take() -> None:
        for _ in range(500):
            found.extend(numbers(generator.take(2)))

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(8000))


@pytest.mark.parametrize(
    ("seed", "message"), [(-1, "below 2"), (2**64, "below 2"), (0.5, "must be an integer"), ("a", "must be an integer")]
)
def test_bad_seeds(seed: object, message: str) -> None:
    with pytest.raises(dark.ArgumentError, match=message):
        dark.manual_seed(seed)  # type: ignore[arg-type]


def test_seeds_differ_in_every_bit() -> None:
    found = set()
    for seed in (0, *(2**bit for bit in range(64)), 2**64 - 1):
        dark.manual_seed(seed)
        found.add(dark.rand(2).numpy().tobytes())
    assert len(found) == 66


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_the_child_of_a_fork_goes_on_though_the_lock_was_held() -> None:
    generator = Generator()
    generator.seed(1)
    with generator._lock:
        child = os.fork()
        if not child:
            os._exit(generator.take(3).first)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert np.array_equal(numbers(generator.take(3)), [0, 1, 2])
