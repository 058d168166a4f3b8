"""Which values lie with their channels last (NHWC), and where a copy goes back to what the user sees (NCHW).

A convolution computes neighbouring output channels in the lanes of a vector, so inside a program images, activations
and their gradients are stored channels last. Nothing is transposed for that: a kernel's loads and stores follow the
order in which a value is stored, so the choice spreads through elementwise operations, padding and pooling for free.
Program inputs and outputs keep C order; a large output that is computed channels last gets a `copy` node, the one
visible transposition.
"""

from __future__ import annotations

import math
from collections.abc import Container

from dark_jit.dtypes import DType
from dark_jit.graph.graph import INPUT, Graph, make_graph, rewrite
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register
from dark_jit.ops.convolution import CONV2D
from dark_jit.ops.matmul import MATMUL, matmul
from dark_jit.ops.movement import reshape
from dark_jit.transforms.assembly import INTERLEAVE, own_parts, put_between_borders

Order = tuple[int, ...]

CHANNELS_LAST: Order = (0, 2, 3, 1)
KERNEL_GRADIENT: Order = (2, 3, 0, 1)
RANK = 4
WIDE = 16  # pixels in a row from where on they fill vectors
FEW_TERMS = 64  # products that are added up for a result: so few are done before the result could be laid out anew
FEW_RESULTS = 8  # for a pixel: so few do not fill vectors
SMALL = 1 << 14  # elements: below, storing in another order costs less than another kernel


