"""Where values are computed: by default on the device that was found, else where somebody has put them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

import dark_jit as dark
import dark_jit.tensor as dt
from dark_jit import execution, nn
from dark_jit.backends.cuda import emulator, presence
from dark_jit.backends.placement import Binding
from dark_jit.errors import ArgumentError, BackendError, DeviceError

EMULATED = "cuda-emulator"
needs_gcc = pytest.mark.skipif(not emulator.available(), reason="the emulator needs g++")
X = np.linspace(-1, 1, 12, dtype=np.float32).reshape(3, 4)


@pytest.fixture(autouse=True)
def ran(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The devices of the programs that were asked for."""
    devices: list[str] = []
    original = execution.program_of

    def noting(graph: object, backend: str | None = None, *others: object) -> object:
        devices.append(backend or execution.default_backend())
        return original(graph, backend, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(execution, "program_of", noting)
    yield devices


# ---- the device that is found ----


@pytest.mark.parametrize(("variable", "card", "want"), [("", True, "cuda"), ("1", True, "cpu"), ("true", True, "cpu")])
def test_a_card_is_taken_unless_use_cpu_forbids_it(
    variable: str, card: bool, want: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("USE_CPU", variable)
    monkeypatch.setattr(presence, "usable", lambda: card)
    execution._found_device.cache_clear()
    try:
        assert execution.default_device() == want
        assert dt.is_cuda() is (want == "cuda")
    finally:
        execution._found_device.cache_clear()


def test_use_cpu_is_yes_or_no(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USE_CPU", "maybe")
    execution._found_device.cache_clear()
    with pytest.raises(ArgumentError, match="USE_CPU is 'maybe'; set it to 1 or 0"):
        execution.default_device()


# ---- devices by name ----


@needs_gcc
def test_what_is_computed_from_a_bound_value_is_bound(ran: list[str]) -> None:
    x = dark.asarray(X, device=EMULATED)
    assert x.device == EMULATED
    y = dark.exp(x) + X
    assert y.device == EMULATED
    np.testing.assert_allclose(y.numpy(), np.exp(X) + X, rtol=1e-6)
    assert y.device == EMULATED
    assert set(ran) == {EMULATED}
    z = y.to_device("cpu") * 2
    assert z.device == "cpu"
    np.testing.assert_allclose(z.numpy(), (np.exp(X) + X) * 2, rtol=1e-6)
    assert ran[-1] == "cpu"


@needs_gcc
def test_a_compiled_function_runs_where_its_arguments_are(ran: list[str]) -> None:
    weights = dark.asarray(X)
    fn = dark.compile(lambda x: dark.sum(x * weights))
    for device in ("cpu", EMULATED, "cpu", EMULATED):
        result = fn(dark.asarray(X, device=device))
        assert result.device == device
        np.testing.assert_allclose(result.numpy(), (X * X).sum(), rtol=1e-6)
    assert fn.cache_info().traces == 1
    assert ran.count(EMULATED) == 1


@needs_gcc
def test_the_device_of_a_compiled_function_comes_first() -> None:
    fn = dark.compile(lambda x: x + 1, device="cpu")
    assert fn(dark.asarray(X, device=EMULATED)).device == "cpu"


@needs_gcc
def test_a_model_is_moved_and_trained_there(ran: list[str]) -> None:
    dark.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 2))
    assert model.to(EMULATED) is model
    optimizer = dark.optim.Adam(model.parameters(), lr=0.05)

    @dark.compile
    def step(x: dark.Tensor) -> dark.Tensor:
        loss = dark.mean(dark.square(model(x)))
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    del ran[:]
    losses = [float(step(X)) for _ in range(4)]
    assert losses[3] < losses[0]
    assert {parameter.device for parameter in model.parameters()} == {EMULATED}
    assert set(ran) == {EMULATED}


@needs_gcc
def test_makers_put_what_they_make_on_the_device() -> None:
    made = [
        dt.zeros(2, 3, device=EMULATED),
        dt.full((2, 3), 0.0, device=EMULATED),
        dt.zeros_like(X, device=EMULATED),
        dt.arange(3, device=EMULATED),
        dt.linspace(0, 1, 3, device=EMULATED),
        dt.eye(3, device=EMULATED),
        dt.astype(X, "float64", device=EMULATED),
        dark.Tensor(X, device=EMULATED),
        dark.asarray(X, requires_grad=True, device=EMULATED),
    ]
    assert [each.device for each in made] == [EMULATED] * len(made)
    assert made[-1].requires_grad


def test_the_device_that_is_taken_anyway_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Binding, "exists", False)
    x = dark.asarray(X, device="cpu")
    assert (x + 1).device == "cpu"
    assert not Binding.exists


