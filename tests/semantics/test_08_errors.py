"""Rule 8: what can be known is raised when the operation is called, at the user's line; the rest leaves the state
alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import execution

X = dark.ones((2, 3))
IMAGES, KERNELS = dark.ones((1, 2, 4, 4)), dark.ones((3, 2, 3, 3))

MISTAKES: list[tuple[Callable[[], Any], type[Exception], str]] = [
    (lambda: X + dark.ones(4), dark.ShapeError, r"\(2, 3\) and \(4,\) do not broadcast"),
    (lambda: X @ X, dark.ShapeError, "inner extents 3 and 2 differ"),
    (lambda: X @ 2, dark.DTypeError, "use multiply"),
    (lambda: X.reshape(4), dark.ShapeError, r"cannot reshape \(2, 3\)"),
    (lambda: X.sum(axis=2), dark.ArgumentError, "axis 2 is out of range"),
    (lambda: X.sum(0, dim=0), dark.ArgumentError, "two names of one argument"),
    (lambda: X.transpose(0, 0), dark.ArgumentError, "not a permutation"),
    (lambda: dark.cat([X, dark.ones((3, 2))]), dark.ShapeError, "cannot concatenate"),
    (lambda: dark.cat([]), dark.ShapeError, "at least one"),
    (lambda: dark.stack([X, X[0]]), dark.ShapeError, "one shape"),
    (lambda: dark.split(X, 2, 1), dark.ShapeError, "into 2 equal parts"),
    (lambda: dark.pad(X, -1), dark.ArgumentError, "must not be negative"),
    (lambda: dark.pad(X, 1, "mean"), dark.ArgumentError, "'constant', 'edge', 'reflect'.*got 'mean'"),
    (lambda: dark.pad(X, 2, "reflect"), dark.ArgumentError, r"2 elements in mode 'reflect'.*axis 0 of shape \(2, 3\)"),
    (lambda: dark.take(X, np.array([0.5])), dark.DTypeError, "integer indices"),
    (lambda: dark.max(dark.zeros((0, 3)), 0), dark.ShapeError, "empty"),
    (lambda: dark.argmax(dark.zeros(0)), dark.ShapeError, "empty"),
    (lambda: dark.zeros(2, -1), dark.ShapeError, "must not be negative"),
    (lambda: dark.conv2d(IMAGES, KERNELS, stride=0), dark.ArgumentError, "stride must be at least 1"),
    (lambda: dark.conv2d(IMAGES, KERNELS, padding=-1), dark.ArgumentError, "padding must be at least 0"),
    (lambda: dark.conv2d(IMAGES, KERNELS, dilation=4), dark.ShapeError, "larger than the padded image"),
    (lambda: dark.conv2d(IMAGES, KERNELS, groups=2), dark.ShapeError, "channels"),
    (lambda: dark.conv2d(X, KERNELS), dark.ShapeError, "reshape or expand_dims"),
    (lambda: dark.max_pool2d(IMAGES, 5), dark.ShapeError, "larger than the padded image"),
    (lambda: dark.avg_pool2d(IMAGES, 5), dark.ShapeError, "avg_pool2d: window"),
    (lambda: dark.conv_transpose2d(IMAGES, KERNELS), dark.ShapeError, "has 2 channels, kernel"),
    (lambda: dark.conv_transpose2d(IMAGES, KERNELS[:2], output_padding=1), dark.ArgumentError, "output_padding"),
    (lambda: dark.upsample2d(IMAGES, 1.5), dark.ArgumentError, "scale_factor must be an integer"),
    (lambda: dark.batch_norm(IMAGES[:, :, :1, :1], training=True), dark.ShapeError, "more than one value for each"),
    (lambda: dark.layer_norm(IMAGES, 5), dark.ShapeError, "does not end with"),
    (lambda: dark.mse(X, X[0]), dark.ShapeError, "differ in shape"),
    (lambda: dark.bce_with_logits(X, X[0]), dark.ShapeError, "differ in shape"),
    (lambda: dark.leaky_relu(dark.asarray([1])), dark.DTypeError, "leaky_relu needs a floating-point"),
    (lambda: dark.gelu(X, "fast"), dark.ArgumentError, "approximate"),
    (lambda: dark.mask(X, X), dark.DTypeError, "needs a bool mask"),
    (lambda: dark.cross_entropy(X, np.array([1, 2, 3])), dark.ShapeError, "fits neither"),
    (lambda: dark.cross_entropy(X, X, "max"), dark.ArgumentError, "'mean', 'sum' or 'none'"),
    (lambda: dark.softmax(dark.asarray([1, 2])), dark.DTypeError, "floating-point"),
    (lambda: X.astype("longdouble"), dark.DTypeError, "not supported"),
    (lambda: dark.asarray([1j]), dark.DTypeError, "complex numbers are out of scope"),
    (lambda: X + "text", dark.DTypeError, "supported are"),
    (lambda: dark.full((2,), [1, 2]), dark.DTypeError, "broadcast_to"),
    (lambda: dark.arange(0, 1, 0), dark.ArgumentError, "step"),
    (lambda: dark.randint(3, 3), dark.ArgumentError, "low < high"),
    (lambda: setattr(dark.Parameter([1.0]), "grad", np.ones(3)), dark.ShapeError, "does not fit"),
]


@pytest.mark.parametrize(("mistake", "kind", "message"), MISTAKES, ids=[message for _, _, message in MISTAKES])
def test_mistakes_are_raised_when_made(mistake: Callable[[], Any], kind: type[Exception], message: str) -> None:
    for call in (mistake, dark.compile(mistake)):
        with pytest.raises(kind, match=message) as caught:
            call()
        assert isinstance(caught.value, dark.DarkError)
        lines = [frame.filename for frame in traceback.extract_tb(caught.value.__traceback__)]
        assert __file__ in lines


def test_errors_are_the_builtin_ones_too() -> None:
    with pytest.raises(ValueError, match="broadcast"):
        X + dark.ones(4)
    with pytest.raises(TypeError):
        X + None
    with pytest.raises(IndexError):
        X[5]


def test_an_index_out_of_range_leaves_the_state() -> None:
    x, state = dark.asarray([1.0, 2.0]), dark.zeros(1)

    @dark.compile
    def step(i: Any) -> Any:
        state.data = state + 1
        return dark.take(x, i)

    assert step(np.array([-1])).numpy().tolist() == [2]
    with pytest.raises(dark.IndexOutOfRangeError, match="index 2 is out of range for axis 0 with extent 2"):
        step(np.array([2])).numpy()
    assert state.item() == 1
    with pytest.raises(dark.IndexOutOfRangeError):
        dark.take(x, np.array([-3])).numpy()


def test_writing_out_of_range_leaves_the_state() -> None:
    state = dark.zeros(3)

    @dark.compile
    def step(i: Any, g: Any) -> Any:
        state[i] = g
        return dark.vjp(lambda w: dark.take_along_axis(w, i, 0), g)[1](g)[0]

    step(np.array([-1, 0, 0]), np.array([1.0, 2, 3], np.float32))
    before = state.numpy().tolist()
    assert before == [3, 0, 1]
    for wrong in (3, -4, 2**40):
        with pytest.raises(dark.IndexOutOfRangeError, match=f"index {wrong} is out of range for axis 0 with extent 3"):
            step(np.array([0, wrong, 1]), np.array([7.0, 8, 9], np.float32))
        assert state.numpy().tolist() == before


def test_empty_and_0d_arrays() -> None:
    empty = dark.zeros((0, 3))
    assert (empty * 2 + 1).shape == (0, 3)
    assert empty.sum().item() == 0
    assert empty.sum(axis=0).numpy().tolist() == [0, 0, 0]
    assert (dark.ones((2, 0)) @ empty).numpy().tolist() == [[0, 0, 0]] * 2
    assert dark.cat([empty, dark.ones((1, 3))]).shape == (1, 3)
    scalar = dark.asarray(2.0)
    assert (scalar * scalar).shape == ()
    assert dark.grad(lambda x: x * x)(scalar).item() == 4


def test_nan_and_infinity() -> None:
    x = np.array([np.nan, np.inf, -np.inf, 0.0], np.float32)
    for function in ("exp", "tanh", "relu", "abs", "sqrt"):
        with np.errstate(invalid="ignore"):
            wanted = np.maximum(x, 0) if function == "relu" else getattr(np, function)(x)
        np.testing.assert_array_equal(getattr(dark, function)(x).numpy(), wanted)
    assert np.isnan(dark.max(x).item())
    assert np.isnan(dark.maximum(x, 1.0).numpy()[0])


def caught(call: Callable[[], Any]) -> tuple[Exception, list[str]]:
    """The error of a call, and the files of its traceback below this one's first frame."""
    with pytest.raises(dark.DarkError) as found:
        call()
    return found.value, [frame.filename for frame in traceback.extract_tb(found.value.__traceback__)][1:]


