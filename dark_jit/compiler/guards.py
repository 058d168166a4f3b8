"""What a trace depended on besides its arguments, and whether that still holds.

While a function is traced, the user's code objects that run are recorded; the globals and closure cells that they
load are guarded: numbers, strings and the like by equality, everything else by identity. The attributes of Guarded
objects (modules, optimisers) that took part are guarded too; setting one advances an epoch, so that while nothing is
set they cost one compare.

Not guarded: the items of lists and dicts that are globals, attributes of objects that are not Guarded, what C code
reads.
"""

from __future__ import annotations

import dis
import gc
import os
import sys
import threading
from collections.abc import Iterator
from types import CellType, CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import numpy as np

from dark_jit.compiler.pytree import STATIC
from dark_jit.tensor.handle import Handle
from dark_jit.tensor.mode import Epoch, default_dtype


class Guarded:
    """Base of objects whose attributes compiled functions guard: setting one makes them look again."""

    # The epoch advances when all is done: who looks again before must look once more.

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, value)
        if not isinstance(getattr(type(self), name, None), property):
            Epoch.advance()

    def __delattr__(self, name: str) -> None:
        super().__delattr__(name)
        Epoch.advance()


_MISSING = object()


def same(old: Any, new: Any) -> bool:
    """Whether a guarded value is unchanged: identical, or a static value that is equal."""
    return old is new or (type(old) is type(new) and isinstance(old, (float, *STATIC)) and bool(old == new))


def _frozen(value: Any) -> Any:
    """A copy of the containers in an attribute's value, so that later changes of them show."""
    if isinstance(value, list | tuple):
        return [_frozen(part) for part in value]
    if isinstance(value, dict):
        return {key: _frozen(part) for key, part in value.items()}
    return value


def _unchanged(old: Any, new: Any) -> bool:
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(_unchanged, old, new))
    if isinstance(old, dict) and isinstance(new, dict):
        return list(old) == list(new) and all(map(_unchanged, old.values(), new.values()))
    return same(old, new)


class Guards:
    """The guards of one trace."""

    def __init__(self) -> None:
        self.globals: list[tuple[dict[str, Any], str, Any]] = []
        self.cells: list[tuple[CellType, str, Any]] = []
        self.objects: list[tuple[Guarded, dict[str, Any]]] = []
        self.captured: list[tuple[Handle, bool]] = []
        self.dtype = default_dtype()
        self.epoch = Epoch.value

    def hold(self) -> bool:
        """Whether nothing that the trace depended on has changed."""
        for namespace, name, value in self.globals:
            found = namespace.get(name, _MISSING)
            if found is not value and not same(value, found):
                return False
        for cell, _, value in self.cells:
            found = _content(cell)
            if found is not value and not same(value, found):
                return False
        return self.epoch == Epoch.value or self._look_again()

    def only_epoch(self) -> bool:
        """Whether nothing has to be looked at while the epoch stays."""
        return not self.globals and not self.cells

    def _look_again(self) -> bool:
        """Something was set on some guarded object: compare those that took part."""
        before = Epoch.value
        if next(self._changed_objects(), None) is not None:
            return False
        self.epoch = before
        return True

    def _changed_objects(self) -> Iterator[str]:
        for thing, snapshot in self.objects:
            now = _frozen(vars(thing))
            for name in {**snapshot, **now}:
                default = getattr(type(thing), name, _MISSING)
                if not _unchanged(snapshot.get(name, default), now.get(name, default)):
                    yield f"attribute {name!r} of {type(thing).__name__} changed"
        if self.dtype != default_dtype():
            yield "the default dtype changed"
        for handle, requires in self.captured:
            if handle._requires != requires:
                yield "requires_grad of a captured Tensor changed"

    def rebound(self) -> bool:
        """Whether a global or closure variable holds another Tensor or array now."""
        values = [(value, namespace.get(name, _MISSING)) for namespace, name, value in self.globals]
        values += [(value, _content(cell)) for cell, _, value in self.cells]
        return any(isinstance(old, Handle | np.ndarray) and old is not new for old, new in values)

    def changed(self) -> str | None:
        """The first guard that does not hold, in words."""
        for namespace, name, value in self.globals:
            found = namespace.get(name, _MISSING)
            if not same(value, found):
                return f"global {name!r} changed{_from_to(value, found)}"
        for cell, name, value in self.cells:
            if not same(value, _content(cell)):
                return f"closure variable {name!r} changed{_from_to(value, _content(cell))}"
        return next(self._changed_objects(), None)


def _from_to(old: Any, new: Any) -> str:
    static = isinstance(old, (float, *STATIC)) and isinstance(new, (float, *STATIC))
    return f" from {old!r} to {new!r}" if static else " to another object"


_FOREIGN = (sys.stdlib_module_names | {"dark_jit", "numpy"}) - {"__main__"}


def _is_users(namespace: dict[str, Any]) -> bool:
    """Whether code with these globals is neither ours nor NumPy's nor of Python's library."""
    return str(namespace.get("__name__")).partition(".")[0] not in _FOREIGN


