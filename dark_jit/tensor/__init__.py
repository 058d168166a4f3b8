"""Tensors, and NumPy's functions on them: `import dark_jit.tensor as dt`."""

from __future__ import annotations

import numpy as _np

from dark_jit.dtypes import bool_ as bool  # noqa: A004
from dark_jit.dtypes import float32, float64, int32, int64
from dark_jit.tensor.autograd import grad, jvp, value_and_grad, vjp
from dark_jit.tensor.creation import (
    arange,
    asarray,
    eye,
    full,
    full_like,
    is_cuda,
    linspace,
    ones,
    ones_like,
    zeros,
    zeros_like,
)
from dark_jit.tensor.elementwise import (
    abs,  # noqa: A004
    absolute,
    add,
    astype,
    ceil,
    clip,
    cos,
    div,
    divide,
    equal,
    erf,
    exp,
    floor,
    floor_divide,
    gelu,
    greater,
    greater_equal,
    isfinite,
    isinf,
    isnan,
    less,
    less_equal,
    log,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    maximum,
    minimum,
    mod,
    mul,
    multiply,
    neg,
    negative,
    not_equal,
    positive,
    pow,  # noqa: A004
    power,
    reciprocal,
    relu,
    remainder,
    rint,
    round,  # noqa: A004
    rsqrt,
    sigmoid,
    sign,
    sin,
    sqrt,
    square,
    stop_gradient,
    sub,
    subtract,
    tanh,
    true_divide,
    where,
)
from dark_jit.tensor.linear import (
    conv2d,
    corr2d,
    cross_entropy,
    dilate,
    log_softmax,
    matmul,
    max_pool2d,
    softmax,
)
from dark_jit.tensor.mode import default_dtype, enable_grad, is_grad_enabled, no_grad, set_default_dtype
from dark_jit.tensor.movement import (
    broadcast_to,
    cat,
    concat,
    concatenate,
    expand_dims,
    flip,
    matrix_transpose,
    moveaxis,
    one_hot,
    pad,
    permute_dims,
    reshape,
    split,
    squeeze,
    stack,
    take,
    transpose,
    view,
)
from dark_jit.tensor.operation import Operation
from dark_jit.tensor.random import manual_seed, rand, randint, randn
from dark_jit.tensor.reduction import (
    all,  # noqa: A004
    amax,
    amin,
    any,  # noqa: A004
    argmax,
    argmin,
    max,  # noqa: A004
    mean,
    min,  # noqa: A004
    std,
    sum,  # noqa: A004
    var,
)
from dark_jit.tensor.tensor import Constant, Parameter, Tensor

e, pi, inf, nan = _np.e, _np.pi, _np.inf, _np.nan
newaxis = None

__all__ = sorted(name for name in globals() if not name.startswith("_") and name != "annotations")  # noqa: PLE0605
