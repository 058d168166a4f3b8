"""Rendered text beside what LLVM makes of it: which line of IR and of assembly comes from which line of the text.

Each instruction of the text is given a debug location, its own line, and LLVM carries that along.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from dark_jit.backends.llvm.compile import printed
from dark_jit.backends.llvm.locations import located

_IR_LOCATION = re.compile(r",? !dbg !(\d+)")
_IR_LINE = re.compile(r"!(\d+) = !DILocation\(line: (\d+),")
_ASM_LOCATION = re.compile(r"\s*\.loc\s+\d+ (\d+) ")
# What tells the assembler, and not the reader, something.
_DIRECTIVE = re.compile(r"\s*\.(cfi_|loc|file|p2align|type|size|globl|section|text|ident|hidden)|\.L(tmp|func_|sec)")


@dataclass(frozen=True)
class Lines:
    """A text, and for each of its lines the number, from 1, of the line that it comes from; 0 where there is none."""

    lines: tuple[str, ...]
    origins: tuple[int, ...]

    def __str__(self) -> str:
        return "\n".join(self.lines) + "\n"


@dataclass(frozen=True)
class Listing:
    """What LLVM makes of a rendered text."""

    ir: Lines
    asm: Lines


@functools.lru_cache(512)
def listing(text: str, isa: str) -> Listing:
    """The IR and the assembly of a kernel's text. Raises InternalError for text that LLVM refuses."""
    ir, asm = printed(located(text), isa)
    return Listing(_ir_lines(ir), _asm_lines(asm))


def _ir_lines(ir: str) -> Lines:
    """The IR without the debug locations."""
    lines_of = {number: int(line) for number, line in _IR_LINE.findall(ir)}
    lines, origins = [], []
    for line in ir.splitlines():
        if line.startswith(("!", "source_filename", "; ModuleID", "target ")):
            continue
        found = _IR_LOCATION.search(line)
        lines.append(_IR_LOCATION.sub("", line))
        origins.append(lines_of.get(found[1], 0) if found else 0)
    return _trimmed(lines, origins)


def _asm_lines(asm: str) -> Lines:
    """The assembly without debug sections and directives; constants stand behind the code."""
    code: list[tuple[str, int]] = []
    constants: list[tuple[str, int]] = []
    section, line_now = code, 0
    for line in asm.splitlines():
        found = _ASM_LOCATION.match(line)
        if line.lstrip().startswith(".section"):
            section = [] if ".debug" in line or ".note" in line else constants if "rodata" in line else code
        elif line.strip() == ".text":
            section = code
        elif found:
            line_now = int(found[1])
        elif not _DIRECTIVE.match(line):
            instruction = line.startswith("\t") and not line.startswith("\t.")
            section.append((line.expandtabs(8), line_now if instruction else 0))
    lines, origins = map(list, zip(*code, ("", 0), *constants, strict=True))
    for place in reversed(range(len(lines) - 1)):
        if lines[place].endswith(":"):  # a label belongs to what follows it
            origins[place] = origins[place + 1]
    return _trimmed(lines, origins)


def _trimmed(lines: list[str], origins: list[int]) -> Lines:
    """Without empty lines at the ends, and without several together."""
    kept = [i for i, line in enumerate(lines) if line.strip() or (i and lines[i - 1].strip())]
    while kept and not lines[kept[-1]].strip():
        kept.pop()
    while kept and not lines[kept[0]].strip():
        kept.pop(0)
    return Lines(tuple(lines[i] for i in kept), tuple(origins[i] for i in kept))
