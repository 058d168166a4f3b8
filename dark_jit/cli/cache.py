"""`dark-jit cache`: what is kept on disk for the next process, and removing it."""

from __future__ import annotations

import argparse
import json
from typing import Any

from dark_jit.backends.disk import disk_cache
from dark_jit.cli import tables


def add(commands: Any) -> None:
    """Add the subcommand."""
    parser = commands.add_parser("cache", help="show or clear the cache of compiled kernels")
    parser.add_argument("action", nargs="?", choices=("show", "clear"), default="show", help="(%(default)s)")
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Show or clear."""
    cache = disk_cache()
    if arguments.action == "clear":
        removed = cache.clear()
        print(json.dumps({"removed": removed}) if arguments.json else f"{removed} entries removed")
        return 0
    usage = cache.usage()
    if arguments.json:
        print(json.dumps(usage._asdict()))
    elif usage.folder is None:
        print("nothing is kept: DARK_JIT_CACHE_DIR is off")
    else:
        rows = {"folder": usage.folder, "entries": usage.entries, "size": tables.size(usage.bytes)}
        tables.show("Compiled kernels", rows | {"limit": tables.size(usage.limit)})
    return 0
