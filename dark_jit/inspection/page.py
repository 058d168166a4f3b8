"""A Report as one HTML file: data, style and script inside, nothing from elsewhere.

The page's data is plain: lists, dicts, numbers and strings (`page_data`). What is large, the texts of kernels and the
graphs after the passes, is deflated; the page inflates each when it is looked at.
"""

from __future__ import annotations

import base64
import json
import linecache
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dark_jit.backends.llvm.template_lines import template_lines
from dark_jit.backends.templates import template_environment, template_source
from dark_jit.graph.graph import Graph
from dark_jit.graph.node import Node
from dark_jit.inspection.drawing import Edge, drawing
from dark_jit.inspection.kernels import Kernel

if TYPE_CHECKING:
    from dark_jit.inspection.report import Report

WHOLE = 400  # lines of a file that is shown as a whole; of longer ones what is near the lines that take part
AROUND = 12
SCRIPTS = ("markup.js", "highlight.js", "model.js", "panes.js", "drawings.js", "sheets.js", "selection.js", "report.js")

Data = dict[str, Any]


@dataclass
class Page:
    """The data of a page, and its large parts, each as JSON-able data; the data names them by their places."""

    data: Data
    parts: list[Any] = field(default_factory=list)

    def html(self) -> str:
        """The file."""
        return (
            template_environment()
            .get_template("html/report.html.j2")
            .render(
                title=self.data["name"],
                style=template_source("html/report.css"),
                scripts=[template_source(f"html/{name}") for name in SCRIPTS],
                data=json.dumps(self.data, separators=(",", ":")).replace("</", "<\\/"),
                parts=[_deflated(part) for part in self.parts],
            )
        )


def _deflated(part: Any) -> str:
    return base64.b64encode(zlib.compress(json.dumps(part, separators=(",", ":")).encode(), 6)).decode()


def page(report: Report) -> Page:
    """The page of a report; measures its kernels. Raises ArgumentError where it has no inputs to measure with."""
    return _Writer(report).page()


