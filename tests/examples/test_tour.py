"""docs/tour.py runs from top to bottom; its own assertions hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

TOUR = Path(__file__).parents[2] / "docs" / "tour.py"


@pytest.mark.skipif(not TOUR.exists(), reason="docs/ is not part of the wheel")
def test_the_tour() -> None:
    output = subprocess.run([sys.executable, str(TOUR)], capture_output=True, text=True, check=True).stdout
    for stage in (
        "traced: add",
        "define void @kernel",
        "derivative [",
        "# dark_jit: the graph after each pass",
        "tour.py:",
    ):
        assert stage in output
