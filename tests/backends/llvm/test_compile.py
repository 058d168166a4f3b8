"""Text to native code: bad IR raises with the line shown, equal text compiles once, threads may compile at once."""

from __future__ import annotations

import ctypes
import gc
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from dark_jit.backends.llvm import target
from dark_jit.backends.llvm.compile import compile_count, compile_module
from dark_jit.backends.llvm.target import available_isas, machine
from dark_jit.errors import ArgumentError, InternalError

from ...concurrency import run_script

ISA = machine().isa


def child_environment() -> dict[str, str]:
    """The environment of an interpreter that finds dark_jit where this one did."""
    path = [str(Path(target.__file__).parents[3]), os.environ.get("PYTHONPATH", "")]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path)}


def answer(number: int) -> str:
    """A module with @answer() -> i64."""
    return f"define i64 @answer() {{\n  ret i64 {number}\n}}\n"


def call(text: str, isa: str = ISA, level: int = 0) -> int:
    return int(ctypes.CFUNCTYPE(ctypes.c_int64)(compile_module(text, isa, level).address("answer"))())


@pytest.mark.parametrize("level", [0, 2])
@pytest.mark.parametrize("isa", available_isas())
def test_code_runs_for_every_isa_and_level(isa: str, level: int) -> None:
    assert call(answer(41), isa, level) == 41


def test_equal_text_compiles_once() -> None:
    before = compile_count()
    first = compile_module(answer(100), ISA)
    assert compile_module(answer(100), ISA) is first
    assert compile_count() == before + 1
    assert compile_module(answer(100), ISA, level=2) is not first
    assert compile_count() == before + 2
    assert first.seconds > 0


