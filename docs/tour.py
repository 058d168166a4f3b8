"""# A tensor compiler in an afternoon

Run me: `python docs/tour.py`. Read me from top to bottom: a miniature of dark_jit is built here, stage by stage, and at
the end the same stages are shown in the real one.

A tensor compiler does five things. It *traces* a function into a graph, *differentiates* the graph, *fuses* it into few
kernels, *renders* each kernel as a program text, and *compiles* and runs that. Each stage hands plain data to the next.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import jinja2
import llvmlite.binding as llvm
import numpy as np

# ## 1. The graph
#
# A node is an operation, its inputs, and nothing else. Nodes never change, so equal ones are interchangeable: a
# frozen dataclass compares by value. (dark_jit goes a step further: equal nodes *are* one object, and comparing
# is `is`.)


@dataclass(frozen=True)
class Node:
    """One elementwise operation. A leaf has an input's number or a constant in `value`."""

    op: str
    inputs: tuple[Node, ...] = ()
    value: float = 0.0

    def __add__(self, other: Any) -> Node:
        return Node("add", (self, lift(other)))

    def __mul__(self, other: Any) -> Node:
        return Node("mul", (self, lift(other)))

    def __neg__(self) -> Node:
        return Node("mul", (self, lift(-1.0)))

    __radd__, __rmul__ = __add__, __mul__


def lift(value: Any) -> Node:
    """A number among the operands is a constant."""
    return value if isinstance(value, Node) else Node("constant", (), float(value))


def exp(x: Node) -> Node:
    """The exponential function."""
    return Node("exp", (x,))


# ## 2. Tracing
#
# To trace a function is to call it, with leaves in place of arrays. What comes back is the graph of the call.
# That is all there is to it, and why an `if` on a traced value cannot work: there is no value yet.


def trace(function: Any, count: int) -> Node:
    """The graph of a function of so many arrays."""
    result: Node = function(*(Node("input", (), float(number)) for number in range(count)))
    return result


def example(x: Any, beta: Any) -> Any:
    """Something with an exponential, a product and a sum."""
    return x * exp(beta * x) + 1.0


graph = trace(example, 2)
print("traced:", graph.op, "of", [node.op for node in graph.inputs])

# ## 3. Differentiation
#
# The gradient is a graph as well, made from the first by the chain rule: walk from the result to the leaves,
# and let each operation say what its inputs get of the gradient that arrives. It knows nothing of kernels.

RULES = {
    "add": lambda g, node: (g, g),
    "mul": lambda g, node: (g * node.inputs[1], g * node.inputs[0]),
    "exp": lambda g, node: (g * node,),
}


def topological(root: Node) -> list[Node]:
    """All nodes below, each once, inputs first."""
    found: dict[Node, None] = {}

    def visit(node: Node) -> None:
        if node not in found:
            for source in node.inputs:
                visit(source)
            found[node] = None

    visit(root)
    return list(found)


def gradient(root: Node, leaf: Node) -> Node:
    """d root / d leaf, element by element."""
    arrived: dict[Node, Node] = {root: lift(1.0)}
    for node in reversed(topological(root)):
        if node in arrived and node.op in RULES:
            for source, part in zip(node.inputs, RULES[node.op](arrived[node], node), strict=True):
                arrived[source] = arrived[source] + part if source in arrived else part
    return arrived.get(leaf, lift(0.0))


slope = gradient(graph, Node("input", (), 0.0))
print("nodes of the function:", len(topological(graph)), "- with its gradient:", len(topological(slope)))

# ## 4. Simplification and fusion
#
# Autodiff writes many products with 1. A table of rewrite rules takes them away; dark_jit's rules keep every
# bit. Fusion needs no work here: every operation is elementwise, so one loop computes all of them, and what the
# function and its gradient share is computed once, for equal nodes are equal keys.


def simplified(node: Node) -> Node:
    """x * 1 is x."""
    inputs = tuple(simplified(source) for source in node.inputs)
    one = lift(1.0)
    if node.op == "mul" and one in inputs:
        return inputs[0] if inputs[1] == one else inputs[1]
    return Node(node.op, inputs, node.value)


slope = simplified(slope)
print("simplified:", len(topological(slope)))

