"""What lowering may know about a machine. A backend makes the description; nothing in lowering asks elsewhere."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """A CPU: its instruction set, the size and number of its vector registers, and its data caches in bytes."""

    isa: str
    vector_bytes: int
    registers: int
    l1_bytes: int
    l2_bytes: int
    l3_bytes: int

    def lanes(self, itemsize: int) -> int:
        """How many elements of `itemsize` bytes one vector register holds; at least 1."""
        return max(1, self.vector_bytes // itemsize)
