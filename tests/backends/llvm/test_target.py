"""What the machine is seen as: instruction sets, caches, threads, and where the templates are."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import jinja2
import llvmlite.binding as llvm
import pytest

from dark_jit import config
from dark_jit.backends.llvm import target
from dark_jit.backends.sources import template_folder
from dark_jit.backends.templates import template_environment
from dark_jit.errors import ArgumentError, DarkError
from dark_jit.lowering.target import Target


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in ("DARK_JIT_ISA", "DARK_JIT_THREADS", "DARK_JIT_LOG"):
        monkeypatch.delenv(name, raising=False)
    config.threads.cache_clear()
    yield
    config.threads.cache_clear()


def test_lanes() -> None:
    avx2 = Target("avx2", 32, 16, 32 << 10, 1 << 20, 32 << 20)
    assert [avx2.lanes(itemsize) for itemsize in (1, 4, 8, 64)] == [32, 8, 4, 1]


def test_the_default_is_the_best_there_is() -> None:
    assert target.machine().isa == target.available_isas()[0]


def test_isa_from_the_environment_and_from_the_argument(monkeypatch: pytest.MonkeyPatch) -> None:
    plainest = target.available_isas()[-1]
    monkeypatch.setenv("DARK_JIT_ISA", f" {plainest.upper()} ")
    assert target.machine().isa == plainest
    assert target.machine(target.available_isas()[0]).isa == target.available_isas()[0]


@pytest.mark.parametrize(("isa", "vector_bytes", "registers"), [("sse2", 16, 16), ("avx2", 32, 16), ("avx512", 64, 32)])
def test_vectors_of_each_isa(isa: str, vector_bytes: int, registers: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(target, "available_isas", lambda: ("avx512", "avx2", "sse2"))
    described = target.machine(isa)
    assert (described.vector_bytes, described.registers) == (vector_bytes, registers)
    assert 0 < described.l1_bytes < described.l2_bytes


def test_an_isa_beyond_the_machine_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(target, "available_isas", lambda: ("avx2", "sse2"))
    monkeypatch.setenv("DARK_JIT_ISA", "avx512")
    with pytest.raises(DarkError, match=r"this machine does not have .* 'avx512'; it can be one of: avx2, sse2"):
        target.machine()
    with pytest.raises(ArgumentError, match="does not have"):
        target.llvm_cpu_and_features("avx512")


def test_an_unknown_isa_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DARK_JIT_ISA", "altivec")
    with pytest.raises(ArgumentError, match="dark_jit does not know the instruction set 'altivec'"):
        target.machine()


def test_isas_follow_from_the_features_of_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    haswell = dict.fromkeys(("sse2", "avx2", "fma", "bmi", "bmi2", "f16c", "lzcnt", "movbe"), True) | {"avx512f": False}
    for features, expected in [
        (haswell, ("avx2", "sse2")),
        (haswell | {"fma": False}, ("sse2",)),
        (haswell | {"avx512f": True}, ("avx2", "sse2")),
        ({"neon": True}, ("neon",)),
    ]:
        monkeypatch.setattr(llvm, "get_host_cpu_features", lambda features=features: features)
        assert target.available_isas.__wrapped__() == expected


def test_code_is_generated_for_no_more_than_the_isa() -> None:
    for isa in target.available_isas():
        cpu, features = target.llvm_cpu_and_features(isa)
        if isa in ("avx2", "sse2"):
            assert (cpu, features) == ({"avx2": "x86-64-v3", "sse2": "x86-64"}[isa], "")
        else:
            host = llvm.get_host_cpu_features()
            wanted = [feature[1:] for feature in features.split(",") if feature.startswith("+")]
            assert cpu == llvm.get_host_cpu_name() and all(host[feature] for feature in wanted)


def write_files(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text + "\n")
    return root


def test_cache_sizes(tmp_path: Path) -> None:
    caches = [("1", "Data", "48K"), ("1", "Instruction", "64K"), ("2", "Unified", "2M"), ("4", "Unified", "1G")]
    for index, values in enumerate(caches):
        names = (f"index{index}/{name}" for name in ("level", "type", "size"))
        write_files(tmp_path, dict(zip(names, values, strict=True)))
    assert target.cache_sizes(tmp_path) == {1: 48 << 10, 2: 2 << 20, 3: 8 << 20}
    assert target.cache_sizes(tmp_path / "nowhere") == {1: 32 << 10, 2: 512 << 10, 3: 8 << 20}


def test_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    assert config.threads() == config.cores() <= len(os.sched_getaffinity(0))
    monkeypatch.setattr(config, "cores", lambda: 5)
    for text, number in [("3", 3), (" 5 ", 5), ("17", 5)]:
        monkeypatch.setenv("DARK_JIT_THREADS", text)
        config.threads.cache_clear()
        assert config.threads() == number
        with config.overridden(threads=7):
            assert (config.exactly.threads, config.threads()) == (7, number)
        assert config.exactly.threads is None


@pytest.mark.parametrize("text", ["0", "-1", "two", "1.5", "²"])
def test_bad_threads_raise(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DARK_JIT_THREADS", text)
    with pytest.raises(ArgumentError, match=r"DARK_JIT_THREADS is .* whole number from 1"):
        config.threads()


@pytest.mark.parametrize(
    ("membership", "files", "quota"),
    [
        ("0::/", {"cpu.max": "150000 100000"}, 1.5),
        ("0::/a/b", {"a/b/cpu.max": "max 100000", "a/cpu.max": "250000 100000"}, 2.5),
        ("0::/a", {"a/cpu.max": "400000 100000", "cpu.max": "50000 100000"}, 0.5),
        (
            "3:cpu,cpuacct:/box\n1:memory:/box",
            {"cpu/box/cpu.cfs_quota_us": "300000", "cpu/box/cpu.cfs_period_us": "100000"},
            3,
        ),
        ("3:cpu,cpuacct:/box", {"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, 2**20),
        ("0::/", {"cpu.max": "nonsense"}, 2**20),
        ("0::/gone", {}, 2**20),
    ],
)
def test_cgroup_quota(membership: str, files: dict[str, str], quota: float, tmp_path: Path) -> None:
    write_files(tmp_path, {**files, "membership": membership})
    assert config.cgroup_quota(tmp_path / "membership", tmp_path) == quota
    assert config.cgroup_quota(tmp_path / "nowhere", tmp_path) == 2**20


def test_log_level(monkeypatch: pytest.MonkeyPatch) -> None:
    level, handlers = config.log.level, list(config.log.handlers)
    try:
        monkeypatch.setenv("DARK_JIT_LOG", "debug")
        config._start_log()
        assert config.log.level == logging.DEBUG and len(config.log.handlers) == len(handlers) + 1
        monkeypatch.setenv("DARK_JIT_LOG", "loud")
        with pytest.raises(ArgumentError, match="DARK_JIT_LOG is 'LOUD'"):
            config._start_log()
    finally:
        config.log.setLevel(level)
        config.log.handlers[:] = handlers


def test_templates_are_found_and_strict() -> None:
    assert (template_folder() / "llvm" / "walker.ll.j2").is_file()
    environment = template_environment()
    assert (
        environment.from_string("%% for i in range(2)\n  {{ i }}\n## not rendered\n%% endfor\nend\n").render()
        == "  0\n\n  1\n\nend\n"
    )
    with pytest.raises(jinja2.UndefinedError):
        environment.from_string("{{ missing }}").render()