def test_internal_frames_are_cut() -> None:
    """Of ours at most the functions that the user called stay; below a compiled call nothing."""
    for call in (lambda: X + dark.ones(4), lambda: X @ X):
        _, files = caught(call)
        assert files[0] == __file__
        assert len(files) <= 3
        _, files = caught(dark.compile(call))
        assert files[0] == __file__
        assert len(files) <= 3


def test_a_bug_of_ours_keeps_its_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> Any:
        raise AssertionError("a bug")

    monkeypatch.setattr(execution, "program_of", broken)
    monkeypatch.setattr(broken, "__code__", broken.__code__.replace(co_filename=execution.__file__))
    with pytest.raises(AssertionError) as found:
        dark.compile(lambda x: x + 1)(np.ones(3))
    files = [frame.filename for frame in traceback.extract_tb(found.value.__traceback__)]
    assert any(file.endswith("entry.py") for file in files)


def test_a_run_time_error_names_the_line_that_made_it() -> None:
    def model(i: Any) -> Any:
        rows = dark.take(X, i, axis=0)
        return rows + 1

    line = model.__code__.co_firstlineno + 1
    for call in (lambda: model(np.array([7])).numpy(), lambda: dark.compile(model)(np.array([7])).numpy()):
        error, files = caught(call)
        assert f"test_08_errors.py:{line}: index 7 is out of range for axis 0 with extent 2" in str(error)
        assert len(files) <= 2


