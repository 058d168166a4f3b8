"""pad_with: NumPy's modes, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.errors import ArgumentError
from dark_jit.transforms.autodiff import gradients

from .meaning import means, node, refused, value

X = np.arange(24.0).reshape(2, 3, 4)


@pytest.mark.parametrize("mode", ["edge", "reflect", "symmetric", "wrap"])
@pytest.mark.parametrize("pads", [((0, 0), (1, 2), (0, 3)), ((1, 1), (2, 0), (3, 1)), ((0, 0),) * 3])
def test_as_numpy(mode: str, pads: tuple[tuple[int, int], ...]) -> None:
    means(value(lambda x: ops.pad_with(x, pads, mode), X), np.pad(X, pads, mode))  # type: ignore[call-overload]


def test_the_edge_can_be_repeated_any_number_of_times() -> None:
    means(value(lambda x: ops.pad_with(x, [(5, 9)], "edge"), X[0, 0]), np.pad(X[0, 0], (5, 9), "edge"))


def test_gradients_go_back_to_where_the_elements_came_from() -> None:
    def build(x):
        y = ops.pad_with(x, [(2, 1)], "reflect")
        (g,) = gradients([y], [ops.constant(1.0, y.dtype, y.shape)], [x])
        return g

    assert value(build, np.zeros(4)).tolist() == [1, 2, 3, 1]


def test_what_is_refused() -> None:
    refused(lambda: ops.pad_with(node(3), [(1, 1)], "mean"), ArgumentError, "'constant', 'edge'", "'mean'")
    refused(lambda: ops.pad_with(node(3), [(3, 0)], "reflect"), ArgumentError, "3 elements", "'reflect'", "(3,)")
    refused(lambda: ops.pad_with(node(2, 3), [(0, 0), (0, 4)], "wrap"), ArgumentError, "axis 1", "(2, 3)")
    refused(lambda: ops.pad_with(node(3), [(-1, 0)], "edge"), ArgumentError, "must not be negative", "((-1, 0),)")
    refused(lambda: ops.pad_with(node(0), [(1, 0)], "edge"), ArgumentError, "(0,)")
