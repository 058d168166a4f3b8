"""Values with a gradient rule of the user's: what `Operation.apply` makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dark_jit.dtypes import DType
from dark_jit.errors import GradientError
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register

Rule = Callable[[Node], Sequence[Node | None]]


def _infer_custom(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[0].shape, inputs[0].dtype


def _custom_vjp(g: Node, node: Node) -> list[Node | None]:
    gradients = list(node["rule"](g))
    arguments = node.inputs[1:]
    if len(gradients) != len(arguments):
        raise GradientError(f"backward returned {len(gradients)} gradients for {len(arguments)} inputs")
    for gradient, argument in zip(gradients, arguments, strict=True):
        if gradient is not None and gradient.shape != argument.shape:
            raise GradientError(
                f"backward returned a gradient of shape {gradient.shape} for an input of {argument.shape}"
            )
    return [None, *gradients]


CUSTOM_VJP = register(
    Op(
        "custom_vjp",
        "marker",
        _infer_custom,
        lambda _, value, *arguments: value,
        _custom_vjp,
        "A value and the rule of its gradient.",
    )
)


def custom_vjp(value: Node, arguments: Sequence[Node], rule: Rule) -> Node:
    """`value`, whose gradients with respect to `arguments` are `rule(g)`."""
    return make(CUSTOM_VJP, (value, *arguments), rule=rule)
