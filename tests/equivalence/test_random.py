"""Random numbers on every instruction set: the reference's bits, whatever they are fused with and however laid out.

`check` holds normal numbers to the reference within rounding; for the others `exactly` asks for each bit. Both run
with one, two and three workers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dark_jit import ops
from dark_jit.backends import reference
from dark_jit.dtypes import float32, float64
from dark_jit.graph.node import Node
from dark_jit.ops.random import more_random_bits

from .programs import CARDS, ISAS, Array, check, compiled, numbers, run, traced

pytestmark = pytest.mark.parametrize("isa", ISAS)

PRODUCTS = {"pmuludq", "vpmuludq", "vpmullq"}
STATE = [np.array(-7, np.int64), np.array(2**40 + 3, np.int64)]
SHAPES = [(), (0,), (1,), (13,), (64,), (5, 0, 2), (3, 1, 19), (7, 33), (2, 3, 5, 7), (4, 2**13 + 3)]
Draw = Callable[[Node, Node, tuple[int, ...]], Node]

EXACT: dict[str, Draw] = {
    "bits": ops.random_bits,
    "more bits": more_random_bits,
    "uniform float32": lambda k, n, shape: ops.random_uniform(k, n, shape, float32),
    "uniform float64": lambda k, n, shape: ops.random_uniform(k, n, shape, float64),
    "integers": lambda k, n, shape: ops.random_integers(k, n, shape, -3, 2**33),
    "mask": lambda k, n, shape: ops.less(ops.random_uniform(k, n, shape, float32), 0.3),
}


def exactly(build: Callable[..., Node | Sequence[Node]], arrays: Sequence[Array], isa: str) -> list[Array]:
    """The values of a function on nodes, which are the reference's bit by bit."""
    graph, values = traced(build, arrays, differentiate=False)
    found = run(compiled(graph, isa), values)
    for ours, theirs in zip(found, reference.evaluate(graph, values), strict=True):
        assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
        assert ours.tobytes() == theirs.tobytes()
    return found


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_every_bit_is_the_reference_s(isa: str, shape: tuple[int, ...], name: str) -> None:
    exactly(lambda key, draw: EXACT[name](key, draw, shape), STATE, isa)


@pytest.mark.parametrize("dtype", [float32, float64])
@pytest.mark.parametrize("shape", [(13,), (7, 33), (2, 3, 5, 7)], ids=str)
def test_normal_numbers_are_the_reference_s_up_to_rounding(isa: str, shape: tuple[int, ...], dtype: Any) -> None:
    check(lambda key, draw: ops.random_normal(key, draw, shape, dtype), STATE, isa)


def test_layout_and_neighbours_change_nothing(isa: str) -> None:
    """One draw as it is, transposed, flipped, in part, padded, reshaped, beside others, and in sums that are exact."""
    x = np.floor(numbers(1, (9, 14)) * 8)

    def build(key: Node, draw: Node, x: Node) -> list[Node]:
        u = ops.floor(ops.multiply(ops.random_uniform(key, draw, (9, 14), float32), 1024.0))
        return [
            u,
            ops.add(ops.transpose(u), ops.transpose(x)),
            ops.add(ops.flip(u), x),
            ops.multiply(ops.slice_(u, ((1, 9, 2), (0, 14, 3))), 2.0),
            ops.add(ops.pad(u, ((1, 2), (3, 0))), 1.0),
            ops.negative(ops.reshape(u, (2, 63))),
            ops.concatenate([ops.add(x, 1.0), u]),
            ops.sum_(u, 0),
            ops.sum_(ops.transpose(u), 0),
            ops.max_(u),
        ]

    found = exactly(build, [*STATE, x], isa)
    for number, other in enumerate(found[1:], 1):
        alone = exactly(lambda *nodes, number=number: build(*nodes)[number], [*STATE, x], isa)
        np.testing.assert_array_equal(alone[0], other)


def test_noise_on_channels_last_images(isa: str) -> None:
    """A convolution's result is stored channels last; the counters go by the logical index all the same."""
    arrays = [*STATE, numbers(1, (2, 3, 9, 8)), numbers(2, (5, 3, 3, 3))]

    def build(key: Node, draw: Node, x: Node, k: Node) -> list[Node]:
        kept = ops.less(ops.random_uniform(key, draw, (2, 5, 9, 8), float32), 0.5)
        y = ops.where(kept, ops.conv2d(x, k, padding=1), 0.0)
        return [kept, ops.conv2d(y, ops.transpose(k, (1, 0, 2, 3)))]

    program = check(build, arrays, isa)
    assert {kernel.task.spec.template for kernel in program.kernels} >= {"conv2d"}


def test_one_mask_for_a_value_and_its_gradient(isa: str) -> None:
    def build(key: Node, draw: Node, x: Node, w: Node) -> Node:
        kept = ops.less(ops.random_uniform(key, draw, (20, 30), float32), 0.5)
        return ops.matmul(ops.where(kept, ops.tanh(x), 0.0), w)

    arrays = [*STATE, numbers(1, (20, 30)), numbers(2, (30, 10))]
    program = check(build, arrays, isa)
    specs = [kernel.task.spec for kernel in program.kernels]
    assert sum(str(spec).count("philox_low") for spec in specs) == 1, "the mask is drawn once"
    kept = {argument.elements for spec in specs for argument in spec.arguments if argument.dtype == "bool"}
    assert kept == {600}, "and kept, one byte an element"


def test_both_halves_of_a_counter_cost_one_computation(isa: str) -> None:
    """Each macro writes all ten rounds; LLVM merges them: of one there are 20 products a vector."""
    if isa in CARDS:
        pytest.skip("counts instructions of the CPU")
    program = compiled(traced(lambda k, n: ops.random_normal(k, n, (64,), float32), STATE, False)[0], isa)
    (kernel,) = program.kernels
    registers = kernel.task.spec.lanes * 8 // program.target.vector_bytes
    instructions = [line.split()[0] for line in kernel.module.asm.splitlines() if line.startswith("\t")]
    assert kernel.module.text.count(" round 10:") == 2
    assert 0 < sum(name in PRODUCTS for name in instructions) <= 20 * registers


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=4),
    st.randoms(use_true_random=False),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(0, 2**63 - 1),
)
@settings(max_examples=15)
def test_any_order_of_axes(isa: str, shape: list[int], random: Any, key: int, draw: int) -> None:
    axes = list(range(len(shape)))
    random.shuffle(axes)
    x = numbers(3, [shape[axis] for axis in axes])

    def build(k: Node, n: Node, x: Node) -> Node:
        return ops.less(ops.transpose(ops.random_uniform(k, n, tuple(shape), float32), axes), x)

    exactly(build, [np.array(key, np.int64), np.array(draw, np.int64), x], isa)
