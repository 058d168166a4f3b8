"""Every test here runs on each backend."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def on_each_backend(dark_backend: str) -> None:
    """Makes every test ask for a backend."""
