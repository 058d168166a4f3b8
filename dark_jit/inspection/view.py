"""One kernel of a compiled program, whichever machine it is for: what it does and where, and its text."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, Protocol

from dark_jit.graph import origins
from dark_jit.graph.node import Node
from dark_jit.inspection.provenance import OriginsOf
from dark_jit.lowering.kernel import Argument, Body, KernelSpec, Load, Store
from dark_jit.lowering.schedule import Task

_PLAIN = (int, str, tuple, bool)


class _Rendered(Protocol):
    @property
    def text(self) -> str: ...


class Compiled(Protocol):
    """A kernel of any backend."""

    @property
    def task(self) -> Task:
        """What it is."""
        ...

    @property
    def rendered(self) -> _Rendered:
        """Its text."""
        ...


class KernelView:
    """What a report shows of a kernel. All properties are strings or plain values.

    number: its place in the program; nodes: what it computes, the lead first.
    """

    def __init__(self, compiled: Compiled, number: int, origins_of: OriginsOf) -> None:
        self.number = number
        self._task = compiled.task
        self._text = compiled.rendered.text
        self._spec: KernelSpec = compiled.task.spec
        self._origins_of = origins_of
        self.nodes: tuple[Node, ...] = _nodes(compiled.task)

    @property
    def template(self) -> str:
        """The template's name: elementwise, gemm, conv2d, ..."""
        return self._spec.template

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """What the template was given: extents, lanes, tile and so on."""
        found = {field.name: getattr(self._spec, field.name) for field in dataclasses.fields(self._spec)}
        return {name: value for name, value in found.items() if name != "arguments" and _is_plain(value)}

    # Why, and where

    @property
    def reason(self) -> str:
        """Why this template, in these parameters."""
        return self._task.reason

    @property
    def why(self) -> str:
        """The reason, with what else decided."""
        return self.reason

    @cached_property
    def name(self) -> str:
        """What it does and where: conv2d_add_relu (model.py:35)."""
        where = f" ({self.lines[0]})" if self.lines else ""
        return self._task.title + where

    @cached_property
    def origins(self) -> list[origins.Origin]:
        """The user's lines that it computes, those of the main computation first, with the modules that they called."""
        lead = sorted(self._origins_of(self._task.nest.lead))
        others = sorted({origin for node in self.nodes for origin in self._origins_of(node)} - set(lead))
        return [*lead, *others]

    @property
    def lines(self) -> list[str]:
        """The user's lines that it computes, as file:line; gradients say so."""
        return list(dict.fromkeys(map(str, self.origins)))

    @property
    def modules(self) -> list[str]:
        """The modules whose calls it computes: Net.layer1.conv."""
        return list(dict.fromkeys(origin.scope for origin in self.origins if origin.scope))

    # The text

    @property
    def text(self) -> str:
        """The executable text as rendered: LLVM IR, or CUDA C++. Equal kernels have equal text."""
        return self._text

    def describe(self, node: Node) -> str:
        """A node and the user's lines that it comes from, on one line."""
        where = ", ".join(origins.described(self._origins_of(node)))
        return f"{node.op.name}: {node.dtype.name}[{','.join(map(str, node.shape))}]{'  ' + where if where else ''}"

    # Cost

    @property
    def flops(self) -> int:
        """Floating-point operations of one run."""
        return self._spec.flops

    @property
    def bytes(self) -> int:
        """Bytes of the buffers that it reads or writes; some kernels are handed more than they touch."""
        touched = {part.argument for part in _parts(self._spec)}
        return sum(self._spec.arguments[number].bytes for number in touched)


def _is_plain(value: Any) -> bool:
    return isinstance(value, _PLAIN) and not _holds(value, (Argument, Body, Load))


def _holds(value: Any, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, kinds) or (isinstance(value, tuple) and any(_holds(part, kinds) for part in value))


def _parts(value: Any) -> Iterator[Load | Store]:
    """All loads and stores in a spec."""
    if isinstance(value, Load | Store):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _parts(part)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _parts(getattr(value, field.name))


def _nodes(task: Task) -> tuple[Node, ...]:
    """The nodes that a kernel computes, leads and members first, then what is computed on the way."""
    nest = task.nest
    inline: Iterable[Node | None] = (*nest.meanings[0], *nest.meanings[1])
    inputs = set(nest.nodes) - set(nest.roots)
    found = dict.fromkeys(nest.roots)
    found.update(dict.fromkeys(n for n in inline if n is not None and n not in inputs and n.op.kind != "constant"))
    return tuple(found)
