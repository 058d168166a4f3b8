"""check=True and nan="raise": the right line, forward and backward, and no state changes."""

from __future__ import annotations

import inspect
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import execution, nn, optim
from dark_jit.backends.llvm import backend as llvm
from dark_jit.backends.llvm import render

X = np.linspace(-1, 1, 37).astype(np.float32)


def line_of(fn: Any, text: str) -> str:
    """The place of the first line of a function that has this text, as errors name it."""
    lines, first = inspect.getsourcelines(fn)
    return f"test_hunting.py:{first + next(i for i, line in enumerate(lines) if text in line)}"


def training_step(forward: Any, **options: Any) -> tuple[Any, Any]:
    """A step whose loss is the sum of forward(weights); the parameter, too."""
    p = dark.Parameter(np.zeros(8, np.float32))
    optimizer = optim.Adam([p], 0.1)

    @dark.compile(**options)
    def step() -> Any:
        loss = dark.sum(forward(p))
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    return step, p


# NaN


def forward_nan(x: Any) -> Any:
    y = x * 2 + 1
    z = dark.log(y - 2)  # negative numbers
    return dark.exp(z) + 1


def backward_nan(x: Any) -> Any:
    root = dark.sqrt(x * 0)  # 0, with an infinite gradient
    return root * 0


def test_the_line_of_a_nan() -> None:
    run = dark.compile(forward_nan, nan="raise")
    assert run(X + 3).shape == X.shape
    with pytest.raises(dark.NaNError, match="first operation that makes a NaN") as found:
        run(X)
    assert line_of(forward_nan, "dark.log") in str(found.value)


def test_the_line_of_a_nan_in_the_backward_pass() -> None:
    step, p = training_step(backward_nan, nan="raise")
    before = p.numpy()
    with pytest.raises(dark.NaNError) as found:
        step()
    assert line_of(backward_nan, "dark.sqrt") in str(found.value)
    assert "(backward)" in str(found.value)
    np.testing.assert_array_equal(p.numpy(), before)
    assert p.grad is None


def test_an_infinity_before_it_is_named_too() -> None:
    def overflowing(x: Any) -> Any:
        large = dark.exp(x * 1000)
        total = dark.sum(large)
        return total - total

    with pytest.raises(dark.NaNError) as found:
        dark.compile(overflowing, nan="raise")(X)
    assert line_of(overflowing, "total - total") in str(found.value)
    assert "has made the first infinity" in str(found.value)
    assert line_of(overflowing, "dark.exp") in str(found.value)


def test_a_nan_that_comes_from_outside() -> None:
    with pytest.raises(dark.NaNError, match=r"argument or captured Tensor number 0, .* has a NaN when the call begins"):
        dark.compile(dark.tanh, nan="raise")(np.array([1.0, np.nan]))


def test_a_nan_that_no_result_has_is_none() -> None:
    kept = dark.compile(lambda x: dark.where(x > 0, dark.log(x), 0.0), nan="raise")
    assert np.isfinite(kept(X).numpy()).all()


# Kernels that differ


def keep_no_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llvm, "kept", lambda *_: None)
    monkeypatch.setattr(llvm, "keep", lambda *_: None)


@pytest.fixture
def broken_tanh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """tanh is wrong by a tenth, in programs that nobody else is given."""
    right = render._rendered

    def wrong(*args: Any) -> Any:
        rendered = right(*args)
        name = re.search(r"%(\S+)\.magnitude = ", rendered.text)
        if name is None:
            return rendered
        text = re.sub(
            r"(llvm\.copysign\S+\(<\d+ x float>) (%\S+\.magnitude),", r"\1 splat (float 0.125),", rendered.text
        )
        return render.Rendered(text, rendered.steps)

    monkeypatch.setattr(render, "_rendered", wrong)
    monkeypatch.setattr(render, "key_of", lambda *parts: "broken" + str(hash(parts)))
    keep_no_programs(monkeypatch)
    monkeypatch.setattr(execution, "_programs", execution._Programs())
    yield


def layer(x: Any) -> Any:
    y = x + 1
    return dark.tanh(y) * 2


def test_a_right_program_passes() -> None:
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 36, 3))
    optimizer = optim.SGD(model.parameters(), 0.1)
    criterion = nn.CrossEntropyLoss()

    @dark.compile(check=True)
    def step(x: Any, y: Any) -> Any:
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    images, labels = np.random.default_rng(0).random((4, 1, 8, 8), np.float32), np.array([0, 2, 1, 2])
    losses = [step(images, labels).item() for _ in range(3)]
    assert losses[2] < losses[0]
    with pytest.raises(dark.IndexOutOfRangeError, match="label 3"):
        step(images, np.array([0, 3, 1, 2]))