def test_integer_division() -> None:
    """NumPy warns and gives 0; here the quotient that is not there is an error, and no state has changed."""
    state = dark.zeros(1)

    @dark.compile
    def step(x: Any, y: Any) -> Any:
        state.data = state + 1
        return x // y, x % y

    for dtype in (np.int32, np.int64):
        least = np.iinfo(dtype).min
        x = np.array([7, least, -7], dtype)
        quotient, rest = step(x, np.array([2, 2, 2], dtype))
        assert quotient.numpy().tolist() == (x // 2).tolist()
        assert rest.numpy().tolist() == [1, 0, 1]
        before = state.item()
        with pytest.raises(dark.IntegerDivisionError, match="division by 0; use where"):
            step(x, np.array([2, 0, 2], dtype))
        with pytest.raises(dark.IntegerDivisionError, match="the least integer divided by -1"):
            step(x, np.array([2, -1, 2], dtype))
        assert state.item() == before


def test_an_instruction_set_beyond_the_machine(dark_backend: str) -> None:
    if dark_backend != "cpu":
        pytest.skip("the reference backend makes no machine code")
    program = "import dark_jit as dark; print((dark.ones(3) + 1).numpy())"
    for isa in ("neon", "nonsense"):
        command, environment = [sys.executable, "-c", program], {**os.environ, "DARK_JIT_ISA": isa}
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert result.returncode == 1
        assert "ArgumentError" in result.stderr
        assert isa in result.stderr
