"""The page of a report in a real browser: highlighting, keys, search, both colour schemes, and how fast it opens."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from dark_jit.inspection import page as pages

from ..browser import Page, browser, chromium
from .models import place, training_step

EXECUTABLE = chromium()
pytestmark = pytest.mark.skipif(EXECUTABLE is None, reason="no Chromium is installed (or named by CHROMIUM)")

READY = "document.body?.dataset.ready"
ROWS = "[...document.querySelectorAll('#kernels .kernel')]"
KERNELS = 200  # about a training step of ResNet-50


@pytest.fixture(scope="module")
def report() -> pages.Page:
    step, _, arguments = training_step()
    return pages.page(step.inspect(*arguments))


@pytest.fixture(scope="module")
def file(report: pages.Page, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(report.html())
    return path


@pytest.fixture(scope="module")
def window() -> Iterator[Page]:
    assert EXECUTABLE is not None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile, browser(EXECUTABLE, Path(profile)) as page:
        yield page


@pytest.fixture
def page(window: Page, file: Path) -> Page:
    window.open(file)
    window.wait(READY)
    window.run("shown.drawing")
    return window


def count(page: Page, selector: str) -> int:
    found: int = page.run(f"document.querySelectorAll({selector!r}).length")
    return found


def test_it_opens_without_complaint_and_asks_for_nothing(page: Page, file: Path) -> None:
    for view in ("Roofline", "Passes", "Schedule", "Memory"):
        page.run(f"show({view!r})")
        assert page.run(f"document.getElementById({view!r}).textContent.length") > 100
    events = [message["method"] for message in page.messages]
    assert not {"Runtime.exceptionThrown", "Log.entryAdded"} & set(events)
    asked = [m["params"]["request"]["url"] for m in page.messages if m["method"] == "Network.requestWillBeSent"]
    assert [url for url in asked if not url.startswith("data:")] == [file.resolve().as_uri()]


def test_every_pane_is_filled(page: Page) -> None:
    for pane in ("source", "graph", "kernels", "template", "text", "ir", "asm"):
        assert count(page, f"#{pane} .item") > 3, pane
    assert place("BLOCK").split(":")[1] in page.run("document.querySelector('#source').textContent")


def test_hovering_a_line_lights_what_belongs_to_it(page: Page, report: pages.Page) -> None:
    (line,) = [n for n, line in enumerate(report.data["lines"]) if line["place"] == place("BLOCK")]
    kernels = report.data["lines"][line]["kernels"]
    page.run(f"select({kernels[-1]}).then(() => shown.drawing)")
    page.hover(f"#source [data-kind=line][data-id='{line}']")
    page.wait("document.querySelector('#kernels .lit')")
    assert count(page, "#kernels .lit") == count(page, "#graph .lit") == len(kernels)
    for pane in ("template", "text", "ir", "asm"):
        assert count(page, f"#{pane} .lit") > 0, pane


def test_hovering_an_instruction_leads_back_to_the_line(page: Page, report: pages.Page) -> None:
    kernels = report.data["kernels"]
    number = next(n for n, k in enumerate(kernels) if k["template"] == "conv2d" and k["where"] == place("BLOCK"))
    page.run(f"select({number}).then(() => shown.drawing)")
    page.hover("#asm .item:nth-of-type(20)")
    page.wait("document.querySelector('#asm .lit')")
    lit = page.run("[...document.querySelectorAll('#source .lit')].map((e) => data.lines[e.dataset.id].place)")
    assert place("BLOCK") in lit
    assert count(page, "#text .lit") == count(page, "#template .lit") == 1
    assert count(page, "#ir .lit") >= 1


def test_it_is_used_by_keys_alone(page: Page) -> None:
    page.press("3")
    assert page.run("document.activeElement.parentElement.id") == "kernels"
    page.run("select(0)")
    page.press("ArrowDown", "Enter")
    page.wait("shown.kernel === 1 && document.querySelector('#detail h3').textContent.startsWith('1 ')")
    page.press("]")
    page.wait("document.querySelector('#kernels .pin')?.dataset.id === '2'")
    page.press("f")
    assert count(page, ".large") == 1
    page.press("Escape")
    assert count(page, ".large") == count(page, ".pin") == 0
    page.run("document.getElementById('tab-Explore').focus()")
    page.press("ArrowRight")
    assert page.run("!document.getElementById('Roofline').hidden && document.getElementById('Explore').hidden")


def test_search_finds_kernels_and_code(page: Page) -> None:
    page.press("/", *"conv2d")
    page.wait("document.querySelector('.line.hit')")
    names = page.run(f"{ROWS}.filter((e) => !e.hidden).map((e) => e.textContent)")
    assert names and all("conv2d" in name for name in names)
    page.press("Enter")
    page.wait("data.kernels[shown.kernel].name.includes('conv2d')")
    page.press("Escape")
    assert page.run(f"{ROWS}.every((e) => !e.hidden)")


def test_kernels_can_be_ordered_by_time(page: Page, report: pages.Page) -> None:
    seconds = [kernel["seconds"] for kernel in report.data["kernels"]]
    page.run("const order = document.querySelector('#kernels select'); order.value = 'slowest'")
    page.run("order.dispatchEvent(new Event('change'))")
    assert page.run(f"Number({ROWS}[0].dataset.id)") == seconds.index(max(seconds))


def test_graphs_of_passes_are_drawn(page: Page, report: pages.Page) -> None:
    page.run("showGraph(1)")
    assert count(page, "#graph .fresh") == len(report.data["passes"][1]["fresh"]) > 0
    page.run("showGraph(0)")
    traced = report.parts[report.data["passes"][0]["graph"]]
    page.wait(f"document.querySelectorAll('#graph .box').length === {len(traced['nodes'])}")
    assert count(page, "#graph .edge") == len(traced["edges"])


@pytest.mark.parametrize("width", [390, 1000])
def test_it_fits_any_width_in_both_schemes(window: Page, file: Path, width: int) -> None:
    seen = set()
    for dark in (False, True):
        window.open(file, width=width, dark=dark)
        window.wait(READY)
        assert window.run("document.documentElement.scrollWidth <= innerWidth")
        seen.add(window.run("getComputedStyle(document.body).backgroundColor"))
    assert len(seen) == 2


def test_a_large_report_opens_fast(report: pages.Page, window: Page, tmp_path: Path) -> None:
    (tmp_path / "large.html").write_text(_enlarged(report).html())
    window.open(tmp_path / "large.html")
    window.wait(READY)
    assert count(window, "#kernels .kernel") == KERNELS
    assert window.run("Number(document.body.dataset.ready)") < 2000  # milliseconds


def _enlarged(report: pages.Page) -> pages.Page:
    """The report of as many kernels as a large network has, each with a long text of its own."""
    parts, kernels = list(report.parts), []
    for number in range(KERNELS):
        kernel = dict(report.data["kernels"][number % len(report.data["kernels"])])
        part = {name: list(lines) * 4 for name, lines in parts[kernel["text"]].items()}
        parts.append(part)
        kernels.append({**kernel, "text": len(parts) - 1})
    edges = [(n, reader) for n in range(KERNELS) for reader in (n + 1, n + 5) if reader < KERNELS]
    flow = pages._drawn(KERNELS, edges)
    return pages.Page({**report.data, "kernels": kernels, "flow": flow}, parts)
