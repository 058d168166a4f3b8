"""Kernels that go together along rows: which do, that nothing else does, and that results stay what they were."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import dark_jit as dark
from dark_jit import config, ops
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.llvm import backend as llvm
from dark_jit.backends.llvm.target import machine
from dark_jit.backends.reference import evaluate
from dark_jit.execution import _Programs
from dark_jit.lowering.chains import AHEAD, Use, _Builder, chains
from dark_jit.lowering.kernel import Access, Argument, Body, ElementwiseSpec, Load, Store
from dark_jit.lowering.schedule import schedule
from dark_jit.lowering.target import Gpu, Target
from dark_jit.testing import reference
from dark_jit.transforms import passes

from .graphs import F32, graph_of, random_graphs

TARGET = Target("avx512", 64, 32, 32 << 10, 1 << 20, 32 << 20, cores=2)


def lengths(build: Any, *shapes: tuple[int, ...], target: Any = TARGET) -> list[int]:
    """How many kernels each chain has."""
    graph = graph_of(build, *shapes, dtype=F32)
    found: list[int] = []
    for task in schedule(passes.run(graph)[-1][1], target).tasks:
        found = [*found[:-1], found[-1] + 1] if task.follows else [*found, 1]
    return found


def centred(x: Any) -> Any:
    """x minus the means of its rows, over their largest squares."""
    x = ops.subtract(x, ops.mean(x, x.ndim - 1, keepdims=True))
    return ops.divide(x, ops.max_(ops.multiply(x, x), x.ndim - 1, keepdims=True))


def test_what_goes_along_the_same_rows_goes_together() -> None:
    assert lengths(centred, (512, 256)) == [3]
    assert lengths(centred, (8, 64, 256)) == [3]
    assert lengths(centred, (8, 4, 16, 256)) == [3]


def test_what_fits_into_the_first_cache_does_not() -> None:
    assert lengths(centred, (16, 64)) == [1, 1, 1]


def test_cards_have_no_chains() -> None:
    assert set(lengths(centred, (512, 256), target=Gpu("sm_90", 132))) == {1}


@pytest.mark.parametrize(
    "build",
    [
        lambda x: ops.subtract(x, ops.sum_(x, 0, keepdims=True)),  # along columns
        lambda x: ops.add(ops.flip(ops.exp(x), (0,)), ops.sum_(ops.exp(x), 1, keepdims=True)),  # another row
        lambda x: [ops.sum_(x, 1), ops.sum_(ops.transpose(x, (1, 0)), 1)],  # other rows
    ],
)
def test_what_reads_other_rows_does_not(build: Any) -> None:
    assert 3 not in lengths(build, (512, 512))


def copied(source: Access, target: Access) -> ElementwiseSpec:
    """64 rows of 100, from argument 0 to argument 1."""
    body = Body((Load("float32", 0, source),), (Store(0, 1, target),))
    arguments = (Argument("float32", 20000), Argument("float32", 20000, written=True))
    return ElementwiseSpec((64, 100), arguments, body, 16)


@pytest.mark.parametrize(
    ("read", "together"),
    [
        (Access(0, (100, 1)), True),
        (Access(99, (100, -1)), True),  # backwards, but within its row
        (Access(7, (100, 0)), True),  # one element of its row
        (Access(50, (100, 1)), False),  # half of the next row
        (Access(-1, (100, 1)), False),  # an element of the row before
        (Access(0, (200, 1)), False),  # every second row
        (Access(6300, (-100, 1)), False),  # from the other end
        (Access(0, (0, 1)), False),  # the first row, each time
        (Access(0, (1, 64)), False),  # columns
        (Access(0, (100, 1), ((0, 63), (0, 100))), True),  # the last row is not there
        (Access(-1, (100, 1), ((0, 64), (1, 100))), True),  # nor the first element of each
    ],
)
def test_only_what_lies_in_the_same_row_may_be_read(read: Access, together: bool) -> None:
    target = replace(TARGET, l1_bytes=64)
    uses = [
        Use(copied(Access(0, (100, 1)), Access(0, (100, 1))), ("x", "y")),
        Use(copied(read, Access(0, (100, 1))), ("y", "z")),
    ]
    assert (len(chains(uses, target)) == 1) == together


def from_another_row(x: Any) -> list[Any]:
    """Centred rows, and sums along rows of their products with the rows of the other end."""
    y = ops.subtract(x, ops.mean(x, 1, keepdims=True))
    return [y, ops.sum_(ops.multiply(ops.flip(y, (0,)), x), 1)]


def test_what_was_written_in_another_row_must_be_there() -> None:
    """The kernel that reads it has as many rows; and yet it waits for all of them."""
    graph = graph_of(from_another_row, (64, 100), dtype=F32)
    target = replace(machine(), l1_bytes=64, l2_bytes=32 << 10)
    tasks = schedule(passes.run(graph)[-1][1], target).tasks
    assert any(task.blocks for task in tasks)
    assert not tasks[-1].follows
    x = np.random.default_rng(0).standard_normal((64, 100)).astype(np.float32)
    found = llvm.LLVMProgram(graph, target).run([Buffer.of(x)])
    for mine, wanted in zip(found, evaluate(graph, [x]), strict=True):
        np.testing.assert_allclose(mine.array(), wanted, rtol=1e-4, atol=1e-4)


def test_memory_is_not_used_again_within_a_chain() -> None:
    """One block is at its end where another has not begun."""

    def build(x: Any) -> Any:
        for _ in range(4):
            x = ops.tanh(centred(ops.flip(x, (1,))))  # not to be done in place
        return x

    graph = graph_of(build, (64, 100), dtype=F32)
    target = replace(machine(), l1_bytes=64, l2_bytes=64 << 10)
    found = schedule(passes.run(graph)[-1][1], target)
    assert sum(task.follows for task in found.tasks) >= 6
    last = max(life.last for life in found.lives)  # the end of the last chain
    together = [life for life in found.lives if life.nbytes > 4 * 64 and life.last == last]
    start = max(number for number, task in enumerate(found.tasks) if not task.follows)
    assert len(together) > 2 and all(life.first <= start for life in together)
    x = np.random.default_rng(0).standard_normal((64, 100)).astype(np.float32)
    (mine,) = llvm.LLVMProgram(graph, target).run([Buffer.of(x)])
    np.testing.assert_allclose(mine.array(), evaluate(graph, [x])[0], rtol=1e-3, atol=1e-3)


def test_rows_that_are_cut_into_pieces_are_none() -> None:
    assert max(lengths(centred, (8, 20000))) < 3


def test_rows_that_fill_the_caches_do_not() -> None:
    small = replace(TARGET, l2_bytes=64 << 10, l3_bytes=64 << 10)
    assert set(lengths(centred, (64, 8192), target=small)) == {1}


def test_blocks_fit_into_the_cache_and_keep_all_cores_busy() -> None:
    graph = graph_of(centred, (4096, 1024), dtype=F32)
    tasks = schedule(passes.run(graph)[-1][1], TARGET).tasks
    assert {task.blocks for task in tasks} == {tasks[0].blocks}
    assert 8 <= tasks[0].blocks <= 4096
    assert "together with 2 other(s)" in tasks[0].reason


@pytest.fixture
def tiny_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that can go together does, in many blocks."""
    monkeypatch.setattr(llvm, "machine", lambda isa=None: replace(machine(isa), l1_bytes=64, l2_bytes=32 << 10))
    monkeypatch.setattr("dark_jit.execution._programs", _Programs())


