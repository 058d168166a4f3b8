"""Views and in-place writes, on values that never change.

Tensors that share elements, as NumPy's views do, are a family. They share no memory: each has its own value, a Buffer
or a node, like any Tensor. What they share is a numbering of elements, the place, an array shape; each member knows
by a chain of movements (slice, flip, transpose, reshape, broadcast) which of these elements are its own. A write
through one member computes its new value, and then the new value of every living member that has some of the written
elements:

    new = where(own(put(True)), own(put(value)), old)

`put` moves what was written to the place (it is the gradient rule of the writer's chain, which is the transpose of
reading), `own` moves it on by the member's chain. All of it is index arithmetic inside one elementwise kernel.

So reading costs nothing, a Tensor without views pays nothing, nobody keeps a base alive, and members that died are
forgotten. Inside of a trace the same happens to the Tensors that the trace has seen; the others of a family are
written when the compiled call has ended (dark_jit.compiler).

Gradients: members between which gradients flow form one group; a detached Tensor (`detach()`, `.data`, a view made
under no_grad) begins another. Inside a group a write is part of the history. To other groups, and under no_grad, it is
hidden: values change, gradients flow as if nothing had been written. As in PyTorch.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from dark_jit import ops
from dark_jit.dtypes import bool_
from dark_jit.errors import ArgumentError, GradientError
from dark_jit.graph.graph import leaf
from dark_jit.graph.node import Node, Shape, make
from dark_jit.locks import Lock
from dark_jit.ops.elementwise import CONSTANT, stop_gradient
from dark_jit.tensor.handle import Handle, apply, leaked, shape_of, usable, wrap_buffer
from dark_jit.tensor.layout import Layout
from dark_jit.tensor.mode import mode, together

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor

Step = tuple[Callable[..., Node], dict[str, Any]]  # a function of one node, and its keyword arguments
Chain = tuple[Node, ...]  # movements, each of the one before, the first of the place

_PLACE = object()
_family_lock = Lock()


class Family:
    """The Tensors that share elements: weak references, as nobody is kept alive by what shares elements with it."""

    __slots__ = ("_clean_at", "_members", "place")

    def __init__(self, shape: Shape) -> None:
        self.place = leaf(_PLACE, shape, bool_)
        self._members: list[weakref.ref[Handle]] = []
        self._clean_at = 8

    def add(self, handle: Handle, view: View) -> None:
        """Count `handle` in."""
        with _family_lock:
            if len(self._members) >= self._clean_at:
                self._members = [member for member in self._members if self._belongs(member())]
                self._clean_at = 8 + 2 * len(self._members)
            self._members.append(weakref.ref(handle))
            handle._view = view

    def _belongs(self, handle: Handle | None) -> bool:
        return handle is not None and handle._view is not None and handle._view.family is self

    def others(self, handle: Handle) -> list[tuple[Handle, View]]:
        """The living members other than `handle`, with their views; inside a trace those that it has seen."""
        trace = mode.trace
        found = []
        for reference in self._members:
            member = reference()
            if member is None or member is handle or not self._belongs(member):
                continue
            if trace.has_seen(member) if trace is not None else usable(member):
                assert member._view is not None
                found.append((member, member._view))
        return found


class View:
    """Which elements of a family a Tensor has: those of `parent` after `step`; all of them without a parent."""

    __slots__ = ("_chain", "_layout", "family", "group", "parent", "step", "writable")

    def __init__(
        self, family: Family, group: object, parent: View | None, step: Step | None, writable: bool = True
    ) -> None:
        self.family = family
        self.group = group  # the members between which gradients flow
        self.parent = parent
        self.step = step
        self.writable = writable
        self._chain: Chain | None = () if parent is None else None
        self._layout: Layout | None = None

    @staticmethod
    def of_chain(family: Family, group: object, chain: Chain, writable: bool) -> View:
        """A view of what these movements leave of a family."""
        view = View(family, group, None, None, writable)
        view._chain = chain
        return view

    def chain(self) -> Chain:
        """The movements from the family's place to this view."""
        todo: list[View] = []
        view = self
        while view._chain is None:
            todo.append(view)
            assert view.parent is not None
            view = view.parent
        chain = view._chain
        for view in reversed(todo):
            view._chain = chain = chain + movements(view.step, chain[-1] if chain else self.family.place)
        return chain

    def layout(self) -> Layout:
        """Where the elements lie among those of the family."""
        if self._layout is None:
            self._layout = layout_of(self.chain(), self.family.place.shape)
            assert self._layout is not None, "what NumPy would copy is made no view"
        return self._layout


