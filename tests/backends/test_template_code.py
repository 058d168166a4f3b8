"""Plain calls and attributes in compiled templates: what is written is what jinja2's own code writes."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import jinja2
import pytest

from dark_jit.backends.template_code import PlainEnvironment

MACROS = """\
{% macro both(x, y='b') %}{{ x }}-{{ y }}{% endmacro %}
{% macro around(x) %}({{ x }}: {{ caller(x ~ '!') }}){% endmacro %}
{% macro rest(x) %}{{ x }} {{ varargs | join('+') }} {{ kwargs.items() | list }}{% endmacro %}
"""
TEXTS = {
    "by position": "{{ both(1, 2) }}",
    "by name": "{{ both(y=1, x=2) }}",
    "with a default": "{{ both(1) }}",
    "unpacked": "{{ both(*[1, 2]) }} {{ both(**{'x': 3}) }}",
    "with a caller": "{% call(y) around('x') %}{{ both(y) }}{% endcall %}",
    "in a loop": "{% for i in [5, 6] %}{% call(y) around(i) %}{{ loop.index ~ y }}{% endcall %}{% endfor %}",
    "with all that is left": "{{ rest(1, 2, 3, z=4) }}",
    "a function": "{{ double(21) }} {{ double(x=4) }}",
    "an attribute": "{{ thing.name }} {{ thing.inner.name }} {{ (thing.inner if true).name.upper() }}",
    "of a namespace": "{% set n = namespace(of=[]) %}{% set n.of = n.of + [1] %}{{ n.of }}",
}


def _rendered(kind: Callable[..., jinja2.Environment], text: str, **options: Any) -> str:
    environment = kind(undefined=jinja2.StrictUndefined, **options)
    thing = SimpleNamespace(name="outer", inner=SimpleNamespace(name="<inner>"))
    return environment.from_string(MACROS + text).render(double=lambda x: 2 * x, thing=thing)


@pytest.mark.parametrize("escaped", [False, True])
@pytest.mark.parametrize("name", TEXTS)
def test_texts_are_those_of_jinja2(name: str, escaped: bool) -> None:
    text = TEXTS[name]
    assert _rendered(PlainEnvironment, text, autoescape=escaped) == _rendered(
        jinja2.Environment, text, autoescape=escaped
    )


# ---- mistakes ----


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        ("{{ missing(1) }}", jinja2.UndefinedError, "'missing' is undefined"),
        ("{{ missing.name }}", jinja2.UndefinedError, "'missing' is undefined"),
        ("{{ thing.nothing }}", AttributeError, "no attribute 'nothing'"),
        ("{{ both() }}", jinja2.UndefinedError, "parameter 'x' was not provided"),
        ("{{ both(1, 2, 3) }}", TypeError, "takes not more than 2"),
        ("{{ both(1, z=3) }}", TypeError, "takes no keyword argument 'z'"),
        ("{{ around(1) }}", jinja2.UndefinedError, "No caller defined"),
    ],
)
def test_mistakes_are_said(text: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        _rendered(PlainEnvironment, text)
