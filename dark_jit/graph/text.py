"""Graphs as text that one can read, and that reads back: `parse(print_graph(g)) is g`.

graph(%0: float32[2,3], %1: float32[3]) {
  %2: float32[2,3] = broadcast_to(%1) shape=(2, 3)
  %3: float32[2,3] = add(%0, %2)
  return %3
}
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Hashable

from dark_jit.dtypes import DType, as_dtype, type_name
from dark_jit.graph.graph import INPUT, Graph, graph_input, make_graph
from dark_jit.graph.node import OPS, Node, Shape, intern_node
from dark_jit.graph.origins import Origins, described


def print_graph(graph: Graph, lines: Callable[[Node], Origins] | None = None) -> str:
    """The graph's text; the origins that `lines` gives for a node stand behind it as a comment."""
    names: dict[Node, str] = {node: f"%{number}" for number, node in enumerate(graph.nodes)}
    head = ", ".join(f"{names[node]}: {_type(node)}" for node in graph.inputs)
    body = [f"  {_statement(node, names, lines)}" for node in graph.nodes if node.op is not INPUT]
    result = ", ".join(names[node] for node in graph.outputs)
    return "\n".join([f"graph({head}) {{", *body, f"  return {result}", "}"]) + "\n"


def _type(node: Node) -> str:
    return f"{type_name(node.dtype)}[{','.join(map(str, node.shape))}]"


def _statement(node: Node, names: dict[Node, str], lines: Callable[[Node], Origins] | None) -> str:
    arguments = ", ".join(names[source] for source in node.inputs)
    attrs = "".join(f" {key}={value!r}" for key, value in node.attrs)
    text = f"{names[node]}: {_type(node)} = {node.op.name}({arguments}){attrs}"
    found = () if lines is None else described(lines(node))
    return text + ("  # " + ", ".join(found) if found else "")


_TYPED = re.compile(r"(%\d+): (\w+)\[([\d,]*)\]")
_ATTR = re.compile(r" (\w+)=(.*?)(?= \w+=|$)")


def parse(text: str) -> Graph:
    """The graph that `print_graph` wrote. Raises ValueError for text that is not one."""
    names: dict[str, Node] = {}
    inputs: list[Node] = []
    for line in text.strip().splitlines():
        statement = line.split("  # ")[0].strip()
        if statement.startswith("graph("):
            for number, match in enumerate(_TYPED.finditer(statement)):
                names[match[1]] = graph_input(number, *_parse_type(match))
                inputs.append(names[match[1]])
        elif statement.startswith("return"):
            return make_graph(inputs, [names[name] for name in re.findall(r"%\d+", statement)])
        else:
            name, node = _parse_statement(statement, names)
            names[name] = node
    raise ValueError("the text has no return line")


def _parse_type(match: re.Match[str]) -> tuple[Shape, DType]:
    return tuple(int(extent) for extent in match[3].split(",") if extent), as_dtype(match[2])


def _parse_statement(statement: str, names: dict[str, Node]) -> tuple[str, Node]:
    match = re.fullmatch(r"(%\d+: \w+\[[\d,]*\]) = (\w+)\((.*?)\)(.*)", statement)
    typed = _TYPED.match(statement)
    if match is None or typed is None:
        raise ValueError(f"not a statement: {statement}")
    inputs = tuple(names[name] for name in re.findall(r"%\d+", match[3]))
    attrs: list[tuple[str, Hashable]] = [(found[1], ast.literal_eval(found[2])) for found in _ATTR.finditer(match[4])]
    return typed[1], intern_node(OPS[match[2]], inputs, tuple(attrs), *_parse_type(typed))
