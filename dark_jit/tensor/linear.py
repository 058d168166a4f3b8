"""Products and convolution."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from dark_jit import ops
from dark_jit.errors import DTypeError
from dark_jit.graph.node import Node
from dark_jit.tensor.handle import apply

if TYPE_CHECKING:
    from dark_jit.tensor.tensor import Tensor

Pair = int | Sequence[int]


def matmul(x1: Any, x2: Any) -> Tensor:
    """NumPy's `@`: the last two axes are matrices, the others broadcast; vectors are rows or columns.

    Raises ShapeError.
    """
    return apply(_matmul, x1, x2)


def _matmul(x1: Node, x2: Node) -> Node:
    if not isinstance(x1, Node) or not isinstance(x2, Node):
        raise DTypeError("matmul needs arrays on both sides; use multiply for a number")
    return ops.matmul(x1, x2)


def conv2d(
    x: Any, k: Any, stride: Pair = 1, padding: Pair = 0, *, bias: Any = None, dilation: Pair = 1, groups: int = 1
) -> Tensor:
    """Cross-correlate images x (N, C, H, W) with kernels k (O, C/groups, KH, KW) to (N, O, OH, OW).

    OH = floor((H + 2 padding - dilation (KH - 1) - 1) / stride) + 1, OW likewise; bias is (O,) or (1, O, 1, 1).
    Raises ShapeError, ArgumentError or DTypeError where these do not fit.
    """
    return apply(_conv2d, x, k, bias, stride=stride, padding=padding, dilation=dilation, groups=groups)


def _conv2d(x: Node, k: Node, bias: Node | None, **static: Any) -> Node:
    return ops.conv2d(x, k, bias=bias, **static)


def conv_transpose2d(
    x: Any,
    k: Any,
    stride: Pair = 1,
    padding: Pair = 0,
    *,
    bias: Any = None,
    output_padding: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> Tensor:
    """The transpose of conv2d, of images x (N, C, H, W) with kernels k (C, O/groups, KH, KW), to (N, O, OH, OW).

    OH = (H - 1) stride - 2 padding + dilation (KH - 1) + output_padding + 1, OW likewise; bias is (O,) or (1, O, 1, 1).
    Raises ShapeError, ArgumentError or DTypeError where these do not fit.
    """
    static = {"stride": stride, "padding": padding, "output_padding": output_padding}
    return apply(_conv_transpose2d, x, k, bias, **static, dilation=dilation, groups=groups)


def _conv_transpose2d(x: Node, k: Node, bias: Node | None, **static: Any) -> Node:
    return ops.conv_transpose2d(x, k, bias=bias, **static)


def corr2d(X: Any, W: Any, stride: Pair = 1) -> Tensor:
    """The article's cross-correlation of X (N, C, H, W) with W (O, C, KH, KW): conv2d without padding."""
    return apply(ops.corr2d, X, W, stride=stride)


def im2col(X: Any, kh: int, kw: int, stride: Pair = 1, padding: Pair = 0) -> Tensor:
    """The article's patches of X (N, C, H, W) as columns: (N, C * kh * kw, patches), the patches row by row.

    W.reshape(O, -1) @ im2col(X, kh, kw) is corr2d(X, W), flattened. Raises ShapeError, ArgumentError.
    """
    return apply(ops.im2col, X, kernel=(kh, kw), stride=stride, padding=padding)


def dilate(x: Any, stride: Pair) -> Tensor:
    """Spread the last two axes apart: extent n becomes (n - 1) * stride + 1, zeros between. Raises ArgumentError."""
    return apply(ops.dilate, x, stride=stride)
