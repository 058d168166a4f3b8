"""Forcing: equal structures over other buffers share one program, which both backends know how to make."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from dark_jit import execution, ops
from dark_jit.backends.buffer import Buffer
from dark_jit.errors import ArgumentError
from dark_jit.graph.graph import canonical, leaf

BACKENDS = ("cpu", "reference")


def leaf_of(array):
    buffer = Buffer.of(array)
    return leaf(buffer, buffer.shape, buffer.dtype)


def values(*outputs, backend=None):
    return [buffer.array() for buffer in execution.evaluate(outputs, backend)]


@pytest.mark.parametrize("backend", BACKENDS)
def test_values_of_pending_nodes(backend):
    x, y = np.arange(6, dtype=np.float32).reshape(2, 3), np.ones(3, np.float32)
    a, b = leaf_of(x), leaf_of(y)
    total, product = values(ops.sum_(ops.add(a, b)), ops.multiply(a, b), backend=backend)
    assert total == (x + y).sum()
    assert np.array_equal(product, x * y)


@pytest.mark.parametrize("backend", BACKENDS)
def test_equal_structures_share_a_program(backend):
    def force(x):
        return values(ops.tanh(ops.multiply(leaf_of(x), 0.123)), backend=backend)[0]

    force(np.ones(5))
    made = execution.programs_made()
    assert np.allclose(force(np.full(5, 2.0)), np.tanh(0.246))
    assert execution.programs_made() == made
    force(np.ones(6))
    assert execution.programs_made() == made + 1


def test_a_value_read_twice_is_one_input():
    x = leaf_of(np.array([1.0, 2.0]))
    graph, leaves = canonical([ops.add(x, ops.multiply(x, x))])
    assert len(graph.inputs) == len(leaves) == 1
    assert np.array_equal(values(ops.add(x, ops.multiply(x, x)))[0], [2, 6])


def test_a_leaf_is_its_own_buffer():
    buffer = Buffer.of(np.ones(3))
    assert execution.evaluate([leaf(buffer, buffer.shape, buffer.dtype)]) == [buffer]


def test_markers_are_gone_before_a_program_is_made():
    x = leaf_of(np.array([3.0]))
    plain, _ = canonical([ops.negative(x)])
    execution.program_of(plain)
    made = execution.programs_made()
    assert values(ops.negative(ops.stop_gradient(x)))[0] == [-3]
    assert execution.programs_made() == made


def test_the_programs_used_least_recently_are_dropped(monkeypatch):
    monkeypatch.setattr(execution, "_programs", type(execution._programs)())
    monkeypatch.setattr(execution, "CAPACITY", 2)
    graphs = [canonical([ops.negative(leaf_of(np.ones(n)))])[0] for n in (1, 2, 3)]
    programs = [execution.program_of(graph, "reference") for graph in graphs[:2]]
    assert execution.program_of(graphs[0], "reference") is programs[0]
    execution.program_of(graphs[2], "reference")
    assert execution.program_of(graphs[0], "reference") is programs[0]
    assert execution.program_of(graphs[1], "reference") is not programs[1]


def test_unknown_backends_are_named():
    with pytest.raises(ArgumentError, match=r"'tpu'.*'cpu', 'cuda', 'cuda-emulator' and 'reference'"):
        execution.backend_named("tpu")


def test_threads_that_force_at_once_make_one_program():
    made = execution.programs_made()
    results = []

    def work(number):
        x = leaf_of(np.full(37, float(number)))
        results.append((number, values(ops.sum_(ops.sin(ops.multiply(x, 0.77))))[0]))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert execution.programs_made() == made + 1
    assert all(np.isclose(total, 37 * np.sin(0.77 * number)) for number, total in results)
