"""Training steps on the emulator of a card, beside PyTorch's on the CPU."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import gpu_steps
from dark_jit.backends.cuda import emulator, presence
from models import Case, digits_cnn
from timing import OURS, Candidate, Clock, Result, Timing

HAS_TORCH = gpu_steps.torch is not None

needs_emulator = pytest.mark.skipif(not emulator.available(), reason="the emulator needs g++")


def linear(nn: Any) -> Any:
    """The smallest model."""
    return nn.Sequential(nn.Flatten(), nn.Linear(6, 3))


TINY = Case("tiny", linear, (4, 2, 3), (4,), 3)


def called_once(candidate: Candidate, calls: int) -> float:
    candidate()
    return 2e-3


def bench(waits: list[int]) -> gpu_steps.Bench:
    """Without CUDA graphs, which need a card."""
    return gpu_steps.Bench(
        "cuda-emulator",
        lambda: waits.append(1),
        "cpu" if HAS_TORCH else "",
        {"backend": "eager"},
        has_graphs=False,
        clock=Clock(called_once, rounds=(1, 1)),
    )


@needs_emulator
@pytest.mark.usefixtures("uncompiled")
def test_every_librarys_first_loss_is_that_in_float64() -> None:
    waits: list[int] = []
    (row,) = bench(waits).results([TINY])
    assert not row.failure
    theirs = ["torch", "torch.compile"] if HAS_TORCH else []
    assert list(row.timings) == [OURS, f"{OURS}, TF32", *theirs]
    assert len(waits) == 3 * 3 * len(row.timings)  # three seeds; the check, a turn to begin with, one round


@needs_emulator
@pytest.mark.slow
def test_the_digits_model() -> None:
    (row,) = bench([]).results([Case("digits", digits_cnn, (3, 1, 8, 8), (3,), 10)])
    assert not row.failure


def test_weights_are_the_seeds() -> None:
    first, again, other = (next(iter(gpu_steps.model_of(TINY, seed).parameters())).numpy() for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_batches_are_the_seeds() -> None:
    (first, labels), (again, same), (other, _) = (TINY.batch(seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(labels, same)
    assert (first != other).any()


def test_the_command_without_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu_steps.dt, "is_cuda", lambda: False)
    monkeypatch.setattr(sys, "argv", ["gpu_steps.py"])
    with pytest.raises(SystemExit, match="there is no card that can be used"):
        gpu_steps.main()


def test_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    row = Result("training step", "tiny", {OURS: Timing(1.0, 1.0, 1.0)})
    monkeypatch.setattr(gpu_steps.dt, "is_cuda", lambda: True)
    monkeypatch.setattr(gpu_steps, "card_bench", lambda mode: bench([]))
    monkeypatch.setattr(gpu_steps.Bench, "results", lambda self, cases: iter([row]))
    monkeypatch.setattr(sys, "argv", ["gpu_steps.py", "--json", str(tmp_path / "steps.json")])
    assert gpu_steps.main() == 0
    figures = json.loads((tmp_path / "steps.json").read_text())
    assert figures["machine"]["torch.compile"] == "{'backend': 'eager'}"
    assert [Result.from_plain(each) for each in figures["results"]] == [row]


@pytest.mark.gpu
@pytest.mark.skipif(not presence.usable(), reason="there is no card")
def test_a_step_on_a_card() -> None:
    (row,) = gpu_steps.card_bench("default").results([TINY])
    assert not row.failure
