"""Small programs, with odd shapes, that between them use every CUDA template and most ways through each."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import dark_jit as dark
from dark_jit import dtypes, ops
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.cuda.backend import CudaProgram
from dark_jit.backends.cuda.render import Rendered, render
from dark_jit.backends.cuda.runtime import Device, EmulatedDevice
from dark_jit.graph.graph import Graph
from dark_jit.lowering.grid_tiles import multiplies_halves
from dark_jit.lowering.schedule import schedule
from dark_jit.lowering.target import Gpu
from dark_jit.tensor.handle import apply
from dark_jit.testing.equivalence import arrays_of
from dark_jit.transforms import passes

Array = np.ndarray[Any, Any]
Case = tuple[Callable[..., Any], Sequence[Array]]

TARGET = EmulatedDevice.target
_rng = np.random.default_rng(0)


def _floats(*shape: int, dtype: str = "float32") -> Array:
    return _rng.standard_normal(shape).astype(dtype)


def _integers(*shape: int, dtype: str = "int64") -> Array:
    return _rng.integers(-9, 9, shape).astype(dtype)


def _gradients(fn: Callable[..., Any], count: int) -> Callable[..., Any]:
    """The gradients of the sum of squares of a function, for its first arguments."""

    def gradients(*args: Any) -> Any:
        result, pullback = dark.vjp(lambda *first: fn(*first, *args[count:]), *args[:count])
        return pullback(result)

    return gradients


def _every_float_operation(x: Any, y: Any) -> Any:
    positive = dark.abs(x) + 0.5
    return (
        dark.exp(-positive) + dark.log(positive) + dark.tanh(x) + dark.sin(x) * dark.cos(y) + positive**y,
        dark.nextafter(x, y)
        + dark.sqrt(positive) / positive
        - dark.sign(x) * dark.floor(y)
        + dark.ceil(x)
        + dark.relu(y),
        x // y + x % y + dark.maximum(x, y) - dark.minimum(x, y),
    )


def _every_integer_operation(x: Any, y: Any) -> Any:
    divisor = dark.where(y == 0, 3, y)
    return x // divisor + x % divisor, x * y - x + y, dark.maximum(x, y), (x < y) | (x == y), -dark.abs(x)


def _conv(stride: int, padding: int) -> Callable[..., Any]:
    return lambda x, w: dark.conv2d(x, w, stride=stride, padding=padding)


PROGRAMS: dict[str, Case] = {
    # elementwise: vectors of 4, of 2, and none; several axes; broadcasting; padding; no element, one element
    "vectors": (lambda x, y: dark.relu(x * 2 + y), [_floats(8, 12), _floats(12)]),
    "vectors of two": (lambda x: x * x + 1, [_floats(6, 4, dtype="float64")]),
    "a prime": (lambda x: x * 2 + 1, [_floats(7, 13)]),
    "one": (lambda x: x + 1, [_floats(1)]),
    "none": (lambda x: x + 1, [_floats(0, 3)]),
    "many blocks": (lambda x: x * x, [_floats(300, 1000)]),
    "padding": (lambda x: dark.pad(x, ((1, 2), (4, 3))) * 2, [_floats(5, 8)]),
    "concatenation": (lambda x, y: dark.concatenate([x, y, x], axis=1), [_floats(3, 4), _floats(3, 5)]),
    "strided": (lambda x: x[::2, ::-1] + 1, [_floats(9, 8)]),
    "float operations": (_every_float_operation, [_floats(5, 7), _floats(5, 7)]),
    "double operations": (_every_float_operation, [_floats(3, 4, dtype="float64"), _floats(3, 4, dtype="float64")]),
    "integer operations": (_every_integer_operation, [_integers(4, 9), _integers(4, 9)]),
    "casts": (lambda x: (x.astype("int32"), x.astype("bool"), x.astype("float64")), [_floats(3, 5) * 1e10]),
    "transposition": (lambda x: dark.exp(x.T), [_floats(45, 33)]),
    "transposition of planes": (lambda x: dark.transpose(x, (0, 2, 1)) + 1, [_floats(3, 34, 40)]),
    # reductions: along rows and columns, by one warp and several, in chunks
    "rows": (lambda x: dark.sum(x * x, axis=1), [_floats(9, 37)]),
    "rows by many warps": (lambda x: dark.max(x, axis=1), [_floats(3, 700)]),
    "columns": (lambda x: dark.sum(x, axis=0), [_floats(50, 41) + 1]),
    "columns in the middle": (lambda x: dark.max(x, axis=1), [_floats(3, 5, 40)]),
    "all, in chunks": (lambda x: dark.sum(x, axis=None), [_floats(40000) + 1]),
    "columns, in chunks": (lambda x: dark.sum(x, axis=0), [_floats(5000, 7) + 1]),
    "integers": (lambda x: dark.sum(x, axis=1), [_integers(5, 70)]),
    "long rows": (lambda x: dark.sum(x, axis=1), [_floats(300, 3000, dtype="float64")]),
    "softmax": (lambda x: dark.exp(x) / dark.sum(dark.exp(x), axis=1, keepdims=True), [_floats(5, 33)]),
    # contractions: each way of fetching, edges, batches, slices
    "product": (lambda x, y: dark.tanh(x @ y + 1), [_floats(40, 24), _floats(24, 36)]),
    "product, odd": (lambda x, y: x @ y, [_floats(41, 23), _floats(23, 37)]),
    "product, transposed": (lambda x, y: x.T @ y.T, [_floats(24, 40), _floats(36, 24)]),
    "product of a vector": (lambda x, y: x @ y, [_floats(33, 50), _floats(50, 1)]),
    "products": (lambda x, y: x @ y, [_floats(3, 17, 21), _floats(3, 21, 9)]),
    "product of doubles": (lambda x, y: x @ y, [_floats(70, 18, dtype="float64"), _floats(18, 66, dtype="float64")]),
    "product of integers": (lambda x, y: x @ y, [_integers(5, 8), _integers(8, 7)]),
    "product in slices": (lambda x, y: dark.relu(x @ y), [_floats(20, 1100), _floats(1100, 18)]),
    "nothing to add up": (lambda x, y: x @ y, [_floats(3, 0), _floats(0, 4)]),
    "convolution": (_conv(1, 1), [_floats(2, 3, 9, 8), _floats(8, 3, 3, 3)]),
    "convolution of no channels": (_conv(1, 1), [_floats(2, 0, 5, 4), _floats(3, 0, 3, 3)]),
    "convolution, strided": (_conv(2, 1), [_floats(2, 4, 11, 9), _floats(5, 4, 3, 3)]),
    "gradients of a convolution": (
        _gradients(_conv(2, 1), 2),
        [_floats(2, 3, 9, 8, dtype="float64"), _floats(4, 3, 3, 3, dtype="float64")],
    ),
    "convolution in groups": (
        lambda x, w: dark.conv2d(x, w, groups=2),
        [_floats(1, 4, 6, 6), _floats(6, 2, 3, 3)],
    ),
    "factors": (lambda x: dark.prod(x, axis=1), [_floats(5, 9)]),
    "factors of integers": (lambda x: dark.prod(x, axis=0), [_integers(9, 7)]),
    "places of extrema": (
        lambda x, y: (dark.argmax(x, axis=1), dark.argmin(x, axis=0) + 1, dark.argmax(y), dark.argmin(y, axis=1)),
        [np.where(_floats(7, 33) > 1.5, np.nan, _floats(7, 33)), _integers(5, 40, dtype="int16")],
    ),
    # scans and sorting
    "scans": (
        lambda x, y: (dark.cumsum(x, axis=0) * 2, dark.cumsum(x, axis=1), dark.cumprod(x, axis=1), dark.cumsum(y)),
        [_floats(5, 33), _integers(40, dtype="int8")],
    ),
    "gradients of scans": (
        _gradients(lambda x: dark.cumprod(x, axis=1) + dark.cumsum(x, axis=0), 1),
        [_floats(5, 7, dtype="float64")],
    ),
    "sorting": (
        lambda x, y: (
            dark.argsort(x, axis=0),
            dark.argsort(x, axis=1, descending=True) + 1,
            dark.sort(y),
            dark.argsort(y, descending=True),
        ),
        [np.where(_floats(7, 33) > 1.5, np.nan, np.round(_floats(7, 33))), _integers(300, dtype="int8")],
    ),
    # pooling and gathering
    "pooling": (lambda x: dark.max_pool2d(x, 2), [_floats(2, 3, 9, 8)]),
    "gradient of pooling": (_gradients(lambda x: dark.max_pool2d(x, 2), 1), [_floats(2, 3, 9, 8)]),
    "gradient of overlapping pooling": (
        _gradients(lambda x: dark.max_pool2d(x, 3, stride=2, padding=1), 1),
        [_floats(1, 2, 9, 10)],
    ),
    "taking": (lambda x, i: dark.take(x, i, 1), [_floats(3, 6, 5), _integers(2, 2) % 6]),
    "taking elements": (lambda x, i: dark.take_along_axis(x, i, 1) * 2, [_floats(3, 6, 5), _integers(3, 2, 5) % 6]),
    "the gradient of taking": (
        _gradients(lambda x, i: dark.take(x, i, 1), 1),
        [_floats(3, 6, 5), np.array([[1, -1], [5, 1]])],
    ),
    "writing, and its gradients": (
        lambda i, x, v: _gradients(lambda x, v: apply(ops.put, x, i, v), 2)(x, v),
        [np.array([1, -1, 5, 1]), _floats(6, 5), _floats(4, 5)],
    ),
    "writing elements, and its gradients": (
        lambda i, x, v: _gradients(lambda x, v: apply(ops.put_along_axis, x, i, v, axis=0), 2)(x, v),
        [_integers(4, 5) % 6, _floats(6, 5), _floats(4, 5)],
    ),
}

# What a card with one multiprocessor computes on tensor cores, by the cost model: each way of fetching, edges, batches,
# slices (for four multiprocessors), convolutions.
ONE, FOUR = Gpu("sm_90", 1), Gpu("sm_90", 4)
TENSOR_PROGRAMS: dict[str, tuple[Case, Gpu]] = {
    "product": ((lambda x, y: dark.tanh(x @ y + 1), [_floats(66, 40), _floats(40, 72)]), ONE),
    "product, odd": ((lambda x, y: x @ y, [_floats(130, 37), _floats(37, 134)]), ONE),
    "product, transposed": ((lambda x, y: x.T @ y.T, [_floats(24, 68), _floats(76, 24)]), ONE),
    "product, transposed, odd": ((lambda x, y: x.T @ y.T, [_floats(19, 131), _floats(133, 19)]), ONE),
    "products": ((lambda x, y: x @ y, [_floats(2, 65, 20), _floats(2, 20, 64)]), ONE),
    "product, large": ((lambda x, y: x @ y, [_floats(260, 20), _floats(20, 260)]), ONE),
    "product, columns": ((lambda x, y: x @ y, [_floats(256, 20), _floats(20, 64)]), ONE),
    "product, whole stages": ((lambda x, y: x @ y, [_floats(66, 48), _floats(48, 72)]), ONE),
    "product in slices": ((lambda x, y: dark.relu(x @ y), [_floats(64, 1030), _floats(1030, 64)]), FOUR),
    "product in slices of whole stages": ((lambda x, y: x @ y, [_floats(64, 1040), _floats(1040, 64)]), FOUR),
    "convolution, whole stages": ((_conv(1, 1), [_floats(1, 16, 9, 8), _floats(64, 16, 3, 3)]), ONE),
    "convolution": ((_conv(1, 1), [_floats(2, 6, 9, 8), _floats(64, 6, 3, 3)]), ONE),
    "gradients of a convolution": ((_gradients(_conv(1, 1), 2), [_floats(2, 32, 9, 8), _floats(64, 32, 3, 3)]), ONE),
}


def _halved(name: str, dtype: str) -> tuple[Case, Gpu]:
    (fn, arrays), target = TENSOR_PROGRAMS[name]
    return (fn, [array.astype(dtypes.as_dtype(dtype)) for array in arrays]), target


# The same with operands of 16 bits. Some have an odd number of them in a row, so that they come one by one.
HALF_PROGRAMS: dict[str, tuple[Case, Gpu]] = {
    f"{name}, {dtype}": _halved(name, dtype)
    for name, dtype in (
        ("product", "bfloat16"),
        ("product, odd", "float16"),
        ("product, transposed", "float16"),
        ("product, transposed, odd", "bfloat16"),
        ("products", "float16"),
        ("product, large", "bfloat16"),
        ("product, whole stages", "float16"),
        ("product in slices", "bfloat16"),
        ("convolution, whole stages", "bfloat16"),
        ("gradients of a convolution", "float16"),
    )
    if dtype == "float16" or importlib.util.find_spec("ml_dtypes") is not None
}


def graph_of(case: Case) -> Graph:
    """The canonical graph of a program."""
    fn, arrays = case
    program: Any = dark.compile(fn, backend="reference").program_for(*arrays)
    graph: Graph = program.graph
    return graph


def kernels_of(case: Case, target: Gpu = TARGET) -> list[Rendered]:
    """The texts of a program's kernels."""
    tasks = schedule(passes.run(graph_of(case), halves=multiplies_halves(target))[-1][1], target).tasks
    return [render(task.spec, target) for task in tasks]


def run(case: Case, device: Device, precision: str = "default") -> list[Array]:
    """The program's results on a device."""
    graph = graph_of(case)
    inputs = [Buffer.copy_of(array, array.dtype) for array in case[1]]
    return [buffer.array() for buffer in CudaProgram(graph, device, precision).run(inputs)]


def assert_right(case: Case, device: Device) -> None:
    """Hold the program's results on a device to the NumPy interpreter's: integers equal, floats near."""
    fn, arrays = case
    wanted = list(arrays_of(dark.compile(fn, backend="reference")(*arrays)))
    for found, want in zip(run(case, device), wanted, strict=True):
        assert found.dtype == want.dtype
        assert found.shape == want.shape
        tolerance = {"bfloat16": 8e-3, "float16": 1e-3, "float32": 2e-5, "float64": 1e-12}.get(found.dtype.name, 0.0)
        largest = float(np.abs(want.astype(np.float64)).max(initial=0))
        one, other = (x.astype(np.float64) if dtypes.is_half(x.dtype) else x for x in (found, want))
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance * (1 + largest))
