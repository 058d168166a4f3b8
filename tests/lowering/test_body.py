"""Scalar programs: each value once, masks only where something is missing, buffers asked for where one must be."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.lowering.body import Arguments, BodyBuilder, Stored
from dark_jit.lowering.coordinates import NeedsBuffer, index
from dark_jit.lowering.kernel import Access, Accumulator, Apply, Argument, Constant, Inside, Load
from dark_jit.transforms.assembly import interleave

from .graphs import F64, inputs
from .interpret import evaluate


def c_order(*nodes):
    return {node: Stored(node, tuple(range(node.ndim))) for node in nodes}


def builder_of(node, stored):
    builder = BodyBuilder(node.shape, stored, Arguments(stored))
    return builder, builder.everywhere(tuple(index(axis) for axis in range(node.ndim)))


def body_of(node, stored):
    builder, where = builder_of(node, stored)
    builder.value(node, where)
    return builder


def test_strides_follow_the_order_of_storage():
    (x,) = inputs((2, 3, 4, 5))
    assert Stored(x, (0, 1, 2, 3)).strides == (60, 20, 5, 1)
    assert Stored(x, (0, 2, 3, 1)).strides == (60, 1, 15, 3)
    assert Stored(x, (0, 1, 2, 3)).is_c_order and not Stored(x, (0, 2, 3, 1)).is_c_order


def test_arguments_are_numbered_as_they_come():
    x, y = inputs((2,), (3,))
    arguments = Arguments(c_order(x, y))
    assert [arguments.position(*what) for what in ((y,), (x,), (y,), (y, True))] == [0, 1, 0, 2]
    assert arguments.nodes == (y, x, y)
    assert arguments.list()[1:] == (Argument("float64", 2), Argument("float64", 3, True))


def test_a_part_lies_in_the_buffer_of_its_whole():
    x, y = inputs((2, 3), (2, 3))
    whole = Stored(interleave([x, y], (1, 2)), (1, 0))
    part = Stored(y, (1, 0), whole, (slice(None), slice(1, None, 2)))
    assert (part.home, part.offset, part.strides) == (whole.node, 2, (1, 4))
    assert not Stored(y, (0, 1), whole, part.window).is_c_order
    arguments = Arguments({y: part})
    arguments.position(y, written=True)
    assert arguments.list() == (Argument("float64", 12, True, part=6),)


def test_a_value_that_is_used_twice_is_computed_once():
    (x,) = inputs((4,))
    square = ops.multiply(x, x)
    steps = body_of(ops.add(square, ops.negative(square)), c_order(x)).steps
    assert [type(step) for step in steps] == [Load, Apply, Apply, Apply]


def test_what_is_stored_is_loaded_except_where_it_is_computed():
    (x,) = inputs((4,))
    doubled = ops.add(x, x)
    stored = c_order(x, doubled)
    assert [type(step) for step in body_of(ops.negative(doubled), stored).steps] == [Load, Apply]
    builder, where = builder_of(doubled, stored)
    builder.store(doubled, where)
    assert [type(step) for step in builder.steps] == [Load, Apply]
    assert builder.arguments.list() == (Argument("float64", 4), Argument("float64", 4, True))


def test_a_padded_load_masks_itself_and_a_padded_expression_is_masked():
    (x,) = inputs((4,))
    (load,) = body_of(ops.pad(x, ((1, 2),)), c_order(x)).steps
    assert load.access == Access(-1, (1,), ((1, 5),))
    padded = body_of(ops.pad(ops.add(x, 1.0), ((1, 2),)), c_order(x))
    assert Inside(((1, 5),)) in padded.steps
    assert padded.steps[-1].op == "where"


def test_an_index_is_a_value():
    (x,) = inputs((3,))
    node = ops.add(x, ops.cast(ops.iota(3), F64))
    builder = body_of(node, c_order(x))
    assert np.array_equal(evaluate(builder.body(), (3,), [np.zeros(3)])[-1], [0, 1, 2])


def test_parts_of_a_concatenation_lie_side_by_side():
    x, y = inputs((2,), (3,))
    builder = body_of(ops.concatenate([x, y]), c_order(x, y))
    values = evaluate(builder.body(), (5,), [np.array([1.0, 2]), np.array([3.0, 4, 5])])
    assert np.array_equal(values[-1], [1, 2, 3, 4, 5])


def test_a_part_that_is_cut_off_is_not_read():
    x, y = inputs((2,), (3,))
    builder = body_of(ops.slice_(ops.concatenate([x, y]), ((2, 5, 1),)), c_order(x, y))
    assert builder.arguments.nodes == (y,)


def test_nothing_is_read_where_nothing_is():
    (x,) = inputs((4,))
    steps = body_of(ops.slice_(ops.pad(x, ((3, 0),)), ((0, 3, 1),)), c_order(x)).steps
    assert steps == [Constant("float64", "0.0")]


def test_any_shape_of_a_value_in_c_order_is_read_directly():
    (x,) = inputs((4, 6))
    node = ops.reshape(x, (3, 8))
    (load,) = body_of(node, c_order(x)).steps
    assert load.access == Access(0, (8, 1))
    with pytest.raises(NeedsBuffer):
        body_of(node, {x: Stored(x, (1, 0))})


def test_meanings_name_the_first_node_that_a_step_computes():
    (x,) = inputs((4,))
    node = ops.exp(x)
    assert body_of(node, c_order(x)).meanings == [x, node]


def test_operands_are_plain_loads():
    x, y = inputs((4, 6), (4, 6))
    builder, where = builder_of(ops.transpose(x), c_order(x, y))
    assert builder.operand(ops.transpose(x), where) == Load("float64", 0, Access(0, (1, 6)))
    part = ops.slice_(ops.transpose(x), ((0, 5, 1), (0, 4, 1)))
    for node in (ops.transpose(ops.add(x, y)), ops.pad(part, ((1, 0), (0, 0)))):
        with pytest.raises(NeedsBuffer):
            builder.operand(node, where)


def test_a_lead_is_its_accumulator():
    (x,) = inputs((4,))
    total = ops.exp(x)
    builder, where = builder_of(total, c_order(x))
    builder.define(total, where, Accumulator("float64"))
    assert builder.value(ops.negative(total), where) == 1
    assert builder.steps == [Accumulator("float64"), Apply("float64", "negative", (0,))]
