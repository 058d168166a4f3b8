"""Graphs that the tests of lowering share: random ones, and builders that read like a program."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np

from dark_jit import ops
from dark_jit.graph.graph import graph_input, make_graph

F32, F64 = np.dtype("float32"), np.dtype("float64")


def inputs(*shapes, dtype=F64):
    """Graph inputs of these shapes."""
    return [graph_input(number, shape, dtype) for number, shape in enumerate(shapes)]


def graph_of(build, *shapes, dtype=F64):
    """The graph of a function of inputs of these shapes."""
    nodes = inputs(*shapes, dtype=dtype)
    made = build(*nodes)
    return make_graph(nodes, made if isinstance(made, list) else [made])


@st.composite
def movement(draw, shape):
    """A movement of a value of this shape, as a function of nodes, with its NumPy meaning left to the node."""
    kinds = ["transpose", "flip", "slice", "pad", "broadcast", "reshape"] if shape else ["broadcast"]
    kind = draw(st.sampled_from(kinds))
    if kind == "transpose":
        axes = tuple(draw(st.permutations(range(len(shape)))))
        return lambda x: ops.transpose(x, axes)
    if kind == "flip":
        axes = tuple(axis for axis in range(len(shape)) if draw(st.booleans()))
        return lambda x: ops.flip(x, axes)
    if kind == "slice":
        ranges = tuple(_range(draw, extent) for extent in shape)
        return lambda x: ops.slice_(x, ranges)
    if kind == "pad":
        pads = tuple((draw(st.integers(0, 2)), draw(st.integers(0, 2))) for _ in shape)
        return lambda x: ops.pad(x, pads)
    if kind == "broadcast":
        times = draw(st.integers(1, 3))
        return lambda x: ops.broadcast_to(ops.expand_dims(x, 0), (times, *shape))
    new = draw(st.sampled_from(_shapes_of_size(int(np.prod(shape)))))
    return lambda x: ops.reshape(x, new)


def _range(draw, extent):
    start = draw(st.integers(0, extent - 1))
    return start, draw(st.integers(start + 1, extent)), draw(st.integers(1, 2))


def _shapes_of_size(size):
    """All shapes of two axes, and the flat one."""
    return [(size,), *((n, size // n) for n in range(1, size + 1) if size % n == 0)]


@st.composite
def random_graphs(draw, steps=14):
    """A graph of elementwise operations, movement, reductions and products that uses its values several times."""
    nodes = inputs((4, 6), (6,), (6, 4))
    for _ in range(draw(st.integers(1, steps))):
        x = draw(st.sampled_from(nodes))
        y = draw(st.sampled_from([node for node in nodes if node.shape == x.shape]))
        nodes.append(_next(draw, x, y))
    outputs = draw(st.lists(st.sampled_from(nodes[3:]), min_size=1, max_size=3))
    return make_graph(nodes[:3], [*outputs, nodes[-1]])


def _next(draw, x, y):
    kind = draw(st.sampled_from(["unary", "binary", "binary", "move", "sum", "max", "matmul", "concatenate"]))
    if kind == "move" and x.size < 200:
        return draw(movement(x.shape))(x)
    if kind == "matmul" and x.ndim == 2:
        return ops.matmul(x, ops.transpose(y))
    if kind == "concatenate" and x.ndim and x.size < 200:
        return ops.concatenate([x, y], draw(st.integers(0, x.ndim - 1)))
    if kind in ("sum", "max") and x.ndim:
        reduced = {"sum": ops.sum_, "max": ops.max_}[kind](x, draw(st.integers(0, x.ndim - 1)), keepdims=True)
        return ops.subtract(x, reduced) if draw(st.booleans()) else reduced
    if kind == "unary":
        return draw(st.sampled_from([ops.relu, ops.negative, ops.tanh]))(x)
    return draw(st.sampled_from([ops.add, ops.maximum, ops.subtract]))(x, y)
