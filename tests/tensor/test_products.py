"""Sums of products by NumPy's and the Array API's names."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import testing

RNG = np.random.default_rng(0)


def normal(*shapes: tuple[int, ...]) -> list[np.ndarray]:
    return [RNG.normal(size=shape) for shape in shapes]


DOTS = [((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4)), ((), (2, 3)), ((2, 3, 4), (2, 4, 5))]


@pytest.mark.parametrize("shapes", DOTS)
def test_dot_as_numpy(shapes: Any) -> None:
    testing.assert_equivalent(dark.dot, *normal(*shapes), reference=np.dot)


@pytest.mark.parametrize("shapes", [((3,), (3,)), ((2, 3), (4, 3)), ((3,), (2, 3)), ((2, 3), ()), ((2, 1, 4), (3, 4))])
def test_inner_as_numpy(shapes: Any) -> None:
    testing.assert_equivalent(dark.inner, *normal(*shapes), reference=np.inner)


SUMS: dict[str, tuple[Any, Any]] = {
    "outer": (dark.outer, np.outer),
    "vecdot": (dark.vecdot, np.vecdot),
    "tensordot": (lambda a, b: dark.tensordot(a, b, ([1], [2])), lambda a, b: np.tensordot(a, b, ([1], [2]))),
    "tensordot of numbers": (lambda a, b: dark.tensordot(a, b, (1, 2)), lambda a, b: np.tensordot(a, b, (1, 2))),
    "einsum": (lambda a, b: dark.einsum("ij,k...j->...ik", a, b), lambda a, b: np.einsum("ij,k...j->...ik", a, b)),
}


@pytest.mark.parametrize("name", SUMS)
def test_as_numpy(name: str) -> None:
    ours, theirs = SUMS[name]
    testing.assert_equivalent(ours, *normal((2, 3), (4, 1, 3)), reference=theirs)


def test_vecdot_along_another_axis() -> None:
    a, b = normal((2, 3), (2, 1))
    np.testing.assert_allclose(dark.vecdot(a, b, axis=-2).numpy(), np.vecdot(a.T, b.T))


def test_numpys_functions_on_tensors() -> None:
    a, b = normal((2, 3), (3, 4))
    x, y = dark.asarray(a), dark.asarray(b)
    np.testing.assert_allclose(np.einsum("ij,jk->ik", x, y, optimize=True).numpy(), a @ b)
    np.testing.assert_allclose(np.dot(x, y).numpy(), a @ b)
    np.testing.assert_allclose(np.outer(x, y).numpy(), np.outer(a, b))
    np.testing.assert_allclose(x.dot(y).numpy(), a @ b)


def test_numbers_are_operands() -> None:
    (a,) = normal((2, 3))
    np.testing.assert_allclose(dark.einsum(",ij->ji", 2.0, a).numpy(), 2 * a.T)
    np.testing.assert_allclose(dark.dot(a, 3).numpy(), a * 3)
    np.testing.assert_allclose(dark.inner(2.5, a).numpy(), a * 2.5)


@pytest.mark.parametrize(
    "subscripts", ["ij,jk->ik", "ii->i", "ij,ij->", "ij,j->i", "i,j->ij", "bij,bkj->bik", "ij,jk,kl->il", "iij,j->i"]
)
def test_gradients(subscripts: str) -> None:
    terms = subscripts.split("->", maxsplit=1)[0].split(",")
    arrays = normal(*(tuple({"i": 2, "j": 3, "k": 2, "l": 3, "b": 2}[letter] for letter in term) for term in terms))
    testing.gradcheck(lambda *xs: dark.einsum(subscripts, *xs) ** 2, *arrays)

    def first(*xs: Any) -> Any:
        return dark.grad(lambda x: dark.sum(dark.einsum(subscripts, x, *xs[1:]) ** 3))(xs[0])

    testing.gradcheck(first, *arrays)


def test_mistakes() -> None:
    a = np.ones((2, 3))
    for mistake, error, message in (
        (lambda: dark.einsum(a, a), dark.ArgumentError, "begins with its subscripts"),  # type: ignore[arg-type]
        (lambda: dark.einsum("ij"), dark.ArgumentError, "no operands"),
        (lambda: dark.einsum("ij,jk", a, a), dark.ShapeError, "label 'j' has extents 3 and 2"),
        (lambda: dark.vecdot(a, np.ones((2, 1))), dark.ShapeError, "axis -1 differ"),
        (lambda: dark.dot(a, a), dark.ShapeError, "extents of axes"),
    ):
        with pytest.raises(error, match=message):
            mistake()
