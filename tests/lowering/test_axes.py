"""collapse: fewer axes, the same elements."""

from __future__ import annotations

import itertools
import math

import hypothesis.strategies as st
from hypothesis import given

from dark_jit.lowering.axes import collapse, reorder
from dark_jit.lowering.kernel import Access, Body, Index, Inside, Load, Store


def elements(extents, access):
    """For each index in C order: the element's position, or None outside the valid ranges."""
    ranges = access.valid or tuple((0, extent) for extent in extents)
    return [
        access.offset + sum(i * s for i, s in zip(index, access.strides, strict=True))
        if all(low <= i < high for i, (low, high) in zip(index, ranges, strict=True))
        else None
        for index in itertools.product(*map(range, extents))
    ]


def dense(extents):
    return Access(0, tuple(math.prod(extents[axis + 1 :]) for axis in range(len(extents))))


def load(access):
    return Load("float32", 0, access)


def test_dense_accesses_become_one_axis():
    merged = collapse(((2, 3, 4),), [Body((load(dense((2, 3, 4))),))])
    assert merged.groups == ((24,),)
    assert merged.access(dense((2, 3, 4))) == Access(0, (1,))


def test_groups_do_not_merge():
    assert collapse(((2, 3), (4, 5)), [], [dense((2, 3, 4, 5))]).groups == ((6,), (20,))


def test_an_access_of_the_first_group_alone_does_not_hold_back_the_second():
    assert collapse(((2, 3), (4, 5)), [], [Access(0, (1, 2)), dense((2, 3, 4, 5))]).groups == ((2, 3), (20,))


def test_broadcasting_splits():
    bias = Access(0, (0, 0, 1))
    merged = collapse(((2, 3, 4),), [], [dense((2, 3, 4)), bias])
    assert merged.groups == ((6, 4),)
    assert merged.access(bias) == Access(0, (0, 1))


def test_padding_of_an_outer_axis_merges_and_of_an_inner_one_does_not():
    outer = Access(-4, (4, 1), ((1, 3), (0, 4)))
    inner = Access(-1, (2, 1), ((0, 4), (1, 3)))
    assert collapse(((4, 4),), [], [outer]).access(outer) == Access(-4, (1,), ((4, 12),))
    assert collapse(((4, 4),), [], [inner]).groups == ((4, 4),)


def test_an_index_along_one_axis_keeps_it_and_takes_in_axes_of_extent_1():
    body = Body((Index(Access(5, (0, 3, 0, 0))), load(dense((2, 3, 1, 4)))))
    merged = collapse(((2, 3, 1, 4),), [body])
    assert merged.groups == ((2, 3, 4),)
    assert merged.body(body).steps[0] == Index(Access(5, (0, 3, 0)))


def test_an_index_along_an_axis_of_extent_1_does_not_hold_it_apart():
    body = Body((Index(Access(5, (3, 0))), load(dense((1, 4)))))
    merged = collapse(((1, 4),), [body])
    assert merged.groups == ((4,),)
    assert merged.body(body).steps[0] == Index(Access(5, (0,)))


def test_an_index_that_counts_elements_merges_as_they_do():
    body = Body((Index(dense((2, 3, 4))), load(dense((2, 3, 4)))))
    merged = collapse(((2, 3, 4),), [body])
    assert merged.groups == ((24,),)
    assert merged.body(body).steps[0] == Index(Access(0, (1,)))


def test_inside_holds_its_axes_apart():
    body = Body((Inside(((0, 4), (1, 3))),), (Store(0, 0, dense((4, 4))),))
    assert collapse(((4, 4),), [body]).body(body) == body
    outer = Body((Inside(((1, 3), (0, 4))),))
    assert collapse(((4, 4),), [outer]).body(outer).steps == (Inside(((4, 12),)),)


def test_a_group_of_ones_keeps_one_axis():
    assert collapse(((1, 1), (), (1,)), []).groups == ((1,), (), (1,))


axis = st.tuples(st.integers(1, 3), st.integers(-2, 4), st.integers(-1, 2), st.integers(1, 4))


@given(st.lists(axis, min_size=1, max_size=4), st.booleans(), st.booleans())
def test_the_elements_stay(axes, valid, contiguous):
    extents = tuple(extent for extent, *_ in axes)
    strides = dense(extents).strides if contiguous else tuple(stride for _, stride, *_ in axes)
    access = Access(7, strides, tuple((low, high) for *_, low, high in axes) if valid else ())
    merged = collapse((extents,), [], [access])
    assert math.prod(merged.groups[0]) == math.prod(extents)
    assert elements(merged.groups[0], merged.access(access)) == elements(extents, access)


def test_reorder_moves_everything_that_names_an_axis():
    body = Body(
        (load(Access(3, (1, 2), ((0, 1), (0, 9)))), Index(Access(0, (1, 0))), Inside(((0, 1), (0, 2)))),
        (Store(0, 1, Access(0, (4, 5))),),
    )
    moved = reorder(body, (1, 0))
    index, ranges = Index(Access(0, (0, 1))), Inside(((0, 2), (0, 1)))
    assert moved.steps == (load(Access(3, (2, 1), ((0, 9), (0, 1)))), index, ranges)
    assert moved.stores == (Store(0, 1, Access(0, (5, 4))),)
