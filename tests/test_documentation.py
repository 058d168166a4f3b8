"""The documentation: what its first page says works; the site can be built, and asks nothing of other hosts."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
LOADED = re.compile(
    r"<(?:script|img|iframe)[^>]*\ssrc=\"(?:https?:)?//|<link[^>]*rel=\"(?:stylesheet|preload|icon)\"[^>]*href=\"https?:"
)

pytestmark = pytest.mark.skipif(not (ROOT / "docs").is_dir(), reason="tests of the wheel have no documentation")


def test_the_quick_start_runs(tmp_path: Path) -> None:
    blocks = BLOCK.findall((ROOT / "docs" / "index.md").read_text())
    assert len(blocks) >= 4
    script = tmp_path / "start.py"
    script.write_text("\n".join(blocks))
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    right = re.search(r"right: ([\d.]+)%", done.stdout)
    assert right is not None and float(right[1]) > 95
    assert (tmp_path / "step.html").stat().st_size > 10_000


@pytest.mark.skipif(importlib.util.find_spec("mkdocs") is None, reason="needs the extra docs")
def test_the_site_is_built_and_needs_no_network(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", str(tmp_path / "site")]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, check=False
    )
    assert done.returncode == 0, done.stderr
    pages = {path.name: path.read_text() for path in (tmp_path / "site").glob("*.html")}
    assert {"index.html", "tour.html", "passes.html", "kernels.html", "api.html"} <= set(pages)
    for name, page in pages.items():
        assert not LOADED.search(page), name
        assert "<!-- graphs" not in page and "<!-- kernel" not in page, name
    assert pages["passes.html"].count('<svg class="graph"') == 6
    assert "define void @kernel" in re.sub(r"<[^>]+>", "", pages["kernels.html"])
    assert "7. The same in dark_jit" in pages["tour.html"]
