"""Rule 7: a draw takes its number when it is called, an element's counter is its logical index, and nothing else
decides a value: not the layout, vector width, fusion, threads, backend, nor the order of forcing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import config, execution, nn, optim
from dark_jit.backends.llvm.target import available_isas
from dark_jit.testing.equivalence import default_backend

Array = np.ndarray[Any, Any]
ONES = np.ones((4, 6), np.float32)


@pytest.fixture(autouse=True)
def seeded() -> None:
    dark.manual_seed(42)


def after(draws: int) -> Array:
    """What a draw gives after so many from the seed."""
    dark.manual_seed(42)
    for _ in range(draws):
        dark.rand(1)
    return dark.rand(5).numpy()


def several() -> list[Any]:
    """One draw of each kind whose values are exact."""
    return [
        dark.rand(3, 4),
        dark.rand(5, dtype=np.float64),
        dark.randint(-9, 9, (2, 3)),
        dark.bernoulli(0.5, (11,)),
        dark.dropout(ONES, 0.5),
        dark.uniform(-1, 1, (7,)),
    ]


def equal(found: list[Any], wanted: list[Any]) -> bool:
    return all(one.numpy().tobytes() == other.numpy().tobytes() for one, other in zip(found, wanted, strict=True))


# Draws


def test_two_draws_are_two_nodes() -> None:
    x, y = dark.rand(100), dark.rand(100)
    assert x._value_node() is not y._value_node()
    assert not (x.numpy() == y.numpy()).any()
    f = dark.compile(lambda: (dark.rand(100), dark.rand(100)))
    one, two = f()
    assert not (one.numpy() == two.numpy()).any()


def test_equal_seeds_give_equal_draws() -> None:
    first = several()
    dark.manual_seed(42)
    assert equal(several(), first)
    dark.manual_seed(43)
    assert not equal(several()[:1], first[:1])


def test_a_compiled_call_draws_what_lazy_code_draws() -> None:
    wanted = several() + several()
    dark.manual_seed(42)
    f = dark.compile(several)
    assert equal(f() + f(), wanted)
    assert f.cache_info().traces == 1


def test_a_compiled_call_advances_by_its_number_of_draws() -> None:
    f = dark.compile(lambda x: (x + dark.rand(4, 6), dark.rand(2))[0])  # the second is drawn, though nobody reads it
    for _ in range(3):
        f(ONES)
    np.testing.assert_array_equal(dark.rand(5).numpy(), after(6))


def test_lazy_and_compiled_draws_alternate() -> None:
    f = dark.compile(lambda: dark.rand(3))
    found = [dark.rand(3), f(), dark.rand(3), f(), f(), dark.rand(3)]
    dark.manual_seed(42)
    assert equal([dark.rand(3) for _ in range(6)], found)


def test_a_compiled_function_inside_another_draws_as_part_of_it() -> None:
    inner = dark.compile(lambda: dark.rand(3))
    outer = dark.compile(lambda: (dark.rand(3), inner(), dark.rand(3)))
    found = outer()
    dark.manual_seed(42)
    assert equal([dark.rand(3) for _ in range(3)], list(found))


def test_the_number_is_taken_when_called_not_when_forced() -> None:
    x, y, z = (dark.rand(4) for _ in range(3))
    found = {name: tensor.numpy() for name, tensor in (("z", z), ("x", x), ("y", y))}
    dark.manual_seed(42)
    for name in "xyz":
        np.testing.assert_array_equal(dark.rand(4).numpy(), found[name])


def test_forcing_in_one_program_or_in_several_is_the_same() -> None:
    x, y = dark.rand(8), dark.rand(8)
    together = (x + y).numpy()
    dark.manual_seed(42)
    x, y = dark.rand(8), dark.rand(8)
    np.testing.assert_array_equal(x.numpy() + y.numpy(), together)


# Elements


LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "plain": lambda x: x,
    "transposed": lambda x: x.T.T,
    "used transposed": lambda x: (x.T + 1.0).T - 1.0,
    "flipped": lambda x: x[::-1, ::-1][::-1, ::-1],
    "reshaped": lambda x: (x.reshape(2, 3, 35) * 2).reshape(6, 35) / 2,
    "in two parts": lambda x: dark.cat([x[:, :8], x[:, 8:]], 1),
    "row by row": lambda x: dark.stack([x[i] for i in range(6)]),
    "beside its sum": lambda x: x + 0 * dark.sum(x),
    "multiplied": lambda x: dark.matmul(dark.eye(6, dtype=np.float64), x),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_an_elements_number_goes_by_its_logical_index(name: str) -> None:
    draw = lambda: dark.floor(dark.rand(6, 35, dtype=np.float64) * 2**20)  # noqa: E731  (what follows is exact)
    wanted = draw().numpy()
    for call in (LAYOUTS[name], dark.compile(LAYOUTS[name])):
        dark.manual_seed(42)
        np.testing.assert_array_equal(call(draw()).numpy(), wanted)
    dark.manual_seed(42)
    np.testing.assert_array_equal(dark.compile(lambda: LAYOUTS[name](draw()))().numpy(), wanted)


def test_the_shape_of_a_draw_does_not_matter() -> None:
    wanted = dark.rand(24).numpy()
    for shape in ((24,), (4, 6), (2, 3, 4), (24, 1)):
        dark.manual_seed(42)
        np.testing.assert_array_equal(dark.rand(shape).numpy().ravel(), wanted)
    dark.manual_seed(42)
    np.testing.assert_array_equal(dark.rand(10).numpy(), wanted[:10])


def test_backends_agree() -> None:
    def drawn(backend: str) -> tuple[list[Any], Array]:
        dark.manual_seed(42)
        with default_backend(backend):
            exact, normals = several(), dark.randn(1000)
            for tensor in exact:
                tensor.numpy()
            return exact, normals.numpy()

    (exact, normals), (other, others) = drawn("cpu"), drawn("reference")
    assert equal(exact, other)
    np.testing.assert_allclose(normals, others, rtol=0, atol=1e-6)


def test_threads_and_instruction_sets_agree(dark_backend: str) -> None:
    if dark_backend == "reference":
        pytest.skip("the reference backend has neither")
    x = dark.ones((64, 8, 9, 9))
    found = []
    for isa, threads in [*((isa, 1) for isa in available_isas()), (None, 2), (None, 5)]:
        dark.manual_seed(42)
        with config.overridden(isa, threads):
            f = dark.compile(lambda: (dark.rand(300, 301), dark.dropout(x, 0.5), dark.randint(1000, size=(99_999,))))
            draws = [*f(), dark.rand(70_001)[::-1], dark.bernoulli(0.1, (3, 50_000)).T]
            found.append([draw.numpy().tobytes() for draw in draws])
    assert all(draws == found[0] for draws in found)


# State


def test_eight_threads_share_no_draw() -> None:
    f = dark.compile(lambda: (dark.rand(3), dark.rand(3)))
    found: list[Array] = []

    def call() -> None:
        for _ in range(25):
            one, two = f()
            found.extend((one.numpy(), two.numpy(), dark.rand(3).numpy()))

    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    dark.manual_seed(42)
    wanted = {dark.rand(3).numpy().tobytes() for _ in range(600)}
    assert {draw.tobytes() for draw in found} == wanted
    assert len(wanted) == len(found)


def test_looking_draws_nothing(dark_backend: str) -> None:
    f = dark.compile(lambda x: x + dark.rand(4, 6))
    f.graph_for(ONES)
    f.program_for(ONES)
    if dark_backend == "cpu":
        str(f.inspect(ONES))
    f.explain()
    np.testing.assert_array_equal(dark.rand(5).numpy(), after(0))


def test_an_exception_while_tracing_draws_nothing() -> None:
    @dark.compile
    def f(x: Any) -> Any:
        y = x + dark.rand(4, 6)
        raise KeyError(str(y.shape))

    with pytest.raises(KeyError):
        f(ONES)
    np.testing.assert_array_equal(dark.rand(5).numpy(), after(0))


def test_an_exception_at_run_time_draws_nothing() -> None:
    f = dark.compile(lambda i: dark.take(dark.rand(4), i) + dark.rand(1))
    good = f(np.array([3])).numpy()
    dark.manual_seed(42)
    with pytest.raises(dark.IndexOutOfRangeError):
        f(np.array([4]))
    np.testing.assert_array_equal(f(np.array([3])).numpy(), good)
    np.testing.assert_array_equal(dark.rand(5).numpy(), after(2))


def test_seeding_inside_a_trace_is_an_error() -> None:
    @dark.compile
    def f() -> Any:
        dark.manual_seed(1)
        return dark.rand(2)

    with pytest.raises(dark.TraceError, match=r"test_07_randomness.py:\d+: manual_seed inside .* call it before"):
        f()
    np.testing.assert_array_equal(dark.rand(5).numpy(), after(0))


def test_a_function_that_does_not_draw_takes_no_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    f = dark.compile(lambda x: x * 2)
    f(ONES)
    monkeypatch.setattr(dark.tensor.generator.generator, "_lock", None)
    f(ONES)


# Training


class Net(nn.Module):
    def __init__(self) -> None:
        self.body = nn.Sequential(nn.Linear(6, 32), nn.ReLU(), nn.Dropout(0.5), nn.Linear(32, 1))

    def forward(self, x: Any) -> Any:
        return self.body(x)


def test_a_compiled_step_has_a_new_mask_each_call() -> None:
    model = Net()
    optimizer = optim.SGD(model.parameters(), lr=0.0)  # so that only the masks differ

    @dark.compile
    def step(x: Any) -> Any:
        loss = dark.sum(model(x) ** 2)
        loss.backward()
        optimizer.step()
        gradient = model.body[0].weights.grad
        optimizer.zero_grad()
        return loss, gradient

    before = execution.programs_made()
    losses, gradients = zip(*(step(ONES) for _ in range(6)), strict=True)
    assert execution.programs_made() == before + 1
    assert step.cache_info().traces == 1
    assert len({loss.item() for loss in losses}) == 6
    for gradient in gradients:  # a unit that is dropped in all four rows has no gradient
        assert gradient.shape == (32, 6)
    assert len({gradient.numpy().tobytes() for gradient in gradients}) == 6


def test_an_undecorated_loop_has_a_new_mask_each_step_and_compiles_no_more() -> None:
    model = Net()
    optimizer = optim.SGD(model.parameters(), lr=0.01)
    losses, programs = [], []
    for _ in range(6):
        loss = dark.sum(model(dark.asarray(ONES)) ** 2)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
        programs.append(execution.programs_made())
    assert len(set(losses)) == 6
    assert len(set(programs[1:])) == 1


def test_lazy_and_compiled_training_take_the_same_masks() -> None:
    def train(compiled: bool) -> list[float]:
        dark.manual_seed(3)
        model = Net()
        optimizer = optim.SGD(model.parameters(), lr=0.01)

        def step(x: Any) -> Any:
            loss = dark.mean((model(x) - 1) ** 2)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            return loss

        run = dark.compile(step) if compiled else step
        return [run(dark.asarray(ONES)).item() for _ in range(5)]

    np.testing.assert_allclose(train(True), train(False), rtol=1e-4)


def test_backward_of_a_compiled_result_has_the_mask_of_its_call() -> None:
    p = dark.Parameter(ONES)
    f = dark.compile(lambda x: dark.dropout(p * x, 0.5))
    results = [f(ONES), f(ONES), f(ONES)]
    for y in results[::-1]:
        y.sum().backward()
        assert p.grad is not None
        np.testing.assert_array_equal(p.grad.numpy(), y.numpy())
        p.zero_grad()


def test_no_dropout_and_no_draw_in_eval_mode() -> None:
    model = nn.Dropout(0.5)
    f = dark.compile(model)
    assert (f(ONES).numpy() == 0).any()
    model.eval()
    np.testing.assert_array_equal(f(ONES).numpy(), ONES)
    np.testing.assert_array_equal(dark.rand(5).numpy(), after(1))
    model.train()
    assert (f(ONES).numpy() == 0).any()
    assert f.cache_info().traces == 2


# Statistics


def test_what_is_drawn_is_distributed_as_it_says() -> None:
    size = 100_000
    u, z = dark.rand(size).numpy().astype(float), dark.randn(size).numpy().astype(float)
    i, kept = dark.randint(10, size=(size,)).numpy(), dark.dropout(np.ones(size), 0.2).numpy()
    assert abs(u.mean() - 1 / 2) < 4e-3
    assert abs(u.var() - 1 / 12) < 2e-3
    assert abs(z.mean()) < 0.013
    assert abs(z.var() - 1) < 0.018
    for values, classes in ((i, 10), ((u * 10).astype(int), 10)):
        counts = np.bincount(values, minlength=classes)
        assert ((counts - size / classes) ** 2).sum() / (size / classes) < 28  # 9 degrees of freedom: 1 in 1000
    assert abs(kept.mean() - 1) < 7e-3
    assert abs(np.corrcoef(u, z)[0, 1]) < 0.013


def test_draws_that_follow_one_another_are_independent() -> None:
    draws = np.array([dark.rand(50).numpy() for _ in range(400)], float)
    assert abs(np.corrcoef(draws[:-1].ravel(), draws[1:].ravel())[0, 1]) < 4 / np.sqrt(draws.size)
    assert abs(draws[:, 0].mean() - 0.5) < 4 / np.sqrt(12 * 400)
