"""DARK_JIT_DEBUG: gdb steps through the rendered text, and perf knows the kernels' names and lines."""

from __future__ import annotations

import os
import re
import shutil
import struct
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import llvmlite.binding as llvm
import pytest

from dark_jit import config
from dark_jit.backends.llvm.compile import compile_module, printed
from dark_jit.backends.llvm.line_table import rows
from dark_jit.backends.llvm.locations import located
from dark_jit.backends.llvm.target import machine
from dark_jit.backends.sources import template_folder
from dark_jit.errors import ArgumentError

ISA = machine().isa
GOLDEN = template_folder().parent / "tests" / "golden"
PROGRAM = """
import os, sys
import numpy as np
import dark_jit as dark

@dark.compile
def f(x, w):
    return (x @ w).relu()

x = dark.asarray(np.ones((40, 30), np.float32))
w = dark.asarray(np.ones((30, 20), np.float32))
assert (f(x, w).numpy() == 30).all()
names = [kernel.name for kernel in f.inspect(x, w).kernels]
print(os.getpid(), *names, sep=chr(10), flush=True)
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The command of a small program whose kernels are compiled for debuggers."""
    (tmp_path / "model.py").write_text(PROGRAM)
    monkeypatch.setenv("DARK_JIT_DEBUG", "1")
    monkeypatch.setenv("DARK_JIT_CACHE_DIR", str(tmp_path / "a folder"))
    return [sys.executable, str(tmp_path / "model.py")]


def output(command: list[str]) -> str:
    ended = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True, timeout=120
    )
    return ended.stdout


def found_in(text: str, pattern: str) -> str:
    found = re.search(pattern, text)
    assert found is not None, text
    return found[1]


# ---- gdb ----


@pytest.mark.skipif(shutil.which("gdb") is None, reason="needs gdb")
def test_gdb_steps_through_the_text(program: list[str], tmp_path: Path) -> None:
    commands = (
        "set breakpoint pending on",
        "break kernel",
        "run",
        "backtrace 2",
        "step",
        "step",
        "info source",
        "info inf",
    )
    options = [option for command in commands for option in ("-ex", command)]
    for _ in range(2):  # the objects are new, and come from the cache
        said = output(["gdb", "-batch", "-nx", *options, "--args", *program])
        if "ptrace" in said:
            pytest.skip("gdb may not trace processes here")
        path = Path(found_in(said, r"Located in (.*)\n"))
        assert path.parent == tmp_path / "a folder"
        lines = path.read_text().splitlines()
        shown = [(int(number), line) for number, line in re.findall(r"^(\d+)\t(.*)$", said, re.MULTILINE)]
        assert len(shown) == 3
        assert [line for _, line in shown] == [lines[number - 1] for number, _ in shown]
        assert shown[0][0] < shown[1][0] < shown[2][0]
        assert re.search(r"#1 .* in walk.*\.ll:\d+", said)  # the walker, too
        assert path.stat().st_mode & 0o077 == 0
        process = found_in(said, r"process (\d+)")
        Path(f"/tmp/perf-{process}.map").unlink()


# ---- perf ----


@pytest.mark.skipif(sys.platform != "linux", reason="perf is Linux's")
def test_perf_is_told_names_and_lines(program: list[str], tmp_path: Path) -> None:
    process, *names = output(program).splitlines()
    path = Path(f"/tmp/perf-{process}.map")
    try:
        mapped = {
            name: (int(at, 16), int(size, 16)) for at, size, name in map(_map_line, path.read_text().splitlines())
        }
    finally:
        path.unlink()
    assert names == ["matmul_relu (model.py:8)"]
    assert {*names, "walker_run"} <= mapped.keys()
    lines, code = dict[int, list[tuple[int, int, str]]](), dict[str, tuple[int, int]]()
    for kind, body in records((tmp_path / "a folder" / f"jit-{process}.dump").read_bytes()):
        if kind == 2:
            lines[struct.unpack_from("<Q", body)[0]] = list(line_entries(body[16:]))
        else:
            _, _, _, address, size, _ = struct.unpack_from("<IIQQQQ", body)
            name, _, rest = body[40:].partition(b"\0")
            assert len(rest) == size
            code[name.decode()] = address, size
    assert code == mapped
    address, size = mapped[names[0]]
    places, numbers, files = zip(*lines[address], strict=True)
    assert all(address <= place < address + size for place in places)
    (text,) = {Path(file).read_text() for file in files}
    shown = [text.splitlines()[number - 1].strip() for number in numbers]
    assert "ret void" in shown
    assert all(line.startswith(("define", "%", "store", "br", "call", "ret")) for line in shown)


def _map_line(line: str) -> list[str]:
    return line.split(" ", 2)


def records(dump: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and contents of each record of a dump."""
    assert struct.unpack_from("<III", dump) == (0x4A695444, 1, 40)
    at = 40
    while at < len(dump):
        kind, size, _ = struct.unpack_from("<IIQ", dump, at)
        yield kind, dump[at + 16 : at + size]
        at += size


def line_entries(body: bytes) -> Iterator[tuple[int, int, str]]:
    """Address, line and file."""
    while body:
        address, line, _ = struct.unpack_from("<Qii", body)
        name, _, body = body[16:].partition(b"\0")
        yield address, line, name.decode()


# ---- what both follow from ----


def test_line_tables_say_what_the_assembly_says() -> None:
    for path in sorted((GOLDEN / ISA).glob("*.ll")):
        text = located(path.read_text())
        code = object_of(text)
        sections = {section.name(): section.data() for section in llvm.ObjectFileRef.from_data(code).sections()}
        found = rows(sections[b".debug_line"])
        said = [int(line) for line in re.findall(r"\.loc\s+\d+ (\d+) ", printed(text, ISA)[1])]
        assert [row.line for row in found] == [line for line in said if line], path.name
        assert [row.address for row in found] == sorted(row.address for row in found)


def object_of(text: str) -> bytes:
    from dark_jit.backends.llvm.compile import _compiled

    return _compiled(text, ISA, 0).code


def test_a_folder_may_have_any_name() -> None:
    folder = Path('/a "b"\\c/ü')
    code = object_of(located("define void @f() {\n  ret void\n}\n", folder / "f.ll"))
    assert os.fsencode(folder) in code


def test_debugged_code_is_code_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "define i64 @answer() {\n  ret i64 4242\n}\n"
    plain = compile_module(text, ISA)
    monkeypatch.setenv("DARK_JIT_DEBUG", "1")
    debugged = compile_module(text, ISA)
    assert debugged is not plain
    assert debugged.asm == plain.asm
    monkeypatch.setenv("DARK_JIT_DEBUG", "0")
    assert compile_module(text, ISA) is plain
    if sys.platform == "linux":
        Path(f"/tmp/perf-{os.getpid()}.map").unlink()


def test_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    for text, wanted in (("", False), ("0", False), (" 1 ", True)):
        monkeypatch.setenv("DARK_JIT_DEBUG", text)
        assert config.debug() is wanted
    monkeypatch.setenv("DARK_JIT_CACHE_DIR", "off")
    with pytest.raises(ArgumentError, match=r"texts of kernels in a folder; DARK_JIT_CACHE_DIR is 'off'"):
        config.debug()
    monkeypatch.setenv("DARK_JIT_DEBUG", "yes")
    with pytest.raises(ArgumentError, match="DARK_JIT_DEBUG is 'yes'; set it to 1 or 0"):
        config.debug()
