"""What run.py, gpu.py and gpu_steps.py do with their results: tables on the console, and a file with the figures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from tables import group_table, limit, summary
from timing import Result


def make_console() -> Console:
    """The terminal; wide enough for the tables where the output goes elsewhere."""
    console = Console()
    return console if console.is_terminal else Console(width=160)


def report(results: Iterable[Result], machine: Mapping[str, str], path: Path | None) -> int:
    """Print rows as they come, then tables; the file grows by each row. Returns 1 if a row failed."""
    console = make_console()
    print_machine(console, machine)
    found: list[Result] = []
    for result in results:
        console.print(summary(result), highlight=False, markup=False)
        found.append(result)
        if path:
            write_figures(path, machine, [each.plain() for each in found])
    print_groups(console, found, {})
    return int(any(result.failure for result in found))


def print_machine(console: Console, machine: Mapping[str, str]) -> None:
    """What the figures have to be read with."""
    console.print("; ".join(f"{name}: {value}" for name, value in machine.items()), highlight=False)


def print_groups(console: Console, results: Iterable[Result], limits: dict[str, float], heading: str = "") -> None:
    """A table for each group of results; `limits` takes up those of peaks among them."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(result.group, []).append(result)
        limits |= limit(result)
    for group, rows in groups.items():
        console.print(group_table(f"{group}{heading}", rows, limits))


def write_figures(path: Path, machine: Mapping[str, str], figures: Sequence[Mapping[str, Any]]) -> None:
    """As JSON, for later comparison and for plot.py."""
    path.write_text(json.dumps({"machine": machine, "results": figures}, indent=1) + "\n")
