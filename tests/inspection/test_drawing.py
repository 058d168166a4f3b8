"""Drawings of graphs: everything below what it reads, nothing on top of anything else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dark_jit.inspection.drawing import drawing


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    count = draw(st.integers(1, 30))
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda pair: pair[0] < pair[1])
    return count, draw(st.lists(pairs, unique=True, max_size=60)) if count > 1 else []


@given(graphs())
def test_readers_stand_below_and_nothing_overlaps(graph: tuple[int, list[tuple[int, int]]]) -> None:
    count, edges = graph
    found = drawing(count, edges)
    assert all(found.layers[a] < found.layers[b] for a, b in edges)
    for one in range(count):
        for other in range(one):
            if found.layers[one] == found.layers[other]:
                assert abs(found.columns[one] - found.columns[other]) >= 0.98
    assert min(found.columns) == 0 and max(found.columns) < found.width and max(found.layers) < found.height


def test_a_chain_is_straight_and_an_input_stands_by_its_reader() -> None:
    found = drawing(4, [(0, 1), (1, 3), (2, 3)])
    assert found.layers == [0, 1, 1, 2]
    assert found.columns[0] == found.columns[1]


def test_nothing_is_drawn_of_nothing() -> None:
    assert drawing(0, []).height == 0
