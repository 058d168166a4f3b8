"""The command line: `dark-jit doctor | cache | inspect | bench`. Each is a module with `add` and a function to run.

Exit codes: 0 if all is well, 1 if something is not, 2 for a wrong command line.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

import dark_jit
from dark_jit.cli import bench, cache, doctor, inspect
from dark_jit.errors import DarkError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command line; returns the exit code. What stands behind `--` is for a script that is run."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    end = given.index("--") if "--" in given else len(given)
    parsed = _parser().parse_args(given[:end], argparse.Namespace(script_arguments=given[end + 1 :]))
    try:
        code: int = parsed.run(parsed)
        return code
    except DarkError as error:
        print(f"dark-jit: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader, as `head`, has seen enough
        sys.stderr.close()
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="dark-jit", description="dark_jit, a tensor compiler that can be read.")
    parser.add_argument("--version", action="version", version=f"dark_jit {dark_jit.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (doctor, cache, inspect, bench):
        command.add(commands)
    return parser
