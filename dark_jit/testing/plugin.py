"""Fixtures for pytest: a test that asks for `dark_backend` runs once on each backend."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dark_jit.testing.equivalence import BACKENDS, default_backend


@pytest.fixture(params=BACKENDS)
def dark_backend(request: pytest.FixtureRequest) -> Iterator[str]:
    """The name of a backend; lazy and compiled code runs on it during the test."""
    with default_backend(request.param):
        yield request.param
