"""Larger images, composed of primitives."""

from __future__ import annotations

from collections.abc import Sequence

from dark_jit.dtypes import DType
from dark_jit.errors import ArgumentError, ShapeError
from dark_jit.graph.node import Node
from dark_jit.ops.checks import pair_of
from dark_jit.ops.elementwise import abs_, add, cast, divide, iota, maximum, minimum, subtract
from dark_jit.ops.matmul import matmul
from dark_jit.ops.movement import broadcast_to, expand_dims, reshape, transpose
from dark_jit.ops.reduction import require_float


def upsample2d(x: Node, scale_factor: int | Sequence[int] = 2, mode: str = "nearest") -> Node:
    """Images x (N, C, H, W) enlarged by whole factors, an int or a pair.

    mode: "nearest" repeats pixels; "bilinear" interpolates between the pixels' centres, beyond the outermost ones
    constant (PyTorch's align_corners=False). It needs floats, and an infinity or NaN reaches its row and column. Raises
    ShapeError, ArgumentError, DTypeError.
    """
    if x.ndim != 4:
        raise ShapeError(f"upsample2d needs x (N, C, H, W), got shape {x.shape}")
    factors = pair_of(scale_factor, "scale_factor", 1)
    if mode == "nearest":
        return _repeated(x, *factors)
    if mode != "bilinear":
        raise ArgumentError(f"upsample2d: mode must be 'nearest' or 'bilinear', got {mode!r}")
    require_float(x, "upsample2d with mode 'bilinear'")
    rows, columns = (_interpolation(x.shape[2 + i], factors[i], x.dtype) for i in range(2))
    return matmul(rows, matmul(x, transpose(columns)))


def _repeated(x: Node, height: int, width: int) -> Node:
    n, c, h, w = x.shape
    tiles = broadcast_to(reshape(x, (n, c, h, 1, w, 1)), (n, c, h, height, w, width))
    return reshape(tiles, (n, c, h * height, w * width))


def _interpolation(extent: int, factor: int, dtype: DType) -> Node:
    """The matrix (extent * factor, extent) that interpolates along an axis: hat functions around the pixels' centres.

    Output i lies at (i + 1/2) / factor - 1/2; pixel j has the weight max(0, 1 - distance) there.
    """
    place = subtract(divide(add(cast(iota(extent * factor), dtype), 0.5), float(factor)), 0.5)
    inside = minimum(maximum(place, 0.0), float(max(extent - 1, 0)))
    distance = abs_(subtract(expand_dims(inside, 1), cast(iota(extent), dtype)))
    return maximum(subtract(1.0, distance), 0.0)
