"""Every operation's battery of tests, made of its declaration; and that every operation has one."""

from __future__ import annotations

import inspect

import dark_jit as dark
import dark_jit.tensor as dt
from dark_jit.graph.node import OPS
from dark_jit.testing import equivalence
from dark_jit.testing.battery import OpCase, battery
from dark_jit.testing.cases import leaves

from . import along_axes, elementwise, movement, network, products

CASES = [*elementwise.CASES, *along_axes.CASES, *movement.CASES, *products.CASES, *network.CASES]

test_ops = battery(*CASES)

# Functions that compute nothing from arrays: what makes new ones (tests/tensor/test_functions.py), draws them
# (tests/tensor/test_random.py), differentiates functions (tests/tensor/test_autograd.py), tells of dtypes and of modes.
NO_OPERATIONS = """
    arange asarray empty empty_like eye from_dlpack full full_like linspace ones ones_like zeros zeros_like
    bernoulli dropout manual_seed normal rand randint randn uniform
    grad jvp value_and_grad vjp
    can_cast default_dtype finfo iinfo is_cuda is_grad_enabled isdtype promote_types result_type set_default_dtype
    to_device
"""
# Primitives that no public function is: markers of a trace, what a pass inserts (tests/transforms), random bits
# (tests/ops/test_random.py), writing in place (tests/ops/test_writing.py), and two that only integers' division and
# gradients of max_pool2d's gradients need (tests/semantics/test_08_errors.py, tests/ops/test_pooling.py).
ELSEWHERE = """
    custom_vjp leaf released stop_gradient variable
    bordered copy interleave placed
    multiply_high philox_high philox_low unit_float32 unit_float64
    last_writer last_writer_along_axis put put_along_axis
    division_guard max_pool2d_select
"""


def test_every_function_is_declared() -> None:
    declared = {case.name.partition(",")[0] for case in CASES}
    same = {id(getattr(dt, name)) for name in declared if hasattr(dt, name)}
    functions = {name for name in dt.__all__ if inspect.isfunction(getattr(dt, name))} - set(NO_OPERATIONS.split())
    assert sorted(name for name in functions if id(getattr(dt, name)) not in same) == []
    assert sorted(name for name in dt.linalg.__all__ if not {name, f"linalg.{name}"} & declared) == []


def test_every_primitive_is_reached() -> None:
    """By a declaration, or by a gradient of one."""
    reached = {op for case in CASES if case.traced for op in _primitives(case)}
    assert sorted(set(OPS) - reached - set(ELSEWHERE.split())) == []


def _primitives(case: OpCase) -> set[str]:
    args = case.plain(case.args)
    floats = [place for place, x in enumerate(args) if x.dtype.kind == "f"]

    def gradients(*args: object) -> object:
        return dark.grad(lambda *args: sum(dark.sum(y) for y in leaves(case.function(*args))), floats)(*args)

    functions = [case.function, gradients] if case.differentiable and floats else [case.function]
    graphs = [equivalence.reference(function).graph_for(*args) for function in functions]
    return {node.op.name for graph in graphs for node in graph.nodes}
