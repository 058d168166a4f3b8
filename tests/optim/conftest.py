"""Every test here runs on each backend."""

from __future__ import annotations

import pytest

from dark_jit.testing.plugin import dark_backend

__all__ = ["dark_backend"]


@pytest.fixture(autouse=True)
def on_each_backend(dark_backend: str) -> None:
    """Makes every test ask for a backend."""
