"""Padding with the array's own elements, composed of slices that are joined."""

from __future__ import annotations

from collections.abc import Sequence

from dark_jit.errors import ArgumentError
from dark_jit.graph.node import Node
from dark_jit.ops.movement import broadcast_to, concatenate, flip, slice_

MODES = ("edge", "reflect", "symmetric", "wrap")


def pad_with(x: Node, pads: Sequence[tuple[int, int]], mode: str) -> Node:
    """Put (low, high) elements around each axis, one axis after the other, as NumPy's pad of these modes.

    edge: the outermost one again; reflect: mirrored at its centre; symmetric: mirrored at its outer side; wrap: from
    the other end. Raises ArgumentError for other modes, and where an axis has not enough elements.
    """
    if mode not in MODES:
        raise ArgumentError(f"pad knows the modes 'constant', {', '.join(map(repr, MODES))}, got {mode!r}")
    for axis, (low, high) in enumerate(pads):
        if low < 0 or high < 0:
            raise ArgumentError(f"padding must not be negative, got {tuple(pads)}; slice the array to crop it")
        if low or high:
            _check(x, axis, max(low, high), mode)
            x = concatenate([_before(x, axis, low, mode), x, _behind(x, axis, high, mode)], axis)
    return x


def _check(x: Node, axis: int, most: int, mode: str) -> None:
    extent = x.shape[axis]
    there = extent - 1 if mode == "reflect" else extent
    if not extent or (mode != "edge" and most > there):
        raise ArgumentError(
            f"pad: {most} elements in mode {mode!r} are more than axis {axis} of shape {x.shape} has to give"
        )


def _before(x: Node, axis: int, count: int, mode: str) -> Node:
    extent = x.shape[axis]
    match mode:
        case "edge":
            return _repeated(x, axis, 0, count)
        case "wrap":
            return _part(x, axis, extent - count, extent)
    first = 1 if mode == "reflect" else 0
    return flip(_part(x, axis, first, first + count), axis)


def _behind(x: Node, axis: int, count: int, mode: str) -> Node:
    extent = x.shape[axis]
    match mode:
        case "edge":
            return _repeated(x, axis, extent - 1, count)
        case "wrap":
            return _part(x, axis, 0, count)
    last = extent - 1 if mode == "reflect" else extent
    return flip(_part(x, axis, last - count, last), axis)


def _part(x: Node, axis: int, start: int, stop: int) -> Node:
    return slice_(x, [(start, stop, 1) if i == axis else (0, n, 1) for i, n in enumerate(x.shape)])


def _repeated(x: Node, axis: int, place: int, count: int) -> Node:
    return broadcast_to(_part(x, axis, place, place + 1), (*x.shape[:axis], count, *x.shape[axis + 1 :]))
