"""Rule 5: a Python float in lazy code is an input of the program, inside a trace a constant."""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import execution, nn, optim


def test_another_float_is_the_same_program() -> None:
    gc.collect()  # pending Tensors of other tests, of which so many may be left that they are forced in between
    x = dark.asarray(np.ones(3, np.float32))
    (x * 0.5 + 1.5).numpy()
    before = execution.programs_made()
    for value in (0.25, 0.5, 7.0, float("nan")):
        (x * value + (value + 1.0)).numpy()
    assert execution.programs_made() == before


def test_floats_take_the_dtype_beside_them() -> None:
    for dtype in (np.float32, np.float64):
        x = dark.ones(2, dtype=dtype)
        assert (x * 0.1).dtype == dark.where(x > 0.5, 0.1, x).dtype == dtype
        assert (x * 0.1).numpy()[0] == dtype(0.1)
    assert (dark.asarray([1, 2]) * 0.1).dtype == np.float32
    assert dark.where(dark.asarray([True]), 0.1, 0.2).dtype == np.float32


@pytest.mark.parametrize("kind", [optim.SGD, optim.Adam, optim.AdamW])
def test_an_undecorated_optimiser_compiles_at_most_twice(kind: type[optim.Optimizer]) -> None:
    dark.manual_seed(0)
    model = nn.Linear(3, 1)
    optimizer = kind(model.parameters(), lr=0.01)
    x = np.ones((2, 3), np.float32)
    before = execution.programs_made()
    for i in range(30):
        optimizer.lr = 0.01 / (i + 1)
        loss = (model(x) ** 2).mean()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        loss.item()
    assert execution.programs_made() - before <= 2


def test_inside_a_trace_a_float_is_a_constant() -> None:
    f = dark.compile(lambda x: x * 0.5)
    graph = f.graph_for(np.ones(2, np.float32))
    assert len(graph.inputs) == 1
    assert [node["value"] for node in graph.nodes if node.op.name == "constant"] == ["0.5"]


def test_the_learning_rate_is_a_tensor() -> None:
    p = dark.Parameter([1.0])
    optimizer = optim.SGD([p], lr=0.5)
    kept = optimizer.lr
    assert (kept.shape, kept.item()) == ((), 0.5)
    optimizer.lr = optimizer.lr * 0.5
    assert (optimizer.lr.item(), kept.item()) == (0.25, 0.5)
    with pytest.raises(dark.ArgumentError, match="negative"):
        optimizer.lr = -1.0


def test_the_rate_can_change_inside_a_compiled_step() -> None:
    p = dark.Parameter([1.0])
    optimizer = optim.SGD([p], lr=1.0)

    @dark.compile
    def step() -> Any:
        loss = p.sum()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        optimizer.lr = optimizer.lr * 0.5

    for _ in range(3):
        step()
    assert optimizer.lr.item() == 0.125
    assert p.item() == 1 - 1 - 0.5 - 0.25
    assert step.cache_info().traces == 1
