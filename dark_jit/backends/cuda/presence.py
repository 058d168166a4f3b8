"""Whether there is a card that can be used, found out without loading more than that takes."""

from __future__ import annotations

import ctypes
import functools
import importlib.util
import re
from typing import Any

from dark_jit.config import log
from dark_jit.errors import BackendError

_INSTALL = 'pip install "dark_jit[cuda13]" (or [cuda12])'


def name_of(index: int) -> str:
    """The device's name: "cuda" of the first card, "cuda:1" of the second."""
    return f"cuda:{index}" if index else "cuda"


def index_of(name: str) -> int | None:
    """The card that a device's name means; None where it means no card. "cuda" is card 0."""
    found = re.fullmatch(r"cuda(?::(\d+))?", name)
    return int(found[1] or 0) if found else None


@functools.cache
def usable() -> bool:
    """Whether there is a card, with its driver and CuPy."""
    if not _has_driver():
        return False
    if importlib.util.find_spec("cupy") is None:
        log.info("there is an NVIDIA driver, but no CuPy, so the CPU is used: %s", _INSTALL)
        return False
    try:
        cupy()
    except BackendError as error:
        log.info("%s; the CPU is used", error)
        return False
    return True


def count() -> int:
    """How many cards there are that can be used."""
    return int(cupy().cuda.runtime.getDeviceCount()) if usable() else 0


def _has_driver() -> bool:
    try:
        ctypes.CDLL("libcuda.so.1")
    except OSError:
        return False
    return True


@functools.cache
def cupy() -> Any:
    """CuPy, on a machine that has a card. Raises BackendError, which says what is missing."""
    if not _has_driver():
        raise BackendError(
            "device 'cuda' needs an NVIDIA card with its driver, and there is no libcuda.so.1 here; "
            "'cpu' runs everywhere, 'cuda-emulator' runs the CUDA kernels on the CPU"
        )
    try:
        import cupy  # noqa: PLC0415  (an optional dependency, loaded when first needed)
    except ImportError:
        raise BackendError(f"device 'cuda' needs CuPy: {_INSTALL}") from None
    try:
        cupy.cuda.runtime.getDeviceCount()
    except cupy.cuda.runtime.CUDARuntimeError as error:
        driver, runtime = cupy.cuda.runtime.driverGetVersion(), cupy.cuda.runtime.runtimeGetVersion()
        raise BackendError(
            f"the CUDA driver is for CUDA {_version(driver)}, CuPy for {_version(runtime)}, and the driver says: "
            f"{error}; install a driver that is as new, or the CuPy of the driver's version: {_INSTALL}"
        ) from None
    return cupy


def _version(number: int) -> str:
    return f"{number // 1000}.{number % 1000 // 10}" if number else "none"
