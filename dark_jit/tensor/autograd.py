"""Gradients of Tensors: backward(), and the functions that make functions: grad, value_and_grad, vjp, jvp."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from dark_jit import ops
from dark_jit.dtypes import is_float
from dark_jit.errors import ArgumentError, DTypeError, GradientError, ShapeError
from dark_jit.graph import origins
from dark_jit.graph.graph import leaf
from dark_jit.graph.node import Node
from dark_jit.ops.elementwise import stop_gradient
from dark_jit.tensor.creation import asarray
from dark_jit.tensor.handle import Handle, live_handles, spend, wrap
from dark_jit.tensor.markers import RELEASED, RELEASED_MESSAGE, VARIABLE, Token, differentiable, released, variable
from dark_jit.tensor.mode import enable_grad, mode, together
from dark_jit.tensor.views import replace
from dark_jit.transforms.autodiff import gradients

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor


def backward(tensor: Tensor, gradient: Any = None, retain_graph: bool = False, create_graph: bool = False) -> None:
    """Add the gradient of `tensor` to the `.grad` of every leaf that it depends on and that requires grad.

    A tensor of more than one element needs `gradient`, of its shape. The history is released afterwards unless
    retain_graph (or create_graph, with which the gradients themselves can be differentiated). Raises GradientError.
    """
    if not tensor._requires:
        raise GradientError(
            "this Tensor does not require grad: it depends on nothing that does, or was made under no_grad"
        )
    node = tensor._operand(mode.trace)
    nodes = differentiable(node)
    if any(found.op is RELEASED for found in nodes):
        raise GradientError(RELEASED_MESSAGE)
    seed = _seed(tensor, gradient)
    variables = [found for found in nodes if found.op is VARIABLE and found["token"].handle() is not None]
    with origins.under(origins.here()):
        results = gradients([node], [seed], variables)
        with together():
            for found, result in zip(variables, results, strict=True):
                handle = found["token"].handle()
                if result is not None and handle is not None:
                    _gather(handle, result, create_graph)
    if mode.trace is None:
        spend(len(nodes))
    if not retain_graph and not create_graph:
        _release(tensor, nodes)


def _seed(tensor: Tensor, gradient: Any) -> Node:
    """The cotangent: ones for a single element, else what the caller gave."""
    if gradient is None:
        if tensor.size != 1:
            raise GradientError(
                f"backward() of a Tensor of shape {tensor.shape} needs a gradient of that shape; sum or average it "
                f"to a scalar first"
            )
        return ops.constant(1, tensor.dtype, tensor.shape)
    given = asarray(gradient)
    if given.shape != tensor.shape:
        raise ShapeError(f"backward() of a Tensor of shape {tensor.shape} got a gradient of shape {given.shape}")
    return ops.cast(given._operand(mode.trace), tensor.dtype)


def _gather(handle: Handle, gradient: Node, create_graph: bool) -> None:
    """Add to a leaf's gradient."""
    if handle._token is None:
        raise GradientError(
            "a gradient reaches a Tensor that was computed outside of this compiled function; compute it inside, or "
            "detach() it"
        )
    node = gradient if create_graph else stop_gradient(gradient)
    tensor: Tensor = handle  # type: ignore[assignment]  # a handle is a Tensor
    before = tensor.grad
    if before is None:
        tensor.grad = wrap(node, create_graph and mode.grad)
    else:
        total = ops.add(before._operand(mode.trace), node)
        replace(before, total)
        before._become(total)
        before._requires = create_graph and mode.grad


def _release(tensor: Tensor, nodes: Sequence[Node]) -> None:
    """Let go of the history of `tensor` and of the results between it and its leaves."""
    history = set(nodes)
    for handle in (tensor, *live_handles()):
        node = handle._node
        if handle._requires and handle._token is None and node is not None and node in history:
            buffer = handle._buffer
            value = node if buffer is None else leaf(buffer, buffer.shape, buffer.dtype)
            handle._exchange(node, released(value))
            if buffer is not None:
                handle._forget()


def _flatten(tree: Any) -> Iterator[Tensor]:
    """The Tensors in nested tuples, lists and dicts, arrays and numbers as Tensors."""
    if isinstance(tree, tuple | list):
        for part in tree:
            yield from _flatten(part)
    elif isinstance(tree, dict):
        for part in tree.values():
            yield from _flatten(part)
    else:
        yield asarray(tree)


