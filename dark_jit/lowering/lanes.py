"""How many elements one vector of a kernel has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dark_jit import dtypes
from dark_jit.lowering.kernel import Argument, Body, Constant

SPREAD = 2  # registers that one value may take where arguments are narrower than what is computed from them
LEAST = 4


def lanes(arguments: Sequence[Argument], bodies: Sequence[Body], held: Callable[[int], int]) -> int:
    """A register full of the widest argument, so that it is loaded and stored whole; narrower ones take a part.

    `held` says how many elements of so many bytes the machine holds at once.

    What the bodies compute may be wider (bytes, averaged as floats): it spreads over a few registers at most. Numbers,
    which are the same in all lanes, do not count: a key of int64 must not make floats' vectors short.
    """
    widest = max((itemsize(argument.dtype) for argument in arguments if argument.elements > 1), default=LEAST)
    steps = (step for body in bodies for step in body.steps if not isinstance(step, Constant))
    computed = max((itemsize(step.dtype) for step in steps), default=1)
    return min(held(widest), SPREAD * held(computed))


def fitting(count: int, extent: int) -> int:
    """The lanes halved for as long as one row is not longer than half of them."""
    while count > LEAST and extent <= count // 2:
        count //= 2
    return count


def itemsize(dtype: str) -> int:
    """Bytes of an element in memory."""
    return dtypes.TABLE[dtype].itemsize