def movements(step: Step | None, start: Node) -> Chain:
    """The movements of `step` that begin at `start`."""
    if step is None:
        return ()
    function, static = step
    node, found = function(start, **static), []
    while node is not start:
        found.append(node)
        (node,) = node.inputs
    return tuple(reversed(found))


def layout_of(chain: Chain, shape: Shape) -> Layout | None:
    """Where the elements lie that a chain selects; None where that has no strides."""
    layout: Layout | None = Layout.of(shape)
    for node in chain:
        layout = None if layout is None else layout.after(node)
    return layout


# ---- making views ----


def view_of(x: Any, function: Callable[..., Node], writable: bool = True, **static: Any) -> Tensor:
    """The Tensor of a movement `function(x, **static)`; where x is a Tensor, it shares its elements.

    The keyword arguments are kept: nobody else may change them.
    """
    if not isinstance(x, Handle):
        return apply(function, x, **static)
    with together():
        return share(x, apply(function, x, **static), (function, static), writable)


def window(x: Handle, offset: int, shape: Shape) -> Tensor | None:
    """The elements of x from number `offset` on as a Tensor on the same memory, where its value is known already.

    So a loop over parts of an array compiles nothing for each. None where the value is pending, has a history, or is
    bound to a device or on a card: its parts stay there.
    """
    buffer = x._buffer
    if (
        buffer is None
        or buffer.device is not None
        or buffer.place is not None
        or x._requires
        or x._trace is not None
        or mode.trace is not None
    ):
        return None
    return wrap_buffer(buffer.window(offset, shape))


def share(base: Handle, result: Tensor, step: Step | None, writable: bool = True, detached: bool = False) -> Tensor:
    """`result`, noted as sharing elements with `base`: those that `step` selects, all without one.

    The caller makes it in the same step: no other thread writes to `base` in between.
    """
    view = base._view or _found(base)
    group = object() if detached or (base._requires and not result._requires) else view.group
    view.family.add(result, View(view.family, group, view, step, writable and view.writable))
    return result


def _found(base: Handle) -> View:
    """The view of the first member of a new family."""
    with _family_lock:
        if base._view is None:
            family = Family(shape_of(base))
            family.add(base, View(family, object(), None, None))
        assert base._view is not None
        return base._view


def can_reshape(base: Handle, shape: Shape) -> bool:
    """Whether a reshape of `base` is a view. As NumPy: where the elements have strides in the new shape."""
    if mode.trace is not None:
        mode.trace.reshapes = True
    view = base._view
    return view is None or not view.chain() or view.layout().reshaped(shape) is not None


def is_contiguous(base: Handle) -> bool:
    """Whether the elements lie side by side in C order, as those of every Tensor that is no view."""
    if mode.trace is not None:
        mode.trace.reshapes = True
    view = base._view
    return view is None or not view.chain() or view.layout().contiguous


def same_elements(x: Any, base: Handle, step: Step | None) -> bool:
    """Whether x is a view that was made of `base` by this step, and so has its elements already."""
    if not isinstance(x, Handle) or x._view is None or base._view is None:
        return False
    if step is not None and x._view.group is not base._view.group:
        return False  # writing it stops the gradient
    return x._view.parent is base._view and x._view.step == step


# ---- writing ----


def write(handle: Handle, value: Tensor, step: Step | None = None) -> None:
    """Put `value` in place of what `step` selects of `handle` (of all), also in every Tensor that has these elements.

    The value has the shape and dtype of what it replaces. Raises GradientError for a leaf that requires grad, outside
    of no_grad, and ArgumentError for a broadcast view.
    """
    if not usable(handle):
        raise leaked(handle)
    view = handle._view
    others = [] if view is None else view.family.others(handle)
    _check_writable(handle, others)
    if value.size == 0:
        return
    node = value._operand(mode.trace)
    if mode.trace is not None:
        mode.trace.writing(handle)
    if others:
        assert view is not None
        _write_others(others, view, step, node, value._requires, mode.grad)
    _rebind(handle, movements(step, _place_of(handle)), (), node, value._requires, mode.grad)


