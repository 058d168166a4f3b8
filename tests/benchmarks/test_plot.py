"""The picture, from what run.py --json writes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from report import write_figures
from timing import OURS, Result, Timing

plot = pytest.importorskip("plot", reason="the picture needs matplotlib (extra plot)", exc_type=ImportError)


@pytest.fixture
def figures(tmp_path: Path) -> Path:
    """Two products, a training step, a row that failed, one that is no bar, and one with two threads."""

    def row(group: str, name: str, **seconds: float) -> Result:
        return Result(group, name, {library: Timing(value, value, value) for library, value in seconds.items()})

    rows = [
        row("gemm", "1 x 1 x 1", **{OURS: 1.0, "torch": 2.0, "numpy": 4.0}),
        row("gemm", "2 x 2 x 2", **{OURS: 1.0, "torch": 8.0, "numpy": 4.0}),
        row("training step", "MLP, batch 4", **{OURS: 1.0, "torch": 3.0, "torch, fused Adam": 2.0}),
        Result("gemm", "3 x 3 x 3", failure="numpy differs"),
        row("import", "import", **{OURS: 1.0, "torch": 2.0}),
    ]
    plain = [{"threads": 1, **each.plain()} for each in rows] + [{"threads": 2, **rows[2].plain()}]
    write_figures(tmp_path / "results.json", {}, plain)
    return tmp_path / "results.json"


def test_bars_are_geometric_means_of_groups_and_single_models(figures: Path) -> None:
    found = plot.ratios(json.loads(figures.read_text()), 1)
    assert found == {"gemm": {"torch": 4.0, "numpy": 4.0}, "training step: MLP": {"torch": 2.0}}
    assert list(plot.ratios(json.loads(figures.read_text()), 2)) == ["training step: MLP"]


def test_the_picture_is_drawn(figures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = figures.with_name("new") / "picture.svg"
    monkeypatch.setattr("sys.argv", ["plot.py", str(figures), str(picture)])
    plot.main()
    text = picture.read_text()
    assert text.startswith("<?xml")
    assert "times faster than, 1 thread" in text
    assert "training step: MLP" in text
