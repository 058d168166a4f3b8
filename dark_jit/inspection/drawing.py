"""Where the nodes of a directed acyclic graph are drawn: in layers, each below what it reads.

The method of Sugiyama, Tagawa and Toda 1981, "Methods for visual understanding of hierarchical system structures":
layers by the longest path, an order inside of each by the mean place of the neighbours, then places as near to that as
fits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

SWEEPS = 4  # down, up, down, up

Edge = tuple[int, int]


@dataclass(frozen=True)
class Drawing:
    """For each node its column (a fraction, from 0) and its layer; how many columns and layers there are."""

    columns: list[float]
    layers: list[int]
    width: float
    height: int


def drawing(count: int, edges: Sequence[Edge]) -> Drawing:
    """Place `count` nodes; each edge (a, b) has a < b, and b is drawn below a."""
    above, below = _neighbours(count, edges)
    layers = _layers(above, below)
    rows: list[list[int]] = [[] for _ in range(max(layers, default=-1) + 1)]
    for node, layer in enumerate(layers):
        rows[layer].append(node)
    columns = [0.0] * count
    for row in rows:
        for place, node in enumerate(row):
            columns[node] = float(place)
    for sweep in range(SWEEPS):
        downwards = sweep % 2 == 0
        for row in rows if downwards else reversed(rows):
            _settle(row, above if downwards else below, columns)
    left = min(columns, default=0.0)
    columns = [round(column - left, 2) for column in columns]
    return Drawing(columns, layers, max(columns, default=0.0) + 1, len(rows))


def _neighbours(count: int, edges: Iterable[Edge]) -> tuple[list[list[int]], list[list[int]]]:
    above: list[list[int]] = [[] for _ in range(count)]
    below: list[list[int]] = [[] for _ in range(count)]
    for source, reader in edges:
        above[reader].append(source)
        below[source].append(reader)
    return above, below


def _layers(above: Sequence[Sequence[int]], below: Sequence[Sequence[int]]) -> list[int]:
    """The longest way from a source; sources themselves stand right above their first reader."""
    layers = [0] * len(above)
    for node, sources in enumerate(above):
        layers[node] = max((layers[source] + 1 for source in sources), default=0)
    for node, readers in enumerate(below):
        if not above[node] and readers:
            layers[node] = max(0, min(layers[reader] for reader in readers) - 1)
    return layers


def _settle(row: list[int], neighbours: Sequence[Sequence[int]], columns: list[float]) -> None:
    """Put a layer in the order of its neighbours' means, each node as near to it as its left neighbour lets it.

    The layer is then moved by the mean of what it was pushed.
    """
    wanted = {
        node: sum(columns[other] for other in neighbours[node]) / len(neighbours[node])
        if neighbours[node]
        else columns[node]
        for node in row
    }
    row.sort(key=lambda node: (wanted[node], node))
    edge = -float("inf")
    for node in row:
        columns[node] = edge = max(wanted[node], edge + 1)
    pushed = sum(columns[node] - wanted[node] for node in row) / len(row)
    for node in row:
        columns[node] -= pushed
