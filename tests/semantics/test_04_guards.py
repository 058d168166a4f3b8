"""Rule 4: what a compiled function is keyed by, what is guarded, captured and written back."""

# ruff: noqa: PLW0108 - the lambdas are the users' functions that are traced

from __future__ import annotations

import cProfile
import gc
import pstats
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn, optim

SCALE = 2.0
WEIGHTS = dark.asarray([1.0, 2.0])
TABLE = np.array([1.0, 1.0], np.float32)
MODEL = nn.Linear(2, 1)
ONES = np.ones(2, np.float32)


def helper(x: Any) -> Any:
    return x * SCALE


def traces(function: Any) -> int:
    return int(function.cache_info().traces)


def programs(function: Any) -> int:
    return int(function.cache_info().programs)


def numbers(tensor: Any) -> list[float]:
    return tensor.numpy().tolist()  # type: ignore[no-any-return]


# The key: arguments


def test_shapes_dtypes_and_structure() -> None:
    f = dark.compile(lambda x: x["a"] + x["b"][0])
    for a in (np.ones(2, np.float32), np.ones(3, np.float32), np.ones(3), np.ones(3)):
        f({"a": a, "b": (a,)})
    f({"a": ONES, "b": [ONES]})
    assert (traces(f), f.cache_info().hits) == (4, 1)


def test_static_arguments_are_part_of_the_key() -> None:
    f = dark.compile(lambda x, n, flag=True, how=None: x * n if flag else -x)
    assert numbers(f(ONES, 2)) == [2, 2]
    assert numbers(f(ONES, 3)) == [3, 3]
    assert numbers(f(ONES, 3, flag=False)) == [-1, -1]
    assert numbers(f(ONES, True)) == [1, 1]
    assert numbers(f(ONES, 1)) == [1, 1]
    f(ONES, 1, how="x")
    assert traces(f) == 6


def test_float_arguments_are_inputs_of_a_weak_dtype() -> None:
    f = dark.compile(lambda x, rate: x * (rate * 0.5 + 1.0))
    assert numbers(f(ONES, 2.0)) == [2, 2]
    assert numbers(f(ONES, 4.0)) == [3, 3]
    assert traces(f) == 1
    assert f(ONES, 2.0).dtype == np.float32
    assert f(np.ones(2), 0.1).dtype == np.float64
    assert numbers(f(np.ones(2), 0.1)) == [1.05, 1.05]
    assert dark.compile(lambda rate: rate * 2)(0.25).item() == 0.5


def test_modules_and_objects_as_arguments() -> None:
    class Settings:
        factor = 3

    settings, model = Settings(), nn.Linear(2, 1, bias=False)
    model.weights.data = np.ones((1, 2))
    f = dark.compile(lambda m, s, x: m(x) * s.factor)
    x = np.ones((1, 2), np.float32)
    assert f(model, settings, x).item() == f(model, settings, x).item() == 6
    assert traces(f) == 1
    f(nn.Linear(2, 1, bias=False), settings, x)
    assert traces(f) == 2


def test_methods() -> None:
    class Trainer:
        def __init__(self, factor: float) -> None:
            self.factor = dark.asarray(factor)

        @dark.compile
        def scale(self, x: Any) -> Any:
            return x * self.factor

    one, two = Trainer(2.0), Trainer(3.0)
    assert numbers(one.scale(ONES)) == [2, 2]
    assert numbers(two.scale(ONES)) == [3, 3]
    one.factor.data = 5.0
    assert numbers(one.scale(ONES)) == [5, 5]
    assert one.scale.cache_info().programs == 1


# The guards: globals, closures, modules


def test_global_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    f = dark.compile(lambda x: helper(x) + 1)
    assert numbers(f(ONES)) == [3, 3]
    monkeypatch.setitem(globals(), "SCALE", 4.0)
    assert numbers(f(ONES)) == [5, 5]
    assert "global 'SCALE' changed from 2.0 to 4.0" in f.explain()
    monkeypatch.setitem(globals(), "SCALE", 2.0)
    assert numbers(f(ONES)) == [3, 3]
    assert traces(f) == 2


def test_global_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    f = dark.compile(lambda x: helper(x))
    assert numbers(f(ONES)) == [2, 2]
    monkeypatch.setitem(globals(), "helper", lambda x: x * 7)
    assert numbers(f(ONES)) == [7, 7]


