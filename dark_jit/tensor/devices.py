"""Where arrays live."""

from __future__ import annotations

from dark_jit.errors import ArgumentError


def check_device(device: str | None) -> None:
    """Raise ArgumentError for a device that is not there."""
    if device not in (None, "cpu"):
        raise ArgumentError(f"there is no device {device!r}; the device is 'cpu'")


def is_cuda() -> bool:
    """Whether arrays live on a CUDA device: never, as there is only the CPU so far."""
    return False
