"""One kernel of a compiled program, as a person wants to see it: what it does and where, its text, its machine code."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Any

from dark_jit.backends.llvm.backend import CompiledKernel
from dark_jit.backends.llvm.listing import Listing, listing
from dark_jit.graph import origins
from dark_jit.graph.node import Node
from dark_jit.inspection.machine_code import Registers, annotated, registers
from dark_jit.inspection.provenance import Block, LineMap, OriginsOf
from dark_jit.inspection.reasons import Candidate, candidates
from dark_jit.inspection.roofline import roofline
from dark_jit.inspection.timing import Profile
from dark_jit.lowering.kernel import Apply, Argument, Body, KernelSpec, Load, Store
from dark_jit.lowering.target import Target

MOST_OPS = 4  # operations that a display name spells out
_PLAIN = (int, str, tuple, bool)


class Kernel:
    """What the Report shows of a kernel. All properties are strings or plain values.

    number: its place in the program; nodes: what it computes, the lead first.
    """

    def __init__(
        self,
        compiled: CompiledKernel,
        number: int,
        target: Target,
        origins_of: OriginsOf,
        profile: Callable[[], Profile],
        override: Callable[[int, str | None, float], None],
    ) -> None:
        self.number = number
        self._compiled = compiled
        self._spec: KernelSpec = compiled.task.spec
        self._target = target
        self._origins_of = origins_of
        self._profile = profile
        self._override = override
        self.nodes: tuple[Node, ...] = _nodes(compiled)

    @property
    def template(self) -> str:
        """The template's name: elementwise, gemm, conv2d, ..."""
        return self._spec.template

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """What the template was given: extents, lanes, tile and so on."""
        found = {field.name: getattr(self._spec, field.name) for field in dataclasses.fields(self._spec)}
        return {name: value for name, value in found.items() if name != "arguments" and _is_plain(value)}

    # With another text

    def override(self, text: str, seconds: float = 10.0) -> None:
        """Run this text in the place of the kernel's own, from the next call of the function on.

        It is first tried in a process of its own, on what the kernel reads at the arguments that the report was made
        with, for at most so many seconds, and held to the reference. Raises OverrideError, with the numbers, where it
        is refused; the kernel is then as before. `report.kernels` has the new kernel. Equal programs of other functions
        are the same program, and get it too.
        """
        self._override(self.number, text, seconds)

    def restore(self) -> None:
        """Run the kernel's own text again."""
        self._override(self.number, None, 0.0)

    # Why, and where

    @property
    def reason(self) -> str:
        """Why this template, in these parameters."""
        return self._compiled.task.reason

    @cached_property
    def candidates(self) -> list[Candidate]:
        """The tiles that the cost model ranked first, for contractions; nothing for other templates."""
        return candidates(self._spec, self._target)

    @property
    def why(self) -> str:
        """The reason, and the cost model's numbers where one decided."""
        return "\n  ".join([self.reason, *map(str, self.candidates)])

    @cached_property
    def name(self) -> str:
        """What it does and where: conv2d_add_relu (model.py:35)."""
        names = [self._compiled.task.nest.lead.op.name]
        names += [step.op for step in self._spec.epilogue.steps if isinstance(step, Apply)]
        shown = list(dict.fromkeys([self.template, *names] if self.template == "pack" else names))
        more = "_etc" if len(shown) > MOST_OPS else ""
        where = f" ({self.lines[0]})" if self.lines else ""
        return "_".join(shown[:MOST_OPS]) + more + where

    @cached_property
    def origins(self) -> list[origins.Origin]:
        """The user's lines that it computes, those of the main computation first, with the modules that they called."""
        lead = sorted(self._origins_of(self._compiled.task.nest.lead))
        others = sorted({origin for node in self.nodes for origin in self._origins_of(node)} - set(lead))
        return [*lead, *others]

    @property
    def lines(self) -> list[str]:
        """The user's lines that it computes, as file:line; gradients say so."""
        return list(dict.fromkeys(map(str, self.origins)))

    @property
    def modules(self) -> list[str]:
        """The modules whose calls it computes: Net.layer1.conv."""
        return list(dict.fromkeys(origin.scope for origin in self.origins if origin.scope))

    # The text

    @property
    def text(self) -> str:
        """The executable text: LLVM IR as rendered. Equal kernels have equal text."""
        return self._compiled.rendered.text

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

    def describe(self, node: Node) -> str:
        """A node and the user's lines that it comes from, on one line."""
        where = ", ".join(origins.described(self._origins_of(node)))
        return f"{node.op.name}: {node.dtype.name}[{','.join(map(str, node.shape))}]{'  ' + where if where else ''}"

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
    def flops(self) -> int:
        """Floating-point operations of one run."""
        return self._spec.flops

    @property
    def bytes(self) -> int:
        """Bytes of the buffers that it reads or writes; some kernels are handed more than they touch."""
        touched = {part.argument for part in _parts(self._spec)}
        return sum(self._spec.arguments[number].bytes for number in touched)

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


def _is_plain(value: Any) -> bool:
    return isinstance(value, _PLAIN) and not _holds(value, (Argument, Body, Load))


def _holds(value: Any, kinds: tuple[type, ...]) -> bool:
    return isinstance(value, kinds) or (isinstance(value, tuple) and any(_holds(part, kinds) for part in value))


def _parts(value: Any) -> Iterator[Load | Store]:
    """All loads and stores in a spec."""
    if isinstance(value, Load | Store):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _parts(part)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _parts(getattr(value, field.name))


def _nodes(compiled: CompiledKernel) -> tuple[Node, ...]:
    """The nodes that the kernel computes, leads and members first, then what is computed on the way."""
    nest = compiled.task.nest
    inline: Iterable[Node | None] = (*nest.meanings[0], *nest.meanings[1])
    inputs = set(nest.nodes) - set(nest.roots)
    found = dict.fromkeys(nest.roots)
    found.update(dict.fromkeys(n for n in inline if n is not None and n not in inputs and n.op.kind != "constant"))
    return tuple(found)
