"""Winograd convolutions against the direct sum in float64: any shape, each instruction set, one and two workers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dark_jit as dark
from dark_jit import config, execution
from dark_jit.backends.llvm import backend
from dark_jit.backends.llvm.target import available_isas
from dark_jit.lowering import winograd, winograd_gradient

from .programs import PLAINEST

# Of the largest result: what docs/accuracy.md states, for normally distributed numbers, by the side of a tile.
BOUNDS = {4: 1e-5, 2: 3e-6}
ISAS = [pytest.param(isa, marks=[pytest.mark.slow] * (isa == PLAINEST)) for isa in available_isas()]
SIDES = pytest.mark.parametrize("side", winograd.SIDES)

cases = st.fixed_dictionaries(
    {
        "images": st.integers(1, 3),
        "channels": st.integers(1, 37),
        "kernels": st.integers(1, 70),
        "size": st.tuples(st.integers(1, 11), st.integers(1, 11)),
        "padding": st.sampled_from([0, 1, 2, (0, 2), (3, 1)]),
        "seed": st.integers(0, 2**31),
    }
)


@pytest.fixture(autouse=True)
def whatever_it_costs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every convolution that can be is computed so, by tiles of a test's `side`, in programs that nobody else has."""
    wanted = getattr(request.node, "callspec", None)
    side = wanted.params.get("side", 4) if wanted else 4
    monkeypatch.setattr(winograd, "_cost", lambda axes, channels, each, target: abs(each - side))
    monkeypatch.setattr(winograd, "_direct_cost", lambda *_: 1)
    monkeypatch.setattr(winograd_gradient, "_cost", lambda *_: 0.0)
    monkeypatch.setattr(execution, "_programs", execution._Programs())
    monkeypatch.setattr(backend, "kept", lambda *_: None)
    yield


def arrays(images: int, channels: int, kernels: int, size: tuple[int, int], padding: Any, seed: int) -> list[Any]:
    rng = np.random.default_rng(seed)
    edge = np.broadcast_to(padding, 2)
    height, width = (max(n, 3 - 2 * p) for n, p in zip(size, edge, strict=True))
    x = rng.standard_normal((images, channels, height, width)).astype(np.float32)
    return [x, rng.standard_normal((kernels, channels, 3, 3)).astype(np.float32)]


def templates(fn: Any, *args: Any) -> list[str]:
    return [task.spec.template for task in fn.program_for(*args).schedule.tasks]


def sides(fn: Any, *args: Any) -> list[int]:
    specs = [task.spec for task in fn.program_for(*args).schedule.tasks]
    return [spec.side for spec in specs if isinstance(spec, winograd.WinogradSpec)]


def assert_close(found: Any, wanted: np.ndarray[Any, Any], side: int = 4) -> None:
    assert np.abs(found.numpy() - wanted).max() <= BOUNDS[side] * max(1.0, np.abs(wanted).max())


@SIDES
@pytest.mark.parametrize("isa", ISAS)
@settings(max_examples=12, deadline=None)
@given(cases)
def test_values_and_gradients(isa: str, side: int, case: dict[str, Any]) -> None:
    """With an epilogue, at two workers."""
    x, k = arrays(**case)

    def layer(x: Any, k: Any) -> Any:
        y = dark.conv2d(x, k, padding=case["padding"])
        return dark.relu(y * 0.5 + 1)

    def both(x: Any, k: Any) -> Any:
        return layer(x, k), dark.grad(lambda x: dark.sum(layer(x, k) ** 2))(x)

    run = dark.compile(both)
    with config.overridden(isa=isa, threads=2):
        # Where axes have the extent 1, their order in memory, and with it the kernel's axes, may be another one.
        assert side in sides(run, x, k) or 1 in (x.shape[1], *case["size"])
        found = run(x, k)
    wanted = dark.compile(both, backend="reference")(x.astype(np.float64), k.astype(np.float64))
    for mine, other in zip(found, wanted, strict=True):
        assert_close(mine, other.numpy(), side)


@SIDES
@pytest.mark.parametrize("channels", [1, 64, 512])
def test_the_stated_error(channels: int, side: int) -> None:
    """And the direct sum's, which `precision="strict"` asks for."""
    x, k = arrays(1, channels, 32, (16, 16), 1, 0)

    def layer(x: Any, k: Any) -> Any:
        return dark.conv2d(x + x, k, padding=1)  # as it is from outside, an image of one channel stays a plane

    wanted = dark.compile(layer, backend="reference")(x.astype(np.float64), k.astype(np.float64)).numpy()
    errors = []
    for precision in ("default", "strict"):
        run = dark.compile(layer, precision=precision)
        assert sides(run, x, k) == ([side] if precision == "default" else [])
        errors.append(np.abs(run(x, k).numpy() - wanted).max() / np.abs(wanted).max())
    assert errors[0] <= BOUNDS[side]
    assert errors[1] <= BOUNDS[2]


