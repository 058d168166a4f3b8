"""Products, convolution, pooling, and the functions that networks are made of."""

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


def corr2d(X: Any, W: Any, stride: Pair = 1) -> Tensor:
    """The article's cross-correlation of X (N, C, H, W) with W (O, C, KH, KW): conv2d without padding."""
    return apply(ops.corr2d, X, W, stride=stride)


def dilate(x: Any, stride: Pair) -> Tensor:
    """Spread the last two axes apart: extent n becomes (n - 1) * stride + 1, zeros between. Raises ArgumentError."""
    return apply(ops.dilate, x, stride=stride)


def max_pool2d(x: Any, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0) -> Tensor:
    """The maximum over each window of x (N, C, H, W); the stride is the window unless given. NaN wins."""
    return apply(ops.max_pool2d, x, kernel_size=kernel_size, stride=stride, padding=padding)


def softmax(x: Any, axis: int = -1, *, dim: int | None = None) -> Tensor:
    """exp(x) / sum(exp(x)) along an axis, shifted by the maximum so that nothing overflows."""
    return apply(ops.softmax, x, axis=axis if dim is None else dim)


def log_softmax(x: Any, axis: int = -1, *, dim: int | None = None) -> Tensor:
    """The logarithm of softmax along an axis."""
    return apply(ops.log_softmax, x, axis=axis if dim is None else dim)


def cross_entropy(logits: Any, target: Any) -> Tensor:
    """Mean over the batch of -log_softmax(logits)[target]: logits (N, classes), class indices (N,) or one-hot (N,
    classes).
    """
    return apply(ops.cross_entropy, logits, target)
