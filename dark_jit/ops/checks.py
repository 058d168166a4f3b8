"""Checks that many operations share: axes, shapes, pairs. All raise DarkErrors that say what was given."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any

from dark_jit.errors import ArgumentError, AxisError, ShapeError


def integer(value: Any, what: str) -> int:
    """`value` as an int. Raises ArgumentError, naming `what`, for anything that is not a whole number."""
    try:
        return operator.index(value)
    except TypeError:
        raise ArgumentError(f"{what} must be an integer, got {value!r}") from None


def axis_of(axis: Any, ndim: int) -> int:
    """An axis counted from the front. Raises AxisError where there is none such."""
    found = integer(axis, "axis")
    if not -ndim <= found < ndim:
        raise AxisError(f"axis {found} is out of range for an array of {ndim} axes")
    return found % ndim


def axes_of(axes: int | Sequence[int] | None, ndim: int) -> tuple[int, ...]:
    """Several axes counted from the front, in the order given; None means all. Raises ArgumentError for repeats."""
    if axes is None:
        return tuple(range(ndim))
    found = tuple(axis_of(a, ndim) for a in axes) if isinstance(axes, Sequence) else (axis_of(axes, ndim),)
    if len(set(found)) != len(found):
        raise ArgumentError(f"axes {axes} name one axis twice")
    return found


def shape_of(shape: Any, allow_unknown: bool = False) -> tuple[int, ...]:
    """A shape as a tuple of ints >= 0 (or -1 where allowed). Raises ShapeError."""
    extents = shape if isinstance(shape, Sequence) else (shape,)
    found = tuple(integer(extent, "an extent") for extent in extents)
    if any(extent < (-1 if allow_unknown else 0) for extent in found):
        raise ShapeError(f"extents must not be negative, got shape {found}")
    return found


def pair_of(value: Any, what: str, least: int) -> tuple[int, int]:
    """An int or a pair of ints as a pair, each at least `least`. Raises ArgumentError, naming `what`."""
    values = tuple(value) if isinstance(value, Sequence) else (value, value)
    found = tuple(integer(v, what) for v in values)
    if len(found) != 2:
        raise ArgumentError(f"{what} must be an int or a pair of ints, got {value!r}")
    if min(found) < least:
        raise ArgumentError(f"{what} must be at least {least}, got {value!r}")
    return found[0], found[1]
