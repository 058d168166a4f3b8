"""Debug information for rendered text: which line each instruction stands on. It changes no instruction."""

from __future__ import annotations

import os
import re
from pathlib import Path

_UNIT = """!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2, !5}
!0 = distinct !DICompileUnit(language: DW_LANG_C, file: !1, emissionKind: FullDebug)
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = !DISubroutineType(types: !4)
!4 = !{}
!5 = !{i32 7, !"Dwarf Version", i32 4}
"""
_FILE = '!1 = !DIFile(filename: "%s", directory: "%s")\n'
_FIRST = 6  # number of the first metadata node that is free
_NAME = re.compile(r"@([\w.]+)")


def located(text: str, path: Path = Path("kernel.ll")) -> str:
    """The text with a debug location at each instruction of its functions; debuggers look for it at `path`."""
    lines, places, functions = [], [], list[tuple[int, str]]()
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        code = line.partition(";")[0].rstrip()
        if code.startswith("define"):
            inside = True
            functions.append((number, _NAME.findall(code)[0]))
            code = f"{code.removesuffix('{')}!dbg !{_FIRST + len(functions) - 1} {{"
        elif code == "}":
            inside = False
        elif inside and code and not code.endswith(":"):
            places.append((number, len(functions) - 1))
            code = f"{code}, !dbg !<{len(places) - 1}>"
        lines.append(code)
    first = _FIRST + len(functions)
    body = re.sub(r"!<(\d+)>", lambda found: f"!{first + int(found[1])}", "\n".join(lines))
    kinds = [
        f'!{_FIRST + i} = distinct !DISubprogram(name: "{name}", scope: !1, file: !1, line: {number}, type: !3,'
        " unit: !0, spFlags: DISPFlagDefinition)\n"
        for i, (number, name) in enumerate(functions)
    ]
    where = [
        f"!{first + i} = !DILocation(line: {number}, scope: !{_FIRST + function})\n"
        for i, (number, function) in enumerate(places)
    ]
    file = _FILE % (_escaped(path.name), _escaped(str(path.parent)))
    return "".join([body, "\n", _UNIT, file, *kinds, *where])


def _escaped(name: str) -> str:
    """A name as LLVM's strings have it."""
    plain = re.compile(rb"[^\w./ +-]", re.ASCII)
    return plain.sub(lambda byte: b"\\%02X" % ord(byte[0]), os.fsencode(name)).decode()
