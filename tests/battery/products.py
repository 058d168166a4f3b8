"""Sums of products."""

from __future__ import annotations

from typing import Any

import numpy as np

import dark_jit as dark
import dark_jit.tensor as dt
from dark_jit.errors import ShapeError
from dark_jit.testing.battery import OpCase, Refusal

from .elementwise import FLOAT, NUMBERS, numbers

_A, _B = numbers(0, -2, 2, 3, 8), numbers(1, -2, 2, 3, 8)
_M, _N = numbers(2, -2, 2, 2, 5, 4), numbers(3, -2, 2, 2, 4, 5)
_TRIPLES = numbers(4, -2, 2, 5, 3)


def product(name: str, args: list[Any], *given: Any, shapes: Any = (), wrong: Any = None, **more: Any) -> OpCase:
    """A function of two arrays that NumPy has too."""
    refuses = [] if wrong is None else [Refusal([np.ones(shape) for shape in wrong[:2]], ShapeError, wrong[2])]
    return OpCase(
        name,
        lambda x, y: getattr(dark, name)(x, y, *given),
        lambda x, y: getattr(np, name)(x, y, *given),
        args,
        NUMBERS,
        [[numbers(5, -1, 1, *x), numbers(6, -1, 1, *y)] for x, y in shapes],
        refuses,
        **more,
    )


def linear(name: str, args: list[Any], *, dtypes: Any = FLOAT, wrong: Any = (), **given: Any) -> OpCase:
    """A function of `linalg`, ours and NumPy's."""
    refuses = [Refusal([np.ones(shape)] * len(args), error, message) for shape, error, message in wrong]
    return OpCase(
        f"linalg.{name}",
        lambda *x: getattr(dt.linalg, name)(*x, **given),
        lambda *x: getattr(np.linalg, name)(*x, **given),
        args,
        dtypes,
        refuses=refuses,
    )


_REAL = {"f": "same"}
CASES = [
    product(
        "matmul",
        [_M, _N],
        shapes=[
            ((3,), (3,)),
            ((2, 3), (3,)),
            ((4, 1, 2, 3), (5, 3, 2)),
            ((0, 3), (3, 2)),
            ((2, 0), (0, 3)),
            ((37, 1), (1, 37)),
        ],
        wrong=((2, 3), (2, 3), "inner extents 3 and 2"),
        kernel=True,
    ),
    product("dot", [_A, _B.T.copy()], shapes=[((3,), (3,)), ((2, 3), (3,))], wrong=((2, 3), (4,), "extents")),
    product("inner", [_A, _B], shapes=[((3,), (3,)), ((0, 3), (2, 3))]),
    product("outer", [_A[0], _B[0, :3]], shapes=[((0,), (3,)), ((2, 2), (3,))]),
    product("tensordot", [_M, _N], ((1,), (2,)), wrong=((2, 3, 4), (2, 3, 4), "extents")),
    product("vecdot", [_A, _B], shapes=[((3,), (2, 3)), ((2, 0), (2, 0))], wrong=((3,), (4,), "extents|broadcast")),
    OpCase(
        "einsum",
        lambda x, y: dark.einsum("bij,bjk->ki", x, y),
        lambda x, y: np.einsum("bij,bjk->ki", x, y),
        [_M, _N],
        NUMBERS,
        refuses=[Refusal([_M, _M], ShapeError, "einsum")],
    ),
    linear("cross", [_TRIPLES, _TRIPLES[::-1]], dtypes=NUMBERS, wrong=[((2, 2), ShapeError, "3 elements")]),
    linear("diagonal", [_M], dtypes={"bfiu": "same"}, offset=1, wrong=[((3,), ShapeError, "two axes")]),
    linear("matrix_norm", [_M], dtypes=_REAL, ord=1, wrong=[((3,), ShapeError, "two axes")]),
    linear("matrix_power", [_M[:, :4]], dtypes=NUMBERS, n=3, wrong=[((2, 3), ShapeError, "square")]),
    linear("trace", [_M], dtypes={"f": "same", "bi": "int64", "u": "uint64"}),
    linear("vector_norm", [_M], dtypes=_REAL, ord=3, axis=-1),
]
