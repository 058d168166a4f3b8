"""One kernel of a compiled program, as a person wants to see it: what it does and where, its text, its machine code."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from dark_jit.backends.llvm.backend import CompiledKernel
from dark_jit.graph import origins
from dark_jit.graph.node import Node
from dark_jit.lowering.kernel import Apply, Argument, Body, KernelSpec, Load

MOST_OPS = 4  # operations that a display name spells out
_PLAIN = (int, str, tuple, bool)


class Kernel:
    """What the Report shows of a kernel. All properties are strings or plain values."""

    def __init__(self, compiled: CompiledKernel) -> None:
        self._compiled = compiled
        self._spec: KernelSpec = compiled.task.spec
        self.nodes: tuple[Node, ...] = _nodes(compiled)

    @property
    def template(self) -> str:
        """The template's name: elementwise, gemm, conv2d, ..."""
        return self._spec.template

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """What the template was given: extents, lanes, tile and so on."""
        found = {field.name: getattr(self._spec, field.name) for field in dataclasses.fields(self._spec)}
        return {name: value for name, value in found.items() if name != "arguments" and _is_plain(value)}

    @property
    def reason(self) -> str:
        """Why this template, in these parameters."""
        return self._compiled.task.reason

    @cached_property
    def name(self) -> str:
        """What it does and where: conv2d_add_relu (model.py:35)."""
        names = [self._compiled.task.nest.lead.op.name]
        names += [step.op for step in self._spec.epilogue.steps if isinstance(step, Apply)]
        shown = list(dict.fromkeys([self.template, *names] if self.template == "pack" else names))
        more = "_etc" if len(shown) > MOST_OPS else ""
        where = f" ({self.lines[0]})" if self.lines else ""
        return "_".join(shown[:MOST_OPS]) + more + where

    @cached_property
    def lines(self) -> list[str]:
        """The user's lines that it computes, as file:line; gradients say so."""
        lead = sorted(origins.of(self._compiled.task.nest.lead))
        others = sorted({origin for node in self.nodes for origin in origins.of(node)} - set(lead))
        return list(dict.fromkeys(str(origin) for origin in (*lead, *others)))

    @property
    def text(self) -> str:
        """The executable text: LLVM IR as rendered. Equal kernels have equal text."""
        return self._compiled.rendered.text

    @cached_property
    def source(self) -> str:
        """The text with comments that say which node, and which of the user's lines, a passage computes."""
        meanings = self.meanings
        head = [f"; {self.name}"] + [f";   {_describe(node)}" for node in self.nodes]
        body = []
        for number, line in enumerate(self.text.splitlines(), 1):
            node = meanings.get(number)
            body.append(line if node is None else f"{line}    ; <- {_describe(node)}")
        return "\n".join([*head, *body]) + "\n"

    @cached_property
    def meanings(self) -> dict[int, Node]:
        """The line map: number of a line of the text, from 1 -> the node whose value is computed from there on."""
        inner, outer = self._compiled.task.nest.meanings
        found = {}
        for line, (in_epilogue, position) in self._compiled.rendered.steps.items():
            nodes = outer if in_epilogue else inner
            node = nodes[position] if position < len(nodes) else None
            if node is not None:
                found[line] = node
        return found

    @property
    def ir(self) -> str:
        """The LLVM IR after the passes that ran."""
        return self._compiled.module.ir

    @property
    def asm(self) -> str:
        """The assembly of the machine code."""
        return self._compiled.module.asm

    @property
    def flops(self) -> int:
        """Floating-point operations of one run."""
        return self._spec.flops

    @property
    def bytes(self) -> int:
        """Bytes of the buffers that it touches."""
        return self._spec.bytes

    def __repr__(self) -> str:
        return f"<Kernel {self.name}: {self.template}>"


def _is_plain(value: Any) -> bool:
    return isinstance(value, _PLAIN) and not _holds(value, (Argument, Body, Load))


def _holds(value: Any, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, kinds) or (isinstance(value, tuple) and any(_holds(part, kinds) for part in value))


def _nodes(compiled: CompiledKernel) -> tuple[Node, ...]:
    """The nodes that the kernel computes, leads and members first, then what is computed on the way."""
    nest = compiled.task.nest
    inline: Iterable[Node | None] = (*nest.meanings[0], *nest.meanings[1])
    inputs = set(nest.nodes) - set(nest.roots)
    found = dict.fromkeys(nest.roots)
    found.update(dict.fromkeys(n for n in inline if n is not None and n not in inputs and n.op.kind != "constant"))
    return tuple(found)


def _describe(node: Node) -> str:
    where = ", ".join(map(str, sorted(origins.of(node))))
    return f"{node.op.name}: {node.dtype.name}[{','.join(map(str, node.shape))}]{'  ' + where if where else ''}"
