"""What perf is told of a module: what its functions are called, and which line each instruction comes from.

A line of /tmp/perf-PID.map says where a function lies; `perf report` reads it. A dump in the cache folder has the code
and its lines, too; `perf inject --jit` makes object files of it for `perf annotate`. It finds the dump because the
process maps it. (The formats: tools/perf/Documentation/jit-interface.txt and jitdump-specification.txt of Linux.)
"""

from __future__ import annotations

import ctypes
import functools
import mmap
import os
import platform
import struct
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import llvmlite.binding as llvm

from dark_jit.backends.disk import disk_cache
from dark_jit.backends.llvm.line_table import Row, rows
from dark_jit.config import log

_FUNCTION = 2  # the type of a symbol
_MACHINES = {"x86_64": 62, "aarch64": 183}  # as ELF numbers them
_LOAD, _LINES = 0, 2  # kinds of records


class Function(NamedTuple):
    """A function in memory. `rows` are its addresses at which another line of the text begins."""

    name: str
    address: int
    size: int
    rows: list[Row]


def announce(title: str, code: bytes, addresses: Mapping[str, int], source: Path | None) -> None:
    """Tell perf of an object, whose exported functions are at `addresses`. Its text lies at `source`."""
    if sys.platform != "linux" or not addresses:
        return
    found = list(_functions(title, code, addresses))
    try:
        _write_map(found)
        dump = _dump(os.getpid())
        if dump is not None and source is not None:
            dump.write(found, source)
    except OSError as error:
        log.info("perf is not told of %s: %s", title, error)


def _functions(title: str, code: bytes, addresses: Mapping[str, int]) -> Iterator[Function]:
    """The functions that lie where the exported ones do; the text's `kernel` is called by the title alone."""
    sections = {section.name(): section.data() for section in llvm.ObjectFileRef.from_data(code).sections()}
    names = sections[b".strtab"]
    symbols = [
        (names[name : names.index(0, name)].decode(), section, start, size)
        for name, info, _, section, start, size in struct.iter_unpack("<IBBHQQ", sections[b".symtab"])
        if info & 15 == _FUNCTION
    ]
    place, base = next((section, addresses[n] - start) for n, section, start, _ in symbols if n in addresses)
    table = rows(sections.get(b".debug_line", b""))
    for name, section, start, size in symbols:
        if section == place:
            called = " ".join([*title.split(), *([] if title and name == "kernel" else [name])])
            inside = [Row(base + row.address, row.line) for row in table if start <= row.address < start + size]
            yield Function(called, base + start, size, inside)


def _write_map(functions: list[Function]) -> None:
    """Append to the map, which other compilers in this process may write to as well."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW
    with open(
        os.open(f"/tmp/perf-{os.getpid()}.map", flags, 0o600), "w", encoding="utf-8", errors="surrogateescape"
    ) as file:
        file.writelines(f"{f.address:x} {f.size:x} {f.name}\n" for f in functions)


class _Dump:
    """A file of records: the lines of a function and then its code, for each function."""

    def __init__(self, path: Path) -> None:
        self._count = 0
        self._file = open(path, "a+b", buffering=0)  # noqa: SIM115  (as long as the process)
        self._mapped = mmap.mmap(self._file.fileno(), 0, mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_EXEC)

    def write(self, functions: list[Function], source: Path) -> None:
        """Add functions whose text lies at `source`."""
        for function in functions:
            self._write_lines(function, os.fsencode(source) + b"\0")
            self._write_code(function)

    def _write_lines(self, function: Function, source: bytes) -> None:
        entries = [struct.pack("<Qii", row.address, row.line, 0) + source for row in function.rows]
        self._record(_LINES, struct.pack("<QQ", function.address, len(entries)) + b"".join(entries))

    def _write_code(self, function: Function) -> None:
        _, address, size, _ = function
        self._count += 1
        head = struct.pack("<IIQQQQ", os.getpid(), threading.get_native_id(), address, address, size, self._count)
        self._record(_LOAD, head + os.fsencode(function.name) + b"\0" + ctypes.string_at(address, size))

    def _record(self, kind: int, contents: bytes) -> None:
        self._file.write(struct.pack("<IIQ", kind, 16 + len(contents), time.monotonic_ns()) + contents)


@functools.lru_cache(1)
def _dump(process: int) -> _Dump | None:
    """The dump of this process; the child of a fork has its own. None where nothing can be kept on disk."""
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return None
    head = struct.pack("<IIIIIIQQ", 0x4A695444, 1, 40, machine, 0, process, time.monotonic_ns(), 0)
    path = disk_cache().put_plain(f"jit-{process}.dump", head)
    return None if path is None else _Dump(path)