def _profile_with(profiler: Any) -> None:
    """Let the interpreter call this profile function again.

    One that is written in C, as cProfile's up to Python 3.11, shows as an object that has `enable`.
    """
    if profiler is None or callable(profiler):
        sys.setprofile(profiler)
    else:
        profiler.enable()


class Recorder:
    """A profile function that notes which code runs, and what it depends on, while a function is traced.

    The cycle collector rests meanwhile: what its callbacks and finalisers run is no part of the traced function.
    """

    recording: Recorder | None = None  # one at a time: traces take turns

    def __init__(self) -> None:
        self.guards = Guards()
        self._codes: set[CodeType] = set()
        self._not_methods: set[CodeType] = set()
        self._closures: dict[CodeType, list[dict[str, Any]]] = {}
        self._names: set[tuple[int, str]] = set()
        self._cells: set[int] = set()
        self._touched: set[int] = set()
        self._created: list[Guarded] = []  # in the trace: not guarded; kept, so that their identities stay theirs
        self._thread = threading.get_ident()
        self._profile, self._collects = sys.getprofile(), gc.isenabled()

    def start(self) -> None:
        """Begin to record what this thread runs."""
        Recorder.recording = self
        gc.disable()
        sys.setprofile(self._called)

    def stop(self) -> None:
        """End it; may be called again where it was interrupted."""
        _profile_with(self._profile)
        self._wake_collector()

    def _wake_collector(self) -> None:
        if self._collects:
            gc.enable()
        Recorder.recording = None

    @staticmethod
    def forget_others() -> None:
        """In the child of a fork: a thread that was tracing is not here to wake the collector."""
        recorder = Recorder.recording
        if recorder is not None and recorder._thread != threading.get_ident():
            recorder._wake_collector()

    def _called(self, frame: FrameType, event: str, _: Any) -> None:
        if event != "call":
            return
        code = frame.f_code
        if code not in self._codes:
            self._codes.add(code)
            if _is_users(frame.f_globals):
                self._note_code(code, frame.f_globals)
        if code in self._closures:
            variables = frame.f_locals
            self._closures[code].append({name: variables.get(name, _MISSING) for name in code.co_freevars})
        if code not in self._not_methods:
            self._note_self(code, frame)

    def _note_code(self, code: CodeType, namespace: dict[str, Any]) -> None:
        if code.co_freevars:
            self._closures[code] = []
        for instruction in dis.get_instructions(code):
            if instruction.opname in ("LOAD_GLOBAL", "LOAD_NAME") and instruction.argval in namespace:
                self._note_global(namespace, instruction.argval)

    def _note_global(self, namespace: dict[str, Any], name: str) -> None:
        value = namespace[name]
        if (id(namespace), name) not in self._names and not isinstance(value, ModuleType):
            self._names.add((id(namespace), name))
            self.guards.globals.append((namespace, name, value))
            self.touch(value)

    def _note_self(self, code: CodeType, frame: FrameType) -> None:
        """Look at the object whose method runs; code whose first argument is no Guarded object is not looked at
        again.
        """
        thing = frame.f_locals.get("self") if code.co_argcount and code.co_varnames[0] == "self" else None
        if not isinstance(thing, Guarded):
            self._not_methods.add(code)
        elif code.co_name == "__init__" and id(thing) not in self._touched:
            self._touched.add(id(thing))
            self._created.append(thing)
        else:
            self.touch(thing)

    def touch(self, value: Any) -> None:
        """Guard the attributes of a Guarded object, and of those that it holds."""
        todo = [value]
        while todo:
            thing = todo.pop()
            if isinstance(thing, list | tuple):
                todo.extend(thing)
            elif isinstance(thing, dict):
                todo.extend(thing.values())
            elif isinstance(thing, Guarded) and id(thing) not in self._touched:
                self._touched.add(id(thing))
                snapshot = _frozen(vars(thing))
                self.guards.objects.append((thing, snapshot))
                todo.append(snapshot)

    def note_closures(self, function: Any) -> None:
        """Guard the closure cells of `function` and of the functions that ran.

        A frame does not name its function: among those of its code, it is the one whose cells hold what the frame saw.
        """
        function = getattr(function, "__func__", function)
        own = function.__code__ if isinstance(function, FunctionType) else None
        if isinstance(function, FunctionType):
            self._note_cells(function)
        if rest := [code for code in self._closures if code is not own]:
            for found in gc.get_referrers(*rest):
                if isinstance(found, FunctionType) and any(map(_Seen(found), self._closures.get(found.__code__, ()))):
                    self._note_cells(found)

    def _note_cells(self, function: FunctionType) -> None:
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
            value = _content(cell)
            made_here = isinstance(value, Handle) and value._trace is not None
            if value is not _MISSING and not made_here and id(cell) not in self._cells:
                self._cells.add(id(cell))
                self.guards.cells.append((cell, name, value))
                self.touch(value)


os.register_at_fork(after_in_child=Recorder.forget_others)


def _content(cell: CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # an empty cell
        return _MISSING


class _Seen:
    """Whether a frame saw the values that the cells of a function hold."""

    def __init__(self, function: FunctionType) -> None:
        cells = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
        self._values = {name: _content(cell) for name, cell in cells}

    def __call__(self, seen: dict[str, Any]) -> bool:
        return all(seen[name] is value for name, value in self._values.items())
