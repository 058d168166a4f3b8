"""float16 and bfloat16: whatever is computed from them is computed in float32 and rounded once, everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import dark_jit as dark
from dark_jit import config, dtypes, nn, optim
from dark_jit.backends.cuda import emulator
from dark_jit.backends.llvm.target import available_isas
from dark_jit.testing import assert_equivalent, strategies
from dark_jit.testing.equivalence import default_backend

pytest.importorskip("ml_dtypes", reason="bfloat16 needs ml_dtypes (extra half)")

HALVES = ("float16", "bfloat16")
Array = np.ndarray[Any, Any]

# The CPU with each instruction set; and the emulator of a card, which has none.
PLACES = [
    pytest.param({"backends": ("cpu",), "isas": available_isas()[:2]}, id="cpu"),
    pytest.param(
        {"backends": ("cuda-emulator",)},
        id="cuda-emulator",
        marks=pytest.mark.skipif(not emulator.available(), reason="the emulator needs g++"),
    ),
]


def numbers(seed: int, *shape: int) -> Array:
    """float32; the tests cast."""
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def elementwise(x: Any, y: Any) -> list[Any]:
    return [
        dark.exp(x) * 0.5 + y / 3,
        dark.where(x > y, x, -y),
        dark.maximum(x, 0.25) % 0.75,
        dark.sigmoid(x) - dark.tanh(y) * dark.gelu(x),
        dark.log1p(dark.abs(x)) ** 1.5,
        (x > 0.5) & (y != x),
        dark.nextafter(x, y),
    ]


def moved(x: Any, y: Any) -> list[Any]:
    return [
        x.T,
        dark.concat([dark.flip(x, 1), dark.pad(y, ((1, 2), (0, 0)))], axis=0),
        x[1::2, ::-3],
        dark.take(x, np.array([3, 0, -1]), 0),
        dark.take_along_axis(x, np.arange(37)[:, None] % 33, 1),
        dark.astype(x, np.float64),
        dark.astype(x * 40, np.int8),
        dark.astype(dark.astype(x, np.float64) / 3, x.dtype),
        dark.astype(x, np.bool_),
        dark.astype(dark.arange(70000), x.dtype),
        dark.sort(x, 1),
        dark.argmax(y, 0),
    ]


def reduced(x: Any, y: Any) -> list[Any]:
    return [
        x.sum(0), x.mean(1), x.var(), x.max(0), dark.prod(y, 1), dark.cumsum(x, 1), dark.softmax(x, 1),
        dark.log_softmax(y, 0), dark.sum(x * y, dtype=np.float32), dark.any(x > 2, axis=0),
    ]  # fmt: skip


def products(x: Any, y: Any) -> list[Any]:
    return [x @ y.T, x.T @ y, x @ y[0], dark.einsum("ij,kj->ki", x, y)]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "elementwise": elementwise,
    "moved": moved,
    "reduced": reduced,
    "products": products,
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_matrices(name: str, place: dict[str, Any]) -> None:
    arrays = numbers(1, 37, 33), numbers(2, 37, 33)
    gradients = name in ("elementwise", "reduced", "products")

    def function(x: Any, y: Any) -> list[Any]:
        return FUNCTIONS[name](dark.asarray(x), dark.asarray(y))

    if name == "elementwise":  # nextafter has none
        everything, function = function, lambda x, y: everything(x, y)[:-1]
        assert_equivalent(lambda x, y: everything(x, y)[-1], *arrays, dtypes=HALVES, **place)
    for dtype in map(dtypes.as_dtype, HALVES):
        close = 2 * float(dtypes.finfo(dtype).eps)  # a rounding or two may fall otherwise
        assert_equivalent(function, *arrays, dtypes=[dtype], gradients=gradients, rtol=close, atol=close, **place)


@pytest.mark.parametrize("place", PLACES)
def test_networks(place: dict[str, Any]) -> None:
    def layers(x: Any, w: Any, scale: Any) -> list[Any]:
        image = dark.conv2d(x, w, stride=2, padding=1)
        return [
            image,
            dark.batch_norm(image, scale, scale),
            dark.max_pool2d(x, 2),
            dark.avg_pool2d(x, 3, 1),
            dark.layer_norm(x, (9, 9)),
        ]

    arrays = numbers(1, 2, 3, 9, 9), numbers(2, 6, 3, 3, 3), numbers(3, 6)
    for dtype in HALVES:
        x, w, scale = (array.astype(dtypes.as_dtype(dtype)) for array in arrays)
        second = np.concatenate([w, w], 1)
        assert_equivalent(
            lambda x, w, s, second: [*layers(x, w, s), dark.conv2d(dark.relu(dark.conv2d(x, w)), second)],
            x, w, scale, second, gradients=True, **place,
        )  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    ("dtype", "rule"),
    [("float16", lambda p: optim.SGD(p, 0.1, 0.9)), ("bfloat16", lambda p: optim.Adam(p, lr=0.01, eps=1e-4))],
)
def test_training_steps(dtype: str, rule: Callable[[Any], Any], place: dict[str, Any]) -> None:
    dark.manual_seed(3)
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(36, 5)
    )
    images = np.random.default_rng(5).random((8, 1, 6, 6)).astype(np.float32)
    close = 4 * float(dtypes.finfo(dtypes.as_dtype(dtype)).eps)
    assert_equivalent(model, images, dtypes=[dtype], steps=2, optimizer=rule, rtol=close, atol=close, **place)


@settings(max_examples=4)
@given(case=strategies.graphs())
def test_random_graphs(case: Any) -> None:
    shape, program = case
    assert_equivalent(program, *(numbers(seed, *shape) for seed in (1, 2)), dtypes=HALVES)


@pytest.mark.parametrize("dtype", HALVES)
@pytest.mark.parametrize("backend", ["reference", "cpu"])
def test_sums_are_gathered_in_float32(backend: str, dtype: str) -> None:
    """2^16 times 1 is beyond all integers that 16 bits hold, and 2^11 - 1 of them beside 2^15 would be lost."""
    with default_backend(backend):
        ones = dark.ones((8, 4096), dtype=dtype)
        assert ones.sum().item() == 32768
        assert ones.mean().item() == 1
        assert (ones @ ones.T)[0, 0].item() == 4096
        big = dark.full((70000,), 3.0, dtype)
        assert big.mean().item() == 3  # whose sum is beyond float16
        assert big.var().item() == 0
        x = dark.asarray([2048.0, 1.0, 1.0, 1.0, 1.0], dtype)
        assert x.sum().item() == (2052 if dtype == "float16" else 2048)


def assert_same(found: Array, wanted: Array) -> None:
    """Equal, also in the signs of zeros. NumPy's assertion takes bfloat16's NaN for numbers."""
    assert found.dtype == wanted.dtype
    with np.errstate(invalid="ignore"):  # signalling NaN become quiet
        found, wanted = found.astype(np.float64), wanted.astype(np.float64)
    np.testing.assert_array_equal(found, wanted)
    np.testing.assert_array_equal(np.signbit(found)[found == 0], np.signbit(wanted)[found == 0])


@pytest.mark.parametrize("isa", [*available_isas(), pytest.param("cuda-emulator", marks=PLACES[1].marks)])
@pytest.mark.parametrize("name", HALVES)
def test_conversions_round_once(name: str, isa: str) -> None:
    """Halfway between two neighbours, and beside that; from float32 and float64, and back. NaN stays, -0.0 too."""
    dtype = dtypes.as_dtype(name)
    every = np.arange(0, 2**16, 1 if isa != "cuda-emulator" else 13, dtype=np.uint16)
    special = np.array([0, 0x8000, dtypes.half_bits(np.inf, name), dtypes.half_bits(np.nan, name)], np.uint16)
    values = np.concatenate([every, special]).view(dtype)
    with np.errstate(all="ignore"):
        low, high = (bits.view(dtype).astype(np.float64) for bits in (every, every + np.uint16(1)))
        middle = (low + high) / 2
        doubles = np.concatenate([middle, np.nextafter(middle, -np.inf), np.nextafter(middle, np.inf), [1e300, -0.0]])
        floats = middle.astype(np.float32)
        floats = np.concatenate([floats, np.nextafter(floats, np.float32(np.inf)), np.nextafter(floats, np.float32(0))])
    backend, chosen = ("cpu", isa) if isa in available_isas() else (isa, None)
    narrow = dark.compile(lambda x: x.astype(dtype), backend=backend)
    wide = dark.compile(lambda x: [x.astype(np.float32), x.astype(np.float64), x.T], backend=backend)
    with config.overridden(chosen, None):
        for numbers in (doubles, floats):
            assert_same(narrow(numbers).numpy(), dtypes.convert(numbers, dtype))
        for found in wide(values):
            assert_same(found.numpy(), dtypes.convert(values, found.dtype))


@pytest.mark.parametrize("dtype", HALVES)
def test_each_result_is_rounded_once(dtype: str) -> None:
    """As of numbers that are exact in float64."""
    half = dtypes.as_dtype(dtype)
    x, y = (numbers(seed, 1000).astype(half) for seed in (1, 2))
    wide = x.astype(np.float32), y.astype(np.float32)
    for function in (lambda x, y: x * y, lambda x, y: x + y, lambda x, y: x / y, lambda x, y: x - y * 0):
        found = dark.compile(function)(x, y).numpy()
        np.testing.assert_array_equal(found, function(*wide).astype(half), strict=True)
    twice = dark.compile(lambda x, y: x * y + y)(x, y).numpy()
    wanted = (wide[0] * wide[1]).astype(half).astype(np.float32) + wide[1]
    np.testing.assert_array_equal(twice, wanted.astype(half), strict=True)


@pytest.mark.parametrize("dtype", HALVES)
def test_gradients_have_the_parameters_dtype(dtype: str) -> None:
    dark.set_default_dtype(dtype)
    try:
        layer = nn.Linear(4, 3)
    finally:
        dark.set_default_dtype(np.float32)
    layer(dark.ones((2, 4))).sum().backward()  # float32 images: results are float32
    assert all(p.grad is not None and p.grad.dtype == dtypes.as_dtype(dtype) for p in layer.parameters())


@pytest.mark.parametrize("dtype", HALVES)
def test_draws_are_float32s_rounded(dtype: str) -> None:
    for draw in (dark.rand, dark.randn):
        dark.manual_seed(1)
        wanted = draw(1000).numpy()
        dark.manual_seed(1)
        found = draw(1000, dtype=dtype).numpy()
        np.testing.assert_array_equal(found, wanted.astype(dtypes.as_dtype(dtype)), strict=True)


@pytest.mark.parametrize("dtype", HALVES)
def test_results_are_pytorchs(dtype: str) -> None:
    """Within a unit in the last place: PyTorch rounds as often, and where it computes in float32, so do we."""
    torch = pytest.importorskip("torch")
    x, y = (torch.from_numpy(numbers(seed, 64, 64)).to(getattr(torch, dtype)) for seed in (1, 2))
    ours = dark.from_dlpack(x), dark.from_dlpack(y)
    for mine, theirs in (
        (lambda x, y: x * y + x / (y + 3), lambda x, y: x * y + x / (y + 3)),
        (lambda x, y: dark.exp(x) - dark.tanh(y), lambda x, y: torch.exp(x) - torch.tanh(y)),
        (lambda x, y: x @ y, lambda x, y: x @ y),
        (lambda x, y: x.mean(0), lambda x, y: x.mean(0)),
        (lambda x, y: dark.softmax(x * 4, -1), lambda x, y: torch.softmax(x * 4, -1)),
        (lambda x, y: dark.layer_norm(x, 64), lambda x, y: torch.nn.functional.layer_norm(x, (64,))),
        (lambda x, y: dark.gelu(y), lambda x, y: torch.nn.functional.gelu(y)),
    ):
        found, wanted = dark.compile(mine)(*ours).numpy(), theirs(x, y).float().numpy()
        assert found.dtype == dtypes.as_dtype(dtype)
        close = float(dtypes.finfo(found.dtype).eps)
        np.testing.assert_allclose(found.astype(np.float32), wanted, rtol=close, atol=close / 8)
