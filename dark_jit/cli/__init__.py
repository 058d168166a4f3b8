"""The command `dark-jit`."""

from dark_jit.cli.main import main

__all__ = ["main"]
