"""A Body as C++ statements: loads, a line for each operation, stores; for one element, or several neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dark_jit.backends.cuda.types import Scalar
from dark_jit.lowering import kernel as k

if TYPE_CHECKING:
    from dark_jit.backends.cuda.render import Renderer

Index = Sequence[str]


def is_aligned(access: k.Access, width: int, extent: int) -> bool:
    """Whether `width` neighbours along the last axis are neighbours in memory, the first at a multiple of the width."""
    if access.strides[-1] != 1 or any(number % width for number in (access.offset, *access.strides[:-1])):
        return False
    if not access.valid:
        return True
    low, high = access.valid[-1]
    return max(low, 0) % width == 0 and min(high, extent) % width == 0


class Emitter:
    """One body at one index: an expression for each parallel axis, and for each reduced one where the body has those.

    With a width above 1 the last axis' index is that of the first neighbour, and the statements are a loop over `lane`.
    """

    def __init__(
        self, renderer: Renderer, body: k.Body, index: Index, prefix: str, accumulator: str = "", width: int = 1
    ) -> None:
        self.renderer = renderer
        self.body = body
        self.first = self.index = list(index)
        self.prefix = prefix
        self.accumulator = accumulator
        self.width = width
        if width > 1:
            self.index = [*index[:-1], f"({index[-1]} + lane)"]

    def statements(self) -> str:
        """All of it."""
        if self.width == 1:
            return "\n".join([*self._steps(), *self._stores()])
        loads = [self._vector_load(position) for position in range(len(self.body.steps)) if self._is_vector(position)]
        vectors = [self._vector(number) for number in range(len(self.body.stores))]
        inside = [f"  {line}" for line in (*self._steps(), *self._results())]
        loop = ["#pragma unroll", f"for (int lane = 0; lane < {self.width}; ++lane) {{", *inside, "}"]
        return "\n".join([*loads, *vectors, *loop, *self._vector_stores()])

    def operand(self, position: int) -> str:
        """How later statements name the value of a step."""
        step = self.body.steps[position]
        if isinstance(step, k.Constant):
            return Scalar(step.dtype).literal(step.value)
        if isinstance(step, k.Accumulator):
            return self.accumulator
        return f"{self.prefix}{position}"

    def load(self, step: k.Load) -> str:
        """The expression of a load: 0 where the value is not there."""
        element = f"a{step.argument}[{self.place(step.access)}]"
        checks = self._checks(step.access.valid, self.index)
        return f"{checks} ? {element} : {Scalar(step.dtype).literal('0')}" if checks else element

    def place(self, access: k.Access) -> str:
        """The number of an element in its buffer."""
        return self._sum(list(zip(self.index, access.strides, strict=True)), access.offset)

    # Statements for one element

    def _steps(self) -> list[str]:
        lines = []
        for position, step in enumerate(self.body.steps):
            if not isinstance(step, k.Constant | k.Accumulator):
                name = Scalar(step.dtype).name
                lines.append(f"const {name} {self.prefix}{position} = {self._expression(position, step)};")
        return lines

    def _stores(self) -> list[str]:
        return [
            f"a{store.argument}[{self.place(store.access)}] = {self.operand(store.value)};"
            for store in self.body.stores
        ]

    # Statements for several neighbours

    def _is_vector(self, position: int) -> bool:
        """Whether the step is a load that takes all neighbours in one access."""
        step = self.body.steps[position]
        extent = self.renderer.spec.axes[-1]
        return self.width > 1 and isinstance(step, k.Load) and is_aligned(step.access, self.width, extent)

    def _vector_load(self, position: int) -> str:
        step = self.body.steps[position]
        assert isinstance(step, k.Load)
        source = f"{self.renderer.call('load_vector')}<{self.width}>(&{self._at_first(step.argument, step.access)})"
        checks = self._checks(step.access.valid, self.first)
        if checks:
            source = f"{checks} ? {source} : Vector<{Scalar(step.dtype).name}, {self.width}>{{}}"
        return f"const auto {self.prefix}{position}s = {source};"

    def _vector(self, number: int) -> str:
        self.renderer.call("store_vector")
        value = self._type(self.body.stores[number].value)
        return f"Vector<{value.name}, {self.width}> {self.prefix}s{number};"

    def _results(self) -> list[str]:
        values = (self.operand(store.value) for store in self.body.stores)
        return [f"{self.prefix}s{number}.lane[lane] = {value};" for number, value in enumerate(values)]

    def _vector_stores(self) -> list[str]:
        places = (self._at_first(store.argument, store.access) for store in self.body.stores)
        return [f"store_vector(&{place}, {self.prefix}s{number});" for number, place in enumerate(places)]

    def _at_first(self, argument: int, access: k.Access) -> str:
        """The element of the first neighbour."""
        return f"a{argument}[{self._sum(list(zip(self.first, access.strides, strict=True)), access.offset)}]"

    # Expressions

    def _expression(self, position: int, step: k.Step) -> str:
        match step:
            case k.Load():
                return f"{self.prefix}{position}s.lane[lane]" if self._is_vector(position) else self.load(step)
            case k.Index():
                wide = [f"(long long){name}" for name in self.index]
                return self._sum(list(zip(wide, step.access.strides, strict=False)), step.access.offset)
            case k.Inside():
                return self._checks(step.ranges, self.index) or "true"
            case k.Apply():
                return self._apply(step)
        raise AssertionError(step)

    def _apply(self, step: k.Apply) -> str:
        macro = self.renderer.macro(step.op)
        operands = [self.operand(position) for position in step.operands]
        first = self._type(step.operands[1 if step.op == "where" else 0])
        types = (first, Scalar(step.dtype)) if step.op == "cast" else (first,)
        return str(macro(*types, *operands)).strip()

    def _type(self, position: int) -> Scalar:
        return Scalar(self.body.steps[position].dtype)

    def _sum(self, terms: Sequence[tuple[str, int]], offset: int) -> str:
        """offset + the sum of index * stride."""
        text = ""
        for name, stride in terms:
            if stride and name != "0":
                product = name if abs(stride) == 1 else f"{name} * {abs(stride)}"
                sign = "-" if stride < 0 else ""
                text += f" {sign or '+'} {product}" if text else f"{sign}{product}"
        if offset and text:
            return f"{text} {'-' if offset < 0 else '+'} {abs(offset)}"
        return text or str(offset)

    def _checks(self, ranges: Sequence[tuple[int, int]], index: Index) -> str:
        """The condition that the index lies in the ranges; '' where it always does."""
        checks = []
        for name, extent, (low, high) in zip(index, self.renderer.extents, ranges, strict=False):
            if low > 0:
                checks.append(f"{name} >= {low}")
            if high < extent:
                checks.append(f"{name} < {high}")
        text = " && ".join(checks)
        return f"({text})" if len(checks) > 1 else text
