"""Where the templates are, and the one way in which they are rendered."""

from __future__ import annotations

import functools
from pathlib import Path

import jinja2

_PACKAGE = Path(__file__).resolve().parents[1]


def template_folder() -> Path:
    """The folder `templates`: inside the package where it was installed from a wheel, beside it in a checkout."""
    installed = _PACKAGE / "templates"
    return installed if installed.is_dir() else _PACKAGE.parent / "templates"


@functools.cache
def template_environment() -> jinja2.Environment:
    """Templates by their path below `templates/`; `%%` starts a line statement, `##` a comment that is not rendered."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(template_folder()),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        line_statement_prefix="%%",
        line_comment_prefix="##",
        keep_trailing_newline=True,
    )
