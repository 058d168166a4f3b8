"""Which template a nest becomes."""

from __future__ import annotations

import pytest

from dark_jit import ops
from dark_jit.graph.graph import graph_input, make_graph
from dark_jit.lowering.contraction_spec import Conv2dSpec, GemmSpec, PackSpec
from dark_jit.lowering.copying import TransposeSpec
from dark_jit.lowering.fusion import fuse
from dark_jit.lowering.gathering import TakeSpec
from dark_jit.lowering.kernel import ElementwiseSpec
from dark_jit.lowering.pooling import PoolScatterTilesSpec, PoolSpec
from dark_jit.lowering.select import select
from dark_jit.lowering.target import Target
from dark_jit.transforms import passes
from dark_jit.transforms.autodiff import gradients

from .graphs import F32, F64, graph_of

AVX512 = Target("avx512", 64, 32, 32 << 10, 1 << 20, 32 << 20)
SSE2 = Target("sse2", 16, 16, 32 << 10, 1 << 20, 32 << 20)


def choices(build, *shapes, dtype=F32, target=AVX512):
    """The kernels of a function, passes included."""
    graph = passes.run(graph_of(build, *shapes, dtype=dtype))[-1][1]
    return [choice for nest in fuse(graph).nests for choice in select(nest, target)]


def specs(build, *shapes, dtype=F32, target=AVX512):
    return [choice.spec for choice in choices(build, *shapes, dtype=dtype, target=target)]


# Elementwise


def test_axes_that_everything_walks_as_one_are_one():
    (spec,) = specs(ops.add, (4, 5, 6), (4, 5, 6))
    assert (type(spec), spec.axes) == (ElementwiseSpec, (120,))
    (spec,) = specs(ops.add, (4, 5, 6), (6,))
    assert spec.axes == (20, 6)


@pytest.mark.parametrize(
    "extent, dtype, target, lanes",
    [(99, F32, AVX512, 16), (99, F64, AVX512, 8), (99, F32, SSE2, 4), (8, F32, AVX512, 8), (3, F32, AVX512, 4)],
)
def test_a_vector_is_a_register_or_what_a_row_fills(extent, dtype, target, lanes):
    (spec,) = specs(ops.exp, (extent,), dtype=dtype, target=target)
    assert spec.lanes == lanes


def test_contiguous_along_different_axes_is_a_transposition():
    (choice,) = choices(lambda x, y: ops.add(ops.transpose(x), y), (40, 50), (50, 40))
    assert isinstance(choice.spec, TransposeSpec)
    assert choice.reason == "loads and stores are contiguous along different axes"


# Reductions


def test_reductions_of_rows_and_of_columns():
    assert [spec.template for spec in specs(lambda x: ops.sum_(x, 1), (40, 50))] == ["reduce_rows"]
    assert [spec.template for spec in specs(lambda x: ops.sum_(x, 0), (40, 50))] == ["reduce"]


def test_a_long_sum_into_few_is_two_kernels_over_a_buffer_of_their_own():
    first, second = choices(lambda x: ops.sum_(x, 0), (32768, 64))
    assert "chunks" in first.arguments and "chunks" in second.arguments
    assert first.spec.axes[0] > 1 and second.spec.axes == (64,)


# Contractions


def test_products():
    (spec,) = specs(ops.matmul, (64, 64), (64, 64))
    assert (type(spec), spec.axes, spec.reduced) == (GemmSpec, (64, 64), (64,))


def test_a_number_does_not_shorten_the_vectors():
    x, number = graph_input(0, (64,), F32), graph_input(1, (), F64)
    (nest,) = fuse(make_graph([x, number], [ops.add(x, ops.cast(number, F32))])).nests
    assert [choice.spec.lanes for choice in select(nest, AVX512)] == [16]


def test_convolutions_have_their_channels_in_the_lanes():
    *before, spec = specs(lambda x, k: ops.exp(ops.conv2d(ops.exp(x), k)), (2, 8, 10, 10), (32, 8, 3, 3))
    assert isinstance(spec, Conv2dSpec) and isinstance(before[-1], PackSpec)
    assert spec.axes[-1] == 32
    assert spec.left.access.strides[len(spec.axes) - 1] == 0


def test_the_sum_walks_forward_through_the_left_operand():
    def flat(x, k, w):
        return ops.matmul(ops.reshape(ops.conv2d(x, k), (2, -1)), w)

    spec = specs(flat, (2, 3, 6, 6), (16, 3, 3, 3), (256, 20))[-1]
    strides = spec.left.access.strides[len(spec.axes) :]
    assert list(strides) == sorted(strides, reverse=True)


def test_the_columns_follow_the_memory_of_the_right_operand():
    def weights_gradient(x, k, g):
        h = ops.conv2d(x, k)
        return ops.matmul(ops.transpose(g), ops.reshape(h, (h.shape[0], -1)))

    spec = specs(weights_gradient, (8, 3, 6, 6), (32, 3, 3, 3), (8, 10))[-1]
    assert spec.axes == (10, 16, 32)
    assert spec.right.access.strides[len(spec.axes) - 1] == 1


def test_a_large_gradient_of_a_kernel_is_transposed_as_a_matrix():
    def step(x, k, g, w):
        (gradient,) = gradients([ops.conv2d(x, k)], [g], [k])
        return ops.subtract(w, ops.multiply(gradient, 0.1))

    *_, spec = specs(step, (2, 64, 10, 10), (64, 64, 3, 3), (2, 64, 8, 8), (64, 64, 3, 3))
    assert isinstance(spec, TransposeSpec)
    assert spec.axes == (64, 576)


# The others


def test_pooling_and_its_gradient():
    (spec,) = specs(lambda x: ops.max_pool2d(x, 2), (2, 16, 8, 8))
    assert (type(spec), spec.axes) == (PoolSpec, (2, 4, 4, 16))
    (spec,) = specs(lambda x, g: gradients([ops.max_pool2d(x, 2)], [g], [x])[0], (2, 16, 8, 8), (2, 16, 4, 4))
    assert isinstance(spec, PoolScatterTilesSpec)


def test_a_gather_reports_to_the_status_words():
    (choice,) = choices(lambda x: ops.take(x, ops.iota(3), 0), (5, 7))[-1:]
    assert isinstance(choice.spec, TakeSpec)
    assert choice.arguments[-1] == "status"
    assert len(choice.arguments) == len(choice.spec.arguments)
