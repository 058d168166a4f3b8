"""Edited kernels: taken, refused with the numbers, hanging, crashing, writing elsewhere, no IR at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import execution, nn, optim
from dark_jit.inspection import Report

X = np.linspace(-2, 2, 64).astype(np.float32)
WANTED = (X * np.float32(1.5) + 1) ** 2


@pytest.fixture(autouse=True)
def programs_of_its_own(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(execution, "_programs", execution._Programs())
    yield


def compiled() -> tuple[Any, Report, str]:
    """A function of one kernel, its report, and the kernel's text."""

    @dark.compile
    def run(x: Any) -> Any:
        y = x * 1.5 + 1
        return y * y

    report = run.inspect(X)
    assert len(report.kernels) == 1
    return run, report, report.kernels[0].text


def square(text: str) -> str:
    """The line that multiplies y by itself."""
    return next(line for line in text.splitlines() if "= fmul" in line and line.count("%") == 3)


def test_an_edit_that_is_right_is_run() -> None:
    """It is off by about the last bit, which shows in the results of later calls."""
    run, report, text = compiled()
    before = run(X).numpy()
    name, _, rest = square(text).partition(" = fmul ")
    kind, _, operands = rest.partition("> ")
    larger = f"{kind}> {name.strip()}.exact, splat (float 0x3FF0000020000000)"  # 1 + 2 ** -23
    report.kernels[0].override(
        text.replace(square(text), f"{name}.exact = fmul {kind}> {operands}\n{name} = fmul {larger}")
    )
    assert report.kernels[0].text != text
    assert ".exact" in run.inspect(X).kernels[0].text
    after = run(X).numpy()
    assert (after != before).mean() > 0.8
    np.testing.assert_allclose(after, WANTED, rtol=1e-6)
    report.kernels[0].restore()
    assert report.kernels[0].text == text
    assert run(X).numpy().tobytes() == before.tobytes()


def hanging(text: str) -> str:
    return text.replace("entry:\n", "entry:\n  br label %for.ever\nfor.ever:\n  br label %for.ever\nnever:\n", 1)


def crashing(text: str) -> str:
    return text.replace("entry:\n", "entry:\n  store i64 1, ptr null\n", 1)


def ending(text: str) -> str:
    """Ends its process as if all were well."""
    text = text.replace("entry:\n", "entry:\n  call void @_exit(i32 0)\n", 1)
    return text + "\ndeclare void @_exit(i32)\n"


def beside(text: str) -> str:
    """Writes into the margin before the buffer that its last argument is."""
    last = max(int(part.split(".")[0]) for part in text.split("%a")[1:] if part.split(".")[0].isdigit())
    lines = f"  %out.at = getelementptr ptr, ptr %args, i64 {last}\n  %out = load ptr, ptr %out.at\n"
    lines += "  %out.before = getelementptr i8, ptr %out, i64 -64\n  store i64 1, ptr %out.before\n"
    return text.replace("entry:\n", f"entry:\n{lines}", 1)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (
            lambda text: text.replace(square(text), square(text).replace("fmul", "fadd")),
            "is refused: its .* differs most",
        ),
        (hanging, "still running after 2 s"),
        (crashing, "was ended by SIG"),
        (ending, "ended the process that ran it"),
        (beside, "writes beside its buffers"),
        (lambda text: text.replace("= fmul", "= fmull"), "LLVM refuses the generated IR"),
        (lambda _: "no IR at all", "LLVM refuses the generated IR"),
    ],
    ids=["wrong", "hanging", "crashing", "ending", "beside", "misspelt", "nonsense"],
)
def test_others_are_refused_and_change_nothing(edit: Any, message: str) -> None:
    run, report, text = compiled()
    with pytest.raises(dark.OverrideError, match=message):
        report.kernels[0].override(edit(text), seconds=2.0 if edit is hanging else 30.0)
    assert report.kernels[0].text == text
    np.testing.assert_allclose(run(X).numpy(), WANTED, rtol=1e-6)


