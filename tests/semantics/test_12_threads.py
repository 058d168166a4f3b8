"""Rule 12: threads compute what one thread would; forks, exits and interrupts leave everything whole."""

from __future__ import annotations

import functools
import gc
import sys
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import execution
from dark_jit.compiler import guards, trace
from dark_jit.tensor import autograd, forcing, handle, movement, views

from ..concurrency import at_once

THREADS = 8


@pytest.fixture
def on_each_backend() -> None:
    """The tests that need a backend ask for it themselves."""


def in_another_thread(action: Callable[[], Any], seconds: float = 60) -> None:
    """Do something in another thread, and wait for it; not longer than said."""
    thread = threading.Thread(target=action, daemon=True)
    thread.start()
    thread.join(seconds)


# Right results


def polynomial(x: Any, y: Any) -> Any:
    return dark.tanh(x @ y) * 2 + dark.sum(x, 0)


def checked_calls(function: Callable[[Any, Any], Any], number: int) -> None:
    """Call a function on arrays of changing shapes, and compare every result."""
    rng = np.random.default_rng(number)
    for step in range(40):
        rows = 1 + (number + step) % 5
        x, y = rng.normal(size=(rows, 7)), rng.normal(size=(7, 7))
        found = function(dark.asarray(x), dark.asarray(y)).numpy()
        np.testing.assert_allclose(found, np.tanh(x @ y) * 2 + x.sum(0), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("compiled", [False, True], ids=["lazily", "compiled"])
def test_threads_compute_what_one_would(compiled: bool, dark_backend: str) -> None:
    function = dark.compile(polynomial) if compiled else polynomial
    at_once(*[functools.partial(checked_calls, function, number) for number in range(THREADS)])


def test_a_graph_of_one_thread_is_forced_by_others(dark_backend: str) -> None:
    x = np.arange(12.0)
    for _ in range(20):
        shared = dark.exp(dark.asarray(x) / 10)
        parts = [shared * k for k in range(THREADS)]
        found = at_once(*[part.numpy for part in parts], shared.numpy)
        for k, values in enumerate(found):
            np.testing.assert_allclose(values, np.exp(x / 10) * (k if k < THREADS else 1), rtol=1e-12)


def test_threads_make_one_trace_of_one_function(dark_backend: str) -> None:
    traced = []

    @dark.compile
    def function(x: Any) -> Any:
        traced.append(threading.get_ident())
        return dark.exp(x) + 1

    found = at_once(*[lambda: function(dark.zeros(5)).tolist()] * THREADS)
    assert found == [[2.0] * 5] * THREADS
    assert len(traced) == function.cache_info().traces == 1


# State


def test_no_update_of_captured_state_is_lost(dark_backend: str) -> None:
    counter = dark.asarray(0)

    @dark.compile
    def count() -> None:
        counter.data = counter + 1

    at_once(*[lambda: [count() for _ in range(1000)]] * THREADS)
    assert counter.item() == 1000 * THREADS
    assert count.cache_info().traces == 1


def test_no_update_by_different_functions_is_lost(dark_backend: str) -> None:
    """In place, by assignment, of an argument; compiled and lazily; several programs and none."""
    counter, times = dark.asarray(0.0), 150

    @dark.compile
    def assigns() -> None:
        counter.data = counter + 1

    @dark.compile
    def in_place(amount: Any) -> None:
        nonlocal counter
        counter += amount

    @dark.compile
    def of_an_argument(x: Any) -> None:
        x += 1

    def lazily() -> None:
        mine = counter
        mine += 1

    actions = [assigns, functools.partial(in_place, 1.0), functools.partial(of_an_argument, counter), lazily]
    at_once(*[functools.partial(lambda action: [action() for _ in range(times)], action) for action in 2 * actions])
    assert counter.item() == times * 2 * len(actions)


def test_threads_write_their_own_elements(dark_backend: str) -> None:
    board = dark.zeros((THREADS, 3))

    def fill(k: int) -> None:
        for step in range(30):
            board[k] = float(step)
            board[k, 1] += 1.0

    at_once(*[functools.partial(fill, k) for k in range(THREADS)])
    assert board.tolist() == [[29, 30, 29]] * THREADS


def test_a_call_reads_state_as_it_was_at_one_moment(dark_backend: str) -> None:
    a, b = dark.asarray(0), dark.asarray(0)

    @dark.compile
    def step() -> None:
        a.data = a + 1
        b.data = b + 1

    @dark.compile
    def difference() -> Any:
        return a - b

    step()
    difference()
    looks = at_once(
        *[lambda: [step() for _ in range(300)]] * 2,
        *[lambda: [difference().item() for _ in range(300)]] * 2,
    )
    assert set(looks[2] + looks[3]) == {0}
    assert a.item() == b.item() == 601


def test_a_call_that_was_overtaken_runs_again_on_what_is_there_now(
    dark_backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter, other = dark.asarray(1.0), dark.asarray(10.0)

    @dark.compile
    def double() -> Any:
        counter.data = counter * 2 + other * 0
        return counter + other

    double()
    program, runs = double.program_for(), []
    run = program.run

    def disturbed(inputs: Any) -> Any:
        runs.append(1)
        if len(runs) == 1:
            in_another_thread(lambda: setattr(counter, "data", 100.0))
            in_another_thread(lambda: setattr(other, "data", 20.0))
        return run(inputs)

    monkeypatch.setattr(program, "run", disturbed)
    assert double().item() == 220
    assert (counter.item(), len(runs)) == (200, 2)
    in_another_thread(lambda: setattr(other, "data", 30.0))  # only read: no reason to run again
    assert double().item() == 430
    assert len(runs) == 3


def test_what_is_only_read_may_change_meanwhile(dark_backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A learning rate that is set in the midst of a step counts from the next one."""
    weight, rate = dark.asarray(1.0), dark.asarray(1.0)

    @dark.compile
    def step() -> None:
        weight.data = weight + rate

    step()
    program, runs = step.program_for(), []
    run = program.run

    def disturbed(inputs: Any) -> Any:
        runs.append(1)
        in_another_thread(lambda: setattr(rate, "data", 10.0))
        return run(inputs)

    monkeypatch.setattr(program, "run", disturbed)
    step()
    assert (weight.item(), len(runs)) == (3, 1)
    step()
    assert (weight.item(), len(runs)) == (13, 2)


def test_gradients_of_threads_add_up(dark_backend: str) -> None:
    p = dark.Parameter(np.zeros(3))

    @dark.compile
    def compiled() -> None:
        (p * 2.0).sum().backward()

    def lazily() -> None:
        (p * 2.0).sum().backward()

    p.grad = np.zeros(3)
    at_once(*[lambda: [compiled() for _ in range(40)], lambda: [lazily() for _ in range(40)]] * 2)
    assert p.grad.tolist() == [320.0] * 3


def test_the_first_gradients_of_threads_add_up(dark_backend: str) -> None:
    for _ in range(10):
        p = dark.Parameter(np.zeros(3))
        step = dark.compile(functools.partial(lambda p: (p * 2.0).sum().backward(), p))
        at_once(*[step] * 4)
        assert p.grad is not None
        assert p.grad.tolist() == [8.0] * 3


def test_a_gradient_is_added_in_one_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another thread's gradient, which comes while one is added, is added after it."""
    p = dark.Parameter(np.zeros(2))
    p.grad = np.zeros(2)
    others: list[threading.Thread] = []
    add = autograd.ops.add

    def slow_add(a: Any, b: Any) -> Any:
        if not others:
            others.append(threading.Thread(target=lambda: (p * 3.0).sum().backward()))
            others[0].start()
            others[0].join(0.2)
        return add(a, b)

    monkeypatch.setattr(autograd.ops, "add", slow_add)
    (p * 2.0).sum().backward()
    others[0].join()
    assert p.grad.tolist() == [5.0] * 2


# What one thread does while another one looks


def test_forcing_does_not_undo_a_write(dark_backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    x = dark.asarray([1.0, 2.0])
    shared = dark.exp(x * 0)
    total, y = shared + 0, shared + x
    evaluate = execution.evaluate

    def meanwhile() -> None:
        mine = total
        mine += 10.0

    def disturbed(outputs: Any, backend: Any = None) -> Any:
        monkeypatch.setattr(execution, "evaluate", evaluate)
        in_another_thread(meanwhile)
        return evaluate(outputs, backend)

    monkeypatch.setattr(execution, "evaluate", disturbed)
    assert y.tolist() == [2, 3]
    assert total.tolist() == [11, 11]
    assert (total + 1).tolist() == [12, 12]


def test_shortening_histories_does_not_undo_a_write(monkeypatch: pytest.MonkeyPatch) -> None:
    p = dark.Parameter([1.0, 2.0])
    kept, other = dark.exp(p * 0), dark.tanh(p * 0)
    topological, calls = forcing.topological, []

    def disturbed(*args: Any, **kwargs: Any) -> Any:
        if calls:
            in_another_thread(lambda: setattr(other, "data", [5.0, 6.0]))
        return topological(*args, **kwargs)

    shorten = forcing._shorten
    monkeypatch.setattr(forcing, "_shorten", lambda *args: (calls.append(1), shorten(*args)))
    monkeypatch.setattr(forcing, "topological", disturbed)
    kept.numpy()
    monkeypatch.undo()
    assert calls
    assert other.tolist() == [5, 6]
    assert (other * 1).tolist() == [5, 6]


def test_reading_does_not_undo_a_write(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Tensor that gets another value while its node is made keeps that value."""
    x = dark.asarray([1.0])
    leaf = handle.leaf

    def disturbed(*args: Any) -> Any:
        monkeypatch.setattr(handle, "leaf", leaf)
        in_another_thread(lambda: setattr(x, "data", dark.asarray([2.0])))
        return leaf(*args)

    monkeypatch.setattr(handle, "leaf", disturbed)
    y = x + 1
    assert x.tolist() == [2]
    assert (x + 1).tolist() == [3]
    assert y.tolist() == [2]


@pytest.mark.parametrize("kind", [dark.asarray, dark.Parameter])
def test_a_write_is_never_seen_half(kind: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """At any call inside it, another thread reads the old value or the new one."""
    x, new, seen, writer = kind([1.0]), dark.asarray([1.0]) + 1, [], threading.get_ident()
    for name in ("variable", "stop_gradient", "_register"):
        function = getattr(handle, name)

        def looked(*args: Any, function: Callable[..., Any] = function, **kwargs: Any) -> Any:
            if threading.get_ident() == writer:
                in_another_thread(lambda: seen.append((x * 1).item()))
            return function(*args, **kwargs)

        monkeypatch.setattr(handle, name, looked)
    x.data = new
    monkeypatch.undo()
    assert seen
    assert set(seen) <= {1.0, 2.0}
    assert x.item() == 2


@pytest.mark.parametrize("known", [True, False], ids=["known", "pending"])
@pytest.mark.parametrize(
    "view",
    [lambda x: x[1:], lambda x: x.T, lambda x: x.reshape(3, 2), lambda x: x.detach(), lambda x: x.data],
    ids=["slice", "transpose", "reshape", "detach", "data"],
)
def test_a_view_that_is_made_while_another_thread_writes(
    view: Callable[[Any], Any], known: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The write comes before or after, and either way the view has it."""
    x = dark.asarray(np.arange(6.0).reshape(2, 3))
    x = x if known else x * 1
    share, writers = views.share, []

    def write() -> None:
        mine = x
        mine += 10.0

    def disturbed(*args: Any, **kwargs: Any) -> Any:
        if not writers:
            writers.append(threading.Thread(target=write))
            writers[0].start()
            writers[0].join(0.2)
        return share(*args, **kwargs)

    monkeypatch.setattr(views, "share", disturbed)
    monkeypatch.setattr(movement, "share", disturbed)
    made = view(x)
    writers[0].join()
    np.testing.assert_array_equal(made.numpy(), view(dark.asarray(np.arange(10.0, 16.0).reshape(2, 3))).numpy())


def test_threads_share_the_history_of_a_compiled_result(dark_backend: str) -> None:
    p = dark.Parameter([2.0])
    square = dark.compile(lambda x: x * x)
    for _ in range(20):
        y = square(p)
        first, second = at_once(lambda y=y: y * 1, lambda y=y: y * 1)
        first.sum().backward(retain_graph=True)
        second.sum().backward()
    assert p.grad is not None
    assert p.grad.item() == 20 * 2 * 4


# Traces beside other threads


def test_traces_of_functions_that_share_state(dark_backend: str) -> None:
    counter = dark.asarray(0)

    def function(amount: int) -> Callable[[Any], Any]:
        def add(x: Any) -> Any:
            counter.data = counter + amount
            return x * amount

        return dark.compile(add)

    functions = [function(amount) for amount in range(1, THREADS + 1)]

    def call(place: int) -> None:
        for _ in range(10):
            assert functions[place](dark.asarray(2)).item() == 2 * (place + 1)

    at_once(*[functools.partial(call, place) for place in range(THREADS)])
    assert counter.item() == 10 * sum(range(1, THREADS + 1))


def during_a_trace(action: Callable[[], Any], body: Callable[[], Any]) -> Any:
    """Call `body` compiled, and do something in another thread in the midst of its trace; what that gave."""
    traced, results = threading.Event(), []

    @dark.compile
    def function() -> Any:
        body()
        traced.set()
        thread.join(0.3)  # what waits for this trace comes later

    def run() -> None:
        traced.wait()
        try:
            results.append(action())
        except BaseException as error:
            results.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    function()
    thread.join()
    return results[0]


def rebind(x: Any, value: Any) -> None:
    x.data = value


@pytest.mark.parametrize(
    "read",
    [
        lambda x: x.item(),
        lambda x: (x + 0).item(),
        lambda x: dark.compile(lambda y: y + 0)(x).item(),
        lambda x: dark.compile(lambda: x + 0)().item(),
        lambda x: dark.stack([x, x]).numpy()[0],
    ],
    ids=["the number", "lazily", "as an argument", "captured", "several"],
)
def test_a_trace_is_not_seen_by_other_threads(read: Callable[[Any], float], dark_backend: str) -> None:
    x = dark.asarray(1.0)
    assert during_a_trace(lambda: read(x), lambda: rebind(x, x + 1)) in (1, 2)
    assert x.item() == 2


@pytest.mark.parametrize(
    "write",
    [
        lambda x: rebind(x, 10.0),
        lambda x: rebind(x, x + 9),
        lambda x: dark.compile(lambda: rebind(x, x + 9))(),
        lambda x: x.__iadd__(9.0),
    ],
    ids=["a number", "lazily", "compiled", "in place"],
)
def test_a_trace_does_not_undo_what_other_threads_write(write: Callable[[Any], Any], dark_backend: str) -> None:
    x = dark.asarray(1.0)
    during_a_trace(lambda: write(x), lambda: rebind(x, x * 2))
    assert x.item() in (10, 11, 20, 22)  # one after the other
    assert (x + 0).item() == x.item()


def test_gradients_of_a_trace_are_not_seen_by_other_threads(dark_backend: str) -> None:
    p = dark.Parameter([1.0])
    seen = during_a_trace(lambda: p.grad, lambda: (p * 3.0).sum().backward())
    assert seen is None or seen.item() == 3
    assert p.grad is not None
    assert p.grad.item() == 3


def test_a_traced_tensor_in_another_thread_is_an_error() -> None:
    stolen: list[Any] = []
    error = during_a_trace(lambda: stolen[0] + 1, lambda: stolen.append(dark.ones(2) * 2))
    assert isinstance(error, dark.TraceError)
    assert "has ended" in str(error)


def test_a_trace_that_fails_disturbs_nobody(dark_backend: str) -> None:
    x = dark.asarray(1.0)

    @dark.compile
    def fails() -> None:
        x.data = x + 1
        raise KeyError("mine")

    @dark.compile
    def works() -> Any:
        return x * 3

    def fail() -> None:
        for _ in range(30):
            with pytest.raises(KeyError):
                fails()

    found = at_once(fail, *[lambda: [works().item() for _ in range(50)]] * 2, lambda: [x.item() for _ in range(50)])
    assert set(found[1] + found[2]) == {3}
    assert set(found[3]) == {1}


# Interrupts


@pytest.mark.parametrize(
    ("kind", "name"),
    [(trace._Borrowed, "give_back"), (guards.Recorder, "_wake_collector"), (handle.Handle, "_settle")],
    ids=["ending a trace", "waking the collector", "writing back"],
)
def test_an_interrupt_leaves_nothing_half_done(kind: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It strikes at the second call of a function that ends something."""
    a, b = dark.asarray(1), dark.asarray(1)
    calls, function = [], getattr(kind, name)

    @dark.compile
    def step(x: Any) -> Any:
        a.data = a + 1
        b.data = b + 1
        return x + 0

    def interrupted(self: Any, *args: Any) -> None:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        function(self, *args)

    monkeypatch.setattr(kind, name, interrupted)
    with pytest.raises(KeyboardInterrupt):
        for size in range(1, 4):
            step(dark.zeros(size))
    monkeypatch.undo()
    assert a.item() == b.item()
    assert (a + 0).item() == (b + 0).item() == a.item()
    assert gc.isenabled()
    assert sys.getprofile() is None
    before = a.item()
    step(dark.zeros(1))
    assert a.item() == b.item() == before + 1


# Errors


def test_each_thread_gets_its_own_errors(dark_backend: str) -> None:
    x = dark.asarray(np.arange(10.0))
    take = dark.compile(lambda i: dark.take(x, i) * 2)

    def call(number: int) -> None:
        for step in range(60):
            index = (number + step) % 10
            if number % 2:
                with pytest.raises(dark.IndexOutOfRangeError, match=f"index {100 + index} is out of range"):
                    take(np.array([index, 100 + index])).numpy()
            else:
                assert take(np.array([index, 9])).tolist() == [2 * index, 18]

    at_once(*[functools.partial(call, number) for number in range(THREADS)])


def test_a_mistake_that_is_pending_elsewhere_is_not_raised_here(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = dark.take(dark.asarray([1.0]), np.array([7]))
    good = dark.asarray([1.0])
    monkeypatch.setattr(forcing, "PENDING_NODES", 50)
    monkeypatch.setattr(handle, "PENDING_NODES", 50)
    monkeypatch.setattr(handle, "CHECK_LEAST", 10)
    monkeypatch.setattr(handle._Budget, "left", 10)
    for _ in range(200):
        good = good + 1
    assert good.item() == 201
    with pytest.raises(dark.IndexOutOfRangeError):
        bad.numpy()


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
