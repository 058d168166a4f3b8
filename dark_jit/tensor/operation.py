"""User-defined differentiable operations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from dark_jit import ops
from dark_jit.dtypes import is_float
from dark_jit.errors import DTypeError, GradientError
from dark_jit.graph import origins
from dark_jit.graph.node import Node
from dark_jit.ops.elementwise import stop_gradient
from dark_jit.tensor.creation import asarray
from dark_jit.tensor.handle import Handle, wrap
from dark_jit.tensor.mode import enable_grad, mode

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor


class Operation:
    """A differentiable operation of the user's: define `forward` and `backward`, call `apply`.

        class Cube(dark.Operation):
            def forward(self, x):
                return x * x * x

            def backward(self, dldy, y, x):
                return dldy * 3 * x * x

        y = Cube.apply(x)

    `forward` gets detached Tensors and may keep what it likes on `self`, an instance of its own for each call.
    `backward` gets the gradient of the result, the result, and forward's positional arguments; it returns one
    gradient for each positional argument (or for each Tensor among them), as a tuple, a list, or, for one, a Tensor;
    None is no gradient.
    """

    def forward(self, *args: Any, **kwargs: Any) -> Tensor:
        """Compute the result."""
        raise NotImplementedError(f"{type(self).__name__} defines no forward")

    def backward(self, dldy: Tensor, y: Tensor, *args: Any) -> Any:
        """Compute the gradients of the arguments."""
        raise GradientError(f"{type(self).__name__} defines no backward, so there is no gradient through it")

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Tensor:
        """The operation's result for these arguments. Tensors and arrays among the positional ones get gradients."""
        operation = cls()
        arguments = [asarray(x) if isinstance(x, Handle | np.ndarray) else x for x in args]
        tensors = [x for x in arguments if isinstance(x, Handle)]
        nodes = [x._operand(mode.trace) for x in tensors]
        detached = iter([wrap(stop_gradient(node)) for node in nodes])
        result = operation.forward(*(next(detached) if isinstance(x, Handle) else x for x in arguments), **kwargs)
        if not isinstance(result, Handle):
            raise DTypeError(f"{cls.__name__}.forward must return a Tensor, got {type(result).__name__}")
        value = result._operand(mode.trace)
        if not mode.grad or not any(x._requires for x in tensors) or not is_float(value.dtype):
            return wrap(stop_gradient(value))
        with origins.under(origins.here()):
            return wrap(_Rule(operation, arguments, nodes).node(value), requires=True)


class _Rule:
    """The gradient rule of one call of an operation, on nodes."""

    def __init__(self, operation: Operation, arguments: Sequence[Any], nodes: Sequence[Node]) -> None:
        self.operation = operation
        self.places = [i for i, x in enumerate(arguments) if isinstance(x, Handle)]
        self.static = [None if isinstance(x, Handle) else x for x in arguments]
        self.nodes = nodes
        self.value: Node | None = None

    def node(self, value: Node) -> Node:
        """The operation's result, with this rule."""
        self.value = value
        return ops.custom_vjp(stop_gradient(value), self.nodes, self)

    def __call__(self, g: Node) -> list[Node | None]:
        """The gradients of the arguments for the result's gradient `g`."""
        assert self.value is not None
        arguments = list(self.static)
        for place, node in zip(self.places, self.nodes, strict=True):
            arguments[place] = wrap(node, requires=is_float(node.dtype))
        with enable_grad():
            y = wrap(self.node(self.value), requires=True)
            returned = self.operation.backward(wrap(g, requires=True), y, *arguments)
        return self._per_tensor(list(returned) if isinstance(returned, tuple | list) else [returned])

    def _per_tensor(self, returned: list[Any]) -> list[Node | None]:
        name = type(self.operation).__name__
        if len(returned) == len(self.static):
            returned = [returned[place] for place in self.places]
        if len(returned) != len(self.nodes):
            raise GradientError(
                f"{name}.backward returned {len(returned)} gradients for {len(self.nodes)} Tensor arguments"
            )
        return [
            None if x is None else self._fitting(asarray(x), node) for x, node in zip(returned, self.nodes, strict=True)
        ]

    def _fitting(self, gradient: Tensor, argument: Node) -> Node:
        if gradient.shape != argument.shape:
            raise GradientError(
                f"{type(self.operation).__name__}.backward returned a gradient of shape {gradient.shape} for an "
                f"argument of shape "
                f"{argument.shape}"
            )
        return ops.cast(gradient._operand(mode.trace), argument.dtype)
