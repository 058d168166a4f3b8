"""Rule 13: the same bits for any number of workers, in any process, in whatever order results are asked for."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import config, nn, optim
from dark_jit.backends.llvm.backend import LLVMProgram
from dark_jit.graph.text import print_graph

from ..concurrency import run_script

WORKERS = (1, 2, 3, 4)


@pytest.fixture
def on_each_backend() -> None:
    """What is tested here is the CPU's."""


def numbers(*shape: int, dtype: str = "float32") -> np.ndarray:
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(dtype)


# Sizes that no vector, tile or chunk divides.
CASES: dict[str, tuple[Callable[..., Any], list[np.ndarray]]] = {
    "sums": (lambda x: [x.sum(), x.sum(0), x.sum(1), x.mean((0, 1))], [numbers(1003, 517)]),
    "float64": (lambda x: [x.sum(), x.sum(0), x.var(1), dark.exp(x).mean()], [numbers(611, 509, dtype="float64")]),
    "extremes": (lambda x: [x.max(), x.min(1), x.argmax(0), x.var(), x.std(0)], [numbers(701, 303)]),
    "short": (lambda x: [x.sum(0), x.sum(1), x.max()], [numbers(3, 100_003)]),
    "softmax": (lambda x: [dark.softmax(x), dark.log_softmax(x, 0)], [numbers(301, 1003)]),
    "products": (lambda a, b: [a @ b, b.T @ a.T, (a @ b).sum(0)], [numbers(263, 511), numbers(511, 259)]),
    "long product": (lambda a, b: a @ b, [numbers(17, 5003), numbers(5003, 19)]),
    "vector": (lambda a, x: [a @ x, x @ x], [numbers(1009, 1013), numbers(1013)]),
    "convolution": (
        lambda x, k: [dark.conv2d(x, k, padding=1), dark.conv2d(x, k, stride=2)],
        [numbers(5, 17, 23, 21), numbers(19, 17, 3, 3)],
    ),
    "pooling": (lambda x: dark.max_pool2d(x, 3, 2, 1), [numbers(5, 33, 31, 29)]),
}


def with_gradients(function: Callable[..., Any]) -> Callable[..., Any]:
    """Results of a function, and the gradients of a weighted sum of those that have one."""

    def both(*inputs: Any) -> list[Any]:
        def total(*tensors: Any) -> Any:
            found = function(*tensors)
            floats = [y for y in (found if isinstance(found, list) else [found]) if y.dtype.kind == "f"]
            return sum((y * y).sum() for y in floats)

        found = function(*inputs)
        gradients = dark.grad(total, tuple(range(len(inputs))))(*inputs)
        return [*(found if isinstance(found, list) else [found]), *gradients]

    return both


def bits(tree: Sequence[Any]) -> list[bytes]:
    return [tensor.numpy().tobytes() for tensor in tree]


@pytest.mark.parametrize("name", CASES)
def test_any_number_of_workers(name: str) -> None:
    function, arrays = CASES[name]
    both = with_gradients(function)
    compiled, inputs = dark.compile(both), [dark.asarray(array) for array in arrays]
    found = {}
    for workers in WORKERS:
        with config.overridden(threads=workers):
            found[workers, "lazily"] = bits(both(*inputs))
            found[workers, "compiled"] = bits(compiled(*inputs))
    program = compiled.program_for(*inputs)
    assert isinstance(program, LLVMProgram)
    assert any(not task.serial for task in program.schedule.tasks)
    first = found[1, "lazily"]
    assert [key for key, value in found.items() if value != first] == []


# A training step: convolutions, batch statistics, pooling, dropout, a linear layer, cross-entropy, Adam


class Training:
    """A small CNN, always with the same weights, images and random numbers."""

    def __init__(self) -> None:
        dark.manual_seed(3)
        self.model = nn.Sequential(
            nn.Conv2d(3, 16, 3, padding=1),
            nn.BatchNorm2d(16),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 24, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Dropout(0.25),
            nn.Flatten(),
            nn.Linear(24 * 16, 10),
        )
        self.rule = optim.Adam(self.model.parameters(), lr=0.01)
        self.loss = nn.CrossEntropyLoss()

    def step(self, images: Any, labels: Any) -> Any:
        loss = self.loss(self.model(images), labels)
        loss.backward()
        self.rule.step()
        self.rule.zero_grad()
        return loss

    def run(self, step: Callable[[Any, Any], Any], workers: Iterator[int], steps: int = 4) -> list[bytes]:
        """Losses, parameters and statistics after some steps."""
        rng = np.random.default_rng(5)
        losses = []
        for _ in range(steps):
            images, labels = rng.random((19, 3, 16, 16)).astype(np.float32), rng.integers(0, 10, 19)
            with config.overridden(threads=next(workers)):
                losses.append(step(dark.asarray(images), dark.asarray(labels)))
                losses[-1].numpy()
        return bits([*losses, *self.model.parameters(), *self.model.buffers()])


