"""What is measured on a card: tiny shapes on the emulator of one, PyTorch on the CPU, and a clock that stands still."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import dark_jit as dark
import gpu
import gpu_cases
from dark_jit.backends.cuda import emulator, presence
from dark_jit.backends.cuda.runtime import EmulatedDevice
from dark_jit.errors import BackendError
from peak import COPY
from report import report
from timing import OURS, SEEDS, Candidate, Clock, Result, Timing, as_arrays

SIZES = gpu_cases.Sizes(elements=1000, reduced=(6, 40), side=33, products=((20, 24, 16),), convolutions=((2, 3, 6, 4),))
CASES = {case.name: case for case in gpu_cases.cases(SIZES)}
PRODUCT = CASES["20 x 24 @ 24 x 16"]
HAS_TORCH = gpu.torch is not None

needs_emulator = pytest.mark.skipif(not emulator.available(), reason="the emulator needs g++")
needs_torch = pytest.mark.skipif(not HAS_TORCH, reason="torch is one of the peers")


def called_once(candidate: Candidate, calls: int) -> float:
    candidate()
    return 2e-3


def bench() -> gpu.Bench:
    """On the emulator. What torch.compile traces is left to eager PyTorch."""
    clock = Clock(called_once, rounds=(1, 1))
    return gpu.Bench(EmulatedDevice(), clock, "cpu" if HAS_TORCH else "", {"backend": "eager"})


@pytest.fixture
def few_copies(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two or so of the arguments."""
    monkeypatch.setattr(gpu, "CACHE", 8000)


def rows_of(case: gpu_cases.Case, *only: str) -> list[Result]:
    """The case's rows, all right."""
    found = list(bench().results(iter([case]), only))
    for row in found:
        assert not row.failure, (row.name, row.failure)
        assert list(row.timings) == [OURS, "torch", "torch.compile"] if HAS_TORCH else [OURS]
    return found


@needs_emulator
@pytest.mark.usefixtures("few_copies", "uncompiled")
def test_a_product() -> None:
    (row,) = rows_of(PRODUCT, "TF32")
    assert (row.group, row.name, row.flops) == ("TF32", PRODUCT.name, 2 * 20 * 24 * 16)
    assert row.timings[OURS].median == 2e-3


@needs_emulator
@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
@pytest.mark.usefixtures("few_copies")
def test_every_case_at_every_precision(name: str) -> None:
    found = rows_of(CASES[name])
    assert [row.group for row in found] == [group for group, _ in CASES[name].groups.values()]


@pytest.mark.parametrize("name", CASES)
def test_ours_computes_what_the_reference_says(name: str) -> None:
    """The graph; every_case_at_every_precision runs its kernels."""
    arrays, reference = gpu_cases.problem(CASES[name], 1)
    found = dark.compile(CASES[name].ours, backend="reference")(*arrays)
    for one, other in zip(as_arrays(found), reference, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5 * np.abs(other).max())


@needs_torch
@pytest.mark.parametrize("name", CASES)
def test_pytorch_computes_what_the_reference_says(name: str) -> None:
    case = CASES[name]
    arrays, reference = gpu_cases.problem(case, 1)
    found = case.theirs(*(gpu.torch.from_numpy(array).double() for array in arrays))
    for one, other in zip(found if isinstance(found, list) else [found], reference, strict=True):
        np.testing.assert_allclose(one.numpy(), other, rtol=1e-10, atol=1e-10)


def test_full_sizes() -> None:
    full = list(gpu_cases.cases(gpu_cases.Sizes()))
    assert (full[0].group, full[0].moved) == (COPY, 512 << 20)
    assert len({case.name for case in full}) == len(full) == len(CASES) + 3 + 2  # three more products, a convolution
    assert sum(case.flops == 2 * 4096**3 for case in full) == 1


def test_each_seed_has_its_own_arguments_and_they_come_again() -> None:
    first = [gpu_cases.problem(PRODUCT, seed)[0][0] for seed in SEEDS]
    assert len({float(array[0, 0]) for array in first}) == len(SEEDS)
    assert gpu_cases.problem(PRODUCT, 0)[0][0] is first[0]


@needs_emulator
@pytest.mark.usefixtures("uncompiled")
def test_a_library_that_computes_something_else_is_not_timed() -> None:
    wrong = replace(PRODUCT, reference=lambda x, y: x @ y * 1.01)
    (row,) = bench().results(iter([wrong]), ["TF32"])
    assert row.failure.startswith("dark_jit differs from float64 by")
    assert row.failure.endswith("(seed 0)")
    assert not row.timings


