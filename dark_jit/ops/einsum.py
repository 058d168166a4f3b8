"""Einstein summation: transposed, reshaped, multiplied pair by pair, summed. Nothing here has a kernel of its own.

An operand is a node with one label for each axis. Pairs are contracted in a greedy order: the next one is the pair
whose product takes least memory beyond what it replaces (Smith and Gray 2018, "opt_einsum"). A pair becomes a matrix
product over the labels that both have and nothing needs any more.
"""

from __future__ import annotations

import itertools
import math
import string
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from dark_jit import dtypes
from dark_jit.errors import ArgumentError, DTypeError, ShapeError
from dark_jit.graph.node import Node, Shape
from dark_jit.ops.checks import axes_of, integer
from dark_jit.ops.elementwise import cast, multiply
from dark_jit.ops.matmul import matmul
from dark_jit.ops.movement import broadcast_to, moveaxis, reshape, slice_, transpose
from dark_jit.ops.reduction import sum_

Labels = tuple[str, ...]


@dataclass(frozen=True)
class _Operand:
    node: Node
    labels: Labels

    def extent(self, label: str) -> int:
        return self.node.shape[self.labels.index(label)]

    def extents(self, labels: Labels) -> Shape:
        return tuple(self.extent(label) for label in labels)

    def ordered(self, labels: Labels) -> Node:
        """The node with its axes in the order of labels."""
        return transpose(self.node, [self.labels.index(label) for label in labels])

    def summed(self, kept: set[str]) -> _Operand:
        """Without the labels that are not kept."""
        gone = tuple(axis for axis, label in enumerate(self.labels) if label not in kept)
        labels = tuple(label for label in self.labels if label in kept)
        return _Operand(_summed(self.node, gone), labels) if gone else self


def einsum(subscripts: str, *operands: Node) -> Node:
    """The sum of products that `subscripts` names: "ij,jk->ik" is a matrix product, "ii->i" a diagonal.

    "..." stands for any axes, which broadcast. Without "->" the result has the labels that appear once, in alphabetical
    order, behind the axes of "...". Extents of 1 broadcast. Raises ArgumentError, ShapeError, DTypeError.
    """
    if not operands:
        raise ArgumentError(f"einsum {subscripts!r} has no operands")
    dtype = operands[0].dtype
    for x in operands[1:]:
        dtype = dtypes.promote(dtype, x.dtype)
    if dtype == dtypes.bool_:
        raise DTypeError("einsum is not defined for bool; use astype first")
    terms, output = _parsed(subscripts, operands)
    found = [_diagonal(subscripts, _Operand(cast(x, dtype), t)) for x, t in zip(operands, terms, strict=True)]
    result = _contracted(_broadcast(subscripts, found), output)
    return result.ordered(output)


def _parsed(subscripts: str, operands: Sequence[Node]) -> tuple[list[Labels], Labels]:
    """The labels of each operand's axes, and of the result's. Those of "..." are numbers, counted from the right."""
    text = "".join(subscripts.split())
    inputs, arrow, result = text.partition("->")
    terms = inputs.split(",")
    if len(terms) != len(operands):
        raise ArgumentError(f"einsum {subscripts!r} names {len(terms)} operands, got {len(operands)}")
    labels = [_labels(subscripts, term, x.shape) for term, x in zip(terms, operands, strict=True)]
    most = max(sum(label.isdigit() for label in found) for found in labels)
    rest = _rest(most)
    used = Counter(itertools.chain.from_iterable(labels))
    if not arrow:
        once = sorted(label for label, count in used.items() if count == 1 and not label.isdigit())
        return labels, (*rest, *once)
    output = _split(subscripts, result, rest)
    missing = [label for label in output if label not in used]
    if missing or len(set(output)) < len(output):
        raise ArgumentError(f"einsum {subscripts!r}: the result may have each label once, and only labels of operands")
    if rest and "..." not in result:
        raise ArgumentError(f"einsum {subscripts!r}: '...' stands for {most} axes, which the result must have too")
    return labels, output


def _rest(count: int) -> Labels:
    """The labels of the axes of "...": 0 is the last."""
    return tuple(str(number) for number in reversed(range(count)))


