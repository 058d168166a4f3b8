"""Reports in notebooks: what a notebook shows, and the cell magic, with a shell as IPython's."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit.errors import ArgumentError
from dark_jit.inspection import Report

CELL = """
@dark.compile
def double(x):
    return x + x

class Scale:
    @dark.compile
    def half(self, x):
        return x * 0.5

"""


class Compiler:
    """Knows the sources of cells by a name."""

    def cache(self, source: str) -> str:
        return "<cell>"

    def __call__(self, source: str, name: str, symbol: str) -> Any:
        return compile(source, name, symbol)


class Shell:
    """What of IPython's shell the magic uses."""

    def __init__(self) -> None:
        self.user_ns: dict[str, Any] = {"dark": dark, "x": np.ones(3, np.float32)}
        self.compile = Compiler()
        self.magics: dict[str, Callable[[str, str], Any]] = {}

    def register_magic_function(self, function: Callable[[str, str], Any], kind: str, name: str) -> None:
        assert kind == "cell"
        self.magics[name] = function

    def transform_cell(self, cell: str) -> str:
        return cell


@pytest.fixture
def inspect() -> Callable[[str], Any]:
    shell = Shell()
    dark.load_ipython_extension(shell)
    return lambda cell: shell.magics["dark_inspect"]("", cell)


@pytest.mark.parametrize("call", ["double(x)", "double(x=x)", "y = x; double(y)", "Scale().half(x)"])
def test_the_last_call_of_a_cell_is_shown(inspect: Callable[[str], Any], call: str) -> None:
    report = inspect(CELL + call)
    assert isinstance(report, Report) and len(report.kernels) == 1
    assert report.name in ("double", "Scale.half")


@pytest.mark.parametrize("cell", ["", "x = 1", "x", CELL])
def test_a_cell_without_a_call_says_how(inspect: Callable[[str], Any], cell: str) -> None:
    with pytest.raises(ArgumentError, match="end it with one"):
        inspect(cell)


def test_other_functions_are_refused(inspect: Callable[[str], Any]) -> None:
    with pytest.raises(ArgumentError, match=r"len is no compiled function; put @dark\.compile above it"):
        inspect("len(x)")


def test_a_cell_that_fails_says_why(inspect: Callable[[str], Any]) -> None:
    with pytest.raises(ZeroDivisionError):
        inspect(CELL + "1 / 0\ndouble(x)")


def test_a_notebook_shows_the_page_in_a_frame() -> None:
    report = dark.compile(dark.exp).inspect(np.ones(3, np.float32))
    shown = report._repr_html_()
    found = re.fullmatch(r'<iframe srcdoc="([^"]*)" title="Report" style="[^"]*"></iframe>', shown)
    assert found is not None and html.unescape(found[1]).lstrip().startswith("<!doctype html>")


def test_with_ipython_itself() -> None:
    pytest.importorskip("IPython", reason="IPython is not installed")
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    try:
        shell.run_line_magic("load_ext", "dark_jit")
        shell.run_cell("import numpy as np\nimport dark_jit as dark")
        report = shell.run_cell(f"%%dark_inspect\n{CELL}double(np.ones(3, np.float32))").result
        assert isinstance(report, Report)
        assert [line.text for line in report.lines] == ["return x + x"]
    finally:
        InteractiveShell.clear_instance()
