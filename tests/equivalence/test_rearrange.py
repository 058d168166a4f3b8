"""What is composed of movement, products and sums: einsum, roll, repeat, tile, triangles, diagonals, differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from dark_jit import ops
from dark_jit.graph.node import Node

from .programs import DTYPES, FLOATS, ISAS, check, numbers

pytestmark = pytest.mark.parametrize("isa", ISAS)

REARRANGED: dict[str, Callable[[Node], Any]] = {
    "roll": lambda x: [ops.roll(x, 3, 2), ops.roll(x, (1, -5), (0, 2)), ops.roll(x, 7)],
    "repeat": lambda x: [ops.repeat(x, 3, axis) for axis in range(3)],
    "tile": lambda x: [ops.tile(x, (2, 1, 3)), ops.tile(x, (2, 1, 1, 1))],
    "triangles": lambda x: [ops.tril(x, 1), ops.triu(x, -1)],
    "diagonal": lambda x: [ops.diagonal(x, 1, 2, 3), ops.diagonal(x, 2, 0, -1)],
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", REARRANGED)
def test_rearranged(isa: str, name: str, dtype: str) -> None:
    check(REARRANGED[name], [numbers(1, (3, 5, 19), dtype)], isa)


@pytest.mark.parametrize("name", REARRANGED)
def test_rearranged_in_the_middle(isa: str, name: str) -> None:
    """What is computed before, and read afterwards, is fused or stored, as an index map allows."""

    def build(x: Node) -> list[Node]:
        return [ops.sum_(ops.tanh(y), -1) for y in REARRANGED[name](ops.exp(ops.transpose(x, (2, 0, 1))))]

    check(build, [numbers(1, (5, 19, 3))], isa)


def test_differences(isa: str) -> None:
    check(lambda x: [ops.diff(x, 1, 0), ops.diff(x, 2, 1), ops.diff(x, 3)], [numbers(1, (4, 5, 19))], isa)


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize(
    "subscripts, shapes",
    [
        ("ij,jk->ik", [(7, 33), (33, 18)]),
        ("ij,kj->ki", [(7, 33), (18, 33)]),
        ("bij,bkj->bik", [(3, 7, 33), (3, 18, 33)]),
        ("bhqd,bhkd->bhqk", [(2, 3, 5, 16), (2, 3, 7, 16)]),
        ("bqhd,bkhd->bhqk", [(2, 5, 3, 16), (2, 7, 3, 16)]),
        ("ii->i", [(19, 19)]),
        ("iij->j", [(5, 5, 19)]),
        ("ij,j->i", [(7, 33), (33,)]),
        ("i,ij->j", [(7,), (7, 33)]),
        ("i,j->ji", [(7,), (33,)]),
        ("ij,ij->", [(7, 33), (7, 33)]),
        ("ij,jk,kl->li", [(7, 5), (5, 9), (9, 17)]),
        ("...ij,jk->...ik", [(2, 3, 5, 7), (7, 17)]),
    ],
)
def test_einsum(isa: str, subscripts: str, shapes: list[tuple[int, ...]], dtype: str) -> None:
    arrays = [numbers(i, shape, dtype) for i, shape in enumerate(shapes)]
    check(lambda *xs: ops.einsum(subscripts, *xs), arrays, isa, scale=3)


@settings(max_examples=12)
@given(data=st.data())
def test_any_subscripts(isa: str, data: st.DataObject) -> None:
    extents = {"a": 1, "b": 2, "c": 5, "d": 17, "e": 3}
    terms = data.draw(st.lists(st.text("abcde", min_size=1, max_size=3), min_size=1, max_size=3))
    used = sorted(set("".join(terms)))
    output = data.draw(st.permutations(used))[: data.draw(st.integers(0, len(used)))]
    arrays = [numbers(i, [extents[letter] for letter in term]) for i, term in enumerate(terms)]
    check(lambda *xs: ops.einsum(",".join(terms) + "->" + "".join(output), *xs), arrays, isa, scale=5)
