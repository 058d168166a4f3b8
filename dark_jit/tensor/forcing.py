"""Forcing: pending Tensors that hang together are evaluated in one program.

Where a forced Tensor keeps its history, because a gradient can still be asked, the values that its gradient will read
are outputs of the same program. They are known from then on (`_values`), as long as their nodes live, so a later
`backward()` computes nothing of the forward pass again.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from weakref import WeakKeyDictionary

from dark_jit import execution
from dark_jit.backends.buffer import Buffer
from dark_jit.dtypes import is_float
from dark_jit.errors import DarkError, GradientError, TraceError
from dark_jit.graph import origins
from dark_jit.graph.graph import LEAF, leaf, topological
from dark_jit.graph.node import Node, rebuild
from dark_jit.locks import Lock
from dark_jit.ops.custom import CUSTOM_VJP
from dark_jit.ops.elementwise import STOP_GRADIENT
from dark_jit.tensor.handle import (
    PENDING_NODES,
    Donated,
    Handle,
    leaked,
    live_handles,
    on_budget_spent,
    returned,
    where,
)
from dark_jit.tensor.markers import RELEASED, VARIABLE, released, value_of
from dark_jit.tensor.mode import mode
from dark_jit.transforms.autodiff import gradients

_values: WeakKeyDictionary[Node, Buffer] = WeakKeyDictionary()
_lock = Lock()


def buffer_of(handle: Handle, asked: str) -> Buffer:
    """The handle's value; a pending one is computed now.

    `asked` names what wants it, for the message of a TraceError.
    """
    if mode.trace is not None:
        raise _not_a_number(handle, asked)
    try:
        return handle._buffer or force(handle)
    except DarkError as error:
        origins.cut(error)
        raise


def _not_a_number(handle: Handle, asked: str) -> DarkError:
    if isinstance(handle._trace, Donated):
        return leaked(handle)
    return TraceError(
        f"{where()}{asked} needs a number, but inside a compiled function this Tensor has none yet. Write "
        f"dark.where(condition, a, b) "
        f"instead of a branch, move {asked} outside of the function, or pass the value as a static argument (an int "
        f"or bool)"
    )


def force(handle: Handle) -> Buffer:
    """The value of a handle. If it is pending, it is computed now, and so is every live one that is connected to it:
    that shares a node other than an input. Raises TraceError for a handle that a trace has left behind.
    """
    while True:
        buffer = handle._buffer
        if buffer is not None:
            return buffer
        if handle._trace is not None and not returned(handle):
            raise leaked(handle)
        with _lock:
            node = handle._pending_node()
            if node is not None:
                return _forced(handle, node)


Pending = tuple[Handle, Node]  # a handle, and the node that it waits for: another thread may bind it anew meanwhile


def _forced(handle: Handle, node: Node) -> Buffer:
    known = known_value(node)
    if known is None:
        return _evaluate_connected((handle, node))
    _settle(handle, node, known)
    return known


def _evaluate_connected(root: Pending) -> Buffer:
    """Compute what is connected; where that fails, the handle alone: the mistake may be in another one's part."""
    pending = _connected(root)
    try:
        return _evaluate(pending)[0]
    except DarkError:
        if len(pending) == 1:
            raise
        return _evaluate([root])[0]


def known_value(node: Node) -> Buffer | None:
    """The value of a node where it is known already."""
    node = value_of(node)
    return node["key"] if node.op is LEAF else _values.get(node)


def _known(node: Node) -> Buffer:
    buffer = known_value(node)
    assert buffer is not None
    return buffer


def _is_known(node: Node) -> bool:
    return node.op is LEAF or node in _values


def _pending() -> list[Pending]:
    """The live pending handles; not those that a trace has borrowed, which get their own values back."""
    found = ((handle, handle._pending_node()) for handle in live_handles())
    return [(handle, node) for handle, node in found if node is not None]


def _connected(root: Pending) -> list[Pending]:
    """The live pending handles that are connected to `root`, itself first."""
    pending = [root, *(other for other in _pending() if other[0] is not root[0])]
    nodes = [value_of(node) for _, node in pending]
    part = _components(nodes)
    wanted = part.get(nodes[0])
    return [each for each, node in zip(pending, nodes, strict=True) if each is root or part.get(node) is wanted]


def _components(outputs: Sequence[Node]) -> dict[Node, Node]:
    """For each node that depends on an input a representative of its connected part.

    Inputs themselves connect nothing.
    """
    parent: dict[Node, Node] = {}

    def find(node: Node) -> Node:
        while parent[node] is not node:
            parent[node] = node = parent[parent[node]]
        return node

    depends: set[Node] = set()
    for node in topological(outputs, stop=_is_known):
        if _is_known(node):
            depends.add(node)
        elif any(source in depends for source in node.inputs):
            depends.add(node)
            parent[node] = node
            for source in node.inputs:
                if source in parent:
                    parent[find(source)] = node
    return {node: find(node) for node in parent}


def _evaluate(pending: Sequence[Pending]) -> list[Buffer]:
    """Compute the values of these handles in one program and hand them out."""
    nodes = [value_of(node) for _, node in pending]
    kept = [node for handle, node in pending if _keeps(handle, node)]
    wanted = [node for node in dict.fromkeys((*nodes, *_residuals(kept))) if not _is_known(node)]
    buffers = dict(zip(wanted, execution.evaluate(_over_known(wanted)), strict=True))
    if kept:
        _values.update(buffers)
    found = [buffers.get(node) or _known(node) for node in nodes]
    for (handle, node), buffer in zip(pending, found, strict=True):
        _settle(handle, node, buffer)
    if kept:
        _shorten()
    return found