def attention(q: Any, k: Any) -> Any:
    return dark.softmax(q @ k.mT, axis=-1) @ k


def loss(x: Any, k: Any) -> Any:
    return dark.sum(dark.layer_norm(x, x.shape[-1:]) * k) + dark.mean(dark.log_softmax(x * k, axis=-1) ** 2)


@pytest.mark.usefixtures("tiny_caches")
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("shape", [(1, 33), (7, 1), (13, 100), (3, 5, 70), (2, 3, 17, 16)])
@pytest.mark.parametrize("fn", [attention, loss, dark.grad(loss)])
def test_values_for_any_number_of_workers(fn: Any, shape: tuple[int, ...], dtype: Any) -> None:
    rng = np.random.default_rng(0)
    args = [rng.standard_normal(shape).astype(dtype) for _ in range(2)]
    run, found = dark.compile(fn), []
    for threads in (1, 2, 3):
        with config.overridden(threads=threads):
            found.append(run(*args).numpy())
    assert found[0].tobytes() == found[1].tobytes() == found[2].tobytes()
    wanted = reference(fn)(*args)
    assert np.abs(found[0] - wanted).max() <= (1e-5 if dtype == np.float32 else 1e-12) * max(1, np.abs(wanted).max())


@pytest.mark.usefixtures("tiny_caches")
def test_chains_are_made_and_run() -> None:
    x = np.random.default_rng(0).standard_normal((40, 100)).astype(np.float32)
    run = dark.compile(lambda x: dark.softmax(x, axis=-1))
    program: Any = run.program_for(x)
    assert sum(task.follows for task in program.schedule.tasks) == 3
    np.testing.assert_allclose(run(x).numpy(), reference(lambda x: dark.softmax(x, axis=-1))(x), rtol=1e-5)


@settings(max_examples=40, deadline=None)
@given(random_graphs())
def test_any_graph(graph: Any) -> None:
    target = replace(machine(), l1_bytes=64, l2_bytes=32 << 10)
    rng = np.random.default_rng(0)
    inputs = [rng.standard_normal(node.shape).astype(node.dtype) for node in graph.inputs]
    found = llvm.LLVMProgram(graph, target).run([Buffer.of(each) for each in inputs])
    for mine, wanted in zip(found, evaluate(graph, inputs), strict=True):
        np.testing.assert_allclose(mine.array(), wanted, rtol=1e-9, atol=1e-9)


def test_a_chain_that_does_not_pay_is_not_tried_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = []
    monkeypatch.setattr(_Builder, "takes", lambda self, use: tried.append(use))
    uses = [Use(copied(Access(0, (100, 1)), Access(0, (100, 1))), ("x", number)) for number in range(200)]
    assert len(chains(uses, TARGET)) == 200
    assert len(tried) <= 200 * (AHEAD + 1)
