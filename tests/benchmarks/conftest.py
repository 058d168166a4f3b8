"""The benchmarks are scripts, which import each other by their bare names."""

from __future__ import annotations

import gc
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
sys.path.append(str(FOLDER))
if not FOLDER.is_dir():  # the wheel's tests run outside a checkout
    collect_ignore_glob = ["test_*.py"]


@pytest.fixture(autouse=True)
def uncollected(monkeypatch: pytest.MonkeyPatch) -> None:
    """No garbage is collected before something is timed: with PyTorch in the process it takes 0.2 s each time."""
    import timing

    quiet = SimpleNamespace(collect=lambda: 0, disable=gc.disable, enable=gc.enable)
    monkeypatch.setattr(timing, "gc", quiet)


@pytest.fixture
def untimed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each candidate that would be timed is called once, and takes a second."""
    import peak
    import timing

    def interleave(candidates: Mapping[str, timing.Candidate], clock: object = None) -> dict[str, timing.Timing]:
        for candidate in candidates.values():
            candidate()
        return {name: timing.Timing(1.0, 1.0, 1.0) for name in candidates}

    for module in (timing, peak):
        monkeypatch.setattr(module, "interleave", interleave)


@pytest.fixture
def uncompiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """torch.compile leaves functions as they are: it takes a second for each, and its compiler much longer."""
    import gpu
    import gpu_steps
    import rows
    import training

    for module in (gpu, gpu_steps, rows, training):
        monkeypatch.setattr(module, "compiled", lambda function, **options: function)
