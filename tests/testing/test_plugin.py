"""The pytest plugin: backends, instruction sets, golden files; each run in a pytest of its own."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

BACKENDS = """
import dark_jit as dark
from dark_jit import config, execution

def test_it(dark_backend):
    assert execution.DEFAULT_BACKEND == dark_backend
    print("ran on", dark_backend, config.isa())
    assert (dark.ones(2) + 1).numpy().tolist() == [2, 2]

def test_other():
    pass
"""


def run(pytester: pytest.Pytester, *options: str) -> pytest.RunResult:
    return pytester.runpytest_subprocess("-s", "-p", "no:cacheprovider", *options)


def test_backends(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(BACKENDS)
    result = run(pytester)
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*ran on reference None*", "*ran on cpu None*"])
    run(pytester, "--dark-backends=reference").assert_outcomes(passed=2)


def test_instruction_sets(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(BACKENDS)
    result = run(pytester, "--dark-backends=cpu", "--dark-isa=sse2", "-v")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*test_it?cpu-sse2? ran on cpu sse2*"])


def test_golden_files(pytester: pytest.Pytester) -> None:
    path = pytester.makepyfile('def test_it(golden):\n    golden("one\\n", "it.txt")\n')
    result = run(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*there is no golden file*--update-golden writes it*"])
    run(pytester, "--update-golden").assert_outcomes(passed=1)
    assert (path.parent / "golden" / "it.txt").read_text() == "one\n"
    run(pytester).assert_outcomes(passed=1)
    path.write_text(path.read_text().replace("one", "two"))
    result = run(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*it.txt differs*"])
