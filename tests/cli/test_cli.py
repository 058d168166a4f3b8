"""The command `dark-jit`, in this process and as it is installed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import dark_jit as dark
from dark_jit.backends.cuda import emulator
from dark_jit.backends.disk import disk_cache
from dark_jit.cli import main

SCRIPT = '''"""A script that trains nothing."""
import sys
import numpy as np
import dark_jit as dark

class Net:
    @dark.compile
    def forward(self, x):
        return dark.tanh(x * 2).sum()

def main():
    x = np.ones(int(sys.argv[1]) if len(sys.argv) > 1 else 8, np.float32)
    try:
        print("called:", Net().forward(x).item())
    except Exception:
        pass

main()
'''


@pytest.fixture
def script(tmp_path: Path) -> str:
    path = tmp_path / "script.py"
    path.write_text(SCRIPT)
    return str(path)


def output(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert main(list(arguments)) == code
    found = capsys.readouterr()
    return found.out if code == 0 else found.err


def test_doctor(capsys: pytest.CaptureFixture[str]) -> None:
    text = output(capsys, "doctor")
    assert "instruction sets" in text
    assert text.endswith("programs run\n")
    found = json.loads(output(capsys, "doctor", "--json"))
    assert (found["dark_jit"], found["problems"]) == (dark.__version__, [])


def test_cache(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DARK_JIT_CACHE_DIR", str(tmp_path))
    disk_cache.cache_clear()
    try:
        disk_cache().put("a", b"1")
        assert "entries  1" in output(capsys, "cache")
        usage = json.loads(output(capsys, "cache", "--json"))
        assert (usage["folder"], usage["entries"]) == (str(tmp_path), 1)
        assert output(capsys, "cache", "clear") == "1 entries removed\n"
        assert json.loads(output(capsys, "cache", "show", "--json"))["entries"] == 0
        monkeypatch.setenv("DARK_JIT_CACHE_DIR", "off")
        disk_cache.cache_clear()
        assert "nothing is kept" in output(capsys, "cache")
    finally:
        disk_cache.cache_clear()


def test_inspect_stops_at_the_call(capsys: pytest.CaptureFixture[str], script: str, tmp_path: Path) -> None:
    for name in ("forward", "Net.forward"):
        text = output(capsys, "inspect", f"{script}:{name}")
        assert "script.py:9" in text
        assert "called" not in text
    assert "define void @kernel" in output(capsys, "inspect", f"{script}:forward", "--kernel", "0", "--stage", "text")
    rows = json.loads(output(capsys, "inspect", f"{script}:forward", "--json", "--", "1000000"))
    assert sum(row["flops"] for row in rows) > 1_000_000
    page = tmp_path / "page.html"
    assert output(capsys, "inspect", f"{script}:forward", "--html", str(page)).strip() == str(page)
    assert "script.py" in page.read_text()


@pytest.mark.skipif(not emulator.available(), reason="the emulator needs g++")
def test_inspect_of_a_program_for_a_card(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "card.py"
    lines = ["import dark_jit as dark", "import numpy as np", "@dark.compile(device='cuda-emulator')"]
    file.write_text("\n".join([*lines, "def double(x):", "    return x * 2", "double(np.ones(8, np.float32))"]))
    assert "sm_90" in output(capsys, "inspect", f"{file}:double")
    assert "__global__" in output(capsys, "inspect", f"{file}:double", "--kernel", "0", "--stage", "source")
    assert "has no asm" in output(capsys, "inspect", f"{file}:double", "--kernel", "0", "--stage", "asm", code=1)
    assert "the emulator has none" in output(capsys, "inspect", f"{file}:double", "--timings", code=1)
    page = str(tmp_path / "page.html")
    assert "have no page" in output(capsys, "inspect", f"{file}:double", "--html", page, code=1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["inspect", "script.py"], "FILE.py:FUNCTION is wanted"),
        (["inspect", "nothing.py:f"], "there is no file nothing.py"),
        (["inspect", "{script}:backward"], "called no compiled function 'backward'"),
        (["inspect", "{script}:forward", "--kernel", "7"], "there is no kernel 7"),
        (["inspect", "{script}:forward", "--kernel", "0", "--stage", "sass"], "the kernel has no sass"),
    ],
)
def test_mistakes(capsys: pytest.CaptureFixture[str], script: str, arguments: list[str], message: str) -> None:
    text = output(capsys, *(argument.format(script=script) for argument in arguments), code=1)
    assert text.startswith("dark-jit: ")
    assert message in text


def test_wrong_command_lines() -> None:
    for arguments in ([], ["nothing"], ["cache", "drop"]):
        with pytest.raises(SystemExit) as found:
            main(arguments)
        assert found.value.code == 2


def test_as_a_program() -> None:
    command = [sys.executable, "-c", "import sys; from dark_jit.cli import main; sys.exit(main())", "--version"]
    assert (
        subprocess.run(command, capture_output=True, text=True, check=True).stdout == f"dark_jit {dark.__version__}\n"
    )


STEP = """
import numpy as np
import dark_jit as dark

p = dark.Parameter(np.ones(64, np.float32))

@dark.compile
def step(x):
    loss = ((p * x) ** 2).sum()
    loss.backward()
    p.data = p.data - 0.01 * p.grad
    p.zero_grad()
    return loss

for _ in range(3):
    step(np.ones(64, np.float32))
"""


def test_bench(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "step.py"
    path.write_text(STEP)
    text = output(capsys, "bench", f"{path}:step", "--seconds", "0.01")
    assert text.startswith("first call ") and "15 rounds" in text
    assert "of roofline" in text
    found = json.loads(output(capsys, "bench", f"{path}:step", "--seconds", "0.01", "--json"))
    assert 0 < found["call"]["low"] <= found["call"]["median"] <= found["call"]["high"] < found["first_call"]
    assert found["kernels"] and all(kernel["seconds"] > 0 for kernel in found["kernels"])


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf"])
def test_bench_wants_time(seconds: str, capsys: pytest.CaptureFixture[str], script: str) -> None:
    text = output(capsys, "bench", f"{script}:forward", "--seconds", seconds, code=1)
    assert "--seconds wants a number above 0" in text


def test_bench_finds_nothing(capsys: pytest.CaptureFixture[str], script: str) -> None:
    assert "called no compiled function 'other'" in output(capsys, "bench", f"{script}:other", code=1)
