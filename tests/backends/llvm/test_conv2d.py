"""Convolutions in NHWC and their gradients: strides, dilations, groups, narrow and wide channels."""

from __future__ import annotations

import math

import pytest

from dark_jit.lowering.contraction_spec import Conv2dSpec
from dark_jit.lowering.kernel import Access, Accumulator, Apply, Body, Load, Store

from .contraction_runs import check
from .kernel_runs import ISAS, dense, np, numbers

pytestmark = pytest.mark.parametrize("isa", ISAS)


def output(extent, kernel, stride=1, dilation=1) -> int:
    return (extent - dilation * (kernel - 1) - 1) // stride + 1


def forward(isa, n, c, h, w, o, kernel, *, stride=1, dilation=1, groups=1, layout="OIHW", dtype="float32", body=None):
    """Check a convolution of an image that has its border already."""
    oh, ow = output(h, kernel, stride, dilation), output(w, kernel, stride, dilation)
    cg, og = c // groups, o // groups
    left = (h * w * c, stride * w * c, stride * c, cg, 0, dilation * w * c, dilation * c, 1)
    area = kernel * kernel
    right = {
        "OIHW": (0, 0, 0, og * cg * area, cg * area, kernel, 1, area),
        "HWIO": (0, 0, 0, og, 1, kernel * cg * o, cg * o, o),
    }[layout]
    arrays = [numbers(1, dtype, n, h, w, c) % 9, numbers(2, dtype, o * cg * area) % 9, numbers(3, dtype, n, oh, ow, o)]
    axes = (n, oh, ow, groups, og)
    return check(isa, axes, (kernel, kernel, cg), Access(0, left), Access(0, right), arrays, body)


@pytest.mark.parametrize("kernel", [1, 3, 7])
@pytest.mark.parametrize("c", [1, 3, 16, 17])
def test_kernels_and_channels(isa, kernel, c):
    forward(isa, 2, c, 9, 12, 18, kernel)


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("dilation", [1, 2])
def test_strides_and_dilations(isa, stride, dilation):
    forward(isa, 2, 5, 13, 16, 33, 3, stride=stride, dilation=dilation, layout="HWIO")
    forward(isa, 1, 5, 13, 16, 33, 3, stride=stride, dilation=dilation)


@pytest.mark.parametrize("layout", ["OIHW", "HWIO"])
def test_groups(isa, layout):
    forward(isa, 2, 6, 7, 8, 34, 3, groups=2, layout=layout)
    forward(isa, 2, 6, 7, 8, 6, 3, groups=6, layout=layout)


def test_float64(isa):
    forward(isa, 2, 3, 8, 9, 20, 3, dtype="float64")


@pytest.mark.parametrize("width", [3, 6, 9, 10, 16, 30])
def test_widths(isa, width):
    forward(isa, 1, 4, 5, width, 24, 3)


def test_a_1x1_convolution_is_a_matrix_product(isa):
    spec = forward(isa, 2, 8, 5, 6, 20, 1)
    assert (spec.template, spec.axes, spec.reduced) == ("gemm", (60, 20), (8,))


def test_a_row_of_the_kernel_is_one_run(isa):
    spec = forward(isa, 2, 8, 5, 6, 20, 3)
    assert isinstance(spec, Conv2dSpec)
    assert spec.reduced == (3, 24)


def test_residual_and_bias(isa):
    n, h, w, c, o = 2, 6, 7, 3, 20
    axes = (n, h - 2, w - 2, 1, o)
    body = Body(
        (
            Accumulator("float32"),
            Load("float32", 3, Access(0, (0, 0, 0, 0, 1))),
            Load("float32", 4, dense(*axes)),
            Apply("float32", "add", (0, 1)),
            Apply("float32", "add", (3, 2)),
        ),
        (Store(4, 2, dense(*axes)),),
    )
    arrays = [numbers(1, "float32", n, h, w, c), numbers(2, "float32", o, c, 3, 3), numbers(3, "float32", *axes)]
    arrays += [numbers(4, "float32", o), numbers(5, "float32", *axes)]
    left = Access(0, (h * w * c, w * c, c, 0, 0, w * c, c, 1))
    check(isa, axes, (3, 3, c), left, Access(0, (0, 0, 0, 0, c * 9, 3, 1, 9)), arrays, body)


@pytest.mark.parametrize("c", [2, 17])
@pytest.mark.parametrize("flipped", ["left", "right"])
def test_input_gradient(isa, c, flipped):
    """dx[n, y, x, c] = sum over i, j, o of dy[n, y + 2 - i, x + 2 - j, o] * w[o, c, i, j], dy with a border of 2."""
    n, h, w, o = 2, 6, 7, 9
    dy, weights, dx = (n, h + 2, w + 2, o), (o, c, 3, 3), (n, h, w, c)
    arrays = [numbers(seed, "float32", *shape) for seed, shape in enumerate((dy, weights, dx))]
    row = (w + 2) * o
    if flipped == "left":
        left = Access(2 * row + 2 * o, ((h + 2) * row, row, o, 0, -row, -o, 1))
        right = Access(0, (0, 0, 0, 9, 3, 1, c * 9))
    else:
        left = Access(0, ((h + 2) * row, row, o, 0, row, o, 1))
        right = Access(8, (0, 0, 0, 9, -3, -1, c * 9))
    check(isa, (n, h, w, c), (3, 3, o), left, right, arrays)


@pytest.mark.parametrize(
    "n, c, h, w, o, kernel, stride",
    [
        (2, 1, 9, 10, 16, 3, 1),
        (2, 3, 9, 10, 20, 3, 2),
        (1, 17, 8, 8, 33, 3, 1),
        (2, 16, 7, 7, 40, 1, 1),
        (1, 3, 20, 20, 10, 7, 2),
    ],
)
def test_weight_gradient(isa, n, c, h, w, o, kernel, stride):
    weight_gradient(isa, n, c, h, w, o, kernel, stride)


def test_weight_gradient_of_a_large_image_is_summed_in_pieces(isa):
    assert weight_gradient(isa, 2, 4, 114, 114, 40, 3, 1).pieces > 1


def test_small_weight_gradients_take_all_rows_in_one_tile(isa):
    assert weight_gradient(isa, 2, 1, 8, 8, 16, 3, 1).tile == (3, 3)


def weight_gradient(isa, n, c, h, w, o, kernel, stride):
    oh, ow = output(h, kernel, stride), output(w, kernel, stride)
    left = Access(0, (w * c, c, 1, 0, h * w * c, stride * w * c, stride * c))
    right = Access(0, (0, 0, 0, 1, oh * ow * o, ow * o, o))
    arrays = [numbers(1, "float32", n, h, w, c) % 5, numbers(2, "float32", n, oh, ow, o) % 5]
    arrays.append(np.zeros((kernel, kernel, c, o), np.float32))
    assert math.prod(arrays[1].shape[:3]) * 16 < 2**24, "sums are exact"
    return check(isa, (kernel, kernel, c, o), (n, oh, ow), left, right, arrays)
