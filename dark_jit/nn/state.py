"""Loading a state_dict: names are matched, ours and PyTorch's; shapes are checked; only then is anything assigned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

import dark_jit as dark


class Loaded(NamedTuple):
    """The names that a state_dict lacked, and those that it had too many."""

    missing_keys: list[str]
    unexpected_keys: list[str]


def load(
    what: str, own: Mapping[str, dark.Tensor], foreign: Mapping[str, str | None], state: Mapping[str, Any], strict: bool
) -> Loaded:
    """Assign the values of a state_dict to our Tensors of these names. `foreign`: other names of ours; None: ignored.

    A Tensor that has several names is loaded by any of them. Raises ArgumentError, ShapeError, naming all offenders.
    """
    given: dict[str, Any] = {}
    for name, value in state.items():
        ours = name if name in own else foreign.get(name, name)
        if ours is not None:
            given[ours] = value
    unexpected = sorted(given.keys() - own.keys())
    found = {id(own[name]) for name in given if name in own}
    missing = sorted({id(value): name for name, value in own.items() if id(value) not in found}.values())
    if strict and (missing or unexpected):
        raise dark.ArgumentError(
            f"load_state_dict of {what}: missing {missing}, unexpected {unexpected}; strict=False loads what fits"
        )
    values = {name: _array(name, value) for name, value in given.items() if name in own}
    _check_shapes(what, own, values)
    for name, value in values.items():
        own[name].data = value.reshape(own[name].shape)
    return Loaded(missing, unexpected)


def _array(name: str, value: Any) -> Any:
    if isinstance(value, dark.Tensor | np.ndarray):
        return value
    try:
        return np.asarray(value)
    except (TypeError, ValueError, RuntimeError) as error:
        raise dark.DTypeError(f"load_state_dict: the value of {name!r} is no array: {error}") from None


def _check_shapes(what: str, own: Mapping[str, dark.Tensor], values: Mapping[str, Any]) -> None:
    wrong = [
        f"{name} has shape {own[name].shape}, the given value has {tuple(value.shape)}"
        for name, value in values.items()
        if not _fits(tuple(value.shape), own[name].shape)
    ]
    if wrong:
        raise dark.ShapeError(f"load_state_dict of {what}: {'; '.join(wrong)}")


def _fits(given: tuple[int, ...], own: tuple[int, ...]) -> bool:
    """Whether shapes are equal, or ours is (1, n, 1, ...) for PyTorch's (n,)."""
    return given == own or (len(given) == 1 and own == (1, *given, *[1] * (len(own) - 2)))
