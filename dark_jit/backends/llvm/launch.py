"""How a small program is run: one worker, all outputs new. Written out for the program, as each microsecond counts:

def run(inputs):
    i0, i1, = inputs
    o0 = new(OwnBuffer)
    o0._home = shelf0
    o0._block = block = shelf0.pop() if shelf0 else fresh(64)
    o0.shape, o0.dtype, o0.address = shape0, dtype0, block.address
    frame = frames.pop() if frames else frame_of()
    frame.pointers[:] = [i0.address, i1.address, o0.address]
    if walk(frame.address):
        return otherwise(inputs)
    frames.append(frame)
    return [o0]
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from dark_jit import unrolled
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.llvm import runtime
from dark_jit.backends.llvm.pool import walker
from dark_jit.config import exactly

Run = Callable[[Sequence[Buffer]], list[Buffer]]
New = tuple[tuple[int, ...], Any, int]  # the shape, dtype and size class of an output


def launcher(executable: runtime.Executable, inputs: int, outputs: Sequence[New], otherwise: Run, brief: bool) -> Run:
    """A function from the inputs' buffers to new ones. Where the program records an error, it is run again by
    `otherwise`, which raises it.

    brief: the program takes microseconds, for which the GIL is kept: to have it back from a thread that is busy in
    Python can take the interpreter's switch interval, 5 ms.
    """
    lines = _lines(inputs, outputs, executable.shares_work)
    text = "\n".join(["def run(inputs):", *(f"    {line}" for line in lines)])
    namespace: dict[str, Any] = {"new": object.__new__, "OwnBuffer": runtime.OwnBuffer, "fresh": runtime.fresh_block}
    namespace |= {"frames": executable.frames, "frame_of": executable.new_frame}
    namespace |= {"walk": walker().run_briefly if brief else walker().run, "otherwise": otherwise, "exactly": exactly}
    for i, (shape, dtype, size) in enumerate(outputs):
        namespace |= {f"shape{i}": shape, f"dtype{i}": dtype, f"shelf{i}": runtime.shelf(size)}
    return unrolled.function("run", text, namespace)


def _lines(inputs: int, outputs: Sequence[New], shares_work: bool) -> Iterator[str]:
    if shares_work:  # but how many workers there are is given
        yield "if exactly.threads:"
        yield "    return otherwise(inputs)"
    if inputs:
        yield f"{''.join(f'i{i}, ' for i in range(inputs))}= inputs"
    for i, (_, _, size) in enumerate(outputs):
        yield f"o{i} = new(OwnBuffer)"
        yield f"o{i}._home = shelf{i}"
        yield f"o{i}._block = block = shelf{i}.pop() if shelf{i} else fresh({size})"
        yield f"o{i}.shape, o{i}.dtype, o{i}.address = shape{i}, dtype{i}, block.address"
    names = [f"i{i}" for i in range(inputs)] + [f"o{i}" for i in range(len(outputs))]
    yield "frame = frames.pop() if frames else frame_of()"
    if shares_work:
        yield "frame.call.workers = 1"
    yield f"frame.pointers[:] = [{', '.join(f'{name}.address' for name in names)}]"
    yield "if walk(frame.address):"
    yield "    return otherwise(inputs)"
    yield "frames.append(frame)"
    yield f"return [{', '.join(f'o{i}' for i in range(len(outputs)))}]"
