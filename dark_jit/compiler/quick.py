"""The short way for the usual call: Tensors whose values are known, of the kinds that the last such call had."""

from __future__ import annotations

from typing import Any

from dark_jit.compiler.entry import Entry
from dark_jit.tensor.mode import mode
from dark_jit.tensor.tensor import Tensor


class Quick:
    """An entry, and the kinds of Tensors that it was found for: what `signature` would make a key of."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        (_, *self.kinds), _, self.grad = entry.key  # not from the arguments: another thread may have changed them

    @staticmethod
    def of(entry: Entry, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Quick | None:
        """The short way to an entry that was found for these arguments, if there is one."""
        plain = args and not kwargs and all(isinstance(x, Tensor) and x._buffer is not None for x in args)
        return Quick(entry) if plain else None

    def fits(self, args: tuple[Any, ...]) -> bool:
        """Whether these arguments are of the same kinds, and nothing else has changed."""
        if len(args) != len(self.kinds) or mode.grad is not self.grad:
            return False
        for x, (shape, dtype, requires, without_grad) in zip(args, self.kinds):  # noqa: B905  (strict costs 0.1 us)
            if not isinstance(x, Tensor) or x._trace is not None:
                return False
            buffer = x._buffer
            if buffer is None or buffer.dtype is not dtype or buffer.shape != shape:
                return False
            if x._requires is not requires or (x._grad is None) is not without_grad:
                return False
        return self.entry.fits(args)
