"""The cache on disk: what is damaged, foreign or too old is made anew; what the disk refuses stops nothing."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import CodeType

import pytest
from jinja2.ext import ExprStmtExtension, Extension

from dark_jit import config
from dark_jit.backends.disk import DiskCache, digest_of, disk_cache, key_of
from dark_jit.backends.templates import template_environment

CONTENTS = bytes(range(256)) * 20


@pytest.fixture
def cache(tmp_path: Path) -> DiskCache:
    return DiskCache(tmp_path / "cache")


def test_what_is_put_is_found_by_the_next(cache: DiskCache) -> None:
    assert cache.get("a") is None
    cache.put("a", CONTENTS)
    cache.put("a", CONTENTS + b"!")
    other = DiskCache(cache.folder)
    assert other.get("a") == CONTENTS + b"!"
    assert (cache.misses, other.hits) == (1, 1)
    assert cache.folder.stat().st_mode & 0o777 == 0o700
    assert other.usage().entries == 1
    assert other.clear() == 1
    assert cache.get("a") is None


def test_every_damage_is_noticed(cache: DiskCache) -> None:
    cache.put("a", CONTENTS)
    path = cache.folder / "a"
    whole = path.read_bytes()
    damaged = [whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :] for place in range(0, len(whole), 7)]
    for data in (*damaged, *(whole[:length] for length in (0, 5, 20, len(whole) - 1)), whole + b"x"):
        path.write_bytes(data)
        assert cache.get("a") is None
    path.write_bytes(whole)
    assert cache.get("a") == CONTENTS


def test_a_folder_that_others_may_write_to_is_not_used(cache: DiskCache, caplog: pytest.LogCaptureFixture) -> None:
    cache.folder.mkdir(mode=0o777)
    cache.folder.chmod(0o777)
    with caplog.at_level(logging.WARNING, "dark_jit"):
        cache.put("a", CONTENTS)
        assert cache.get("a") is None
    assert [record.message.count("others may write to it") for record in caplog.records] == [1]
    assert not list(cache.folder.iterdir())


def test_an_entry_of_somebody_else_is_not_read(cache: DiskCache, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.put("a", CONTENTS)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert cache.get("a") is None


def test_what_the_disk_refuses_is_said_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "file"
    file.write_text("not a folder")
    with caplog.at_level(logging.INFO, "dark_jit"):
        for cache in (DiskCache(file), DiskCache(file / "below")):
            cache.put("a", CONTENTS)
            cache.put("b", CONTENTS)
            assert cache.get("a") is None
    assert len(caplog.records) == 2


def test_the_least_recently_used_go(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path)
    contents = [os.urandom(900) for _ in range(20)]
    for number, each in enumerate(contents):
        cache.put(str(number), each)
        os.utime(tmp_path / str(number), (number, number))
    assert cache.get("0") == contents[0]  # it is used now
    DiskCache(tmp_path, limit=10_000).put("new", os.urandom(200))  # more than a 64th of the limit
    assert cache.usage().bytes <= 10_000
    assert cache.get("0") == contents[0]
    assert cache.get("19") == contents[19]
    assert cache.get("1") is None


def test_how_often_the_size_is_looked_at(tmp_path: Path) -> None:
    """Some 64 times while as much is written as the limit is, whoever writes it."""
    cache, looks = DiskCache(tmp_path, limit=1 << 30), 0
    for number in range(10_000):
        looks += cache._is_time(str(number), (1 << 30) // 10_000)
    assert 32 < looks < 128


def test_threads_and_processes_at_once(cache: DiskCache) -> None:
    """No reader meets half an entry."""
    script = f"""
import pathlib
from dark_jit.backends.disk import DiskCache
cache = DiskCache(pathlib.Path({str(cache.folder)!r}))
for n in range(200):
    cache.put("a", bytes([n]) * 5000)
    found = cache.get("a")
    assert found is not None and len(set(found)) == 1 and len(found) == 5000
"""
    processes = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(2)]
    threads = [threading.Thread(target=cache.put, args=("a", bytes([n]) * 5000)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [process.wait() for process in processes] == [0, 0]
    assert not list(cache.folder.glob(".*"))


def test_plain_files_are_for_other_programs(cache: DiskCache, tmp_path: Path) -> None:
    path = cache.put_plain("a.ll", CONTENTS)
    assert path is not None and path.is_absolute()
    assert path.read_bytes() == CONTENTS
    assert path.stat().st_mode & 0o777 == 0o600
    assert (cache.usage().entries, cache.usage().bytes) == (1, len(CONTENTS))
    assert cache.clear() == 1
    (tmp_path / "file").touch()
    assert DiskCache(tmp_path / "file").put_plain("a.ll", CONTENTS) is None


def test_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DARK_JIT_CACHE_DIR", "off")
    assert config.cache_folder() is None
    disk_cache.cache_clear()
    try:
        nothing = disk_cache()
        nothing.put("a", CONTENTS)
        assert nothing.get("a") is None
        assert nothing.usage().folder is None
    finally:
        disk_cache.cache_clear()


def test_the_default_is_the_users(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DARK_JIT_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = config.cache_folder()
    assert found is not None
    assert found.name == "dark_jit"


def test_keys_and_digests(tmp_path: Path) -> None:
    assert key_of("a", 1) != key_of("a1") != key_of("a", "1")
    (tmp_path / "a.py").write_text("1")
    first = digest_of((tmp_path,))
    digest_of.cache_clear()
    (tmp_path / "a.py").write_text("2")
    assert digest_of((tmp_path,)) != first


COUNTED = """
import numpy as np
import dark_jit as dark
from dark_jit.backends.disk import disk_cache
dark.asarray(np.linspace(0, 1, 37)).tanh().numpy()
print(disk_cache().misses, disk_cache().hits)
"""


def test_a_second_process_compiles_and_renders_nothing(tmp_path: Path) -> None:
    """And one that finds everything damaged makes it anew."""

    def run() -> tuple[int, ...]:
        environment = os.environ | {"DARK_JIT_CACHE_DIR": str(tmp_path / "kernels")}
        output = subprocess.run(
            [sys.executable, "-c", COUNTED], env=environment, capture_output=True, check=True
        ).stdout
        return tuple(map(int, output.split()))

    first = run()
    assert first[0] == sum(first)  # nothing was there
    misses, hits = run()
    assert misses == 0 < hits < first[0]  # no template is asked for
    for path in (tmp_path / "kernels").iterdir():
        path.write_bytes(path.read_bytes()[:-1])
    assert run() == (first[0], 0)
    assert run() == (0, hits)


def test_a_template_is_compiled_once(cache: DiskCache, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dark_jit.backends.templates.disk_cache", lambda: cache)
    names = "llvm/gemm.ll.j2", "llvm/lib/tile.ll.j2"
    compiled: list[object] = []

    def load(*extensions: type[Extension]) -> list[object]:
        """The templates that an environment which begins anew compiles."""
        environment, count = template_environment.__wrapped__(extensions), len(compiled)
        compile_source = environment.compile

        def recorded(source: str, name: str, filename: str) -> CodeType:
            compiled.append(name)
            code: CodeType = compile_source(source, name, filename)
            return code

        environment.compile = recorded
        environment.filters["sigil"] = environment.filters["product"] = str
        for name in names:
            environment.get_template(name)
        return compiled[count:]

    assert load() == [*names]
    assert load() == []
    assert load(ExprStmtExtension) == [*names]
    path = next(cache.folder.iterdir())
    path.write_bytes(path.read_bytes()[:-1])
    assert len(load()) + len(load(ExprStmtExtension)) == 1