def test_global_tensors(monkeypatch: pytest.MonkeyPatch) -> None:
    f = dark.compile(lambda x: x * WEIGHTS)
    assert numbers(f(ONES)) == [1, 2]
    monkeypatch.setitem(globals(), "WEIGHTS", dark.asarray([5.0, 6.0]))
    assert numbers(f(ONES)) == [5, 6]
    assert programs(f) == 1
    assert sum(map(len, f._entries.values())) == 1


def test_global_arrays_are_read_again_at_each_call(monkeypatch: pytest.MonkeyPatch) -> None:
    f = dark.compile(lambda x: x * TABLE)
    assert numbers(f(ONES)) == [1, 1]
    TABLE[:] = 3
    try:
        assert numbers(f(ONES)) == [3, 3]
    finally:
        TABLE[:] = 1
    monkeypatch.setitem(globals(), "TABLE", np.array([4.0, 5.0], np.float32))
    assert numbers(f(ONES)) == [4, 5]
    assert programs(f) == 1


def test_global_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    f = dark.compile(lambda x: MODEL(x))
    x = np.ones((1, 2), np.float32)
    f(x)
    other = nn.Linear(2, 1)
    monkeypatch.setitem(globals(), "MODEL", other)
    assert f(x).item() == other(x).item()
    assert programs(f) == 1


def test_closures() -> None:
    factor, shift = 2, dark.asarray([1.0, 1.0])

    def inner(x: Any) -> Any:
        return x * factor + shift

    f = dark.compile(lambda x: inner(x))
    assert numbers(f(ONES)) == [3, 3]
    factor = 3
    assert numbers(f(ONES)) == [4, 4]
    shift = dark.asarray([5.0, 5.0])
    assert numbers(f(ONES)) == [8, 8]
    assert programs(f) == 2


def test_attributes_of_modules() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            self.factor = 2.0
            self.inner = nn.ModuleList([nn.Tanh()])

        def forward(self, x: Any) -> Any:
            for module in self.inner:
                x = module(x)
            return x * self.factor if self.training else x

    model = Scaled()
    f = dark.compile(lambda x: model(x))
    value = np.float32(np.tanh(1.0))
    np.testing.assert_allclose(f(ONES).numpy(), 2 * value, rtol=1e-6)
    model.factor = 3.0
    np.testing.assert_allclose(f(ONES).numpy(), 3 * value, rtol=1e-6)
    model.eval()
    np.testing.assert_allclose(f(ONES).numpy(), value, rtol=1e-6)
    model.train()
    np.testing.assert_allclose(f(ONES).numpy(), 3 * value, rtol=1e-6)
    assert traces(f) == 3
    model.inner.append(nn.ReLU())
    model.inner[0] = nn.ReLU()
    np.testing.assert_allclose(f(ONES).numpy(), 3.0)
    nn.Linear(1, 1).anything = 1  # sets an attribute of a module that takes no part
    f(ONES)
    assert traces(f) == 4


def test_a_replaced_parameter_is_seen() -> None:
    model = nn.Linear(2, 1, bias=False)
    f = dark.compile(lambda x: model(x))
    x = np.ones((1, 2), np.float32)
    f(x)
    model.weights = dark.Parameter(np.array([[4.0, 5.0]], np.float32))
    assert f(x).item() == 9
    assert programs(f) == 1


COLLECTED = 0


def test_what_the_collector_calls_is_not_guarded() -> None:
    def count(phase: str, info: Any) -> None:
        global COLLECTED  # noqa: PLW0603
        COLLECTED += 1

    f = dark.compile(lambda x: [x + i for i in range(20)])
    thresholds = gc.get_threshold()
    gc.callbacks.append(count)
    gc.set_threshold(1)
    try:
        f(ONES)
        before = COLLECTED
        f(ONES)
        gc.collect()
    finally:
        gc.set_threshold(*thresholds)
        gc.callbacks.remove(count)
    assert COLLECTED > before > 0
    f(ONES)
    assert traces(f) == 1
    assert gc.isenabled()


def test_requires_grad_is_guarded() -> None:
    p = dark.Parameter(ONES)
    f = dark.compile(lambda: p * 2)
    assert f().requires_grad
    p.requires_grad = False
    assert not f().requires_grad


# State: captured, assigned, restored


def make_step(compiled: bool, read_grad: bool = False) -> tuple[nn.Module, Callable[..., Any], optim.Optimizer]:
    dark.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))
    optimizer = optim.Adam(model.parameters(), lr=0.1)

    def step(x: Any, y: Any) -> Any:
        loss = nn.MSELoss()(model(x), y)
        loss.backward()
        optimizer.step()
        if not read_grad:
            optimizer.zero_grad()
        return loss

    return model, dark.compile(step) if compiled else step, optimizer


