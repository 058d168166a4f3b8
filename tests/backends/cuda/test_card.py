"""On a card (`pytest -m gpu`): the same programs, larger ones, and the emulator's word held to the card's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import dark_jit as dark
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.cuda.backend import CudaProgram
from dark_jit.backends.cuda.card import CardBuffer, CardDevice
from dark_jit.backends.cuda.runtime import EmulatedDevice
from dark_jit.errors import BackendError, IndexOutOfRangeError
from dark_jit.testing.equivalence import assert_equivalent, default_backend

from .programs import PROGRAMS, TENSOR_PROGRAMS, assert_right, graph_of, run

pytestmark = pytest.mark.gpu


@pytest.fixture(scope="module")
def card() -> CardDevice:
    try:
        return CardDevice()
    except BackendError as error:
        pytest.skip(str(error))


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_numbers(name: str, card: CardDevice) -> None:
    assert_right(PROGRAMS[name], card)


@pytest.mark.parametrize("name", ["rows", "columns, in chunks", "product", "product in slices", "convolution"])
def test_the_emulator_gives_the_cards_bits(name: str, card: CardDevice) -> None:
    for here, there in zip(run(PROGRAMS[name], EmulatedDevice()), run(PROGRAMS[name], card), strict=True):
        np.testing.assert_allclose(here, there, rtol=1e-6, atol=1e-6)


@pytest.fixture
def tensor_card(card: CardDevice) -> CardDevice:
    """The card, for which kernels are chosen as if it had one multiprocessor: small products take tensor cores."""
    small = CardDevice()
    small.target = replace(card.target, multiprocessors=1)
    return small


@pytest.mark.parametrize("name", TENSOR_PROGRAMS)
def test_tensor_cores(name: str, tensor_card: CardDevice) -> None:
    assert_right(TENSOR_PROGRAMS[name][0], tensor_card)


@pytest.mark.parametrize("precision", ["default", "tf32"])
def test_tensor_cores_are_no_less_accurate_than_the_emulators(precision: str, tensor_card: CardDevice) -> None:
    """What the emulator assumes of their sums is the worst: the card's errors are at most about as large."""
    rng = np.random.default_rng(0)
    x, y = (np.abs(rng.standard_normal(shape)).astype(np.float32) for shape in ((64, 1024), (1024, 64)))
    exact = x.astype(np.float64) @ y.astype(np.float64)
    devices = tensor_card, EmulatedDevice(target=tensor_card.target)
    results = (run((lambda x, y: x @ y, [x, y]), device, precision)[0] for device in devices)
    there, here = (float(np.abs(result - exact).max()) for result in results)
    assert there <= 1.5 * here


LARGE = {
    "elementwise": (lambda x: dark.exp(-x * x), [(4097, 1023)], 1e-5),
    "sum": (dark.sum, [(4097, 1023)], 1e-3),
    "product": (lambda x, y: x @ y, [(1025, 513), (513, 770)], 1e-3),
    "product of many terms": (lambda x, y: x @ y, [(64, 100_000), (100_000, 48)], 1e-1),
    "convolution": (lambda x, w: dark.conv2d(x, w, padding=1), [(16, 64, 57, 57), (96, 64, 3, 3)], 1e-2),
    "transposition": (lambda x: x.T + 1, [(3001, 2003)], 1e-6),
    "pooling": (lambda x: dark.max_pool2d(x, 3, stride=2, padding=1), [(8, 64, 57, 57)], 1e-6),
}


@pytest.mark.parametrize("name", LARGE)
def test_large_ones(name: str, card: CardDevice) -> None:
    fn, shapes, tolerance = LARGE[name]
    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(shape).astype(np.float32) for shape in shapes]
    on_card = dark.compile(fn, backend="cuda")(*arrays).numpy()
    on_cpu = dark.compile(fn, backend="cpu")(*arrays).numpy()
    np.testing.assert_allclose(on_card, on_cpu, rtol=1e-4, atol=tolerance)


def test_results_stay_on_the_card(card: CardDevice) -> None:
    x = np.arange(6, dtype=np.float32)
    program = CudaProgram(graph_of((lambda x: x * 2, [x])), card)
    (first,) = program.run([Buffer.of(x)])
    assert isinstance(first, CardBuffer)
    (second,) = program.run([first])
    np.testing.assert_array_equal(second.array(), x * 4)
    assert second.array().flags.writeable is False


def test_other_backends_read_what_a_card_computed(card: CardDevice) -> None:
    x = np.arange(6, dtype=np.float32)
    with default_backend("cuda"):
        doubled = dark.asarray(x) * 2
        doubled.numpy()
    with default_backend("cpu"):
        np.testing.assert_array_equal((doubled + 1).numpy(), x * 2 + 1)


def test_lazily_and_compiled(card: CardDevice) -> None:
    x = np.linspace(-1, 1, 60, dtype=np.float32).reshape(5, 12)
    assert_equivalent(lambda x: dark.tanh(x) @ x.T, x, backends=["cuda"])


def test_errors_that_kernels_record(card: CardDevice) -> None:
    with default_backend("cuda"), pytest.raises(IndexOutOfRangeError, match="out of range for axis 0 with extent 4"):
        dark.take(dark.asarray(np.ones((4, 3))), np.array([1, 5, -9]), 0).numpy()


def test_more_memory_than_there_is(card: CardDevice) -> None:
    with pytest.raises(BackendError, match=r"the card has no \d+ bytes left: \d+ of \d+ are free"):
        card.allocate(1 << 44)
