"""Where nodes come from: a side table from node to the user's lines.

Origins are not part of a node, so equal nodes stay equal; a node that is made again at another line has both origins,
and a node that replaces another takes over its origins. Recording stores a code object and a line number, nothing more.
A table is shared by all graphs of the process; `apart` makes one of its own, for what one trace alone says.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import os
import sys
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from dark_jit.errors import DarkError, InternalError

if TYPE_CHECKING:
    from dark_jit.graph.node import Node

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
PASSED_THROUGH = (PACKAGE, contextlib.__file__, functools.__file__)  # by our decorators; never the user's own line


@dataclass(frozen=True, order=True)
class Origin:
    """A line of the user's program; `backward` where the node belongs to that line's gradient.

    `scope` is the dotted name of the module that was called there (`Net.layer1.conv`), or of a `named_scope`.
    """

    file: str
    line: int
    function: str
    backward: bool = False
    scope: str = ""

    @property
    def place(self) -> str:
        """The line as `where` takes it: model.py:35."""
        return f"{os.path.basename(self.file)}:{self.line}"

    def __str__(self) -> str:
        return f"{self.place}{' (backward)' if self.backward else ''}"


Origins = frozenset[Origin]
NONE: Origins = frozenset()

Table = WeakKeyDictionary["Node", Origins]
_shared: Table = WeakKeyDictionary()


class _Current(threading.local):
    origins: Origins = NONE
    scope: str = ""
    table: Table = _shared


_current = _Current()


def record(node: Node) -> None:
    """Note that `node` was made (or made again) under the current origins."""
    new = _current.origins
    if new:
        table = _current.table
        old = table.get(node)
        if old is None:
            table[node] = new
        elif not new <= old:
            table[node] = old | new


def of(node: Node) -> Origins:
    """The origins of a node; empty where none were recorded."""
    return _current.table.get(node, NONE)


def adopt(node: Node, others: Iterable[Node]) -> None:
    """Give `node` the origins of the nodes that it replaces as well."""
    found = of(node).union(*(of(other) for other in others))
    if found:
        _current.table[node] = found


@contextlib.contextmanager
def apart(nodes: Iterable[Node]) -> Iterator[Table]:
    """`with apart(nodes) as table:` this thread works with a table that has the origins of these nodes only.

    Hash-consed nodes have the origins of all graphs that they are in. What is made inside from nodes of one trace has
    those of that trace.
    """
    before = _current.table
    table: Table = WeakKeyDictionary({node: before[node] for node in nodes if node in before})
    _current.table = table
    try:
        yield table
    finally:
        _current.table = before


class named_scope:
    """`with dark.named_scope("encoder"):` what is computed inside bears this name in reports, behind those around it.

    Calls of modules do so by themselves.
    """

    __slots__ = ("_before", "_name")

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        before = self._before = _current.scope
        _current.scope = f"{before}.{self._name}" if before else self._name

    def __exit__(self, *_: object) -> None:
        _current.scope = self._before


class under:
    """`with under(origins):` nodes made inside are of these origins."""

    __slots__ = ("_before", "_origins")

    def __init__(self, origins: Origins) -> None:
        self._origins = origins

    def __enter__(self) -> None:
        self._before, _current.origins = _current.origins, self._origins

    def __exit__(self, *_: object) -> None:
        _current.origins = self._before


def lines(node: Node) -> str:
    """The lines that a node came from, to begin a message with; nothing where they are not known."""
    found = " or ".join(described(of(node)))
    return f"{found}: " if found else ""


def described(found: Iterable[Origin]) -> list[str]:
    """The lines of some origins as text, each once, in order."""
    return list(dict.fromkeys(map(str, sorted(found))))


def cut(error: Exception) -> None:
    """Take the frames of dark_jit out of an error's traceback; a bare `raise` then goes on with the user's alone.

    Where the error is a bug of ours the frames stay.
    """
    entries = list(_entries(error))
    kept = [entry for entry in entries if not _is_ours(entry)]
    expected = isinstance(error, DarkError) and not isinstance(error, InternalError)
    if not expected and entries and _is_ours(entries[-1]):
        return
    below: TracebackType | None = None
    for entry in reversed(kept):
        entry.tb_next = below
        below = entry
    error.__traceback__ = below


def _is_ours(entry: TracebackType) -> bool:
    return entry.tb_frame.f_code.co_filename.startswith(PACKAGE)


def _entries(error: Exception) -> Iterator[TracebackType]:
    entry = error.__traceback__
    while entry is not None:
        yield entry
        entry = entry.tb_next


def backward(origins: Origins) -> Origins:
    """The same lines, marked as belonging to the gradient."""
    return frozenset(dataclasses.replace(origin, backward=True) for origin in origins)


def user_frame() -> FrameType | None:
    """The innermost frame that is not dark_jit's own, nor of the decorators that it uses."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(PASSED_THROUGH):
        frame = frame.f_back
    return frame


_known: dict[tuple[Any, int, str], Origins] = {}


def here() -> Origins:
    """The user's line that is running now."""
    frame = user_frame()
    if frame is None:
        return NONE
    code, scope = frame.f_code, _current.scope
    key = (code, frame.f_lineno, scope)
    found = _known.get(key)
    if found is None:
        origin = Origin(code.co_filename, frame.f_lineno, code.co_qualname, scope=scope)
        found = _known[key] = frozenset([origin])
    return found
