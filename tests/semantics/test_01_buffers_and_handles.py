"""Rule 1: a leaf is an immutable Buffer, a Tensor a rebindable handle."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import optim


def trained(compiled: bool) -> tuple[dark.Parameter, Any]:
    """A parameter, and a step that subtracts 1 from it."""
    p = dark.Parameter([1.0, 2.0])
    optimizer = optim.SGD([p], lr=1.0)

    def step() -> Any:
        loss = p.sum()
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    return p, dark.compile(step) if compiled else step


@pytest.mark.parametrize("compiled", [False, True])
def test_a_pending_result_sees_the_old_parameter(compiled: bool) -> None:
    p, step = trained(compiled)
    y = p * 2
    step()
    assert y.numpy().tolist() == [2, 4]
    assert p.numpy().tolist() == [0, 1]


@pytest.mark.parametrize("compiled", [False, True])
def test_a_view_keeps_the_old_values(compiled: bool) -> None:
    p, step = trained(compiled)
    before = p.numpy()
    tensor = p.data
    for _ in range(3):
        step()
    assert before.tolist() == tensor.numpy().tolist() == [1, 2]
    assert p.numpy().tolist() == [-2, -1]


def test_a_refilled_array_changes_no_earlier_result() -> None:
    batch = np.ones(3, np.float32)
    double = dark.compile(lambda x: x * 2)
    same = dark.compile(lambda x: x)
    results = [dark.asarray(batch) * 2, batch * dark.asarray(2.0), double(batch), same(batch) + 1.0]
    batch[:] = 5
    for result in results:
        assert result.numpy().tolist() == [2, 2, 2]
    assert double(batch).numpy().tolist() == [10, 10, 10]


def test_assignment_rebinds_the_handle_only() -> None:
    p = dark.Parameter([1.0])
    alias, twin = p, dark.Parameter(p)
    p.data = [5.0]
    assert alias.item() == 5
    assert twin.item() == 1


def test_an_export_pins_the_value() -> None:
    torch = pytest.importorskip("torch")
    p = dark.Parameter([1.0, 2.0])
    exported = torch.from_dlpack(p)
    p.data = 0.0
    del p
    assert exported.tolist() == [1, 2]
