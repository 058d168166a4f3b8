"""Results that the caches cannot keep are written past them: right at any shape, and no others are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.backends import reference
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.llvm.backend import LLVMProgram
from dark_jit.backends.llvm.target import available_isas, machine

from ...lowering.graphs import graph_of

F32, F64 = np.dtype("float32"), np.dtype("float64")
ISAS = [pytest.param(isa, marks=pytest.mark.isa) for isa in ("avx512", "avx2", "sse2") if isa in available_isas()]


def program(build, *shapes, isa=None, dtype=F32, far=0):
    return LLVMProgram(graph_of(build, *shapes, dtype=dtype), replace(machine(isa), l3_bytes=2 * far))


def check(made):
    """Against the reference, with as many workers as there are."""
    arrays = [
        np.random.default_rng(i).standard_normal(node.shape).astype(node.dtype)
        for i, node in enumerate(made.graph.inputs)
    ]
    found = made.run([Buffer.of(array) for array in arrays])
    for mine, wanted in zip(found, reference.evaluate(made.graph, arrays), strict=True):
        scale = np.abs(wanted).max(initial=1)
        np.testing.assert_allclose(mine.array(), wanted, atol=1e-5 * scale)


def streams(made):
    return ["!nontemporal" in kernel.rendered.text for kernel in made.kernels]


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("dtype", [F32, F64])
@pytest.mark.parametrize("shape", [(1,), (64,), (1000,), (1 << 17,), (5, 48), (3, 4, 32)])
def test_elementwise(isa, dtype, shape):
    made = program(lambda x, y: [ops.tanh(x), ops.add(x, y)], shape, shape, isa=isa, dtype=dtype)
    check(made)
    assert any(streams(made)) == (shape != (1,))


@pytest.mark.parametrize("dtype", ["bool", "int8", "int64"])
def test_results_of_other_widths(dtype):
    def build(x):
        return ops.less(x, ops.constant(0.0, F32, x.shape)) if dtype == "bool" else ops.cast(x, np.dtype(dtype))

    made = program(build, (300,))
    check(made)
    assert streams(made) == [True]


def test_rows_that_are_not_aligned_are_stored_as_usual():
    made = program(lambda x: ops.pad(ops.tanh(x), [(0, 1), (0, 1)]), (7, 48))
    check(made)
    assert streams(made) == [False]


@pytest.mark.parametrize("shape", [(64, 96), (65, 96), (2, 100, 32)])
def test_transposition(shape):
    made = program(lambda x: ops.transpose(x, (*range(len(shape) - 2), len(shape) - 1, len(shape) - 2)), shape)
    check(made)
    assert streams(made) == [shape[-2] % 16 == 0 and machine().vector_bytes == 64]  # whole lines of the caches


def test_what_is_small_or_read_again_is_not():
    assert streams(program(ops.tanh, (1000,), far=4001)) == [False]
    assert streams(program(ops.tanh, (1000,), far=4000)) == [True]
    made = program(lambda x: [y := ops.exp(x), ops.sum_(y, 0)], (512, 64))
    assert not any(streams(made))


@pytest.mark.parametrize("isa", ISAS)
def test_winograd_and_its_gradient(isa):
    """Weights and tiles that do not fit are read from memory anyway."""

    def build(x, k, dy):
        y = ops.conv2d(x, k, padding=1)
        return [y, ops.conv2d(ops.transpose(x, (1, 0, 2, 3)), ops.transpose(dy, (1, 0, 2, 3)), padding=1)]

    made = program(build, (8, 64, 32, 32), (64, 64, 3, 3), (8, 64, 32, 32), isa=isa)
    check(made)
    written = {k.task.spec.template for k, streamed in zip(made.kernels, streams(made), strict=True) if streamed}
    assert ({"winograd_weights", "winograd_points"} <= written) == (made.target.vector_bytes == 64)
    assert all(k.rendered.text.count("fence seq_cst") == s for k, s in zip(made.kernels, streams(made), strict=True))
