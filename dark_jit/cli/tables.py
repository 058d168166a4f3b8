"""Tables on a terminal, with rich where it is installed; plain text elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Mapping


def show(title: str, rows: Mapping[str, object]) -> None:
    """Print names and values."""
    if sys.stdout.isatty() and _show_richly(title, rows):
        return
    width = max(map(len, rows), default=0)
    for name, value in rows.items():
        print(f"{name:{width}}  {value}")


def _show_richly(title: str, rows: Mapping[str, object]) -> bool:
    try:
        from rich.console import Console  # noqa: PLC0415  (an extra)
        from rich.table import Table  # noqa: PLC0415
    except ImportError:
        return False
    table = Table(title=title, show_header=False, title_justify="left")
    for name, value in rows.items():
        table.add_row(name, str(value))
    Console().print(table)
    return True


def size(count: float) -> str:
    """Bytes for people."""
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if count < 1024 or unit == "GiB":
            return f"{count:.0f} {unit}" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1024
    raise AssertionError("there is always a unit")
