"""Rule 12: threads compute what one thread would; forks, exits and interrupts leave everything whole."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

import dark_jit as dark

from ..concurrency import at_once


@pytest.fixture
def on_each_backend() -> None:
    """Tests that start interpreters run once; the others ask for `dark_backend`."""


# Modes belong to a thread


def test_the_gradient_mode_is_each_threads_own(dark_backend: str) -> None:
    inside = threading.Barrier(2)

    def without() -> bool:
        with dark.no_grad():
            inside.wait()
            result = (dark.Parameter([1.0]) * 2).requires_grad
            inside.wait()
        return result

    def within() -> bool:
        inside.wait()
        result = (dark.Parameter([1.0]) * 2).requires_grad
        inside.wait()
        return result

    assert at_once(without, within) == [False, True]


def test_threads_share_a_decorated_function() -> None:
    """Each leaves it with the mode that it came with, also the one that came first and leaves first."""
    here, there, gone = threading.Event(), threading.Event(), threading.Event()

    @dark.no_grad()
    def decorated(action: Callable[[], Any]) -> None:
        action()

    def first() -> bool:
        decorated(lambda: (here.set(), there.wait()))
        gone.set()
        return dark.is_grad_enabled()

    def second() -> bool:
        here.wait()
        with dark.no_grad():
            decorated(lambda: (there.set(), gone.wait()))
            return dark.is_grad_enabled()

    assert at_once(first, second) == [True, False]


class Scale:
    """A data descriptor that calls a function before the value is there."""

    def __get__(self, thing: Any, owner: type) -> Any:
        return self if thing is None else vars(thing)["scale"]

    def __set__(self, thing: Any, value: float) -> None:
        if "scale" in vars(thing):
            thing.before()
        vars(thing)["scale"] = value


def test_a_call_while_an_attribute_is_set_does_not_hide_the_change(dark_backend: str) -> None:
    class Model(dark.Guarded):
        scale: Any = Scale()

        def before(self) -> None:
            assert double(x).item() == 2

    x, model = dark.asarray(1.0), Model()
    model.scale = 2
    double = dark.compile(lambda x: x * model.scale)
    double(x)
    model.scale = 3
    assert double(x).item() == 3
