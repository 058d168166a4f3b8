"""What was made once, on disk, for the next process: programs, machine code, kernel texts, compiled templates.

An entry is a file named by a hash of all that its contents follow from. It begins with a checksum, so that a damaged
one is made anew, and is written beside its place and then moved there, so that no process reads half of one. The folder
is private: one that others may write to is not used. When the files take more than `LIMIT` bytes, those that were not
used for the longest time go, and so do files that lie there for other programs (`put_plain`). Whatever the disk
refuses is said once in the log, and everything works without it.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import stat
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from dark_jit import config

LIMIT = 512 << 20  # bytes
_MAGIC = b"dark_jit 1\n"
_DIGEST = hashlib.sha256().digest_size
_LOOKS = 64  # at the size of all, while as much is written as the limit is


class Usage(NamedTuple):
    """What lies in the cache: its folder, the number of entries, their bytes, the most there may be."""

    folder: str | None
    entries: int
    bytes: int
    limit: int


class DiskCache:
    """Entries in a folder. No method raises for what the disk does."""

    def __init__(self, folder: Path, limit: int = LIMIT) -> None:
        self.folder, self.limit = folder, limit
        self.hits = self.misses = 0
        self._usable: bool | None = None  # unknown

    def get(self, key: str) -> bytes | None:
        """The contents of an entry; None where there is none that is whole."""
        found = self._read(self.folder / key) if self._is_usable() else None
        self.hits, self.misses = self.hits + (found is not None), self.misses + (found is None)
        return found

    def put(self, key: str, contents: bytes) -> None:
        """Write an entry, in place of one that may be there."""
        if not self._is_usable():
            return
        packed = zlib.compress(contents, 1)
        self._write(key, _MAGIC + hashlib.sha256(packed).digest() + packed)

    def has(self, key: str) -> bool:
        """Whether there is an entry; it may turn out to be damaged."""
        return self._is_usable() and (self.folder / key).exists()

    def put_plain(self, name: str, contents: bytes) -> Path | None:
        """Write a file for other programs to read, in place of one that may be there; None where that cannot be."""
        return self._write(name, contents) if self._is_usable() else None

    def usage(self) -> Usage:
        """What there is."""
        sizes = [size for _, size, _ in self._files()]
        return Usage(str(self.folder), len(sizes), sum(sizes), self.limit)

    def clear(self) -> int:
        """Remove all entries; returns how many there were."""
        files = list(self._files())
        for _, _, path in files:
            _remove(path)
        return len(files)

    def _write(self, name: str, data: bytes) -> Path | None:
        """The path of a file with this content; None where the disk refuses it."""
        try:
            with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".", delete=False) as file:
                file.write(data)
            os.replace(file.name, self.folder / name)
        except OSError as error:
            self._give_up(error)
            return None
        if self._is_time(name, len(data)):
            self._evict()
        return (self.folder / name).absolute()

    def _read(self, path: Path) -> bytes | None:
        try:
            with open(path, "rb") as file:
                if os.fstat(file.fileno()).st_uid != os.geteuid():
                    return None
                data = file.read()
            os.utime(path)
        except OSError:
            return None
        begin = len(_MAGIC) + _DIGEST
        if data[:begin] != _MAGIC + hashlib.sha256(data[begin:]).digest():
            return None
        return zlib.decompress(data[begin:])

    def _is_usable(self) -> bool:
        """Whether the folder is there and nobody else may write to it; it is made, if it is not there."""
        if self._usable is None:
            try:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                found = self.folder.stat()
            except OSError as error:
                self._give_up(error)
                return False
            self._usable = found.st_uid == os.geteuid() and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
            if not self._usable:
                config.log.warning("%s is not used as a cache, for others may write to it", self.folder)
        return self._usable

    def _give_up(self, error: OSError) -> None:
        config.log.info("nothing more is kept on disk: %s", error)
        self._usable = False

    def _is_time(self, name: str, size: int) -> bool:
        """Whether to look at the size of all, which takes a while: by chance, as it were, in proportion to the size. No
        process knows what others have written."""
        return zlib.crc32(name.encode()) * (self.limit // _LOOKS) < size << 32

    def _files(self) -> Iterator[tuple[float, int, str]]:
        """Of each entry when it was last used, its bytes, and its path."""
        with contextlib.suppress(OSError), os.scandir(self.folder) as entries:
            for entry in entries:
                with contextlib.suppress(OSError):
                    found = entry.stat(follow_symlinks=False)
                    if stat.S_ISREG(found.st_mode):
                        yield found.st_mtime, found.st_size, entry.path

    def _evict(self) -> None:
        """Remove what was not used for the longest time, down to nine tenths of the limit, if there is more than it."""
        files = sorted(self._files())
        total = sum(size for _, size, _ in files)
        if total <= self.limit:
            return
        for _, size, path in files:
            if total <= self.limit * 9 // 10:
                return
            _remove(path)
            total -= size


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)


class _Nothing(DiskCache):
    """Where nothing is kept."""

    def __init__(self) -> None:
        super().__init__(Path(os.devnull))
        self._usable = False

    def usage(self) -> Usage:
        return Usage(None, 0, 0, 0)


@functools.cache
def disk_cache() -> DiskCache:
    """The cache of this process; DARK_JIT_CACHE_DIR says where, or "off"."""
    folder = config.cache_folder()
    return _Nothing() if folder is None else DiskCache(folder)


def key_of(*parts: object) -> str:
    """The name of an entry that follows from these, whose representations say all about them."""
    return hashlib.sha256("\0".join(map(repr, parts)).encode()).hexdigest()


@functools.lru_cache(8)
def digest_of(folders: tuple[Path, ...]) -> str:
    """A hash of the code and the templates below some folders: their names and contents."""
    total = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.*")):
            if path.suffix in (".py", ".j2"):
                total.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()