def test_who_only_asks_forces_nothing(ran: list[str]) -> None:
    assert not hasattr(dark.asarray(X) + 1, "__cuda_array_interface__")
    assert ran == []


def test_moving_to_where_it_is_does_nothing() -> None:
    x = dark.asarray(X, device="cpu")
    assert x.to_device("cpu") is x
    assert dark.asarray(x, device="cpu") is x


@needs_gcc
def test_a_leaf_stays_a_leaf_and_what_was_computed_does_not_move() -> None:
    w = dark.asarray(X, requires_grad=True)
    moved = w.to_device(EMULATED)
    assert moved.requires_grad
    dark.sum(moved * moved).backward()
    np.testing.assert_allclose(moved.grad.numpy(), 2 * X, rtol=1e-6)
    with pytest.raises(ArgumentError, match=r"the gradient does not pass.*detach\(\)"):
        (w * 2).to_device(EMULATED)
    assert (w * 2).detach().to_device(EMULATED).device == EMULATED


@needs_gcc
@pytest.mark.parametrize("first", ["cpu", EMULATED])
def test_a_result_does_not_lie_on_the_callers_array(first: str) -> None:
    fn = dark.compile(lambda a, t: (dark.reshape(a, (12,)), t + 1))
    second = EMULATED if first == "cpu" else "cpu"
    for device in (first, second, first):
        array = X.reshape(12).copy()
        result, more = fn(array, dark.asarray(X, device=device))
        array[:] = 7
        np.testing.assert_array_equal(result.numpy(), X.reshape(12))
        assert more.device == device


@needs_gcc
def test_parts_of_a_bound_value_are_bound(ran: list[str]) -> None:
    x = dark.asarray(X, device=EMULATED)
    parts = [x[1], x[1:3], x[0, 0], x.reshape(4, 3), x.T, next(iter(x))]
    for part, want in zip(parts, [X[1], X[1:3], X[0, 0], X.reshape(4, 3), X.T, X[0]], strict=True):
        assert part.device == EMULATED
        np.testing.assert_array_equal((part + 1).numpy(), want + 1)
    assert set(ran) == {EMULATED}
    with pytest.raises(DeviceError, match="meet"):
        (x[1] + dark.asarray(X[0], device="cpu")).numpy()


# ---- mistakes ----


@needs_gcc
def test_two_devices_do_not_mix() -> None:
    x, y = dark.asarray(X, device="cpu"), dark.asarray(X, device=EMULATED)
    message = r"values on 'cpu' and on 'cuda-emulator' meet; move one of them by x.to_device\(...\)"
    with pytest.raises(DeviceError, match=message):
        (x + y).numpy()
    with pytest.raises(DeviceError, match=message):
        dark.compile(lambda x, y: x + y)(x, y)


def test_names_that_are_no_device() -> None:
    for device in ("gpu", "cuda:x", ""):
        with pytest.raises(ArgumentError, match=f"there is no device '{device}'; there are 'cpu', 'cuda'"):
            dark.asarray(X, device=device)


@pytest.mark.skipif(presence.usable(), reason="there is a card")
def test_a_card_that_is_not_there() -> None:
    with pytest.raises(BackendError, match="device 'cuda' needs"):
        dark.asarray(X, device="cuda")
    assert dt.__array_namespace_info__().devices() == ["cpu"]
    assert not hasattr(dark.asarray(X), "__cuda_array_interface__")
