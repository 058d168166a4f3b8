"""Elementwise operations. One declaration each: NumPy meaning and gradient; templates have a macro of the same name."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeGuard

import numpy as np

from dark_jit import dtypes
from dark_jit.dtypes import DType, Number
from dark_jit.errors import DTypeError, OutOfRangeError, ShapeError
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register
from dark_jit.ops.movement import broadcast_shapes, broadcast_to

Array = np.ndarray[Any, Any]
Operand = Node | Number
Unary = Callable[[Node], Node]
Binary = Callable[[Operand, Operand], Node]


def _infer_constant(_: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    return (), dtypes.as_dtype(attrs["dtype"])


CONSTANT = register(
    Op(
        "constant",
        "constant",
        _infer_constant,
        lambda node: np.asarray(dtypes.parse_number(node["value"], node.dtype), node.dtype),
        doc="A number, known when the graph is made.",
    )
)


def constant(value: Number, dtype: DType, shape: Shape = ()) -> Node:
    """The number `value` in every element of an array. Raises OutOfRangeError where the dtype cannot hold it."""
    number = _convert(value, dtype)
    return broadcast_to(make(CONSTANT, value=dtypes.number_text(number), dtype=dtypes.type_name(dtype)), shape)


def _convert(value: Number, dtype: DType) -> Number:
    if not isinstance(value, int | float | np.integer | np.floating | np.bool_):
        raise DTypeError(f"{type(value).__name__} is neither an array nor a real number")
    if dtype.kind == "b":
        return bool(value)
    if dtypes.is_integer(dtype):
        dtypes.check_fits(value, dtype)
        return int(value)
    try:
        number = float(value)
    except OverflowError:  # of an int that no float reaches
        raise OutOfRangeError(f"{value} does not fit into {dtype.name}; no float is as large") from None
    if dtypes.is_half(dtype):
        return float(dtypes.convert(np.asarray(number), dtype))
    return number if dtype == dtypes.float64 else dtypes.nearest_float32(number)


def _alike(operands: Sequence[Operand]) -> TypeGuard[Sequence[Node]]:
    """Whether the operands are nodes of one dtype and shape already."""
    first = operands[0]
    if not isinstance(first, Node):
        return False
    return all(isinstance(x, Node) and x.shape == first.shape and x.dtype == first.dtype for x in operands)


def lift(operands: Sequence[Operand]) -> tuple[Node, ...]:
    """Operands as nodes of one dtype and one shape: numbers become constants, dtypes promote, shapes broadcast."""
    if _alike(operands):
        return tuple(operands)
    nodes = [x for x in operands if isinstance(x, Node)]
    dtype = nodes[0].dtype
    for node in nodes[1:]:
        dtype = dtypes.promote(dtype, node.dtype)
    for x in operands:
        if not isinstance(x, Node):
            dtype = dtypes.promote(dtype, dtypes.of_number(x, dtype))
    shape = broadcast_shapes(*(node.shape for node in nodes))
    return tuple(
        broadcast_to(cast(x, dtype), shape) if isinstance(x, Node) else constant(x, dtype, shape) for x in operands
    )


def _infer_same(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[0].shape, inputs[0].dtype


def _infer_bool(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[0].shape, dtypes.bool_


Integers = Literal["float", "keep", "identity", "truth"]


def unary(
    name: str,
    numpy: Callable[..., Array],
    vjp: Callable[[Node, Node, Node], Node] | None = None,
    integers: Integers = "float",
) -> Callable[[Node], Node]:
    """Declare an operation of one operand. vjp: (g, x, y) -> gradient.

    integers: what the operation does with integers and bool. "float": they are cast to the default dtype first;
    "keep": integers keep their dtype, bool is refused; "identity": they are their own result; "truth": everything is
    cast to bool first.
    """
    rule = None if vjp is None else lambda g, node: [vjp(g, node.inputs[0], node)]
    op = register(
        Op(name, "elementwise", _infer_same, lambda _, x: np.asarray(numpy(x), x.dtype), rule, numpy.__doc__ or "")
    )

    def apply(x: Node) -> Node:
        if integers == "truth":
            x = cast(x, dtypes.bool_)
        elif not dtypes.is_float(x.dtype):
            if integers == "identity":
                return x
            if integers == "float":
                x = cast(x, dtypes.default_float())
            elif x.dtype == dtypes.bool_:
                raise DTypeError(f"{name} is not defined for bool; use logical_not, or astype first")
        return make(op, (x,))

    apply.__name__, apply.__doc__ = name, f"Elementwise {name}, as NumPy's."
    return apply


def binary(
    name: str,
    numpy: Callable[..., Array],
    vjp: Callable[[Node, Node, Node, Node], Sequence[Node | None]] | None = None,
    infer: Callable[[tuple[Node, ...], Attrs], tuple[Shape, DType]] = _infer_same,
    kinds: str = "iuf",
) -> Callable[[Operand, Operand], Node]:
    """Declare an operation of two operands. vjp: (g, x, y, out) -> gradients. `kinds`: dtype kinds that it takes."""
    rule = None if vjp is None else lambda g, node: vjp(g, node.inputs[0], node.inputs[1], node)

    def meaning(node: Node, x: Array, y: Array) -> Array:
        return np.asarray(numpy(x, y), node.dtype)

    op = register(Op(name, "elementwise", infer, meaning, rule, numpy.__doc__ or ""))

    def apply(x: Operand, y: Operand) -> Node:
        first, second = lift((x, y))
        if dtypes.kind_of(first.dtype) not in kinds:
            first, second = _admit(name, first, second, kinds)
        return make(op, (first, second))

    apply.__name__, apply.__doc__ = name, f"Elementwise {name} with broadcasting, as NumPy's."
    return apply


def _admit(name: str, x: Node, y: Node, kinds: str) -> tuple[Node, Node]:
    """Cast operands to a dtype that the operation takes: integers to float, anything to bool. Raises DTypeError."""
    if kinds == "f":
        return cast(x, dtypes.default_float()), cast(y, dtypes.default_float())
    if kinds == "b":
        return cast(x, dtypes.bool_), cast(y, dtypes.bool_)
    raise DTypeError(f"{name} is not defined for {x.dtype.name}; use astype first")


def comparison(name: str, numpy: Callable[..., Any]) -> Callable[[Operand, Operand], Node]:
    """Declare a comparison. Integers are compared as such: uint64 and signed ones, and Python ints of any size."""
    compare = binary(name, numpy, infer=_infer_bool, kinds="biuf")

    def apply(x: Operand, y: Operand) -> Node:
        if isinstance(x, Node) and isinstance(y, Node):
            if dtypes.incomparable(x.dtype, y.dtype):
                return mixed(x, y)
        elif isinstance(x, Node) and _beyond(y, x.dtype):
            return constant(bool(numpy(0, y)), dtypes.bool_, x.shape)
        elif isinstance(y, Node) and _beyond(x, y.dtype):
            return constant(bool(numpy(x, 0)), dtypes.bool_, y.shape)
        return compare(x, y)

    def mixed(x: Node, y: Node) -> Node:
        """One is signed: below 0 it is less than the other, else uint64 holds it."""
        signed, below = (x, numpy(-1, 0)) if x.dtype.kind == "i" else (y, numpy(0, -1))
        return where(less(signed, 0), bool(below), compare(cast(x, dtypes.uint64), cast(y, dtypes.uint64)))

    apply.__name__, apply.__doc__ = name, f"Elementwise {name} with broadcasting, as NumPy's."
    return apply


def _beyond(number: Operand, dtype: DType) -> bool:
    """Whether a Python int lies outside of an integer dtype."""
    if not dtypes.is_integer(dtype) or not isinstance(number, int):
        return False
    low, high = dtypes.limits(dtype)
    return not low <= number <= high


def _infer_cast(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    return inputs[0].shape, dtypes.as_dtype(attrs["dtype"])


def _cast_vjp(g: Node, node: Node) -> list[Node | None]:
    source = node.inputs[0].dtype
    return [cast(g, source) if dtypes.is_float(source) and dtypes.is_float(node.dtype) else None]


CAST = register(
    Op(
        "cast",
        "elementwise",
        _infer_cast,
        lambda node, x: dtypes.convert(x, node.dtype),
        _cast_vjp,
        "The same values in another dtype.",
    )
)


def cast(x: Node, dtype: DType) -> Node:
    """Convert to another dtype. Floats are cut towards zero by integers, which saturate (NaN becomes 0); integers wrap
    around."""
    return x if x.dtype == dtype else make(CAST, (x,), dtype=dtypes.type_name(dtype))


def as_float(x: Node) -> Node:
    """Floats as they are, integers and bool in the default dtype."""
    return x if dtypes.is_float(x.dtype) else cast(x, dtypes.default_float())


def _infer_where(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[1].shape, inputs[1].dtype


def _where_vjp(g: Node, node: Node) -> list[Node | None]:
    condition = node.inputs[0]
    return [None, where(condition, g, 0), where(condition, 0, g)]


WHERE = register(
    Op(
        "where",
        "elementwise",
        _infer_where,
        lambda node, c, x, y: np.asarray(np.where(c, x, y), node.dtype),
        _where_vjp,
        "Choose.",
    )
)


def where(condition: Node, x: Operand, y: Operand) -> Node:
    """x where the condition holds, else y; all broadcast together. At least one of x and y is an array."""
    if not isinstance(x, Node) and not isinstance(y, Node):
        dtype = dtypes.default_float() if isinstance(x, float) or isinstance(y, float) else dtypes.int64
        x = constant(x, dtype)
    chosen = lift((x, y))
    shape = broadcast_shapes(condition.shape, chosen[0].shape)
    parts = (cast(condition, dtypes.bool_), *chosen)
    return make(WHERE, tuple(broadcast_to(part, shape) for part in parts))


STOP_GRADIENT = register(
    Op(
        "stop_gradient",
        "marker",
        _infer_same,
        lambda _, x: x,
        lambda g, node: [None],
        "The value, without its gradient.",
    )
)


def stop_gradient(x: Node) -> Node:
    """The same value, through which no gradient flows."""
    return make(STOP_GRADIENT, (x,))


def _infer_iota(_: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    return (attrs["extent"],), dtypes.int64


IOTA = register(
    Op(
        "iota",
        "constant",
        _infer_iota,
        lambda node: np.arange(node["extent"], dtype=np.int64),
        doc="0, 1, 2, ...; int64.",
    )
)


def iota(extent: int) -> Node:
    """The int64 vector 0, 1, ..., extent - 1."""
    if extent < 0:
        raise ShapeError(f"iota needs an extent >= 0, got {extent}")
    return make(IOTA, extent=extent)


# One operand

negative: Unary = unary("negative", np.negative, lambda g, x, y: negative(g), "keep")
abs_: Unary = unary("abs", np.abs, lambda g, x, y: multiply(g, sign(x)), "keep")
sign: Unary = unary("sign", np.sign, lambda g, x, y: multiply(g, 0.0), "keep")
floor: Unary = unary("floor", np.floor, lambda g, x, y: multiply(g, 0.0), "identity")
ceil: Unary = unary("ceil", np.ceil, lambda g, x, y: multiply(g, 0.0), "identity")
rint: Unary = unary("rint", np.rint, lambda g, x, y: multiply(g, 0.0), "identity")
sqrt: Unary = unary("sqrt", np.sqrt, lambda g, x, y: divide(g, multiply(y, 2.0)))
exp: Unary = unary("exp", np.exp, lambda g, x, y: multiply(g, y))
log: Unary = unary("log", np.log, lambda g, x, y: divide(g, x))
tanh: Unary = unary("tanh", np.tanh, lambda g, x, y: multiply(g, subtract(1.0, multiply(y, y))))
sin: Unary = unary("sin", np.sin, lambda g, x, y: multiply(g, cos(x)))
cos: Unary = unary("cos", np.cos, lambda g, x, y: negative(multiply(g, sin(x))))


def _erf(x: Array) -> Array:
    """The error function."""
    return np.vectorize(math.erf, otypes=[np.float64])(x) if x.size else x


erf: Unary = unary(
    "erf", _erf, lambda g, x, y: multiply(g, multiply(exp(negative(multiply(x, x))), 2 / math.sqrt(math.pi)))
)


def _relu(x: Array) -> Array:
    """x where it is positive, else 0; NaN stays."""
    return np.where(x <= 0, 0, x)


relu: Unary = unary("relu", _relu, lambda g, x, y: where(less_equal(y, 0.0), 0.0, g), "keep")
logical_not: Unary = unary("logical_not", np.logical_not, integers="truth")

# Two operands


def _power_vjp(g: Node, x: Node, y: Node, out: Node) -> Sequence[Node | None]:
    by_base = multiply(g, where(equal(y, 0.0), 0.0, multiply(y, power(x, subtract(y, 1.0)))))
    safe = log(where(less_equal(x, 0.0), 1.0, x))
    return [by_base, multiply(g, multiply(out, safe))]


def _extremum_vjp(g: Node, x: Node, y: Node, wins: Node) -> Sequence[Node | None]:
    tie = multiply(g, 0.5)
    same = equal(x, y)
    return [where(same, tie, where(wins, g, 0.0)), where(same, tie, where(wins, 0.0, g))]


add: Binary = binary("add", np.add, lambda g, x, y, out: [g, g])
subtract: Binary = binary("subtract", np.subtract, lambda g, x, y, out: [g, negative(g)])
multiply: Binary = binary("multiply", np.multiply, lambda g, x, y, out: [multiply(g, y), multiply(g, x)])
divide: Binary = binary(
    "divide", np.divide, lambda g, x, y, out: [divide(g, y), negative(divide(multiply(g, out), y))], kinds="f"
)
power: Binary = binary("power", np.power, _power_vjp)
maximum: Binary = binary("maximum", np.maximum, lambda g, x, y, out: _extremum_vjp(g, x, y, less(y, x)), kinds="biuf")
minimum: Binary = binary("minimum", np.minimum, lambda g, x, y, out: _extremum_vjp(g, x, y, less(x, y)), kinds="biuf")
floor_divide: Binary = binary("floor_divide", np.floor_divide)
remainder: Binary = binary(
    "remainder", np.remainder, lambda g, x, y, out: [g, negative(multiply(g, floor(divide(x, y))))]
)
less: Binary = comparison("less", np.less)
less_equal: Binary = comparison("less_equal", np.less_equal)
equal: Binary = comparison("equal", np.equal)
not_equal: Binary = comparison("not_equal", np.not_equal)
logical_and: Binary = binary("logical_and", np.logical_and, kinds="b")
logical_or: Binary = binary("logical_or", np.logical_or, kinds="b")
