"""The pytest plugin of dark_jit; the package registers it, so that installing dark_jit is all that it needs.

dark_backend   a fixture: the test runs once on each backend, lazy and compiled code alike
golden         a fixture: `golden(text, "name.ll")` holds a text to the file golden/name.ll beside the test

--dark-backends=reference,cpu   the backends, also of assert_equivalent (default: these; there is cuda-emulator too)
--dark-isa=avx512,avx2          instruction sets to run the CPU backend with (default: the one that is set)
--update-golden                 write the golden files anew
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Golden = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options above."""
    group = parser.getgroup("dark_jit")
    group.addoption("--dark-backends", default="", help="backends for the fixture dark_backend, separated by commas")
    group.addoption("--dark-isa", default="", help="instruction sets for the CPU backend, separated by commas")
    group.addoption("--update-golden", action="store_true", help="write the files of the fixture golden anew")


def pytest_configure(config: pytest.Config) -> None:
    """What assert_equivalent compares by default are the chosen backends too."""
    backends = _listed(config, "--dark-backends")
    if backends:
        from dark_jit.testing import equivalence  # noqa: PLC0415

        equivalence.BACKENDS = tuple(backends)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for `dark_backend`, itself or through a fixture, on each backend."""
    if "dark_backend" not in metafunc.fixturenames:
        return
    from dark_jit.testing.equivalence import BACKENDS  # noqa: PLC0415  (only now is dark_jit needed)

    backends = _listed(metafunc.config, "--dark-backends") or list(BACKENDS)
    isas: list[str | None] = [*_listed(metafunc.config, "--dark-isa")] or [None]
    chosen = [(backend, isa) for backend in backends for isa in (isas if backend == "cpu" else [None])]
    names = [backend if isa is None else f"{backend}-{isa}" for backend, isa in chosen]
    metafunc.parametrize("dark_backend", chosen, ids=names, indirect=True)


def _listed(config: pytest.Config, option: str) -> list[str]:
    return [part.strip() for part in str(config.getoption(option)).split(",") if part.strip()]


@pytest.fixture
def dark_backend(request: pytest.FixtureRequest) -> Iterator[str]:
    """The name of a backend; lazy and compiled code runs on it during the test."""
    from dark_jit import config  # noqa: PLC0415
    from dark_jit.testing.equivalence import default_backend  # noqa: PLC0415

    backend, isa = request.param
    with default_backend(backend), config.overridden(isa=isa):
        yield backend


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """A function that holds a text to a golden file: `golden(text, "name.ll")`."""
    folder = Path(request.path).parent / "golden"
    update = request.config.getoption("--update-golden")

    def compare(text: str, name: str) -> None:
        path = folder / name
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        elif not path.exists():
            pytest.fail(f"there is no golden file {path}; --update-golden writes it")
        assert text == path.read_text(encoding="utf-8"), f"{path} differs; --update-golden writes it anew"

    return compare
