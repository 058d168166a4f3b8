"""Results that lie where what they are computed from lay: only where nobody misses that."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.backends import reference
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.llvm.backend import LLVMProgram
from dark_jit.backends.llvm.target import machine
from dark_jit.lowering.schedule import Place, Schedule

from .graphs import graph_of

F32 = np.dtype("float32")
SHAPE = (64, 64)


def centred(x):
    return ops.subtract(x, ops.broadcast_to(ops.sum_(x, 1, keepdims=True), x.shape))


def in_place(found: Schedule) -> list[int]:
    """The kernels that write to what they read."""
    places = [
        [{slot for slot, a in zip(task.slots, task.spec.arguments, strict=True) if a.written == w} for w in (0, 1)]
        for task in found.tasks
    ]
    return [number for number, (read, written) in enumerate(places) if read & written]


def run(build, *shapes, **changes):
    """The schedule; after a look at the values, by blocks of rows where that can be."""
    graph = graph_of(build, *(shapes or (SHAPE,)), dtype=F32)
    arrays = [np.random.default_rng(i).standard_normal(node.shape, np.float32) for i, node in enumerate(graph.inputs)]
    program = LLVMProgram(graph, replace(machine(), **{"l1_bytes": 64, "l2_bytes": 32 << 10, **changes}))
    found = program.run([Buffer.of(array) for array in arrays])
    for mine, wanted in zip(found, reference.evaluate(graph, arrays), strict=True):
        np.testing.assert_allclose(mine.array(), wanted, rtol=1e-4, atol=1e-4 * np.abs(wanted).max())
    return program.schedule


def test_softmax_divides_where_its_exponentials_lie():
    def softmax(x):
        e = ops.exp(ops.subtract(x, ops.broadcast_to(ops.max_(x, 1, keepdims=True), x.shape)))
        return ops.divide(e, ops.broadcast_to(ops.sum_(e, 1, keepdims=True), x.shape))

    found = run(softmax)
    assert in_place(found) == [len(found.tasks) - 1]
    assert any(slot.place is Place.OUTPUT for slot in found.tasks[1].slots)
    assert found.arena_bytes < 4 * 64 * 64


def test_memory_goes_from_value_to_value():
    found = run(lambda x: centred(ops.tanh(centred(ops.tanh(centred(ops.exp(x)))))))
    assert len(in_place(found)) == 3
    assert found.arena_bytes < 4 * 64 * 64


@pytest.mark.parametrize(
    "build",
    [
        lambda x: [y := ops.exp(x), centred(y)],  # an output
        centred,  # an input
        lambda x: ops.matmul(y := ops.exp(x), ops.tanh(centred(y))),  # read later
        lambda x: ops.subtract(ops.transpose(y := ops.exp(x), (1, 0)), ops.broadcast_to(ops.sum_(y, 1), SHAPE)),
        lambda x: ops.add(ops.flip(y := ops.exp(x), (1,)), ops.multiply(y, ops.broadcast_to(ops.sum_(y, 0), SHAPE))),
        lambda x: ops.less(y := ops.exp(x), ops.broadcast_to(ops.sum_(y, 1, keepdims=True), SHAPE)),  # another size
    ],
    ids=["output", "input", "read later", "transposed", "read twice", "another size"],
)
def test_what_is_missed_is_not_overwritten(build):
    assert in_place(run(build)) == []


def test_rows_that_another_row_reads_are_there_until_all_have_read_them():
    """Both kernels have as many rows, and could go together block by block, did the second not write to what the first
    reads of other rows."""

    def build(x):
        y = ops.exp(x)
        total = ops.sum_(ops.multiply(ops.flip(y, (0,)), y), 1, keepdims=True)
        return ops.subtract(y, ops.broadcast_to(total, y.shape))

    found = run(build)
    assert in_place(found) == [len(found.tasks) - 1]
    assert not found.tasks[-1].follows


def test_two_operands_and_two_results():
    """Each of them takes one."""

    def build(x, y):
        a, b = ops.exp(x), ops.exp(y)
        total = ops.broadcast_to(ops.sum_(ops.add(a, b), 1, keepdims=True), SHAPE)
        return [ops.divide(a, total), ops.multiply(b, total)]

    found = run(build, SHAPE, SHAPE)
    assert len(in_place(found)) >= 1
