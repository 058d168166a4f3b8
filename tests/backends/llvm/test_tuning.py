"""Tuning: what the clock says is kept and remembered, what it does not say stays as the model has it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import execution
from dark_jit.backends import tuning
from dark_jit.backends.disk import DiskCache
from dark_jit.lowering.contraction_spec import ContractionSpec
from dark_jit.lowering.select import methods, tilings
from dark_jit.testing import reference

ENOUGH = 100.0  # seconds


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """Programs and a cache that nobody else has."""
    monkeypatch.setattr(execution, "_programs", execution._Programs())
    cache = DiskCache(tmp_path / "cache")
    monkeypatch.setattr(tuning, "disk_cache", lambda: cache)
    yield


class Clock:
    """Stands for the trials of one question: `seconds` of each form, the one that is there first."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *seconds: float) -> None:
        self.asked = 0
        self.seconds = seconds

        def fastest(trials: Sequence[Any], deadline: float) -> int | None:
            self.asked += 1
            fakes = [_Fake(self.seconds[min(n, len(self.seconds) - 1)]) for n in range(len(trials))]
            return original(fakes, deadline)

        original: Any = tuning._fastest
        monkeypatch.setattr(tuning, "_fastest", fastest)


class _Fake:
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def seconds(self) -> float:
        return self._seconds


def product(a: Any, b: Any) -> Any:
    return dark.tanh(a @ b)


def layer(x: Any, k: Any) -> Any:
    return dark.relu(dark.conv2d(x, k, padding=1))


rng = np.random.default_rng(0)
MATRICES = [rng.standard_normal((50, 60)).astype(np.float32), rng.standard_normal((60, 70)).astype(np.float32)]
IMAGES = [rng.standard_normal((2, 32, 16, 16)).astype(np.float32), rng.standard_normal((32, 32, 3, 3)).astype("f4")]


def spec_of(fn: Any, args: Sequence[Any], tune: float | None) -> Any:
    program: Any = dark.compile(fn, tune=tune).program_for(*args)
    return next(t.spec for t in program.schedule.tasks if t.nest.lead.op.kind == "contraction")


def assert_right(fn: Any, args: Sequence[Any]) -> None:
    found, wanted = dark.compile(fn, tune=ENOUGH)(*args).numpy(), reference(fn)(*args)
    assert np.abs(found - wanted).max() <= 1e-5 * np.abs(wanted).max()


@pytest.mark.parametrize(("fn", "args"), [(product, MATRICES), (layer, IMAGES)])
def test_values_are_right(fn: Any, args: Any) -> None:
    assert_right(fn, args)


def test_what_is_faster_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch, 1.0, 0.5)
    before, after = (spec_of(product, MATRICES, tune) for tune in (None, ENOUGH))
    assert isinstance(before, ContractionSpec) and isinstance(after, ContractionSpec)
    assert (before.tile, before.vectors) != (after.tile, after.vectors)
    assert before.axes == after.axes


@pytest.mark.parametrize("other", [0.98, 1.0, 2.0])
def test_what_is_not_faster_by_more_than_noise_is_not(other: float, monkeypatch: pytest.MonkeyPatch) -> None:
    Clock(monkeypatch, 1.0, other)
    assert spec_of(product, MATRICES, None) == spec_of(product, MATRICES, ENOUGH)


def test_every_form_gives_the_same_values(monkeypatch: pytest.MonkeyPatch) -> None:
    for times in ((1.0, 0.5), (1.0, 1.0, 0.5), (1.0, 1.0, 1.0, 0.5)):
        Clock(monkeypatch, *times)
        monkeypatch.setattr(execution, "_programs", execution._Programs())
        for fn, args in ((product, MATRICES), (layer, IMAGES)):
            assert_right(fn, args)


@pytest.mark.parametrize(("times", "side"), [((1.0, 1.0), 4), ((1.0, 0.5, 1.0), 2), ((1.0, 1.0, 0.5), None)])
def test_the_method_of_a_convolution_is_a_question(
    times: tuple[float, ...], side: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Winograd's method by tiles of either side, and the direct sum; an answer is remembered."""
    clock = Clock(monkeypatch, *times)
    assert getattr(spec_of(layer, IMAGES, None), "side", None) == 4
    asked = []
    for _ in range(2):
        monkeypatch.setattr(execution, "_programs", execution._Programs())
        assert getattr(spec_of(layer, IMAGES, ENOUGH), "side", None) == side
        asked.append(clock.asked)
    assert asked[0] == asked[1] > 0


def test_answers_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, 1.0, 0.5)
    first = spec_of(product, MATRICES, ENOUGH)
    asked = clock.asked
    assert asked > 0
    monkeypatch.setattr(execution, "_programs", execution._Programs())
    assert spec_of(product, MATRICES, 0) == first
    assert clock.asked == asked


def test_without_time_nothing_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch, 1.0, 0.5)
    assert spec_of(product, MATRICES, 0) == spec_of(product, MATRICES, None)
    assert clock.asked == 0


def test_time_that_runs_out_decides_nothing() -> None:
    assert tuning._fastest([_Fake(1.0), _Fake(0.1)], deadline=0.0) is None  # type: ignore[list-item]


def test_float64_and_strict_have_one_method() -> None:
    for options in ({"precision": "strict"}, {}):
        args = [each.astype(np.float64) for each in IMAGES] if not options else IMAGES
        program: Any = dark.compile(layer, **options).program_for(*args)
        (nest,) = tuning._contractions(program.schedule)
        assert methods(nest, program.target) == []
        assert len(tilings(nest, program.target, 3)) == 3


def test_the_largest_come_first() -> None:
    program: Any = dark.compile(lambda a, b: (a @ b) @ b.T @ b[:, :5]).program_for(*MATRICES)
    work = [nest.axes for nest in tuning._contractions(program.schedule)]
    assert len(work) == 3 and work[-1][-1] == 5


@pytest.mark.parametrize("tune", [-1, float("nan"), float("inf"), True, "much"])
def test_wrong_times_are_refused(tune: Any) -> None:
    with pytest.raises(dark.ArgumentError, match="tune must be None or a number of seconds"):
        dark.compile(product, tune=tune)


def test_other_backends_are_refused() -> None:
    with pytest.raises(dark.ArgumentError, match="tune is for kernels of the CPU and of cards, not for 'reference'"):
        dark.compile(product, backend="reference", tune=1)