def batch() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    return rng.random((8, 3)).astype(np.float32), rng.random((8, 1)).astype(np.float32)


def test_ten_training_steps_are_one_program() -> None:
    model, step, optimizer = make_step(True)
    other, plain, other_optimizer = make_step(False)
    for i in range(10):
        optimizer.lr = other_optimizer.lr = 0.1 / (i + 1)
        np.testing.assert_allclose(step(*batch()).item(), plain(*batch()).item(), rtol=1e-5)
    assert step.cache_info() == (1, 1, 9, 64)
    for p, q in zip(model.parameters(), other.parameters(), strict=True):
        np.testing.assert_allclose(p.numpy(), q.numpy(), rtol=1e-4, atol=1e-6)


def test_gradients_that_outlive_a_step_are_outputs() -> None:
    model, step, _ = make_step(True, read_grad=True)
    other, plain, _ = make_step(False, read_grad=True)
    for _ in range(3):
        step(*batch())
        plain(*batch())
    for p, q in zip(model.parameters(), other.parameters(), strict=True):
        assert p.grad is not None
        assert q.grad is not None
        np.testing.assert_allclose(p.grad.numpy(), q.grad.numpy(), rtol=1e-4, atol=1e-6)
    kept = next(model.parameters()).grad
    model.zero_grad()
    step(*batch())
    step(*batch())
    assert programs(step) == 2
    assert next(model.parameters()).grad is not kept


def test_gradients_of_arguments() -> None:
    @dark.compile
    def f(x: Any) -> Any:
        y = (x * x).sum()
        y.backward()
        return y

    for value in (2.0, 3.0):
        x = dark.Parameter([value])
        f(x)
        assert x.grad is not None
        assert x.grad.item() == 2 * value
        f(x)
        assert x.grad.item() == 4 * value
    assert traces(f) == 2


def test_gradients_through_a_compiled_call() -> None:
    w = dark.Parameter([2.0, 3.0])
    f = dark.compile(lambda x: (dark.tanh(x * w), x.sum()))
    x = dark.Parameter([0.1, 0.2])
    (dark.tanh(x * w)).sum().backward()
    assert x.grad is not None
    assert w.grad is not None
    wanted = x.grad.numpy(), w.grad.numpy()
    for _ in range(2):
        x.zero_grad()
        w.zero_grad()
        y, _ = f(x)
        y.sum().backward()
        np.testing.assert_allclose(x.grad.numpy(), wanted[0], rtol=1e-6)
        np.testing.assert_allclose(w.grad.numpy(), wanted[1], rtol=1e-6)
    with dark.no_grad():
        assert not f(x)[0].requires_grad
    hidden = x * 2
    assert dark.grad(lambda h: f(h)[0].sum())(hidden).shape == (2,)
    assert dark.grad(dark.grad(lambda s: f(s * x)[0].sum()))(dark.asarray(1.0)).shape == ()


def test_gradients_under_compile() -> None:
    f = dark.compile(lambda x: dark.grad(lambda v: (v**3).sum())(x))
    assert numbers(f(np.array([1.0, 2.0]))) == [3, 12]
    g = dark.compile(dark.value_and_grad(lambda a, b: (a["w"] * b).sum()))
    value, found = g({"w": ONES}, ONES)
    assert value.item() == 2
    assert numbers(found["w"]) == [1, 1]


def test_running_statistics_and_in_place_writes() -> None:
    mean, count = dark.zeros(2), dark.asarray(0)

    @dark.compile
    def observe(x: Any) -> Any:
        nonlocal_mean = mean
        nonlocal_mean *= 0.5
        nonlocal_mean += 0.5 * x
        count.data = count + 1
        return mean * 1

    for i in range(1, 4):
        assert numbers(observe(ONES)) == [1 - 0.5**i] * 2
        assert numbers(mean) == [1 - 0.5**i] * 2
    assert count.item() == 3
    assert traces(observe) == 1


def test_assigning_to_an_argument() -> None:
    @dark.compile
    def double(x: Any) -> None:
        x.data = x * 2

    x, y = dark.ones(2), dark.ones(2)
    double(x)
    double(x)
    double(y)
    assert (numbers(x), numbers(y), traces(double)) == ([4, 4], [2, 2], 1)


def test_what_is_returned() -> None:
    p = dark.Parameter(ONES)
    f = dark.compile(lambda x, y: {"arg": x, "state": p, "pair": (x + 1, [y * 2, None, 3])})
    x = dark.asarray(ONES)
    for _ in range(2):
        result = f(x, ONES)
        assert result["arg"] is x
        assert result["state"] is p
        assert numbers(result["pair"][0]) == numbers(result["pair"][1][0]) == [2, 2]
        assert result["pair"][1][1:] == [None, 3]