def test_one_of_several_kernels_that_work_together() -> None:
    """A packed product: the copy that its first kernel makes is not a result, and yet held to be right."""

    @dark.compile
    def run(x: Any, y: Any) -> Any:
        return dark.relu(x @ y.mT)

    x, y = (np.random.default_rng(i).standard_normal((2, 24, 40)).astype(np.float32) for i in range(2))
    report = run.inspect(x, y)
    pack = next(kernel for kernel in report.kernels if kernel.template == "pack")
    with pytest.raises(dark.OverrideError, match="differs most"):
        pack.override(pack.text.replace("define void @kernel(ptr %args", "define void @other(ptr %args") + NOTHING)
    pack.override(pack.text + "\n; a remark\n")
    np.testing.assert_allclose(run(x, y).numpy(), np.maximum(x @ y.transpose(0, 2, 1), 0), rtol=1e-4, atol=1e-4)


def test_an_edit_within_a_chain_may_divide_the_work_otherwise() -> None:
    """One that makes all rows as worker 0 and none as another: right on its own, wrong if it went block by block."""
    run = dark.compile(lambda x: dark.softmax(x, axis=1))
    x = np.random.default_rng(0).standard_normal((200, 300)).astype(np.float32)
    wanted = run(x).numpy()
    report = run.inspect(x)
    kernel = report.kernels[1]
    assert run.program_for(x).schedule.tasks[1].follows
    kernel.override(kernel.text.replace("define void @kernel(", "define internal void @whole(") + AS_ONE)
    assert run(x).numpy().tobytes() == wanted.tobytes()
    report.kernels[1].restore()
    assert run(x).numpy().tobytes() == wanted.tobytes()


AS_ONE = """
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
entry:
  %first = icmp eq i64 %worker, 0
  br i1 %first, label %all, label %done
all:
  call void @whole(ptr %args, i64 0, i64 1)
  br label %done
done:
  ret void
}
"""
NOTHING = "define void @kernel(ptr %args, i64 %worker, i64 %workers) {\nentry:\n  ret void\n}\n"


def test_a_report_without_inputs_cannot() -> None:
    run, _, text = compiled()
    with pytest.raises(dark.ArgumentError, match="no inputs"):
        Report(run.program_for(X)).kernels[0].override(text)


@pytest.mark.parametrize("text", [None, b"define", 3])
def test_what_is_no_text_is_refused(text: Any) -> None:
    _, report, _ = compiled()
    with pytest.raises(dark.ArgumentError, match=r"takes the kernel's text, a str, got .*; restore\(\) goes back"):
        report.kernels[0].override(text)


def test_state_stays_what_it_was() -> None:
    """Parameters, statistics, the optimiser's state and the random numbers, whether an edit is taken or refused."""
    dark.manual_seed(7)
    model = nn.Sequential(nn.Linear(4, 5), nn.Dropout(0.5), nn.Linear(5, 1))
    optimizer = optim.Adam(model.parameters(), lr=0.01)

    @dark.compile
    def step(x: Any) -> Any:
        loss = dark.mean(model(x) ** 2)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    def state() -> list[bytes]:
        moments = [value.numpy().tobytes() for value in optimizer_tensors(optimizer)]
        return [*(p.numpy().tobytes() for p in model.parameters()), *moments]

    x = np.ones((3, 4), np.float32)
    step(x)
    before = state()
    report = step.inspect(x)
    kernel = report.kernels[0]
    kernel.override(kernel.text + "\n; a remark\n")
    with pytest.raises(dark.OverrideError):
        kernel.override("no IR at all")
    assert state() == before
    kernel.restore()


def optimizer_tensors(optimizer: Any) -> list[Any]:
    """The Tensors of its state."""
    found, stack = [], [optimizer.state_dict()]
    while stack:
        each = stack.pop()
        if isinstance(each, dark.Tensor):
            found.append(each)
        elif isinstance(each, dict):
            stack.extend(each.values())
        elif isinstance(each, list | tuple):
            stack.extend(each)
    return found


@pytest.mark.parametrize("dtype", ["float16", "bfloat16"])
def test_kernels_of_16_bits_are_edited_like_others(dtype: str) -> None:
    if dtype == "bfloat16":
        pytest.importorskip("ml_dtypes", reason="bfloat16 is ml_dtypes'")
    run = dark.compile(lambda x: dark.astype(x, dtype) * 2)
    report = run.inspect(X)
    report.kernels[0].override(report.kernels[0].text + "; the same\n")
    assert run.inspect(X).kernels[0].text.endswith("; the same\n")
    np.testing.assert_allclose(run(X).numpy().astype(np.float32), X * 2, rtol=0.01)
