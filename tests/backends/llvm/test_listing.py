"""Listings: every instruction of IR and assembly leads back to a line of the text, and the code is that which runs."""

from __future__ import annotations

import re

import pytest

from dark_jit.backends.llvm.compile import printed
from dark_jit.backends.llvm.listing import Lines, listing
from dark_jit.backends.llvm.target import available_isas
from dark_jit.backends.sources import template_folder
from dark_jit.errors import InternalError

GOLDEN = template_folder().parent / "tests" / "golden"
TEXT = """; Doubles a number.
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %x = load float, ptr %args    ; what to double
  %y = fadd float %x, %x
  store float %y, ptr %args
  ret void
}
"""


def from_line(lines: Lines, number: int) -> str:
    return "\n".join(line for line, origin in zip(lines.lines, lines.origins, strict=True) if origin == number)


def test_instructions_lead_back_to_their_lines() -> None:
    found = listing(TEXT, available_isas()[0])
    assert from_line(found.ir, 5).strip() == "%y = fadd float %x, %x"
    assert "add" in from_line(found.asm, 5)
    assert from_line(found.asm, 6) and "ret" in from_line(found.asm, 7)
    assert "dbg" not in str(found.ir) and ".loc" not in str(found.asm)


def instructions(asm: str) -> list[str]:
    """The instructions of an assembly, with numbers of labels left out."""
    lines = [line.expandtabs(8) for line in asm.splitlines() if line.startswith("\t") and line.strip()[:1] not in ".#"]
    return [re.sub(r"\.L\w+", ".L", line) for line in lines]


@pytest.mark.parametrize("isa", ("avx512", "avx2", "sse2", "neon"))
def test_listings_show_the_code_that_runs(isa: str) -> None:
    if isa not in available_isas():
        pytest.skip(f"this machine has no {isa}")
    for path in sorted((GOLDEN / isa).glob("*.ll")):
        if path.stem == "walker":  # no kernel
            continue
        text = path.read_text()
        found = listing(text, isa)
        shown = [re.sub(r"\.L\w+", ".L", line) for line in found.asm.lines if re.match(r" +[^ .#]", line)]
        assert shown == instructions(printed(text, isa)[1]), path.name
        inside = [line.strip() for line in text.splitlines() if line.startswith("  ") and not line.startswith("  ;")]
        assert len(set(found.ir.origins) - {0}) == len(inside), path.name


def test_wrong_text_is_refused() -> None:
    with pytest.raises(InternalError, match="LLVM refuses"):
        listing(TEXT.replace("fadd float", "fadd double"), available_isas()[0])