@pytest.fixture(scope="module")
def trained() -> list[bytes]:
    """What training gives, compiled, on one worker."""
    training = Training()
    return training.run(dark.compile(training.step), itertools.repeat(1))


@pytest.mark.parametrize("workers", [(2,), (3,), (4,), (4, 1, 3, 2)], ids=str)
def test_training_on_any_number_of_workers(workers: tuple[int, ...], trained: list[bytes]) -> None:
    training = Training()
    assert training.run(dark.compile(training.step), itertools.cycle(workers)) == trained


def test_training_lazily(trained: list[bytes]) -> None:
    """The whole step is forced at once, as when it is compiled."""
    training = Training()
    assert training.run(training.step, itertools.cycle((2, 1, 3, 4))) == trained


def test_results_in_any_order() -> None:
    def pending() -> list[Any]:
        training, rng = Training(), np.random.default_rng(5)
        x = dark.asarray(rng.random((19, 3, 16, 16)).astype(np.float32))
        found = []
        for layer in training.model.children():
            x = layer(x)
            found.append(x)
        loss = training.loss(x, rng.integers(0, 10, 19))
        loss.backward()
        return [*found, loss, *(p.grad for p in training.model.parameters()), *training.model.buffers()]

    first = bits(pending())
    for seed in range(6):
        results = pending()
        order = np.random.default_rng(seed).permutation(len(results))
        found = {place: results[place].numpy().tobytes() for place in order}
        assert [place for place, value in enumerate(first) if found[place] != value] == []


@pytest.mark.parametrize("runs", [400, pytest.param(100_000, marks=pytest.mark.slow)])
def test_worker_counts_that_alternate(runs: int) -> None:
    """Small programs of several shared kernels, thousands of times."""
    functions = [
        dark.compile(lambda x, y: [dark.tanh(x @ y) + x, x.sum(0), dark.softmax(x * y)]),
        dark.compile(lambda x, y: (dark.exp(x) @ y).sum(1)),
        dark.compile(lambda x, y: [x.max(1), (x - x.mean(0)) * y]),
    ]
    x, y = dark.asarray(numbers(97, 97)), dark.asarray(numbers(97, 97) / 10)
    flat = [lambda f=f: bits(found if isinstance(found := f(x, y), list) else [found]) for f in functions]
    wanted = [call() for call in flat]
    rng = np.random.default_rng(0)
    for which, workers in zip(rng.integers(0, 3, runs), rng.integers(1, 5, runs), strict=True):
        with config.overridden(threads=int(workers)):
            assert flat[which]() == wanted[which], (which, workers)


# Processes

SCRIPT = """
import dark_jit as dark
from tests.semantics.test_13_determinism import digests
print(digests())
"""


def digests() -> str:
    """Hashes of the graphs, schedules and kernels of the programs above, and of the results."""
    text, values = hashlib.sha256(), hashlib.sha256()
    for function, arrays in CASES.values():
        _digest(dark.compile(with_gradients(function)), arrays, text, values)
    training = Training()
    step = dark.compile(training.step)
    for value in training.run(step, itertools.cycle([0])):
        values.update(value)
    _describe(step.program_for(dark.asarray(numbers(19, 3, 16, 16)), dark.asarray(np.zeros(19, np.int64))), text)
    return f"{text.hexdigest()} {values.hexdigest()}"


def _digest(compiled: Any, arrays: list[np.ndarray], text: Any, values: Any) -> None:
    inputs = [dark.asarray(array) for array in arrays]
    _describe(compiled.program_for(*inputs), text)
    for value in bits(compiled(*inputs)):
        values.update(value)


def _describe(program: LLVMProgram, text: Any) -> None:
    for _, stage in program.stages:
        text.update(print_graph(stage).encode())
    for kernel in program.kernels:
        task = kernel.task
        text.update(kernel.rendered.text.encode())
        text.update(repr([task.slots, task.reason, task.serial, task.barrier]).encode())
    text.update(repr([program.schedule.arena_bytes, program.schedule.refusals]).encode())


@pytest.mark.parametrize("processes", [1, pytest.param(8, marks=pytest.mark.slow)])
def test_processes_make_the_same_programs_and_the_same_bits(processes: int) -> None:
    """Hashes of strings, addresses, what was made before, and the number of workers differ."""
    found = {digests()}
    for number in range(processes):
        found.add(run_script(SCRIPT, PYTHONHASHSEED=str(number), DARK_JIT_THREADS=str(1 + number % 2)).strip())
    assert len(found) == 1
