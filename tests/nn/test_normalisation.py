"""BatchNorm2d's running statistics: in training, after eval(), compiled; and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn

torch = pytest.importorskip("torch")

rng = np.random.default_rng(0)
BATCHES = [rng.standard_normal((4, 3, 2, 5)) * 2 + 1 for _ in range(3)]


@pytest.mark.parametrize("compiled", [False, True], ids=["lazy", "compiled"])
@pytest.mark.parametrize("momentum", [0.1, 0.0, 1.0])
def test_running_statistics_are_pytorchs(compiled: bool, momentum: float) -> None:
    dark.set_default_dtype("float64")
    try:
        ours, theirs = nn.BatchNorm2d(3, momentum=momentum), torch.nn.BatchNorm2d(3, momentum=momentum).double()
    finally:
        dark.set_default_dtype("float32")
    run = dark.compile(ours) if compiled else ours
    for x in BATCHES:
        np.testing.assert_allclose(run(x).numpy(), theirs(torch.tensor(x)).detach().numpy(), rtol=1e-10, atol=1e-12)
        for name in ("running_mean", "running_var"):
            found, wanted = getattr(ours, name).numpy(), getattr(theirs, name).numpy()
            np.testing.assert_allclose(found.reshape(3), wanted, rtol=1e-12)
    ours.eval(), theirs.eval()
    before = ours.running_mean.numpy()  # type: ignore[union-attr]
    for x in (BATCHES[0], BATCHES[0][:1, :, :1, :1]):
        np.testing.assert_allclose(run(x).numpy(), theirs(torch.tensor(x)).detach().numpy(), rtol=1e-10, atol=1e-12)
    np.testing.assert_array_equal(ours.running_mean.numpy(), before)  # type: ignore[union-attr]


def test_a_mode_is_one_program() -> None:
    layer = nn.BatchNorm2d(3)
    run = dark.compile(layer)
    x = BATCHES[0].astype("float32")
    for mode in (True, False, True, False):
        layer.train(mode)
        run(x)
    assert run.cache_info().programs == 2
    assert run.cache_info().traces == 2


def test_no_gradient_flows_through_running_statistics() -> None:
    layer = nn.BatchNorm2d(3)
    p = dark.Parameter(BATCHES[0].astype("float32"))
    layer(p * 2).sum().backward()
    assert layer.running_mean is not None
    assert not layer.running_mean.requires_grad
    assert [name for name, _ in layer.named_buffers()] == ["running_mean", "running_var"]


def test_without_running_statistics() -> None:
    layer, theirs = (
        nn.BatchNorm2d(3, track_running_stats=False).eval(),
        torch.nn.BatchNorm2d(3, track_running_stats=False),
    )
    x = BATCHES[0].astype("float32")
    np.testing.assert_allclose(layer(x).numpy(), theirs.eval()(torch.tensor(x)).detach().numpy(), rtol=1e-4, atol=1e-5)
    assert list(layer.buffers()) == []


def test_one_value_a_channel_leaves_the_state() -> None:
    layer = nn.BatchNorm2d(3)
    with pytest.raises(dark.ShapeError, match=r"more than one value.*\(1, 3, 1, 1\)"):
        layer(dark.ones((1, 3, 1, 1)))
    assert layer.running_mean is not None
    assert (layer.running_mean.numpy() == 0).all()
    assert layer.eval()(dark.ones((1, 3, 1, 1))).shape == (1, 3, 1, 1)


def test_functions_need_what_they_move() -> None:
    x: Any = dark.ones((2, 3))
    with pytest.raises(dark.ArgumentError, match="needs running_mean and running_var where it is not training"):
        dark.batch_norm(x)
    with pytest.raises(dark.DTypeError, match="running statistics, which must be Tensors, got ndarray"):
        dark.batch_norm(x, np.zeros(3), np.ones(3), training=True)
    mean, var = dark.zeros(3), dark.ones(3)
    dark.batch_norm(x, mean, var, training=True, momentum=0.5)
    assert (mean.numpy().tolist(), var.numpy().tolist()) == ([0.5] * 3, [0.5] * 3)