def _labels(subscripts: str, term: str, shape: Shape) -> Labels:
    extra = len(shape) - len(term.replace("...", "", 1))
    if extra < 0 or (extra > 0 and "..." not in term):
        raise ShapeError(f"einsum {subscripts!r}: {term!r} does not fit an operand of {len(shape)} axes, {shape}")
    return _split(subscripts, term, _rest(extra))


def _split(subscripts: str, term: str, rest: Labels) -> Labels:
    before, dots, behind = term.partition("...")
    if not all(letter in string.ascii_letters for letter in before + behind):
        raise ArgumentError(f"einsum {subscripts!r}: {term!r} must consist of letters and at most one '...'")
    return (*before, *(rest if dots else ()), *behind)


def _diagonal(subscripts: str, operand: _Operand) -> _Operand:
    """The operand with each label once: where one appears again, the axes are walked together."""
    for label, count in Counter(operand.labels).items():
        for _ in range(count - 1):
            first = operand.labels.index(label)
            second = operand.labels.index(label, first + 1)
            n, m = operand.node.shape[first], operand.node.shape[second]
            if n != m:
                raise ShapeError(f"einsum {subscripts!r}: label {label!r} has extents {n} and {m} in one operand")
            others = tuple(a for i, a in enumerate(operand.labels) if i not in (first, second))
            operand = _Operand(diagonal(operand.node, first, second), (*others, label))
    return operand


def diagonal(x: Node, first: int, second: int, offset: int = 0) -> Node:
    """The elements whose index along axis `second` is that along `first` plus the offset: a last axis instead of both.

    A slice with a step of one more than a row of the flattened matrix.
    """
    matrix = moveaxis(x, (first, second), (-2, -1))
    rows, columns = matrix.shape[-2:]
    start = offset if offset >= 0 else -offset * columns
    count = max(0, min(rows + min(offset, 0), columns - max(offset, 0)))
    flat = reshape(matrix, (*matrix.shape[:-2], rows * columns))
    stop = start + (count - 1) * (columns + 1) + 1 if count else 0
    diagonals = (start if count else 0, stop, columns + 1)
    return slice_(flat, [*((0, n, 1) for n in flat.shape[:-1]), diagonals])


def _broadcast(subscripts: str, operands: Sequence[_Operand]) -> list[_Operand]:
    """The operands with equal extents for equal labels."""
    extents: dict[str, int] = {}
    for operand in operands:
        for label, extent in zip(operand.labels, operand.node.shape, strict=True):
            if 1 not in (extent, extents.get(label, 1)) and extents[label] != extent:
                where = "'...'" if label.isdigit() else f"label {label!r}"
                raise ShapeError(
                    f"einsum {subscripts!r}: {where} has extents {extents[label]} and {extent}; shapes are "
                    f"{' and '.join(str(x.node.shape) for x in operands)}"
                )
            extents[label] = extent if extents.get(label, 1) == 1 else extents[label]
    return [_Operand(broadcast_to(x.node, [extents[label] for label in x.labels]), x.labels) for x in operands]


def _contracted(operands: list[_Operand], output: Labels) -> _Operand:
    """One operand with the labels of the result, in any order."""
    while len(operands) > 1:
        operands = [x.summed(_needed(operands, (x,), output)) for x in operands]
        first, second = _cheapest_pair(operands, output)
        product = _product(first, second, _needed(operands, (first, second), output))
        operands = [product if x is first else x for x in operands if x is not second]
    return operands[0].summed(set(output))


def _needed(operands: Sequence[_Operand], of: Sequence[_Operand], output: Labels) -> set[str]:
    """The labels that the result, or another operand than these, has."""
    return set(output).union(*(x.labels for x in operands if not any(x is one for one in of)))


def _cheapest_pair(operands: Sequence[_Operand], output: Labels) -> tuple[_Operand, _Operand]:
    def cost(pair: tuple[_Operand, _Operand]) -> tuple[int, int]:
        """Elements of the product more than those that it replaces; of equals, the one with fewer multiplications."""
        kept = _needed(operands, pair, output)
        extents = {label: x.extent(label) for x in pair for label in x.labels}
        product = math.prod(extent for label, extent in extents.items() if label in kept)
        return product - sum(x.node.size for x in pair), math.prod(extents.values())

    return min(itertools.combinations(operands, 2), key=cost)


