"""Two-dimensional max-pooling, and its gradient.

    pool           out[n, i, j, c] = max of x[n, h, w, c] over the pixels of window (i, j)
    select         out[n, i, j, c] = v[n, h, w, c] where (h, w) is the first maximum of window (i, j)
    scatter        out[n, h, w, c] = sum of g[n, i, j, c] over the windows whose first maximum is (h, w)

Window (i, j) begins at pixel (i * stride - padding) and is clipped to the image, of which it covers a pixel at least.
NaN counts as the maximum. Vectors run along the last axis, the channels; how the arrays lie in memory is up to their
accesses, which have no valid ranges.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from dark_jit.lowering.kernel import Argument, Body, KernelSpec, Load

Pair = tuple[int, int]

BAND = 4  # rows of windows


@dataclass(frozen=True)
class Windows:
    """The windows of an image: (vertical, horizontal) extents of `image`, of the grid of windows, and of one window."""

    image: Pair
    grid: Pair
    window: Pair
    stride: Pair
    padding: Pair

    def clipped(self, axis: int) -> bool:
        """Whether some window reaches over the image's edge along an axis (0 vertical, 1 horizontal)."""
        end = (self.grid[axis] - 1) * self.stride[axis] - self.padding[axis] + self.window[axis]
        return self.padding[axis] > 0 or end > self.image[axis]

    @property
    def tile(self) -> bool:
        """Whether no windows overlap and none reaches over the edge: they tile the image, but for what is left over."""
        return self.window == self.stride and not self.clipped(0) and not self.clipped(1)


@dataclass(frozen=True)
class PoolSpec(KernelSpec):
    """axes: (n, rows of windows, columns of windows, c). `load` reads x, over (n, h, w, c); `selected`, if any, v."""

    template: ClassVar[str] = "pool"
    windows: Windows
    load: Load
    selected: Load | None = None

    @property
    def flops(self) -> int:
        """One comparison for each pixel of each window, and the epilogue."""
        return super().flops + math.prod(self.axes) * math.prod(self.windows.window)


@dataclass(frozen=True)
class PoolScatterSpec(KernelSpec):
    """axes: (n, h, w, c), the pixels. `load` reads x over them; `gradient` reads g, over (n, windows, windows, c)."""

    template: ClassVar[str] = "pool_scatter"
    windows: Windows
    load: Load
    gradient: Load

    @property
    def band(self) -> int:
        """Rows of pixels that are one piece of work: few enough for caches; the windows at its ends are done twice."""
        return BAND * self.windows.stride[0]

    @property
    def flops(self) -> int:
        """One comparison for each pixel of each window, and the epilogue."""
        windows, channels = self.axes[0] * math.prod(self.windows.grid), self.axes[-1]
        return super().flops + windows * channels * math.prod(self.windows.window)


@dataclass(frozen=True)
class PoolScatterTilesSpec(PoolScatterSpec):
    """The same for windows that tile the image (Windows.tile): each is looked at once and writes all of its pixels."""

    template: ClassVar[str] = "pool_scatter_tiles"


def scatter(
    axes: tuple[int, ...],
    arguments: tuple[Argument, ...],
    epilogue: Body,
    lanes: int,
    windows: Windows,
    load: Load,
    gradient: Load,
) -> PoolScatterSpec:
    """The kernel that scatters to the pixels `axes`, in the form that fits the windows."""
    kind = PoolScatterTilesSpec if windows.tile else PoolScatterSpec
    return kind(axes, arguments, epilogue, lanes, windows, load, gradient)
