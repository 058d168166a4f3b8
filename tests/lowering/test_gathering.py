"""Gathers and scatters: what is read, which form a kernel has, and who owns what."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from dark_jit import ops
from dark_jit.backends import reference
from dark_jit.graph.graph import graph_input, make_graph
from dark_jit.lowering.fusion import fuse
from dark_jit.lowering.gathering import GatherSpec, TakeSpec
from dark_jit.lowering.scattering import ITEMS, ScatterSlicesSpec, ScatterSpec
from dark_jit.lowering.select import select
from dark_jit.lowering.target import Target

from .graphs import F32, movement
from .interpret import run_fusion

AVX512 = Target("avx512", 64, 32, 32 << 10, 1 << 20, 32 << 20)
I64 = np.dtype("int64")


def specs(build, *shapes):
    """The kernels of a function of one float array and then index arrays."""
    nodes = [graph_input(i, shape, F32 if i == 0 else I64) for i, shape in enumerate(shapes)]
    made = build(*nodes)
    fusion = fuse(make_graph(nodes, made if isinstance(made, list) else [made]))
    return [choice.spec for nest in fusion.nests for choice in select(nest, AVX512)]


@pytest.mark.parametrize(
    "x, indices, axis, kind, axes",
    [
        ((11, 33), (4, 5), 0, TakeSpec, (20, 33)),  # an embedding
        ((3, 11, 33), (5,), 1, TakeSpec, (3, 5, 33)),
        ((3, 11), (5,), 1, GatherSpec, (3, 5)),
        ((11,), (4, 5), 0, GatherSpec, (20,)),
        ((11, 33), (), 0, TakeSpec, (33,)),
    ],
)
def test_slices_or_elements(x, indices, axis, kind, axes):
    (spec,) = specs(lambda x, i: ops.take(x, i, axis), x, indices)
    assert (type(spec), spec.axes, spec.extent) == (kind, axes, x[axis])


def test_an_index_for_each_row_takes_slices():
    (spec,) = specs(lambda x, i: ops.take_along_axis(x, ops.broadcast_to(i, (5, 3, 33)), 1), (5, 11, 33), (5, 3, 1))
    assert (type(spec), spec.axes) == (TakeSpec, (5, 3, 33))
    (spec,) = specs(lambda x, i: ops.take_along_axis(x, i, 1), (5, 11, 33), (5, 3, 33))
    assert (type(spec), spec.lanes) == (GatherSpec, 16)


@given(data=st.data())
def test_moved_data_and_indices_are_read_where_they_lie(data):
    """No index map of the data, or of the index, makes a copy, unless it splits an axis."""
    shape = (3, 4, 2)
    move = data.draw(movement(shape))
    x, i = graph_input(0, shape, np.dtype("float64")), graph_input(1, (5,), I64)
    moved = move(x)
    axis = data.draw(st.integers(0, moved.ndim - 1))
    node = ops.tanh(ops.take(moved, i, axis))
    graph = make_graph([x, i], [node])
    fusion = fuse(graph)
    least = moved.shape[axis]
    arrays = [np.random.default_rng(0).normal(size=shape), np.random.default_rng(1).integers(0, least, 5)]
    (found,) = run_fusion(fusion, graph, arrays)
    np.testing.assert_allclose(found, reference.evaluate(graph, arrays)[0])
    assert len(fusion.nests) <= 1 + (moved.op.name in ("reshape", "pad"))


@pytest.mark.parametrize(
    "shape, axis, count, kind, columns",
    [
        ((11, 33), 0, 20, ScatterSlicesSpec, False),
        ((11, 1031), 0, 20, ScatterSlicesSpec, True),
        ((11,), 0, 20, ScatterSpec, False),
        ((9, 11), 1, 20, ScatterSpec, True),
    ],
)
def test_who_owns_what(shape, axis, count, kind, columns):
    updates = (*shape[:axis], count, *shape[axis + 1 :])
    (spec,) = specs(lambda u, i: ops.scatter_add(u, i, axis, shape), updates, (count,))
    assert (type(spec), spec.count, spec.extent) == (kind, count, shape[axis])
    outer, _, inner = spec.axes
    assert bool(spec.strip) is columns
    assert columns == (outer * -(-inner // (4 * spec.lanes)) >= ITEMS)


def test_writing_is_a_scatter_over_a_base():
    *_, spec = specs(lambda x, i: ops.put(x, i, ops.constant(7, F32)), (5, 33), (3,))
    assert (type(spec), spec.step, spec.base.access.strides) == (ScatterSlicesSpec, "write", (0, 33, 1))
    assert spec.values.access.strides == (0, 0, 0)
    (spec,) = specs(lambda x, i: ops.put_along_axis(x, i, x), (5, 33), (5, 33))
    assert (type(spec), spec.step, spec.flops) == (ScatterSpec, "write", 0)


def test_what_is_scattered_is_read_in_any_order():
    """Updates that are broadcast, transposed or of another shape need no copy where three axes suffice."""
    (spec,) = specs(lambda u, i: ops.scatter_add(ops.broadcast_to(u, (4, 6)), i, 0, (9, 6)), (6,), (4,))
    assert spec.values.access.strides == (0, 0, 1)
    (spec,) = specs(lambda u, i: ops.scatter_add(ops.transpose(u), i, 0, (9, 6)), (6, 4), (4,))
    assert spec.values.access.strides == (0, 1, 4)
    (spec,) = specs(lambda u, i: ops.scatter_add(ops.reshape(u, (4, 2, 3)), i, 0, (9, 2, 3)), (8, 3), (4,))
    assert spec.values.access.strides == (0, 6, 1)


def test_nothing_joins_a_scatter():
    first, second = specs(lambda u, i: ops.exp(ops.scatter_add(u, i, 0, (9, 6))), (4, 6), (4,))
    assert (first.template, second.template) == ("scatter_slices", "elementwise")
