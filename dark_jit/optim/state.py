"""Loading a state_dict into Tensors that are there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dark_jit as dark


def load(what: str, own: Mapping[str, dark.Tensor], state: Mapping[str, Any]) -> None:
    """Assign each value to the Tensor of its name; nothing is assigned where anything does not fit.

    Raises ArgumentError for names that are missing or unexpected, ShapeError for other shapes.
    """
    missing, unexpected = sorted(own.keys() - state.keys()), sorted(state.keys() - own.keys())
    if missing or unexpected:
        raise dark.ArgumentError(f"load_state_dict of {what}: missing {missing}, unexpected {unexpected}")
    values = {name: dark.asarray(value) for name, value in state.items()}
    for name, value in values.items():
        if value.shape != own[name].shape:
            raise dark.ShapeError(
                f"load_state_dict of {what}: {name} has shape {own[name].shape}, the given value has {value.shape}"
            )
    for name, value in values.items():
        own[name].data = value
