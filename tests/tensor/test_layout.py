"""Offsets and strides are those of NumPy's views, and so is which reshapes are views."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dark_jit import dtypes, ops
from dark_jit.graph.graph import leaf
from dark_jit.tensor.layout import Layout

SHAPES = [(4, 6), (2, 3, 4), (5,), (1, 3, 1), (2, 0, 3), (), (12,)]


@st.composite
def steps(draw: Any, shape: tuple[int, ...]) -> Any:
    """A movement that has strides: its name, and the argument that ops and NumPy take."""
    kind = draw(st.sampled_from(["slice", "flip", "transpose", "reshape", "broadcast"]))
    if kind == "slice":
        ranges = []
        for extent in shape:
            start = draw(st.integers(0, extent))
            ranges.append((start, draw(st.integers(start, extent)), draw(st.integers(1, 3))))
        return kind, tuple(ranges)
    if kind == "flip":
        return kind, tuple(axis for axis in range(len(shape)) if draw(st.booleans()))
    if kind == "transpose":
        return kind, tuple(draw(st.permutations(range(len(shape)))))
    if kind == "broadcast":
        return kind, (2, *(draw(st.integers(2, 3)) if extent == 1 else extent for extent in shape))
    size = int(np.prod(shape))
    fitting = [s for s in [(2, -1), (-1, 3), (2, 2, -1), (-1, 1, 2)] if size and size % abs(int(np.prod(s))) == 0]
    return kind, draw(st.sampled_from([(size,), (1, size), *fitting]))


def moved(node: Any, array: Any, kind: str, argument: Any) -> tuple[Any, Any]:
    if kind == "slice":
        return ops.slice_(node, argument), array[(*(slice(*r) for r in argument), ...)]
    if kind == "flip":
        return ops.flip(node, argument), np.flip(array, argument) if argument else array
    if kind == "transpose":
        return ops.transpose(node, argument), array.transpose(argument)
    if kind == "broadcast":
        return ops.broadcast_to(node, argument), np.broadcast_to(array, argument)
    return ops.reshape(node, argument), array.reshape(argument)


@st.composite
def views(draw: Any, base: Any) -> tuple[Layout, Any]:
    """A layout, and the NumPy view that it describes."""
    array, node = base, leaf("base", base.shape, dtypes.bool_)
    layout = Layout.of(base.shape)
    for _ in range(draw(st.integers(0, 5))):
        step = draw(steps(array.shape))
        new, wanted = moved(node, array, *step)
        after = layout if new is node else layout.after(new)
        if after is None:
            assert step[0] == "reshape"
            assert not np.shares_memory(wanted, base)
            continue
        assert new.size == 0 or np.shares_memory(wanted, base)
        node, array, layout = new, wanted, after
    return layout, array


@settings(max_examples=300)
@given(data=st.data(), shape=st.sampled_from(SHAPES))
def test_layouts_are_numpys(data: st.DataObject, shape: tuple[int, ...]) -> None:
    base = np.zeros(shape, np.uint8)
    layout, array = data.draw(views(base))
    assert layout.shape == array.shape
    assert layout.contiguous == array.flags.c_contiguous
    if array.size:
        assert layout.offset == array.ctypes.data - base.ctypes.data
        for n, found, wanted in zip(array.shape, layout.strides, array.strides, strict=True):
            assert n == 1 or found == wanted


@settings(max_examples=300)
@given(data=st.data(), shape=st.sampled_from(SHAPES))
def test_what_is_apart_shares_nothing(data: st.DataObject, shape: tuple[int, ...]) -> None:
    base = np.zeros(shape, np.uint8)
    (one, x), (other, y) = data.draw(views(base)), data.draw(views(base))
    if one.apart_from(other):
        assert not np.shares_memory(x, y)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ([("slice", ((0, 2, 1), (0, 6, 1)))], [("slice", ((2, 4, 1), (0, 6, 1)))]),
        ([("slice", ((0, 4, 1), (0, 1, 1)))], [("slice", ((0, 4, 1), (1, 2, 1)))]),
        ([("slice", ((0, 4, 1), (0, 3, 1)))], [("slice", ((0, 4, 1), (3, 6, 1))), ("flip", (0, 1))]),
        ([("slice", ((0, 4, 1), (0, 6, 2)))], [("slice", ((0, 4, 1), (1, 6, 2))), ("transpose", (1, 0))]),
        ([("slice", ((0, 0, 1), (0, 6, 1)))], []),
    ],
    ids=["rows", "columns", "halves", "even and odd", "nothing"],
)
def test_common_parts_are_seen_to_be_apart(one: Any, other: Any) -> None:
    layouts = []
    for chain in (one, other):
        array, node, layout = np.zeros((4, 6)), leaf("base", (4, 6), dtypes.bool_), Layout.of((4, 6))
        for step in chain:
            node, array = moved(node, array, *step)
            layout = layout.after(node)  # type: ignore[assignment]
        layouts.append(layout)
    assert layouts[0].apart_from(layouts[1])
    assert layouts[1].apart_from(layouts[0])
    assert not layouts[0].apart_from(Layout.of((4, 6))) or 0 in layouts[0].shape