@pytest.mark.usefixtures("broken_tanh")
def test_the_first_wrong_kernel_is_named() -> None:
    step, p = training_step(layer, check=True)
    with pytest.raises(dark.MismatchError, match="the first kernel that differs is number") as found:
        step()
    assert line_of(layer, "dark.tanh") in str(found.value)
    np.testing.assert_array_equal(p.numpy(), np.zeros(8))
    assert p.grad is None
    assert max(errors_of(script_of(found.value))) > 0.1


def script_of(error: BaseException) -> Path:
    script = re.search(r"python (\S+)$", str(error))
    assert script is not None
    return Path(script[1])


def errors_of(script: Path) -> list[float]:
    """The largest error of each value that a script prints."""
    output = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True).stdout
    return [float(each) for each in re.findall(r"largest error ([^,]+),", output)]


def a_factor_twice(text: str) -> str:
    """The first product multiplies its left factor by itself."""
    product = r"(@llvm\.fma\.\S+\(<\d+ x float> )(%\S+), (<\d+ x float> )%\S+, "
    return re.sub(product, r"\1\2, \3\2, ", text, count=1)


def a_difference(text: str) -> str:
    """The first sum is a difference."""
    return text.replace("fadd <", "fsub <", 1)


@pytest.mark.parametrize(
    ("template", "edit", "fn", "precision", "shapes"),
    [
        ("gemm", a_factor_twice, lambda x, y: x @ y.mT, "default", ((2, 40, 50), (2, 60, 50))),
        ("conv2d", a_factor_twice, dark.conv2d, "strict", ((2, 32, 9, 9), (32, 32, 3, 3))),
        (
            "winograd",
            a_factor_twice,
            lambda x, k: dark.conv2d(x, k, padding=1),
            "default",
            ((8, 64, 32, 32), (64, 64, 3, 3)),
        ),
        ("reduce", a_difference, lambda x, y: dark.sum(x * y, axis=0), "default", ((40, 64), (40, 64))),
        ("reduce_rows", a_difference, lambda x, y: dark.softmax(x * y, axis=1), "default", ((40, 64), (40, 64))),
    ],
)
def test_the_script_runs_the_very_kernel(
    template: str,
    edit: Any,
    fn: Any,
    precision: str,
    shapes: Any,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Whatever its layout and method; also from another folder. A right kernel has no such error."""
    right = render.render
    inputs = [np.random.default_rng(i).standard_normal(shape).astype(np.float32) for i, shape in enumerate(shapes)]

    def wrong(spec: Any, target: Any) -> Any:
        found = right(spec, target)
        return render.Rendered(edit(found.text), found.steps) if spec.template == template else found

    keep_no_programs(monkeypatch)
    monkeypatch.setattr(render, "render", wrong)
    monkeypatch.setattr(execution, "_programs", execution._Programs())
    with pytest.raises(dark.MismatchError, match=rf"the first kernel that differs is number \d+ \({template}") as found:
        dark.compile(fn, check=True, precision=precision)(*inputs)
    script = script_of(found.value)
    first = errors_of(script)
    assert max(first) > 1e-3
    moved = Path(shutil.move(script.parent, tmp_path / "moved"))
    assert errors_of(moved / script.name) == first
    kernels = json.loads((moved / "kernels.json").read_text())
    monkeypatch.setattr(render, "render", right)
    monkeypatch.setattr(execution, "_programs", execution._Programs())
    program: Any = dark.compile(fn, precision=precision).program_for(*inputs)
    texts = [kernel.rendered.text for kernel in program.kernels]
    mended = [next(text for text in texts if edit(text) == broken or text == broken) for broken in kernels["texts"]]
    (moved / "kernels.json").write_text(json.dumps({**kernels, "texts": mended}))
    assert max(errors_of(moved / script.name)) < 1e-3


def backward_tanh(x: Any) -> Any:
    y = x * 3
    z = dark.tanh(y)
    return z * z


@pytest.mark.usefixtures("broken_tanh")
def test_a_line_of_the_backward_pass_is_named() -> None:
    @dark.compile(check=True)
    def gradient(x: Any) -> Any:
        return dark.grad(lambda x: dark.sum(backward_tanh(x)))(x)

    with pytest.raises(dark.MismatchError) as found:
        gradient(X)
    assert line_of(backward_tanh, "dark.tanh") in str(found.value)


def test_both_at_once() -> None:
    with pytest.raises(dark.NaNError):
        dark.compile(forward_nan, nan="raise", check=True)(X)


@pytest.mark.usefixtures("broken_tanh")
def test_both_at_once_find_a_wrong_kernel() -> None:
    with pytest.raises(dark.MismatchError):
        dark.compile(layer, nan="raise", check=True)(X)


def test_options() -> None:
    with pytest.raises(dark.ArgumentError, match="nan must be None or \"raise\", got 'warn'"):
        dark.compile(dark.tanh, nan="warn")
    with pytest.raises(dark.ArgumentError, match="are for the CPU backend"):
        dark.compile(dark.tanh, check=True, backend="reference")(X)
