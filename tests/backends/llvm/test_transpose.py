"""Transposition in registers, with what is fused into it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from dark_jit.lowering.copying import TransposeSpec, TransposeTilesSpec, transposition
from dark_jit.lowering.kernel import Access, Apply, Body, ElementwiseSpec, Load, Store

from .kernel_runs import ISAS, arguments_of, dense, evaluate, lanes_of, np, numbers, run

pytestmark = pytest.mark.parametrize("isa", ISAS)


def check(isa, extents, steps, stores, arrays) -> TransposeSpec:
    """Run a body that is a transposition and compare all buffers with NumPy's."""
    body = Body(tuple(steps), tuple(stores))
    arguments = arguments_of(arrays, {store.argument for store in stores})
    plain = ElementwiseSpec(extents, arguments, body, lanes_of(isa, *(a.dtype.name for a in arrays)))
    spec = transposition(plain)
    assert spec is not None
    expected = [array.reshape(-1).copy() for array in arrays]
    evaluate(body, extents, expected)
    for got, want in zip(run(spec, arrays, isa), expected, strict=True):
        np.testing.assert_array_equal(got, want)
    return spec


def transposed(*extents, axis=-2) -> Access:
    """The access of an array in which `axis` is the contiguous one and the last takes its place."""
    order = list(range(len(extents)))
    order[axis], order[-1] = order[-1], order[axis]
    inner = dense(*(extents[k] for k in order)).strides
    return Access(0, tuple(inner[order.index(k)] for k in range(len(extents))))


def copy(isa, extents, dtype, axis=-2) -> TransposeSpec:
    size = math.prod(extents)
    steps, stores = [Load(dtype, 0, transposed(*extents, axis=axis))], [Store(0, 1, dense(*extents))]
    return check(isa, extents, steps, stores, [numbers(0, dtype, size), np.zeros(size, dtype)])


@pytest.mark.parametrize("dtype", ["float32", "int32", "float64", "int64"])
@pytest.mark.parametrize(
    "extents", [(2, 2), (3, 40), (40, 3), (16, 16), (17, 15), (33, 50), (5, 40), (40, 5), (32, 48)]
)
def test_copies(isa, dtype, extents):
    copy(isa, extents, dtype)


@pytest.mark.parametrize("extents", [(3, 20, 35), (2, 3, 18, 16)])
def test_batches(isa, extents):
    copy(isa, extents, "float32")


@pytest.mark.parametrize("axis", [0, 1])
def test_an_axis_in_between(isa, axis):
    assert copy(isa, (6, 7, 21), "float32", axis).across == axis


def test_long_columns_are_several_pieces(isa):
    copy(isa, (20_001, 5), "float32")
    copy(isa, (32_768, 4), "float32")


def test_elementwise_work_is_fused(isa):
    """Two outputs of two dtypes: max(x.T * scale + y, x.T * scale), and whether it is less than y."""
    extents = (21, 35)
    steps = [
        Load("float32", 1, Access(0, (0, 1))),
        Load("float32", 0, Access(3, (1, 22))),
        Apply("float32", "multiply", (1, 0)),
        Load("float32", 2, dense(*extents)),
        Apply("float32", "add", (2, 3)),
        Apply("float32", "maximum", (4, 2)),
        Apply("bool", "less", (5, 3)),
    ]
    arrays = [numbers(k, "float32", size) for k, size in enumerate((800, 35, 735))]
    arrays += [np.zeros(735, "float32"), np.zeros(735, "bool")]
    check(isa, extents, steps, [Store(5, 3, dense(*extents)), Store(6, 4, dense(*extents))], arrays)


def test_in_place(isa):
    extents = (21, 35)
    steps = [
        Load("float32", 0, transposed(*extents)),
        Load("float32", 1, dense(*extents)),
        Apply("float32", "add", (0, 1)),
    ]
    check(isa, extents, steps, [Store(2, 1, dense(*extents))], [numbers(0, "float32", 735), numbers(1, "float32", 735)])


@pytest.mark.parametrize("dtype", ["float32", "float64", "int16"])
@pytest.mark.parametrize(
    "extents", [(2, 2), (17, 15), (64, 256), (131, 530), (5, 300), (70, 3), (3, 66, 40), (2, 3, 18, 270)]
)
@pytest.mark.parametrize("border", [0, 1])
def test_beside_other_operands(isa, extents, dtype, border):
    """Two sums with operands in C order; x ends `border` rows before the space does."""
    size = math.prod(extents)
    valid = (*((0, extent) for extent in extents[:-2]), (0, extents[-2] - border), (0, extents[-1]))
    steps = [
        Load(dtype, 0, replace(transposed(*extents), valid=valid if border else ())),
        Load(dtype, 1, dense(*extents)),
        Apply(dtype, "add", (0, 1)),
        Load(dtype, 2, dense(*extents)),
        Apply(dtype, "add", (0, 3)),
    ]
    arrays = [*(numbers(k, dtype, size) for k in range(3)), np.zeros(size, dtype), np.zeros(size, dtype)]
    stores = [Store(2, 3, dense(*extents)), Store(4, 4, dense(*extents))]
    assert isinstance(check(isa, extents, steps, stores, arrays), TransposeTilesSpec)
