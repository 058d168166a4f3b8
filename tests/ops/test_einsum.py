"""Einstein summation against NumPy's, and what is refused."""

from __future__ import annotations

import string

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from dark_jit import ops
from dark_jit.errors import ArgumentError, DTypeError, ShapeError
from dark_jit.graph.graph import topological

from .meaning import means, node, refused, value

RNG = np.random.default_rng(0)

# One letter, one extent.
EXTENTS = {letter: 2 + place % 4 for place, letter in enumerate(string.ascii_letters)}

CASES = [
    "ij,jk->ik",
    "ij,jk",
    "ba,cb",  # the result's labels in alphabetical order
    "ii->i",
    "ii",
    "iij->ji",
    "iii->i",
    "ij->ji",
    "ij->",
    "ij->j",
    "i,j->ij",
    "i,i->",
    "i,i",
    "ij,j->i",
    "i,ij->j",
    "ij,ij->ij",
    "ji,ji->i",
    "bij,bjk->bik",
    "bhqd,bhkd->bhqk",
    "ijk,jil->kl",
    "ij,jk,kl->il",
    "ab,bc,ca->",
    "ij,kl,mn->",
    "a,b,c,d,abcd->dcba",
    ",i->i",
    " i j , j k -> i k ",
    "aab,bcc->ac",
]


def operands_of(subscripts: str) -> list[np.ndarray]:
    terms = subscripts.replace(" ", "").split("->")[0].split(",")
    return [RNG.normal(size=[EXTENTS[letter] for letter in term]) for term in terms]


def same(subscripts: str, *arrays: np.ndarray) -> None:
    means(value(lambda *nodes: ops.einsum(subscripts, *nodes), *arrays), np.einsum(subscripts, *arrays))


@pytest.mark.parametrize("subscripts", CASES)
def test_as_numpy(subscripts: str) -> None:
    same(subscripts, *operands_of(subscripts))


@pytest.mark.parametrize(
    "subscripts, shapes",
    [
        ("...ij,...jk->...ik", [(4, 1, 2, 3), (6, 3, 5)]),
        ("...i->...", [(2, 3, 4)]),
        ("i...->...i", [(2, 3, 4)]),
        ("...,...->...", [(2, 3), (3,)]),
        ("...ij,j", [(2, 3, 4), (4,)]),
        ("i...i->...", [(3, 2, 3)]),
        ("b...,b->...", [(2,), (2,)]),
        ("ij,ij->ij", [(2, 1), (2, 3)]),  # extents of 1 broadcast
        ("i,i->", [(1,), (5,)]),
        ("ij,jk->ik", [(2, 0), (0, 3)]),
        ("ij,jk->ik", [(0, 2), (2, 3)]),
    ],
)
def test_ellipsis_broadcasting_and_empty_axes(subscripts: str, shapes: list[tuple[int, ...]]) -> None:
    same(subscripts, *(RNG.normal(size=shape) for shape in shapes))


@settings(max_examples=60)
@given(data=st.data())
def test_any_subscripts(data: st.DataObject) -> None:
    letters = "abcde"
    terms = data.draw(st.lists(st.text(letters, max_size=3), min_size=1, max_size=4))
    used = sorted(set("".join(terms)))
    output = data.draw(st.permutations(used))[: data.draw(st.integers(0, len(used)))]
    arrow = "->" + "".join(output) if data.draw(st.booleans()) else ""
    arrays = [RNG.normal(size=[EXTENTS[letter] for letter in term]) for term in terms]
    same(",".join(terms) + arrow, *arrays)


def test_dtypes_promote() -> None:
    a, b = np.arange(6, dtype=np.int32).reshape(2, 3), np.arange(3, dtype=np.int64)
    means(value(lambda a, b: ops.einsum("ij,j->i", a, b), a, b), np.einsum("ij,j->i", a, b))
    assert ops.einsum("i,i->i", node(3, dtype="int64"), node(3)).dtype == np.float32


