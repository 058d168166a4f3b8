"""Evaluating an operation on arrays by the reference, and what bad input is held to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from dark_jit.backends import reference
from dark_jit.errors import DarkError
from dark_jit.graph.graph import graph_input
from dark_jit.graph.node import Node

from ..equivalence.programs import graph_of, inputs_of

Array = np.ndarray[Any, Any]


def value(build: Callable[..., Node], *arrays: Any) -> Array:
    """The value of a function of nodes for these arrays."""
    found = [np.asarray(array) for array in arrays]
    nodes = inputs_of(found)
    (result,) = reference.evaluate(graph_of(nodes, [build(*nodes)]), found)
    return result


def means(found: Array, wanted: Any) -> None:
    """Equal to what NumPy computes, in shape and dtype as well; nearly so for floats."""
    expected = np.asarray(wanted)
    assert (found.shape, found.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-12)


def node(*shape: int, dtype: str = "float32", index: int = 0) -> Node:
    """An input of a graph."""
    return graph_input(index, shape, np.dtype(dtype))


def refused(build: Callable[[], Any], error: type[DarkError], *parts: str) -> None:
    """The call raises this error, and its message has all of these parts."""
    with pytest.raises(error) as caught:
        build()
    for part in parts:
        assert part in str(caught.value), f"{part!r} is not in {caught.value!s}"
