"""docs/adding-an-op.md, followed from outside of the package."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from dark_jit import ops
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.llvm.backend import LLVMProgram
from dark_jit.backends.llvm.target import machine
from dark_jit.backends.reference import evaluate
from dark_jit.backends.sources import add_template_folder
from dark_jit.graph.graph import graph_input, make_graph
from dark_jit.graph.node import Node
from dark_jit.ops.elementwise import multiply, unary
from dark_jit.tensor.handle import apply
from dark_jit.testing.battery import OpCase, battery
from dark_jit.transforms.autodiff import gradients

MACRO = """{% macro test_square(out, t, x) %}
  {{ out }} = fmul {{ t.vector }} {{ x }}, {{ x }}
{% endmacro %}
"""


def softsign(x: Node) -> Node:
    return ops.divide(x, ops.add(ops.abs_(x), 1.0))


# NumPy's meaning, and arguments away from the kink at 0.
test_softsign = battery(
    OpCase(
        "softsign",
        lambda x: apply(softsign, x),
        lambda x: x / (1 + abs(x)),
        [np.linspace(-2.9, 3, 16).reshape(2, 8)],
        {"f": "same", "iu": "float32"},
        [[np.ones(shape)] for shape in ((), (0,), (37,))],
    )
)


def test_an_op_from_outside(tmp_path: Path) -> None:
    (tmp_path / "llvm" / "ops").mkdir(parents=True)
    (tmp_path / "llvm" / "ops" / "test_square.ll.j2").write_text(MACRO)
    add_template_folder(tmp_path)
    square = unary("test_square", np.square, lambda g, x, y: multiply(g, multiply(x, 2.0)))

    x = graph_input(0, (3, 37), np.dtype(np.float32))
    y = square(softsign(x))
    (gradient,) = gradients([y], [ops.constant(1.0, y.dtype, y.shape)], [x])
    graph = make_graph([x], [y, gradient])
    values = np.random.default_rng(0).normal(size=x.shape).astype(np.float32)
    program = LLVMProgram(graph, machine())
    found = [buffer.array() for buffer in program.run([Buffer.of(values)])]
    for got, expected in zip(found, evaluate(graph, [values]), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-6)
    assert len(program.kernels) == 1
    assert np.allclose(found[0], (values / (1 + abs(values))) ** 2)
