"""Native code for processors that this machine need not be: it is made, never run."""

from __future__ import annotations

import functools
import re

import llvmlite.binding as llvm

# Of each instruction set the triple, and the plainest processor that has it.
PROCESSORS = {
    "avx512": ("x86_64-unknown-linux-gnu", "x86-64-v4"),
    "avx2": ("x86_64-unknown-linux-gnu", "x86-64-v3"),
    "sse2": ("x86_64-unknown-linux-gnu", "x86-64"),
    "neon": ("aarch64-unknown-linux-gnu", "generic"),
}
_ELF = {"x86_64": 62, "aarch64": 183}
_CALL = re.compile(r"^\s+(?:callq?|jmpq?|bl|b)\s+([A-Za-z_][\w.]*)", re.MULTILINE)


@functools.cache
def _machine(isa: str) -> llvm.TargetMachine:
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    triple, cpu = PROCESSORS[isa]
    return llvm.Target.from_triple(triple).create_target_machine(cpu=cpu, opt=2, reloc="pic", codemodel="small")


def assembly(text: str, isa: str, routines: frozenset[str] = frozenset()) -> str:
    """The assembly of an IR module, which is verified, and whose object is checked to be for that processor.

    Raises AssertionError where the code calls what neither the module nor `routines` name: a routine of the compiler's
    own library, or of libm for each lane of a vector.
    """
    machine = _machine(isa)
    with llvm.create_context() as context, llvm.parse_assembly(text, context) as module:
        module.triple, module.data_layout = machine.triple, str(machine.target_data)
        module.verify()
        code, found = machine.emit_object(module), str(machine.emit_assembly(module))
        named = routines.union(function.name for function in module.functions)
    assert code[:4] == b"\x7fELF"
    assert int.from_bytes(code[18:20], "little") == _ELF[PROCESSORS[isa][0].partition("-")[0]]
    called = set(_CALL.findall(found))
    assert called <= named, f"{isa}: calls of {', '.join(sorted(called - named))}"
    return found
