"""Schedules: kernels in order over buffers, barriers where one must wait for another; the digits step's figures."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings

from dark_jit import ops
from dark_jit.graph.node import Node
from dark_jit.lowering.gathering import IndexedSpec
from dark_jit.lowering.memory import lower_bound
from dark_jit.lowering.schedule import BYTE, SMALL_WORK, WORKER_SHARE, Place, schedule
from dark_jit.lowering.target import Target
from dark_jit.transforms import passes

from .digits_step import digits_step
from .graphs import F32, graph_of, random_graphs

TARGET = Target("avx512", 64, 32, 32 << 10, 1 << 20, 32 << 20)
MOST_KERNELS = 36  # of the digits step; three check its labels, three are a gradient by Winograd's method
MOST_MEMORY = 1.5  # times what its values need at one time


def lowered(graph):
    return schedule(passes.run(graph)[-1][1], TARGET)


def schedule_of(build, *shapes):
    return lowered(graph_of(build, *shapes, dtype=F32))


@pytest.fixture(scope="module")
def digits():
    return lowered(digits_step())


# Workers


def test_small_programs_wake_nobody(digits):
    assert schedule_of(lambda a, b: ops.tanh(ops.add(a, b)), (8,), (8,)).workers == 1
    assert schedule_of(ops.matmul, (128, 128), (128, 128)).workers == 1
    assert schedule_of(lambda a: [a], (4,)).workers == 1
    assert digits.workers > 1


def test_every_worker_has_its_share():
    assert schedule_of(ops.matmul, (256, 256), (256, 256)).workers == 2 * 256**3 // WORKER_SHARE
    assert schedule_of(ops.exp, (1 << 20,)).workers == (8 * BYTE << 20) // WORKER_SHARE
    both = schedule_of(lambda a, b: [ops.exp(a), ops.exp(b)], (1 << 20,), (1 << 19,))
    assert both.workers == (12 * BYTE << 20) // WORKER_SHARE


# Barriers


def uses(task):
    """The memory that a kernel touches: (place, from, to, whether it writes, the whole that it writes a part of or
    None). Inputs and outputs are not divided."""
    for slot, argument, key in zip(task.slots, task.spec.arguments, task.operands, strict=True):
        size = argument.elements * np.dtype(argument.dtype).itemsize if slot.place is Place.ARENA else 1
        whole = key if argument.written and isinstance(key, Node) and key.op.kind == "assembly" else None
        if slot.place is not Place.STATUS:
            yield slot.place, slot.index, slot.index + size, argument.written, whole


def collide(one, other):
    (place, start, end, writes, whole), (elsewhere, begin, stop, wrote, other_whole) = one, other
    parts = whole is not None and whole is other_whole  # of one value do not overlap
    return place is elsewhere and (writes or wrote) and start < stop and begin < end and not parts


def chains_of(schedule):
    """The tasks, those together that go block by block."""
    found = []
    for task in schedule.tasks:
        if task.follows:
            found[-1].append(task)
        else:
            found.append([task])
    return found


def check_barriers(schedule):
    """Kernels between two barriers may run in any order and at once: none touches what another one writes. What goes
    block by block has buffers of its own."""
    together = []
    for chain in chains_of(schedule):
        for task in chain:
            pairs = itertools.combinations(uses(task), 2)
            in_place = task.spec.template == "elementwise"
            overlap = [(a, b) for a, b in pairs if collide(a, b) and not (in_place and a[:3] == b[:3])]
            assert not overlap, "a kernel overwrites what it reads"
        mine = {use for task in chain for use in uses(task)}
        ranges = {(start, end) for place, start, end, *_ in mine if place is Place.ARENA}
        overlaps = ((a, b) for a, b in itertools.combinations(ranges, 2) if a[0] < b[1] and b[0] < a[1])
        assert len(chain) == 1 or not list(overlaps), "two buffers of a chain share memory"
        assert not any(collide(a, b) for a in mine for b in together), "a barrier is missing"
        assert not any(task.barrier for task in chain[:-1]), "a chain is cut"
        together = [] if chain[-1].barrier else together + list(mine)


def test_a_kernel_waits_for_what_it_reads():
    tasks = schedule_of(lambda a, b, c: ops.matmul(ops.matmul(a, b), c), (5, 6), (6, 7), (7, 8)).tasks
    assert [task.barrier for task in tasks] == [True, False]


def test_independent_kernels_do_not_wait():
    tasks = schedule_of(lambda a, b: [ops.sum_(a, 0), ops.sum_(b, 0)], (5, 6), (6, 7)).tasks
    assert [task.barrier for task in tasks] == [False, False]


def test_a_kernel_waits_before_it_overwrites():
    def build(x):
        for _ in range(4):
            x = ops.tanh(ops.subtract(x, ops.sum_(x, 0, keepdims=True)))
        return x

    schedule = schedule_of(build, (5, 6))
    check_barriers(schedule)
    assert schedule.arena_bytes < sum(life.size for life in schedule.lives)


@settings(max_examples=60)
@given(random_graphs())
def test_no_order_between_barriers_makes_a_difference(graph):
    check_barriers(lowered(graph))


def test_barriers_of_the_digits_step(digits):
    check_barriers(digits)


# Buffers


def test_inputs_outputs_and_what_is_between():
    (first, second) = schedule_of(lambda a, b, c: ops.matmul(ops.matmul(a, b), c), (5, 6), (6, 7), (7, 8)).tasks
    assert [slot.place for slot in first.slots] == [Place.INPUT, Place.INPUT, Place.ARENA]
    assert {slot.place for slot in second.slots} == {Place.ARENA, Place.INPUT, Place.OUTPUT}


def test_an_output_that_is_also_read_lies_outside_of_the_arena():
    schedule = schedule_of(lambda x: [ops.exp(x), ops.sum_(ops.exp(x), 0)], (50, 7))
    assert schedule.arena_bytes == 0


def test_scratch_buffers_belong_to_one_nest():
    schedule = schedule_of(lambda a, b: [ops.sum_(a, 0), ops.sum_(b, 0)], (32768, 8), (32768, 8))
    assert len(schedule.tasks) == 4
    assert len(schedule.lives) == 2


def test_an_output_that_is_an_input_needs_no_kernel():
    assert schedule_of(lambda x: [x, x], (5,)).tasks == ()


def test_kernels_that_may_record_an_error_are_numbered():
    def build(x):
        return [
            ops.take(x, ops.iota(3), 0),
            ops.take(x, ops.iota(2), 1),
            ops.put(x, ops.iota(2), ops.slice_(x, [(0, 2, 1), (0, 6, 1)])),
        ]

    schedule = schedule_of(build, (5, 6))
    assert [task.spec.node for task in schedule.tasks if isinstance(task.spec, IndexedSpec)] == [0, 1, 2]


def test_small_kernels_are_serial():
    tasks = schedule_of(lambda x, y: [ops.exp(x), ops.exp(y)], (SMALL_WORK,), (5,)).tasks
    assert [task.serial for task in tasks] == [False, True]


def test_eight_equal_layers_are_one_kernel_text():
    def build(x, *kernels):
        for kernel in kernels:
            x = ops.relu(ops.conv2d(x, kernel, padding=1))
        return ops.sum_(x)

    schedule = schedule_of(build, (2, 16, 8, 8), *[(16, 16, 3, 3)] * 9)
    convolutions = [task.spec for task in schedule.tasks if task.spec.template == "conv2d"]
    assert len(convolutions) == 9 and len(set(convolutions)) == 1


# The digits step


def test_the_digits_step_is_few_kernels(digits):
    assert len(digits.tasks) <= MOST_KERNELS


def test_the_digits_step_needs_little_memory(digits):
    assert digits.arena_bytes <= MOST_MEMORY * lower_bound(digits.lives)


def test_no_elementwise_kernel_reads_only_what_products_wrote(digits):
    nests = [task.nest for task in digits.tasks]
    contractions = {root for nest in nests if nest.lead.op.kind == "contraction" for root in nest.roots}
    for task in digits.tasks:
        if task.spec.template in ("elementwise", "transpose"):
            nest = task.nest
            read = {node for node, a in zip(nest.nodes, nest.arguments, strict=True) if not a.written}
            assert not read or not read <= contractions, nest.roots


def test_every_update_of_the_digits_step_joins_its_gradient(digits):
    updates = [task for task in digits.tasks if sum(root in digits.graph.outputs for root in task.nest.roots) == 3]
    assert {task.nest.lead.op.name for task in updates} == {"conv2d", "sum", "matmul"}


def test_nothing_is_dilated_or_copied_for_its_layout_in_the_digits_step(digits):
    names = {node.op.name for task in digits.tasks for node in task.nest.roots}
    assert not names & {"dilate", "copy", "transpose"}
