"""Convolutions in which each group has one output channel: depthwise ones, and overlapping average pooling.

There is no matrix product in them. With channels last, vectors run along the groups, and an output is a sum of
products, element by element: a reduction. Kernels whose groups are not neighbours are first laid out so, a vector for
each tap.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from dark_jit.lowering import copying, reduction
from dark_jit.lowering.kernel import (
    Access,
    Apply,
    Argument,
    Body,
    KernelSpec,
    Load,
    dense,
)
from dark_jit.lowering.target import Target

GROUP = -2  # the axis of the groups, before the one of their output channels


@dataclass(frozen=True)
class Plan:
    """First `taps`, if it is there: its arguments are the convolution's kernels and a scratch buffer. Then `sums`,
    whose arguments are those given, and that buffer."""

    taps: KernelSpec | None
    sums: reduction.Plan


def suits(axes: tuple[int, ...], left: Load, right: Load) -> bool:
    """Whether vectors can run along the groups. The accesses cover axes (..., group, output channel) and reduced."""
    lane = len(axes) + GROUP
    return axes[-1] == 1 < axes[GROUP] and left.access.strides[lane] == 1 and not right.access.valid


def plan(
    axes: tuple[int, ...],
    reduced: tuple[int, ...],
    left: Load,
    right: Load,
    epilogue: Body,
    arguments: tuple[Argument, ...],
    target: Target,
) -> Plan:
    """How to compute such a convolution."""
    taps, lane = None, len(axes) + GROUP
    strides = right.access.strides
    if strides[lane] not in (0, 1) and not any(strides[:lane]):
        extents = (*reduced, axes[GROUP])
        scratch = Argument(right.dtype, math.prod(extents))
        source = Access(right.access.offset, (*strides[len(axes) :], strides[lane]))
        read = replace(arguments[right.argument], written=False)
        taps = copying.laid_out(read, replace(right, access=source), extents, target)
        *inner, along = dense(extents).strides
        walk = (*(along if axis == lane else 0 for axis in range(len(axes))), *inner)
        right = Load(right.dtype, len(arguments), Access(0, walk))
        arguments = (*arguments, scratch)
    products = Body((left, right, Apply(left.dtype, "multiply", (0, 1))))
    return Plan(taps, reduction.plan(axes, reduced, products, 2, "sum", epilogue, arguments, target))
