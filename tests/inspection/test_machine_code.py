"""Registers and spills, counted in assembly of both kinds of machine, and the comments that name blocks."""

from __future__ import annotations

from dark_jit.backends.llvm.listing import Lines, _asm_lines
from dark_jit.backends.llvm.locations import located
from dark_jit.inspection.machine_code import Registers, annotated, registers

from ..cross_compile import assembly
from ..test_golden import TARGETS, spec_of
from ..test_golden import native as rendering

TEXT = ["  %x = fadd float %a, %b", "  store float %x, ptr %sums"]


def of(*lines: tuple[str, int]) -> Registers:
    return registers(Lines(tuple(f"        {line}" for line, _ in lines), tuple(origin for _, origin in lines)), TEXT)


def test_parts_of_a_register_are_one() -> None:
    found = of(("vaddps  %zmm1, %zmm2, %zmm1", 1), ("vxorps  %xmm1, %xmm1, %xmm1", 1), ("movl %eax, %r8d", 1))
    assert (found.vector, found.general) == (2, 2)
    assert of(("movq (%rax,%r8), %r8", 1), ("movl (%rip), %eax", 1), ("popq %rsp", 0)).general == 2
    assert of(("fmla v1.4s, v2.4s, v3.s[0]", 1), ("str q1, [x0]", 1), ("add x0, x0, w3", 1)).vector == 3


def test_a_spill_is_a_store_that_the_text_does_not_ask_for() -> None:
    assert str(of(("vmovups %zmm3, 64(%rsp)", 1), ("movq %rax, (%rsp)", 0))).endswith("1 and 1 spilled")
    assert of(("vmovups %zmm3, 64(%rsp)", 2), ("vmovups 64(%rsp), %zmm3", 1)).vector_spills == 0
    assert of(("stp q0, q1, [sp, #-32]!", 1)).vector_spills == 1


def test_what_is_kept_for_the_caller_is_no_spill() -> None:
    found = of(("pushq %rbx", 0), ("stp x29, x30, [sp, #-32]!", 0), ("stp d9, d8, [sp, #16]", 0), ("str x19, [sp]", 0))
    assert str(found).endswith("none spilled")


def test_tiles_fit_into_the_registers_of_every_machine() -> None:
    for isa, target in TARGETS.items():
        text = rendering.render(spec_of("conv2d", target), target).text
        found = registers(_asm_lines(assembly(located(text), isa)), text.splitlines())
        assert 0 < found.vector <= target.registers and found.vector_spills == 0, isa


def test_comments_stand_where_a_block_begins() -> None:
    asm = Lines(("f:", "  a", "  b", "  c"), (1, 1, 0, 2))
    names = {1: "f, block entry", 2: "f, block loop"}
    assert annotated(asm, "#", lambda line: names[line]).splitlines() == [
        "# f, block entry",
        "f:",
        "  a",
        "  b",
        "# f, block loop",
        "  c",
    ]
