"""What nests mean, by NumPy: every test of lowering that asks "is it right?" asks this, no backend needed."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np

from dark_jit import dtypes
from dark_jit.graph.graph import graph_input
from dark_jit.graph.node import OPS, make
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
    """Compute a nest that is led by no window; `memories` are the flat buffers of its nodes."""
    accumulator = _MAIN[nest.lead.op.kind](nest, memories) if nest.lead.op.kind in _MAIN else None
    evaluate(nest.epilogue, nest.axes, memories, accumulator)


def _reduction(nest, memories):
    terms = evaluate(nest.prologue, (*nest.axes, *nest.reduced), memories)[nest.values[0]]
    return _FOLDS[nest.lead.op.name](terms.reshape(*nest.axes, -1), axis=-1)


_FOLDS = {"sum": np.sum, "max": np.max, "prod": np.prod, "argmax": np.argmax, "argmin": np.argmin}


def _contraction(nest, memories):
    left, right = (read(load.access, (*nest.axes, *nest.reduced), memories[load.argument]) for load in nest.loads)
    return (left * right).sum(axis=tuple(range(len(nest.axes), left.ndim)))


def _scan(nest, memories):
    values = evaluate(nest.prologue, nest.axes, memories)
    operands = [values[value] for value in nest.values]
    places = [graph_input(number, nest.axes, x.dtype) for number, x in enumerate(operands)]
    along = make(nest.lead.op, tuple(places), axis=nest.along, reverse=nest.lead["reverse"])
    return along.op.numpy(along, *operands)


def _gather(nest, memories):
    data, index = nest.loads
    every = read(data.access, (*nest.axes, *nest.reduced), memories[data.argument])
    places = read(index.access, nest.axes, memories[index.argument])
    return np.take_along_axis(every, places[..., None], -1)[..., 0]


def _scatter(nest, memories):
    """Over (outer, place, inner)."""
    outer, _, inner = nest.axes
    over = outer, *nest.reduced, inner
    index, *values = (read(load.access, over, memories[load.argument]) for load in nest.loads[:2])
    bases = [read(load.access, nest.axes, memories[load.argument]) for load in nest.loads[2:]]
    found = bases[0].copy() if bases else np.zeros(nest.axes, nest.lead.dtype) if values else np.full(nest.axes, -1)
    for i, j, k in np.ndindex(index.shape):
        place = i, index[i, j, k], k
        found[place] = (values[0][i, j, k] + (0 if bases else found[place])) if values else j
    return found


_MAIN = {
    "reduction": _reduction,
    "contraction": _contraction,
    "scan": _scan,
    "gather": _gather,
    "scatter": _scatter,
}


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
