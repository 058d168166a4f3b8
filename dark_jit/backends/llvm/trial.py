"""A nest's kernels, run in a process of their own: a crash or an endless loop of an edited one there hurts nobody.

`tried` starts `python -m dark_jit.backends.llvm.trial FOLDER`. In the folder are the texts (kernels.json) and the
buffers (before.npz); the process leaves the buffers as they are afterwards (after.npz). Around each buffer lies memory
that no kernel may write to. Such a folder, with what the reference computes in it (wanted.npz; where it lies in the
buffers: places.json), is also what a kernel that was found wrong is kept as: `compare` runs it and says what differs.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from dark_jit.backends.llvm.compile import compile_module
from dark_jit.backends.llvm.isolate import Isolated, inside, run_calls
from dark_jit.backends.llvm.runtime import Memory, allocate
from dark_jit.dtypes import as_dtype, is_numpys
from dark_jit.errors import DarkError, OverrideError
from dark_jit.graph.node import Node

Array = np.ndarray[Any, Any]
MARGIN = 4096  # bytes on each side of a buffer
_UNTOUCHED = 0xA5


def tried(isolated: Isolated, texts: Sequence[str], isa: str, seconds: float) -> dict[Node, Array]:
    """What the kernels write with these texts in place of their own. Raises OverrideError where they end otherwise."""
    with tempfile.TemporaryDirectory(prefix="dark_jit-") as name:
        folder = Path(name)
        _write(folder, isolated, texts, isa)
        _run(folder, seconds)
        return isolated.results(_after(folder))


def kept(folder: Path, isolated: Isolated, isa: str, wanted: Mapping[Node, Array]) -> None:
    """Write the kernels, before they have run, and what they should compute."""
    _write(folder, isolated, [kernel.rendered.text for kernel in isolated.kernels], isa)
    homes = list(isolated.buffers)
    places = [
        [homes.index(home), isolated.stored[node].offset, isolated.stored[node].strides]
        for node, home in isolated.written.items()
    ]
    (folder / "places.json").write_text(json.dumps(places))
    _save(folder / "wanted.npz", [wanted[node] for node in isolated.written])


def compare(folder: Path, seconds: float = 60.0) -> None:
    """Run the kernels in a folder that `kept` has written, and print how far what they write is from the reference."""
    _run(folder, seconds)
    found, places = _after(folder), json.loads((folder / "places.json").read_text())
    wanted = _load(folder / "wanted.npz", [found[buffer].dtype.name for buffer, *_ in places])
    for other, (buffer, offset, strides) in zip(wanted, places, strict=True):
        mine = inside(found[buffer], offset, other.shape, strides)
        error = np.abs(mine.astype(float) - other.astype(float))
        worst = np.unravel_index(int(error.argmax()), error.shape) if error.size else ()
        print(
            f"buffer {buffer}: largest error {error.max(initial=0.0):.3g}, largest magnitude "
            f"{np.abs(other.astype(float)).max(initial=0.0):.3g}; at {[int(i) for i in worst]} of {list(error.shape)}"
        )


def _write(folder: Path, isolated: Isolated, texts: Sequence[str], isa: str) -> None:
    workers = [kernel.task.most_workers for kernel in isolated.kernels]
    kernels = {"isa": isa, "texts": list(texts), "slots": isolated.slots, "workers": workers}
    kernels["dtypes"] = [array.dtype.name for array in isolated.buffers.values()]
    (folder / "kernels.json").write_text(json.dumps(kernels))
    _save(folder / "before.npz", list(isolated.buffers.values()))


def _save(path: Path, arrays: Sequence[Array]) -> None:
    """Numbered arrays in a file; those of dtypes that NumPy lacks, of 16 bits, as integers."""
    named = {str(n): x if is_numpys(x.dtype) else x.view(np.uint16) for n, x in enumerate(arrays)}
    np.savez(path, **named)  # type: ignore[arg-type]  # none of them is called allow_pickle


def _load(path: Path, names: Sequence[str]) -> list[Array]:
    """The arrays in a file, whose dtypes have these names."""
    with np.load(path) as arrays:
        return [arrays[str(number)].view(as_dtype(name)) for number, name in enumerate(names)]


def _after(folder: Path) -> list[Array]:
    """The buffers afterwards. Raises OverrideError where the process has ended before it wrote them."""
    names = json.loads((folder / "kernels.json").read_text())["dtypes"]
    try:
        return _load(folder / "after.npz", names)
    except FileNotFoundError:
        raise OverrideError("the edited kernel ended the process that ran it") from None


def _run(folder: Path, seconds: float) -> None:
    command = [sys.executable, "-m", __spec__.name, str(folder)]
    environment = os.environ | {"DARK_JIT_CACHE_DIR": "off", "DARK_JIT_DEBUG": "0"}
    try:
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise OverrideError(f"the edited kernel was still running after {seconds:g} s") from None
    if ended.returncode < 0:
        name = signal.Signals(-ended.returncode).name
        raise OverrideError(f"the process that ran the edited kernel was ended by {name}\n{ended.stderr[-2000:]}")
    if ended.returncode:
        raise OverrideError(ended.stderr.strip()[-4000:])


def main(folder: Path) -> int:
    """Run what is in the folder; says on standard error what is wrong, and returns 1 then."""
    kernels = json.loads((folder / "kernels.json").read_text())
    with np.load(folder / "before.npz") as before:
        guarded = [_Guarded(before[name]) for name in before.files]
    try:
        addresses = [compile_module(text, kernels["isa"]).address("kernel") for text in kernels["texts"]]
    except DarkError as error:
        print(error, file=sys.stderr)
        return 1
    run_calls(addresses, kernels["slots"], kernels["workers"], [each.array for each in guarded])
    if not all(each.is_whole() for each in guarded):
        print("the edited kernel writes beside its buffers", file=sys.stderr)
        return 1
    _save(folder / "after.npz", [each.array for each in guarded])
    return 0


class _Guarded:
    """A copy of an array between margins."""

    def __init__(self, array: Array) -> None:
        self._memory: Memory = allocate(array.nbytes + 2 * MARGIN)
        self._bytes = np.asarray(self._memory)
        self._bytes[:] = _UNTOUCHED
        inside = self._bytes[MARGIN : MARGIN + array.nbytes]
        self._end = MARGIN + array.nbytes
        self.array = inside.view(array.dtype)
        self.array[...] = array

    def is_whole(self) -> bool:
        margins = self._bytes[:MARGIN], self._bytes[self._end :]
        return all(bool((margin == _UNTOUCHED).all()) for margin in margins)


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1])))
