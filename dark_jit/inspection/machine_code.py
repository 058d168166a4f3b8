"""What a kernel's assembly says of registers, and the assembly with its blocks named."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dark_jit.backends.llvm.listing import Lines

_VECTOR = re.compile(r"%[xyz]mm(\d+)|\b[vq](\d+)\b")
_GENERAL = re.compile(r"%(r\w+|e[a-ds]\w)|\b[xw](\d+)\b")
_TO_STACK = re.compile(r"\s+(?:v?mov\w*\s+%\w+, -?\d*\(%r[sb]p\)|st[rpu]\w*\s+\w+,.*\[(?:sp|x29))")
# What a function of AArch64 has to keep for its caller; those of x86 are pushed.
_SAVED = re.compile(r"\s+st[rp]\s+(?:x(?:19|2\d|30)|d(?:[89]|1[0-5]))\b")
_WRITES = ("store", "call")  # lines of text that may write to the stack themselves


@dataclass(frozen=True)
class Registers:
    """The vector and general registers that a kernel uses, how often one of a kind goes to the stack to make room."""

    vector: int
    general: int
    vector_spills: int
    general_spills: int

    def __str__(self) -> str:
        spills = (
            f"{self.vector_spills} and {self.general_spills}" if self.vector_spills or self.general_spills else "none"
        )
        return f"{self.vector} vector and {self.general} general registers, {spills} spilled"


def registers(asm: Lines, text: Sequence[str]) -> Registers:
    """Count registers and spills; `text` are the lines that the assembly comes from.

    What the text itself stores is no spill.
    """
    code = "\n".join(asm.lines)
    vector = {a or b for a, b in _VECTOR.findall(code)}
    general = {_whole(a) or b for a, b in _GENERAL.findall(code)} - {"rip", "rsp"}
    spills = [line for line, origin in zip(asm.lines, asm.origins, strict=True) if _spills(line, origin, text)]
    vectors = sum(_VECTOR.search(line) is not None for line in spills)
    return Registers(len(vector), len(general), vectors, len(spills) - vectors)


def _spills(line: str, origin: int, text: Sequence[str]) -> bool:
    if not _TO_STACK.match(line):
        return False
    return not text[origin - 1].lstrip().startswith(_WRITES) if origin else not _SAVED.match(line)


def _whole(name: str) -> str:
    """The 64-bit register of which a name is a part: eax is a part of rax, r8d of r8."""
    return f"r{name[1:]}" if name.startswith("e") else name.rstrip("dwb") if name[1:2].isdigit() else name


def annotated(asm: Lines, comment: str, block_of: Callable[[int], str]) -> str:
    """The assembly; before each stretch of instructions that come from one block of the text a comment names it."""
    lines, before = [], ""
    for line, origin in zip(asm.lines, asm.origins, strict=True):
        now = block_of(origin) if origin else before
        if now and now != before:
            lines.append(f"{comment} {now}")
        before = now
        lines.append(line)
    return "\n".join(lines) + "\n"