def test_an_argument_that_is_captured_too() -> None:
    p = dark.Parameter(ONES)
    f = dark.compile(lambda x: (x * p).sum())
    q = dark.Parameter(3 * ONES)
    assert f(q).item() == 6
    y = f(p)
    y.backward()
    assert p.grad is not None
    assert numbers(p.grad) == [2, 2]
    assert f(q).item() == 6


def test_pending_tensors_are_computed_first() -> None:
    x, w = dark.ones(2) * 3, dark.ones(2) + 1
    assert numbers(dark.compile(lambda x: x * w)(x)) == [6, 6]


# Errors


def test_a_number_inside_a_trace_is_an_error() -> None:
    for ask in (
        bool,
        float,
        int,
        lambda x: x.item(),
        lambda x: x.numpy(),
        lambda x: np.asarray(x),
        lambda x: [1, 2][x],
    ):
        f = dark.compile(lambda x, ask=ask: ask(x.sum().astype(np.int64)))
        with pytest.raises(dark.TraceError, match=r"test_04_guards.py:\d+: .*dark.where"):
            f(ONES)


def test_a_captured_number_is_an_error_too() -> None:
    scale = dark.asarray(2.0)
    with pytest.raises(dark.TraceError, match=r"\.item\(\) needs a number"):
        dark.compile(lambda x: x * scale.item())(ONES)


def test_text_inside_a_trace() -> None:
    seen = []
    dark.compile(lambda x: seen.append(repr(x * 2)) or x)(ONES)
    assert seen == ["Tensor(shape=(2,), dtype=float32, traced)"]


def test_a_leaked_tensor_is_an_error() -> None:
    leaked = []
    dark.compile(lambda x: leaked.append(x * 2) or x)(ONES)
    for use in (lambda x: x + 1, lambda x: x.numpy(), lambda x: dark.compile(lambda y: y)(x)):
        with pytest.raises(dark.TraceError, match="has ended; return it"):
            use(leaked[0])
    assert "traced" in repr(leaked[0])


def test_an_exception_restores_every_handle() -> None:
    p, state = dark.Parameter(ONES), dark.zeros(2)

    @dark.compile
    def bad(x: Any) -> Any:
        (p * x).sum().backward()
        with dark.no_grad():
            p.data = p - p.grad
            state.data = state + 1
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        bad(ONES)
    assert (numbers(p), numbers(state), p.grad) == ([1, 1], [0, 0], None)
    assert p.requires_grad
    assert numbers(p * 2) == [2, 2]
    assert dark.tensor.is_grad_enabled()


def test_an_error_while_running_leaves_the_state() -> None:
    state = dark.zeros(2)

    @dark.compile(backend="reference")
    def step(x: Any, i: Any) -> Any:
        state.data = state + 1
        return dark.take(x, i)

    step(ONES, np.array([1]))
    with pytest.raises(dark.IndexOutOfRangeError):
        step(ONES, np.array([9]))
    assert numbers(state) == [1, 1]


# The cache


def test_the_ninth_program_warns_once() -> None:
    f = dark.compile(lambda x, n: x * n)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for n in range(8):
            f(ONES, n)
    with pytest.warns(RuntimeWarning, match=r"compiled for the 9th time, because the arguments .* are new"):
        f(ONES, 8)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        f(ONES, 9)


def test_the_cache_is_bounded() -> None:
    f = dark.compile(lambda x, n: x * n)
    with pytest.warns(RuntimeWarning):
        for n in range(70):
            f(ONES, n)
    assert sum(map(len, f._entries.values())) == 64
    assert numbers(f(ONES, 69)) == [69, 69]
    assert traces(f) == 70
    f(ONES, 0)
    assert traces(f) == 71


def test_explain() -> None:
    f = dark.compile(lambda x, k=None: x)
    f(ONES)
    f(np.ones((2, 3)))
    f(np.ones((2, 3)), k="wide")
    assert f.explain().splitlines()[1:] == [
        "  trace 1 -> program 1: the first call",
        "  trace 2 -> program 2: the arguments (float64[2, 3]) are new (before: (float32[2]))",
        "  trace 3 -> program 2: the arguments (float64[2, 3]) {k: 'wide'} are new (before: (float64[2, 3]))",
    ]


def last_reason(f: Any) -> str:
    return f.explain().splitlines()[-1].split(": ", 1)[1]