@pytest.mark.parametrize("isa", ISAS)
@settings(max_examples=12, deadline=None)
@given(cases)
def test_gradients_of_kernels(isa: str, case: dict[str, Any]) -> None:
    """With an epilogue, at two workers."""
    x, k = arrays(**case)

    def updated(x: Any, k: Any) -> Any:
        return k - 0.1 * dark.grad(lambda k: dark.sum(dark.conv2d(x, k, padding=case["padding"]) ** 2))(k)

    run = dark.compile(updated)
    with config.overridden(isa=isa, threads=2):
        assert "winograd_gradient" in templates(run, x, k) or 1 in (*x.shape, len(k))
        found = run(x, k)
    wanted = dark.compile(updated, backend="reference")(x.astype(np.float64), k.astype(np.float64))
    assert_close(found, wanted.numpy())


@pytest.mark.parametrize(("images", "size"), [(1, 8), (4, 32), (32, 64)])
def test_the_stated_error_of_gradients(images: int, size: int) -> None:
    """Long sums of tiles, and the direct ones."""
    rng = np.random.default_rng(1)
    x, y = (rng.standard_normal((images, 16, size, size)).astype(np.float32) for _ in range(2))

    def of_kernels(x: Any, y: Any) -> Any:
        return dark.grad(lambda k: dark.sum(dark.conv2d(x, k, padding=1) * y))(dark.zeros((16, 16, 3, 3), x.dtype))

    wanted = dark.compile(of_kernels, precision="strict")(x.astype(np.float64), y.astype(np.float64)).numpy()
    errors = []
    for precision in ("default", "strict"):
        run = dark.compile(of_kernels, precision=precision)
        assert ("winograd_gradient" in templates(run, x, y)) == (precision == "default")
        errors.append(np.abs(run(x, y).numpy() - wanted).max() / np.abs(wanted).max())
    assert max(errors) <= BOUNDS[4]


@SIDES
def test_any_layout_and_number_of_workers(side: int) -> None:
    """Images that are views; the same bits whatever the workers."""
    x, k = arrays(2, 19, 33, (10, 9), 1, 1)
    views = [x[:, ::-1], np.ascontiguousarray(x.transpose(0, 2, 3, 1)).transpose(0, 3, 1, 2), x[..., ::2]]

    def layer(x: Any, k: Any) -> Any:
        return dark.conv2d(x[:, :, 1:], dark.flip(k, (2, 3)), padding=1)

    run, reference = dark.compile(layer), dark.compile(layer, backend="reference")
    for view in views:
        found = []
        for threads in (1, 2, 3):
            with config.overridden(threads=threads):
                found.append(run(view, k).numpy())
        assert found[0].tobytes() == found[1].tobytes() == found[2].tobytes()
        assert_close(dark.asarray(found[0]), reference(view.astype(np.float64), k.astype(np.float64)).numpy(), side)


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize(("kernels", "side"), [(32, 4), (37, 4), (37, 2)])
def test_any_layout_of_kernels(isa: str, kernels: int, side: int) -> None:
    """Taps that are neighbours, forwards and backwards, and others; output channels that are neighbours."""
    rng = np.random.default_rng(2)
    x = rng.standard_normal((1, 19, 9, 10)).astype(np.float32)
    k = rng.standard_normal((kernels, 19, 3, 3)).astype(np.float32)
    for order in ((0, 1, 2, 3), (0, 1, 3, 2), (2, 3, 1, 0), (1, 2, 0, 3)):
        stored, back = np.ascontiguousarray(k.transpose(order)), tuple(int(axis) for axis in np.argsort(order))
        for flipped in ((), (2, 3), (3,)):

            def layer(x: Any, k: Any, back: Any = back, flipped: Any = flipped) -> Any:
                return dark.conv2d(x + x, dark.flip(dark.transpose(k, back), flipped), padding=1)

            run = dark.compile(layer)
            with config.overridden(isa=isa):
                assert sides(run, x, stored) == [side]
                found = run(x, stored)
            wanted = dark.compile(layer, backend="reference")(x.astype(np.float64), stored.astype(np.float64))
            assert_close(found, wanted.numpy(), side)


def test_unknown_precisions_are_refused() -> None:
    with pytest.raises(dark.ArgumentError, match="precision must be one of 'default', 'strict'"):
        dark.compile(dark.conv2d, precision="exact")
