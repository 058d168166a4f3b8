"""Nodes: immutable, hash-consed. Equal nodes are the same object, so `is` compares whole graphs."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from dark_jit.dtypes import DType
from dark_jit.graph import origins
from dark_jit.locks import Lock

Shape = tuple[int, ...]
Attrs = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Op:
    """What can be computed: a primitive operation, defined once (in dark_jit.ops).

    infer: (inputs, attrs) -> shape and dtype of the result; raises a DarkError for what does not fit.
    numpy: (node, *arrays) -> the result by NumPy, the meaning that every backend is held to.
    vjp: (g, node) -> for each input the gradient node, or None where there is none; None: not differentiable.
    kind: how lowering treats it: leaf, constant, elementwise, movement, reduction, scan, contraction, window, gather,
          scatter, sort, marker, assembly (no kernel: those of its inputs write it).
    fault: (node, number) -> the error to raise where its kernel recorded a number in the status word; None: it records
    none.
    """

    name: str
    kind: str
    infer: Callable[[tuple[Node, ...], Attrs], tuple[Shape, DType]]
    numpy: Callable[..., np.ndarray[Any, Any]]
    vjp: Callable[[Node, Node], Sequence[Node | None]] | None = None
    doc: str = ""
    fault: Callable[[Node, int], Exception] | None = None

    def __repr__(self) -> str:
        return f"Op({self.name})"


OPS: dict[str, Op] = {}


def register(op: Op) -> Op:
    """Add a primitive to the table of operations; a name can be taken once."""
    if op.name in OPS:
        raise ValueError(f"operation {op.name!r} is defined already")
    OPS[op.name] = op
    return op


class Node:
    """One operation on nodes. Made by `make` only; compared by identity."""

    __slots__ = ("__weakref__", "attrs", "dtype", "inputs", "op", "shape")

    op: Op
    inputs: tuple[Node, ...]
    attrs: tuple[tuple[str, Hashable], ...]
    shape: Shape
    dtype: DType

    def __getitem__(self, name: str) -> Any:
        """The attribute `name`."""
        for key, value in self.attrs:
            if key == name:
                return value
        raise KeyError(name)

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def size(self) -> int:
        """Number of elements."""
        size = 1
        for extent in self.shape:
            size *= extent
        return size

    def __repr__(self) -> str:
        attrs = "".join(f" {key}={value!r}" for key, value in self.attrs)
        return f"<{self.op.name}{attrs}: {self.dtype.name}{list(self.shape)}>"


_Key = tuple[str, tuple[Node, ...], tuple[tuple[str, Hashable], ...], Shape, DType]
_nodes: WeakValueDictionary[_Key, Node] = WeakValueDictionary()
_lock = Lock()


def make(op: Op, inputs: tuple[Node, ...] = (), **attrs: Hashable) -> Node:
    """The node of an operation; shape and dtype by the operation's own rule. Equal arguments give the same node."""
    shape, dtype = op.infer(inputs, attrs)
    node = intern_node(op, inputs, tuple(sorted(attrs.items())), shape, dtype)
    origins.record(node)
    return node


def intern_node(
    op: Op, inputs: tuple[Node, ...], attrs: tuple[tuple[str, Hashable], ...], shape: Shape, dtype: DType
) -> Node:
    """The one node with these parts. Its origins are the caller's business."""
    key = (op.name, inputs, attrs, shape, dtype)
    node = _nodes.get(key)
    if node is None:
        with _lock:
            node = _nodes.get(key)
            if node is None:
                node = Node()
                node.op, node.inputs, node.attrs, node.shape, node.dtype = op, inputs, attrs, shape, dtype
                _nodes[key] = node
    return node


def rebuild(node: Node, inputs: tuple[Node, ...]) -> Node:
    """The same operation on other inputs (of the same shapes and dtypes); takes over the origins."""
    if inputs == node.inputs:
        return node
    new = intern_node(node.op, inputs, node.attrs, node.shape, node.dtype)
    origins.adopt(new, (node,))
    return new
