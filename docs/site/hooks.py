"""What is made while the site is built: the tour from docs/tour.py, pictures of graphs, kernels' texts.

In a page `<!-- graphs: NAME PASS ... -->` becomes the graphs of a program after these passes side by side, with frames
around what is new; `<!-- kernels: NAME -->` the list of its kernels; `<!-- kernel: TEMPLATE TEXT -->` the function of a
kernel in whose first line the text stands, `<!-- kernel: TEMPLATE -->` all of the kernel.
"""

from __future__ import annotations

import html
import importlib.util
import re
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

from mkdocs.structure.files import File

from dark_jit.graph.graph import Graph
from dark_jit.graph.node import Node
from dark_jit.inspection.drawing import drawing

HERE = Path(__file__).parent
WIDTH, HEIGHT, GAP = 150, 34, 26  # of a node's box, and between layers


def _examples() -> ModuleType:
    spec = importlib.util.spec_from_file_location("site_examples", HERE / "examples.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


EXAMPLES = _examples()


def on_files(files: Any, config: Any) -> Any:
    """Add the tour as a page."""
    source = (HERE.parent / "tour.py").read_text()
    files.append(File.generated(config, "tour.md", content=tour(source)))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put pictures and texts in the places of their marks."""
    markdown = re.sub(r"<!-- graphs: (\S+) (.+?) -->", lambda m: graphs(m[1], m[2].split()), markdown)
    markdown = re.sub(r"<!-- kernels: (\S+) -->", lambda m: "\n".join(EXAMPLES.schedule_lines(m[1])), markdown)
    return re.sub(r"<!-- kernel: (\w+) ?(.*?) -->", lambda m: kernel(m[1], m[2]), markdown)


def tour(source: str) -> str:
    """The literate program as a page: comments that begin a line are its text, the rest its code."""
    _, head, body = source.split('"""', 2)
    pieces = re.split(r"((?:^#.*\n)+)", body, flags=re.MULTILINE)
    page = [head.strip()]
    for piece in pieces:
        if piece.startswith("#"):
            page.append(re.sub(r"^# ?", "", piece, flags=re.MULTILINE).strip())
        elif piece.strip():
            page.append(f"```python\n{piece.strip()}\n```")
    return "\n\n".join(page)


def kernel(template: str, first: str) -> str:
    """A kernel's text, or one of its functions, as a block of code."""
    lines = EXAMPLES.kernel_text(template).splitlines()
    begin = next((number for number, line in enumerate(lines) if first and first in line), 0)
    end = next((n for n in range(begin, len(lines)) if lines[n] == "}"), len(lines) - 1) + 1 if first else len(lines)
    return "```llvm\n" + "\n".join(lines[begin:end]) + "\n```"


def graphs(name: str, wanted: list[str]) -> str:
    """The graphs of a program after some passes, side by side."""
    stages = EXAMPLES.stages(name)
    figures, before = [], None
    for stage, graph in stages:
        if stage in wanted:
            figures.append(f"<figure>{picture(graph, before)}<figcaption>{stage}</figcaption></figure>")
            before = graph
    assert len(figures) >= len(wanted), f"{name} has the stages {[stage for stage, _ in stages]}"
    return f'<div class="graph-row">{"".join(figures)}</div>'


def picture(graph: Graph, before: Graph | None) -> str:
    """A graph as SVG; what `before` has no counterpart for is framed."""
    fixed: set[Node] = set()  # what no input changes is not drawn
    for node in graph.nodes:
        if node.op.name != "input" and all(source in fixed for source in node.inputs):
            fixed.add(node)
    nodes = [node for node in graph.nodes if node not in fixed]
    place = {node: number for number, node in enumerate(nodes)}
    edges = [(place[source], place[node]) for node in nodes for source in dict.fromkeys(node.inputs) if source in place]
    drawn = drawing(len(nodes), edges)
    known = Counter(_kind(node) for node in before.nodes) if before else None
    boxes = []
    for number, node in enumerate(nodes):
        x, y = _corner(drawn, number)
        fresh = known is not None and known[_kind(node)] == 0
        shape = "x".join(map(str, node.shape)) or "scalar"
        boxes.append(
            f'<g class="{"new" if fresh else "old"}"><rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="4"/>'
            f'<text x="{x + WIDTH / 2}" y="{y + 14}">{html.escape(_label(node))}</text>'
            f'<text x="{x + WIDTH / 2}" y="{y + 28}">{shape}</text></g>'
        )
    lines = []
    for source, reader in edges:
        (x, y), (x2, y2) = _corner(drawn, source), _corner(drawn, reader)
        lines.append(f'<path d="M{x + WIDTH / 2} {y + HEIGHT}L{x2 + WIDTH / 2} {y2}"/>')
    width, height = drawn.width * (WIDTH + 12), drawn.height * (HEIGHT + GAP)
    head = f'<svg class="graph" viewBox="0 0 {width} {height}" width="{width}" role="img">'
    return f"{head}<title>{len(graph.nodes)} nodes</title>{''.join(lines + boxes)}</svg>"


def _corner(drawn: Any, number: int) -> tuple[float, float]:
    return drawn.columns[number] * (WIDTH + 12) + 6, drawn.layers[number] * (HEIGHT + GAP) + 2


def _kind(node: Node) -> object:
    return node.op.name, node.shape, node.attrs


def _label(node: Node) -> str:
    stride = dict(node.attrs).get("stride") if node.op.name == "conv2d" else None
    return f"{node.op.name} /{stride[0]}" if stride and stride[0] > 1 else node.op.name
