"""The same elements at other places: shapes, orders, joined, repeated, chosen by index."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import dark_jit as dark
from dark_jit.errors import AxisError, DTypeError, ShapeError
from dark_jit.testing.battery import OpCase, Refusal

from .elementwise import ALL, numbers

Function = Callable[..., Any]

_X = numbers(0, -3, 3, 3, 8)
_Y = numbers(1, -3, 3, 3, 8)
_PLACES = np.array([2, 0, -1, 2])


def moved(name: str, *given: Any, numpy: Any = None, refuses: Any = (), **more: Any) -> OpCase:
    """A function of an array that NumPy has too, with these further arguments."""
    ours: Function = getattr(dark, name)
    theirs: Function = numpy or (lambda x: getattr(np, name)(x, *given))
    shapes = more.pop("shapes", ())
    wrong = [Refusal([np.ones(shape)], error, message) for shape, error, message in refuses]
    others = [[numbers(2, -1, 1, *shape)] for shape in shapes]
    return OpCase(name, lambda x: ours(x, *given), theirs, [_X], ALL, others, wrong, **more)


def joined(name: str, **options: Any) -> OpCase:
    """Two arrays made one."""
    return OpCase(
        name,
        lambda x, y: getattr(dark, name)([x, y], **options),
        lambda x, y: getattr(np, "stack" if name == "stack" else "concatenate")([x, y], **options),
        [_X, _Y],
        ALL,
        [[_X[:, :0], _Y[:, :0]], [_X[:1], _Y[:1]]],
        [Refusal([_X, _Y[:, 0]], ShapeError, name if name == "stack" else "concatenate|cat")],
    )


def _dilated(x: Any) -> Any:
    found = np.zeros((*x.shape[:-2], 2 * x.shape[-2] - 1, 3 * x.shape[-1] - 2), x.dtype)
    found[..., ::2, ::3] = x
    return found


def _diagonals(x: Any) -> Any:
    return np.diagonal(x, 1)


_MOVED = [
    moved("broadcast_to", (2, 3, 8), refuses=[((3, 7), ShapeError, "broadcast")]),
    moved("copy", shapes=[(), (0, 3)]),
    moved("diag", 1, shapes=[(5,), (0,)], refuses=[((2, 2, 2), ShapeError, "diag")]),
    moved("diagonal", 1, numpy=_diagonals, refuses=[((3,), ShapeError, "two axes")]),
    moved("expand_dims", 1, shapes=[(0,)]),
    moved("flip", 1, shapes=[(2, 0), (1, 1), (2, 3, 5)], refuses=[((3,), AxisError, "axis 1 is out of range")]),
    moved("matrix_transpose", shapes=[(2, 3, 1), (0, 3)], refuses=[((3,), ShapeError, "two axes")]),
    moved("moveaxis", 0, -1, shapes=[(2, 3, 5)]),
    moved("pad", ((1, 0), (2, 3)), shapes=[(0, 2), (1, 1)]),
    moved("ravel", shapes=[(), (2, 0)]),
    moved("repeat", 2, 1, shapes=[(2, 0), (2, 3, 5)]),
    moved("reshape", (4, 6), refuses=[((5,), ShapeError, "reshape|elements")]),
    moved("roll", 2, 1, shapes=[(2, 0), (2, 1)]),
    moved("split", 3, refuses=[((4, 2), ShapeError, "split")]),
    moved("squeeze", numpy=np.squeeze, shapes=[(1, 3, 1), (1,)]),
    moved("swapaxes", 0, 1, shapes=[(2, 0)]),
    moved("tile", (2, 3), shapes=[(2,), (0, 1)]),
    moved("transpose", shapes=[(), (2, 3, 5), (0, 2)]),
    moved("tril", 1, shapes=[(3, 3), (2, 5, 5)], refuses=[((3,), ShapeError, "tril")]),
    moved("triu", -1, shapes=[(3, 3), (2, 5, 5)]),
    moved("unstack", numpy=list),
]
_CHOSEN = [
    OpCase(
        "take",
        lambda x, i: dark.take(x, i, 0),
        lambda x, i: np.take(x, i, 0),
        [_X, _PLACES],
        ALL,
        [[_X, np.array(1)], [_X, np.zeros((2, 0), np.int64)]],
        [Refusal([_X, _PLACES + 0.5], DTypeError, "integer")],
    ),
    OpCase(
        "take_along_axis",
        lambda x, i: dark.take_along_axis(x, i, 0),
        lambda x, i: np.take_along_axis(x, i, 0),
        [_X, np.arange(16).reshape(2, 8) % 3],
        ALL,
        refuses=[Refusal([_X, _PLACES], ShapeError, "take_along_axis")],
    ),
    OpCase(
        "mask",
        dark.mask,
        lambda x, m: x[m],
        [_X, np.arange(3) % 2 == 0],
        ALL,
        refuses=[Refusal([_X, np.ones(3)], DTypeError, "bool mask")],
        traced=False,
        differentiable=1,
    ),
    OpCase(
        "one_hot",
        lambda i: dark.one_hot(i, 4),
        lambda i: np.equal(i[..., None], np.arange(4)),
        [np.arange(6).reshape(2, 3) % 4],
        {"iu": "float32"},
        differentiable=0,
    ),
]
_OTHERS = [
    *(joined(name) for name in ("cat", "concat", "concatenate")),
    joined("stack", axis=1),
    OpCase("broadcast_arrays", dark.broadcast_arrays, np.broadcast_arrays, [_X, _Y[:1]], ALL),
    OpCase("meshgrid", dark.meshgrid, np.meshgrid, [_X[0], _Y[1, :3]], ALL),
    OpCase("diff", lambda x: dark.diff(x, 2), lambda x: np.diff(x, 2), [_X], ALL, [[_X[:, :2]]]),
    OpCase("dilate", lambda x: dark.dilate(x, (2, 3)), _dilated, [_X], ALL, [[_X[:1, :1]]]),
    OpCase("trace", dark.trace, np.trace, [_X], {"f": "same", "bi": "int64", "u": "uint64"}),
]

CASES = [*_MOVED, *_CHOSEN, *_OTHERS]
