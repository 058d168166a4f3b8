"""The data of a report's page: every reference leads somewhere, and the file needs nothing else."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit.inspection.page import Page, page

from ..test_golden import programs
from .models import place, training_step


@pytest.fixture(scope="module")
def found() -> Page:
    step, _, arguments = training_step()
    return page(step.inspect(*arguments))


def test_references_lead_somewhere(found: Page) -> None:
    data = found.data
    for kernel in data["kernels"]:
        assert all(0 <= node < len(data["nodes"]) for node in kernel["nodes"])
        assert all(0 <= line < len(data["lines"]) for line in kernel["lines"])
        lines = [first for first, _ in kernel["map"]]
        assert lines == sorted(set(lines)) and lines[0] == 1
        text = found.parts[kernel["text"]]
        assert len(text["template"]) == len(text["text"])
        assert all(0 <= line <= len(text["text"]) for line in (*text["irFrom"], *text["asmFrom"]))
        assert all(0 <= file < len(data["templates"]) for file, _ in text["template"])
    for number, node in enumerate(data["nodes"]):
        assert all(number in data["kernels"][kernel]["nodes"] for kernel in node["kernels"])
    for drawn in (data["flow"], *(found.parts[change["graph"]] for change in data["passes"])):
        assert len(drawn["x"]) == len(drawn["y"]) and all(a < b for a, b in drawn["edges"])


def test_lines_and_kernels_agree(found: Page) -> None:
    data = found.data
    for number, line in enumerate(data["lines"]):
        assert all(number in data["kernels"][kernel]["lines"] for kernel in line["kernels"])
    (block,) = [line for line in data["lines"] if line["place"] == place("BLOCK")]
    shown = dict(data["files"][block["file"]]["text"])
    assert shown[block["number"]].strip() == block["text"]
    assert sum(line["seconds"] for line in data["lines"]) == pytest.approx(
        sum(kernel["seconds"] for kernel in data["kernels"])
    )


def test_equal_kernels_share_their_text(found: Page) -> None:
    texts = [kernel["text"] for kernel in found.data["kernels"]]
    assert len(set(texts)) < len(texts)


def test_the_file_needs_nothing_else(found: Page) -> None:
    html = found.html()
    markup = re.sub(r"<script type=.*?</script>", "", html, flags=re.DOTALL)
    assert not re.search(r"https?://|@import|url\(|<link|\bsrc=", markup)
    assert html.count("</script>") == len(found.parts) + 2


def test_what_the_user_wrote_cannot_end_the_script(tmp_path: Path) -> None:
    scope: Any = dark.named_scope("</script><b>")

    @dark.compile
    def hostile(x: Any) -> Any:
        with scope:
            return dark.exp(x)

    html = hostile.inspect(np.ones(3, np.float32)).to_html(tmp_path / "page.html").read_text()
    assert "</script><b>" not in html and "<\\/script><b>" in html


@pytest.mark.parametrize("family", programs(4))
def test_every_kind_of_kernel_is_shown(family: str) -> None:
    fn, arrays = programs(8)[family]
    report = dark.compile(fn).inspect(*arrays)
    shown = page(report)
    assert len(shown.data["kernels"]) == len(report.kernels) > 0
    for kernel in report.kernels:
        text = shown.parts[shown.data["kernels"][kernel.number]["text"]]
        assert len(text["template"]) == len(text["text"]) and set(text["asmFrom"]) - {0}
        assert kernel.seconds > 0 and kernel.bytes > 0 and kernel.blocks and kernel.asm and kernel.source


def test_a_program_without_kernels_has_a_page(tmp_path: Path) -> None:
    report = dark.compile(lambda x: x).inspect(np.ones(3, np.float32))
    assert report.to_html(str(tmp_path / "page.html")).exists() and report.kernels == []