def test_explain_names_a_gradient_that_came() -> None:
    p = dark.Parameter(np.ones(2, np.float32))

    @dark.compile
    def step(x: Any) -> Any:
        loss = dark.sum(p * x)
        loss.backward()
        return loss

    step(ONES)
    step(ONES)
    assert last_reason(step) == "float32[2], which the function reaches from outside, had no gradient and has one now"


def test_explain_names_an_argument_from_outside() -> None:
    state = dark.asarray(np.ones(2, np.float32))

    @dark.compile
    def f(x: Any) -> Any:
        return x + state

    f(dark.asarray(ONES))
    f(state)
    assert last_reason(f) == "argument 0 (float32[2]) is also reached from outside now"


def test_explain_counts_a_mask() -> None:
    mask = np.array([True, False])

    @dark.compile
    def f(x: Any) -> Any:
        return x[mask]

    f(ONES)
    mask[1] = True
    f(ONES)
    assert last_reason(f) == "a mask that the function indexes with changed, from 1 to 2 of 2 elements"


def test_explain_says_what_is_no_longer_held() -> None:
    """A Tensor that is replaced at each call is not kept alive by each of its traces."""
    state = dark.asarray(ONES)

    @dark.compile
    def f(x: Any) -> Any:
        return x + state

    f(ONES)
    state = dark.asarray(ONES * 2)
    f(ONES)
    lines = f.explain().splitlines()[1:]
    assert [line.endswith("(no longer held)") for line in lines] == [True, False]
    assert "closure variable 'state' changed to another object" in lines[1]


def test_a_compiled_function_inside_another_is_part_of_it() -> None:
    inner = dark.compile(lambda x: x * 2)
    outer = dark.compile(lambda x: inner(x) + 1)
    assert numbers(outer(ONES)) == [3, 3]
    assert traces(inner) == 0


def test_graph_for_runs_nothing() -> None:
    state = dark.zeros(2)

    @dark.compile
    def step(x: Any) -> Any:
        state.data = state + x

    graph = step.graph_for(ONES)
    assert [node.op.name for node in graph.nodes] == ["input", "input", "add"]
    assert numbers(state) == [0, 0]
    assert hasattr(step.program_for(ONES), "run")
    assert step.__name__ == "step"


def test_compiling_a_module_and_options() -> None:
    model = nn.Sequential(nn.Flatten(), nn.ReLU())
    assert dark.compile(model)(-np.ones((2, 1, 2), np.float32)).shape == (2, 2)
    assert numbers(dark.compile(backend="reference")(lambda x: x * 2)(ONES)) == [2, 2]
    with pytest.raises(dark.ArgumentError, match="backend"):
        dark.compile(lambda x: x, backend="gpu")


def test_the_short_way_sees_every_change() -> None:
    """Calls with Tensors alone skip the key; whatever the key holds must still be looked at."""
    factor, p = 2.0, dark.Parameter(ONES)
    f = dark.compile(lambda x, y: (x * y * factor).sum() + (p * 0).sum())
    x = dark.asarray(ONES)
    for _ in range(3):
        assert f(x, x).item() == 4
    assert traces(f) == 1
    assert f(dark.ones(3), dark.ones(3)).item() == 6
    assert f(dark.ones(2, dtype="float64"), x).dtype == np.float64
    assert f(x, x).item() == f(x, x).item() == 4
    assert f(x, dark.Parameter(ONES)).requires_grad
    with dark.no_grad():
        assert not f(x, x).requires_grad
        assert not f(x, x).requires_grad
    assert f(x, x).requires_grad
    assert f(x, p).item() == f(x, p).item() == 4
    assert f(x * 1, x + 0).item() == 4
    with pytest.raises(TypeError):
        f(x)
    x.grad = ONES
    assert f(x, x).item() == 4
    factor = 3.0
    assert f(x, x).item() == f(x, x).item() == 6


def test_a_profiler_goes_on() -> None:
    """cProfile's, which is no function up to Python 3.11, and one that is."""
    called: list[str] = []

    def note(frame: Any, event: str, _: Any) -> None:
        called.append(frame.f_code.co_name)

    def behind() -> None:
        pass

    profiler = cProfile.Profile()
    profiler.enable()
    try:
        dark.compile(lambda x: x + 1)(np.ones(2))
        behind()
    finally:
        profiler.disable()
    assert any(name == "behind" for _, _, name in pstats.Stats(profiler).stats)  # type: ignore[attr-defined]
    sys.setprofile(note)
    try:
        dark.compile(lambda x: x + 2)(np.ones(2))
        behind()
    finally:
        sys.setprofile(None)
    assert "behind" in called
