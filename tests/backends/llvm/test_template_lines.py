"""Template lines: each line of a kernel leads to the template that wrote it."""

from __future__ import annotations

import pytest

from dark_jit.backends.llvm.render import render
from dark_jit.backends.llvm.template_lines import template_lines
from dark_jit.backends.templates import template_source

from ...test_golden import FAMILIES, TARGETS, spec_of


@pytest.mark.parametrize("isa", ["avx512", "sse2"])
@pytest.mark.parametrize("family", FAMILIES)
def test_every_line_has_its_template(family: str, isa: str) -> None:
    spec = spec_of(family, TARGETS[isa])
    text = render(spec, TARGETS[isa]).text
    found = template_lines(spec, TARGETS[isa], text)
    assert len(found) == text.count("\n")
    assert found[0][0] == f"llvm/{family}.ll.j2"
    for name, number in set(found):
        assert template_source(name).splitlines()[number - 1].strip()


def test_a_macro_is_found_in_its_library() -> None:
    spec = spec_of("gemm", TARGETS["avx512"])
    text = render(spec, TARGETS["avx512"]).text
    lines = dict(zip(text.splitlines(), template_lines(spec, TARGETS["avx512"], text), strict=True))
    name, number = next(lines[line] for line in lines if "@llvm.fma" in line and " = call" in line)
    assert name.startswith("llvm/lib/") and "llvm.fma" in template_source(name).splitlines()[number - 1]


def test_text_that_a_template_does_not_make_has_no_lines() -> None:
    assert template_lines(spec_of("gemm", TARGETS["avx512"]), TARGETS["avx512"], "; other text\n") == []
