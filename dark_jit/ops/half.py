"""Floats of 16 bits: which operations move them as they are, and what the others mean.

What computes works in float32, and each result is rounded once: so sums and products are gathered in float32, as in
PyTorch and XLA. That is said in two ways, which are held to each other: `meaning` for the reference, node by node, and
transforms/widen.py for what is compiled.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from dark_jit import dtypes
from dark_jit.graph.node import Node, intern_node
from dark_jit.ops.elementwise import cast

Array = np.ndarray[Any, Any]

_KINDS = ("leaf", "constant", "movement", "marker")
_NAMES = ("where", "copy", "take", "take_along_axis", "put", "put_along_axis")


def moves(node: Node) -> bool:
    """Whether the operation brings elements to other places, and looks at none."""
    return node.op.kind in _KINDS or node.op.name in _NAMES


def is_computed(node: Node) -> bool:
    """Whether the operation computes with floats of 16 bits, or makes some."""
    if node.op.name == "cast" or moves(node):
        return False
    return dtypes.is_half(node.dtype) or any(dtypes.is_half(source.dtype) for source in node.inputs)


def wide_node(node: Node, inputs: tuple[Node, ...]) -> Node:
    """The same operation of float32."""
    dtype = dtypes.float32 if dtypes.is_half(node.dtype) else node.dtype
    return intern_node(node.op, inputs, node.attrs, node.shape, dtype)


def meaning(node: Node, *arrays: Array) -> Array:
    """The result by NumPy."""
    if not is_computed(node):
        return np.asarray(node.op.numpy(node, *arrays))
    wide = [dtypes.convert(x, dtypes.float32) if dtypes.is_half(x.dtype) else x for x in arrays]
    result = np.asarray(node.op.numpy(wide_node(node, node.inputs), *wide))
    return dtypes.convert(result, node.dtype) if dtypes.is_half(node.dtype) else result


def rounded_once(function: Callable[..., Node]) -> Callable[..., Node]:
    """A composed function that computes in float32 throughout where operands have 16 bits: the result, which is of
    their common dtype, is rounded, and no step."""

    @functools.wraps(function)
    def wrapped(*args: Any, **options: Any) -> Node:
        nodes = [x for x in (*args, *options.values()) if isinstance(x, Node) and dtypes.is_float(x.dtype)]
        if not any(dtypes.is_half(x.dtype) for x in nodes):
            return function(*args, **options)
        dtype = functools.reduce(dtypes.promote, (x.dtype for x in nodes))
        result = function(*map(_wide, args), **{name: _wide(x) for name, x in options.items()})
        return cast(result, dtype) if dtypes.is_float(result.dtype) else result

    return wrapped


def _wide(x: Any) -> Any:
    return cast(x, dtypes.float32) if isinstance(x, Node) and dtypes.is_half(x.dtype) else x
