"""Docstrings as the site shows them: `name: what it is` on a line of its own begins an item of a list."""

from __future__ import annotations

import re
from typing import Any

import griffe

ITEM = re.compile(r"([a-z_]\w*(?:, [a-z_]\w*)*): (.+)")


class Items(griffe.Extension):
    """Rewrites every docstring."""

    def on_object(self, *, obj: Any, **_: Any) -> None:
        """For all that griffe finds."""
        if obj.docstring is not None:
            obj.docstring.value = as_list(obj.docstring.value)


def as_list(text: str) -> str:
    """Items begin with a name; a sentence that begins a line, after one that ended the line before, a paragraph."""
    made: list[str] = []
    listing = False
    for line in text.splitlines():
        found = ITEM.fullmatch(line)
        if found:
            made += [*([""] if not listing else []), f"- `{found[1]}`: {found[2]}"]
            listing = True
        elif listing and line[:1].isupper() and made[-1].endswith("."):
            made += ["", line]
            listing = False
        else:
            made.append(f"    {line}" if listing and line.strip() else line)
            listing = listing and bool(line.strip())
    return "\n".join(made)
