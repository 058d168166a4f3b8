"""The protocol of a backend: it turns a graph into a program, and a program runs on buffers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from dark_jit.backends.buffer import Buffer
from dark_jit.graph.graph import Graph


class Program(Protocol):
    """A compiled graph. May be run by several threads at once."""

    def run(self, inputs: Sequence[Buffer]) -> list[Buffer]:
        """The graph's outputs, in new buffers. Raises a DarkError where a kernel recorded one; nothing is changed
        then."""
        ...


class Backend(Protocol):
    """Where programs run."""

    name: str

    def compile(
        self, graph: Graph, precision: str = "default", tune: float | None = None, still: tuple[int, ...] = ()
    ) -> Program:
        """The program of a canonical graph (inputs and constants are its only leaves, markers are gone).

        precision: "strict" for sums of just the products that an operation names, "default" for any way whose error
        docs/accuracy.md states; others are for cards. tune: seconds that may be spent on timing kernels in several
        forms (0: just what is known from before); only the CPU's backend does. still: the inputs that are likely to be
        the same buffers at the next run, whose kernels need not run again then.
        """
        ...
