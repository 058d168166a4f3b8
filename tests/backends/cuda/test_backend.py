"""The backend as a user meets it: devices by name, errors, and what it does with inputs and outputs."""

from __future__ import annotations

import ctypes

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import execution
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.cuda import emulator, presence
from dark_jit.backends.cuda.backend import CudaBackend, CudaProgram
from dark_jit.backends.cuda.card import CardDevice
from dark_jit.backends.cuda.runtime import EmulatedDevice
from dark_jit.errors import BackendError, IndexOutOfRangeError, IntegerDivisionError
from dark_jit.testing.equivalence import default_backend

from .programs import graph_of

needs_compiler = pytest.mark.skipif(not emulator.available(), reason="the emulator needs g++")


@needs_compiler
def test_lazy_and_compiled_code() -> None:
    x = np.linspace(-1, 1, 12, dtype=np.float32).reshape(3, 4)
    with default_backend("cuda-emulator"):
        np.testing.assert_allclose((dark.asarray(x) @ x.T).numpy(), x @ x.T, rtol=1e-6)
    compiled = dark.compile(lambda x: dark.sum(dark.exp(x), axis=1), backend="cuda-emulator")
    np.testing.assert_allclose(compiled(x).numpy(), np.exp(x).sum(1), rtol=1e-6)
    assert isinstance(compiled.program_for(x), CudaProgram)


@needs_compiler
def test_errors_that_kernels_record() -> None:
    with default_backend("cuda-emulator"):
        with pytest.raises(IndexOutOfRangeError, match="index 5 is out of range for axis 0 with extent 4"):
            dark.take(dark.asarray(np.ones((4, 3))), np.array([1, 5, -9]), 0).numpy()
        with pytest.raises(IntegerDivisionError, match="division by 0"):
            (dark.asarray(np.array([1, 2, 3])) // np.array([1, 0, 1])).numpy()


@needs_compiler
def test_random_numbers_are_those_of_the_cpu_backend() -> None:
    draws = []
    for name in ("cpu", "cuda-emulator"):
        with default_backend(name):
            dark.manual_seed(7)
            draws.append((dark.rand(3, 37).numpy(), dark.randint(-5, 9, (40,)).numpy()))
    np.testing.assert_array_equal(draws[0][0], draws[1][0])
    np.testing.assert_array_equal(draws[0][1], draws[1][1])


@needs_compiler
def test_inputs_that_are_not_aligned() -> None:
    whole = np.arange(65, dtype=np.float32)
    program = CudaProgram(graph_of((lambda x: x * 2, [whole[1:]])), EmulatedDevice(checked=True))
    (result,) = program.run([Buffer.of(whole[1:])])
    np.testing.assert_array_equal(result.array(), whole[1:] * 2)


@needs_compiler
def test_outputs_that_are_inputs_or_each_other() -> None:
    x = np.arange(4, dtype=np.float32)
    case = (lambda x: (x, x + 1, x + 1), [x])
    given = Buffer.of(x)
    same, first, second = CudaProgram(graph_of(case), EmulatedDevice()).run([given])
    assert same is given
    assert first is second
    np.testing.assert_array_equal(first.array(), x + 1)


@needs_compiler
def test_a_training_step_gives_the_cpu_backends_numbers() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((12, 1, 8, 8)).astype(np.float32), rng.integers(0, 10, 12)

    def losses() -> list[float]:
        rng = np.random.default_rng(1)
        w = dark.asarray(rng.standard_normal((4, 1, 3, 3)).astype(np.float32) * 0.3)
        v = dark.asarray(rng.standard_normal((36, 10)).astype(np.float32) * 0.2)
        targets = np.eye(10, dtype=np.float32)[y]

        def loss(w: dark.Tensor, v: dark.Tensor) -> dark.Tensor:
            hidden = dark.max_pool2d(dark.relu(dark.conv2d(x, w)), 2)
            scores = dark.reshape(hidden, (12, 36)) @ v
            shifted = scores - dark.max(scores, axis=1, keepdims=True)
            return dark.sum(targets * (dark.log(dark.sum(dark.exp(shifted), axis=1, keepdims=True)) - shifted)) / 12

        found = []
        for _ in range(4):
            value, pullback = dark.vjp(loss, w, v)
            by_w, by_v = pullback(dark.ones(()))
            w, v = w - 0.1 * by_w, v - 0.1 * by_v
            found.append(value.item())
        return found

    wanted = losses()
    with default_backend("cuda-emulator"):
        np.testing.assert_allclose(losses(), wanted, rtol=1e-5)
    assert wanted[-1] < wanted[0]


# ---- what is missing ----


def test_without_a_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    presence.cupy.cache_clear()
    with pytest.raises(BackendError, match=r"needs an NVIDIA card with its driver.*'cuda-emulator'"):
        CardDevice()


def test_without_cupy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: None)
    monkeypatch.setitem(__import__("sys").modules, "cupy", None)
    presence.cupy.cache_clear()
    with pytest.raises(BackendError, match=r'pip install "dark_jit\[cuda13\]"'):
        CardDevice()


def test_backends_by_name() -> None:
    for name in ("cuda", "cuda-emulator"):
        backend = execution.backend_named(name)
        assert isinstance(backend, CudaBackend)
        assert backend.name == name