def _infer_same(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[0].shape, inputs[0].dtype


COPY = register(Op("copy", "elementwise", _infer_same, lambda _, x: x, doc="The same value, stored in C order."))


def is_kernel_gradient(node: Node) -> bool:
    """Whether a convolution has more taps than outputs, as the gradient with respect to a kernel has: then the sum runs
    over the taps, and neighbouring outputs do not share much."""
    (kh, kw), (oh, ow) = node.inputs[1].shape[2:], node.shape[2:]
    return kh * kw > oh * ow


def is_planar(conv: Node) -> bool:
    """Whether vectors may run along the rows of the images instead of the output channels, planes being read and
    written as they come from outside: where there are too few terms or results to repay laying them out anew."""
    image, kernel = conv.inputs
    outputs, *terms = kernel.shape
    plain = conv["stride"][1] == 1 and conv["groups"] == 1 and not is_kernel_gradient(conv)
    outside = image.inputs[0] if image.op.name == "pad" else image
    few = math.prod(terms) <= FEW_TERMS or outputs <= FEW_RESULTS
    return plain and few and outside.op is INPUT and conv.shape[3] >= WIDE


def planes(graph: Graph) -> set[Node]:
    """The convolutions that run along the rows of planes: those that may, of which all that is made is an output."""
    return {node for node in _leaving(graph) if node.op is CONV2D and is_planar(node)}


def loop_order(node: Node, stored: Order, planar: Container[Node] = ()) -> Order:
    """The order of the loops that compute a node: vectors run along output channels, or along the columns of a matrix
    product, however the result is stored; but not in `planes`.

    A kernel's gradient is stored (c, kh, kw, o), for then the transposition into the kernel's own order (o, c, kh, kw)
    is that of a matrix.
    """
    if node.op is CONV2D and node not in planar:
        return KERNEL_GRADIENT if is_kernel_gradient(node) else CHANNELS_LAST
    if node.op is MATMUL:
        return tuple(range(node.ndim))
    return CHANNELS_LAST if node.op.kind == "window" else stored


def orders(graph: Graph) -> dict[Node, Order]:
    """For each node that should not be stored in C order the order of its axes, slowest first."""
    chosen: dict[Node, Order] = {}
    planar = planes(graph)
    for node in graph.nodes:
        if node in planar:
            continue
        if node.op is CONV2D:
            _choose_images(node, chosen)
        if node.op in (CONV2D, INTERLEAVE) or node.op.kind == "window":
            chosen[node] = CHANNELS_LAST
    _spread(graph, chosen)
    for node in (*graph.inputs, *graph.outputs):
        chosen.pop(node, None)
    return chosen


def _choose_images(conv: Node, chosen: dict[Node, Order]) -> None:
    """What a convolution reads as images: its first operand, and for a kernel's gradient both."""
    for operand in conv.inputs if is_kernel_gradient(conv) else conv.inputs[:1]:
        node = operand
        while node.op.name in ("transpose", "reshape", "slice", "flip"):
            node = node.inputs[0]
        if node.ndim == RANK and node.op is not MATMUL:
            chosen.setdefault(node, CHANNELS_LAST)


def _spread(graph: Graph, chosen: dict[Node, Order]) -> None:
    """Channels last is catching: through elementwise operations, padding and concatenation, in both directions."""
    for nodes in (graph.nodes, graph.nodes[::-1], graph.nodes):
        for node in nodes:
            if node.ndim == RANK and _is_catching(node):
                family = [source for source in node.inputs if source.ndim == RANK and source.op.name != "broadcast_to"]
                if chosen.get(node) == CHANNELS_LAST:
                    for source in family:
                        if _is_catching(source):
                            chosen.setdefault(source, CHANNELS_LAST)
                elif any(chosen.get(source) == CHANNELS_LAST for source in family):
                    chosen.setdefault(node, CHANNELS_LAST)


def _is_catching(node: Node) -> bool:
    return node.op.kind == "elementwise" or node.op.name in ("pad", "concatenate", "bordered")


def layout(graph: Graph) -> Graph:
    """Put a copy behind each large output that would be computed channels last; what need not be so computed is not."""
    graph = own_parts(_without_detours(graph))
    inner = make_graph(graph.inputs, graph.outputs)
    wanted = _orders_of_outputs(inner)
    outputs = [make(COPY, (node,)) if node in wanted and node.size > SMALL else node for node in graph.outputs]
    return put_between_borders(make_graph(graph.inputs, outputs))


def _without_detours(graph: Graph) -> Graph:
    """Convolutions of 1 x 1 kernels as matrix products, (o, c) by (c, pixels) for each image, where images come from
    outside and results go there: both in C order, as such a product wants them. Not where results are smaller than
    images: laying out those costs less than to read images so, far apart, time and again.
    """
    found = {node for node in _leaving(graph) if node.op is CONV2D and _is_product(node)}
    return rewrite(graph, lambda node: _product(node) if node in found else None) if found else graph


def _is_product(conv: Node) -> bool:
    image, kernel = conv.inputs
    plain = conv["stride"] == (1, 1) and conv["padding"] == ((0, 0), (0, 0)) and conv["groups"] == 1
    grows = kernel.shape[0] >= kernel.shape[1] and conv.size > SMALL
    return plain and grows and image.op is INPUT and kernel.shape[2:] == (1, 1)


def _leaving(graph: Graph) -> set[Node]:
    """The values of which all that is made is outputs, elementwise; outputs that nothing reads among them."""
    users, outputs, found = graph.users(), set(graph.outputs), set[Node]()
    for node in reversed(graph.nodes):
        readers = users[node]
        along = all(each.op.kind == "elementwise" and each in found for each in readers)
        if bool(readers) != (node in outputs) and along:
            found.add(node)
    return found


def _product(conv: Node) -> Node:
    image, kernel = conv.inputs
    n, c, h, w = image.shape
    weights = reshape(kernel, (conv.shape[1], c))
    return reshape(matmul(weights, reshape(image, (n, c, h * w))), conv.shape)


def _orders_of_outputs(graph: Graph) -> set[Node]:
    """The outputs that would be stored channels last if they were not outputs."""
    copies = [make(COPY, (node,)) for node in graph.outputs]
    inside = orders(make_graph(graph.inputs, copies))
    return {node for node in graph.outputs if inside.get(node) == CHANNELS_LAST and node.op is not COPY}
