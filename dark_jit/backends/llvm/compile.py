"""LLVM IR as text -> native code in this process. Equal text is compiled once.

Text is parsed and verified before anything else touches it, for LLVM's assertions end the process. What is wrong with
it raises InternalError, with the line shown. Code once made stays mapped as long as the process: a kernel may run in
another thread at any time, also while the interpreter ends.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import functools
import hashlib
import itertools
import os
import re
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import llvmlite.binding as llvm

from dark_jit import config
from dark_jit.backends.disk import disk_cache, key_of
from dark_jit.backends.llvm import perf
from dark_jit.backends.llvm.ahead import Ahead, Generated
from dark_jit.backends.llvm.locations import located
from dark_jit.backends.llvm.target import llvm_cpu_and_features
from dark_jit.backends.sources import sources
from dark_jit.errors import InternalError

_CODEGEN_LEVEL = 2  # 1 to 3 make equal code here; 0 makes code three times slower
_CONTEXT_LINES = 2  # shown around a line that LLVM refuses

# LLVM's verifier passes these, and its code generator ends the process over them: intrinsics that the target lacks, and
# inline assembly other than what a walker spins with.
_TARGET_INTRINSIC = re.compile(r"llvm\.(x86|aarch64|arm)\.")
_INLINE_ASSEMBLY = re.compile(r"\basm\b[^\"\n;]*\"([^\"]*)\"")
_KNOWN_ASSEMBLY = frozenset(("", "pause", "yield"))

# LLVM is entered by one thread at a time. No fork happens meanwhile, so that a child finds LLVM at rest; and the
# process does not end meanwhile, which would take LLVM's globals from under it: other threads then wait for ever.
_lock = threading.RLock()
os.register_at_fork(before=_lock.acquire, after_in_parent=_lock.release, after_in_child=_lock.release)
atexit.register(_lock.acquire)

_process = ctypes.CDLL(None)  # what generated code may call: the symbols of this process
_library_numbers = itertools.count()
_modules: dict[tuple[str, str, int, bool], Module] = {}
_loaded: dict[str, dict[str, int]] = {}  # by the object's key, the addresses of its functions


class Module:
    """Native code of one text. `seconds` is what compiling it took; `isa` and `level` are what it was compiled for.

    key: what the disk knows its code by (`loaded`); None where it was compiled for debuggers.
    """

    def __init__(self, text: str, isa: str, level: int, debug: bool, title: str, ahead: Ahead | None) -> None:
        """Compile `text`; raises InternalError where it is not valid."""
        start = time.perf_counter()
        self.text, self.isa, self.level = text, isa, level
        self.key = None if debug else _object_key(text, isa, level, None)
        if self.key is None:
            self._addresses = _load_for_debuggers(text, isa, level, title)
        elif self.key in _loaded:
            self._addresses = _loaded[self.key]
        else:
            self._addresses = _loaded[self.key] = _linked(_object(text, isa, level, ahead=ahead))
        self.seconds = time.perf_counter() - start

    def address(self, symbol: str) -> int:
        """The address of a function of the text. Raises InternalError for a symbol that it does not define."""
        if symbol not in self._addresses:
            raise InternalError(f"the module defines no @{symbol}; it defines {', '.join(sorted(self._addresses))}")
        return self._addresses[symbol]

    @functools.cached_property
    def ir(self) -> str:
        """The IR after the passes that ran."""
        with _lock, _transformed(self.text, self.isa, self.level) as module:
            return str(module)

    @functools.cached_property
    def asm(self) -> str:
        """The assembly of the code."""
        with _lock, _transformed(self.text, self.isa, self.level) as module:
            return str(_target_machine(self.isa).emit_assembly(module))


def compile_module(text: str, isa: str, level: int = 0, title: str = "", ahead: Ahead | None = None) -> Module:
    """Native code of `text` for `isa`, from memory if it is there.

    `level` 0 runs no passes before code generation, right for templates that are explicitly vectorised; 2 runs LLVM's
    O2, for scalar loops. perf calls it `title` (DARK_JIT_DEBUG). `ahead` may have its code. Raises InternalError for IR
    that LLVM refuses, ArgumentError for an `isa` that the machine lacks.
    """
    debug = config.debug()
    key = hashlib.sha256(text.encode()).hexdigest(), isa, level, debug
    with _lock:
        module = _modules.get(key)
        if module is None:
            module = _modules[key] = Module(text, isa, level, debug, title, ahead)
            config.log.debug("compiled %s for %s, level %d, in %.1f ms", key[0][:12], isa, level, 1e3 * module.seconds)
        return module


def loaded(key: str) -> dict[str, int] | None:
    """The addresses of the functions of an object that some process has compiled; None where it is no longer kept."""
    with _lock:
        if key not in _loaded and (kept := _kept(key)) is not None:
            _loaded[key] = _linked(kept)
        return _loaded.get(key)


def ahead_of(isa: str, count: int) -> Ahead:
    """What generates code of about so many texts for an instruction set ahead of its use. Raises ArgumentError."""
    cpu, features = llvm_cpu_and_features(isa)
    settings = {"cpu": cpu, "features": features, "opt": _CODEGEN_LEVEL, "reloc": "pic", "jit": True}
    return Ahead(count, settings, lambda text: _is_new(text, isa))


def _is_new(text: str, isa: str) -> bool:
    debug = config.debug()
    known = hashlib.sha256(text.encode()).hexdigest(), isa, 0, debug
    return not debug and known not in _modules and not disk_cache().has(_object_key(text, isa, 0, None))


def printed(text: str, isa: str) -> tuple[str, str]:
    """The IR and the assembly of `text` as LLVM prints them; nothing is loaded. Raises as `compile_module`."""
    with _lock, _transformed(text, isa, 0) as module:
        return str(module), str(_target_machine(isa).emit_assembly(module))


def compile_count() -> int:
    """How many modules this process has compiled."""
    return len(_modules)


def _load_for_debuggers(text: str, isa: str, level: int, title: str) -> dict[str, int]:
    """Compile and link; gdb and perf are told where the code is, and which of its instructions are of which line."""
    source = disk_cache().put_plain(f"{key_of(text)[:16]}.ll", text.encode())
    made = _object(text, isa, level, source)
    addresses = _linked(made, debug=True)
    perf.announce(title, made.code, addresses, source)
    return addresses


class _Object(NamedTuple):
    defined: list[str]  # functions that it exports
    code: bytes


def _object_key(text: str, isa: str, level: int, source: Path | None) -> str:
    return key_of("object", text, llvm_cpu_and_features(isa), level, llvm.llvm_version_info, sources(), str(source))


def _object(text: str, isa: str, level: int, source: Path | None = None, ahead: Ahead | None = None) -> _Object:
    """Machine code, from disk if it is there; with debug information where the text lies in a file, `source`."""
    key = _object_key(text, isa, level, source)
    kept = _kept(key)
    if kept is not None:
        return kept
    found = ahead.take(text) if ahead is not None and level == 0 and source is None else None
    made = _compiled(text, isa, level) if found is None else _checked(text, found)
    if source is not None:  # the text is compiled as it is, too, so that errors show its own lines
        made = _compiled(located(text, source), isa, level)
    disk_cache().put(key, " ".join(made.defined).encode() + b"\n" + made.code)
    return made


def _kept(key: str) -> _Object | None:
    """Machine code from disk."""
    kept = disk_cache().get(key)
    if kept is None:
        return None
    head, _, code = kept.partition(b"\n")
    return _Object(head.decode().split(), code)


def _checked(text: str, found: Generated) -> _Object:
    """What another process has generated, if the text is safe."""
    _check(text, found.declared)
    return _Object(found.exported, found.code)


def _compiled(text: str, isa: str, level: int) -> _Object:
    with _transformed(text, isa, level) as module:
        defined = [f.name for f in module.functions if not f.is_declaration and f.linkage == llvm.Linkage.external]
        return _Object(defined, _target_machine(isa).emit_object(module))


def _linked(made: _Object, debug: bool = False) -> dict[str, int]:
    """The addresses of the functions that an object exports, in this process."""
    builder = llvm.JITLibraryBuilder().add_object_img(made.code).add_current_process()
    for name in made.defined:
        builder.export_symbol(name)
    try:
        tracker = builder.link(_linker(debug), f"module {next(_library_numbers)}")
    except RuntimeError as error:  # an intrinsic, or a routine of the compiler's own library, that this machine lacks
        raise InternalError(f"LLVM cannot link the generated module: {error}") from None
    addresses = {name: tracker[name] for name in made.defined}
    tracker.detach()  # never unload
    return addresses


@contextlib.contextmanager
def _transformed(text: str, isa: str, level: int) -> Iterator[llvm.ModuleRef]:
    """The module of `text`, verified, after the passes of `level`.

    It is disposed of here and in order: a garbage collection could free its context first, and crash.
    """
    with llvm.create_context() as context, _parsed(text, context) as module:
        _verify(module, text, isa)
        if level > 0:
            options = llvm.create_pipeline_tuning_options(speed_level=level)
            options.loop_vectorization = options.slp_vectorization = True
            options.loop_interleaving = options.loop_unrolling = True
            passes = llvm.create_pass_builder(_target_machine(isa), options)
            passes.getModulePassManager().run(module, passes)
        yield module


def _parsed(text: str, context: llvm.ContextRef) -> llvm.ModuleRef:
    try:
        return llvm.parse_assembly(text, context)
    except RuntimeError as error:
        raise _refusal(text, str(error)) from None


def _verify(module: llvm.ModuleRef, text: str, isa: str) -> None:
    machine = _target_machine(isa)
    module.triple, module.data_layout = machine.triple, str(machine.target_data)
    try:
        module.verify()
    except RuntimeError as error:
        raise _refusal(text, str(error)) from None
    _check(text, [function.name for function in module.functions if function.is_declaration])


def _check(text: str, declared: Sequence[str]) -> None:
    """Raise InternalError for what is valid, but not safe."""
    for name in declared:
        _check_declaration(text, name)
    assemblies = _INLINE_ASSEMBLY.finditer(text) if "asm" in text else ()  # the expression is slow on long texts
    for assembly in assemblies:
        if assembly[1] not in _KNOWN_ASSEMBLY:
            place = _excerpt(text, {text.count("\n", 0, assembly.start()) + 1})
            raise InternalError(f"inline assembly {assembly[1]!r} is not among what is known to be safe\n{place}")


def _refusal(text: str, message: str) -> InternalError:
    place = _excerpt(text, _lines_meant(text, message))
    return InternalError(f"LLVM refuses the generated IR: {message.strip()}\n{place}")


def _check_declaration(text: str, name: str) -> None:
    if _TARGET_INTRINSIC.match(name):
        complaint = "is one target's own; write generic IR instead"
    elif not name.startswith("llvm.") and not hasattr(_process, name):
        complaint = "is declared, and nothing defines it"
    else:
        return
    places = {number for number, line in enumerate(text.splitlines(), 1) if f"@{name}(" in line}
    raise InternalError(f"@{name} {complaint}\n{_excerpt(text, places)}")


def _lines_meant(text: str, message: str) -> set[int]:
    """The lines that LLVM speaks of.

    The parser names a line by its number. The verifier prints the instruction, with other blanks and more attributes.
    """
    position = re.search(r"<string>:(\d+):", message)
    if position:
        return {int(position[1])}
    printed = tuple("".join(line.split()) for line in message.splitlines())
    written = ["".join(line.partition(";")[0].split()) for line in text.splitlines()]
    return {number for number, line in enumerate(written, 1) if line and any(p.startswith(line) for p in printed)}


def _excerpt(text: str, marked: set[int]) -> str:
    """The marked lines of `text`, numbered, with some lines around each."""
    lines = text.splitlines()
    around = {number + step for number in marked for step in range(-_CONTEXT_LINES, _CONTEXT_LINES + 1)}
    shown = sorted(number for number in around if 1 <= number <= len(lines))
    return "\n".join(f"{'>' if number in marked else ' '}{number:5} | {lines[number - 1]}" for number in shown)


@functools.cache
def _native() -> llvm.Target:
    """This machine, as LLVM knows it."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    llvm.initialize_native_asmparser()
    return llvm.Target.from_triple(llvm.get_process_triple())


@functools.cache
def _target_machine(isa: str) -> llvm.TargetMachine:
    cpu, features = llvm_cpu_and_features(isa)
    return _native().create_target_machine(cpu=cpu, features=features, opt=_CODEGEN_LEVEL, reloc="pic", jit=True)


@functools.cache
def _linker(debug: bool) -> llvm.LLJIT:
    """The one linker; objects for every instruction set go through it. In llvmlite the older one alone tells gdb."""
    machine = _native().create_target_machine(reloc="pic", jit=True)
    return llvm.create_lljit_compiler(machine, use_jit_link=not debug, suppress_errors=True)
