"""What a pass changed in a graph."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from dark_jit.graph.graph import Graph
from dark_jit.graph.node import Node
from dark_jit.transforms.passes import PASSES
from dark_jit.transforms.simplify import simplify


@dataclass(frozen=True)
class Change:
    """A pass, the graphs before and after it, the nodes that are new and those that are gone, and how often each
    rewrite rule fitted, by name.

    Nodes that only read other nodes than before (with operation, shape, dtype and attributes the same) count as kept.
    """

    name: str
    before: Graph | None
    graph: Graph
    added: tuple[Node, ...]
    removed: tuple[Node, ...]
    rules: Mapping[str, int]

    def __str__(self) -> str:
        head = f"{self.name}: {len(self.graph.nodes)} nodes"
        if self.before is None:
            return head
        if not self.added and not self.removed:
            return f"{head}, {'no change' if self.graph is self.before else 'read otherwise'}"
        parts = [f"{sign} {_counted(nodes)}" for sign, nodes in (("-", self.removed), ("+", self.added)) if nodes]
        parts += [f"by {rule}" + (f" ({times} times)" if times > 1 else "") for rule, times in self.rules.items()]
        return ", ".join([head, *parts])


def changes(passes: list[tuple[str, Graph]]) -> list[Change]:
    """The change of each pass; the first is the traced graph, before which there is nothing."""
    found = [Change(passes[0][0], None, passes[0][1], (), (), {})]
    for (_, before), (name, graph) in itertools.pairwise(passes):
        found.append(Change(name, before, graph, _new(graph, before), _new(before, graph), _rules(name, before)))
    return found


def _rules(name: str, before: Graph) -> Mapping[str, int]:
    """The rewrite rules that fit in a graph. The pass is pure: run once more, it does the same."""
    used: Counter[str] = Counter()
    if dict(PASSES).get(name) is simplify:
        simplify(before, used)
    return used


def _new(graph: Graph, before: Graph) -> tuple[Node, ...]:
    """The nodes of a graph that have no counterpart in the other one."""
    left = Counter(_kind(node) for node in before.nodes)
    found = []
    for node in graph.nodes:
        if left[_kind(node)]:
            left[_kind(node)] -= 1
        else:
            found.append(node)
    return tuple(found)


def _kind(node: Node) -> object:
    return node.op.name, node.shape, node.dtype, node.attrs


def _counted(nodes: tuple[Node, ...]) -> str:
    counts = Counter(node.op.name for node in nodes)
    return ", ".join(name if count == 1 else f"{count} {name}" for name, count in sorted(counts.items()))
