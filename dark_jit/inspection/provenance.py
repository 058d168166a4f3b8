"""From rendered text to graph nodes, and from nodes to the user's lines."""

from __future__ import annotations

import linecache
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dark_jit.backends.llvm.backend import CompiledKernel
from dark_jit.graph import origins
from dark_jit.graph.graph import LEAF, canonical, topological
from dark_jit.graph.node import Node
from dark_jit.graph.origins import Origin, Origins
from dark_jit.lowering.nest import HEAVY
from dark_jit.transforms import passes
from dark_jit.transforms.markers import without_markers

OriginsOf = Callable[[Node], Origins]

_NAME = re.compile(r"%[\w.]+")
_OUTPUT = re.compile(r"%(?:[\w.]+\.)?out(\d+)(?:\.\w+)*$")


def origins_in(traced: Sequence[Node]) -> OriginsOf:
    """The origins of nodes by one trace alone, for the nodes of its graph after every pass.

    A node of equal programs is one object with the lines of all of them. The passes are pure, so running them once
    more, with a table that begins with this trace's nodes, gives the same graphs and only its lines.
    """
    nodes = topological(traced)
    with origins.apart(nodes) as table:
        _keep_own(nodes, table)
        graph, _ = canonical(without_markers(traced))
        passes.run(graph, halves=True)
        found = dict(table)
    return lambda node: found.get(node, origins.NONE)


def _keep_own(nodes: Sequence[Node], table: origins.Table) -> None:
    """Drop lines of other traces: nodes over no leaf, constants for instance, are shared with them.

    Of their lines those are kept where a node over a leaf was made, too.
    """
    own: set[Node] = set()
    for node in nodes:
        if node.op is LEAF or any(source in own for source in node.inputs):
            own.add(node)
    here = frozenset[Origin]().union(*(table.get(node, origins.NONE) for node in own))
    for node in nodes:
        if node not in own and node in table:
            table[node] &= here


@dataclass(eq=False)
class Line:
    """A line of the user's program that takes part, and the kernels that compute it.

    text: what stands there, '' where the file is not known; scopes: the modules that it called; kernels: their numbers.
    """

    file: str
    number: int
    function: str
    scopes: list[str] = field(default_factory=list)
    kernels: list[int] = field(default_factory=list)

    @property
    def place(self) -> str:
        """As `report.where` takes it: model.py:35."""
        return Origin(self.file, self.number, self.function).place

    @property
    def text(self) -> str:
        """The line itself, without blanks around it."""
        return linecache.getline(self.file, self.number).strip()

    def __str__(self) -> str:
        return f"{self.place}  {self.text}"


def traced_lines(found: Iterable[tuple[int | None, Origin]]) -> list[Line]:
    """The lines in the order of files and numbers; `found` are origins, each with the number of its kernel or None."""
    lines: dict[tuple[str, int], Line] = {}
    for kernel, origin in found:
        line = lines.setdefault((origin.file, origin.line), Line(origin.file, origin.line, origin.function))
        if origin.scope and origin.scope not in line.scopes:
            line.scopes.append(origin.scope)
        if kernel is not None and kernel not in line.kernels:
            line.kernels.append(kernel)
    return [lines[key] for key in sorted(lines)]


@dataclass(frozen=True)
class Block:
    """A basic block of a kernel's text: lines `first` to `last`, from 1, and the nodes that it computes."""

    function: str
    label: str
    first: int
    last: int
    nodes: tuple[Node, ...]


class LineMap:
    """Which node each line of a kernel's text computes.

    A line that belongs to a step of the fused expression, or that stores its value, computes that step's node. Every
    other line of a function belongs to the kernel's main computation, its lead.
    """

    def __init__(self, kernel: CompiledKernel) -> None:
        self._task = kernel.task
        self._lines = kernel.rendered.text.splitlines()
        self.begins = dict(self._begins(kernel.rendered.steps))
        self._named: dict[str, Node] = {
            self._lines[number - 1].partition(" = ")[0].strip(): node for number, node in self.begins.items()
        }

    def _begins(self, steps: Mapping[int, tuple[bool, int]]) -> Iterable[tuple[int, Node]]:
        """The lines where a step's value is named, and the node that it is."""
        for number, (in_epilogue, position) in steps.items():
            nodes = self._task.nest.meanings[in_epilogue]
            node = nodes[position] if position < len(nodes) else None
            if node is not None:
                yield number, node

    def blocks(self) -> list[Block]:
        """The basic blocks of all functions of the text, in order; those of loops around a body belong to all roots."""
        nodes = self.nodes()
        found, start, function, label = list[Block](), 0, "", ""

        def close(last: int) -> None:
            if start and last >= start:
                inside = dict.fromkeys(nodes[line] for line in range(start, last + 1) if line in nodes)
                found.append(Block(function, label, start, last, tuple(inside) or self._task.nest.roots))

        for number, line in enumerate(self._lines, 1):
            code = line.partition(";")[0].strip()
            if code.startswith("define"):
                function, label, start = code.partition("@")[2].partition("(")[0], "", 0
            elif code.endswith(":") and function:
                close(number - 1)
                label, start = code[:-1], number
            elif code == "}":
                close(number - 1)
                function, start = "", 0
        return found

    def nodes(self) -> dict[int, Node]:
        """For each line of a function, from 1, the node that it computes."""
        lead = self._task.nest.lead
        main = lead if lead.op.kind in HEAVY else None
        found: dict[int, Node] = {}
        inside = False
        for number, line in enumerate(self._lines, 1):
            code = line.partition(";")[0].rstrip()
            if code.startswith("define"):
                inside = True
            elif code == "}":
                inside = False
            elif inside and code:
                node = self._of(code) or main
                if node is not None:
                    found[number] = node
        return found

    def _of(self, code: str) -> Node | None:
        """The node of the step that a line of code belongs to."""
        names = _NAME.findall(code)
        store = code.lstrip().startswith(("store", "call void @llvm.masked.s"))
        for name in names if store else names[:1] if " = " in code else ():
            node = self._named_by(name)
            if node is not None:
                return node
        return None

    def _named_by(self, name: str) -> Node | None:
        """The node of a name, or of what it is a part of: %v3 for %v3.at."""
        stored = _OUTPUT.fullmatch(name)
        if stored is not None:
            return self._stored(int(stored[1]))
        while name not in self._named and "." in name:
            name = name.rpartition(".")[0]
        return self._named.get(name)

    def _stored(self, number: int) -> Node | None:
        """The node whose value a store writes."""
        stores, outer = self._task.spec.epilogue.stores, self._task.nest.meanings[1]
        position = stores[number].value if number < len(stores) else len(outer)
        return outer[position] if position < len(outer) else None