class _Writer:
    def __init__(self, report: Report) -> None:
        self.report = report
        self.lines = {(line.file, line.number): number for number, line in enumerate(report.lines)}
        self.nodes = {node: number for number, node in enumerate(report.graph.nodes)}
        self.parts: list[Any] = []

    def page(self) -> Page:
        report = self.report
        data = {
            "name": report.name,
            "isa": report.isa,
            "workers": report.workers,
            "seconds": report.profile.program,
            "files": self._files(),
            "lines": self._user_lines(),
            "nodes": [self._node(node) for node in report.graph.nodes],
            "kernels": [self._kernel(kernel) for kernel in report.kernels],
            "flow": self._flow(),
            "passes": self._passes(),
            "refusals": [
                [self.nodes[refusal.node], self.nodes[refusal.lead], refusal.reason] for refusal in report.refusals
            ],
            "groups": [[kernel.number for kernel in group.kernels] for group in report.groups],
            "memory": self._memory(),
            "roofline": {"peaks": report.roofline.peaks, "bandwidths": report.roofline.bandwidths},
            "templates": self._templates(),
        }
        return Page(data, self.parts)

    def _part(self, part: Any) -> int:
        self.parts.append(part)
        return len(self.parts) - 1

    # The user's source

    def _files(self) -> list[Data]:
        files: dict[str, list[int]] = {}
        for line in self.report.lines:
            files.setdefault(line.file, []).append(line.number)
        return [{"name": Path(file).name, "path": file, "text": _shown(file, taken)} for file, taken in files.items()]

    def _user_lines(self) -> list[Data]:
        names = list(dict.fromkeys(line.file for line in self.report.lines))
        seconds = self.report.line_seconds()
        return [
            {
                "file": names.index(line.file),
                "number": line.number,
                "place": line.place,
                "text": line.text,
                "scopes": line.scopes,
                "kernels": line.kernels,
                "seconds": seconds.get(line.place, 0.0),
            }
            for line in self.report.lines
        ]

    def _lines_of(self, nodes: Iterable[Node]) -> list[int]:
        origins = {origin for node in nodes for origin in self.report.origins_of(node)}
        return sorted({self.lines[origin.file, origin.line] for origin in origins})

    # Graph

    @cached_property
    def _kernels_of(self) -> dict[Node, list[int]]:
        found: dict[Node, list[int]] = {}
        for kernel in self.report.kernels:
            for node in kernel.nodes:
                found.setdefault(node, []).append(kernel.number)
        return found

    def _node(self, node: Node) -> Data:
        return {
            "op": node.op.name,
            "type": f"{node.dtype.name}[{','.join(map(str, node.shape))}]",
            "lines": self._lines_of([node]),
            "kernels": self._kernels_of.get(node, []),
            "backward": any(origin.backward for origin in self.report.origins_of(node)),
        }

    def _passes(self) -> list[Data]:
        found, parts = [], dict[Graph, int]()
        for change in self.report.changes:
            if change.graph not in parts:
                parts[change.graph] = self._part(self._graph(change.graph))
            found.append(
                {
                    "name": change.name,
                    "text": str(change),
                    "graph": parts[change.graph],
                    "fresh": [_numbers(change.graph)[node] for node in change.added if node.op.name != "constant"],
                    "added": [repr(node) for node in change.added],
                    "removed": [repr(node) for node in change.removed],
                }
            )
        return found

    def _graph(self, graph: Graph) -> Data:
        """A graph as it is drawn."""
        numbers = _numbers(graph)
        edges = [(numbers[source], n) for node, n in numbers.items() for source in node.inputs if source in numbers]
        nodes = [{**self._node(node), "node": self.nodes.get(node, -1)} for node in numbers]
        return {"nodes": nodes, **_drawn(len(nodes), edges)}

    def _flow(self) -> Data:
        """The kernels as a graph: from who writes a value to who reads it."""
        writer: dict[object, int] = {}
        edges: dict[Edge, None] = {}
        for number, kernel in enumerate(self.report.tasks):
            arguments = list(zip(kernel.operands, kernel.spec.arguments, strict=True))
            for key, _ in arguments:
                if key in writer and writer[key] != number:
                    edges[writer[key], number] = None
            writer.update({key: number for key, argument in arguments if argument.written})
        return _drawn(len(self.report.kernels), list(edges))

    # Kernels

    def _kernel(self, kernel: Kernel) -> Data:
        return {
            "name": kernel.name.partition(" (")[0],
            "where": kernel.lines[0] if kernel.lines else "",
            "template": kernel.template,
            "parameters": {name: _plain(value) for name, value in kernel.parameters.items()},
            "reason": kernel.reason,
            "candidates": [str(candidate) for candidate in kernel.candidates],
            "registers": str(kernel.registers),
            "modules": kernel.modules,
            "lines": self._lines_of(kernel.nodes),
            "nodes": [self.nodes[node] for node in kernel.nodes],
            "backward": any(origin.backward for origin in kernel.origins[:1]),
            "flops": kernel.flops,
            "bytes": kernel.bytes,
            "seconds": kernel.seconds,
            "share": kernel.share,
            "bound": kernel.bound,
            "dtype": kernel.dtype,
            "text": self._texts[kernel.text],
            "map": self._line_map(kernel),
        }

    def _line_map(self, kernel: Kernel) -> list[tuple[int, int]]:
        """(first line, node) of each stretch of the text that computes one node; -1 for none."""
        found: list[tuple[int, int]] = []
        for number in range(1, kernel.text.count("\n") + 2):
            node = kernel.line_map.get(number)
            place = -1 if node is None else self.nodes.get(node, -1)
            if not found or found[-1][1] != place:
                found.append((number, place))
        return found

    @cached_property
    def _texts(self) -> dict[str, int]:
        """The part that holds a text, with its IR and its assembly. Equal kernels share one."""
        kernels = {kernel.text: kernel for kernel in self.report.kernels}
        return {text: self._part(self._text(kernel)) for text, kernel in kernels.items()}

    def _text(self, kernel: Kernel) -> Data:
        spec = self.report.tasks[kernel.number].spec
        origins = template_lines(spec, self.report.target, kernel.text)
        listing = kernel.listing
        return {
            "text": kernel.text.splitlines(),
            "template": [[self._template_names.setdefault(name, len(self._template_names)), n] for name, n in origins],
            "ir": listing.ir.lines,
            "irFrom": listing.ir.origins,
            "asm": listing.asm.lines,
            "asmFrom": listing.asm.origins,
        }

    @cached_property
    def _template_names(self) -> dict[str, int]:
        """The template files that take part, numbered."""
        return {}

    def _templates(self) -> list[Data]:
        return [{"name": name, "part": self._part(template_source(name).splitlines())} for name in self._template_names]

    def _memory(self) -> Data:
        plan = self.report.memory
        return {
            "buffers": [[b.name, b.bytes, b.offset, b.first, b.last] for b in plan.buffers],
            "arena": plan.arena,
            "least": plan.least,
            "intermediate": plan.intermediate,
            "inputs": plan.inputs,
            "outputs": plan.outputs,
        }


def _shown(file: str, taken: Sequence[int]) -> list[tuple[int, str]]:
    """The numbered lines of a file that are shown."""
    lines = linecache.getlines(file)
    if not lines:
        return [(number, "") for number in taken]
    near = {number for line in taken for number in range(line - AROUND, line + AROUND + 1)}
    return [(n, line.rstrip("\n")) for n, line in enumerate(lines, 1) if len(lines) <= WHOLE or n in near]


def _numbers(graph: Graph) -> dict[Node, int]:
    """The nodes that are drawn, numbered. Constants are left out: they are many and say little."""
    return {node: n for n, node in enumerate(node for node in graph.nodes if node.op.name != "constant")}


def _drawn(count: int, edges: Sequence[Edge]) -> Data:
    placed = drawing(count, edges)
    return {
        "x": placed.columns,
        "y": placed.layers,
        "width": placed.width,
        "height": placed.height,
        "edges": list(dict.fromkeys(edges)),
    }


def _plain(value: object) -> str:
    return "×".join(map(str, value)) or "-" if isinstance(value, tuple) else str(value)
