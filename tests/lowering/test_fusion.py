"""What is computed by one kernel, what is not and why, and that the kernels together compute the graph."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from dark_jit import ops
from dark_jit.backends import reference
from dark_jit.graph.graph import make_graph
from dark_jit.lowering.fusion import LONGEST, fuse
from dark_jit.transforms.autodiff import gradients
from dark_jit.transforms.layout import SMALL

from .graphs import graph_of, inputs, random_graphs
from .interpret import run_fusion


def groups_of(build, *shapes):
    """The operations of the values that each kernel computes."""
    return [[node.op.name for node in group.roots] for group in fuse(graph_of(build, *shapes)).groups]


def stored_by(build, *shapes):
    """The operations of the values that each kernel writes."""
    fusion = fuse(graph_of(build, *shapes))
    written = ((node for node, a in zip(nest.nodes, nest.arguments, strict=True) if a.written) for nest in fusion.nests)
    return [[node.op.name for node in nodes] for nodes in written]


def reasons(build, *shapes):
    return [refusal.reason for refusal in fuse(graph_of(build, *shapes)).refusals]


# Stored values


def test_a_chain_is_one_kernel():
    assert groups_of(lambda x, y: ops.relu(ops.add(ops.tanh(x), ops.exp(y))), (5, 7), (5, 7)) == [["relu"]]


def test_cheap_values_are_computed_again_and_costly_ones_are_not():
    def twice(f):
        return lambda x: [ops.sum_(f(x), 0), ops.max_(f(x), 1)]

    assert groups_of(twice(lambda x: ops.add(x, x)), (5, 7)) == [["sum"], ["max"]]
    assert groups_of(twice(ops.exp), (5, 7)) == [["exp"], ["sum"], ["max"]]


def test_what_is_cheap_once_its_operand_is_stored_is_not_stored():
    def build(x):
        mean = ops.mean(x, 0, keepdims=True)
        centred = ops.subtract(x, mean)
        return [ops.sum_(ops.multiply(centred, centred), 0), ops.negative(centred)]

    assert stored_by(build, (50, 7)) == [["divide"], ["sum"], ["negative"]]


def test_what_is_stretched_is_computed_before():
    assert groups_of(lambda x, y: ops.add(ops.tanh(x), y), (7,), (50, 7)) == [["tanh"], ["add"]]
    assert groups_of(lambda x, y: ops.add(ops.negative(x), y), (7,), (50, 7)) == [["add"]]


def test_operands_of_products_are_stored_and_those_of_reductions_are_not():
    assert groups_of(lambda a, b: ops.matmul(ops.exp(a), b), (5, 7), (7, 3)) == [["exp"], ["matmul"]]
    assert groups_of(lambda a: ops.sum_(ops.exp(a), 0), (5, 7)) == [["sum"]]


# Epilogues


def joins(build, *shapes):
    """Whether all of it is one kernel."""
    return len(groups_of(build, *shapes)) == 1


def test_bias_and_activation_join_a_product():
    assert joins(lambda a, b, c: ops.relu(ops.add(ops.matmul(a, b), c)), (5, 7), (7, 3), (3,))


def test_a_residual_joins_a_product():
    assert joins(lambda a, b, c: ops.add(ops.matmul(a, b), c), (5, 7), (7, 3), (5, 3))


def test_bias_and_activation_join_a_convolution():
    kernels = groups_of(lambda x, k, b: ops.relu(ops.conv2d(x, k, bias=b)), (2, 3, 8, 8), (4, 3, 3, 3), (4,))
    assert kernels == [["conv2d", "relu"]]


@pytest.mark.parametrize("size", [8, 600])
def test_the_optimiser_joins_a_gradient(size):
    def build(x, g, w, m):
        moved = ops.add(ops.multiply(m, 0.9), ops.matmul(ops.transpose(x), g))
        return [ops.subtract(w, ops.multiply(moved, 0.1)), moved]

    assert joins(build, (32, 7), (32, size), (7, size), (7, size))


def test_the_optimiser_joins_a_small_gradient_of_a_convolution_and_not_a_large_one():
    def build(channels):
        def update(x, k, g, w):
            (gradient,) = gradients([ops.conv2d(x, k)], [g], [k])
            return ops.subtract(w, ops.multiply(gradient, 0.1))

        kernel = (channels, channels, 3, 3)
        images = (2, channels, 10, 10)
        return groups_of(update, images, kernel, (2, channels, 8, 8), kernel)

    assert 9 * 8 * 8 < SMALL < 9 * 64 * 64
    assert build(8)[-1] == ["conv2d", "subtract"]
    assert [kernel[0] for kernel in build(64)[-2:]] == ["conv2d", "subtract"]


def test_an_output_of_another_shape_is_written_by_the_product():
    assert stored_by(lambda x, y: ops.reshape(ops.matmul(x, y), (-1,)), (8, 9), (9, 6)) == [["reshape"]]


def test_an_elementwise_value_joins_a_reduction():
    assert joins(lambda x: ops.log(ops.sum_(ops.exp(x), 1)), (5, 7))
    assert joins(lambda x, y: ops.multiply(ops.mean(x, 1, keepdims=True), y), (5, 7), (5, 1))


def test_several_outputs_of_one_space_are_one_kernel():
    def build(x):
        y = ops.exp(x)
        return [y, ops.negative(y), ops.add(y, 1.0)]

    assert groups_of(build, (5, 7)) == [["exp", "negative", "add"]]


def moments(gradient, m, v, w):
    """As Adam's step: both moments are kept, and the weights need both."""
    mean = ops.add(ops.multiply(m, 0.9), ops.multiply(gradient, 0.1))
    square = ops.add(ops.multiply(v, 0.9), ops.multiply(ops.multiply(gradient, gradient), 0.1))
    return [mean, square, ops.subtract(w, ops.divide(mean, ops.add(ops.sqrt(square), 1e-8)))]