def test_pairs_are_contracted_in_a_cheap_order() -> None:
    """(a b) c, not a (b c), where c is a vector on the other side."""
    a, b, c = node(2, 100), node(100, 100, index=1), node(100, 100, index=2)
    made = ops.einsum("ij,jk,kl->il", a, b, c)
    assert made.op.name == "matmul" and made.inputs[0].op.name == "matmul" and made.inputs[0].shape == (2, 100)
    products = [n for n in topological([ops.einsum("ij,jk,k->i", b, c, node(100, index=3))]) if n.op.name == "matmul"]
    assert not products, "each matrix meets the vector, and never the other matrix"


def test_a_matrix_product_is_one() -> None:
    a, b = node(2, 3), node(3, 4, index=1)
    assert ops.einsum("ij,jk->ik", a, b) is ops.matmul(a, b)


@pytest.mark.parametrize(
    "shapes, axes",
    [
        (((2, 3, 4), (3, 4, 5)), 2),
        (((2, 3), (3, 2)), 1),
        (((2, 3), (4,)), 0),
        (((3, 4), (3, 4)), 2),
        (((2, 3, 4), (4, 3)), ([1, 2], [1, 0])),
        (((2, 3, 4), (3,)), ((1,), (0,))),
        (((2, 3), (3,)), ((-1,), (-1,))),
    ],
)
def test_tensordot(shapes: tuple[tuple[int, ...], tuple[int, ...]], axes: object) -> None:
    x, y = (RNG.normal(size=shape) for shape in shapes)
    means(value(lambda x, y: ops.tensordot(x, y, axes), x, y), np.tensordot(x, y, axes))  # type: ignore[arg-type]


@pytest.mark.parametrize("offset", [-4, -3, -2, -1, 0, 1, 2, 3, 4])
def test_diagonal(offset: int) -> None:
    for shape in ((3, 4), (4, 3), (2, 3, 4), (3, 0)):
        x = RNG.normal(size=shape)
        for first, second in {(0, 1), (1, 0), (x.ndim - 2, x.ndim - 1)}:
            wanted = np.diagonal(x, offset, first, second)
            means(value(lambda x: ops.diagonal(x, first, second, offset), x), wanted)  # noqa: B023


def test_what_is_refused() -> None:
    a, b = node(2, 3), node(3, 4, index=1)
    refused(lambda: ops.einsum("ij,jk", a), ArgumentError, "'ij,jk'", "names 2 operands, got 1")
    refused(lambda: ops.einsum("ijk,jk->i", a, b), ShapeError, "'ijk'", "2 axes", "(2, 3)")
    refused(lambda: ops.einsum("i,jk->i", a, b), ShapeError, "'i'", "(2, 3)")
    refused(lambda: ops.einsum("ij,ik->jk", a, b), ShapeError, "label 'i'", "2 and 3", "(2, 3) and (3, 4)")
    refused(lambda: ops.einsum("ii->i", a), ShapeError, "label 'i'", "2 and 3", "one operand")
    refused(lambda: ops.einsum("ij,jk->iz", a, b), ArgumentError, "only labels of operands")
    refused(lambda: ops.einsum("ij->ii", a), ArgumentError, "each label once")
    refused(lambda: ops.einsum("i1->i", a), ArgumentError, "'i1'", "letters")
    refused(lambda: ops.einsum("i..j->i", a), ShapeError, "'i..j'")
    refused(lambda: ops.einsum("...j->j", a), ArgumentError, "'...' stands for 1 axes")
    refused(lambda: ops.einsum("...i,...i->...", node(2, 3, 4), node(3, 3, 4, index=1)), ShapeError, "'...'", "2 and 3")
    refused(lambda: ops.einsum("ij->j", node(2, 3, dtype="bool")), DTypeError, "bool")
    refused(lambda: ops.tensordot(a, b), ShapeError, "(2, 3)", "(3, 4)", "(0, 1)")
    refused(lambda: ops.tensordot(a, b, 3), ArgumentError, "3 axes")
    refused(lambda: ops.tensordot(a, b, ((0,), (0, 1))), ArgumentError, "as many axes")
    refused(lambda: ops.tensordot(a, b, (0,)), ArgumentError, "pair of sequences")  # type: ignore[arg-type]
