"""Rule 18: no lowered program of a convolution's gradients, or of their gradients, meets an inserted zero.

tests/transforms/test_recognise.py holds the passes to it; here are the programs that users' calls run.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings

import dark_jit as dark

from ..equivalence.programs import numbers
from ..equivalence.strategies import Convolution, convolutions
from ..transforms.test_recognise import inserts_zeros


def first_gradients(case: Convolution) -> Any:
    """A function of image and kernel: the value and both gradients."""
    return dark.value_and_grad(lambda x, k: (dark.conv2d(x, k, **case.keywords) ** 2).sum(), argnums=(0, 1))


def second_gradients(case: Convolution) -> Any:
    """A function of image and kernel: the gradients of the squared norm of the kernel's gradient."""

    def norm(x: Any, k: Any) -> Any:
        gradient = dark.grad(lambda k: (dark.conv2d(x, k, **case.keywords) ** 2).sum())(k)
        return (gradient * gradient).sum()

    return dark.grad(norm, argnums=(0, 1))


def check(function: Any, case: Convolution) -> None:
    x, k = numbers(1, case.x, "float64"), numbers(2, case.k, "float64")
    compiled = dark.compile(function, backend="cpu")
    kernels = compiled.inspect(x, k).kernels
    assert kernels
    for kernel in kernels:
        assert not any(node.op.name == "dilate" or inserts_zeros(node) for node in kernel.nodes)
    wanted = dark.testing.reference(function)(x, k)
    for got, other in zip(flat(compiled(x, k)), flat(wanted), strict=True):
        scale = np.abs(other).max(initial=1.0)
        np.testing.assert_allclose(got / scale, other / scale, rtol=1e-9, atol=1e-11)


def flat(tree: Any) -> list[Any]:
    return [array for part in tree for array in flat(part)] if isinstance(tree, tuple) else [tree.numpy()]


@settings(max_examples=8)
@given(case=convolutions(largest=7))
def test_gradients_meet_no_zeros(case: Convolution) -> None:
    check(first_gradients(case), case)


@settings(max_examples=5)
@given(case=convolutions(largest=5))
def test_gradients_of_gradients_meet_no_zeros(case: Convolution) -> None:
    check(second_gradients(case), case)


def test_a_strided_convolution_as_in_the_article() -> None:
    """Stride 3, padding beyond the kernel, dilation, groups, a kernel that is not square."""
    parameters = {"stride": (3, 2), "padding": (5, 1), "dilation": (2, 1), "groups": 2}
    case = Convolution((2, 4, 9, 8), (6, 2, 3, 2), tuple(parameters.items()))
    check(first_gradients(case), case)
    check(second_gradients(case), case)