def _unflatten(tree: Any, values: Iterator[Any]) -> Any:
    """`values` in the place of the leaves of `tree`."""
    if isinstance(tree, tuple | list):
        parts = [_unflatten(part, values) for part in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else type(tree)(parts)
    if isinstance(tree, dict):
        return {key: _unflatten(part, values) for key, part in tree.items()}
    return next(values)


def _variables(tree: Any) -> tuple[Any, list[Tensor]]:
    """The same tree with fresh leaves that require grad and through which outer gradients still flow; and these
    leaves.
    """
    fresh = []
    for tensor in _flatten(tree):
        if not is_float(tensor.dtype):
            raise DTypeError(f"a gradient needs a floating-point argument, got {tensor.dtype.name}; use astype first")
        new = wrap(tensor._operand(mode.trace), requires=True)
        new._token = Token(new)
        new._node = variable(tensor._operand(mode.trace), new._token)
        fresh.append(new)
    return _unflatten(tree, iter(fresh)), fresh


def _pull(outputs: Sequence[Tensor], cotangents: Sequence[Node], inputs: Sequence[Tensor]) -> list[Tensor]:
    """The vector-Jacobian product as Tensors; zeros where an output does not depend on an input."""
    nodes = [output._operand(mode.trace) for output in outputs]
    wrt = [tensor._value_node() for tensor in inputs]
    with origins.under(origins.here()):
        found = gradients(nodes, cotangents, wrt)
        present = [_or_zeros(node, tensor) for node, tensor in zip(found, inputs, strict=True)]
    inner = _tokens(inputs)
    return [_outward(node, inner) for node in present]


def _or_zeros(node: Node | None, like: Tensor) -> Node:
    return ops.constant(0, like.dtype, like.shape) if node is None else node


def _tokens(inputs: Sequence[Tensor]) -> set[Token]:
    return {tensor._token for tensor in inputs if tensor._token is not None}


def _outward(node: Node, inner: set[Token]) -> Tensor:
    """A result that keeps its history if anything that lives outside of the inner function requires grad."""
    tokens = {found["token"] for found in differentiable(node) if found.op is VARIABLE} - inner
    if mode.grad and any(token.handle() is not None for token in tokens):
        return wrap(node, requires=True)
    return wrap(stop_gradient(node))


def _run(fn: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    with enable_grad():
        return fn(*args, **kwargs)


def _positions(argnums: int | Sequence[int], count: int) -> tuple[int, ...]:
    wanted = (argnums,) if isinstance(argnums, int) else tuple(argnums)
    if not wanted or any(not -count <= position < count for position in wanted):
        raise ArgumentError(f"argnums {argnums} do not fit a call with {count} positional arguments")
    return tuple(position % count for position in wanted)


def value_and_grad(fn: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., tuple[Any, Any]]:
    """A function that returns `fn`'s scalar result and its gradient with respect to the arguments at `argnums`.

    The gradient has the argument's structure (nested tuples, lists and dicts of Tensors); several argnums give a tuple.
    Raises GradientError where the result is not a single element.
    """

    @functools.wraps(fn)
    def wrapped(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        positions = _positions(argnums, len(args))
        chosen, inputs = _variables([args[position] for position in positions])
        arguments = list(args)
        for position, tree in zip(positions, chosen, strict=True):
            arguments[position] = tree
        value = asarray(_run(fn, arguments, kwargs))
        if value.size != 1:
            raise GradientError(
                f"grad needs a function of scalar result, got shape {value.shape}; sum or average it, or use vjp"
            )
        found = _pull([value], [_seed(value, None)], inputs)
        tree = _unflatten(chosen, iter(found))
        return _result(value, inputs), tree[0] if isinstance(argnums, int) else tuple(tree)

    return wrapped


def _result(value: Tensor, inputs: Sequence[Tensor]) -> Tensor:
    return _outward(value._operand(mode.trace), _tokens(inputs))


def grad(fn: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """A function that returns the gradient of `fn`'s scalar result; composable: grad(grad(f)) is the second
    derivative.
    """
    both = value_and_grad(fn, argnums)

    @functools.wraps(fn)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        return both(*args, **kwargs)[1]

    return wrapped


def vjp(fn: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[..., tuple[Any, ...]]]:
    """`fn(*primals)`, and a function from a cotangent of its structure to the cotangents of the primals, a tuple."""
    arguments, inputs = _variables(list(primals))
    result = _run(fn, arguments, {})
    outputs = list(_flatten(result))

    def pullback(cotangent: Any) -> tuple[Any, ...]:
        given = list(_flatten(cotangent))
        if [g.shape for g in given] != [y.shape for y in outputs]:
            raise ShapeError(
                f"cotangents of shapes {[g.shape for g in given]} for results {[y.shape for y in outputs]}"
            )
        seeds = [ops.cast(g._operand(mode.trace), y.dtype) for g, y in zip(given, outputs, strict=True)]
        return tuple(_unflatten(arguments, iter(_pull(outputs, seeds, inputs))))

    return _unflatten(result, iter([_result(y, inputs) for y in outputs])), pullback


def jvp(fn: Callable[..., Any], primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """`fn(*primals)` and its directional derivative along the tangents, by differentiating the pullback (double
    vjp).
    """
    moved = list(_flatten(tangents))
    arguments, inputs = _variables(list(primals))
    if [t.shape for t in moved] != [x.shape for x in inputs]:
        raise ShapeError(f"tangents of shapes {[t.shape for t in moved]} for primals {[x.shape for x in inputs]}")
    result = _run(fn, arguments, {})
    outputs = list(_flatten(result))
    with origins.under(origins.here()):
        pushed = _push(outputs, inputs, moved)
    return _unflatten(result, iter([_result(y, inputs) for y in outputs])), _unflatten(result, iter(pushed))


def _push(outputs: Sequence[Tensor], inputs: Sequence[Tensor], tangents: Sequence[Tensor]) -> list[Tensor]:
    """The pullback is linear in its cotangent: its own pullback at any cotangent is the directional derivative."""
    _, cotangents = _variables([wrap(_or_zeros(None, y)) for y in outputs])
    seeds = [u._value_node() for u in cotangents]
    pulled = gradients([y._operand(mode.trace) for y in outputs], seeds, [x._value_node() for x in inputs])
    pairs = [(node, t) for node, t in zip(pulled, tangents, strict=True) if node is not None]
    directions = [ops.cast(t._operand(mode.trace), node.dtype) for node, t in pairs]
    pushed = gradients([node for node, _ in pairs], directions, seeds)
    inner = _tokens([*inputs, *cotangents])
    return [_outward(_or_zeros(node, y), inner) for y, node in zip(outputs, pushed, strict=True)]
