"""What hypothesis draws: convolutions, transposed ones, poolings, and small graphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import hypothesis.strategies as st

from dark_jit import ops
from dark_jit.graph.node import Node

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Convolution:
    """Shapes of x and k, and the parameters of conv2d, or conv_transpose2d."""

    x: Shape
    k: Shape
    parameters: tuple[tuple[str, Any], ...]

    @property
    def keywords(self) -> dict[str, Any]:
        """By their names."""
        return dict(self.parameters)


def _pairs(low: int, high: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(low, high), st.integers(low, high))


@st.composite
def convolutions(draw: st.DrawFn, largest: int = 10) -> Convolution:
    """Any stride, padding (also more than dilation * (k - 1)), dilation, groups; images as small as the kernel
    allows."""
    kernel, dilation, padding = draw(_pairs(1, 4)), draw(_pairs(1, 3)), draw(_pairs(0, 5))
    least = [max(1, d * (k - 1) + 1 - 2 * p) for k, d, p in zip(kernel, dilation, padding, strict=True)]
    image = tuple(draw(st.integers(n, max(n, largest))) for n in least)
    groups, channels, outputs = (
        draw(st.integers(1, 3)),
        draw(st.integers(1, 5)),
        draw(st.sampled_from((1, 2, 3, 5, 17))),
    )
    parameters = {"stride": draw(_pairs(1, 3)), "padding": padding, "dilation": dilation, "groups": groups}
    x = (draw(st.integers(1, 3)), groups * channels, *image)
    return Convolution(x, (groups * outputs, channels, *kernel), tuple(parameters.items()))


@st.composite
def transposed_convolutions(draw: st.DrawFn) -> Convolution:
    """Any stride, padding, output padding, dilation, groups, of which something of the output is left."""
    kernel, dilation, stride = draw(_pairs(1, 3)), draw(_pairs(1, 3)), draw(_pairs(1, 3))
    image = draw(_pairs(1, 5))
    extra = tuple(draw(st.integers(0, max(s, d) - 1)) for s, d in zip(stride, dilation, strict=True))
    whole = [(image[i] - 1) * stride[i] + dilation[i] * (kernel[i] - 1) + 1 + extra[i] for i in range(2)]
    padding = tuple(draw(st.integers(0, min(5, (n - 1) // 2))) for n in whole)
    groups, channels = draw(st.integers(1, 2)), draw(st.integers(1, 4))
    parameters = {"stride": stride, "padding": padding, "output_padding": extra, "dilation": dilation, "groups": groups}
    x = (draw(st.integers(1, 2)), groups * channels, *image)
    return Convolution(x, (groups * channels, draw(st.sampled_from((1, 2, 5, 17))), *kernel), tuple(parameters.items()))


@dataclass(frozen=True)
class Pooling:
    """A shape, and the parameters of max_pool2d."""

    x: Shape
    kernel_size: tuple[int, int]
    stride: tuple[int, int]
    padding: tuple[int, int]


@st.composite
def poolings(draw: st.DrawFn) -> Pooling:
    """Windows that overlap, tile, or leave gaps; padding up to half of a window."""
    window, stride = draw(_pairs(1, 4)), draw(_pairs(1, 4))
    padding = tuple(draw(st.integers(0, w // 2)) for w in window)
    image = tuple(draw(st.integers(max(1, w - 2 * p), 11)) for w, p in zip(window, padding, strict=True))
    x = (draw(st.integers(1, 2)), draw(st.sampled_from((1, 3, 8, 19))), *image)
    return Pooling(x, window, stride, padding)  # type: ignore[arg-type]


_UNARY = (ops.negative, ops.abs_, ops.tanh, ops.relu, ops.sin, ops.sigmoid, ops.floor, ops.sign)
_BINARY = (ops.add, ops.subtract, ops.multiply, ops.maximum, ops.minimum)
_STEPS = (
    "unary",
    "unary",
    "binary",
    "binary",
    "where",
    "movement",
    "movement",
    "reduction",
    "matmul",
    "softmax",
    "concatenate",
    "scan",
    "indexing",
)


@st.composite
def programs(draw: st.DrawFn) -> tuple[tuple[Shape, ...], Any]:
    """Shapes of inputs, and a function from them to several nodes of a random graph that reuses its nodes."""
    extents = st.sampled_from((1, 2, 3, 5, 8, 17))
    shapes = tuple(draw(st.lists(st.lists(extents, min_size=1, max_size=3).map(tuple), min_size=1, max_size=3)))
    choices = draw(st.lists(st.tuples(st.sampled_from(_STEPS), st.integers(0, 2**32)), min_size=3, max_size=12))
    kept = draw(st.lists(st.integers(0, 2**16), min_size=1, max_size=3))

    def build(*inputs: Node) -> list[Node]:
        nodes = list(inputs)
        for kind, number in choices:
            nodes.append(_step(kind, number, nodes))
        made = nodes[len(inputs) :]
        return list(dict.fromkeys([made[-1], *(made[number % len(made)] for number in kept)]))

    return shapes, build


def _step(kind: str, number: int, nodes: list[Node]) -> Node:
    """One more node; what it is and what it reads is in the digits of `number`."""
    number, which = divmod(number, 997)
    x, y = nodes[-1 - number % min(3, len(nodes))], nodes[which % len(nodes)]
    match kind:
        case "binary":
            return _BINARY[number % len(_BINARY)](x, _fitted(y, x))
        case "where":
            return ops.where(ops.less(x, 0.25), _fitted(y, x), x)
        case "movement":
            return _moved(x, number, which)
        case "reduction" if x.ndim:
            return (ops.sum_, ops.mean, ops.max_)[number % 3](x, which % x.ndim, keepdims=number % 2 == 0)
        case "matmul" if x.ndim >= 2:
            return ops.multiply(ops.matmul(x, ops.transpose(_matrix_like(y, x.shape[-1]))), 0.1)
        case "softmax" if x.ndim:
            return ops.softmax(x, which % x.ndim)
        case "concatenate" if x.ndim and x.size < 5000:
            return ops.concatenate([x, _fitted(y, x)], which % x.ndim)
        case "scan" if x.ndim:
            return ops.multiply(ops.cumsum(x, which % x.ndim, reverse=number % 2 == 0), 0.1)
        case "indexing" if x.ndim and x.size < 5000:
            return _indexed(x, y, which % x.ndim, number)
    return _UNARY[which % len(_UNARY)](x)


def _indexed(x: Node, y: Node, axis: int, number: int) -> Node:
    """Places 0, 2, 1, 0, ... of an axis read, written or added up."""
    places = ops.flip(ops.elementwise.remainder(ops.multiply(ops.iota(5), 2), x.shape[axis]))
    rows = ops.take(x, places, axis)
    match number % 3:
        case 0:
            return rows
        case 1:
            return ops.put(x, places, _fitted(y, rows), axis)
    return ops.scatter_add(rows, places, axis, x.shape)


def _fitted(y: Node, x: Node) -> Node:
    """y, or as much of it as there is, in the shape of x."""
    flat = ops.reshape(y, (y.size,))
    size = min(y.size, x.size)
    part = ops.slice_(flat, [(0, size, 1)])
    return ops.reshape(ops.pad(part, [(0, x.size - size)]), x.shape)


def _matrix_like(y: Node, columns: int) -> Node:
    rows = min(20, max(1, y.size // columns))
    flat = ops.pad(ops.reshape(y, (y.size,)), [(0, columns)])
    return ops.reshape(ops.slice_(flat, [(0, rows * columns, 1)]), (rows, columns))


def _moved(x: Node, number: int, which: int) -> Node:
    if not x.ndim:
        return ops.broadcast_to(x, (1 + which % 7,))
    axis = which % x.ndim
    match number % 6:
        case 0:
            return ops.transpose(x)
        case 1:
            return ops.flip(x, axis)
        case 2:
            return ops.pad(x, [(which % 3, number % 2) if a == axis else (0, 0) for a in range(x.ndim)])
        case 3:
            return ops.slice_(x, [(0, n, 2) if a == axis else (n // 3, n, 1) for a, n in enumerate(x.shape)])
        case 4:
            return ops.reshape(x, (-1, *x.shape[2:]))
    return (
        ops.broadcast_to(ops.expand_dims(x, 0), (1 + which % 3, *x.shape)) if x.size < 2000 else ops.reshape(x, (-1,))
    )
