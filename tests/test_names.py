"""The public names."""

from __future__ import annotations

from types import ModuleType

import pytest

import dark_jit as dark
import dark_jit.tensor as dt


@pytest.mark.parametrize(
    ("module", "name", "hint"),
    [
        (dark, "maxpool2d", "'dark_jit' has no attribute 'maxpool2d'; did you mean max_pool2d"),
        (dt, "concatenat", "'dark_jit.tensor' has no attribute 'concatenat'; did you mean concatenate or concat?"),
        (dark, "zzz", "'dark_jit' has no attribute 'zzz'"),
    ],
)
def test_an_unknown_name_suggests_the_nearest(module: ModuleType, name: str, hint: str) -> None:
    with pytest.raises(AttributeError) as found:
        getattr(module, name)
    assert hint in str(found.value)
    assert ("did you mean" in str(found.value)) == ("did you mean" in hint)
