"""Max-pooling, selection and scattering against plain loops over the windows."""

from __future__ import annotations

import itertools
import math

import pytest

from dark_jit.lowering.kernel import Access, Accumulator, Apply, Body, Load, Store
from dark_jit.lowering.pooling import PoolScatterSpec, PoolScatterTilesSpec, PoolSpec, Windows, scatter

from .kernel_runs import ISAS, Array, arguments_of, dense, lanes_of, np, run

pytestmark = pytest.mark.parametrize("isa", ISAS)

# image, window, stride, padding
CASES = {
    "tiles": ((6, 8), (2, 2), (2, 2), (0, 0)),
    "tiles with a rest": ((7, 11), (2, 3), (2, 3), (0, 0)),
    "tiles with rows left": ((7, 6), (3, 2), (3, 2), (0, 0)),
    "overlap": ((7, 9), (3, 3), (2, 2), (0, 0)),
    "ResNet's": ((8, 9), (3, 3), (2, 2), (1, 1)),
    "gaps": ((9, 8), (2, 2), (3, 4), (1, 0)),
    "one pixel": ((4, 5), (1, 1), (1, 1), (0, 0)),
    "a whole image": ((4, 3), (4, 3), (1, 1), (0, 0)),
    "large padding": ((3, 4), (5, 4), (1, 2), (2, 2)),
    "dense": ((5, 6), (2, 3), (1, 1), (1, 1)),
}


def windows_of(case: str) -> Windows:
    image, window, stride, padding = CASES[case]
    grid = tuple((image[k] + 2 * padding[k] - window[k]) // stride[k] + 1 for k in range(2))
    return Windows(image, grid, window, stride, padding)


def first_maxima(windows: Windows, x: Array) -> tuple[Array, Array]:
    """(n, grid, c): the coordinates of each window's first maximum in x (n, h, w, c); NaN is the maximum."""
    n, height, width, c = x.shape
    places = np.zeros((2, n, *windows.grid, c), np.int64)
    for i, j in itertools.product(*map(range, windows.grid)):
        top, left = (k * s - p for k, s, p in zip((i, j), windows.stride, windows.padding, strict=True))
        rows = range(max(top, 0), min(top + windows.window[0], height))
        columns = range(max(left, 0), min(left + windows.window[1], width))
        pixels = list(itertools.product(rows, columns))
        first = np.argmax([x[:, h, w] for h, w in pixels], 0)
        places[:, :, i, j] = np.moveaxis(np.array(pixels)[first], -1, 0)
    return places[0], places[1]


def image(windows: Windows, channels: int, dtype: str, seed: int = 0) -> Array:
    """Few different values, so that there are many ties, and some NaN."""
    generator = np.random.default_rng(seed)
    x = generator.integers(-3, 3, (2, *windows.image, channels)).astype(dtype)
    if dtype.startswith("float"):
        x[generator.random(x.shape) < 0.1] = np.nan
    return x


def at(places: tuple[Array, Array], x: Array) -> Array:
    """x at the places, over the grid."""
    n, _, _, c = np.indices(places[0].shape)
    return x[n, places[0], places[1], c]


def shifted(dtype: str, out: Access, target: int) -> Body:
    """out = result + result, so that the epilogue is seen."""
    return Body((Accumulator(dtype), Apply(dtype, "add", (0, 0))), (Store(1, target, out),))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("channels", [1, 5, 16, 35])
def test_maximum(isa, case, channels, dtype="float32"):
    windows = windows_of(case)
    x, axes = image(windows, channels, dtype), (2, *windows.grid, channels)
    arrays = [x.reshape(-1), np.zeros(math.prod(axes), dtype)]
    load, epilogue = Load(dtype, 0, dense(*x.shape)), shifted(dtype, dense(*axes), 1)
    spec = PoolSpec(axes, arguments_of(arrays, {1}), epilogue, lanes_of(isa, dtype), windows, load)
    *_, got = run(spec, arrays, isa)
    np.testing.assert_array_equal(got.reshape(axes), 2 * at(first_maxima(windows, x), x))


@pytest.mark.parametrize("dtype", ["float64", "int32", "int64"])
def test_maximum_of_each_dtype(isa, dtype):
    test_maximum(isa, "ResNet's", 5, dtype)


@pytest.mark.parametrize("case", CASES)
def test_select(isa, case, dtype="float32"):
    windows = windows_of(case)
    x, axes = image(windows, 19, dtype), (2, *windows.grid, 19)
    v = np.arange(x.size).astype(dtype)
    arrays = [x.reshape(-1), v, np.zeros(math.prod(axes), dtype)]
    loads = Load(dtype, 0, dense(*x.shape)), Load(dtype, 1, dense(*x.shape))
    epilogue = shifted(dtype, dense(*axes), 2)
    spec = PoolSpec(axes, arguments_of(arrays, {2}), epilogue, lanes_of(isa, dtype), windows, *loads)
    *_, got = run(spec, arrays, isa)
    np.testing.assert_array_equal(got.reshape(axes), 2 * at(first_maxima(windows, x), v.reshape(x.shape)))


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("channels, dtype", [(19, "float32"), (3, "float64")])
def test_scatter(isa, case, channels, dtype):
    windows = windows_of(case)
    x = image(windows, channels, dtype)
    places = first_maxima(windows, x)
    g = np.arange(1, places[0].size + 1).astype(dtype).reshape(places[0].shape)
    want = np.zeros(x.shape, dtype)
    n, _, _, c = np.indices(g.shape)
    np.add.at(want, (n, *places, c), g)
    arrays = [x.reshape(-1), g.reshape(-1), np.zeros(x.size, dtype)]
    loads = Load(dtype, 0, dense(*x.shape)), Load(dtype, 1, dense(*g.shape))
    epilogue = shifted(dtype, dense(*x.shape), 2)
    spec = scatter(x.shape, arguments_of(arrays, {2}), epilogue, lanes_of(isa, dtype), windows, *loads)
    assert type(spec) is (PoolScatterTilesSpec if case in TILES else PoolScatterSpec)
    *_, got = run(spec, arrays, isa)
    np.testing.assert_array_equal(got.reshape(x.shape), 2 * want)


TILES = ("tiles", "tiles with a rest", "tiles with rows left", "one pixel")


def test_channels_need_not_be_contiguous(isa):
    """NCHW memory in, NHWC memory out."""
    windows = windows_of("ResNet's")
    x = image(windows, 19, "float32")
    height, width = windows.image
    planes = Access(0, (19 * height * width, width, 1, height * width))
    axes = (2, *windows.grid, 19)
    arrays = [np.ascontiguousarray(x.transpose(0, 3, 1, 2)).reshape(-1), np.zeros(math.prod(axes), "float32")]
    epilogue = shifted("float32", dense(*axes), 1)
    spec = PoolSpec(
        axes, arguments_of(arrays, {1}), epilogue, lanes_of(isa, "float32"), windows, Load("float32", 0, planes)
    )
    *_, got = run(spec, arrays, isa)
    np.testing.assert_array_equal(got.reshape(axes), 2 * at(first_maxima(windows, x), x))
