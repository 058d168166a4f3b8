"""What is packed: the wheel that this checkout would give, and whatever package these tests are run against.

Building and installing the wheel itself is .ci/run's part.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

import dark_jit
from dark_jit.backends.sources import template_folder

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path(dark_jit.__file__).parent


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def packed() -> set[str]:
    """The paths inside the wheel that the checkout would give."""
    if not (ROOT / "dark_jit").is_dir():
        pytest.skip("these tests run outside a checkout, against an installed wheel")
    wheel = pytest.importorskip("hatchling.builders.wheel", reason="hatchling lists what is packed (extra dev)")
    builder = wheel.WheelBuilder(str(ROOT))
    found = {file.distribution_path for file in builder.recurse_selected_project_files()}
    return found | {file.distribution_path for file in builder.recurse_forced_files(builder.config.get_force_include())}


def test_every_template_is_packed_beside_the_code(packed: set[str]) -> None:
    templates = [path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").rglob("*.j2")]
    assert templates
    assert {f"dark_jit/{template}" for template in templates} <= packed


def test_every_module_is_packed_and_nothing_from_outside_the_package(packed: set[str]) -> None:
    modules = {path.relative_to(ROOT).as_posix() for path in PACKAGE.rglob("*.py")}
    assert modules <= packed
    assert "dark_jit/py.typed" in packed
    assert {path.split("/")[0] for path in packed} == {"dark_jit"}


def test_the_package_in_use_has_its_templates_and_its_type_marker() -> None:
    assert list(template_folder().rglob("*.ll.j2"))
    assert (PACKAGE / "py.typed").is_file()


def test_runtime_dependencies_are_few(project: dict[str, Any]) -> None:
    names = {requirement.split(">=")[0] for requirement in project["project"]["dependencies"]}
    assert names == {"numpy", "llvmlite", "jinja2", "platformdirs"}


def test_extras(project: dict[str, Any]) -> None:
    assert set(project["project"]["optional-dependencies"]) == {
        "half",
        "examples",
        "test",
        "dev",
        "peers",
        "more-peers",
        "plot",
        "docs",
        "cuda12",
        "cuda13",
        "nvrtc",
    }


def test_the_licence_that_is_named_is_the_one_that_is_there(project: dict[str, Any]) -> None:
    if not (ROOT / "dark_jit").is_dir():
        pytest.skip("these tests run outside a checkout, against an installed wheel")
    assert project["project"]["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")


def test_the_cuda_emulators_sources_are_packed(packed: set[str]) -> None:
    folder = ROOT / "dark_jit" / "backends" / "cuda" / "emulation"
    sources = {path.relative_to(ROOT).as_posix() for path in folder.iterdir() if path.suffix in (".h", ".cpp")}
    assert sources
    assert sources <= packed
