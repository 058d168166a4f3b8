"""The short way of calls: it is taken by calls like the last one, and by no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn
from dark_jit.compiler.writeback import Unfinished

SCALE = 2.0
WEIGHTS = dark.asarray([1.0, 2.0])


@dark.compile
def scaled(x: Any, y: Any) -> Any:
    return (x + y) * WEIGHTS * SCALE


def ones(*shape: int, **how: Any) -> dark.Tensor:
    return dark.asarray(np.ones(shape, np.float32), **how)


def short_ways(function: Any, call: Callable[[], Any]) -> int:
    """How many calls went the short way."""
    general, ways = function._run_any, []

    def counted(args: Any, kwargs: Any) -> Any:
        ways.append("general")
        return general(args, kwargs)

    function._run_any = counted
    try:
        call()
    finally:
        del function._run_any
    return 1 - len(ways)


def test_a_call_like_the_last_one_takes_it() -> None:
    x, y = ones(2), ones(2)
    scaled(x, y)
    assert short_ways(scaled, lambda: scaled(y, x)) == 1
    assert short_ways(scaled, lambda: scaled(x, x)) == 1
    assert scaled(x, y).tolist() == [4, 8]


def _with_gradient() -> dark.Tensor:
    x = ones(2)
    x.grad = ones(2)
    return x


OTHERS: dict[str, Callable[[], tuple[Any, ...]]] = {
    "an array": lambda: (np.ones(2, np.float32), ones(2)),
    "a float": lambda: (1.0, ones(2)),
    "a pending Tensor": lambda: (ones(2) + 1, ones(2)),
    "another shape": lambda: (ones(1), ones(2)),
    "another dtype": lambda: (ones(2, dtype=dark.float64), ones(2)),
    "one that requires grad": lambda: (ones(2), ones(2, requires_grad=True)),
    "one that has a gradient": lambda: (_with_gradient(), ones(2)),
    "the captured Tensor": lambda: (WEIGHTS, ones(2)),
}


@pytest.mark.parametrize("case", OTHERS)
def test_other_arguments_do_not(case: str) -> None:
    x, y = OTHERS[case]()
    scaled(ones(2), ones(2))
    found = []
    assert short_ways(scaled, lambda: found.append(scaled(x, y))) == 0
    assert found[0].tolist() == ((np.asarray(x) + np.asarray(y)) * WEIGHTS.numpy() * SCALE).tolist()


def test_not_in_another_gradient_mode() -> None:
    scaled(ones(2), ones(2))
    with dark.no_grad():
        assert short_ways(scaled, lambda: scaled(ones(2), ones(2))) == 0


def test_not_with_another_number_of_arguments() -> None:
    total = dark.compile(lambda *xs: dark.stack(xs).sum())
    assert total(ones(2), ones(2)).item() == 4
    assert total(ones(2)).item() == 2
    assert total(ones(2), ones(2), ones(2)).item() == 6


def test_not_when_a_global_or_a_captured_value_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    x = ones(2)
    scaled(x, x)
    monkeypatch.setitem(globals(), "SCALE", 3.0)
    assert scaled(x, x).tolist() == [6, 12]
    monkeypatch.setitem(globals(), "WEIGHTS", ones(2))
    assert scaled(x, x).tolist() == [6, 6]
    WEIGHTS.data = WEIGHTS + 1  # pending
    assert scaled(x, x).tolist() == [12, 12]


def test_not_when_a_module_changes() -> None:
    model = nn.Dropout(0.5)
    f = dark.compile(lambda x: model(x) + x)
    f(ones(64))
    model.eval()
    assert short_ways(f, lambda: f(ones(64))) == 0
    assert f(ones(64)).tolist() == [2] * 64


def test_not_in_the_midst_of_a_write_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread's, that is: some of its Tensors have new values, others do not yet."""
    x = ones(2)
    scaled(x, x)
    monkeypatch.setattr(Unfinished, "changes", object())
    assert short_ways(scaled, lambda: scaled(x, x)) == 0


def test_state_is_written_the_short_way_too() -> None:
    count = dark.zeros(2)

    @dark.compile
    def step(x: Any) -> Any:
        count.data = count + x
        return count * 1

    for _ in range(3):
        last = step(ones(2))
    assert short_ways(step, lambda: step(ones(2))) == 1
    assert last.tolist() == [3, 3] and count.tolist() == [4, 4]


@pytest.mark.parametrize("shape", [(0,), (3, 5), (300, 301)])
def test_results_of_any_structure(shape: tuple[int, ...]) -> None:
    f = dark.compile(lambda x, y: {"sum": x + y, "first": x, "both": (y, x * y)})
    x, y = ones(*shape), ones(*shape) + 1
    y.numpy()
    for _ in range(3):
        found = f(x, y)
        assert found["first"] is x and found["both"][0] is y
        assert (found["sum"].numpy() == 3).all() and (found["both"][1].numpy() == 2).all()