def _check_writable(handle: Handle, others: Sequence[tuple[Handle, View]]) -> None:
    view = handle._view
    if view is not None and not view.writable:
        raise ArgumentError(
            "a Tensor made by broadcast_to has elements that stand for several, and cannot be written in place; make "
            "a new one (y = y + v)"
        )
    if not mode.grad:
        return
    related = [other for other, its in others if view is not None and its.group is view.group]
    if any(member._token is not None for member in (handle, *related)):
        raise GradientError(
            "this Tensor requires grad and is a leaf, or is a view of one: write to it under dark.no_grad(), or to "
            "its .data"
        )


def catch_up(handle: Handle, sources: Sequence[tuple[View, Node]]) -> None:
    """Write into `handle` what members of its family became before it was looked at."""
    view = handle._view
    assert view is not None
    for its, node in sources:
        if its.family is view.family:
            _write_others([(handle, view)], its, None, node, False, False)


def replace(handle: Handle, node: Node) -> None:
    """Tell those that share elements with `handle` that it is about to get the value `node`, outside of its history."""
    view = handle._view
    if view is not None:
        _write_others(view.family.others(handle), view, None, node, False, False)


def _write_others(
    others: Sequence[tuple[Handle, View]], view: View, step: Step | None, node: Node, requires: bool, recorded: bool
) -> None:
    """Write `node` where `step` selects of `view`, in these members of its family."""
    chain = view.chain()
    target = chain + movements(step, chain[-1] if chain else view.family.place)
    written = layout_of(target, view.family.place.shape)
    for other, its in others:
        if written is None or not written.apart_from(its.layout()):
            if mode.trace is not None:
                mode.trace.writing(other)
            _rebind(other, target, its.chain(), node, requires, recorded and its.group is view.group)


def _rebind(handle: Handle, target: Chain, own: Chain, node: Node, requires: bool, recorded: bool) -> None:
    """Give `handle` its value after `node` was written where `target` leads; `own` leads to its elements."""
    new = _overlaid(handle, target, own, node)
    if handle._token is None and not recorded:
        new = _hidden(handle, new) if handle._requires else stop_gradient(new) if requires else new
    handle._become(new)
    handle._requires = handle._requires or (recorded and requires)


def _overlaid(handle: Handle, target: Chain, own: Chain, node: Node) -> Node:
    if target == own:
        return node
    placed = _moved(own, _put(target, node))
    if target and node.size < target[0].inputs[0].size:
        old = handle._operand(mode.trace)
        if not _is_zero(old):
            there = _moved(own, _put(target, ops.constant(True, bool_, node.shape)))
            return ops.where(there, placed, old)
    return placed


def _is_zero(node: Node) -> bool:
    """Whether a node is zeros, so that what is put among zeros is the whole new value: a dilation is one then."""
    if node.op.name == "broadcast_to":
        (node,) = node.inputs
    return node.op is CONSTANT and node["value"] in ("0", "0.0", "False")


def _place_of(handle: Handle) -> Node:
    return leaf(_PLACE, shape_of(handle), bool_)


def _put(chain: Chain, value: Node) -> Node:
    """`value` moved back to where the chain begins, zeros elsewhere: the transpose of reading."""
    for node in reversed(chain):
        assert node.op.vjp is not None
        (found,) = node.op.vjp(value, node)
        assert found is not None
        value = found
    return value


def _moved(chain: Chain, value: Node) -> Node:
    """`value` moved as the chain says."""
    for node in chain:
        value = make(node.op, (value,), **dict(node.attrs))
    return value


def _hidden(handle: Handle, new: Node) -> Node:
    """The value `new`, through which the gradient of the old value flows."""
    return ops.custom_vjp(stop_gradient(new), [handle._operand(mode.trace)], _hand_on)


def _hand_on(g: Node) -> list[Node | None]:
    return [g]
