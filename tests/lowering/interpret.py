"""What nests mean, by NumPy: every test of lowering that asks "is it right?" asks this, no backend needed."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np

from dark_jit import dtypes
from dark_jit.graph.node import OPS
from dark_jit.lowering.kernel import Accumulator, Apply, Constant, Index, Inside, Load


def read(access, extents, memory):
    """The elements of a flat buffer at every index of a space; 0 where the access has none."""
    at = positions(access, extents)
    there = inside(access.valid, extents)
    assert not there.any() or (at[there].min() >= 0 and at[there].max() < memory.size), "reads outside of its buffer"
    return np.where(there, memory[np.where(there, at, 0)] if memory.size else 0, memory.dtype.type(0))


def positions(access, extents):
    """Where an access lies at every index of a space."""
    grid = np.indices(extents)
    return sum((grid[axis] * stride for axis, stride in enumerate(access.strides)), np.full(extents, access.offset))


def inside(ranges, extents):
    grid = np.indices(extents)
    tests = [(low <= grid[axis]) & (grid[axis] < high) for axis, (low, high) in enumerate(ranges)]
    return np.logical_and.reduce(tests) if tests else np.ones(extents, bool)


def evaluate(body, extents, memories, accumulator=None):
    """The values of the steps of a body over a space. Its stores are made, and must reach every element just once."""
    values = []
    for step in body.steps:
        value = _step(step, values, extents, memories, accumulator)
        values.append(np.broadcast_to(np.asarray(value, step.dtype), extents))
    for store in body.stores:
        places = np.arange(memories[store.argument].size)
        at = read(store.access, extents, places)
        assert sorted(at.ravel()) == list(places), "does not write each element once"
        memories[store.argument][at] = values[store.value]
    return values


def _step(step, values, extents, memories, accumulator):
    match step:
        case Load():
            return read(step.access, extents, memories[step.argument])
        case Constant():
            return dtypes.parse_number(step.value, np.dtype(step.dtype))
        case Index():
            return positions(step.access, extents)
        case Inside():
            return inside(step.ranges, extents)
        case Accumulator():
            return accumulator
        case Apply():
            return OPS[step.op].numpy(SimpleNamespace(dtype=np.dtype(step.dtype)), *(values[p] for p in step.operands))


def run_nest(nest, memories):
    """Compute a nest that is led by no window and no gather; `memories` are the flat buffers of its nodes."""
    space = (*nest.axes, *nest.reduced)
    reduced = tuple(range(len(nest.axes), len(space)))
    accumulator = None
    if nest.lead.op.kind == "reduction":
        terms = evaluate(nest.prologue, space, memories)[nest.value]
        accumulator = {"sum": np.sum, "max": np.max}[nest.lead.op.name](terms, axis=reduced)
    elif nest.lead.op.kind == "contraction":
        left, right = (read(load.access, space, memories[load.argument]) for load in nest.loads)
        accumulator = (left * right).sum(axis=reduced)
    evaluate(nest.epilogue, nest.axes, memories, accumulator)


def run_fusion(fusion, graph, inputs):
    """The outputs of a graph, kernel by kernel; what is read must have been written before."""
    memory = {}
    for node, array in zip(graph.inputs, inputs, strict=True):
        memory[node] = np.ravel(array)
    for nest in fusion.nests:
        for node, argument in zip(nest.nodes, nest.arguments, strict=True):
            assert argument.written or node in memory, f"{node!r} is read before it is written"
            if argument.written:
                assert node not in memory, f"{node!r} is written twice"
                memory[node] = np.zeros(node.size, node.dtype)
        run_nest(nest, [memory[node] for node in nest.nodes])
    return [from_memory(memory[node], fusion.stored[node]) for node in graph.outputs]


def from_memory(flat, stored):
    """The array of a stored value."""
    shape = [stored.node.shape[axis] for axis in stored.order]
    return flat.reshape(shape).transpose(np.argsort(stored.order)) if stored.order else flat.reshape(())


def to_memory(array, order):
    """The flat buffer of an array whose axes lie in this order."""
    return np.ascontiguousarray(np.transpose(array, order)).ravel() if math.prod(array.shape) else np.ravel(array)
