"""Reductions, scans, sorting and searching."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import dark_jit as dark
from dark_jit import ops
from dark_jit.errors import ArgumentError, ShapeError
from dark_jit.tensor.handle import apply
from dark_jit.testing.battery import OpCase, Refusal

from .elementwise import FLOAT, numbers

Function = Callable[..., Any]

ALL = {"bfiu": "same"}
TRUTH = {"bfiu": "bool"}
PLACES = {"bfiu": "int64"}
SUMS = {"f": "same", "bi": "int64", "u": "uint64"}

SHAPES: tuple[tuple[int, ...], ...] = ((1, 1), (5, 1), (1, 37), (3, 37), (2, 3, 5))
NONE = ((0, 3), (3, 0), (2, 0, 3))


def along(
    name: str,
    numpy: Function,
    dtypes: Mapping[str, str],
    of_none: bool = True,
    **more: Any,
) -> OpCase:
    """A function of an array and an axis: along each axis but the last and along the last, and without one.

    of_none: whether it is defined where there are no elements.
    """
    shapes = (*SHAPES, *NONE) if of_none else SHAPES
    ours: Function = getattr(dark, name)

    def function(x: Any) -> list[Any]:
        return [ours(x, axis=axis) for axis in (*range(x.ndim), None)]

    def meaning(x: Any) -> list[Any]:
        return [numpy(x, axis=axis) for axis in (*range(x.ndim), None)]

    args = [numbers(0, 0.3, 2, 3, 5) * np.where(np.arange(15) % 3, 1, -1).reshape(3, 5)]
    given = [[numbers(1, -2, 2, *shape)] for shape in shapes]
    return OpCase(name, function, meaning, args, dtypes, given, **more)


def _sum(x: Any, axis: int | None) -> Any:
    return np.sum(x, axis=axis, dtype=np.float64 if x.dtype.kind == "f" else None)


def _topk(x: Any) -> tuple[Any, Any]:
    places = np.argsort(-x.astype(np.float64), axis=1, kind="stable")[:, :2]
    return np.take_along_axis(x, places, 1), places


def _recurrence(a: Any, b: Any) -> Any:
    found = np.zeros_like(b)
    for j in range(b.shape[1]):
        found[:, j] = b[:, j] + (a[:, j] * found[:, j - 1] if j else 0)
    return found


_X = numbers(0, -2, 2, 3, 5)
_WITH_ZEROS = np.where(np.abs(_X) < 0.7, 0, _X)
_SORTED = np.sort(numbers(2, -2, 2, 9))

CASES = [
    along("all", np.all, TRUTH, differentiable=0),
    along("any", np.any, TRUTH, differentiable=0),
    along("argmax", np.argmax, PLACES, of_none=False, differentiable=0, kernel=True),
    along("argmin", np.argmin, PLACES, of_none=False, differentiable=0, kernel=True),
    along("count_nonzero", np.count_nonzero, PLACES, differentiable=0),
    along("cumprod", np.cumprod, SUMS, kernel=True),
    along("cumsum", np.cumsum, SUMS, kernel=True),
    along("max", np.max, ALL, of_none=False, kernel=True),
    along("mean", np.mean, FLOAT, of_none=False),
    along("min", np.min, ALL, of_none=False, kernel=True),
    along("prod", np.prod, SUMS, kernel=True),
    along("std", np.std, FLOAT, of_none=False),
    along("sum", _sum, SUMS, kernel=True),
    along("var", np.var, FLOAT, of_none=False),
    along("argsort", lambda x, axis: np.argsort(x, axis, kind="stable"), PLACES, differentiable=0, kernel=True),
    along("sort", lambda x, axis: np.sort(x, axis, kind="stable"), ALL),
    OpCase("cumulative_prod", lambda x: dark.cumulative_prod(x, axis=1), lambda x: np.cumprod(x, 1), [_X], SUMS),
    OpCase(
        "cumulative_sum",
        lambda x: dark.cumulative_sum(x, axis=1, include_initial=True),
        lambda x: np.pad(np.cumsum(x, 1), ((0, 0), (1, 0))),
        [_X],
        SUMS,
        refuses=[Refusal([np.ones(())], ArgumentError, "axis")],
    ),
    OpCase(
        "recurrence",
        lambda a, b: apply(ops.recurrence, a, b, axis=1),
        _recurrence,
        [_X, _X[::-1]],
        {"f": "same"},
        kernel=True,
    ),
    OpCase(
        "searchsorted",
        dark.searchsorted,
        np.searchsorted,
        [_SORTED, _X],
        PLACES,
        [[_SORTED[:0], _X], [_SORTED, _X[:0]], [_SORTED, _X[0, 0]]],
        [Refusal([_X, _X], ShapeError, "vector")],
        differentiable=0,
    ),
    OpCase(
        "topk",
        lambda x: dark.topk(x, 2, axis=1),
        _topk,
        [_X],
        {"bfiu": "same int64"},
        refuses=[Refusal([np.ones((3, 1))], ArgumentError, "k")],
    ),
    OpCase("argwhere", dark.argwhere, np.argwhere, [_WITH_ZEROS], PLACES, differentiable=0, traced=False),
    OpCase("flatnonzero", dark.flatnonzero, np.flatnonzero, [_WITH_ZEROS], PLACES, differentiable=0, traced=False),
    OpCase("nonzero", dark.nonzero, np.nonzero, [_WITH_ZEROS], PLACES, differentiable=0, traced=False),
    *(
        OpCase(f"unique_{name}", ours, theirs, [_WITH_ZEROS], dtypes, differentiable=0, traced=False)
        for name, ours, theirs, dtypes in (
            ("all", dark.unique_all, np.unique_all, {"bfiu": "same int64 int64 int64"}),
            ("counts", dark.unique_counts, np.unique_counts, {"bfiu": "same int64"}),
            ("inverse", dark.unique_inverse, np.unique_inverse, {"bfiu": "same int64"}),
            ("values", dark.unique_values, np.unique, ALL),
        )
    ),
]
