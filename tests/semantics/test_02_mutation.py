"""Rule 2: basic slices, transpose and reshape are views; what is written through one is seen by all."""

from __future__ import annotations

import gc
import operator
import threading
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dark_jit as dark

from .mutation import Machine, scripts

SHAPES = [(6,), (1,), (0,), (2, 3), (4, 6), (3, 1, 2), (2, 3, 4), ()]


def start(shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    return np.arange(np.prod(shape), dtype=np.float64).reshape(shape)


def assert_same(found: Machine, wanted: Machine) -> None:
    for name in ("variables", "results"):
        for i, (x, y) in enumerate(zip(getattr(found, name), getattr(wanted, name), strict=True)):
            assert (x is None) == (y is None)
            if y is not None:
                np.testing.assert_array_equal(x.numpy(), y, err_msg=f"{name}[{i}]")


def check_lazily(data: st.DataObject, most: int) -> None:
    base = start(data.draw(st.sampled_from(SHAPES)))
    wanted = Machine([base.copy()])
    script = data.draw(scripts(wanted, most=most))
    assert_same(Machine([dark.asarray(base)]).run(script), wanted)


@settings(max_examples=60)
@given(data=st.data())
def test_random_scripts(data: st.DataObject) -> None:
    check_lazily(data, 10)


@pytest.mark.slow
@settings(max_examples=300)
@given(data=st.data())
def test_many_random_scripts(data: st.DataObject) -> None:
    check_lazily(data, 25)


class Compiled:
    """A script as a compiled function; of its variables some are passed, the others are reached from outside."""

    def __init__(self, script: list[Any], passed: list[bool]) -> None:
        self.script, self.passed = script, passed
        self.outside: list[Any] = []
        self.function = dark.compile(self.body)

    def body(self, arguments: list[Any]) -> Any:
        given, outside = iter(arguments), iter(self.outside)
        machine = Machine([next(given if passed else outside) for passed in self.passed])
        machine.run(self.script)
        return machine.variables[len(self.passed) :], machine.results

    def __call__(self, machine: Machine) -> None:
        split: dict[bool, list[Any]] = {True: [], False: []}
        for variable, passed in zip(machine.variables, self.passed, strict=True):
            split[passed].append(variable)
        self.outside[:] = split[False]
        variables, results = self.function(split[True])
        machine.variables += variables
        machine.results += results


def check_compiled(data: st.DataObject, most: int) -> None:
    """A script of three parts, of which the middle one is compiled and called twice."""
    base = start(data.draw(st.sampled_from(SHAPES)))
    wanted, found = Machine([base.copy()]), Machine([dark.asarray(base)])
    found.run(data.draw(scripts(wanted, least=0, most=4)))
    old = len(wanted.variables)
    passed = data.draw(st.lists(st.booleans(), min_size=old, max_size=old))
    script = data.draw(scripts(wanted, traced=True, most=most))
    compiled = Compiled(script, passed)
    compiled(found)
    assert_same(found, wanted)
    # What was made in the call stays a view of what is older; what is not is of no interest any more.
    older = [x for x in wanted.variables[:old] if x is not None]
    kept = [any(np.shares_memory(x, y) for y in older) for x in wanted.variables[old:]]
    extra: dict[str, list[Any]] = {}
    for name, machine in (("found", found), ("wanted", wanted)):
        extra[name] = [x for x, keep in zip(machine.variables[old:], kept, strict=True) if keep]
        del machine.variables[old:]
    compiled(found)
    wanted.run(script)
    assert_same(found, wanted)
    found.variables, wanted.variables = extra["found"] + found.variables[:old], extra["wanted"] + wanted.variables[:old]
    found.run(data.draw(scripts(wanted, least=0, most=4)))
    assert_same(found, wanted)


@settings(max_examples=60)
@given(data=st.data())
def test_random_scripts_compiled(data: st.DataObject) -> None:
    check_compiled(data, 8)


@pytest.mark.slow
@settings(max_examples=300)
@given(data=st.data())
def test_many_random_scripts_compiled(data: st.DataObject) -> None:
    check_compiled(data, 15)


# ---- what the rule names ----


def dilated(x: Any) -> Any:
    xe = dark.zeros((1, 2, 5, 5), np.float64)
    xe[:, :, ::4, ::4] = x
    return xe


def marked(om: Any, obj: Any) -> Any:
    om[..., 0:1][obj] = True
    return om


@pytest.mark.parametrize("wrap", [lambda f: f, dark.compile], ids=["lazily", "compiled"])
def test_writing_into_zeros_is_a_dilation(wrap: Callable[[Any], Any]) -> None:
    x = start((1, 2, 2, 2))
    np.testing.assert_array_equal(wrap(dilated)(x).numpy(), dark.dilate(x, 4).numpy())


def test_no_program_holds_what_is_written_into_zeros() -> None:
    """The convolution of a dilated image falls apart into convolutions of the image."""
    graph = dark.compile(lambda x, k: dark.conv2d(dilated(x), k)).graph_for(start((1, 2, 2, 2)), start((1, 2, 2, 2)))
    assert "where" not in {node.op.name for node in graph.nodes}


@pytest.mark.parametrize("wrap", [lambda f: f, dark.compile], ids=["lazily", "compiled"])
def test_writing_at_a_mask_of_a_view(wrap: Callable[[Any], Any]) -> None:
    rng = np.random.default_rng(0)
    wanted, obj = rng.random((2, 3, 4)) < 0.3, rng.random((2, 3, 1)) < 0.5
    om = dark.asarray(wanted)
    wanted[..., 0:1][obj] = True
    assert wrap(marked)(om, dark.asarray(obj)) is om
    np.testing.assert_array_equal(om.numpy(), wanted)


# ---- views, one by one ----

VIEWS: dict[str, Callable[[Any], Any]] = {
    "slice": lambda x: x[1:],
    "steps": lambda x: x[::2, ::-1],
    "row": lambda x: x[1],
    "element": lambda x: x[1, 2, ...],
    "new axis": lambda x: x[..., None],
    "T": lambda x: x.T,
    "mT": lambda x: x.mT,
    "reshape": lambda x: x.reshape(-1),
    "ravel": lambda x: x.ravel(),
    "split axis": lambda x: x.reshape(2, 2, 6),
    "reshape of a view": lambda x: x[1:3].reshape(3, 4),
    "view of a view": lambda x: x[1:].T[::2],
    "moveaxis": lambda x: np.moveaxis(x, 0, 1),
    "transpose": lambda x: x.transpose(1, 0),
    "expand_dims": lambda x: np.expand_dims(x, 0),
    "squeeze": lambda x: np.squeeze(x[:, None]),
    "flip": lambda x: np.flip(x, 1),
    "split": lambda x: np.split(x, 2, 1)[1],
    "all": lambda x: x[:],
}
COPIES: dict[str, Callable[[Any], Any]] = {
    "reshape of T": lambda x: x.T.reshape(-1),
    "ravel of a column": lambda x: x[:, 0].ravel(),
    "flatten": lambda x: x.flatten(),
    "integers": lambda x: x[[0, 1]],
    "mask": lambda x: x[np.array([True, False, True, False])],
    "astype": lambda x: x.astype(np.float64),
    "operation": lambda x: +x,
}


def both(function: Callable[[Any], Any], compiled: bool) -> tuple[Any, Any]:
    array, tensor = start((4, 6)), dark.asarray(start((4, 6)))
    return function(array), (dark.compile(function) if compiled else function)(tensor)


@pytest.mark.parametrize("compiled", [False, True], ids=["lazily", "compiled"])
@pytest.mark.parametrize("make", [*VIEWS.values(), *COPIES.values()], ids=[*VIEWS, *COPIES])
def test_what_is_a_view(make: Callable[[Any], Any], compiled: bool) -> None:
    def function(x: Any) -> Any:
        v = make(x)
        v[...] = -1.0  # seen by x
        x *= 2.0  # seen by v
        v += 1.0
        return v * 1.0, x * 1.0

    for wanted, found in zip(*both(function, compiled), strict=True):
        np.testing.assert_array_equal(found.numpy(), wanted)


@pytest.mark.parametrize("compiled", [False, True], ids=["lazily", "compiled"])
def test_results_of_compiled_functions_are_views_too(compiled: bool) -> None:
    for make in VIEWS.values():
        wanted, x = start((4, 6)), dark.asarray(start((4, 6)))
        make(wanted)[...] = -1.0
        view = (dark.compile(make) if compiled else make)(x)
        view[...] = -1.0
        np.testing.assert_array_equal(x.numpy(), wanted)


def test_an_element_is_a_number_not_a_view() -> None:
    x = dark.asarray(start((2, 3)))
    e = x[0, 1]
    e += 5.0
    assert x.numpy()[0, 1] == 1


def test_a_broadcast_view_is_read_only_and_follows() -> None:
    x = dark.asarray(start((3,)))
    wide = dark.broadcast_to(x, (2, 3))
    for view in (wide, wide[0], wide.T):
        with pytest.raises(dark.ArgumentError, match="broadcast_to"):
            operator.iadd(view, 1.0)
        with pytest.raises(dark.ArgumentError, match="broadcast_to"):
            view[...] = 1.0
    x[0] = 7.0
    assert wide.numpy().tolist() == [[7, 1, 2], [7, 1, 2]]


def test_overlapping_assignment_reads_the_old_values() -> None:
    def shift(x: Any) -> Any:
        x[1:] = x[:-1]
        x[::-1] += x
        return x

    wanted = shift(start((5,)))
    for f in (shift, dark.compile(shift)):
        np.testing.assert_array_equal(f(dark.asarray(start((5,)))).numpy(), wanted)


def test_writing_rows_of_an_iteration() -> None:
    def rows(x: Any) -> Any:
        for i, row in enumerate(x):
            row += float(i)  # noqa: PLW2901  (that is what is tested)
        return x

    wanted = rows(start((5, 3)))
    for f in (rows, dark.compile(rows)):
        np.testing.assert_array_equal(f(dark.asarray(start((5, 3)))).numpy(), wanted)


@pytest.mark.parametrize("name", ["ifloordiv", "imod", "ipow", "itruediv", "imatmul"])
def test_operators_write_into_views(name: str) -> None:
    function = getattr(operator, name)
    wanted, x = start((4, 4)), dark.asarray(start((4, 4)))
    other = np.eye(4) * 2.0 if name == "imatmul" else 3.0
    function(wanted[:], other)
    function(x[:], other)
    np.testing.assert_allclose(x.numpy(), wanted)
    flags, wanted_flags = dark.asarray(np.array([True, False])), np.array([True, False])
    for logical in (operator.ior, operator.iand, operator.ixor):
        logical(flags[:], np.array([True, True]))
        logical(wanted_flags[:], np.array([True, True]))
        np.testing.assert_array_equal(flags.numpy(), wanted_flags)


def test_what_does_not_fit_changes_nothing() -> None:
    counts = dark.asarray(np.arange(6).reshape(2, 3))
    row = counts[0]
    for write in (lambda: operator.iadd(row, 0.5), lambda: operator.iadd(row, np.ones((2, 3), np.int64))):
        with pytest.raises((dark.DTypeError, dark.ShapeError)):
            write()
    with pytest.raises(dark.ShapeError):
        row[:2] = np.ones(3, np.int64)
    assert counts.numpy().tolist() == [[0, 1, 2], [3, 4, 5]]


def test_values_are_cast_and_keep_their_precision() -> None:
    x = dark.asarray(np.zeros(2))
    x[0] = 0.1
    assert x.numpy()[0] == 0.1
    n = dark.asarray(np.zeros(2, np.int32))
    n[:] = 2.7
    assert n.numpy().tolist() == [2, 2]


def test_earlier_results_keep_their_values() -> None:
    x = dark.asarray(start((3,)))
    pending, array = x * 2.0, x.numpy()
    x[0] = 9.0
    x[1:] += 1.0
    assert pending.numpy().tolist() == [0, 2, 4]
    assert array.tolist() == [0, 1, 2]
    assert x.numpy().tolist() == [9, 2, 3]


def test_a_rebound_tensor_leaves_its_views() -> None:
    x = dark.asarray(start((3,)))
    v, w = x[:2], x[1:]
    x.data = 0.0
    v += 10.0
    assert (x.numpy().tolist(), v.numpy().tolist(), w.numpy().tolist()) == ([0, 0, 0], [10, 11], [11, 2])


def test_data_and_detach_share() -> None:
    x = dark.asarray(start((3,)))
    twin, view = x.detach(), x[1:]
    x.data += 1.0
    twin[1] = 9.0
    assert x.numpy().tolist() == twin.numpy().tolist() == [1, 9, 3]
    assert view.numpy().tolist() == [9, 3]


def test_dead_views_are_forgotten() -> None:
    x = dark.asarray(start((10,)))
    for i in range(100_000):
        for view in (x[i % 10 :], x[i % 10 : i % 10 + 1].reshape(1, 1).T):
            assert view.ndim
    assert x._view is not None
    assert len(x._view.family._members) < 50


def test_a_view_keeps_no_base_alive() -> None:
    x = dark.asarray(start((10,))) * 1.0
    x.numpy()
    v = x[::2]
    v.numpy()
    base = weakref.ref(x)
    del x
    gc.collect()
    assert base() is None


# ---- compiled functions and what lives outside ----


def test_a_compiled_write_reaches_views_outside() -> None:
    x = dark.asarray(start((6,)))
    tail, twin = x[3:], x.detach()

    @dark.compile
    def step(x: Any) -> None:
        x[2:4] += 10.0

    step(x)
    assert tail.numpy().tolist() == [13, 4, 5]
    late = x[::2]
    step(x)
    assert tail.numpy().tolist() == [23, 4, 5]
    assert late.numpy().tolist() == [0, 22, 4]
    assert twin.numpy().tolist() == x.numpy().tolist() == [0, 1, 22, 23, 4, 5]


def test_arguments_that_share_elements() -> None:
    @dark.compile
    def f(target: Any, source: Any) -> Any:
        target += source
        return source * 2.0

    def wanted(target: Any, source: Any) -> Any:
        target += source
        return source * 2.0

    for make in (
        lambda x: (x[1:], x[:-1]),
        lambda x: (x[:3], x[3:]),
        lambda x: (x, x),
        lambda x: (x[:3], x[:3]),
        lambda x: (x[::2], x[::-2]),
        lambda x: (x[1:], start((5,))),
    ):
        array, tensor = start((6,)), dark.asarray(start((6,)))
        np.testing.assert_array_equal(f(*make(tensor)).numpy(), wanted(*make(array)))
        np.testing.assert_array_equal(tensor.numpy(), array)


def test_slices_of_one_array_are_one_program() -> None:
    @dark.compile
    def fill(x: Any, value: float) -> None:
        x[:] = value

    x = dark.asarray(start((8,)))
    for i in range(4):
        fill(x[2 * i : 2 * i + 2], float(i))
    assert x.numpy().tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert fill.cache_info().traces == 1


def test_an_argument_that_shares_elements_with_a_captured_tensor() -> None:
    x = dark.asarray(start((6,)))

    @dark.compile
    def f(v: Any) -> Any:
        v += 1.0
        return x * 1.0

    wanted = start((6,))
    for view in (lambda a: a[1:3], lambda a: a[::2], lambda a: a):
        operator.iadd(view(wanted), 1.0)
        np.testing.assert_array_equal(f(view(x)).numpy(), wanted)
        np.testing.assert_array_equal(x.numpy(), wanted)
    other = dark.asarray(start((2,)))
    assert f(other).numpy().tolist() == wanted.tolist()
    assert other.numpy().tolist() == [1, 2]


def test_a_view_from_outside_that_is_read_after_a_write() -> None:
    x = dark.asarray(start((6,)))
    v, w = x[:4], x[2:]

    @dark.compile
    def f() -> Any:
        v[...] = -1.0
        before = w * 1.0
        x.data = 7.0
        return before, x * 1.0

    before, after = f()
    assert before.numpy().tolist() == w.numpy().tolist() == [-1, -1, 4, 5]
    assert after.numpy().tolist() == x.numpy().tolist() == [7] * 6
    assert v.numpy().tolist() == [-1] * 4


def test_written_and_then_rebound_in_one_call() -> None:
    x = dark.asarray(start((4,)))
    v = x[1:]

    @dark.compile
    def f(x: Any) -> None:
        x[2] = 9.0
        x.data = 0.0
        x[0] = 5.0

    f(x)
    assert x.numpy().tolist() == [5, 0, 0, 0]
    assert v.numpy().tolist() == [1, 9, 3]
    v += 1.0
    assert x.numpy().tolist() == [5, 0, 0, 0]


def test_writing_an_old_view_after_rebinding_in_a_trace_is_an_error() -> None:
    @dark.compile
    def f(x: Any) -> None:
        v = x[1:]
        x.data = 0.0
        v[0] = 1.0

    with pytest.raises(dark.TraceError, match="write first"):
        f(dark.asarray(start((4,))))


def test_a_reshape_is_a_view_or_a_copy_by_the_argument() -> None:
    @dark.compile
    def f(x: Any) -> None:
        x.reshape(-1)[0] = 9.0

    x = dark.asarray(start((2, 3)))
    f(x.T)
    assert x.numpy()[0, 0] == 0
    f(x)
    assert x.numpy()[0, 0] == 9
    x[0, 0] = 0.0
    f(x[:, :2])
    assert x.numpy()[0, 0] == 0


def test_an_exception_leaves_everything_as_it_was() -> None:
    x = dark.asarray(start((4,)))
    v = x[1:]

    @dark.compile
    def f() -> None:
        v[0] = 9.0
        raise ValueError

    with pytest.raises(ValueError):
        f()
    assert x.numpy().tolist() == [0, 1, 2, 3]
    v += 1.0
    assert x.numpy().tolist() == [0, 2, 3, 4]


def test_threads_write_views_of_one_tensor() -> None:
    """Each thread adds to its own row, lazily or compiled; the base and the rows agree in the end."""
    x = dark.asarray(np.zeros((4, 8)))
    rows = [x[i] for i in range(4)]
    steps = [dark.compile(operator.iadd), operator.iadd]

    def work(i: int) -> None:
        for count in range(20):
            steps[(i + count) % 2](rows[i], 1.0)
            x[:, i] += 0.0

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert x.numpy().tolist() == [[20.0] * 8] * 4
    assert [row.numpy().tolist() for row in rows] == [[20.0] * 8] * 4
