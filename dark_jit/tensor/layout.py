"""Layouts: where the elements of a view lie among the elements of what it views, as NumPy's offset and strides."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dark_jit.graph.node import Node, Shape


@dataclass(frozen=True)
class Layout:
    """Element [i, j, ...] of a view is number offset + i * strides[0] + j * strides[1] + ... in C order."""

    offset: int
    shape: Shape
    strides: tuple[int, ...]

    @staticmethod
    def of(shape: Shape) -> Layout:
        """All elements in C order."""
        return Layout(0, shape, _c_strides(shape))

    @property
    def contiguous(self) -> bool:
        """Whether the elements lie side by side in C order."""
        wanted = _c_strides(self.shape)
        return 0 in self.shape or all(
            s == w for n, s, w in zip(self.shape, self.strides, wanted, strict=True) if n != 1
        )

    def after(self, node: Node) -> Layout | None:
        """The layout of a movement of this view. None where its elements have no strides: NumPy would copy."""
        match node.op.name:
            case "slice":
                ranges = node["ranges"]
                moved = sum(start * s for (start, _, _), s in zip(ranges, self.strides, strict=True))
                steps = tuple(step * s for (_, _, step), s in zip(ranges, self.strides, strict=True))
                return Layout(self.offset + moved, node.shape, steps)
            case "flip":
                axes = node["axes"]
                moved = sum((self.shape[axis] - 1) * self.strides[axis] for axis in axes)
                steps = tuple(-s if axis in axes else s for axis, s in enumerate(self.strides))
                return Layout(self.offset + moved, node.shape, steps)
            case "transpose":
                return Layout(self.offset, node.shape, tuple(self.strides[axis] for axis in node["axes"]))
            case "broadcast_to":
                own = [0] * (node.ndim - len(self.shape)) + [
                    0 if n == 1 else s for n, s in zip(self.shape, self.strides, strict=True)
                ]
                return Layout(self.offset, node.shape, tuple(own))
            case "reshape":
                return self.reshaped(node.shape)
        raise AssertionError(f"{node.op.name} makes no view")

    def reshaped(self, shape: Shape) -> Layout | None:
        """The layout under another shape of as many elements; None where it would need a copy.

        NumPy's rule: neighbouring axes that are walked with one stride are one run, and each run has to be split into
        neighbouring axes of the new shape.
        """
        if self.contiguous:
            return Layout(self.offset, shape, _c_strides(shape))
        runs = self._runs()[::-1]
        strides, left, step = [], 1, 0
        for extent in shape:
            if extent != 1 and left == 1:
                left, step = runs.pop()
            if left % extent:
                return None
            left //= extent
            strides.append(left * step)
        return Layout(self.offset, shape, tuple(strides))

    def _runs(self) -> list[tuple[int, int]]:
        """Extent and stride of the neighbouring axes that merge."""
        runs: list[tuple[int, int]] = []
        for extent, stride in zip(self.shape, self.strides, strict=True):
            if extent == 1:
                continue
            if runs and runs[-1][1] == extent * stride:
                runs[-1] = (runs[-1][0] * extent, stride)
            else:
                runs.append((extent, stride))
        return runs

    def apart_from(self, other: Layout) -> bool:
        """Whether the two surely have no element in common; False where that is not seen easily."""
        if 0 in self.shape or 0 in other.shape:
            return True
        steps = {abs(s) for layout in (self, other) for _, s in layout._runs() if s}
        return any(self._apart(other, modulus) for modulus in (None, *steps))

    def _apart(self, other: Layout, modulus: int | None) -> bool:
        """Whether the elements' numbers, modulo `modulus`, lie in two intervals that do not meet."""
        mine, others = self._interval(modulus), other._interval(modulus)
        return mine is not None and others is not None and (mine[1] < others[0] or others[1] < mine[0])

    def _interval(self, modulus: int | None) -> tuple[int, int] | None:
        """The first and the last element's number (modulo `modulus`, where that wraps nowhere, else None)."""
        first, last = self.offset, self.offset
        for extent, stride in self._runs():
            if modulus is None or stride % modulus:
                first += min(0, (extent - 1) * stride)
                last += max(0, (extent - 1) * stride)
        if modulus is None:
            return first, last
        wrapped = first % modulus
        return (wrapped, wrapped + last - first) if wrapped + last - first < modulus else None


def _c_strides(shape: Shape) -> tuple[int, ...]:
    return tuple(math.prod(shape[axis + 1 :]) for axis in range(len(shape)))