@pytest.mark.usefixtures("few_copies")
def test_calls_take_turns_between_copies_of_the_arguments() -> None:
    made: list[int] = []

    def copy(arrays: object) -> Candidate:
        number = len(made)
        made.append(number)
        return lambda: number

    call = gpu.rotating(copy, [np.zeros(1000, np.float32)])
    assert [call() for _ in range(5)] == [0, 1, 0, 1, 0]
    assert gpu.rotating(copy, [np.zeros(3000, np.float32)])() == 2  # one copy, where two would not fit
    assert made == [0, 1, 2]


def test_the_clock_counts_calls_between_events() -> None:
    calls: list[str] = []

    class Event:
        def record(self) -> None:
            calls.append("record")

        def synchronize(self) -> None:
            calls.append("wait")

    cuda = SimpleNamespace(Event=Event, get_elapsed_time=lambda start, end: 6.0)
    assert gpu.event_clock(cuda).turn(lambda: calls.append("call"), 3) == pytest.approx(2e-3)
    assert calls == ["call"] * gpu.WARM_UP + ["record"] + ["call"] * 3 + ["record", "wait"]


def test_rows_are_printed_and_written_as_they_come(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "gpu.json"
    lines = []

    def results() -> Iterator[Result]:
        yield Result(COPY, "copy", {OURS: Timing(2.0, 2.0, 2.0)}, bytes=8)
        lines.extend(json.loads(path.read_text())["results"])
        yield Result("memory", "sum", {OURS: Timing(1.0, 1.0, 1.0)}, bytes=2)
        yield Result("memory", "wrong", failure="torch differs")

    assert report(results(), {"card": "sm_90"}, path) == 1
    assert [Result.from_plain(line).name for line in lines] == ["copy"]
    figures = json.loads(path.read_text())
    assert figures["machine"] == {"card": "sm_90"}
    assert [row["name"] for row in figures["results"]] == ["copy", "sum", "wrong"]
    printed = capsys.readouterr().out
    assert "memory: sum: dark_jit 1 (1..1) s" in printed
    assert "50%" in printed  # of the copy


def test_the_command_without_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(mode: str) -> gpu.Bench:
        raise BackendError(f"no card for {mode}")

    monkeypatch.setattr(gpu, "card_bench", missing)
    monkeypatch.setattr(sys, "argv", ["gpu.py", "--mode", "default"])
    with pytest.raises(SystemExit, match="no card for default"):
        gpu.main()


@needs_emulator
def test_the_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(gpu, "card_bench", lambda mode: replace(bench(), torch_device=""))
    monkeypatch.setattr(gpu, "cases", lambda sizes: gpu_cases.cases(SIZES))
    monkeypatch.setattr(sys, "argv", ["gpu.py", "--only", COPY, "--json", str(tmp_path / "gpu.json")])
    assert gpu.main() == 0
    figures = json.loads((tmp_path / "gpu.json").read_text())
    assert figures["machine"]["card"] == "sm_90"
    assert [row["group"] for row in figures["results"]] == [COPY]


@needs_torch
def test_torch_compile_is_left_out_where_it_does_not_work(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gpu.torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(gpu, "compiler_failure", lambda device, **options: "OSError: no C compiler")
    assert gpu.peer_on_card("default") == ("cuda", None)
    assert capsys.readouterr().err == "torch.compile is left out: OSError: no C compiler\n"
    assert list(replace(bench(), compile_options=None).theirs(PRODUCT, "tf32")) == ["torch"]


@needs_torch
def test_torch_compile_is_given_the_mode_where_it_works(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpu, "compiler_failure", lambda device, **options: "")
    monkeypatch.setattr(gpu.torch.cuda, "is_available", lambda: True)
    assert gpu.peer_on_card("default") == ("cuda", {"mode": "default"})
    monkeypatch.setattr(gpu.torch.cuda, "is_available", lambda: False)
    assert gpu.peer_on_card("default") == ("", None)


@pytest.mark.gpu
@pytest.mark.skipif(not presence.usable(), reason="there is no card")
@needs_torch
def test_a_row_on_a_card() -> None:
    (row,) = gpu.card_bench("default").results(iter([PRODUCT]), ["TF32"])
    assert not row.failure
    assert {OURS, "torch", "torch.compile"} == set(row.timings)