def _keeps(handle: Handle, history: Node) -> bool:
    """Whether a gradient can still be asked through this result."""
    return handle._requires and handle._token is None and history.op is not RELEASED


def _settle(handle: Handle, node: Node, buffer: Buffer) -> None:
    """Hand out the value of `node`."""
    if _keeps(handle, node):
        handle._exchange(node, node, buffer)
        return
    new = released(leaf(buffer, buffer.shape, buffer.dtype)) if node.op is RELEASED else None
    handle._exchange(node, new, buffer)
    handle._forget()


def _over_known(outputs: Sequence[Node]) -> list[Node]:
    """The same outputs where nodes of known value are leaves."""
    new: dict[Node, Node] = {}
    for node in topological(outputs, stop=_is_known):
        buffer = _values.get(node)
        if buffer is not None:
            new[node] = leaf(buffer, buffer.shape, buffer.dtype)
        else:
            new[node] = _rebuilt(node, new)
    return [new[node] for node in outputs]


def _shorten() -> None:
    """Cut histories where no gradient passes and the value is known: what lies below is not needed again.

    Without this the history of a training loop would reach back through all steps.
    """
    living = [(handle, handle._node) for handle in live_handles() if handle._trace is None]
    kept = [(handle, node) for handle, node in living if node is not None and _keeps(handle, node)]
    histories = [node for _, node in kept]
    new: dict[Node, Node] = {}
    carries: set[Node] = set()
    for node in topological(histories):
        if node.op in (VARIABLE, RELEASED) or (node.op is not STOP_GRADIENT and not carries.isdisjoint(node.inputs)):
            carries.add(node)
        buffer = None if node in carries else known_value(node)
        if buffer is not None:
            new[node] = leaf(buffer, buffer.shape, buffer.dtype)
        else:
            new[node] = _rebuilt(node, new)
            if node in _values:
                _values[new[node]] = _values[node]
    for handle, history in kept:
        handle._exchange(history, new[history])


def _rebuilt(node: Node, new: dict[Node, Node]) -> Node:
    return rebuild(node, tuple(new[source] for source in node.inputs)) if node.inputs else node


def _residuals(outputs: Sequence[Node]) -> list[Node]:
    """The nodes whose values the gradients of `outputs` will read; of movements what they move.

    The user's own gradient rules are not run for this: what they get (value and arguments) is taken instead.
    """
    found: dict[Node, None] = {}
    todo, done = list(outputs), set()
    while todo:
        roots = [
            node for node in dict.fromkeys(todo) if node not in done and is_float(node.dtype) and not _boundary(node)
        ]
        customs = [node for node in dict.fromkeys(todo) if node.op is CUSTOM_VJP and node not in done]
        done.update(todo)
        todo = []
        read, below = _read_by_gradients(roots)
        found.update(dict.fromkeys(read))
        for node in customs:
            found.update(dict.fromkeys(node.inputs))
        todo = [source for node in customs for source in node.inputs[1:]] + below
    return _to_save(found)


def _boundary(node: Node) -> bool:
    return _is_known(node) or node.op in (VARIABLE, STOP_GRADIENT, CUSTOM_VJP, RELEASED)


def _read_by_gradients(outputs: Sequence[Node]) -> tuple[list[Node], list[Node]]:
    """What the gradients of `outputs` read down to the boundary, and the custom rules that lie on it."""
    new: dict[Node, Node] = {}
    edge: list[Node] = []
    for node in topological(outputs, stop=_boundary):
        if _boundary(node):
            new[node] = _placeholder(node)
            edge.append(node)
        else:
            new[node] = _rebuilt(node, new)
    wrt = [new[node] for node in edge if is_float(node.dtype) and node.op not in (STOP_GRADIENT, RELEASED)]
    roots = [new[node] for node in outputs]
    try:
        with origins.under(origins.NONE):
            found = gradients(roots, [_placeholder(node) for node in roots], wrt)
    except GradientError:  # raised again, at the user's line, if the gradient is ever asked
        return [], []
    old = {fresh: node for node, fresh in new.items()}
    made = [node for node in topological(_present(found), stop=old.__contains__) if node not in old]
    read = [source for node in made for source in node.inputs]
    return [old[node] for node in (*read, *_present(found)) if node in old], [n for n in edge if n.op is CUSTOM_VJP]


def _placeholder(node: Node) -> Node:
    return leaf(object(), node.shape, node.dtype)


def _present(nodes: Iterable[Node | None]) -> list[Node]:
    return [node for node in nodes if node is not None]


def _to_save(nodes: Iterable[Node]) -> list[Node]:
    """The nodes to keep values of: not of movements, which cost nothing to repeat, but of what they move."""
    saved: dict[Node, None] = {}
    todo = list(nodes)
    while todo:
        node = value_of(todo.pop())
        if node.op.kind == "movement" and not _is_known(node):
            todo.extend(node.inputs)
        elif node.op.kind not in ("leaf", "constant") and not _is_known(node):
            saved[node] = None
    return list(saved)


def pending_nodes() -> int:
    """How many nodes the live pending handles wait for."""
    return len(topological([node for _, node in _pending()], stop=_is_known))


def _limit() -> int:
    """Called when many results were made: force them all if the graphs have grown too large."""
    with _lock:
        count = pending_nodes()
        if count < PENDING_NODES or mode.trace is not None:
            return count
        _evaluate_all()
        return pending_nodes()


def _evaluate_all() -> None:
    """Compute all that is pending. A mistake is raised where the value is asked, not at an operation that fills a
    limit.
    """
    try:
        _evaluate(_pending())
    except DarkError:
        for handle, node in _pending():
            with contextlib.suppress(DarkError):
                if handle._pending_node() is node:
                    _forced(handle, node)


on_budget_spent(_limit)
