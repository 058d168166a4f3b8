"""The example, run as a user runs it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

SCRIPT = Path(__file__).resolve().parents[2] / "examples" / "train_digits.py"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The script's run, its output captured in lines wide enough that tables do not break."""
    command = [sys.executable, str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, env=wide_environment())


def wide_environment() -> dict[str, str]:
    """The environment with a wide terminal."""
    return os.environ | {"COLUMNS": "200"}


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What a run of two epochs prints, and the picture that it writes."""
    picture = tmp_path_factory.mktemp("example") / "digits.png"
    done = run("--quick", "--picture", str(picture))
    assert done.returncode == 0, done.stderr
    return done.stdout, picture


def kernel_names(output: str) -> list[str]:
    """The first column of the table of kernels."""
    table = output[output.index("The training step:") :]
    return re.findall(r"^│ (.+?) +│", table, re.MULTILINE)


def test_two_epochs_already_recognise_most_digits(quick: tuple[str, Path]) -> None:
    epochs = re.findall(r"^│ (\d+) +│ ([\d.]+) +│ ([\d.]+) %", quick[0], re.MULTILINE)
    assert [int(epoch) for epoch, _, _ in epochs] == [1, 2]
    (_, first_loss, _), (_, second_loss, accuracy) = epochs
    assert float(second_loss) < float(first_loss)
    assert float(accuracy) > 75


def test_generated_kernels_are_listed(quick: tuple[str, Path]) -> None:
    count = re.search(r"The training step: (\d+) kernels", quick[0])
    assert count is not None
    assert len(kernel_names(quick[0])) == int(count[1]) > 0


def test_predictions_are_drawn(quick: tuple[str, Path]) -> None:
    with Image.open(quick[1]) as picture:
        assert picture.size == (720, 352)
        assert len(picture.getcolors(maxcolors=1 << 16) or []) > 10


def test_a_kernel_can_be_shown(quick: tuple[str, Path]) -> None:
    done = run("--show-kernel", kernel_names(quick[0])[0])
    assert done.returncode == 0, done.stderr
    assert "define void @" in done.stdout


def test_an_unknown_kernel_lists_those_that_there_are(quick: tuple[str, Path]) -> None:
    done = run("--show-kernel", "no such kernel")
    assert done.returncode == 2
    assert "The name of no kernel begins with no such kernel" in done.stdout
    assert kernel_names(done.stdout) == kernel_names(quick[0])


@pytest.mark.slow
def test_the_whole_training_reaches_98_percent(tmp_path: Path) -> None:
    done = run("--picture", str(tmp_path / "digits.png"))
    assert done.returncode == 0, done.stdout + done.stderr