def test_values_that_one_value_reads_are_computed_with_it():
    def build(g, *state):
        return moments(ops.transpose(g, (1, 0)), *state)

    assert len(groups_of(build, (7, 5), (5, 7), (5, 7), (5, 7))) == 1


def test_the_moments_of_a_large_gradient_of_a_convolution_are_one_kernel():
    def update(x, k, g, *state):
        (gradient,) = gradients([ops.conv2d(x, k)], [g], [k])
        return moments(gradient, *state)

    kernel = (64, 64, 3, 3)
    groups = groups_of(update, (2, 64, 10, 10), kernel, (2, 64, 8, 8), kernel, kernel, kernel)
    assert groups[-2] == ["conv2d"]
    assert groups[-1].count("add") == 2 and groups[-1][-1] == "subtract"


def test_values_between_which_a_reduction_lies_stay_apart():
    def build(x, y):
        first = ops.exp(x)
        second = ops.add(ops.exp(y), ops.sum_(first, (0, 1), keepdims=True))
        return [first, second, ops.multiply(first, ops.exp(second))]

    groups = groups_of(build, (5, 7), (5, 7))
    assert next(number for number, group in enumerate(groups) if "exp" in group) == 0 and len(groups) >= 3


def test_values_of_other_shapes_stay_apart():
    def build(x, y):
        first, second = ops.exp(x), ops.log(y)
        return [first, second, ops.add(first, ops.reshape(second, (5, 7)))]

    assert len(groups_of(build, (5, 7), (35,))) == 2


def test_what_only_its_own_kernel_reads_is_not_written():
    assert stored_by(lambda a, b, c: ops.tanh(ops.add(ops.matmul(a, b), c)), (5, 7), (7, 3), (3,)) == [["tanh"]]


# Refusals


def test_a_value_does_not_join_a_reduction_that_it_stretches():
    def build(x):
        return ops.subtract(x, ops.sum_(x, 1, keepdims=True))

    assert groups_of(build, (5, 7)) == [["sum"], ["subtract"]]
    assert reasons(build, (5, 7)) == ["its elements are not those of that kernel, one by one"]


def test_a_value_does_not_join_what_its_other_operand_waits_for():
    def build(a, b):
        product = ops.matmul(a, b)
        return ops.add(product, ops.sum_(product, 0))

    assert groups_of(build, (5, 7), (7, 3)) == [["matmul"], ["sum"], ["add"]]
    assert "another of its operands needs that kernel's result" in reasons(build, (5, 7), (7, 3))


def test_a_kernel_gets_only_so_long():
    def build(x):
        outputs = [x]
        for _ in range(LONGEST):
            outputs.append(ops.add(outputs[-1], 1.0))
        return outputs[1:]

    assert "that kernel is long enough" in reasons(build, (64,))
    assert len(groups_of(build, (64,))) == 2


def test_reasons_name_both_values():
    (refusal,) = fuse(graph_of(lambda x: ops.subtract(x, ops.sum_(x, 1, keepdims=True)), (5, 7))).refusals
    assert str(refusal).startswith("<subtract: float64[5, 7]> is not computed with <sum axes=(1,): float64[5]>: ")


# Together


@settings(max_examples=150)
@given(random_graphs())
def test_the_kernels_compute_the_graph_each_after_those_that_it_needs(graph):
    generator = np.random.default_rng(3)
    arrays = [generator.normal(size=node.shape) for node in graph.inputs]
    wanted = reference.evaluate(graph, arrays)
    for got, want in zip(run_fusion(fuse(graph), graph, arrays), wanted, strict=True):
        assert np.allclose(got, want, rtol=1e-9, atol=1e-9)


@given(random_graphs())
def test_every_value_is_computed_by_one_kernel(graph):
    fusion = fuse(graph)
    roots = [node for group in fusion.groups for node in group.roots]
    assert len(roots) == len(set(roots))
    outputs = {node for node in graph.outputs if node.op.kind != "leaf"}
    assert outputs <= set(roots) and outputs <= set(fusion.stored)


def test_empty_values_need_no_kernel():
    assert groups_of(lambda x: [ops.exp(x), ops.sum_(x, 1)], (0, 3)) == []
    assert groups_of(lambda x: ops.sum_(x, 0), (0, 3)) == [["sum"]]


# Scale


def chain(length):
    (x,) = inputs((8, 8))
    y = x
    for _ in range(length):
        y = ops.tanh(ops.add(y, x))
    return make_graph([x], [y])


def test_a_long_chain_is_cut():
    fusion = fuse(chain(5000))
    assert len(fusion.groups) > 100
    assert all(len(nest.epilogue.steps) <= 2 * LONGEST for nest in fusion.nests)


def test_movement_is_not_followed_without_end():
    (x,) = inputs((8, 12))
    y = x
    for number in range(3000):
        y = ops.pad(y, ((1, 0), (0, 0))) if number % 2 == 0 else ops.slice_(y, ((0, 8, 1), (0, 12, 1)))
    assert len(fuse(make_graph([x], [y])).groups) > 10


def test_many_small_kernels():
    (x,) = inputs((8,))
    y = x
    for _ in range(1000):
        y = ops.sum_(ops.broadcast_to(y, (3, 8)), 0)
    assert len(fuse(make_graph([x], [y])).groups) == 1000
