"""Nodes that only differentiation sees: a Tensor that requires grad, and a history that `backward()` released."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dark_jit.dtypes import DType
from dark_jit.errors import GradientError
from dark_jit.graph.graph import LEAF, topological
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register
from dark_jit.ops.elementwise import STOP_GRADIENT

if TYPE_CHECKING:
    from dark_jit.tensor.handle import Handle


class Token:
    """Stands in the graph for a Tensor that requires grad, and does not keep it alive.

    Two Tensors on one Buffer are two tokens, so that each gets its own gradient.
    """

    __slots__ = ("__weakref__", "_handle")

    def __init__(self, handle: Handle) -> None:
        self._handle = weakref.ref(handle)

    def handle(self) -> Handle | None:
        """The Tensor, if it still lives."""
        return self._handle()


def _infer_same(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[0].shape, inputs[0].dtype


def _refuse(g: Node, node: Node) -> Sequence[Node | None]:
    raise GradientError(RELEASED_MESSAGE)


RELEASED_MESSAGE = (
    "backward() has released the history of this result; to use it twice, call the first backward() with "
    "retain_graph=True"
)
VARIABLE = register(
    Op(
        "variable",
        "marker",
        _infer_same,
        lambda _, x: x,
        lambda g, node: [g],
        "The value of a Tensor that requires grad; `token` says which.",
    )
)
RELEASED = register(
    Op("released", "marker", _infer_same, lambda _, x: x, _refuse, "A value whose history backward() released.")
)


def variable(x: Node, token: Token) -> Node:
    """The value `x` as that of the token's Tensor: the place where its gradient is gathered."""
    return make(VARIABLE, (x,), token=token)


def released(x: Node) -> Node:
    """The value `x`, whose history is gone; backward() through it is an error."""
    return make(RELEASED, (x,))


def value_of(node: Node) -> Node:
    """The node whose value `node` has: markers in front of it are passed over."""
    while node.op.kind == "marker":
        node = node.inputs[0]
    return node


def differentiable(node: Node) -> list[Node]:
    """The nodes that a gradient of `node` can reach: below `stop_gradient` nothing is visited."""
    return topological([node], stop=lambda found: found.op is STOP_GRADIENT or found.op is LEAF)
