"""Where the templates are, and what all kernels follow from. What is on disk already is found without jinja2."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

from dark_jit.backends.disk import digest_of

_PACKAGE = Path(__file__).resolve().parents[1]


@functools.cache
def template_folder() -> Path:
    """The folder `templates`: inside the package where it was installed from a wheel, beside it in a checkout."""
    installed = _PACKAGE / "templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"


_folders = [str(template_folder())]


def add_template_folder(folder: str | Path) -> None:
    """Look for templates in a further folder too, behind the others: `llvm/ops/NAME.ll.j2` there holds the macro `NAME`
    of an elementwise operation that is defined outside of dark_jit (docs/adding-an-op.md)."""
    if str(folder) not in _folders:
        _folders.append(str(folder))


def sources() -> str:
    """A hash of dark_jit's code and of all templates: what kernels follow from, besides their specs."""
    return digest_of((_PACKAGE, template_folder(), *map(Path, _folders[1:])))


def folders() -> Sequence[str]:
    """The folders that are searched for a template, in order."""
    return _folders
