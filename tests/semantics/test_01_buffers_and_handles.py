"""Rule 1: a leaf is an immutable Buffer, a Tensor a rebindable handle."""

from __future__ import annotations

import operator
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


def test_a_refilled_array_changes_no_later_gradient() -> None:
    p, batch = dark.Parameter([1.0, 2.0]), np.array([3.0, 4.0], np.float32)
    passed, reached = dark.compile(lambda x: (p * x).sum()), dark.compile(lambda: (p * batch).sum() + 0.0)
    losses = [passed(batch), reached(), (p * batch).sum(), (p * dark.asarray(batch)).sum()]
    batch[:] = 100
    for loss in losses:
        p.zero_grad()
        loss.backward()
        assert p.grad is not None
        assert p.grad.numpy().tolist() == [3, 4]


def test_shared_memory_is_read_and_never_written() -> None:
    array = np.zeros(3, np.float32)
    x = dark.asarray(array, copy=False)
    array[1] = 5
    assert x.numpy().tolist() == [0, 5, 0]
    x[0] = 7.0
    x += 1.0
    dark.compile(operator.iadd)(x, 1.0)
    assert x.numpy().tolist() == [9, 7, 2]
    assert array.tolist() == [0, 5, 0]


@pytest.mark.parametrize("compiled", [False, True])
def test_writes_in_place_leave_exports_alone(compiled: bool) -> None:
    torch = pytest.importorskip("torch")

    def write(x: Any) -> None:
        x[0] = 9.0
        x *= 2.0

    x = dark.asarray([1.0, 2.0])
    array, exported, pending = x.numpy(), torch.from_dlpack(x), x * 1.0
    (dark.compile(write) if compiled else write)(x)
    assert array.tolist() == exported.tolist() == pending.numpy().tolist() == [1, 2]
    assert x.numpy().tolist() == [18, 4]


def test_a_leaf_that_is_passed_twice_has_one_gradient() -> None:
    p, q = dark.Parameter([1.0, 2.0]), dark.Parameter([3.0, 4.0])
    f = dark.compile(lambda a, b: (a * b).sum().backward())
    for a, b, wanted in ((p, q, [3, 4]), (p, p, [5, 8]), (p, p, [7, 12]), (p, q, [10, 16])):
        f(a, b)
        assert p.grad is not None
        assert p.grad.numpy().tolist() == wanted
    assert q.grad is not None
    assert q.grad.numpy().tolist() == [2, 4]


# ---- donation ----


def test_a_donated_argument_is_unusable_afterwards() -> None:
    @dark.compile(donate="x")
    def f(x: Any, y: Any) -> Any:
        return x + y

    x, y = dark.asarray([1.0, 2.0]), dark.asarray([3.0, 4.0])
    assert f(x, y).numpy().tolist() == [4, 6]
    assert y.numpy().tolist() == [3, 4]
    assert (x.shape, x.dtype) == ((2,), np.float32)
    assert "donated" in repr(x)
    other = dark.ones(2)
    uses: list[Any] = [
        x.numpy,
        lambda: x + 1.0,
        lambda: other + x,
        lambda: x[0],
        x.detach,
        lambda: x.__setitem__(slice(None), 1.0),
        lambda: setattr(x, "data", 1.0),
        lambda: f(x, y),
        lambda: f(y, x),
        dark.compile(lambda: x * 2.0),
        lambda: bool(x[:1]),
        lambda: np.asarray(x),
    ]
    for use in uses:
        with pytest.raises(dark.DonatedError, match="donated to a compiled function"):
            use()


def test_what_can_be_donated() -> None:
    def f(state: Any, *rest: Any, scale: Any = 1.0, **named: Any) -> Any:
        return state["x"] * scale, [value + 1.0 for value in (*rest, *named.values())]

    def tensors() -> list[Any]:
        return [dark.ones(2) * float(i) for i in range(4)]

    def gone(values: list[Any]) -> list[bool]:
        return ["donated" in repr(value) for value in values]

    for donate, wanted in (
        ("state", [True, False, False, False]),
        (0, [True, False, False, False]),
        (("rest", "scale"), [False, True, True, False]),
        ((1,), [False, True, False, False]),
        (("named",), [False, False, False, True]),
        ((), [False] * 4),
    ):
        a, b, c, d = tensors()
        dark.compile(f, donate=donate)({"x": a}, b, scale=c, other=d)
        assert gone([a, b, c, d]) == wanted
    for donate in ("nothing", (3.5,), -1):
        with pytest.raises(dark.ArgumentError, match="is not a parameter"):
            dark.compile(f, donate=donate)
    with pytest.raises(dark.ArgumentError, match="is not a parameter"):
        dark.compile(lambda x: x, donate=1)


def test_donation_in_a_loop() -> None:
    step = dark.compile(lambda x: x + 1.0, donate=0)
    x = dark.zeros(3)
    for _ in range(5):
        x = step(x)
    assert x.numpy().tolist() == [5, 5, 5]
    assert step.cache_info().traces == 1


def test_what_a_donated_argument_was_lives_on_where_it_is_needed() -> None:
    @dark.compile(donate=0)
    def f(x: Any) -> Any:
        x[0] = 9.0
        return x, x[1:]

    x = dark.asarray([1.0, 2.0, 3.0])
    view, array = x[:2], x.numpy()
    same, tail = f(x)
    assert same.numpy().tolist() == [9, 2, 3]
    assert tail.numpy().tolist() == [2, 3]
    assert view.numpy().tolist() == [9, 2]
    assert array.tolist() == [1, 2, 3]
    p = dark.Parameter([2.0])
    loss = dark.compile(lambda p: (p * p).sum(), donate=0)(p)
    loss.backward()
    assert loss.item() == 4


def test_a_failed_call_donates_nothing() -> None:
    f = dark.compile(dark.take, donate=0)
    x = dark.asarray([1.0, 2.0])
    with pytest.raises(dark.IndexOutOfRangeError):
        f(x, dark.asarray([5]))
    assert x.numpy().tolist() == [1, 2]
