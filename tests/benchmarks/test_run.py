"""The command line, the suites' processes, and the file with the figures."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import run
import worker
from timing import OURS, Result, Timing

ROW = Result("call", "tanh", {OURS: Timing(2.0, 1.0, 3.0), "numpy": Timing(4.0, 4.0, 4.0)}, 5)


def start(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["run.py", *arguments])
    return run.main()


@pytest.fixture
def canned(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """One row from each suite, without a process; the suites that ran."""
    ran = []

    def run_suite(suite: str, threads: int) -> Iterator[Result]:
        ran.append((suite, threads))
        yield Result("call", "wrong", failure="numpy differs") if suite == "conv" else ROW

    monkeypatch.setattr(run, "run_suite", run_suite)
    return ran


def test_all_suites_but_the_long_one_with_one_thread(
    monkeypatch: pytest.MonkeyPatch, canned: list[tuple[str, int]]
) -> None:
    start(monkeypatch)
    assert canned == [(suite, 1) for suite in worker.SUITES if suite != "train-torch-compile"]


def test_some_suites_with_several_numbers_of_threads(
    monkeypatch: pytest.MonkeyPatch, canned: list[tuple[str, int]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert start(monkeypatch, "--threads", "1,2", "--only", "import,call") == 0
    assert canned == [("import", 1), ("call", 1), ("call", 2)]
    assert "call, 2 threads (GFLOP/s)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--only", "gem"], "no suite is named gem; there are peak, gemm"),
        (["--threads", "one"], "--threads takes numbers, such as 1 or 1,2"),
    ],
)
def test_what_cannot_be_meant(
    arguments: list[str], message: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        start(monkeypatch, *arguments)
    assert message in capsys.readouterr().err


def test_a_row_that_failed_ends_with_status_1(monkeypatch: pytest.MonkeyPatch, canned: list[tuple[str, int]]) -> None:
    assert start(monkeypatch, "--only", "call,conv") == 1


def test_the_file_holds_the_machine_and_every_row(
    monkeypatch: pytest.MonkeyPatch, canned: list[tuple[str, int]], tmp_path: Path
) -> None:
    path = tmp_path / "results.json"
    start(monkeypatch, "--only", "call", "--json", str(path))
    figures = json.loads(path.read_text())
    assert {"processor", "cores", "python", "numpy"} <= set(figures["machine"])
    (row,) = figures["results"]
    assert row.pop("threads") == 1
    assert Result.from_plain(row) == ROW


def test_a_suite_runs_in_a_process_of_its_own() -> None:
    (row,) = run.run_suite("size", 1)
    assert (row.group, row.unit, row.failure) == ("size", "bytes", "")
    assert row.timings[OURS].median > 1e6


def test_a_suite_whose_process_fails_is_a_row_that_failed(capfd: pytest.CaptureFixture[str]) -> None:
    (row,) = run.run_suite("none", 1)
    assert row.failure == "the suite's process ended with status 1"
    assert "KeyError" in capfd.readouterr().err


@pytest.mark.parametrize("suite", worker.SUITES)
def test_every_suite_has_its_function(suite: str) -> None:
    module, function = worker.SUITES[suite]
    assert callable(getattr(importlib.import_module(module), function))
