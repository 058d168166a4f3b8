"""Arguments and results: nested tuples, lists and dicts with Tensors, arrays and floats as leaves, and static rest."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from enum import Enum
from typing import Any

import numpy as np

from dark_jit.tensor.handle import leaked, returned
from dark_jit.tensor.tensor import Tensor

_ARRAYS = (np.ndarray, np.generic)
_SEQUENCES = (tuple, list)
STATIC = (bool, int, str, bytes, complex, type(None), type, np.dtype, slice, type(Ellipsis), Enum)


def signature(tree: Any, leaves: list[Any], objects: list[Any]) -> Hashable:
    """What a compiled function is keyed by: structure, shapes, dtypes, static values; other objects by identity.

    The leaves (Tensors, arrays, NumPy scalars, floats) are appended to `leaves`, objects of other types to `objects`.
    """
    if isinstance(tree, Tensor):
        if tree._trace is not None and not returned(tree):
            raise leaked(tree)
        leaves.append(tree)
        value: Any = tree._buffer or tree._node
        return value.shape, value.dtype, tree._requires, tree._grad is None
    if isinstance(tree, _ARRAYS):
        leaves.append(tree)
        return tree.shape, tree.dtype
    if isinstance(tree, float):
        leaves.append(tree)
        return float
    if isinstance(tree, _SEQUENCES):
        return type(tree), *[signature(part, leaves, objects) for part in tree]
    if isinstance(tree, dict):
        return dict, *[(key, signature(part, leaves, objects)) for key, part in tree.items()]
    if isinstance(tree, STATIC):
        return type(tree), repr(tree) if isinstance(tree, slice) else tree
    objects.append(tree)
    return object, id(tree)


def is_leaf(value: Any) -> bool:
    """Whether a value is an input of the program, rather than a part of its key."""
    return isinstance(value, Tensor | np.ndarray | np.generic | float)


def leaves_of(tree: Any) -> Iterator[Any]:
    """Everything in a structure that is not a tuple, list or dict, in the order of `signature`."""
    parts = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, _SEQUENCES) else None
    if parts is None:
        yield tree
        return
    for part in parts:
        yield from leaves_of(part)


def mapped(function: Callable[[Any], Any], tree: Any) -> Any:
    """The same structure with `function` of everything that is not a tuple, list or dict."""
    if isinstance(tree, _SEQUENCES):
        parts = [mapped(function, part) for part in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else type(tree)(parts)
    if isinstance(tree, dict):
        return {key: mapped(function, part) for key, part in tree.items()}
    return function(tree)


def described(key: Any) -> str:
    """A signature as text, for explanations."""
    match key:
        case (tuple() as shape, np.dtype() as dtype, *_):
            return f"{dtype.name}{list(shape)}"
        case (kind, *parts) if kind in (tuple, list):
            text = ", ".join(map(described, parts))
            return f"({text})" if kind is tuple else f"[{text}]"
        case (kind, *parts) if kind is dict:
            return "{" + ", ".join(f"{name}: {described(part)}" for name, part in parts) + "}"
        case (kind, _) if kind is object:
            return "object"
        case (_, value):
            return repr(value)
        case _:
            return "float"