# ## 5. Rendering
#
# A template turns the list of steps into a text: here LLVM IR, one element at a time. dark_jit's templates look
# just like this one, with vectors in place of single elements, and blocks of loops around.

TEMPLATE = """
declare double @llvm.exp.f64(double)
define void @kernel(ptr %args, i64 %count) {
entry:
{% for number in range(buffers) %}
  %p{{ number }}.at = getelementptr ptr, ptr %args, i64 {{ number }}
  %p{{ number }} = load ptr, ptr %p{{ number }}.at
{% endfor %}
  br label %head
head:
  %i = phi i64 [ 0, %entry ], [ %next, %body ]
  %more = icmp slt i64 %i, %count
  br i1 %more, label %body, label %done
body:
{% for out, op, inputs, number in steps %}
{% if op == 'input' %}
  {{ out }}.at = getelementptr double, ptr %p{{ number }}, i64 %i
  {{ out }} = load double, ptr {{ out }}.at
{% elif op == 'exp' %}
  {{ out }} = call double @llvm.exp.f64(double {{ inputs[0] }})
{% else %}
  {{ out }} = f{{ op }} double {{ inputs[0] }}, {{ inputs[1] }}
{% endif %}
{% endfor %}
{% for value in results %}
  %r{{ loop.index0 }} = getelementptr double, ptr %p{{ buffers - results | length + loop.index0 }}, i64 %i
  store double {{ value }}, ptr %r{{ loop.index0 }}
{% endfor %}
  %next = add i64 %i, 1
  br label %head
done:
  ret void
}
"""


def render(roots: list[Node], inputs: int) -> str:
    """One loop that computes all roots."""
    names: dict[Node, str] = {}
    steps = []
    for node in dict.fromkeys(node for root in roots for node in topological(root)):
        if node.op == "constant":
            names[node] = repr(node.value)
            continue
        names[node] = f"%v{len(names)}"
        steps.append((names[node], node.op, [names[source] for source in node.inputs], int(node.value)))
    results = [names[root] for root in roots]
    environment = jinja2.Environment(trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(TEMPLATE).render(steps=steps, results=results, buffers=inputs + len(roots))


text = render([graph, slope], 2)
print(text)

# ## 6. Machine code
#
# LLVM turns the text into native code in this process, and `ctypes` calls it. dark_jit keeps the machine code,
# by a hash of the text, for the next process.

llvm.initialize_native_target()
llvm.initialize_native_asmprinter()
machine = llvm.Target.from_default_triple().create_target_machine(opt=2, reloc="pic")
module = llvm.parse_assembly(text)
module.verify()
engine = llvm.create_mcjit_compiler(module, machine)
engine.finalize_object()
kernel = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64)(engine.get_function_address("kernel"))


def call(*arrays: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The function and its gradient, of two arrays."""
    outputs = np.empty_like(arrays[0]), np.empty_like(arrays[0])
    pointers = (ctypes.c_void_p * 4)(*(array.ctypes.data for array in (*arrays, *outputs)))
    kernel(pointers, arrays[0].size)
    return outputs


x, beta = np.linspace(-2, 2, 7), np.full(7, 0.5)
value, derivative = call(x, beta)
np.testing.assert_allclose(value, x * np.exp(beta * x) + 1)
np.testing.assert_allclose(derivative, np.exp(beta * x) * (1 + beta * x))
print("value", value.round(3), "\nderivative", derivative.round(3))

# ## 7. The same in dark_jit
#
# Every stage that you have just seen has an object that can be looked at.

import dark_jit as dark  # noqa: E402  (the tour comes to it only now)


@dark.compile
def both(x: Any, beta: Any) -> Any:
    """The function and its gradient."""

    def function(x: Any) -> Any:
        return x * dark.exp(beta * x) + 1.0

    return function(x), dark.grad(lambda x: dark.sum(function(x)))(x)


found, slope_found = both(x, beta)
np.testing.assert_allclose(found.numpy(), value)
np.testing.assert_allclose(slope_found.numpy(), derivative)

report = both.inspect(x, beta)
print("\n# dark_jit: the graph after each pass\n", report.graphs())
print("# the kernels\n", report)
print("# the text of the first one, with the lines of this file\n", report.kernels[0].source)
print(f"# and {len(report.kernels[0].asm.splitlines())} lines of assembly: report.kernels[0].asm")
