"""The one way in which templates are rendered."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2
from jinja2.bccache import Bucket
from jinja2.ext import Extension

from dark_jit.backends.disk import disk_cache, key_of
from dark_jit.backends.sources import folders, sources
from dark_jit.backends.template_code import PlainEnvironment


def template_source(name: str) -> str:
    """A template as it is written, or a file that stands beside them. Raises jinja2.TemplateNotFound."""
    return _load(name)[0]


def _load(name: str) -> tuple[str, str, Callable[[], bool]]:
    """The source of a template from the first folder that has it."""
    for folder in folders():
        path = Path(folder, name)
        if path.is_file():
            return path.read_text(encoding="utf-8"), str(path), lambda: True
    raise jinja2.TemplateNotFound(name)


class _Template(jinja2.Template):
    """A template whose variables may hold a dict `libraries`: what it imports is then made once, not at each import."""

    def make_module(
        self, vars: dict[str, Any] | None = None, shared: bool = False, locals: Mapping[str, Any] | None = None
    ) -> Any:
        made: dict[str | None, Any] = (vars or {}).get("libraries", {})
        if self.name not in made:
            made[self.name] = super().make_module(vars, shared, locals)
        return made[self.name]


class _KeptTemplates(jinja2.BytecodeCache):
    """Keeps on disk what jinja2 makes of a template, which takes longer than to render it for one kernel."""

    def __init__(self, extensions: tuple[type[Extension], ...]) -> None:
        self._made_by = extensions, jinja2.__version__, sys.version

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill the bucket, if it was kept."""
        kept = disk_cache().get(self._key(bucket))
        if kept is not None:
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what is in the bucket."""
        disk_cache().put(self._key(bucket), bucket.bytecode_to_string())

    def _key(self, bucket: Bucket) -> str:
        return key_of("template", bucket.key, bucket.checksum, self._made_by, sources())


@functools.cache
def template_environment(extensions: tuple[type[Extension], ...] = ()) -> jinja2.Environment:
    """Templates by their path below `templates/`; `%%` starts a line statement, `##` a comment that is not rendered."""
    environment = PlainEnvironment(
        loader=jinja2.FunctionLoader(_load),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        line_statement_prefix="%%",
        line_comment_prefix="##",
        keep_trailing_newline=True,
        extensions=extensions,
        optimized=False,  # there is little to fold, and to look for it is a tenth of compiling a template
        bytecode_cache=_KeptTemplates(extensions),
    )
    environment.template_class = _Template
    return environment
