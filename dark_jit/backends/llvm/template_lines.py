"""Which line of which template, or of a library of macros, wrote a line of a kernel's text.

The kernel is rendered once more, with a mark behind each line that a template writes. Without the marks it is the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from dark_jit.backends.llvm.render import Renderer
from dark_jit.lowering.kernel import KernelSpec
from dark_jit.lowering.target import Target

_MARK = re.compile("\x01([^\x02]*):(\\d+)\x02")

TemplateLine = tuple[str, int]


class _Marks(Extension):
    """Writes behind each line of a template's own text where it stands."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Mark the text between tags; tags are handed on."""
        for token in stream:
            if token.type == "data":
                first, *others = token.value.split("\n")
                marked = [f"\x01{stream.name}:{token.lineno + n}\x02\n{part}" for n, part in enumerate(others)]
                yield Token(token.lineno, "data", "".join([first, *marked]))
            else:
                yield token


def template_lines(spec: KernelSpec, target: Target, text: str) -> list[TemplateLine]:
    """For each line of a kernel's text the template, as in "llvm/gemm.ll.j2", and the number of the line that ends it.

    What is written by Python has the line behind it. Empty where a filter of a template does not get along with marks.
    """
    lines, found = [], list[TemplateLine]()
    waiting = 0
    for line in Renderer(spec, target, (_Marks,)).raw().splitlines():
        marks = _MARK.findall(line)
        clean = _MARK.sub("", line).rstrip()
        if clean:
            lines.append(clean)
            waiting += 1
        if marks and waiting:
            found += [(marks[0][0], int(marks[0][1]))] * waiting
            waiting = 0
    return found if "\n".join(lines) + "\n" == text and not waiting else []
