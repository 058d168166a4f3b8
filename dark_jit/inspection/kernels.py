"""One kernel of a program for the CPU, as a person wants to see it: text, machine code, time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from dark_jit.backends.llvm.backend import CompiledKernel
from dark_jit.backends.llvm.listing import Listing, listing
from dark_jit.errors import ArgumentError
from dark_jit.graph.node import Node
from dark_jit.inspection.machine_code import Registers, annotated, registers
from dark_jit.inspection.provenance import Block, LineMap, OriginsOf
from dark_jit.inspection.reasons import Candidate, candidates
from dark_jit.inspection.roofline import roofline
from dark_jit.inspection.timing import Profile
from dark_jit.inspection.view import KernelView
from dark_jit.lowering.schedule import MOST_OPS
from dark_jit.lowering.target import Target


class Kernel(KernelView):
    """A kernel of the CPU backend."""

    def __init__(
        self,
        compiled: CompiledKernel,
        number: int,
        target: Target,
        origins_of: OriginsOf,
        profile: Callable[[], Profile],
        override: Callable[[int, str | None, float], None],
    ) -> None:
        super().__init__(compiled, number, origins_of)
        self._compiled: CompiledKernel = compiled
        self._target = target
        self._profile = profile
        self._override = override

    # With another text

    def override(self, text: str, seconds: float = 10.0) -> None:
        """Run this text in the place of the kernel's own, from the next call of the function on.

        It is first tried in a process of its own, on what the kernel reads at the arguments that the report was made
        with, for at most so many seconds, and held to the reference. Raises OverrideError, with the numbers, where it
        is refused; the kernel is then as before. `report.kernels` has the new kernel. Equal programs of other functions
        are the same program, and get it too.
        """
        if not isinstance(text, str):
            raise ArgumentError(
                f"override takes the kernel's text, a str, got {type(text).__name__}; restore() goes back"
            )
        self._override(self.number, text, seconds)

    def restore(self) -> None:
        """Run the kernel's own text again."""
        self._override(self.number, None, 0.0)

    # Why

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The tiles that the cost model ranked first, for contractions; nothing for other templates."""
        return candidates(self._spec, self._target)

    @property
    def why(self) -> str:
        """The reason, and the cost model's numbers where one decided."""
        return "\n  ".join([self.reason, *map(str, self.candidates)])

    # The text

    @cached_property
    def source(self) -> str:
        """The text with comments that say which node, and which of the user's lines, a passage computes."""
        head = [f"; {self.name}"] + [f";   {self.describe(node)}" for node in self.nodes]
        body = []
        for number, line in enumerate(self.text.splitlines(), 1):
            node = self.meanings.get(number)
            body.append(line if node is None else f"{line}    ; <- {self.describe(node)}")
        return "\n".join([*head, *body]) + "\n"

    @cached_property
    def _map(self) -> LineMap:
        return LineMap(self._compiled)

    @property
    def meanings(self) -> dict[int, Node]:
        """Number of a line of the text, from 1 -> the node whose value is computed there."""
        return self._map.begins

    @cached_property
    def line_map(self) -> dict[int, Node]:
        """For each line of the text's functions, from 1, the node that it computes; loops belong to the lead."""
        return self._map.nodes()

    @cached_property
    def blocks(self) -> list[Block]:
        """The basic blocks of the text, each with its nodes."""
        return self._map.blocks()

    # Machine code

    @property
    def listing(self) -> Listing:
        """IR and assembly, with the line of the text that each of their lines comes from."""
        return listing(self.text, self._target.isa)

    @property
    def ir(self) -> str:
        """The LLVM IR after the passes that ran."""
        return str(self.listing.ir)

    @cached_property
    def asm(self) -> str:
        """The assembly of the machine code; comments name the blocks of the text, and what they compute."""
        names = {number: self._named(block) for block in self.blocks for number in range(block.first, block.last + 1)}
        comment = "//" if self._target.isa == "neon" else "#"
        return annotated(self.listing.asm, comment, lambda line: names.get(line, ""))

    def _named(self, block: Block) -> str:
        computed = "; ".join(map(self.describe, block.nodes[:MOST_OPS]))
        return f"{block.function}, block {block.label}" + (f": {computed}" if computed else "")

    @cached_property
    def registers(self) -> Registers:
        """How many registers the machine code uses, and how often it had to make room."""
        return registers(self.listing.asm, self.text.splitlines())

    # Cost

    @property
    def dtype(self) -> str:
        """The float type whose peak it is held to: float64 where it touches any, else float32."""
        return "float64" if any(argument.dtype == "float64" for argument in self._spec.arguments) else "float32"

    @property
    def workers(self) -> int:
        """How many workers run it."""
        return 1 if self._compiled.task.serial else self._profile().workers

    @property
    def seconds(self) -> float:
        """The time of one run, alone and with its operands in the caches; measured when it is first asked for."""
        return self._profile().kernels[self.number]

    @property
    def share(self) -> float:
        """Which part of the roofline it reaches: 1 is the peak of multiply-adds or the bandwidth of a copy."""
        least = roofline(self._target, self.workers).seconds(self.flops, self.bytes, self.dtype)
        return least / self.seconds

    @property
    def bound(self) -> str:
        """What limits it: 'compute' or 'memory'."""
        return roofline(self._target, self.workers).bound(self.flops, self.bytes, self.dtype)

    def __repr__(self) -> str:
        return f"<Kernel {self.name}: {self.template}>"
