"""On a card (`pytest -m gpu`): the same programs, larger ones, and the emulator's word held to the card's."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import execution
from dark_jit.backends import tuning
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.cuda.backend import CudaProgram
from dark_jit.backends.cuda.card import CardBuffer, CardDevice
from dark_jit.backends.cuda.runtime import EmulatedDevice
from dark_jit.errors import BackendError, DTypeError, IndexOutOfRangeError
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


@pytest.mark.parametrize("precision", ["default", "tf32", "bf16"])
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


def test_memory_that_programs_keep_is_asked_back(card: CardDevice) -> None:
    import cupy

    x = np.ones(1 << 26, np.float32)
    program = CudaProgram(graph_of((lambda x: (x + 1, dark.cumsum(x * x, 0)), [x])), card)
    program.run([Buffer.of(x)])
    cupy.get_default_memory_pool().free_all_blocks()  # what is left is in use, or kept by programs
    free, _ = cupy.cuda.runtime.memGetInfo()
    memory = card.allocate(free + (1 << 26))
    assert memory.bytes.nbytes == free + (1 << 26)


def test_a_card_that_is_not_there(card: CardDevice) -> None:
    with pytest.raises(BackendError, match=r"there is no card 99: there are \d+, counted from 0"):
        dark.asarray(1.0, device="cuda:99")


# ---- values that were put on the card by name ----


def test_what_is_bound_is_not_written_over(card: CardDevice) -> None:
    fn = dark.compile(lambda x: x * 2)
    x = np.arange(100, dtype=np.float32)
    held = [fn(dark.asarray(x + k, device="cuda")) for k in range(6)]
    moved = [dark.compile(lambda x: x * 3, device="cuda")(x + k).to_device("cuda") for k in range(6)]
    lazy = [dark.asarray(x + k, device="cuda") * 5 for k in range(6)]
    values = [each.numpy() for each in lazy]
    for k in range(6):
        assert held[k].device == moved[k].device == lazy[k].device == "cuda"
        np.testing.assert_array_equal(held[k].numpy(), 2 * (x + k))
        np.testing.assert_array_equal(moved[k].numpy(), 3 * (x + k))
        np.testing.assert_array_equal(values[k], 5 * (x + k))


# ---- runs that are recorded ----


def _step(x: dark.Tensor) -> tuple[dark.Tensor, dark.Tensor]:
    return dark.tanh(x @ x) + 0.1, dark.sum(x)


def test_recorded_runs_give_what_launched_ones_gave(card: CardDevice) -> None:
    x = np.random.default_rng(0).standard_normal((64, 64)).astype(np.float32)
    program = CudaProgram(graph_of((_step, [x])), card)
    reference = dark.compile(_step, backend="reference")
    state, want, held = Buffer.of(x), x, []
    for _ in range(12):
        state, total = program.run([state])
        result, total_wanted = reference(want)
        held.append((state, total, result.numpy(), total_wanted.numpy()))
        want = result.numpy()
    for found, total, wanted, total_wanted in held:
        np.testing.assert_allclose(found.array(), wanted, rtol=1e-3, atol=1e-3)
        np.testing.assert_allclose(total.array(), total_wanted, rtol=1e-3, atol=1e-1)
    for _ in range(12):  # nobody holds what lies between: addresses come again
        state, total = program.run([state])
    (frame,) = program._frames.values()
    assert frame._recorded


def test_each_stream_has_its_own_memory(card: CardDevice) -> None:
    import cupy

    x = np.random.default_rng(0).standard_normal((256, 256)).astype(np.float32)
    fresh = [Buffer.of(x * scale) for scale in range(1, 7)]
    program = CudaProgram(graph_of((_step, [x])), card)
    first, second = cupy.cuda.Stream(non_blocking=True), cupy.cuda.Stream(non_blocking=True)
    results = []
    for buffer in fresh:  # copied to the same memory, while the run before may still read it
        for stream in (first, second):
            with stream:
                results.append((buffer, program.run([buffer])[0]))
    for buffer, found in results:
        wanted = dark.compile(_step, backend="reference")(buffer.array())[0].numpy()
        np.testing.assert_allclose(found.array(), wanted, rtol=1e-3, atol=1e-3)
    assert len(program._frames) == 2


# ---- tuning ----


def test_tuning_gives_right_values_and_is_remembered(card: CardDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    x, y = (rng.standard_normal(shape).astype(np.float32) for shape in ((1000, 700), (700, 900)))
    monkeypatch.setattr(execution, "_programs", execution._Programs())
    fn = dark.compile(lambda x, y: dark.tanh(x @ y), device="cuda", tune=30)
    np.testing.assert_allclose(fn(x, y).numpy(), np.tanh(x @ y), rtol=1e-3, atol=1e-4)
    monkeypatch.setattr(execution, "_programs", execution._Programs())
    monkeypatch.setattr(tuning, "_fastest", None)  # nothing is timed again
    again = dark.compile(lambda x, y: dark.tanh(x @ y), device="cuda", tune=30)
    first, second = (each.program_for(x, y) for each in (fn, again))
    assert [k.task.spec for k in first.kernels] == [k.task.spec for k in second.kernels]  # type: ignore[attr-defined]


# ---- arrays of other libraries ----


def _on_card(values: np.ndarray[Any, Any]) -> dark.Tensor:
    return dark.asarray(values, device="cuda") * 2


def test_cupy_reads_without_a_copy_and_back(card: CardDevice) -> None:
    import cupy

    x = np.arange(100, dtype=np.float32).reshape(4, 25)
    ours = _on_card(x)
    address = ours.__cuda_array_interface__["data"][0]
    for theirs in (cupy.from_dlpack(ours), cupy.asarray(ours)):
        assert theirs.data.ptr == address
        np.testing.assert_array_equal(theirs.get(), 2 * x)
    for copy, same in ((None, False), (True, False), (False, True)):
        array = cupy.arange(100, dtype=cupy.float32).reshape(4, 25)
        back = dark.asarray(array, copy=copy)
        assert back.device == "cuda"
        assert (back.__cuda_array_interface__["data"][0] == array.data.ptr) is same
        np.testing.assert_array_equal((back + 1).numpy(), x + 1)
    np.testing.assert_array_equal(dark.from_dlpack(cupy.asarray(x).T).numpy(), x.T)


def test_what_is_exported_stays_as_it_is(card: CardDevice) -> None:
    import cupy

    fn = dark.compile(lambda x: x + 1, device="cuda")
    x = np.arange(100, dtype=np.float32)
    views = [cupy.from_dlpack(fn(x + k)) for k in range(6)]
    for k, view in enumerate(views):
        np.testing.assert_array_equal(view.get(), x + k + 1)


def test_pytorch_reads_without_a_copy_and_back(card: CardDevice) -> None:
    torch = pytest.importorskip("torch")
    x = np.arange(100, dtype=np.float32).reshape(4, 25)
    ours = _on_card(x)
    theirs = torch.from_dlpack(ours)
    assert theirs.device.type == "cuda"
    assert theirs.data_ptr() == ours.__cuda_array_interface__["data"][0]
    np.testing.assert_array_equal(theirs.cpu().numpy(), 2 * x)
    back = dark.from_dlpack(theirs * 2) + 1
    assert back.device == "cuda"
    np.testing.assert_array_equal(back.numpy(), 4 * x + 1)
    assert dark.from_dlpack(theirs, copy=False).__cuda_array_interface__["data"][0] == theirs.data_ptr()
    with pytest.raises(DTypeError, match="supported are"):
        dark.asarray(theirs.to(torch.bfloat16))


# ---- where no device is named ----


def test_the_card_is_the_device_unless_use_cpu_forbids_it(card: CardDevice) -> None:
    text = (
        "import numpy as np, dark_jit as dark, dark_jit.tensor as dt; x = dark.asarray(np.ones(3)) + 1;"
        "x.numpy(); f = dark.compile(lambda x: x * 2); print(dt.is_cuda(), x.device, f(np.ones(3)).device)"
    )
    for value, want in (("0", "True cuda cuda"), ("1", "False cpu cpu")):
        environment = os.environ | {"USE_CPU": value}
        done = subprocess.run([sys.executable, "-c", text], env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == want


def test_a_model_is_trained_on_the_card_as_on_the_cpu(card: CardDevice) -> None:
    x = np.random.default_rng(0).standard_normal((16, 1, 8, 8)).astype(np.float32)
    y = np.random.default_rng(1).integers(0, 10, 16)
    losses = {device: _trained(device, x, y) for device in ("cpu", "cuda")}
    np.testing.assert_allclose(losses["cuda"], losses["cpu"], rtol=1e-3)


def _trained(device: str, x: np.ndarray[Any, Any], y: np.ndarray[Any, Any]) -> list[float]:
    dark.manual_seed(0)
    model = dark.nn.Sequential(
        dark.nn.Conv2d(1, 16, 3, padding=1),
        dark.nn.BatchNorm2d(16),
        dark.nn.ReLU(),
        dark.nn.MaxPool2d(2),
        dark.nn.Flatten(),
        dark.nn.Dropout(0.2),
        dark.nn.Linear(256, 10),
    ).to(device)
    optimizer = dark.optim.Adam(model.parameters(), lr=1e-2)

    @dark.compile
    def step(x: dark.Tensor, y: dark.Tensor) -> dark.Tensor:
        loss = dark.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    losses = [step(x, y) for _ in range(12)]
    assert {parameter.device for parameter in model.parameters()} == {device}
    return [float(loss) for loss in losses]
