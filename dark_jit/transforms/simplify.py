"""Rewrite rules that make graphs smaller without changing a bit of any result.

`x * 0` and `x + 0.0` stay: NaN, infinities and the sign of zero would be lost.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

import numpy as np

from dark_jit import dtypes
from dark_jit.graph.graph import Graph, rewrite
from dark_jit.graph.node import Node
from dark_jit.ops import elementwise, movement
from dark_jit.ops.elementwise import CAST, CONSTANT, constant
from dark_jit.ops.half import meaning
from dark_jit.ops.matmul import matmul
from dark_jit.ops.reduction import sum_

Rule = Callable[[Node], Node | None]


def scalar_of(node: Node) -> dtypes.Number | None:
    """The number that fills the node, where it is a constant or one stretched to a shape."""
    if node.op.name == "broadcast_to":
        node = node.inputs[0]
    return dtypes.parse_number(node["value"], node.dtype) if node.op is CONSTANT else None


def movement_of_constant(node: Node) -> Node | None:
    """Any rearrangement of equal numbers is one broadcast of the number."""
    if node.op.name not in ("broadcast_to", "reshape", "transpose", "flip", "slice"):
        return None
    value = scalar_of(node.inputs[0])
    return None if value is None else constant(value, node.dtype, node.shape)


def fold_constants(node: Node) -> Node | None:
    """An elementwise operation on numbers is a number."""
    if node.op.kind != "elementwise" or node.op.name == "copy":
        return None
    values = [scalar_of(source) for source in node.inputs]
    if any(value is None for value in values):
        return None
    with np.errstate(all="ignore"):
        arrays = [np.asarray(value, source.dtype) for value, source in zip(values, node.inputs, strict=True)]
        result = meaning(node, *arrays)
    return constant(result.item(), node.dtype, node.shape)


def merge_movements(node: Node) -> Node | None:
    """Two movements of the same kind are one; one that moves nothing is none."""
    if node.op.kind != "movement" or not node.inputs or node.inputs[0].op is not node.op:
        return None
    inner, x = node.inputs[0], node.inputs[0].inputs[0]
    match node.op.name:
        case "reshape":
            return movement.reshape(x, node.shape)
        case "transpose":
            return movement.transpose(x, tuple(inner["axes"][axis] for axis in node["axes"]))
        case "broadcast_to":
            return movement.broadcast_to(x, node.shape)
        case "flip":
            return movement.flip(x, tuple(set(inner["axes"]) ^ set(node["axes"])))
        case "pad":
            pads = zip(inner["pads"], node["pads"], strict=True)
            return movement.pad(x, tuple((a[0] + b[0], a[1] + b[1]) for a, b in pads))
        case "slice":
            return movement.slice_(x, [_nested(a, b) for a, b in zip(inner["ranges"], node["ranges"], strict=True)])
    return None


def _nested(inner: tuple[int, int, int], outer: tuple[int, int, int]) -> tuple[int, int, int]:
    picked = range(*inner)[slice(*outer)]
    return (picked.start, picked[-1] + 1, picked.step) if picked else (0, 0, 1)


def neutral_operand(node: Node) -> Node | None:
    """x * 1, x / 1, x - 0, x + -0, x ** 1."""
    if node.op.name not in ("multiply", "divide", "subtract", "add", "power"):
        return None
    x, y = node.inputs
    left, right, kind = scalar_of(x), scalar_of(y), dtypes.kind_of(node.dtype)
    if right is not None and _is_neutral(node.op.name, right, kind):
        return x
    if node.op.name in ("multiply", "add") and left is not None and _is_neutral(node.op.name, left, kind):
        return y
    return None


def _is_neutral(name: str, value: dtypes.Number, kind: str) -> bool:
    if name in ("multiply", "divide", "power"):
        return value == 1
    if name == "subtract":
        return value == 0 and math.copysign(1, value) > 0
    return value == 0 and (kind != "f" or math.copysign(1, value) < 0)


def double_negative(node: Node) -> Node | None:
    """-(-x)"""
    if node.op.name == "negative" and node.inputs[0].op.name == "negative":
        return node.inputs[0].inputs[0]
    return None


def chosen_by_constant(node: Node) -> Node | None:
    """where(True, x, y), where(c, x, x)"""
    if node.op.name != "where":
        return None
    condition, x, y = node.inputs
    known = scalar_of(condition)
    if x is y or known is not None:
        return x if x is y or known else y
    return None


def multiply_by_minus_one(node: Node) -> Node | None:
    """x * -1 is -x."""
    if node.op.name != "multiply" or not dtypes.is_float(node.dtype):
        return None
    for this, other in (node.inputs, node.inputs[::-1]):
        if scalar_of(other) == -1:
            return elementwise.negative(this)
    return None


def there_and_back(node: Node) -> Node | None:
    """A float cast to a wider dtype and back. The other way round it is a rounding, and stays."""
    if node.op is not CAST or node.inputs[0].op is not CAST:
        return None
    wide, x = node.inputs[0], node.inputs[0].inputs[0]
    floats = dtypes.is_float(wide.dtype) and dtypes.is_float(x.dtype)
    return x if floats and x.dtype == node.dtype and wide.dtype.itemsize > x.dtype.itemsize else None


def transposed_product(node: Node) -> Node | None:
    """(a @ b)^T is b^T @ a^T: the matrix is written in the order in which it is wanted."""
    if node.op.name != "transpose" or node.inputs[0].op.name != "matmul":
        return None
    swapped = (*range(node.ndim - 2), node.ndim - 1, node.ndim - 2)
    if node["axes"] != swapped:
        return None
    a, b = node.inputs[0].inputs
    return matmul(movement.transpose(b, swapped), movement.transpose(a, swapped))


def sum_of_sum(node: Node) -> Node | None:
    """Summing over some axes and then over others is one sum."""
    if node.op.name != "sum" or node.inputs[0].op.name != "sum":
        return None
    inner, x = node.inputs[0]["axes"], node.inputs[0].inputs[0]
    left = [axis for axis in range(x.ndim) if axis not in inner]
    return sum_(x, tuple(sorted((*inner, *(left[axis] for axis in node["axes"])))), dtype=node.dtype)


RULES: tuple[Rule, ...] = (
    transposed_product,
    sum_of_sum,
    movement_of_constant,
    fold_constants,
    merge_movements,
    neutral_operand,
    double_negative,
    chosen_by_constant,
    multiply_by_minus_one,
    there_and_back,
)


def _apply_rules(node: Node, used: Counter[str] | None = None) -> Node | None:
    """Apply rules until none fits; `used` counts them by name."""
    current, changed = node, True
    while changed:
        changed = False
        for rule in RULES:
            better = rule(current)
            if better is not None and better is not current:
                current, changed = better, True
                if used is not None:
                    used[rule.__name__] += 1
    return current


def simplify(graph: Graph, used: Counter[str] | None = None) -> Graph:
    """The graph after all rules, bottom-up, until nothing changes; `used` counts the rules that fitted, by name."""
    while True:
        better = rewrite(graph, lambda node: _apply_rules(node, used))
        if better is graph:
            return graph
        graph = better
