"""What can be computed. Functions on nodes: they check, broadcast, promote, and make nodes; nothing numeric happens."""

from dark_jit.ops.composed import cross_entropy, gelu, log_softmax, sigmoid, softmax
from dark_jit.ops.convolution import conv2d, corr2d, dilate
from dark_jit.ops.custom import custom_vjp
from dark_jit.ops.elementwise import (
    abs_,
    add,
    cast,
    ceil,
    constant,
    cos,
    divide,
    equal,
    erf,
    exp,
    floor,
    floor_divide,
    iota,
    less,
    less_equal,
    log,
    logical_and,
    logical_not,
    logical_or,
    maximum,
    minimum,
    multiply,
    negative,
    not_equal,
    power,
    relu,
    remainder,
    rint,
    sign,
    sin,
    sqrt,
    stop_gradient,
    subtract,
    tanh,
    where,
)
from dark_jit.ops.indexing import one_hot, take
from dark_jit.ops.matmul import matmul
from dark_jit.ops.movement import (
    broadcast_to,
    concatenate,
    crop_or_pad,
    expand_dims,
    flip,
    moveaxis,
    pad,
    reshape,
    slice_,
    squeeze,
    stack,
    transpose,
)
from dark_jit.ops.pooling import max_pool2d
from dark_jit.ops.reduction import all_, any_, max_, mean, min_, std, sum_, var

__all__ = [name for name in dir() if not name.startswith("__")]