def _product(first: _Operand, second: _Operand, kept: set[str]) -> _Operand:
    """The product of two operands, summed over the labels of both that are not kept.

    Where one has no labels of its own it is a vector: a sum of products serves as well as a product of matrices.
    """
    shared = tuple(label for label in first.labels if label in second.labels)
    batch, reduced = tuple(x for x in shared if x in kept), tuple(x for x in shared if x not in kept)
    left = tuple(label for label in first.labels if label not in shared)
    right = tuple(label for label in second.labels if label not in shared)
    labels = (*batch, *left, *right)
    shape = first.extents((*batch, *left)) + second.extents(right)
    if not (reduced and left and right):
        wide = first.extents((*batch, *left)) + tuple(1 for _ in right) + first.extents(reduced)
        x = reshape(first.ordered((*batch, *left, *reduced)), wide)
        tall = second.extents(batch) + tuple(1 for _ in left) + second.extents((*right, *reduced))
        y = reshape(second.ordered((*batch, *right, *reduced)), tall)
        return _Operand(_summed(multiply(x, y), tuple(range(len(labels), len(labels) + len(reduced)))), labels)
    rows, columns = math.prod(first.extents(left)), math.prod(second.extents(right))
    count, over = math.prod(first.extents(reduced)), first.extents(batch)
    x = reshape(first.ordered((*batch, *left, *reduced)), (*over, rows, count))
    y = reshape(second.ordered((*batch, *reduced, *right)), (*over, count, columns))
    return _Operand(reshape(matmul(x, y), shape), labels)


def _summed(x: Node, axes: tuple[int, ...]) -> Node:
    """The sum in the dtype of x: integers wrap around, as those of a matrix product."""
    return cast(sum_(x, axes), x.dtype)


def tensordot(x: Node, y: Node, axes: int | tuple[Sequence[int], Sequence[int]] = 2) -> Node:
    """The sum of products over pairs of axes: the last ones of x with the first of y (an int), or those given.

    The other axes of x come first, then those of y. Raises ArgumentError, ShapeError, DTypeError.
    """
    of_x, of_y = _pairs_of_axes(x, y, axes)
    if any(x.shape[a] != y.shape[b] for a, b in zip(of_x, of_y, strict=True)):
        raise ShapeError(f"tensordot of shapes {x.shape} and {y.shape}: the extents of axes {of_x} and {of_y} differ")
    dtype = dtypes.promote(x.dtype, y.dtype)
    if dtype == dtypes.bool_:
        raise DTypeError("tensordot is not defined for bool; use astype first")
    ours = tuple(f"x{axis}" for axis in range(x.ndim))
    theirs = tuple(ours[of_x[of_y.index(axis)]] if axis in of_y else f"y{axis}" for axis in range(y.ndim))
    kept = [label for label in (*ours, *theirs) if ours.count(label) + theirs.count(label) == 1]
    found = _product(_Operand(cast(x, dtype), ours), _Operand(cast(y, dtype), theirs), set(kept))
    return found.ordered(tuple(kept))


def _pairs_of_axes(
    x: Node, y: Node, axes: int | tuple[Sequence[int], Sequence[int]]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if isinstance(axes, Sequence):
        if len(axes) != 2:
            raise ArgumentError(f"tensordot: axes must be an int or a pair of sequences, got {axes!r}")
        found = axes_of(axes[0], x.ndim), axes_of(axes[1], y.ndim)
        if len(found[0]) != len(found[1]):
            raise ArgumentError(f"tensordot needs as many axes of one as of the other, got {axes!r}")
        return found
    count = integer(axes, "axes")
    if not 0 <= count <= min(x.ndim, y.ndim):
        raise ArgumentError(f"tensordot over {count} axes of arrays of shapes {x.shape} and {y.shape}")
    return tuple(range(x.ndim - count, x.ndim)), tuple(range(count))
