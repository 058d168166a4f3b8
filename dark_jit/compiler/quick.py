"""The short way for the usual call: Tensors whose values are known, of the kinds that the program was traced for.

What `signature`, `Entry.fits` and `Entry.gather` do for any call is written out for one program. For `f(x, y)` of two
vectors, where `f` also reads a Tensor from outside:

    def match(args):
        if len(args) != 2 or mode.grad is not True:
            return None
        x0, x1, = args
        if not isinstance(x0, Tensor) or x0._trace is not None or x0._requires is not False or x0._grad is not None:
            return None
        ...
        if guards.epoch != Epoch.value and not hold():
            return None
        if Unfinished.changes is not None:
            return None
        buffers = [x0._buffer, x1._buffer, handle2._buffer]
        b = buffers[0]
        if b is None or b.shape != shape0 or b.dtype is not dtype0:
            return None
        ...
        return buffers

It takes no lock, and yet reads all Tensors as they were at one moment: the interpreter changes threads at calls only,
and there is none between the look at `Unfinished` and the last Tensor. Only a write-back gives several Tensors known
values in one step; other changes of several leave them pending, and a pending Tensor is no match.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from dark_jit import unrolled
from dark_jit.backends.buffer import Buffer
from dark_jit.compiler.guards import Guards
from dark_jit.compiler.writeback import Unfinished
from dark_jit.tensor.mode import Epoch, mode
from dark_jit.tensor.tensor import Tensor

Kind = tuple[tuple[int, ...], Any, bool, bool]  # shape, dtype, requires grad, has no gradient
Match = Callable[[tuple[Any, ...]], list[Buffer] | None]


def are_plain(args: tuple[Any, ...]) -> bool:
    """Whether all arguments are Tensors of known value."""
    return bool(args) and all(isinstance(x, Tensor) and x._buffer is not None for x in args)


def matcher(
    kinds: Sequence[Kind], grad: bool, sources: Sequence[Any], guards: Guards, fits: Callable[..., bool] | None
) -> Match:
    """A function from arguments to the inputs of a program, None where they are not such Tensors.

    `sources`: for each input the number of an argument, or the Tensor from outside. `fits`: whether all that the trace
    depended on is unchanged, where there is more to it than the guards.
    """
    text = "\n".join(["def match(args):", *(f"    {line}" for line in _lines(kinds, grad, sources, guards, fits))])
    namespace = {"mode": mode, "Epoch": Epoch, "Tensor": Tensor, "Unfinished": Unfinished, "guards": guards}
    namespace |= {"hold": guards.hold, "fits": fits}
    namespace |= {f"handle{i}": source for i, source in enumerate(sources) if not isinstance(source, int)}
    namespace |= {f"shape{i}": kind[0] for i, kind in enumerate(kinds)}
    namespace |= {f"dtype{i}": kind[1] for i, kind in enumerate(kinds)}
    return unrolled.function("match", text, namespace)


def _lines(
    kinds: Sequence[Kind], grad: bool, sources: Sequence[Any], guards: Guards, fits: Callable[..., bool] | None
) -> Iterator[str]:
    yield from _unless(f"len(args) != {len(kinds)} or mode.grad is not {grad}")
    yield f"{''.join(f'x{i}, ' for i in range(len(kinds)))}= args"
    for i, (_, _, requires, no_gradient) in enumerate(kinds):
        yield from _unless(
            f"not isinstance(x{i}, Tensor) or x{i}._trace is not None or x{i}._requires is not {requires}"
            f" or x{i}._grad {'is not' if no_gradient else 'is'} None"
        )
    quick = "guards.epoch != Epoch.value and " if guards.only_epoch() else ""
    yield from _unless("not fits(args)" if fits else f"{quick}not hold()")
    names = [f"x{source}" if isinstance(source, int) else f"handle{i}" for i, source in enumerate(sources)]
    yield from _unless("Unfinished.changes is not None")
    yield f"buffers = [{', '.join(f'{name}._buffer' for name in names)}]"
    places = {source: place for place, source in enumerate(sources) if isinstance(source, int)}
    for i in range(len(kinds)):
        yield f"b = buffers[{places[i]}]" if i in places else f"b = x{i}._buffer"
        yield from _unless(f"b is None or b.shape != shape{i} or b.dtype is not dtype{i}")
    if len(places) < len(sources):
        yield from _unless("not all(buffers)")
    yield "return buffers"


def _unless(condition: str) -> tuple[str, str]:
    return f"if {condition}:", "    return None"
