"""Index maps: what an access reads is what NumPy gives, or the map asks for a split or for a buffer."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from dark_jit import ops
from dark_jit.backends import reference
from dark_jit.graph.graph import make_graph
from dark_jit.lowering.body import Arguments, BodyBuilder, Stored
from dark_jit.lowering.coordinates import (
    Affine,
    Coordinates,
    NeedsBuffer,
    NeedsSplit,
    index,
    onto,
    reshaped,
    segments,
    through,
)

from .graphs import inputs, movement
from .interpret import evaluate, to_memory


def everywhere(*extents):
    """The identity over a space."""
    return Coordinates(tuple(index(axis) for axis in range(len(extents))), tuple((0, extent) for extent in extents))


def values_of(node, x, array):
    """The values of a node over x: as its kernel computes them, with x in memory, and as NumPy does."""
    stored = {x: Stored(x, tuple(range(x.ndim)))}
    builder = BodyBuilder(node.shape, stored, Arguments(stored))
    position = builder.value(node, builder.everywhere(everywhere(*node.shape).at))
    steps = evaluate(builder.body(), node.shape, [to_memory(array, range(x.ndim))])
    return steps[position], reference.evaluate(make_graph([x], [node]), [array])[0], builder.steps


# Affine functions


def test_sums_drop_terms_that_cancel():
    assert index(0, 3) + index(0, -3) + Affine(2) == Affine(2)
    assert index(1, 2) + index(0) == Affine(0, ((0, 1), (1, 2)))


def test_scaling():
    assert (index(0, 2) + Affine(1)).scaled(3, 5) == Affine(8, ((0, 6),))
    assert index(0).scaled(0, 7) == Affine(7)


@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 4), st.integers(1, 4)), max_size=3), st.integers(-5, 5))
def test_bounds(axes, constant):
    function = Affine(constant, tuple((axis, factor) for axis, (factor, *_) in enumerate(axes) if factor))
    ranges = [(low, low + extent) for _, low, extent in axes]
    grid = np.meshgrid(*(range(*r) for r in ranges), indexing="ij")
    found = constant + sum(factor * part for (factor, *_), part in zip(axes, grid, strict=True))
    assert function.bounds(ranges) == (np.min(found), np.max(found))


# Maps through movement


@st.composite
def chains(draw):
    """A stored value, and a chain of movements of it."""
    (x,) = inputs(draw(st.sampled_from([(6,), (4, 6), (2, 3, 4), (5, 1, 3)])))
    node = x
    for _ in range(draw(st.integers(1, 5))):
        if node.size < 500:
            node = draw(movement(node.shape))(node)
    return x, node


@given(chains())
def test_a_chain_of_movements_reads_what_numpy_gives(drawn):
    x, node = drawn
    array = 1.0 + np.arange(x.size).reshape(x.shape)
    try:
        got, want, _ = values_of(node, x, array)
    except (NeedsSplit, NeedsBuffer):
        return
    assert np.array_equal(got, want)


@given(chains())
def test_a_chain_without_reshape_and_padding_is_one_load(drawn):
    x, node = drawn
    names, current = set(), node
    while current is not x:
        names.add(current.op.name)
        current = current.inputs[0]
    if names & {"reshape", "pad"}:
        return
    got, want, steps = values_of(node, x, np.arange(float(x.size)).reshape(x.shape))
    assert np.array_equal(got, want)
    assert len(steps) == 1


def test_padding_narrows_the_ranges():
    (x,) = inputs((4, 5))
    where = through(ops.pad(x, ((1, 2), (0, 3))), everywhere(7, 8))
    assert where == Coordinates((index(0) + Affine(-1), index(1)), ((1, 5), (0, 5)))


def test_padding_that_is_cut_off_again_leaves_no_trace():
    (x,) = inputs((4,))
    padded = ops.pad(x, ((2, 2),))
    inner = through(ops.slice_(padded, ((2, 6, 1),)), everywhere(4))
    assert through(padded, inner) == everywhere(4)


def test_only_padding_exists_nowhere():
    (x,) = inputs((4,))
    padded = ops.pad(x, ((3, 0),))
    assert through(padded, through(ops.slice_(padded, ((0, 3, 1),)), everywhere(3))).empty


# Reshaping


def test_segments_are_the_finest_common_division():
    assert list(segments((2, 6, 5), (12, 5))) == [(range(0, 2), range(0, 1)), (range(2, 3), range(1, 2))]
    assert list(segments((4, 3), (3, 4))) == [(range(0, 2), range(0, 2))]
    assert list(segments((1, 3), (3,))) == [(range(0, 1), range(0, 0)), (range(1, 2), range(0, 1))]


def test_merged_axes_are_weighted():
    (x,) = inputs((12,))
    assert reshaped((3, 4), (12,), everywhere(3, 4), x).at == (Affine(0, ((0, 4), (1, 1))),)


def test_an_axis_that_becomes_two_needs_a_split():
    (x,) = inputs((3, 4))
    with pytest.raises(NeedsSplit) as need:
        through(ops.reshape(x, (12,)), everywhere(12))
    assert (need.value.axis, need.value.inner) == (0, 4)
    split = Coordinates((index(0, 4) + index(1),), ((0, 3), (0, 4)))
    assert through(ops.reshape(x, (12,)), split).at == (index(0), index(1))


def test_what_no_split_makes_affine_needs_a_buffer():
    (x,) = inputs((4, 6))
    with pytest.raises(NeedsBuffer) as need:
        through(ops.reshape(x, (3, 8)), everywhere(3, 8))
    assert need.value.node is x


def test_padding_of_two_indices_needs_a_buffer():
    (x,) = inputs((12,))
    padded = ops.pad(x, ((1, 1),))
    merged = Coordinates((index(0, 7) + index(1),), ((0, 2), (0, 7)))
    with pytest.raises(NeedsBuffer) as need:
        through(padded, merged)
    assert need.value.node is padded


def test_onto_is_the_inverse_where_every_element_stays():
    (x,) = inputs((4, 6))
    for node in (ops.transpose(x), ops.flip(x, 0)):
        assert through(node, onto(node, everywhere(4, 6))) == everywhere(4, 6)
    merged = onto(ops.reshape(x, (24,)), everywhere(4, 6))
    assert merged.at == (Affine(0, ((0, 6), (1, 1))),)
    assert onto(ops.slice_(x, ((0, 2, 1), (0, 6, 1))), everywhere(4, 6)) is None
