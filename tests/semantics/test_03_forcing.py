"""Rule 3: forcing evaluates what is connected, once; histories end with backward(); nothing recurses."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import execution, nn, optim
from dark_jit.graph.graph import Graph
from dark_jit.tensor import forcing, handle


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Graph]:
    """The graphs of the programs that lazy code runs, in order."""
    graphs: list[Graph] = []
    program_of = execution.program_of

    def noted(graph: Graph, backend: str | None = None) -> Any:
        graphs.append(graph)
        return program_of(graph, backend)

    monkeypatch.setattr(execution, "program_of", noted)
    return graphs


def operations(graphs: list[Graph]) -> Counter[str]:
    return Counter(node.op.name for graph in graphs for node in graph.nodes)


def test_connected_tensors_are_evaluated_together(ran: list[Graph]) -> None:
    x, other = dark.asarray([1.0, 2.0]), dark.asarray([3.0])
    shared = dark.exp(x)
    a, b, unrelated = shared + 1, shared * 2, other + 1
    a.numpy()
    assert len(ran) == 1
    assert b._buffer is not None
    assert shared._buffer is not None
    assert unrelated._buffer is None
    b.numpy()
    assert len(ran) == 1


def test_constants_and_leaves_connect_nothing(ran: list[Graph]) -> None:
    x = dark.asarray([1.0, 2.0])
    a, b = x + 1, dark.asarray([5.0, 6.0]) + 1
    c = x * 3
    a.numpy()
    assert b._buffer is None
    assert c._buffer is None


def training_loop(read: str) -> Callable[[], float]:
    """One step of an undecorated training loop that reads its loss before or after backward()."""
    dark.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Tanh(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(8, 3))
    optimizer = optim.Adam(model.parameters(), lr=1e-2)
    criterion = nn.CrossEntropyLoss()
    rng = np.random.default_rng(0)
    x, y = rng.random((4, 1, 6, 6)).astype(np.float32), rng.integers(0, 3, 4)

    def step() -> float:
        loss = criterion(model(x), y)
        value = loss.item() if read == "before" else 0.0
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss.item() if read == "after" else value

    return step


@pytest.mark.parametrize("read", ["before", "after"])
def test_a_training_loop_runs_each_forward_kernel_once_a_step(read: str, ran: list[Graph]) -> None:
    step = training_loop(read)
    for _ in range(3):
        step()
    ran.clear()
    before = execution.programs_made()
    for _ in range(4):
        step()
    assert execution.programs_made() == before
    found = operations(ran)
    # A step: the forward operation, and of the linear layer two gradients, of the convolution one (its input needs
    # none).
    assert (found["matmul"], found["conv2d"], found["tanh"], found["max_pool2d"]) == (12, 8, 4, 4)


def live_objects() -> int:
    gc.collect()
    return len(gc.get_objects())


@pytest.mark.parametrize("steps", [30, pytest.param(1000, marks=pytest.mark.slow)])
@pytest.mark.parametrize("read", ["before", "after"])
def test_memory_is_flat(read: str, steps: int) -> None:
    step = training_loop(read)
    for _ in range(5):
        step()
    before = live_objects()
    for _ in range(steps):
        step()
    assert live_objects() - before < 50


def test_memory_is_flat_without_reading_the_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    limit = 300
    monkeypatch.setattr(handle, "PENDING_NODES", limit)
    monkeypatch.setattr(forcing, "PENDING_NODES", limit)
    monkeypatch.setattr(handle, "CHECK_LEAST", limit // 10)
    monkeypatch.setattr(handle._Budget, "left", limit // 10)
    p = dark.Parameter(np.ones(2))
    losses = []
    for _ in range(60):
        loss = (p * p).sum()
        loss.backward()
        with dark.no_grad():
            p.data = p - 0.01 * p.grad
        p.zero_grad()
        losses.append(loss)
        assert forcing.pending_nodes() < 1.5 * limit
    assert losses[0].item() == 2
    assert losses[1].item() == pytest.approx(2 * 0.98**2)


def test_a_long_chain(dark_backend: str) -> None:
    length = 100_000 if dark_backend == "reference" else 15_000
    x = dark.asarray(0)
    for _ in range(length):
        x = x + 1
    assert x.item() == length


def test_a_long_chain_with_history() -> None:
    p = x = dark.Parameter(np.zeros(1))
    for _ in range(3_000):
        x = x + 1.0
    x.sum().backward()
    assert p.grad is not None
    assert p.grad.item() == 1


def test_history_is_only_kept_where_a_gradient_can_be_asked() -> None:
    x = dark.asarray([1.0])
    y = dark.exp(x) * 2
    y.numpy()
    assert y._node is None
    p = dark.Parameter([1.0])
    z = dark.exp(p) * 2
    z.numpy()
    assert z._node is not None
    z.sum().backward()
    assert z._node is not None
    assert z._node.op.name == "released"


def test_residuals_serve_backward(ran: list[Graph]) -> None:
    p = dark.Parameter(np.linspace(-1, 1, 5))
    loss = (dark.tanh(dark.exp(p)) ** 2).sum()
    loss.item()
    ran.clear()
    loss.backward()
    assert p.grad is not None
    p.grad.numpy()
    found = operations(ran)
    assert found["exp"] == found["tanh"] == 0
    wanted = 2 * np.tanh(np.exp(p.numpy())) * (1 - np.tanh(np.exp(p.numpy())) ** 2) * np.exp(p.numpy())
    np.testing.assert_allclose(p.grad.numpy(), wanted, rtol=1e-12)


def test_forcing_does_not_run_the_users_gradient_rules() -> None:
    calls = []

    class Double(dark.Operation):
        def forward(self, x: Any) -> Any:
            return x * 2

        def backward(self, dldy: Any, y: Any, x: Any) -> Any:
            calls.append(1)
            return dldy * 2

    p = dark.Parameter([1.0])
    loss = (Double.apply(dark.exp(p)) ** 2).sum()
    loss.item()
    assert not calls
    loss.backward()
    assert len(calls) == 1
    assert p.grad is not None
    assert p.grad.item() == pytest.approx(8 * np.exp(2), rel=1e-6)


def test_a_mistake_does_not_reach_its_neighbours() -> None:
    x = dark.asarray([1.0, 2.0])
    shared = dark.exp(x)
    good, bad = shared + 1, dark.take(shared, np.array([7]))
    assert good.numpy().shape == (2,)
    with pytest.raises(dark.IndexOutOfRangeError):
        bad.numpy()
