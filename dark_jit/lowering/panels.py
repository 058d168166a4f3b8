"""Kernels whose last axis is cut into panels: some vectors that are computed together."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dark_jit.lowering.contraction_spec import Kind
from dark_jit.lowering.kernel import KernelSpec


@dataclass(frozen=True)
class Panels(KernelSpec):
    """A kernel whose last axis comes in panels of `panel` elements, whole vectors; the last panel may have fewer."""

    panel: int

    @property
    def vectors(self) -> int:
        """The vectors of a panel."""
        return self.panel // self.lanes

    @property
    def panels(self) -> int:
        """How many panels there are."""
        return math.ceil(self.axes[-1] / self.panel)

    @property
    def panel_kinds(self) -> tuple[Kind, ...]:
        """Whole panels, a last one with fewer elements, or both."""
        if self.axes[-1] % self.panel == 0:
            return ("body",)
        return ("body", "edge") if self.panels > 1 else ("edge",)

    def width(self, kind: Kind) -> int:
        """The elements of a kind of panel."""
        return self.panel if kind == "body" else self.axes[-1] % self.panel

    @property
    def vector_counts(self) -> tuple[int, ...]:
        """The vectors of panels of each kind."""
        return tuple(dict.fromkeys(math.ceil(self.width(kind) / self.lanes) for kind in self.panel_kinds))


@dataclass(frozen=True)
class ScratchPanels(Panels):
    """The same, with memory for numbers on their way: the argument `scratch`, which `slots` workers share."""

    scratch: int
    slots: int

    @property
    def most_workers(self) -> int:
        """Each has a part of the scratch memory."""
        return self.slots

    @property
    def bytes(self) -> int:
        """Of all buffers but the scratch memory, which stays in caches."""
        return super().bytes - self.arguments[self.scratch].bytes
