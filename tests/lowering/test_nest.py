"""Nests: the space follows the lead, axes split where a map asks for it, and the nest computes what the graph says."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.backends import reference
from dark_jit.graph.graph import make_graph
from dark_jit.lowering.body import Stored
from dark_jit.lowering.coordinates import Affine, NeedsBuffer, index
from dark_jit.lowering.kernel import Access, Accumulator
from dark_jit.lowering.nest import Space, build_nest, path_from

from .graphs import inputs
from .interpret import from_memory, run_nest, to_memory


def nest_of(roots, sources, order=None, orders=()):
    """The nest of roots whose sources, and they themselves, are stored; in C order unless `orders` says otherwise."""
    orders = dict(orders)
    stored = {node: Stored(node, orders.get(node, tuple(range(node.ndim)))) for node in (*sources, *roots)}
    return build_nest(roots, stored, order or stored[roots[0]].order), stored


def check(roots, sources, order=None, orders=()):
    """The nest computes each root as the reference does; returns it."""
    nest, stored = nest_of(roots, sources, order, orders)
    generator = np.random.default_rng(1)
    arrays = [generator.normal(size=x.shape) for x in sources]
    memory = {x: to_memory(array, stored[x].order) for x, array in zip(sources, arrays, strict=True)}
    memory.update({root: np.zeros(root.size) for root in roots})
    run_nest(nest, [memory[node] for node in nest.nodes])
    for root, want in zip(roots, reference.evaluate(make_graph(sources, roots), arrays), strict=True):
        assert np.allclose(from_memory(memory[root], stored[root]), want, rtol=1e-12, atol=1e-12)
    return nest


# Spaces


def test_splitting_an_axis():
    space = Space(((12,), (5,)), 1)
    assert space.split(0, 4) == Space(((3, 4), (5,)), 1)
    assert space.split(0, 4).split(1, 2) == Space(((3, 2, 2), (5,)), 1)
    assert space.split(0, 4).indices() == [Affine(0, ((0, 4), (1, 1))), index(2)]


def test_parallel_axes_come_first():
    space = Space(((3, 4), (5,)), 1)
    assert (space.extents, space.axes, space.reduced) == ((3, 4, 5), (3, 4), (5,))


# Leads of every kind


def test_scans_run_along_an_axis_that_stays_whole():
    (x,) = inputs((4, 6))
    for axis in (0, 1):
        for scan in (ops.cumsum, ops.cumprod):
            nest = check([scan(ops.transpose(x), axis, reverse=axis == 0)], [x])
            assert (nest.axes, nest.along) == ((6, 4), axis)
    flat = ops.cumsum(ops.reshape(ops.transpose(x), (24,)), 0)
    with pytest.raises(NeedsBuffer):
        nest_of([flat], [x])
    (y,) = inputs((2, 3, 4))
    rows = ops.cumsum(ops.reshape(ops.transpose(y, (1, 0, 2)), (6, 4)), 1)
    assert check([rows], [y]).axes == (3, 2, 4)


def test_places_of_extrema():
    (x,) = inputs((4, 6))
    for place in (ops.argmax, ops.argmin):
        assert check([place(ops.transpose(ops.negative(x)), 0)], [x]).reduced == (6,)
        assert check([place(ops.transpose(x))], [x]).reduced == (6, 4)


def test_elementwise():
    x, y = inputs((4, 6), (6,))
    assert check([ops.maximum(x, ops.tanh(y))], [x, y]).axes == (4, 6)


def test_loops_follow_the_order_of_storage():
    (x,) = inputs((2, 3, 4, 5))
    node = ops.exp(x)
    nest = check([node], [x], orders={node: (0, 2, 3, 1)})
    assert nest.axes == (2, 4, 5, 3)
    assert nest.epilogue.stores[0].access.strides == (60, 15, 3, 1)


def test_a_reduction_computes_what_it_reads():
    x, y = inputs((4, 6, 5), (4, 6, 5))
    nest = check([ops.sum_(ops.multiply(x, y), (0, 2))], [x, y])
    assert (nest.axes, nest.reduced, nest.loads) == ((6,), (4, 5), ())
    check([ops.max_(ops.pad(x, ((0, 0), (1, 0), (0, 2))), 1)], [x])


def test_products():
    a, b = inputs((4, 6), (5, 6))
    nest = check([ops.matmul(a, ops.transpose(b))], [a, b])
    assert [load.access.strides for load in nest.loads] == [(6, 0, 1), (0, 6, 1)]
    c, d = inputs((3, 4, 6), (3, 6, 5))
    assert check([ops.matmul(c, d)], [c, d]).axes == (3, 4, 5)


@pytest.mark.parametrize("groups", [1, 2])
def test_convolutions_are_sums_of_products(groups):
    x, k = inputs((2, 4, 7, 6), (6, 4 // groups, 3, 2))
    node = ops.conv2d(x, k, stride=(2, 1), dilation=(1, 2), groups=groups)
    nest = check([node], [x, k], (0, 2, 3, 1), {x: (0, 2, 3, 1), node: (0, 2, 3, 1)})
    assert nest.axes == (2, 3, 4, groups, 6 // groups)
    assert nest.reduced == (3, 2, 4 // groups)


# Splits


def test_a_flattened_operand_splits_the_sum():
    x, w = inputs((2, 3, 4, 5), (60, 7))
    nest = check([ops.matmul(ops.reshape(x, (2, 60)), w)], [x, w], orders={x: (0, 2, 3, 1)})
    assert nest.reduced == (3, 4, 5)


def test_a_reshaped_reading_splits_the_axes():
    x, y = inputs((3, 4), (12,))
    node = ops.add(ops.reshape(ops.exp(x), (12,)), y)
    assert check([node], [x, y]).axes == (3, 4)


# Several values in one kernel


def test_an_epilogue():
    a, b, c = inputs((4, 6), (6, 5), (5,))
    product = ops.matmul(a, b)
    total = ops.add(product, c)
    nest = check([product, total, ops.relu(total)], [a, b, c])
    assert nest.epilogue.steps[0] == Accumulator("float64")
    assert len(nest.epilogue.stores) == 3


def test_an_epilogue_that_is_stored_transposed():
    a, b = inputs((4, 6), (6, 5))
    product = ops.matmul(a, b)
    nest = check([product, ops.negative(ops.transpose(product))], [a, b])
    assert nest.epilogue.stores[1].access == Access(0, (1, 4))


def test_a_kernel_does_not_read_what_it_writes():
    (x,) = inputs((4, 4))
    exp = ops.exp(x)
    with pytest.raises(NeedsBuffer):
        nest_of([exp, ops.add(exp, ops.transpose(exp))], [x])


def test_paths():
    x, y, z = inputs((4, 6), (24,), (12,))
    exp = ops.exp(x)
    flat = ops.reshape(exp, (24,))
    assert path_from([exp], ops.add(flat, y), {}) == [exp, flat, ops.add(flat, y)]
    assert path_from([exp], ops.add(ops.slice_(flat, ((0, 12, 1),)), z), {}) is None
    assert path_from([exp], ops.sum_(exp, 0), {}) is None


# What has to lie in memory


def test_operands_of_products_are_not_computed_on_the_spot():
    a, b = inputs((4, 6), (6, 5))
    with pytest.raises(NeedsBuffer) as need:
        nest_of([ops.matmul(ops.exp(a), b)], [a, b])
    assert need.value.node is ops.exp(a)


def test_a_dilated_value_needs_a_buffer():
    (x,) = inputs((1, 1, 3, 3))
    with pytest.raises(NeedsBuffer):
        nest_of([ops.exp(ops.dilate(x, 2))], [x])