def test_threads_compile_equal_text_once() -> None:
    before, modules = compile_count(), []
    threads = [threading.Thread(target=lambda: modules.append(compile_module(answer(101), ISA))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(modules) == 8 and len(set(modules)) == 1
    assert compile_count() == before + 1


def test_equal_symbols_of_several_modules_do_not_meet() -> None:
    assert [call(answer(n)) for n in range(200, 205)] == [200, 201, 202, 203, 204]
    assert call(answer(200)) == 200


def test_text_may_call_the_process() -> None:
    assert call("declare i64 @labs(i64)\ndefine i64 @answer() {\n  %x = call i64 @labs(i64 -5)\n  ret i64 %x\n}\n") == 5


def test_internal_functions_are_not_exported() -> None:
    module = compile_module("define internal void @f() {\n  ret void\n}\n" + answer(1), ISA)
    with pytest.raises(InternalError, match="defines no @f; it defines answer"):
        module.address("f")


def test_ir_and_assembly_can_be_read() -> None:
    text = "define i64 @answer() {\n  %x = add i64 20, 1\n  %y = mul i64 %x, 2\n  ret i64 %y\n}\n"
    plain, optimised = compile_module(text, ISA), compile_module(text, ISA, level=2)
    assert "%y = mul i64 %x, 2" in plain.ir
    assert "ret i64 42" in optimised.ir and "mul" not in optimised.ir
    assert "answer:" in optimised.asm and optimised.text == text


@pytest.mark.isa
@pytest.mark.parametrize(("isa", "register"), [("sse2", "xmm"), ("avx2", "ymm"), ("avx512", "zmm")])
def test_assembly_uses_the_isa_and_no_more(isa: str, register: str) -> None:
    if isa not in available_isas():
        pytest.skip(f"this machine has no {isa}")
    lanes = machine(isa).lanes(4)
    text = (
        f"define void @f(ptr %p) {{\n  %x = load <{lanes} x float>, ptr %p\n  %y = fadd <{lanes} x float> %x, %x\n"
        f"  store <{lanes} x float> %y, ptr %p\n  ret void\n}}\n"
    )
    asm = compile_module(text, isa).asm
    assert register in asm
    assert not [wider for wider in {"xmm": ["ymm", "zmm"], "ymm": ["zmm"], "zmm": []}[register] if wider in asm]


def test_separate_multiply_and_add_are_not_contracted() -> None:
    text = (
        "define float @answer(float %a, float %b, float %c) {\n  %x = fmul float %a, %b\n"
        "  %y = fadd float %x, %c\n  ret float %y\n}\n"
    )
    assert "fmadd" not in compile_module(text, ISA, level=2).asm


BAD = {
    "a wrong type": (
        "define void @f() {\n  ret i32 0\n}\n",
        "value doesn't match function result type",
        ">    2 |   ret i32 0",
    ),
    "an undefined value": (
        "define i32 @f() {\n  %x = add i32 1, 2\n  ret i32 %y\n}\n",
        "use of undefined value '%y'",
        ">    3 |   ret i32 %y",
    ),
    "a use that is not dominated": (
        "define i32 @f(i1 %c) {\nentry:\n  br i1 %c, label %a, label %b\na:\n  %x = add i32 1, 2\n  br label %b\n"
        "b:\n  %y = add i32 %x, 1\n  ret i32 %y\n}\n",
        "does not dominate all uses",
        ">    8 |   %y = add i32 %x, 1",
    ),
    "an incomplete phi": (
        "define i32 @f(i1 %c) {\nentry:\n  br i1 %c, label %a, label %b\na:\n  br label %b\n"
        "b:\n  %y = phi i32 [1, %a]   ; one is missing\n  ret i32 %y\n}\n",
        "one entry for each predecessor",
        ">    7 |   %y = phi i32 [1, %a]",
    ),
    "an unknown function": (
        "declare void @nosuch()\ndefine void @f() {\n  call void @nosuch()\n  ret void\n}\n",
        "@nosuch is declared, and nothing defines it",
        ">    3 |   call void @nosuch()",
    ),
    "an unknown intrinsic": (
        "declare i32 @llvm.nosuch.i32(i32)\ndefine i32 @f(i32 %c) {\n  %y = call i32 @llvm.nosuch.i32(i32 %c)\n"
        "  ret i32 %y\n}\n",
        "cannot link",
        "",
    ),
    "one target's own intrinsic": (
        "declare <4 x float> @llvm.x86.sse.rcp.ps(<4 x float>)\ndefine <4 x float> @f(<4 x float> %x) {\n"
        "  %y = call <4 x float> @llvm.x86.sse.rcp.ps(<4 x float> %x)\n  ret <4 x float> %y\n}\n",
        "write generic IR instead",
        ">    3 |   %y = call",
    ),
    "unknown assembly": (
        'define void @f() {\n  call void asm sideeffect "bogus", ""()\n  ret void\n}\n',
        "inline assembly 'bogus'",
        '>    2 |   call void asm sideeffect "bogus", ""()',
    ),
    "a truncated text": ("define void @f() {", "expect", ">    1 | define void @f() {"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_ir_raises_with_the_line_shown(case: str) -> None:
    text, message, line = BAD[case]
    before = compile_count()
    with pytest.raises(InternalError) as caught:
        compile_module(text, ISA)
    assert message in str(caught.value) and line in str(caught.value)
    assert compile_count() == before
    assert call(answer(7)) == 7


def test_unknown_isa_raises() -> None:
    with pytest.raises(ArgumentError, match="does not know the instruction set 'mmx'"):
        compile_module(answer(1), "mmx")


def test_what_an_error_keeps_alive_can_be_collected() -> None:
    for text, _, _ in BAD.values():
        with pytest.raises(InternalError) as caught:
            compile_module(text, ISA)
        caught.value.itself = caught.value  # type: ignore[attr-defined]  # a cycle that holds every frame
    gc.collect()
    assert call(answer(8)) == 8


def test_bad_ir_says_nothing_to_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    for text, _, _ in BAD.values():
        with pytest.raises(InternalError):
            compile_module(text, ISA)
    assert capfd.readouterr() == ("", "")


def test_a_child_of_a_fork_compiles_while_the_parent_does() -> None:
    script = f"""
import os, signal, threading, itertools
from dark_jit.backends.llvm import target
from dark_jit.backends.llvm.compile import compile_module
def text(n): return f"define i64 @answer() {{{{\\n  ret i64 {{n}}\\n}}}}\\n"
going = True
def compile_all():
    for n in itertools.count():
        if not going: return
        compile_module(text(n), {ISA!r})
thread = threading.Thread(target=compile_all)
thread.start()
for _ in range(10):
    pid = os.fork()
    if pid == 0:
        signal.alarm(20)
        compile_module(text(-1), {ISA!r})
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
going = False
thread.join()
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore::DeprecationWarning", "-c", script],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=child_environment(),
    )
    assert done.returncode == 0 and not done.stderr, (done.returncode, done.stderr)


def test_no_thread_is_inside_llvm_when_the_process_ends() -> None:
    """What is registered first is called last."""
    run_script("""
        import atexit, os, threading, time
        def look():
            if not compile._lock._is_owned():
                os._exit(1)
        atexit.register(look)
        from dark_jit.backends.llvm import compile
        from dark_jit.backends.llvm.target import available_isas
        isa = available_isas()[-1]
        def forever():
            number = 0
            while True:
                number += 1
                compile.compile_module("define i64 @f() {\\n  ret i64 " + str(number) + "\\n}", isa)
        threading.Thread(target=forever, daemon=True).start()
        while compile.compile_count() < 3:
            time.sleep(0.01)
    """)
